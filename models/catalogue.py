"""What a tenant configures for its cases to refer to."""

from typing import Any
from uuid import UUID

from tortoise import fields

from cases.vocabulary import CaseCategory, ProductKind, ProductState
from models.fields import SortedCharField
from models.row import Row


class Product(Row):
    """Something a customer may have a question about. Families group products and cannot be put on a case."""

    name = SortedCharField(max_length=200)
    kind = fields.CharEnumField(ProductKind, max_length=10, default=ProductKind.PRODUCT)
    state = fields.CharEnumField(ProductState, max_length=10, default=ProductState.DRAFT)
    family: fields.ForeignKeyNullableRelation["Product"] = fields.ForeignKeyField(
        "models.Product", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    family_id: UUID | None

    class Meta:
        unique_together = (("tenant", "name"),)


class Subject(Row):
    """A topic in the tenant's tree of topics."""

    name = SortedCharField(max_length=200)
    parent: fields.ForeignKeyNullableRelation["Subject"] = fields.ForeignKeyField(
        "models.Subject", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    parent_id: UUID | None

    class Meta:
        unique_together = (("tenant", "parent", "name"),)


class CaseType(Row):
    """A kind of case with its own process."""

    name = SortedCharField(max_length=200)
    category = fields.CharEnumField(CaseCategory, max_length=10)
    #: From a status reason to those that may follow it; nothing said means the lifecycle's own table.
    moves: fields.JSONField[dict[str, Any] | None] = fields.JSONField(null=True)
    #: Status reasons that have to be gone through one after the other, none left out.
    sequence: fields.JSONField[list[str] | None] = fields.JSONField(null=True)
    #: What cases of this type go through, in order: `key`, `name`, `required`, `finished_tasks` and `optional` of each.
    stages: fields.JSONField[list[dict[str, Any]]] = fields.JSONField(default=list)
    #: Whether a case is resolved at the last stage only, with all that it asks for.
    resolved_at_last_stage = fields.BooleanField(default=False)
    #: Whether a case is resolved only once its tasks are done: none is completed or canceled along the way.
    resolved_with_tasks_done = fields.BooleanField(default=False)
    active = fields.BooleanField(default=True)
    #: How often it has been saved.
    version = fields.IntField(default=0)

    class Meta:
        unique_together = (("tenant", "name"),)

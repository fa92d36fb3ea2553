"""Merges: which case went into which, and what went with it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields

from models.case import Case
from models.fields import UtcDateTimeField
from models.people import Person
from models.row import Row


class CaseMerge(Row):
    """One case's going into another: the manifest by which it can come back. It is kept when it was undone."""

    #: The case that lives on.
    survivor: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField(
        "models.Case", related_name=False, on_delete=fields.RESTRICT
    )
    survivor_id: UUID
    #: The case that was merged into it.
    loser: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField(
        "models.Case", related_name=False, on_delete=fields.RESTRICT
    )
    loser_id: UUID
    #: The loser as long as it is merged, then null. Unique: a case goes into one other, whoever is how fast.
    merged_case_id = fields.UUIDField(null=True, unique=True)
    merged_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    merged_by_id: UUID | None
    #: The ids of what moved and of what stayed, by table; and how the loser stood.
    manifest: fields.JSONField[dict[str, Any]] = fields.JSONField()
    #: When the loser came back, if it did.
    undone_at: datetime | None = UtcDateTimeField(null=True)
    undone_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    undone_by_id: UUID | None

    class Meta:
        table = "case_merge"
        indexes = (("survivor", "created_at", "id"), ("loser", "created_at", "id"))

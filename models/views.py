"""Saved views: questions about cases that somebody asks every day."""

from typing import Any
from uuid import UUID

from tortoise import fields

from models.fields import SortedCharField
from models.people import Person
from models.row import Row


class SavedView(Row):
    """A filter and an ordering of cases, under a name. Whoever looks through it sees what they may see."""

    name = SortedCharField(max_length=100)
    #: Which cases are meant, in the shape of `CaseWhere`, with columns and keys as they are stored.
    where: fields.JSONField[dict[str, Any]] = fields.JSONField()
    #: In which order they come: a column and a direction each.
    order: fields.JSONField[list[dict[str, str]]] = fields.JSONField(default=list)
    #: Whether colleagues see it too.
    shared = fields.BooleanField(default=False)
    owner: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    owner_id: UUID | None

    class Meta:
        table = "saved_view"
        # unique: a name means one view to its owner; views of nobody (an integration's) are told apart by id
        unique_together = (("tenant", "owner", "name"),)

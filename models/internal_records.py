"""Internal records: what the owner of a case and the administrators keep to themselves."""

from uuid import UUID

from tortoise import fields

from models.case import Case
from models.people import Person
from models.row import Row


class InternalRecord(Row):
    """Something that only whoever owns the case at the time, and the tenant's administrators, can write and read."""

    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("models.Case", related_name=False)
    case_id: UUID
    body = fields.TextField()
    author: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    author_id: UUID | None

    class Meta:
        table = "internal_record"
        indexes = (("case", "created_at", "id"),)

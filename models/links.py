"""Links: what cases are to one another, beside being parts of one another."""

from uuid import UUID

from tortoise import fields

from cases.kinship import CaseLinkKind
from models.case import Case
from models.people import Person
from models.row import Row


class CaseLink(Row):
    """What a case is to another one. The other has a row of its own that says the same from its side."""

    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("models.Case", related_name=False)
    case_id: UUID
    kind = fields.CharEnumField(CaseLinkKind, max_length=16)
    other: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("models.Case", related_name=False)
    other_id: UUID
    #: Why, in the words of whoever linked them.
    note = fields.TextField(default="")
    linked_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    linked_by_id: UUID | None

    class Meta:
        table = "case_link"
        # unique: two who say the same at once say it once
        unique_together = (("case", "other", "kind"),)
        indexes = (("case", "created_at", "id"), ("other", "kind"))

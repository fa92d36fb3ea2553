"""Activities: what is to be done about a case, and what was done."""

from datetime import datetime
from uuid import UUID

from tortoise import fields

from cases.vocabulary import ActivityKind, ActivityState
from models.case import Case
from models.fields import UtcDateTimeField
from models.people import Person
from models.row import Row


class Activity(Row):
    """A task, a call, an e-mail or an appointment about a case. Activities are for the staff: customers see none."""

    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("models.Case", related_name=False)
    case_id: UUID
    kind = fields.CharEnumField(ActivityKind, max_length=12)
    state = fields.CharEnumField(ActivityState, max_length=10, default=ActivityState.OPEN)
    subject = fields.CharField(max_length=200)
    description = fields.TextField(default="")
    #: Until when it is to be done.
    due_at: datetime | None = UtcDateTimeField(null=True)
    #: When it takes place, if it has a time of its own.
    starts_at: datetime | None = UtcDateTimeField(null=True)
    ends_at: datetime | None = UtcDateTimeField(null=True)
    #: Minutes it takes or took, and of these the ones to be charged. They count once it is completed.
    duration_minutes = fields.IntField(default=0)
    billable_minutes = fields.IntField(default=0)
    #: Who is to do it.
    owner: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    owner_id: UUID | None
    created_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    created_by_id: UUID | None
    updated_at = UtcDateTimeField()
    #: When it was completed or canceled.
    ended_at: datetime | None = UtcDateTimeField(null=True)

    class Meta:
        indexes = (
            ("case", "created_at", "id"),
            ("tenant", "state", "due_at", "id"),
            ("tenant", "state", "ended_at", "id"),
            ("tenant", "owner", "state", "due_at", "id"),
        )

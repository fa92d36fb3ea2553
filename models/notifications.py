"""Notifications: what people of the staff are told of cases, and who follows which."""

from datetime import datetime
from uuid import UUID

from tortoise import fields

from cases.notifying import NotificationKind
from models.case import Case
from models.customers import Contact
from models.fields import UtcDateTimeField
from models.indexes import ListIndex
from models.people import Person
from models.row import Row


class CaseFollower(Row):
    """Somebody of the staff who wants to be told what happens to a case."""

    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("models.Case", related_name=False)
    case_id: UUID
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, on_delete=fields.RESTRICT
    )
    person_id: UUID

    class Meta:
        table = "case_follower"
        # unique: who follows twice follows once
        unique_together = (("case", "person"),)
        indexes = (("person", "created_at", "id"),)


class Notification(Row):
    """Something that somebody is told of a case. It is theirs: nobody else sees it."""

    recipient: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, on_delete=fields.RESTRICT
    )
    recipient_id: UUID
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("models.Case", related_name=False)
    case_id: UUID
    #: What it is told for: the key of an event.
    cause = fields.UUIDField()
    #: The number of the event in the case's history.
    event_number = fields.IntField()
    kind = fields.CharEnumField(NotificationKind, max_length=16)
    #: What was said with it, or which promise it is about.
    text = fields.CharField(max_length=500, default="")
    actor_person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    actor_person_id: UUID | None
    actor_contact: fields.ForeignKeyNullableRelation[Contact] = fields.ForeignKeyField(
        "models.Contact", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    actor_contact_id: UUID | None
    read_at: datetime | None = UtcDateTimeField(null=True)

    class Meta:
        # unique: one cause, one notification for each
        unique_together = (("cause", "recipient"),)
        indexes = (
            ("recipient", "created_at", "id"),
            ListIndex(fields=("recipient", "created_at", "id"), null="read_at", name="notification_unread"),
            ("case", "id"),
        )

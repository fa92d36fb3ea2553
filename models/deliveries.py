"""Deliveries: what is sent to customers and to other systems, what it is made from, and what became of it."""

from datetime import datetime
from uuid import UUID, uuid5

from tortoise import fields
from tortoise.models import Model

from cases.notices import Channel, DeliveryState, NoticeTrigger
from cases.vocabulary import StatusReason
from models.case import Case
from models.fields import SortedCharField, UtcDateTimeField, uuid7
from models.row import Row


class NotificationTemplate(Row):
    """What customers are told when something happens to their case, in one language and by one channel."""

    stamping = ("name", "trigger", "status_reason", "channel", "language", "subject", "body", "active")

    name = SortedCharField(max_length=100)
    trigger = fields.CharEnumField(NoticeTrigger, max_length=16)
    #: Of a change of status, the reason it leads to; null for any.
    status_reason = fields.CharEnumField(StatusReason, max_length=24, null=True)
    channel = fields.CharEnumField(Channel, max_length=8)
    #: A language as BCP 47 has it. A contact is told in theirs; who has none, or none that there is, in the first.
    language = fields.CharField(max_length=35, default="en")
    #: Of an e-mail.
    subject = fields.CharField(max_length=200, default="")
    #: The text. Words in double braces, such as {{case.number}}, are replaced.
    body = fields.TextField()
    active = fields.BooleanField(default=True)

    class Meta:
        table = "notification_template"
        unique_together = (("tenant", "name"),)


class Webhook(Row):
    """An address of another system that is told by HTTP what happens to cases."""

    stamping = ("name", "url", "kinds", "channel", "active")

    name = SortedCharField(max_length=100)
    url = fields.CharField(max_length=2000)
    #: Whether it gets events (`WEBHOOK`), or takes text messages for the tenant's customers (`SMS`).
    channel = fields.CharEnumField(Channel, max_length=8, default=Channel.WEBHOOK)
    #: Kinds of events it is told of; none means all.
    kinds: fields.JSONField[list[str]] = fields.JSONField(default=list)
    #: What its requests are signed with; shown once, when it is made.
    secret = fields.CharField(max_length=64)
    #: Whether it may be at an address of the installation's own network, if the installation allows that.
    allow_private = fields.BooleanField(default=False)
    active = fields.BooleanField(default=True)

    class Meta:
        unique_together = (("tenant", "name"),)


class Delivery(Row):
    """Something that is sent to somebody, at least once: receivers tell doubles by its id."""

    #: What it is sent for: the key of an event.
    cause = fields.UUIDField()
    #: To whom: a contact, an account or a webhook, by its key.
    recipient = fields.UUIDField()
    channel = fields.CharEnumField(Channel, max_length=8)
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("models.Case", related_name=False)
    case_id: UUID
    event_number = fields.IntField()
    #: Where it goes: an e-mail address, a telephone number, or the name of a webhook.
    address = fields.CharField(max_length=254)
    subject = fields.CharField(max_length=300, default="")
    #: The text, as it was when it happened.
    body = fields.TextField()
    webhook: fields.ForeignKeyNullableRelation[Webhook] = fields.ForeignKeyField(
        "models.Webhook", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    webhook_id: UUID | None
    state = fields.CharEnumField(DeliveryState, max_length=10, default=DeliveryState.PENDING)
    #: Where it waits for its turn (`lane_of`); null once it was sent or given up.
    lane: UUID | None = fields.UUIDField(null=True)
    #: How often it was tried.
    attempts = fields.IntField(default=0)
    #: When it is tried next. While it is tried, the instant at which others may take it up again.
    due_at = UtcDateTimeField()
    #: What went wrong last, without what the other side said.
    last_error = fields.CharField(max_length=200, null=True)
    sent_at: datetime | None = UtcDateTimeField(null=True)

    class Meta:
        # unique: one delivery for each cause, recipient and channel
        unique_together = (("cause", "recipient", "channel"),)
        indexes = (("lane", "due_at", "id"), ("tenant", "created_at", "id"), ("case", "created_at", "id"))


class DeliveryHold(Model):
    """A lane whose receiver does not take what it is sent: until it does, one delivery at a time tries."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    lane = fields.UUIDField(unique=True)
    #: How many deliveries failed in a row, and since when.
    failures = fields.IntField()
    since = UtcDateTimeField()
    #: When the next one tries; while it does, the instant at which another may.
    held_until = UtcDateTimeField()

    class Meta:
        table = "delivery_hold"


def lane_of(tenant_id: UUID, channel: Channel, webhook_id: UUID | None) -> UUID:
    """The lane of a delivery: a webhook has its own, and so has a tenant for each other channel."""
    return webhook_id or uuid5(tenant_id, channel.value)

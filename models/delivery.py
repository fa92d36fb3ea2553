"""What makes effects happen once: keys of requests, messages to the world outside, and counters."""

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDateTimeField, uuid7
from models.row import Row


class IdempotencyKey(Row):
    """A request that was made with a key, and what it answered; written with its effect or not at all."""

    #: Who sent it: a person, a contact or an API key.
    sender = fields.CharField(max_length=64)
    key = fields.CharField(max_length=255)
    act = fields.CharField(max_length=64)
    #: SHA-256 of the input in canonical JSON, in hex.
    input_hash = fields.CharField(max_length=64)
    #: What was answered, by name: see actions/answers.py.
    answer: fields.JSONField[dict[str, Any]] = fields.JSONField()

    class Meta:
        table = "idempotency_key"
        unique_together = (("tenant", "sender", "key"),)
        indexes = (("created_at",),)


class Outbox(Row):
    """Something to be told outside the transaction that made it true; read in order by `models/outbox.py`."""

    #: Where it stands in the order of writing, and the transaction that wrote it (0 on SQLite, where one writes at a
    #: time): see models/numbering.py.
    position: int | None = fields.BigIntField(null=True, unique=True)
    written_by: int | None = fields.BigIntField(null=True)
    topic = fields.CharField(max_length=64)
    #: What it is about: the id of the case.
    key = fields.UUIDField()
    payload: fields.JSONField[dict[str, Any]] = fields.JSONField()
    attempts = fields.IntField(default=0)
    due_at = UtcDateTimeField()
    done_at: datetime | None = UtcDateTimeField(null=True)

    numbered = True
    given_by_database = ("position", "written_by")

    class Meta:
        table = "outbox"
        indexes = (("done_at", "due_at"), ("tenant", "topic", "position"), ("written_by", "position"))


class OutboxOrigin(Model):
    """Which cluster of PostgreSQL counts the transactions that the outbox is ordered by; one row."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    #: Its system identifier.
    cluster = fields.CharField(max_length=32, unique=True)
    #: Since when the outbox is written there.
    since = UtcDateTimeField()

    class Meta:
        table = "outbox_origin"


class Chore(Model):
    """Something that one of the workers is to do again and again. Whoever moves `next_at` on does it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=32, unique=True)
    next_at = UtcDateTimeField()
    #: Where it goes on, if it was not finished in one go.
    position = fields.CharField(max_length=100, default="")


class Counter(Model):
    """The last number given out. Updating the row is what keeps two cases from getting the same one."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    tenant_id = fields.UUIDField()
    name = fields.CharField(max_length=32)
    value = fields.IntField(default=0)

    class Meta:
        unique_together = (("tenant_id", "name"),)

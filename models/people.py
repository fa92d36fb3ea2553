"""Those who work on cases: a tenant's staff, its teams, and the keys of its machines."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from cases.vocabulary import Role
from models.fields import SortedCharField, UtcDateTimeField, uuid7
from models.row import Row


def new_stamp() -> str:
    return uuid4().hex


class Tenant(Model):
    """An organisation whose data is its own. Nothing is ever shared between two of them."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=200)
    #: Short name used in sign-in and tokens; unique.
    slug = fields.CharField(max_length=63, unique=True)
    #: IANA time zone in which the tenant reads dates.
    zone = fields.CharField(max_length=64, default="UTC")
    settings: fields.JSONField[dict[str, Any]] = fields.JSONField(default=dict)
    #: Another one whenever a row of a table with `stamping` is: see models/stamping.py. The database gives it.
    stamp = fields.CharField(max_length=32, default=new_stamp)
    created_at = UtcDateTimeField()


class Person(Row):
    """A member of staff."""

    name = SortedCharField(max_length=200)
    email = fields.CharField(max_length=254)
    role = fields.CharEnumField(Role, max_length=12)
    #: A person who has left is kept for the history, but can neither sign in nor be assigned.
    active = fields.BooleanField(default=True)

    class Meta:
        unique_together = (("tenant", "email"),)


class Team(Row):
    """People who share work; a case can be assigned to a team before anybody takes it."""

    name = SortedCharField(max_length=200)

    class Meta:
        unique_together = (("tenant", "name"),)


class Membership(Row):
    """A person's place in a team."""

    team: fields.ForeignKeyRelation[Team] = fields.ForeignKeyField("models.Team", related_name=False)
    team_id: UUID
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person", related_name=False)
    person_id: UUID

    class Meta:
        unique_together = (("team", "person"),)


class ApiKey(Row):
    """A key with which a machine signs in. Only a hash of it is kept."""

    name = fields.CharField(max_length=200)
    #: The readable beginning, by which a key is looked up and recognised in a list.
    prefix = fields.CharField(max_length=16, unique=True)
    #: SHA-256 of the whole key, in hex.
    hash = fields.CharField(max_length=64)
    role = fields.CharEnumField(Role, max_length=12, default=Role.INTEGRATION)
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True
    )
    person_id: UUID | None
    scopes: fields.JSONField[list[str]] = fields.JSONField(default=list)
    expires_at: datetime | None = UtcDateTimeField(null=True)
    revoked_at: datetime | None = UtcDateTimeField(null=True)
    last_used_at: datetime | None = UtcDateTimeField(null=True)

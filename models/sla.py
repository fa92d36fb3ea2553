"""Promises about time as tenants define them: calendars and policies, each kept in all its versions."""

from typing import Any
from uuid import UUID

from tortoise import fields

from models.fields import SortedCharField
from models.people import Person
from models.row import Row


class Calendar(Row):
    """Business hours with their holidays, in a time zone. A change makes a new version; clocks keep theirs."""

    name = SortedCharField(max_length=200)
    #: Number of the newest version.
    version = fields.IntField(default=1)
    #: The newest version's hours: `timezone`, `weekly_hours`, `holidays`, or dated `versions` of these.
    spec: fields.JSONField[dict[str, Any]] = fields.JSONField()

    class Meta:
        unique_together = (("tenant", "name"),)


class CalendarVersion(Row):
    """A calendar as it was between two changes. It never changes."""

    calendar: fields.ForeignKeyRelation[Calendar] = fields.ForeignKeyField("models.Calendar", related_name=False)
    calendar_id: UUID
    number = fields.IntField()
    spec: fields.JSONField[dict[str, Any]] = fields.JSONField()
    #: Names the hours themselves, so that a ledger can be checked against them.
    digest = fields.CharField(max_length=64)
    saved_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    saved_by_id: UUID | None

    class Meta:
        table = "calendar_version"
        unique_together = (("calendar", "number"),)


class SlaPolicy(Row):
    """Promises for cases: items in order, the first that applies to a case makes the promise for its KPI."""

    name = SortedCharField(max_length=200)
    description = fields.CharField(max_length=2000, default="")
    #: Only an active policy is applied to cases.
    active = fields.BooleanField(default=False)
    #: Applied to cases for which nobody chose another. At most one per tenant.
    is_default = fields.BooleanField(default=False)
    #: Number of the newest version, 0 before it was first activated.
    version = fields.IntField(default=0)
    #: Items, KPIs and pause rules as they were last saved.
    spec: fields.JSONField[dict[str, Any]] = fields.JSONField()
    #: What went wrong the last time an item was evaluated; the case was served without it.
    fault = fields.CharField(max_length=500, null=True)

    class Meta:
        table = "sla_policy"
        unique_together = (("tenant", "name"),)


class SlaPolicyVersion(Row):
    """A policy and the versions of its calendars, as clocks use them. It never changes."""

    policy: fields.ForeignKeyRelation[SlaPolicy] = fields.ForeignKeyField("models.SlaPolicy", related_name=False)
    policy_id: UUID
    number = fields.IntField()
    spec: fields.JSONField[dict[str, Any]] = fields.JSONField()
    #: From the id of each calendar that the items name to the id of the version they use.
    calendars: fields.JSONField[dict[str, str]] = fields.JSONField(default=dict)

    class Meta:
        table = "sla_policy_version"
        unique_together = (("policy", "number"),)

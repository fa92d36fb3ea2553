"""Clocks as rows: the projection of a case's history that lists, counters and the worker read."""

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.case import Case
from models.fields import UtcDateTimeField
from models.row import Row
from models.sla import CalendarVersion, SlaPolicyVersion
from sla.clock import State


class SlaKpiInstance(Row):
    """How one promise of a case stands: a KPI in one of its cycles.

    Figures are as of `asOf`, the last event of the case that mattered; what the passing of time makes of them is said
    by the fields that are computed when asked.
    """

    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("models.Case", related_name=False)
    case_id: UUID
    kpi = fields.CharField(max_length=100)
    #: 1 for the first measurement of this KPI on the case.
    cycle = fields.IntField()
    #: The item of the policy that made the promise.
    item = fields.CharField(max_length=200)
    policy_version: fields.ForeignKeyRelation[SlaPolicyVersion] = fields.ForeignKeyField(
        "models.SlaPolicyVersion", related_name=False, on_delete=fields.RESTRICT
    )
    policy_version_id: UUID
    #: The id of the item's calendar; null is around the clock.
    calendar_key = fields.CharField(max_length=36, null=True)
    #: The hours it counts in; null is around the clock.
    calendar_version: fields.ForeignKeyNullableRelation[CalendarVersion] = fields.ForeignKeyField(
        "models.CalendarVersion", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    calendar_version_id: UUID | None
    state = fields.CharEnumField(State, max_length=24)
    as_of = UtcDateTimeField()
    #: The instant from which the promise counts.
    applied_from = UtcDateTimeField()
    #: When to warn, and when the promise falls due; null while it is paused and after it ended.
    warn_at: datetime | None = UtcDateTimeField(null=True)
    fail_at: datetime | None = UtcDateTimeField(null=True)
    #: After this instant the promise is broken if nothing happens before.
    breaks_at: datetime | None = UtcDateTimeField(null=True)
    paused_since: datetime | None = UtcDateTimeField(null=True)
    #: Open time in microseconds: promised, run and paused up to `as_of`.
    target_microseconds = fields.BigIntField()
    active_microseconds = fields.BigIntField()
    paused_microseconds = fields.BigIntField()
    succeeded_at: datetime | None = UtcDateTimeField(null=True)
    breached_at: datetime | None = UtcDateTimeField(null=True)
    canceled_at: datetime | None = UtcDateTimeField(null=True)
    #: The next instant at which there is something to announce.
    next_at: datetime | None = UtcDateTimeField(null=True)

    class Meta:
        table = "sla_kpi_instance"
        # unique: one clock per promise, however often it is recomputed
        unique_together = (("case", "kpi", "cycle"),)
        indexes = (
            ("next_at", "id"),
            ("tenant", "fail_at", "id"),
            ("tenant", "state", "fail_at", "id"),
            ("tenant", "applied_from", "id"),
            ("tenant", "succeeded_at", "id"),
            ("tenant", "breached_at", "id"),
        )

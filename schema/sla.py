"""Promises about time: calendars, policies, and the clocks of cases."""

from datetime import date as Day
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import strawberry
from strawberry import ID, UNSET, auto

import models
from cases.vocabulary import Audience, Origin, StatusReason
from schema import clock_figures as figures
from schema.computed import computed
from schema.connections import Connection, children
from schema.countdowns import SlaCountdown
from schema.derived import NAMES, Member, derive_input, required
from schema.enums import public_enum
from schema.mirror import mirrors
from schema.node import Node
from schema.relations import related
from schema.scalars import TimeZone
from schema.sla_views import SlaSegment, ledger_of
from sla.kpis import Reopening
from sla.moments import Signal
from sla.policy import Deed, Unit
from sla.responses import Sender

if TYPE_CHECKING:
    from schema.cases import Case
    from schema.people import Person


@mirrors(models.Calendar, order=("name",))
class Calendar(Node):
    name: auto
    version: auto
    spec: auto
    created_at: auto
    versions: "Connection[CalendarVersion]" = children("calendar", along="number", newest_first=True)


@mirrors(models.CalendarVersion, order=("number",))
class CalendarVersion(Node):
    number: auto
    spec: auto
    digest: auto
    created_at: auto
    calendar: "Calendar | None" = related()
    saved_by: "Person | None" = related()


@mirrors(models.SlaPolicy, order=("name",))
class SlaPolicy(Node):
    name: auto
    description: auto
    active: auto
    is_default: auto
    version: auto
    spec: auto
    fault: auto
    created_at: auto
    versions: "Connection[SlaPolicyVersion]" = children("policy", along="number", newest_first=True)


@mirrors(models.SlaPolicyVersion, order=("number",))
class SlaPolicyVersion(Node):
    number: auto
    spec: auto
    created_at: auto
    policy: "SlaPolicy | None" = related()


_RUN = (
    *("active_microseconds", "succeeded_at", "canceled_at", "paused_since", "as_of"),
    *("policy_version_id", "calendar_key"),
)
"""The columns from which follows how long a clock has run."""


@mirrors(models.SlaKpiInstance, order=("fail_at", "applied_from"))
class SlaKpiInstance(Node):
    kpi: auto
    cycle: auto
    item: auto
    state: auto = computed(lambda row, context: figures.state_now(row, context.now), "state", "breaks_at", "warn_at")
    applied_from: auto
    warn_at: auto
    fail_at: auto
    projected_fail_at: datetime | None = computed(
        figures.projected_fail_at,
        "fail_at",
        "target_microseconds",
        *_RUN,
        description="When it falls due; while paused, when it would if it were resumed now.",
    )
    paused_since: auto
    succeeded_at: auto
    breached_at: auto = computed(
        lambda row, context: figures.breached_at(row, context.now),
        *("breached_at", "state", "fail_at", "breaks_at", "warn_at"),
    )
    canceled_at: auto
    next_at: auto
    next_transition_at: datetime | None = computed(
        lambda row, context: figures.next_transition_at(row, context.now),
        *("state", "breaks_at", "warn_at"),
        description="When its state changes if nothing happens before: at its warning, then at its breach.",
    )
    target: timedelta = computed(
        lambda row, context: timedelta(microseconds=row.target_microseconds),
        "target_microseconds",
        description="The open time promised.",
    )
    active_for: timedelta = computed(figures.active_for, *_RUN, description="The open time that has run.")
    paused_for: timedelta = computed(
        lambda row, context: timedelta(microseconds=row.paused_microseconds),
        "paused_microseconds",
        description="The open time of the pauses that are over.",
    )
    remaining: timedelta = computed(
        figures.remaining,
        "fail_at",
        "target_microseconds",
        *_RUN,
        description="The open time left; negative by how much it was exceeded.",
    )
    overrun: timedelta = computed(
        figures.overrun,
        "fail_at",
        "target_microseconds",
        *_RUN,
        description="By how much open time the promise was exceeded.",
    )
    countdown: SlaCountdown = computed(
        figures.countdown,
        *("state", "warn_at", "breaks_at", "fail_at", "target_microseconds"),
        *_RUN,
        description="What a widget needs to show the clock by itself; `slaTimers` says when there is a new one.",
    )
    ledger: list[SlaSegment] = computed(
        ledger_of,
        "case_id",
        "policy_version_id",
        "kpi",
        "cycle",
        "canceled_at",
        description="Every segment of the clock's life; the running ones add up to `activeFor`.",
    )
    case: "Case | None" = related()
    policy_version: "SlaPolicyVersion | None" = related()
    calendar_version: "CalendarVersion | None" = related()


@strawberry.input(
    description="Open from a time of day until another: `09:00` to `17:30`, or to `06:00` of the next day."
)
class OpenHoursInput:
    from_: str = strawberry.field(name="from")
    to: str

    def plain(self) -> list[str]:
        return [self.from_, self.to]


@strawberry.input(description="The hours of each day of the week; a day left out is closed.")
class WeeklyHoursInput:
    mon: list[OpenHoursInput] | None = UNSET
    tue: list[OpenHoursInput] | None = UNSET
    wed: list[OpenHoursInput] | None = UNSET
    thu: list[OpenHoursInput] | None = UNSET
    fri: list[OpenHoursInput] | None = UNSET
    sat: list[OpenHoursInput] | None = UNSET
    sun: list[OpenHoursInput] | None = UNSET


@strawberry.input(
    description="""A day, or days, unlike the week: a `date` (until `through`), or those of an `rrule` (RFC 5545).

`hours` replace the day's hours, none if left out; `closed` takes away from them instead."""
)
class HolidayInput:
    name: str | None = UNSET
    date: Day | None = UNSET
    through: Day | None = UNSET
    rrule: str | None = UNSET
    start: Day | None = UNSET
    without: list[Day] | None = UNSET
    days: int | None = UNSET
    hours: list[OpenHoursInput] | None = UNSET
    closed: list[OpenHoursInput] | None = UNSET


@strawberry.input(
    description="Hours that hold from the midnight of a date on; those of the first version, for ever before."
)
class DatedHoursInput:
    from_: Day | None = strawberry.field(name="from", default=UNSET)
    weekly_hours: WeeklyHoursInput
    holidays: list[HolidayInput] | None = UNSET


@strawberry.input(
    description="Business hours in a time zone: `weeklyHours` with `holidays`, or dated `versions` of these."
)
class CalendarHoursInput:
    timezone: TimeZone
    weekly_hours: WeeklyHoursInput | None = UNSET
    holidays: list[HolidayInput] | None = UNSET
    versions: list[DatedHoursInput] | None = UNSET


@strawberry.input(description="An amount of open time.")
class SlaDurationInput:
    amount: int
    unit: public_enum(Unit) = Unit.MINUTES  # type: ignore[valid-type]


@strawberry.input(description="A step of escalation: at a percentage of the promise, or at minutes from its end.")
class SlaLevelInput:
    name: str
    deed: public_enum(Deed)  # type: ignore[valid-type]
    percent: int | None = UNSET
    offset_minutes: int | None = UNSET
    to: str | None = UNSET


NAMES |= {
    "CalendarHoursInput": CalendarHoursInput,
    "SlaDurationInput": SlaDurationInput,
    "SlaLevelInput": SlaLevelInput,
    "CaseStatusReason": public_enum(StatusReason),
}

derive_input(
    "SlaItemInput",
    {
        "name": required(str),
        "kpi": required(
            str,
            "`first_response`, `next_response`, `periodic_update`, `resolution`, `requester_wait`, "
            "`agent_work`, `team_handling`, or one of the policy's own.",
        ),
        "fail_after": required("SlaDurationInput"),
        "warn_after": Member("SlaDurationInput | None"),
        "applicable_when": Member("CaseWhere | None", "For which cases it makes a promise; without it, for all."),
        "success_when": Member(
            "CaseWhere | None", "When the promise is kept; without it, the KPI's own signals say so."
        ),
        "pause_when": Member("CaseWhere | None", "When the clock rests; without it, as the KPI or the policy says."),
        "calendar_id": Member(ID | None, "In whose open time it counts; without it, around the clock."),
        "may_pause": Member(bool | None),
        "sticky": Member(bool | None, "Whether the item stays with a case to which it does not apply any more."),
        "levels": Member("list[SlaLevelInput] | None"),
    },
    "One promise. For each KPI the first item that applies to a case makes it.",
)
derive_input(
    "SlaPauseRuleInput",
    {"kpi": required(str), "when": required("CaseWhere")},
    "What pauses a KPI where its items do not say otherwise.",
)
derive_input(
    "SlaKpiInput",
    {
        "name": required(str),
        **{key: Member(list[public_enum(Signal)] | None) for key in ("starts", "stops", "restarts", "cancels")},  # type: ignore[misc]
        "starts_when": Member("CaseWhere | None"),
        "stops_when": Member("CaseWhere | None"),
        "waits": Member("list[CaseStatusReason] | None", "The status reasons that pause it; without it, the policy's."),
        "reopening": Member(public_enum(Reopening) | None),
        "counts_from": Member(
            str | None, "A field with an instant, `followUpAt`, to count from if that is earlier than the signal's own."
        ),
    },
    "A KPI of the policy's own, or a change of one that there is.",
)
derive_input(
    "SlaResponseRuleInput",
    {
        "kpi": required(str),
        "senders": Member(list[public_enum(Sender)] | None),  # type: ignore[misc]
        "audiences": Member(list[public_enum(Audience)] | None),  # type: ignore[misc]
        "channels": Member(list[public_enum(Origin)] | None),  # type: ignore[misc]
    },
    "Which messages answer the customer, for one KPI.",
)

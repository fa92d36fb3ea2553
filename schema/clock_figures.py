"""What the passing of time has made of a stored clock, computed when somebody asks."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from actions.policies import policy_of
from cases.refusals import BadInput
from models.kpi_instances import SlaKpiInstance
from schema.context import Context
from schema.countdowns import SlaCountdown, shown
from sla import countdown as countdowns
from sla.calendar import AROUND_THE_CLOCK, Calendar
from sla.clock import State

_RUNNING = (State.IN_PROGRESS, State.NEARING_NONCOMPLIANCE)


def state_now(row: SlaKpiInstance, now: datetime) -> State:
    """The state at `now`; a worker that is late with its announcement hides nothing."""
    if row.state in (*_RUNNING, State.PAUSED) and row.breaks_at is not None and now > row.breaks_at:
        return State.NONCOMPLIANT  # a deadline set by hand breaks during a pause too
    if row.state not in _RUNNING:
        return row.state
    return State.NEARING_NONCOMPLIANCE if row.warn_at is not None and now >= row.warn_at else row.state


def next_transition_at(row: SlaKpiInstance, now: datetime) -> datetime | None:
    """The warning, then the breach; null for a clock that stands still or has run into both."""
    return min((at for at in (row.warn_at, row.breaks_at) if at is not None and at > now), default=None)


def breached_at(row: SlaKpiInstance, now: datetime) -> datetime | None:
    return row.breached_at or (row.fail_at if state_now(row, now) is State.NONCOMPLIANT else None)


def is_running(row: SlaKpiInstance) -> bool:
    return row.succeeded_at is None and row.canceled_at is None and row.paused_since is None


async def calendar_of(row: SlaKpiInstance, context: Context) -> Calendar:
    """The calendar that the clock runs in."""

    async def load(version_ids: list[UUID]) -> list[Any]:
        return [await policy_of(version_id) for version_id in version_ids]

    policy = await context.loader("policies", load).load(row.policy_version_id)
    return policy.calendars.get(row.calendar_key, AROUND_THE_CLOCK) if row.calendar_key else AROUND_THE_CLOCK


async def active_for(row: SlaKpiInstance, context: Context) -> timedelta:
    """The open time that has run."""
    ran = timedelta(microseconds=row.active_microseconds)
    if not is_running(row):
        return ran
    return ran + (await calendar_of(row, context)).open_time(row.as_of, context.now)


async def remaining(row: SlaKpiInstance, context: Context) -> timedelta:
    """The open time left, negative by how much the promise was exceeded."""
    if row.fail_at is not None and row.succeeded_at is None and row.canceled_at is None:
        calendar = await calendar_of(row, context)
        return calendar.open_time(context.now, row.fail_at) - calendar.open_time(row.fail_at, context.now)
    return timedelta(microseconds=row.target_microseconds) - await active_for(row, context)


async def overrun(row: SlaKpiInstance, context: Context) -> timedelta:
    """By how much open time the promise was exceeded; zero if it was not."""
    return max(-(await remaining(row, context)), timedelta(0))


async def projected_fail_at(row: SlaKpiInstance, context: Context) -> datetime | None:
    """When it falls due; while paused, when it would if it were resumed now."""
    if row.paused_since is None or row.fail_at is not None:
        return row.fail_at
    left = timedelta(microseconds=row.target_microseconds - row.active_microseconds)
    calendar = await calendar_of(row, context)
    try:
        return calendar.after(context.now, left) if left > timedelta(0) else context.now
    except BadInput:  # the calendar stops opening, or the instant lies beyond what it can say
        return None


async def countdown(row: SlaKpiInstance, context: Context) -> SlaCountdown:
    """All that a widget needs to show the clock by itself until something happens to its case."""
    now = context.now
    figures = countdowns.Figures(
        state_now(row, now), await remaining(row, context), row.warn_at, row.fail_at, row.breaks_at
    )
    # as in `sla.countdown`: a deadline set by hand comes closer in a pause as well
    goes_on = is_running(row) or (row.paused_since is not None and row.fail_at is not None and _is_open(row))
    calendar = await calendar_of(row, context) if goes_on else None
    return shown(countdowns.shown(figures, calendar, now))


def _is_open(row: SlaKpiInstance) -> bool:
    return row.succeeded_at is None and row.canceled_at is None

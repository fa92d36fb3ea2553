"""Countdown: what a widget needs to show a clock by itself until something happens.

A widget never asks twice. It gets the time left at an instant of the server's, and the hours in which that time runs:
it ticks through them, stops where they stop and goes on where they go on. State follows from `warn_at` and `breaks_at`.
A new countdown is due when the case changes, and at `valid_until`, where the hours that were sent end.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sla.calendar import Calendar
from sla.clock import Clock, State
from sla.refusals import BeyondHorizon, NeverOpen
from sla.segments import Segment

HOURS_SENT: Final = timedelta(days=14)


@dataclass(frozen=True)
class Countdown:
    """A clock at `at`. `remaining` is open time, negative by how much the promise was exceeded.

    It shrinks within `hours` and nowhere else; there are none if it stands still: in a pause, or after the end.
    `running` says whether it shrinks right now, `running_until` when it next stops, `next_running_from` when it next
    goes on; all three follow from `hours`. Null is never, as far as is known.
    """

    at: datetime
    state: State
    remaining: timedelta
    running: bool
    running_until: datetime | None
    next_running_from: datetime | None
    warn_at: datetime | None
    fail_at: datetime | None
    breaks_at: datetime | None
    hours: tuple[Segment, ...]
    valid_until: datetime | None


def countdown(clock: Clock, at: datetime) -> Countdown:
    """What to send of a clock at `at`."""
    then = clock.as_of(at)
    # A deadline set by hand comes closer in a pause as well.
    stands_still = then.ended is not None or (then.is_paused(at) and then.pinned is None)
    figures = Figures(then.state(at), then.remaining(at), then.warn_at(at), then.fail_at(at), then.breaks_at(at))
    return shown(figures, None if stands_still else then.calendar, at)


@dataclass(frozen=True)
class Figures:
    """How a clock stands at an instant."""

    state: State
    remaining: timedelta
    warn_at: datetime | None
    fail_at: datetime | None
    breaks_at: datetime | None


def shown(figures: Figures, calendar: Calendar | None, at: datetime) -> Countdown:
    """The countdown of a clock with these figures at `at`; it runs in `calendar`, or stands still without one."""
    opening = None if calendar is None else _next_opening(calendar, at)
    until = None if opening is None else opening + HOURS_SENT
    hours = tuple(calendar.periods(opening, until)) if calendar and opening and until else ()
    running = opening == at
    later = hours[1:] if running else hours
    closes = bool(hours) and hours[0].end != until
    return Countdown(
        at=at,
        state=figures.state,
        remaining=figures.remaining,
        running=running,
        running_until=hours[0].end if running and closes else None,
        next_running_from=later[0].start if later else None,
        warn_at=figures.warn_at,
        fail_at=figures.fail_at,
        breaks_at=figures.breaks_at,
        hours=hours,
        valid_until=until,
    )


def _next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    try:
        return calendar.next_opening(at)
    except (NeverOpen, BeyondHorizon):
        return None

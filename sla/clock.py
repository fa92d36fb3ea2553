"""Clocks: how far a promise of a case has run.

A clock is the fold of a case's moments under the policy that holds now: whatever changes, pauses so far are kept, because
they are moments of the case. Nothing here reads the time; `at` says for which instant a figure is wanted.

    running ──pause──▶ paused ──resume──▶ running        due instants are null while paused
       │                  │
       └── fulfilled ─────┴──▶ SUCCEEDED, or NONCOMPLIANT if it took longer than promised
       └── the case ended, or no item holds any more ──▶ CANCELED, unless it was broken before

A promise is broken when its clock ran strictly longer than promised: fulfilled at the due instant is in time. That it
was broken is never taken back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import auto
from functools import cached_property
from typing import Final

from cases.history import Actor
from cases.vocabulary import Word
from sla.calendar import Calendar
from sla.kpis import Kpi
from sla.policy import Duration, Item, Level, Unit

_NOTHING: Final = timedelta(0)


class State(Word):
    """What a clock shows. Outcome and running are separate facts: a broken promise may still be running."""

    IN_PROGRESS = auto()
    NEARING_NONCOMPLIANCE = auto()
    PAUSED = auto()
    SUCCEEDED = auto()
    NONCOMPLIANT = auto()
    CANCELED = auto()


class Outcome(Word):
    """How a measurement ended."""

    FULFILLED = auto()
    DROPPED = auto()


@dataclass(frozen=True)
class Span:
    """A stretch in which the clock ran, or was paused for `reasons`. `end` None lasts still."""

    start: datetime
    end: datetime | None
    reasons: frozenset[str] = frozenset()
    actor: Actor = Actor()
    event: int = 0

    @property
    def is_running(self) -> bool:
        return not self.reasons

    def until(self, at: datetime) -> datetime:
        """Its end, or `at` if that comes first or it has none."""
        return at if self.end is None or at < self.end else self.end


@dataclass(frozen=True)
class End:
    at: datetime
    outcome: Outcome


@dataclass(frozen=True)
class Clock:
    """One measurement: a KPI of a case in one of its cycles, under one item.

    `spans` come in order, without gaps, from the start to the end or until now. `pinned` is a deadline set by hand: it
    replaces the computed due instant and no pause moves it. `announced` is when it was announced as broken, if it was.
    """

    kpi: Kpi
    cycle: int
    item: Item
    calendar: Calendar
    spans: Sequence[Span]
    ended: End | None = None
    pinned: datetime | None = None
    announced: datetime | None = None

    @property
    def started_at(self) -> datetime:
        return self.spans[0].start

    @cached_property
    def target(self) -> timedelta:
        """The open time promised, from the start."""
        return open_time_of(self.item.fail_after, self.started_at, self.calendar)

    @cached_property
    def warning(self) -> timedelta | None:
        """The open time after which to warn."""
        warn_after = self.item.warn_after
        return open_time_of(warn_after, self.started_at, self.calendar) if warn_after else None

    def is_paused(self, at: datetime) -> bool:
        return self.ended is None and not self._span_at(at).is_running

    def active_for(self, at: datetime) -> timedelta:
        """How much open time ran until `at`."""
        return self._open_time((span for span in self.spans if span.is_running), at)

    def paused_for(self, at: datetime) -> timedelta:
        """How much open time the pauses took that were over at `at`."""
        over = (span for span in self.spans if not span.is_running and span.end is not None and span.end <= at)
        return self._open_time(over, at)

    def reaches(self, open_time: timedelta, *, resumed_at: datetime | None = None) -> datetime | None:
        """The earliest instant at which the clock has run for `open_time`; None while a pause keeps it from ever.

        `resumed_at` asks what it would be if a pause that lasts still ended there. None also if it ended before.
        """
        left = open_time
        for span in self.spans:
            if span.is_running:
                ran = None if span.end is None else self.calendar.open_time(span.start, span.end)
                if ran is None or left <= ran:
                    return self.calendar.after(span.start, left)
                left -= ran
            elif span.end is None and resumed_at is not None:
                return self.calendar.after(max(resumed_at, span.start), left)
        return None

    def fail_at(self, at: datetime) -> datetime | None:
        """When the promise falls due, as far as is known at `at`: None when paused or ended before it was."""
        if self.pinned is not None:
            return self.pinned if self.ended is None else None
        return None if self.ended is not None or self.is_paused(at) else self.reaches(self.target)

    def warn_at(self, at: datetime) -> datetime | None:
        """When to warn. A warning that has passed does not move, and is still told during a pause."""
        if self.warning is None or self.ended is not None:
            return None
        if self.pinned is not None:
            return self.calendar.before(self.pinned, max(self.target - self.warning, _NOTHING))
        return self.reaches(self.warning)

    def projected_fail_at(self, at: datetime) -> datetime | None:
        """When it would fall due if a pause ended at `at`; when it falls due, if there is no pause."""
        if self.ended is not None or self.pinned is not None:
            return self.pinned if self.ended is None else None
        return self.reaches(self.target, resumed_at=at)

    def remaining(self, at: datetime) -> timedelta:
        """The open time left; negative by how much it was exceeded."""
        at = self._last(at)
        if self.pinned is not None:
            return self.calendar.open_time(at, self.pinned) - self.calendar.open_time(self.pinned, at)
        return self.target - self.active_for(at)

    def breached_at(self, at: datetime) -> datetime | None:
        """The due instant of a promise that was broken by `at`; it stays once it was announced."""
        if self.announced is not None:
            return self.announced
        if self.remaining(at) >= _NOTHING:
            return None
        return self.pinned or self.reaches(self.target)

    def state(self, at: datetime) -> State:
        if self.breached_at(at) is not None:
            return State.NONCOMPLIANT
        if self.ended is not None and self.ended.at <= at:
            return State.SUCCEEDED if self.ended.outcome is Outcome.FULFILLED else State.CANCELED
        if self.is_paused(at):
            return State.PAUSED
        warn_at = self.warn_at(at)
        return State.NEARING_NONCOMPLIANCE if warn_at is not None and at >= warn_at else State.IN_PROGRESS

    def breaks_at(self, at: datetime) -> datetime | None:
        """The last instant at which the promise still holds if nothing happens; after it, it is broken.

        The due instant, or the next opening if that is a closing: until then no further open time passes.
        """
        due = self.fail_at(at)
        return None if due is None else due if self.calendar.is_open(due) else self.calendar.next_opening(due)

    def level_at(self, level: Level, at: datetime) -> datetime | None:
        """The instant of an escalation level; None while it cannot be said or lies behind the clock's end."""
        if self.ended is not None:
            return None
        if level.percent is not None:
            wanted = self.target * level.percent / 100
        else:
            wanted = self.target + (level.offset or _NOTHING)
        if self.pinned is not None:
            distance = wanted - self.target
            later = distance >= _NOTHING
            return self.calendar.after(self.pinned, distance) if later else self.calendar.before(self.pinned, -distance)
        return self.reaches(max(wanted, _NOTHING))

    def _span_at(self, at: datetime) -> Span:
        return next((span for span in reversed(self.spans) if span.start <= at), self.spans[0])

    def _last(self, at: datetime) -> datetime:
        return at if self.ended is None or at < self.ended.at else self.ended.at

    def _open_time(self, spans: Iterator[Span], at: datetime) -> timedelta:
        last = self._last(at)
        return sum((self.calendar.open_time(span.start, span.until(last)) for span in spans), _NOTHING)


def open_time_of(duration: Duration, start: datetime, calendar: Calendar) -> timedelta:
    """The open time that a duration means when it is counted from `start`.

    Business days are the open time until the same time of day so many open dates later, so that a pause moves their end
    as it moves any other.
    """
    match duration.unit:
        case Unit.MINUTES:
            return timedelta(minutes=duration.amount)
        case Unit.BUSINESS_HOURS:
            return timedelta(hours=duration.amount)
        case Unit.BUSINESS_DAYS:
            return calendar.open_time(start, calendar.after_days(start, duration.amount))

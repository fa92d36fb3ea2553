"""Clocks: how far a promise of a case has run.

A clock is the fold of a case's moments under the policy that holds now: whatever changes, pauses so far are kept,
because they are moments of the case. Nothing here reads the time; `at` says for which instant a figure is wanted, and
what happened after it is not yet known then.

    running ──pause──▶ paused ──resume──▶ running        due instants are null while paused
       │                  │
       └── fulfilled ─────┴──▶ SUCCEEDED, or NONCOMPLIANT if it took longer than promised
       └── the case ended, or no item holds any more ──▶ CANCELED, unless it was broken before

A promise is broken when its clock ran strictly longer than promised: fulfilled at the due instant is in time. That it
was broken is never taken back.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import auto
from functools import cached_property
from typing import Final, ParamSpec

from cases.history import Actor
from cases.vocabulary import Word
from sla.calendar import Calendar
from sla.kpis import Kpi
from sla.policy import Duration, Item, Level, Unit
from sla.refusals import BeyondHorizon, NeverOpen

FOREVER: Final = timedelta(days=366_000)
"""The open time of a promise that cannot fall due, because its calendar stops opening."""

_NOTHING: Final = timedelta(0)

P = ParamSpec("P")


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
    actor: Actor = field(default_factory=Actor)
    event: int = 0

    @property
    def is_running(self) -> bool:
        return not self.reasons

    def until(self, at: datetime) -> datetime:
        """Its end, or `at` if that comes first or it has none."""
        return at if self.end is None or at < self.end else self.end


@dataclass(frozen=True)
class End:
    """When a measurement ended, and how."""

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
        """The open time promised, from the start; `FOREVER` if there will not be so much."""
        return self._meant(self.item.fail_after)

    @cached_property
    def warning(self) -> timedelta | None:
        """The open time after which to warn."""
        warn_after = self.item.warn_after
        return self._meant(warn_after) if warn_after else None

    def as_of(self, at: datetime) -> "Clock":
        """The clock as far as it was known at `at`."""
        known_since = self.spans[-1].start if self.ended is None else self.ended.at
        if known_since <= at:
            return self
        spans = [span for span in self.spans if span.start <= at] or [self.spans[0]]
        return replace(self, spans=(*spans[:-1], replace(spans[-1], end=None)), ended=None)

    def is_paused(self, at: datetime) -> bool:
        then = self.as_of(at)
        return then.ended is None and not then.spans[-1].is_running

    def active_for(self, at: datetime) -> timedelta:
        """How much open time ran until `at`."""
        return self._open_time((span for span in self.spans if span.is_running), at)

    def paused_for(self, at: datetime) -> timedelta:
        """How much open time the pauses took that were over at `at`."""
        over = (span for span in self.spans if not span.is_running and span.end is not None and span.end <= at)
        return self._open_time(over, at)

    def reaches(self, open_time: timedelta, *, resumed_at: datetime | None = None) -> datetime | None:
        """The earliest instant at which the clock has run for `open_time`; None while a pause keeps it from ever.

        `resumed_at` asks what it would be if a pause that lasts still ended there. None also if it ended before, or the
        calendar stops opening before.
        """
        left = open_time
        for span in self.spans:
            if span.is_running:
                ran = None if span.end is None else self.calendar.open_time(span.start, span.end)
                if ran is None or left <= ran:
                    return _found(self.calendar.after, span.start, left)
                left -= ran
            elif span.end is None and resumed_at is not None:
                return _found(self.calendar.after, max(resumed_at, span.start), left)
        return None

    def outlasts(self, open_time: timedelta) -> datetime | None:
        """The last instant at which the clock has run no longer than `open_time`; None as for `reaches`.

        That is when it reaches it, or the opening or resumption after it if that is a closing or a pause.
        """
        left = open_time
        for span in self.spans:
            if span.is_running:
                ran = None if span.end is None else self.calendar.open_time(span.start, span.end)
                if ran is None or left < ran:
                    reached = _found(self.calendar.after, span.start, left)
                    return reached and _found(self.calendar.next_opening, reached)
                left -= ran
        return None

    def fail_at(self, at: datetime) -> datetime | None:
        """When the promise falls due, as far as is known at `at`: None while paused and after the end.

        A deadline set by hand stays in a pause.
        """
        then = self.as_of(at)
        if then.ended is not None or self.pinned is not None:
            return self.pinned if then.ended is None else None
        return None if then.is_paused(at) else then.reaches(self.target)

    def warn_at(self, at: datetime) -> datetime | None:
        """When to warn. A warning that has passed does not move, and is still told during a pause."""
        then = self.as_of(at)
        if self.warning is None or then.ended is not None:
            return None
        if self.pinned is not None:
            return self._from_pin(self.warning - self.target)
        return then.reaches(self.warning)

    def projected_fail_at(self, at: datetime) -> datetime | None:
        """When it would fall due if a pause ended at `at`; when it falls due, if there is no pause."""
        then = self.as_of(at)
        if then.ended is not None or self.pinned is not None:
            return self.pinned if then.ended is None else None
        return then.reaches(self.target, resumed_at=at)

    def remaining(self, at: datetime) -> timedelta:
        """The open time left; negative by how much it was exceeded."""
        at = self._last(at)
        if self.pinned is not None:
            return self.calendar.open_time(at, self.pinned) - self.calendar.open_time(self.pinned, at)
        return self.target - self.active_for(at)

    def breached_at(self, at: datetime) -> datetime | None:
        """The due instant of a promise that was broken by `at`; it stays once it was announced.

        A deadline set by hand is an instant, open or not: whoever is later than it is late.
        """
        if self.announced is not None and self.announced < at:
            return self.announced
        if self.pinned is not None:
            return self.pinned if self._last(at) > self.pinned else None
        return None if self.remaining(at) >= _NOTHING else self.reaches(self.target)

    def state(self, at: datetime) -> State:
        then = self.as_of(at)
        if then.breached_at(at) is not None:
            return State.NONCOMPLIANT
        if then.ended is not None:
            return State.SUCCEEDED if then.ended.outcome is Outcome.FULFILLED else State.CANCELED
        if then.is_paused(at):
            return State.PAUSED
        warn_at = then.warn_at(at)
        return State.NEARING_NONCOMPLIANCE if warn_at is not None and at >= warn_at else State.IN_PROGRESS

    def breaks_at(self, at: datetime) -> datetime | None:
        """The last instant at which the promise still holds if nothing happens; after it, it is broken.

        The due instant, or the next opening if that is a closing: until then no further open time passes.
        """
        then = self.as_of(at)
        if self.pinned is not None:
            return then.fail_at(at)
        return None if then.ended is not None or then.is_paused(at) else then.outlasts(self.target)

    def broke_at(self, at: datetime) -> datetime | None:
        """The last instant at which a promise still held that was broken by `at`; None if it was not."""
        breached_at = self.breached_at(at)
        if breached_at is None or breached_at == self.announced or self.pinned is not None:
            return breached_at
        return self.outlasts(self.target)

    def level_at(self, level: Level, at: datetime) -> datetime | None:
        """The instant of an escalation level; None while it cannot be said or lies behind the clock's end."""
        then = self.as_of(at)
        if then.ended is not None:
            return None
        if level.percent is not None:
            wanted = self.target * level.percent / 100
        else:
            wanted = self.target + (level.offset or _NOTHING)
        if self.pinned is not None:
            return self._from_pin(wanted - self.target)
        return then.reaches(max(wanted, _NOTHING))

    def _meant(self, duration: Duration) -> timedelta:
        try:
            return open_time_of(duration, self.started_at, self.calendar)
        except (NeverOpen, BeyondHorizon):
            return FOREVER

    def _from_pin(self, distance: timedelta) -> datetime | None:
        """So much open time after the deadline set by hand; before it if negative, but not before the start."""
        assert self.pinned is not None
        if distance >= _NOTHING:
            return _found(self.calendar.after, self.pinned, distance)
        before = _found(self.calendar.before, self.pinned, -distance)
        return self.started_at if before is None else max(before, self.started_at)

    def _last(self, at: datetime) -> datetime:
        return at if self.ended is None or at < self.ended.at else self.ended.at

    def _open_time(self, spans: Iterable[Span], at: datetime) -> timedelta:
        last = self._last(at)
        return sum((self.calendar.open_time(span.start, span.until(last)) for span in spans), _NOTHING)


def _found(find: Callable[P, datetime], *args: P.args, **kwargs: P.kwargs) -> datetime | None:
    """What `find` finds; None if the calendar does not open that long. A case must be written all the same."""
    try:
        return find(*args, **kwargs)
    except (NeverOpen, BeyondHorizon):
        return None


def open_time_of(duration: Duration, start: datetime, calendar: Calendar) -> timedelta:
    """The open time that a duration means when it is counted from `start`.

    Business days are the open time until the same time of day so many open dates later, so that a pause moves their end
    as it moves any other. What begins while it is closed begins at the opening: otherwise a day from Saturday night to
    Monday before opening would be over before it began.

    Raises NeverOpen and BeyondHorizon if there are not so many open dates.
    """
    match duration.unit:
        case Unit.MINUTES:
            return timedelta(minutes=duration.amount)
        case Unit.BUSINESS_HOURS:
            return timedelta(hours=duration.amount)
        case Unit.BUSINESS_DAYS:
            opening = calendar.next_opening(start)
            return calendar.open_time(start, calendar.after_days(opening, duration.amount))

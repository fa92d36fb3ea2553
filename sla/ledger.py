"""Ledger: every second of a clock's life, accounted for.

The entries follow one another without gap or overlap from the start of the clock to its end, or to the instant asked
for. What ran adds up to `Clock.active_for`, exactly: nothing else is kept that could disagree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import auto
from typing import Final

from cases.history import Actor
from cases.vocabulary import Word
from sla.clock import Clock, Span
from sla.segments import Kind, Stretch


class EntryKind(Word):
    """What a clock did for a while."""

    RUNNING = auto()
    PAUSED = auto()
    CLOSED = auto()
    HOLIDAY = auto()


@dataclass(frozen=True)
class Entry:
    """A stretch of a clock's life. `open_time` is what of it was open: all of what ran, a part of most pauses.

    `holiday` is its name, `reasons` are those of a pause; `actor` did what began the span, with the case's event of
    this number. `calendar` is the digest of the hours by which it was counted.
    """

    start: datetime
    end: datetime
    kind: EntryKind
    open_time: timedelta
    calendar: str
    actor: Actor
    event: int
    holiday: str = ""
    reasons: tuple[str, ...] = ()


_KINDS: Final = {Kind.OPEN: EntryKind.RUNNING, Kind.CLOSED: EntryKind.CLOSED, Kind.HOLIDAY: EntryKind.HOLIDAY}


def ledger(clock: Clock, at: datetime) -> list[Entry]:
    """All that became of the clock until `at`, in order; nothing if it had not started by then."""
    last = at if clock.ended is None else min(at, clock.ended.at)
    return [entry for span in clock.spans if span.start < last for entry in _entries(clock, span, span.until(last))]


def _entries(clock: Clock, span: Span, end: datetime) -> Iterator[Entry]:
    calendar = clock.calendar
    if span.is_running:
        for stretch in calendar.segments(span.start, end):
            yield _entry(clock, span, stretch)
    else:
        took = calendar.open_time(span.start, end)
        reasons = tuple(sorted(span.reasons))
        yield Entry(span.start, end, EntryKind.PAUSED, took, calendar.digest, span.actor, span.event, reasons=reasons)


def _entry(clock: Clock, span: Span, stretch: Stretch) -> Entry:
    kind = _KINDS[stretch.kind]
    ran = stretch.length if kind is EntryKind.RUNNING else timedelta(0)
    digest = clock.calendar.digest
    return Entry(stretch.start, stretch.end, kind, ran, digest, span.actor, span.event, holiday=stretch.name)

"""Segments: stretches of time as values.

A segment is half-open: it contains its start and not its end. Instants are aware; the calendar hands them out in UTC.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import auto

from cases.vocabulary import Word


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """The time from `start` up to, and without, `end`."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end

    def __and__(self, other: "Segment") -> "Segment | None":
        """The time in both, or None if there is none."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Segment(start, end) if start < end else None


class Kind(Word):
    """What a stretch of time is by the calendar."""

    OPEN = auto()
    CLOSED = auto()
    HOLIDAY = auto()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A segment and what it is by the calendar; `name` is the holiday's, empty for the other kinds."""

    start: datetime
    end: datetime
    kind: Kind
    name: str = ""

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def joined(segments: Iterable[Segment]) -> Iterator[Segment]:
    """The same time in as few segments as possible. `segments` come in order and do not overlap."""
    waiting: Segment | None = None
    for segment in segments:
        if waiting is None:
            waiting = segment
        elif waiting.end == segment.start:
            waiting = Segment(waiting.start, segment.end)
        else:
            yield waiting
            waiting = segment
    if waiting is not None:
        yield waiting


def joined_stretches(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Neighbours of the same kind and name become one. `stretches` come in order and do not overlap."""
    waiting: Stretch | None = None
    for stretch in stretches:
        if waiting is None:
            waiting = stretch
        elif (waiting.end, waiting.kind, waiting.name) == (stretch.start, stretch.kind, stretch.name):
            waiting = Stretch(waiting.start, stretch.end, waiting.kind, waiting.name)
        else:
            yield waiting
            waiting = stretch
    if waiting is not None:
        yield waiting

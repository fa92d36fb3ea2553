"""Weekly hours: what a week looks like on the wall.

A span is wall time counted from midnight of the date on which it begins; it may run past 24 hours into the next
date. Nothing here knows zones or dates.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from sla.refusals import BadCalendar

Path = tuple[str | int, ...]

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT, DAY = timedelta(0), timedelta(days=1)
MOST_SPANS: Final = 12  # a day; keeps a year of segments small

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?|24:00(?::00)?", re.ASCII)


class Span(NamedTuple):
    """Wall time since midnight, from `start` up to `end`. `start` is before 24:00; `end` may lie on the next date."""

    start: timedelta
    end: timedelta


Spans = tuple[Span, ...]
WHOLE_DAY: Final[Spans] = (Span(MIDNIGHT, DAY),)
Week = tuple[Spans, Spans, Spans, Spans, Spans, Spans, Spans]  # Monday first


def read_time(value: object, path: Path) -> timedelta:
    """`"09:00"`, `"09:00:30"` or `"24:00"` as time since midnight.

    Raises BadCalendar for anything else.
    """
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise BadCalendar(f"{value!r:.80} is not a time of day such as “09:00”; the latest is “24:00”.", path=path)
    hours, minutes, seconds = match.groups()
    if hours is None:
        return DAY
    return timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds or 0))


def read_span(value: object, path: Path) -> Span:
    """`["09:00", "17:00"]`; an end that is not after the start lies on the next date: `["22:00", "06:00"]`.

    Raises BadCalendar for an empty span (`["09:00", "09:00"]`: closed, or a whole day?) and for anything that is
    not a pair of times.
    """
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        raise BadCalendar(f"{value!r:.80} is not a pair of times.", path=path)
    start, end = (read_time(time, (*path, side)) for side, time in enumerate(value))
    if start == DAY:
        raise BadCalendar("Opening hours cannot begin at 24:00; write “00:00” on the next day.", path=(*path, 0))
    if start == end:
        raise BadCalendar(
            "Opening hours that end when they begin are empty; a whole day is “00:00” to “24:00”.", path=path
        )
    if end == MIDNIGHT:
        return Span(start, DAY)
    return Span(start, end if start < end else end + DAY)


def read_spans(value: object, path: Path) -> Spans:
    """A list of pairs of times, put in order. They may touch.

    Raises BadCalendar if they overlap, or are too many.
    """
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise BadCalendar(f"{value!r:.80} is not a list of opening hours.", path=path)
    if len(value) > MOST_SPANS:
        raise BadCalendar(f"A day can have up to {MOST_SPANS} intervals.", path=path)
    read = sorted((read_span(pair, (*path, place)), place) for place, pair in enumerate(value))
    for (earlier, _), (later, place) in pairwise(read):
        if later.start < earlier.end:
            raise BadCalendar(f"{shown(later)} overlaps {shown(earlier)}.", path=(*path, place))
    return tuple(span for span, _ in read)


def read_week(value: object, path: Path) -> Week:
    """`{"mon": [["09:00", "17:00"]], …}`; a weekday left out is closed.

    Raises BadCalendar for unknown weekdays and for spans that overlap, also over midnight and from Sunday into
    Monday.
    """
    if not isinstance(value, Mapping):
        raise BadCalendar("Weekly hours are given by weekday: “mon” to “sun”.", path=path)
    for key in value:
        if key not in WEEKDAYS:
            raise BadCalendar(f"{key!r:.40} is not a weekday; they are “mon” to “sun”.", path=(*path, str(key)))
    week = tuple(read_spans(value.get(day, ()), (*path, day)) for day in WEEKDAYS)
    for number, day in enumerate(WEEKDAYS):
        for overhang in overhanging(week[number - 1]):
            for place, span in enumerate(week[number]):
                if span.start < overhang.end:
                    night = f"{WEEKDAYS[number - 1]} is open until {clock(overhang.end)}"
                    raise BadCalendar(f"{shown(span)} overlaps the night before: {night}.", path=(*path, day, place))
    return week  # type: ignore[return-value]  # mypy does not count the members of a generator


def overhanging(spans: Iterable[Span]) -> Spans:
    """What runs past midnight, as wall time of the next date."""
    return tuple(Span(MIDNIGHT, span.end - DAY) for span in spans if span.end > DAY)


def within_day(spans: Iterable[Span]) -> Spans:
    """What lies on the date itself."""
    return tuple(Span(span.start, min(span.end, DAY)) for span in spans)


def union(spans: Iterable[Span]) -> Spans:
    """The same wall time in order, without overlaps or seams."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return tuple(result)


def minus(spans: Spans, taken: Spans) -> Spans:
    """`spans` without what lies in `taken`; both without overlaps."""
    for hole in taken:
        spans = tuple(
            part
            for span in spans
            for part in (Span(span.start, min(span.end, hole.start)), Span(max(span.start, hole.end), span.end))
            if part.start < part.end
        )
    return spans


def clock(time: timedelta) -> str:
    """`09:00`; seconds only where there are any; `24:00` at the end of the day, `06:00` for 30 hours."""
    seconds = int((time - DAY if time > DAY else time).total_seconds())
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{text}:{seconds % 60:02}" if seconds % 60 else text


def shown(span: Span) -> str:
    return f"{clock(span.start)} to {clock(span.end)}"


def written(spans: Spans) -> list[list[str]]:
    """The spans as a specification has them."""
    return [[clock(span.start), clock(span.end)] for span in spans]

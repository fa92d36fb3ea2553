"""Hours: weekly hours and holidays in a zone, laid out on the time line.

On a date with holiday hours those count and nothing else: a night shift of the evening before ends at midnight, and
a shift that would begin on it does not run. Everywhere else a shift belongs to the date on which it begins.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from sla.holidays import Day, Holidays
from sla.segments import Kind, Segment, Stretch
from sla.weekly import DAY, WHOLE_DAY, Spans, Week, minus, overhanging, union, within_day
from sla.zones import offsets

_ONE_DAY: Final = timedelta(days=1)
_YEARS_KEPT: Final = 8


@dataclass(frozen=True, eq=False)
class Hours:
    """When it is open, by wall time in one zone, for ever."""

    zone: ZoneInfo
    week: Week
    holidays: Holidays
    _usual: tuple[Spans, ...] = field(init=False, repr=False)
    _days_in: Callable[[int], Mapping[date, Day]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        usual = tuple(
            union((*overhanging(self.week[number - 1]), *within_day(self.week[number])))
            for number in range(len(self.week))
        )
        object.__setattr__(self, "_usual", usual)
        object.__setattr__(self, "_days_in", lru_cache(maxsize=_YEARS_KEPT)(self._read_days))

    @property
    def is_always_open(self) -> bool:
        """Whether the week has no closed time at all; holidays aside."""
        return all(spans == WHOLE_DAY for spans in self._usual)

    @property
    def last_dated(self) -> date | None:
        """The last date that a dated or ending holiday touches."""
        return max((ends for holiday in self.holidays if (ends := holiday.ends)), default=None)

    @property
    def has_endless_rules(self) -> bool:
        return any(holiday.ends is None for holiday in self.holidays)

    def holiday_on(self, day: date) -> Day | None:
        """What holidays make of this date, None if it is as the week has it."""
        return self._days_in(day.year).get(day)

    def usual(self, day: date) -> Spans:
        """Wall time open on this date by the week alone, the end of a shift from the night before included."""
        return self._usual[day.weekday()]

    def open_on(self, day: date) -> Spans:
        """Wall time open on this date."""
        eve = day - _ONE_DAY
        today, before = self.holiday_on(day), self.holiday_on(eve)
        if today is None and before is None:
            return self._usual[day.weekday()]
        spans = within_day(self._begun_on(day, today))
        if today is None or today.hours is None:
            spans += overhanging(self._begun_on(eve, before))
        closed = (*(today.closed if today else ()), *(overhanging(before.closed) if before else ()))
        return minus(union(spans), union(closed))

    def segments(self, start: datetime, end: datetime) -> Iterator[Segment]:
        """Open time from `start` to `end` (UTC, within one UTC year), in order; neighbours may touch."""
        for first, last, offset in self._offsets(start, end):
            for day, midnight in _dates(first, last, offset):
                for span in self.open_on(day):
                    opens, closes = max(midnight + span.start, first), min(midnight + span.end, last)
                    if opens < closes:
                        yield Segment(opens, closes)

    def stretches(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        """All time from `start` to `end` (UTC, within one UTC year) in order, each stretch with what it is."""
        for first, last, offset in self._offsets(start, end):
            for day, midnight in _dates(first, last, offset):
                for span_start, span_end, kind, name in self._kinds(day):
                    begins, ends = max(midnight + span_start, first), min(midnight + span_end, last)
                    if begins < ends:
                        yield Stretch(begins, ends, kind, name)

    def _kinds(self, day: date) -> list[tuple[timedelta, timedelta, Kind, str]]:
        """The date from midnight to midnight. A day off is all holiday; other holidays are named for the hours
        they take.
        """
        opened = self.open_on(day)
        today, before = self.holiday_on(day), self.holiday_on(day - _ONE_DAY)
        named = today or before
        lost: Spans = ()
        if today is not None and today.hours == ():
            lost = WHOLE_DAY
        elif named is not None:
            lost = minus(self.usual(day), opened)
            if today is not None:
                lost = union((*lost, *minus(within_day(today.closed), opened))) if today.closed else lost
        closed = minus(minus(WHOLE_DAY, opened), lost)
        name = named.name if named else ""
        return sorted([
            *((*span, Kind.OPEN, "") for span in opened),
            *((*span, Kind.HOLIDAY, name) for span in lost),
            *((*span, Kind.CLOSED, "") for span in closed),
        ])  # fmt: skip

    def _begun_on(self, day: date, holiday: Day | None) -> Spans:
        return self.week[day.weekday()] if holiday is None or holiday.hours is None else holiday.hours

    def _offsets(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
        for piece in offsets(self.zone, start.year):
            first, last = max(piece.start, start), min(piece.end, end)
            if first < last:
                yield first, last, piece.offset

    def _read_days(self, year: int) -> dict[date, Day]:
        return self.holidays.days(date(year, 1, 1), date(year, 12, 31))


def _dates(start: datetime, end: datetime, offset: timedelta) -> Iterator[tuple[date, datetime]]:
    """The local dates from `start` to `end`, each with the instant (UTC) that is its midnight by this offset."""
    local = start + offset
    day, midnight = local.date(), local.replace(hour=0, minute=0, second=0, microsecond=0) - offset
    while midnight < end:
        yield day, midnight
        day += _ONE_DAY
        midnight += DAY

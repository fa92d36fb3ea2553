"""Timelines: hours laid out in UTC, year by year.

Years are laid out when they are first asked for and forgotten when there are many; only their totals stay. Whatever is
remembered can be laid out again, so threads need not wait for each other.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final

from sla.hours import Hours
from sla.refusals import BeyondHorizon, NeverOpen
from sla.segments import Segment, joined
from sla.versions import Version
from sla.zones import FIRST_YEAR, LAST_YEAR

HORIZON_YEARS: Final = 200  # how far anything is looked for
SEARCHED_YEARS: Final = 40  # a calendar that recurring holidays keep closed for so long counts as never open
YEARS_KEPT: Final = 32

_NOTHING: Final = timedelta(0)


class Year:
    """A UTC year laid out. `sums[i]` is the open time of the year before `openings[i]`."""

    __slots__ = ("closings", "openings", "sums", "total")

    def __init__(self, segments: Iterable[Segment]) -> None:
        self.openings: list[datetime] = []
        self.closings: list[datetime] = []
        self.sums: list[timedelta] = []
        self.total = _NOTHING
        for segment in segments:
            self.openings.append(segment.start)
            self.closings.append(segment.end)
            self.sums.append(self.total)
            self.total += segment.length

    def until(self, at: datetime) -> timedelta:
        """The open time of the year before `at`, an instant of the year in UTC."""
        place = bisect_right(self.openings, at) - 1
        if place < 0:
            return _NOTHING
        closing = self.closings[place]
        return self.sums[place] + ((at if at < closing else closing) - self.openings[place])

    def within(self, start: datetime, end: datetime) -> Iterator[Segment]:
        """The open time of the year from `start` to `end`."""
        place = max(bisect_right(self.openings, start) - 1, 0)
        while place < len(self.openings) and self.openings[place] < end:
            first, last = max(self.openings[place], start), min(self.closings[place], end)
            if first < last:
                yield Segment(first, last)
            place += 1


class Timeline:
    """All the years of a calendar."""

    def __init__(self, versions: tuple[Version, ...]) -> None:
        """Raises NeverOpen."""
        self._versions: Final = versions
        self._totals: Final[dict[int, timedelta]] = {}
        self.years: Final[dict[int, Year]] = {}
        self.stops_after: Final = self._find_stop()

    def year(self, number: int) -> Year:
        if (year := self.years.get(number)) is not None:
            return year
        if not FIRST_YEAR <= number <= LAST_YEAR:
            raise BeyondHorizon(f"A calendar has no year {number}.")
        year = Year(joined(self.lay_out(number)))
        if len(self.years) >= YEARS_KEPT:
            self.years.clear()
        self.years[number] = year
        self._totals[number] = year.total
        return year

    def total(self, number: int) -> timedelta:
        return total if (total := self._totals.get(number)) is not None else self.year(number).total

    def lay_out(self, number: int) -> Iterator[Segment]:
        for first, last, hours in self.reigns(number):
            yield from hours.segments(first, last)

    def reigns(self, number: int) -> Iterator[tuple[datetime, datetime, Hours]]:
        """Which hours hold when in a UTC year."""
        first, end = datetime(number, 1, 1, tzinfo=UTC), datetime(number + 1, 1, 1, tzinfo=UTC)
        for version, successor in zip(self._versions, (*self._versions[1:], None), strict=True):
            since = max(version.since, first)
            until = min(successor.since, end) if successor else end
            if since < until:
                yield since, until, version.hours

    def hours_at(self, at: datetime) -> Hours:
        return next(version.hours for version in reversed(self._versions) if version.since <= at)

    def later_year(self, number: int, open_time: timedelta) -> tuple[Year, timedelta]:
        """The year in which `open_time` since the beginning of year `number` runs out, and what of it is left by
        then.
        """
        for later in _years_on(number, HORIZON_YEARS + 1):
            if self.stops_after is not None and later > self.stops_after:
                raise NeverOpen(f"This calendar does not open any more after {self.stops_after}.")
            total = self.total(later)
            if open_time <= total:
                return self.year(later), open_time
            open_time -= total
        raise BeyondHorizon(f"That much business time does not pass within {HORIZON_YEARS} years.")

    def earlier_year(self, number: int, left: timedelta) -> tuple[int, timedelta]:
        """The year in which to go on backwards when `left`, below zero, is missing at the beginning of year
        `number`.
        """
        for earlier in _years_back(number - 1, HORIZON_YEARS):
            left += self.total(earlier)
            if left >= _NOTHING:
                return earlier, left
        raise BeyondHorizon(f"So much business time did not pass in the {HORIZON_YEARS} years before.")

    def close(self, opened: datetime) -> datetime | None:
        hours = self._versions[-1].hours
        quiet = None if hours.has_endless_rules or not hours.is_always_open else self.last_change
        for number in _years_on(opened.year, HORIZON_YEARS + 1):
            if quiet is not None and number > quiet:
                return None
            year = self.year(number)
            place = bisect_right(year.openings, opened) - 1
            if place < 0:  # the year begins closed: it was open up to its beginning
                return opened
            opened = year.closings[place]
            if opened.year == number:
                return opened
        return None

    @cached_property
    def last_change(self) -> int:
        """The last year in which a version or rule begins or a dated holiday lies; after it every year is alike."""
        last = self._versions[-1]
        starts = (holiday.recurrence.start for holiday in last.hours.holidays if holiday.recurrence)
        return max(FIRST_YEAR, *(day.year for day in (last.since, last.hours.last_dated, *starts) if day))

    def _find_stop(self) -> int | None:
        """See `stops_after`. Looks at a bounded number of years, once, so that no question ever has to search for
        an end.
        """
        hours = self._versions[-1].hours
        if any(hours.week) and not hours.has_endless_rules:
            return None
        last = min(self.last_change, LAST_YEAR)
        if hours.has_endless_rules and any(self.total(year) for year in _years_on(last + 1, SEARCHED_YEARS)):
            return None
        for year in _years_back(last, HORIZON_YEARS):
            if self.total(year):
                return year
        raise NeverOpen(
            "This calendar never opens.",
            path=("weekly_hours",) if len(self._versions) == 1 else ("versions",),
        )


def _years_on(first: int, count: int) -> range:
    return range(first, min(first + count, LAST_YEAR + 1))


def _years_back(last: int, count: int) -> range:
    return range(last, max(last - count, FIRST_YEAR - 1), -1)

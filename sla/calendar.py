"""Calendars: business time as a function.

A calendar is a monotone, piecewise linear function F from instants to open time. It is laid out one UTC year at a
time (`sla.timeline`), as openings, closings and running sums in UTC; then `open_time(a, b)` is F(b) - F(a) and
`after(start, d)` is F⁻¹(F(start) + d), two binary searches. Sums are timedeltas, which are whole microseconds:
nothing is rounded, and no integer has to be turned into a date again (which would take twice the time).

A calendar never changes; changed hours make a new one (`amended`). It may be used from several threads: what it
remembers can always be laid out again.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Final, Self
from zoneinfo import ZoneInfo

from sla.refusals import BeyondHorizon
from sla.refusals import NeverOpen as NeverOpen  # what `from_spec` raises, for whoever imports that
from sla.segments import Segment, Stretch, joined, joined_stretches
from sla.timeline import HORIZON_YEARS, Timeline
from sla.versions import Version, digest_of, read_versions, written_versions
from sla.weekly import WEEKDAYS
from sla.zones import FIRST_YEAR, LAST_YEAR, instant_of

_NOTHING: Final = timedelta(0)
_ENDLESS: Final = timedelta(days=367 * HORIZON_YEARS)


class Calendar:
    """When it is open. Every instant that goes in is aware, in any zone; every one that comes out is in UTC.

    An instant is open if its wall time lies in the hours of its date, the start included and the end not. An hour
    that daylight saving skips never exists; one that it repeats counts twice.
    """

    def __init__(self, versions: Iterable[Version], name: str = "") -> None:
        """`from_spec` is the usual way in. Raises NeverOpen."""
        self._versions: Final = tuple(versions)
        self._timeline: Final = Timeline(self._versions)
        self._years: Final = self._timeline.years
        self.name: Final = name
        self.stops_after: Final = self._timeline.stops_after
        """The last year with any opening; None, as it should be, if it goes on for ever."""

    @classmethod
    def from_spec(cls, spec: Mapping[str, object]) -> Self:
        """The calendar of a specification.

        `{"timezone", "weekly_hours", "holidays"?, "name"?}`, or instead of the hours `"versions"`: a list of such
        hours, each but the first with `from`, the date whose midnight (in its own zone) it holds from. The first
        reaches back for ever. A version without a time zone has that of the whole. See `sla.weekly` and
        `sla.holidays` for the parts.

        Raises BadCalendar with the path to what cannot be read, NeverOpen if it never opens.
        """
        versions, name = read_versions(spec)
        return cls(versions, name)

    def amended(self, since: date, spec: Mapping[str, object]) -> Self:
        """The calendar that is this one before midnight of `since`, and by `spec` from then on: figures before that
        stay as they are.

        Later versions, if there are any, fall away. Raises BadCalendar and NeverOpen as `from_spec`.
        """
        earlier = [
            version for version in written_versions(self._versions) if str(version.get("from", "")) < since.isoformat()
        ]
        changed = {key: value for key, value in spec.items() if key != "name"} | {"from": since.isoformat()}
        return self.from_spec({"name": spec.get("name", self.name), "versions": [*earlier, changed]})

    @cached_property
    def spec(self) -> dict[str, object]:
        """The specification in its shortest form: `from_spec` of it is this calendar. Fit for JSON; not to be
        changed.
        """
        versions = written_versions(self._versions)
        named: dict[str, object] = {"name": self.name} if self.name else {}
        return named | (versions[0] if len(versions) == 1 else {"versions": versions})

    @cached_property
    def digest(self) -> str:
        """What names this calendar in a ledger: 64 hexadecimal digits, the same for the same rules under whatever
        name.
        """
        return digest_of(self._versions)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"Calendar({self.name or self._versions[-1].hours.zone.key!r}, {self.digest[:8]})"

    def zone_at(self, at: datetime) -> ZoneInfo:
        """The zone that the hours were written in at that instant."""
        return self._timeline.hours_at(_utc(at)).zone

    def date_at(self, at: datetime) -> date:
        """The date on the wall of the calendar's zone."""
        return _utc(at).astimezone(self.zone_at(at)).date()

    def is_open(self, at: datetime) -> bool:
        """Whether `at` is open time."""
        at = _utc(at)
        year = self._timeline.year(at.year)
        place = bisect_right(year.openings, at) - 1
        return place >= 0 and at < year.closings[place]

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        """The open time from `start` to `end`; zero if `end` is not after `start`.

        Raises BeyondHorizon for spans over 200 years.
        """
        start = start if start.tzinfo is UTC else _utc(start)
        end = end if end.tzinfo is UTC else _utc(end)
        if end <= start:
            return _NOTHING
        if (first := start.year) == (last := end.year):
            year = self._years.get(first) or self._timeline.year(first)
            return year.until(end) - year.until(start)
        if last - first > HORIZON_YEARS:
            raise BeyondHorizon(f"Business time is counted over up to {HORIZON_YEARS} years.")
        open_time = (
            self._timeline.year(first).total
            - self._timeline.year(first).until(start)
            + self._timeline.year(last).until(end)
        )
        for number in range(first + 1, last):
            open_time += self._timeline.total(number)
        return open_time

    def after(self, start: datetime, open_time: timedelta) -> datetime:
        """The instant at which `open_time` of opening hours has passed since `start`: the earliest such instant.

        So a promise that exactly fills a day falls due at its close, not at the next opening; and zero gives
        `start`, open or not. Friday 16:30 plus one hour, open Monday to Friday 9 to 17, is Monday 09:30.

        Raises BeyondHorizon if that is more than 200 years away.
        """
        if start.tzinfo is not UTC:
            start = _utc(start)
        if not _NOTHING < open_time < _ENDLESS:
            return _unmoved(start, open_time)
        number = start.year
        year = self._years.get(number) or self._timeline.year(number)
        # `year.until(start)`, written out: this is the engine's most frequent question
        openings = year.openings
        place = bisect_right(openings, start) - 1
        if place >= 0:
            closing = year.closings[place]
            open_time += year.sums[place] + ((start if start < closing else closing) - openings[place])
        if open_time > year.total:
            year, open_time = self._timeline.later_year(number, open_time)
        place = bisect_left(year.sums, open_time) - 1
        return year.openings[place] + (open_time - year.sums[place])

    def before(self, end: datetime, open_time: timedelta) -> datetime:
        """The instant from which `open_time` of opening hours passes until `end`: the latest such instant.

        Zero gives `end`, open or not. Monday 09:30 minus one hour, open Monday to Friday 9 to 17, is Friday 16:30;
        minus half an hour it is Monday 09:00.

        Raises BeyondHorizon if that is more than 200 years back.
        """
        end = _utc(end)
        if not _NOTHING < open_time < _ENDLESS:
            return _unmoved(end, open_time)
        number = end.year
        year = self._timeline.year(number)
        left = year.until(end) - open_time
        if left < _NOTHING:
            number, left = self._timeline.earlier_year(number, left)
            year = self._timeline.year(number)
        place = bisect_right(year.sums, left) - 1
        return year.openings[place] + (left - year.sums[place])

    def after_days(self, start: datetime, days: int, *, at_close: bool = False) -> datetime:
        """The same time of day, so many open dates later (or earlier, below zero); dates without any open time are
        skipped.

        With `at_close` the last closing of that date. Zero days stay on the date of `start`. A time that daylight
        saving skips is read as the first one after the gap.

        Raises BeyondHorizon if there are not so many open dates within 200 years.
        """
        start = _utc(start)
        hours = self._timeline.hours_at(start)
        local = start.astimezone(hours.zone)
        day, step, left = local.date(), (1 if days > 0 else -1), abs(days)
        while left:
            day += timedelta(days=step)
            if abs(day.year - local.year) > HORIZON_YEARS or not FIRST_YEAR < day.year < LAST_YEAR:
                raise BeyondHorizon(f"Business days are counted over up to {HORIZON_YEARS} years.")
            left -= bool(self._day(day, hours.zone))
        if at_close:
            return max((segment.end for segment in self._day(day, hours.zone)), default=start)
        return instant_of(datetime.combine(day, local.timetz()))

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself if it is open, else the next instant that is."""
        at = _utc(at)
        year = self._timeline.year(at.year)
        place = bisect_right(year.openings, at)
        if place and at < year.closings[place - 1]:
            return at
        if place < len(year.openings):
            return year.openings[place]
        found, _ = self._timeline.later_year(at.year, year.total + timedelta.resolution)
        return found.openings[0]

    def previous_close(self, at: datetime) -> datetime:
        """`at` itself if it was open until then, else the last close before it.

        Raises BeyondHorizon if there is none within 200 years.
        """
        at = _utc(at)
        year = self._timeline.year(at.year)
        place = bisect_left(year.openings, at) - 1
        if place >= 0:
            return min(at, year.closings[place])
        number, _ = self._timeline.earlier_year(at.year, -timedelta.resolution)
        return self._timeline.year(number).closings[-1]

    def close_of(self, at: datetime) -> datetime | None:
        """When it closes: the end of the open time around `at`, or else of the next; None if it then never closes
        again.
        """
        return self._timeline.close(self.next_opening(at))

    def next_change(self, at: datetime) -> datetime | None:
        """The next instant after `at` at which it opens or closes, None if it never closes again."""
        return self.close_of(at) if self.is_open(at) else self.next_opening(at)

    def periods(self, start: datetime, end: datetime) -> Iterator[Segment]:
        """The open time from `start` to `end`, in order, in as few segments as possible."""
        start, end = _utc(start), _utc(end)
        return joined(
            part
            for number in range(start.year, end.year + 1)
            for part in self._timeline.year(number).within(start, end)
        )

    def segments(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        """All the time from `start` to `end`, in order and without a hole: what is open, closed, or taken by which
        holiday.

        A day off is holiday from midnight to midnight, even where the week would have been closed; a holiday with
        other hours is named for the hours that it takes away. The open stretches add up to `open_time(start, end)`.
        """
        start, end = _utc(start), _utc(end)
        return joined_stretches(
            stretch
            for number in range(start.year, end.year + 1)
            for first, last, hours in self._timeline.reigns(number)
            if max(first, start) < min(last, end)
            for stretch in hours.stretches(max(first, start), min(last, end))
        )

    def holiday_on(self, day: date) -> str | None:
        """The name of the holiday on that date, None if it is as the week has it. An unnamed one is called
        “Holiday”.
        """
        versions = reversed(self._versions)
        hours = next(version.hours for version in versions if version.since_date is None or version.since_date <= day)
        found = hours.holiday_on(day)
        return found.name if found else None

    def _day(self, day: date, zone: ZoneInfo) -> list[Segment]:
        """The open time of a date."""
        start, end = (
            instant_of(datetime.combine(each, datetime.min.time(), zone)) for each in (day, day + timedelta(days=1))
        )
        return list(self.periods(start, end))


def _utc(at: datetime) -> datetime:
    if at.tzinfo is UTC:
        return at
    if at.utcoffset() is None:
        raise ValueError(f"{at!r} has no zone, so it is not an instant")
    return at.astimezone(UTC)


def _unmoved(at: datetime, open_time: timedelta) -> datetime:
    """What `after` and `before` answer where there is nothing to search: `at` for zero."""
    if open_time < _NOTHING:
        raise ValueError("business time runs forwards in `after` and backwards in `before`: it cannot be negative")
    if open_time >= _ENDLESS:
        raise BeyondHorizon(f"That much business time does not pass within {HORIZON_YEARS} years.")
    return at


AROUND_THE_CLOCK: Final = Calendar.from_spec(
    {"name": "24x7", "timezone": "UTC", "weekly_hours": {day: [["00:00", "24:00"]] for day in WEEKDAYS}}
)
"""Always open: the calendar of a promise that names none."""

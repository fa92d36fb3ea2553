"""Holidays: dates that are not as the week has them.

A holiday speaks for wall time, in one of two ways. `hours` replace the weekday's: no hours, which is the usual
holiday, means that nothing is open on that date and no shift begins on it. `closed` takes spans away from the hours
that the date has otherwise.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sla.recurrence import Recurrence, read_recurrence
from sla.refusals import BadCalendar
from sla.weekly import DAY, MIDNIGHT, WHOLE_DAY, Path, Span, Spans, read_spans, union, written
from sla.zones import FIRST_YEAR, LAST_YEAR

MOST_HOLIDAYS: Final = 5_000
MOST_RULES: Final = 100
MOST_DAYS: Final = 366
MOST_WITHOUT: Final = 1_000
LONGEST_NAME: Final = 200

UNNAMED: Final = "Holiday"

_SHAPES: Final = (
    ({"date"}, {"through", "name", "hours", "closed"}),
    ({"rrule"}, {"start", "without", "days", "name", "hours", "closed"}),
    ({"from", "to"}, {"name"}),
)


class Day(NamedTuple):
    """What holidays make of one date."""

    hours: Spans | None
    """The hours instead of the weekday's; None leaves those."""
    closed: Spans
    """Taken away from the hours; may run into the next date."""
    name: str


@dataclass(frozen=True)
class Holiday:
    """One entry of a calendar: dates from `first` to `last`, or by a rule and then `days` long."""

    name: str
    hours: Spans | None
    closed: Spans = ()
    first: date | None = None
    last: date | None = None
    recurrence: Recurrence | None = None
    days: int = 1

    @property
    def ends(self) -> date | None:
        """A date after which it changes nothing; None if it comes back for ever."""
        last = self.recurrence.last if self.recurrence else self.last
        return None if last is None or last.year > LAST_YEAR else last + timedelta(days=self.days)

    @property
    def is_day_off(self) -> bool:
        """Whether it closes whole dates."""
        return self.hours == () or WHOLE_DAY[0] in self.closed

    def dates(self, first: date, last: date) -> Iterable[date]:
        """Its dates from `first` to `last`, both included."""
        if self.recurrence:
            begins = self.recurrence.dates(first - timedelta(days=self.days - 1), last)
            every = (begin + timedelta(days=number) for begin in begins for number in range(self.days))
            return (day for day in every if first <= day <= last)
        assert self.first is not None  # one or the other
        assert self.last is not None
        begin, end = max(first, self.first), min(last, self.last)
        return (begin + timedelta(days=number) for number in range((end - begin).days + 1))

    def written(self) -> dict[str, object]:
        """The entry in its shortest form; two entries that say the same in the same way are written alike."""
        entry: dict[str, object] = {}
        if self.recurrence:
            entry["rrule"] = self.recurrence.rule
            if self.recurrence.start:
                entry["start"] = self.recurrence.start.isoformat()
            if self.recurrence.without:
                entry["without"] = sorted(day.isoformat() for day in self.recurrence.without)
            if self.days > 1:
                entry["days"] = self.days
        elif self.first and self.last:
            entry["date"] = self.first.isoformat()
            if self.last > self.first:
                entry["through"] = self.last.isoformat()
        if self.name != UNNAMED:
            entry["name"] = self.name
        if self.hours:
            entry["hours"] = written(self.hours)
        if self.closed:
            entry["closed"] = written(self.closed)
        return entry


@dataclass(frozen=True)
class Holidays:
    """All holidays of a calendar. A dated one speaks before any rule, so that an exception can be written down as
    such.
    """

    dated: tuple[Holiday, ...] = ()
    recurring: tuple[Holiday, ...] = ()

    def days(self, first: date, last: date) -> dict[date, Day]:
        """What becomes of the dates from `first` to `last`; a date that is as the week has it is left out."""
        found: dict[date, Day] = {}
        for holiday in self.dated:
            for day in holiday.dates(first, last):
                found[day] = _both(found.get(day), holiday)
        spoken_for = frozenset(found)
        for holiday in self.recurring:
            for day in holiday.dates(first, last):
                if day not in spoken_for:
                    found[day] = _both(found.get(day), holiday)
        return found

    def __iter__(self) -> Iterator[Holiday]:
        yield from self.dated
        yield from self.recurring


def _both(earlier: Day | None, holiday: Holiday) -> Day:
    if earlier is None:
        return Day(holiday.hours, holiday.closed, holiday.name)
    hours = holiday.hours if earlier.hours is None else earlier.hours
    return Day(
        hours, union((*earlier.closed, *holiday.closed)), holiday.name if earlier.name == UNNAMED else earlier.name
    )


def read_holidays(value: object, path: Path) -> Holidays:
    """The holidays of a specification: dates, or mappings in one of three shapes.

    `{"date", "through"?}` · `{"rrule", "start"?, "without"?, "days"?}` · `{"from", "to"}` (wall time,
    `2026-12-24T13:00`); the first two may have `hours` or `closed`, all may have a `name`. `through` is included,
    `to` is not.

    Raises BadCalendar for anything else, and if one date is given two different hours.
    """
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise BadCalendar("Holidays are a list.", path=path)
    if len(value) > MOST_HOLIDAYS:
        raise BadCalendar(f"A calendar can have up to {MOST_HOLIDAYS} holidays.", path=path)
    dated: list[Holiday] = []
    recurring: list[Holiday] = []
    hours_of: dict[date, Spans] = {}
    for place, entry in enumerate(value):
        for holiday in read_holiday(entry, (*path, place)):
            if holiday.recurrence:
                recurring.append(holiday)
                continue
            dated.append(holiday)
            if holiday.hours is None:
                continue
            for day in holiday.dates(date.min, date.max):
                if hours_of.setdefault(day, holiday.hours) != holiday.hours:
                    raise BadCalendar(f"{day} is given twice, with different hours.", path=(*path, place))
    if len(recurring) > MOST_RULES:
        raise BadCalendar(f"A calendar can have up to {MOST_RULES} recurring holidays.", path=path)
    return Holidays(tuple(dated), tuple(recurring))


def read_holiday(entry: object, path: Path) -> tuple[Holiday, ...]:
    """One entry. A span of wall time over several dates becomes several holidays.

    Raises BadCalendar if it has none of the shapes.
    """
    if isinstance(entry, str | date) and not isinstance(entry, datetime):
        entry = {"date": str(entry)}
    if not isinstance(entry, Mapping):
        raise BadCalendar(f"{entry!r:.80} is not a holiday.", path=path)
    keys = {*entry}
    required, optional = next((shape for shape in _SHAPES if shape[0] & keys), ({"date"}, set[str]()))
    if missing := sorted(required - keys):
        raise BadCalendar(
            f"A holiday has a date, a recurrence rule, or from and to; “{missing[0]}” is missing.", path=path
        )
    if unknown := sorted(str(key) for key in keys - required - optional):
        raise BadCalendar(f"“{unknown[0]:.40}” does not go with “{min(required)}”.", path=(*path, unknown[0]))
    if "hours" in entry and "closed" in entry:
        raise BadCalendar("A holiday has other hours, or is closed for a while; not both.", path=(*path, "closed"))

    name = entry.get("name") or UNNAMED
    if not isinstance(name, str) or len(name) > LONGEST_NAME:
        raise BadCalendar(f"The name of a holiday has up to {LONGEST_NAME} characters.", path=(*path, "name"))
    closed = union(read_spans(entry["closed"], (*path, "closed"))) if "closed" in entry else ()
    hours = None if closed else read_spans(entry.get("hours", ()), (*path, "hours"))
    if "closed" in entry and not closed:
        raise BadCalendar("“closed” lists when it is closed; for the whole day leave it out.", path=(*path, "closed"))
    if "rrule" in entry:
        return (_recurring(entry, path, name, hours, closed),)
    if "from" in entry:
        return tuple(_span_of_wall_time(entry, path, name))
    first = read_date(entry["date"], (*path, "date"))
    last = read_date(entry.get("through", first), (*path, "through"))
    if not 0 <= (last - first).days < MOST_DAYS:
        raise BadCalendar(f"A holiday ends on or after its date, and within {MOST_DAYS} days.", path=(*path, "through"))
    return (Holiday(name, hours, closed, first, last),)


def _recurring(entry: Mapping[str, object], path: Path, name: str, hours: Spans | None, closed: Spans) -> Holiday:
    start = read_date(entry["start"], (*path, "start")) if "start" in entry else None
    without = entry.get("without", ())
    if not isinstance(without, Sequence) or isinstance(without, str) or len(without) > MOST_WITHOUT:
        raise BadCalendar(f"“without” is a list of up to {MOST_WITHOUT} dates.", path=(*path, "without"))
    left_out = [read_date(day, (*path, "without", place)) for place, day in enumerate(without)]
    days = entry.get("days", 1)
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= MOST_DAYS:
        raise BadCalendar(f"A holiday lasts from 1 to {MOST_DAYS} days.", path=(*path, "days"))
    recurrence = read_recurrence(entry["rrule"], (*path, "rrule"), start, left_out)
    return Holiday(name, hours, closed, recurrence=recurrence, days=days)


def _span_of_wall_time(entry: Mapping[str, object], path: Path, name: str) -> Iterable[Holiday]:
    start, end = (_read_wall_time(entry[side], (*path, side)) for side in ("from", "to"))
    if not timedelta(0) < end - start <= timedelta(days=MOST_DAYS):
        raise BadCalendar(f"A holiday ends after it begins, and within {MOST_DAYS} days.", path=(*path, "to"))
    day = start.date()
    while (midnight := datetime(day.year, day.month, day.day)) < end:  # noqa: DTZ001  # wall time has no zone here
        span = Span(max(start - midnight, MIDNIGHT), min(end - midnight, DAY))
        yield Holiday(name, None, (span,), day, day)
        day += DAY


def read_date(value: object, path: Path) -> date:
    """`"2026-12-25"`.

    Raises BadCalendar for anything else, and for years that calendars do not reach.
    """
    try:
        if isinstance(value, datetime) or not isinstance(value, str | date):
            raise ValueError(value)
        day = value if isinstance(value, date) else date.fromisoformat(value)
    except ValueError as refused:
        raise BadCalendar(f"{value!r:.80} is not a date such as “2026-12-25”.", path=path) from refused
    if not FIRST_YEAR < day.year < LAST_YEAR:
        raise BadCalendar(f"A calendar has no year {day.year}.", path=path)
    return day


def _read_wall_time(value: object, path: Path) -> datetime:
    try:
        if not isinstance(value, str) or (at := datetime.fromisoformat(value)).tzinfo or at.microsecond:
            raise ValueError(value)
    except ValueError as refused:
        raise BadCalendar(f"{value!r:.80} is not wall time such as “2026-12-24T13:00”.", path=path) from refused
    read_date(at.date(), path)
    return at

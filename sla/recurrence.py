"""Recurrence: dates that come back by a rule (RFC 5545 §3.3.10), such as the last Monday of May.

A rule is a question put to a date, asked of one year at a time. dateutil's `rrule`, which the tests hold this
against, walks on from its start to the next match instead: a rule that never matches (30 February) keeps it busy
until the year 9999, whatever UNTIL says. Rules by the hour, minute or second are refused; a holiday is a date.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, timedelta
from itertools import groupby
from typing import Final

from dateutil.easter import easter

from sla.refusals import BadCalendar
from sla.weekly import Path

LONGEST_RULE: Final = 500  # characters
LARGEST_INTERVAL: Final = 100
MOST_COUNTED: Final = 1000
COUNTED_WITHIN_YEARS: Final = 100  # a COUNT is cut short there

_FREQUENCIES: Final = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BOUNDS: Final = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366, "BYEASTER": 250}
_PARTS: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_BOUNDS})
_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(T[0-9]{6}Z?)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,6}", re.ASCII)
_WEEKDAY = re.compile(rf"([+-]?[0-9]{{1,2}})?({'|'.join(_DAYS)})", re.ASCII)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """Which dates a rule holds on. Numbers below zero count from the end. Empty sets ask nothing.

    `start` is the first possible date; a rule without one means the same in every year.
    """

    rule: str
    start: date | None
    freq: str
    interval: int = 1
    wkst: int = 0
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    weeks: frozenset[int] = frozenset()
    easter_days: frozenset[int] = frozenset()
    weekdays: frozenset[tuple[int, int]] = frozenset()
    """(which, weekday): 0 for every, 2 for the second, -1 for the last of the month or year."""
    positions: frozenset[int] = frozenset()
    until: date | None = None
    without: frozenset[date] = frozenset()
    counted: frozenset[date] | None = field(default=None, repr=False)
    """All dates of a rule with a COUNT."""

    @property
    def last(self) -> date | None:
        """A date after which the rule never holds; None if it goes on for ever."""
        if self.counted is not None:
            return max(self.counted, default=self.start)
        return self.until

    def dates(self, first: date, last: date) -> Iterator[date]:
        """The dates from `first` to `last`, both included, in order."""
        return (day for day in self._all(first, last) if day not in self.without)

    def _all(self, first: date, last: date) -> Iterator[date]:
        if self.counted is not None:
            yield from (day for day in sorted(self.counted) if first <= day <= last)
            return
        first, last = max(first, self.start or first), min(last, self.until or last)
        for year in range(first.year, last.year + 1):
            yield from (day for day in self._of_year(year) if first <= day <= last)

    def _of_year(self, year: int) -> Iterator[date]:
        if not self.positions:
            yield from filter(self._holds, self._days(year))
            return
        # A week over New Year is one period: look at it whole.
        days = [*self._days(year - 1, from_december=True), *self._days(year), *self._days(year + 1, to_january=True)]
        for _, group in groupby(filter(self._holds, days), self._period):
            period = list(group)
            places = {place - 1 if place > 0 else len(period) + place for place in self.positions}
            yield from (day for place, day in enumerate(period) if place in places and day.year == year)

    def _days(self, year: int, *, from_december: bool = False, to_january: bool = False) -> Iterator[date]:
        if not MINYEAR <= year <= MAXYEAR:
            return
        day = date(year, 12, 25) if from_december else date(year, 1, 1)
        last = date(year, 1, 7) if to_january else date(year, 12, 31)
        for number in range(day.toordinal(), last.toordinal() + 1):
            day = date.fromordinal(number)
            if not self.months or day.month in self.months:
                yield day

    def _period(self, day: date) -> int:
        """The number of the year, month, week or day that the rule counts in."""
        match self.freq:
            case "YEARLY":
                return day.year
            case "MONTHLY":
                return day.year * 12 + day.month
            case "WEEKLY":
                return (day.toordinal() - 1 - self.wkst) // 7
            case _:
                return day.toordinal()

    def _holds(self, day: date) -> bool:
        """Whether the rule, leaving positions aside, holds on this date (its month is checked already)."""
        if self.interval > 1 and self.start and (self._period(day) - self._period(self.start)) % self.interval:
            return False
        if self.month_days and not self.month_days & {day.day, day.day - 1 - _month_length(day)}:
            return False
        if self.weekdays and not any(
            day.weekday() == weekday and self._is_the(which, day) for which, weekday in self.weekdays
        ):
            return False
        if self.year_days and not self.year_days & {_year_day(day), _year_day(day) - 1 - _year_length(day.year)}:
            return False
        if self.weeks and not self.weeks & self._week_numbers(day):
            return False
        return not self.easter_days or (day - easter(day.year)).days in self.easter_days

    def _is_the(self, which: int, day: date) -> bool:
        if which == 0:
            return True
        of_year = (
            self.freq == "YEARLY" and not self.months
        )  # RFC 5545: BYDAY counts in the month as soon as months are named
        number, length = (_year_day(day), _year_length(day.year)) if of_year else (day.day, _month_length(day))
        return which == ((number - 1) // 7 + 1 if which > 0 else -((length - number) // 7 + 1))

    def _week_numbers(self, day: date) -> set[int]:
        """Both numbers of the week of this date; the first week of a year has four days in it (RFC 5545, ISO
        8601).
        """
        middle = day + timedelta(days=3 - (day.weekday() - self.wkst) % 7)
        number = (_year_day(middle) - 1) // 7 + 1
        return {number, -((_year_length(middle.year) - _year_day(middle)) // 7 + 1)}


def _year_day(day: date) -> int:
    return day.timetuple().tm_yday


def _year_length(year: int) -> int:
    return _year_day(date(year, 12, 31))


def _month_length(day: date) -> int:
    return (day.replace(day=28) + 4 * _DAY).replace(day=1).toordinal() - day.replace(day=1).toordinal()


def read_recurrence(rule: object, path: Path, start: date | None = None, without: Iterable[date] = ()) -> Recurrence:
    """The rule of a specification, with its first possible date and the dates taken out of it.

    Raises BadCalendar if it is not a rule of dates, or if it needs a start that it does not have: `FREQ=YEARLY`
    alone comes back on the date of its start, and every second year counts from one.

    The start is no date of its own if the rule does not hold there (RFC 5545 leaves that case undefined).
    """
    parts = _parts(rule, path)
    if parts.get("FREQ") not in _FREQUENCIES:
        raise BadCalendar("A holiday comes back YEARLY, MONTHLY, WEEKLY or DAILY (FREQ).", path=path)
    freq, interval = parts["FREQ"], _number(parts.get("INTERVAL", "1"), "INTERVAL", LARGEST_INTERVAL, path)
    if interval < 1:
        raise BadCalendar(f"INTERVAL goes from 1 to {LARGEST_INTERVAL}.", path=path)
    if parts.get("WKST", "MO") not in _DAYS:
        raise BadCalendar("WKST is a weekday, MO to SU.", path=path)
    if "COUNT" in parts and "UNTIL" in parts:
        raise BadCalendar("A recurrence rule ends by COUNT or by UNTIL, not by both.", path=path)
    numbers = {name: _numbers(parts.get(name, ""), name, bound, path) for name, bound in _BOUNDS.items()}
    weekdays = _weekdays(parts.get("BYDAY", ""), path)
    if any(which for which, _ in weekdays) and (freq not in ("YEARLY", "MONTHLY") or numbers["BYWEEKNO"]):
        raise BadCalendar("BYDAY can count weekdays in months and years only.", path=path)
    if numbers["BYWEEKNO"] and (freq != "YEARLY" or not weekdays):
        raise BadCalendar("BYWEEKNO goes with FREQ=YEARLY and BYDAY.", path=path)

    months, month_days = numbers["BYMONTH"], numbers["BYMONTHDAY"]
    picks_days = month_days or weekdays or numbers["BYYEARDAY"] or numbers["BYEASTER"]
    leans_on_start = freq != "DAILY" and not picks_days
    if start is None and (leans_on_start or interval > 1 or "COUNT" in parts):
        raise BadCalendar("This recurrence rule counts from its first date: give it a “start”.", path=path)
    if leans_on_start and start is not None:  # what the rule leaves open is taken from its start (RFC 5545 §3.3.10)
        if freq == "WEEKLY":
            weekdays = frozenset({(0, start.weekday())})
        else:
            month_days = frozenset({start.day})
        if freq == "YEARLY" and not months:
            months = frozenset({start.month})

    found = Recurrence(
        rule=";".join(f"{name}={parts[name]}" for name in sorted(parts)), start=start, freq=freq, interval=interval,
        wkst=_DAYS.index(parts.get("WKST", "MO")), months=months, month_days=month_days, year_days=numbers["BYYEARDAY"],
        weeks=numbers["BYWEEKNO"], easter_days=numbers["BYEASTER"], weekdays=weekdays, positions=numbers["BYSETPOS"],
        until=_until(parts["UNTIL"], path) if "UNTIL" in parts else None, without=frozenset(without),
    )  # fmt: skip
    if "COUNT" not in parts or start is None:
        return found
    return _counted(found, start, _number(parts["COUNT"], "COUNT", MOST_COUNTED, path), path)


def _counted(endless: Recurrence, start: date, count: int, path: Path) -> Recurrence:
    """The rule held to its first `count` dates; one taken out counts too (RFC 5545 §3.8.5.1)."""
    if count < 1:
        raise BadCalendar(f"COUNT goes from 1 to {MOST_COUNTED}; use UNTIL for a longer run.", path=path)
    found: list[date] = []
    for year in range(start.year, min(start.year + COUNTED_WITHIN_YEARS, MAXYEAR)):
        found += (day for day in endless._of_year(year) if day >= start)
        if len(found) >= count:
            break
    return Recurrence(**{**vars(endless), "counted": frozenset(found[:count])})


def _parts(rule: object, path: Path) -> dict[str, str]:
    if not isinstance(rule, str) or len(rule) > LONGEST_RULE:
        raise BadCalendar(f"{rule!r:.80} is not a recurrence rule.", path=path)
    pairs = [part.partition("=") for part in rule.strip().upper().removeprefix("RRULE:").split(";") if part]
    parts = {name.strip(): value.strip() for name, _, value in pairs}
    if len(parts) != len(pairs):
        raise BadCalendar("A part of the recurrence rule is given twice.", path=path)
    if unknown := sorted(parts.keys() - _PARTS):
        raise BadCalendar(f"A recurrence rule of dates has no part {unknown[0]!r:.40}.", path=path)
    return parts


def _number(text: str, name: str, bound: int, path: Path) -> int:
    if not _NUMBER.fullmatch(text) or abs(int(text)) > bound:
        raise BadCalendar(f"{name} cannot be {text!r:.40}.", path=path)
    return int(text)


def _numbers(text: str, name: str, bound: int, path: Path) -> frozenset[int]:
    if not text:
        return frozenset()
    numbers = frozenset(_number(each, name, bound, path) for each in text.split(","))
    if (0 in numbers and name != "BYEASTER") or (name == "BYMONTH" and min(numbers) < 1):  # 0 is Easter Sunday itself
        raise BadCalendar(f"{name} cannot be {text!r:.40}.", path=path)
    return numbers


def _weekdays(text: str, path: Path) -> frozenset[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for each in text.split(",") if text else ():
        match = _WEEKDAY.fullmatch(each)
        if match is None or (match[1] and not 1 <= abs(int(match[1])) <= 53):
            raise BadCalendar(f"BYDAY cannot be {each!r:.40}.", path=path)
        found.add((int(match[1] or 0), _DAYS.index(match[2])))
    return frozenset(found)


def _until(text: str, path: Path) -> date:
    """The last date of the rule; a time of day is passed over, a holiday being a date."""
    match = _DATE.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as refused:
        raise BadCalendar(f"UNTIL is a date such as 20291231, not {text!r:.40}.", path=path) from refused

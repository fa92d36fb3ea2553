"""Linter: what is wrong, or probably not meant, in a calendar before it is saved.

Errors are what `Calendar.from_spec` refuses, all of them at once, calendars that stop opening, and hours that are
written the wrong way round. Everything else works, but tends to surprise somebody at night.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import auto
from itertools import pairwise
from typing import Final

from cases.vocabulary import Word
from sla.calendar import Calendar
from sla.feed import Looks, looks_by_name
from sla.holidays import Holiday, read_holiday
from sla.hours import Hours
from sla.refusals import BadCalendar, NeverOpen
from sla.versions import Version, read_versions
from sla.weekly import DAY, MIDNIGHT, WEEKDAYS, Path, Span, minus, overhanging, read_span, read_spans, read_week, shown
from sla.zones import offsets

LONGEST_NIGHT: Final = timedelta(hours=12)
"""How long one interval over midnight is at most. From 17:00 to 09:00 could be a night of sixteen hours, or a day of
eight written the wrong way round; it is taken for whichever is shorter, and a longer night is two intervals."""
SPANS_OF_DAY: Final = ("hours", "closed")
YEARS_AHEAD: Final = 2
RULE_YEARS_AHEAD: Final = 8  # two leap days, the rarest thing a sensible rule asks for


class Severity(Word):
    """Whether it can be saved."""

    ERROR = auto()
    WARNING = auto()


class Flaw(Word):
    """Kinds of findings."""

    UNREADABLE = auto()
    NEVER_OPEN = auto()
    STOPS_OPENING = auto()
    LOST_IN_GAP = auto()
    REPEATED_HOUR = auto()
    INTERVALS_TOUCH = auto()
    REVERSED = auto()
    HOLIDAY_ON_CLOSED_DAY = auto()
    HOLIDAY_TWICE = auto()
    HOLIDAYS_RUN_OUT = auto()
    RULE_NEVER_HOLDS = auto()
    LOOKS_LIKE_OBSERVANCE = auto()


@dataclass(frozen=True)
class Finding:
    """One thing to look at, and where."""

    flaw: Flaw
    message: str
    path: Path = ()
    severity: Severity = Severity.WARNING


def lint(spec: Mapping[str, object], year: int) -> tuple[Finding, ...]:
    """What to look at in a specification; `year` is the one that it is looked at in, and the next is looked at too.

    Overlaps are errors: `Calendar.from_spec` refuses them. Nothing is raised.
    """
    errors = tuple(_errors(spec))
    if errors:
        return errors
    versions, _ = read_versions(spec)
    listed = spec.get("versions")
    parts = (
        [(("versions", number), part) for number, part in enumerate(listed)]
        if isinstance(listed, list)
        else [((), spec)]
    )
    return tuple(
        finding
        for number, (path, part) in enumerate(parts)
        if not _is_past(versions, number, year)
        for finding in _warnings(versions[number].hours, part.get("holidays", ()), year, path)
    )


def _errors(spec: Mapping[str, object]) -> Iterator[Finding]:
    """Each part is read by itself, so that one mistake does not hide the next."""
    found: dict[Path, Finding] = {}
    versions = spec.get("versions") if isinstance(spec, Mapping) else None
    parts: Sequence[tuple[Path, object]] = (
        [(("versions", number), version) for number, version in enumerate(versions)]
        if isinstance(versions, Sequence) and not isinstance(versions, str)
        else [((), spec)]
    )
    for path, part in parts:
        if isinstance(part, Mapping):
            for refused in _refusals(part, path):
                found.setdefault(tuple(refused.path), _error(refused))
            for reversed_ in _reversed(part, path):
                found.setdefault(reversed_.path, reversed_)
    try:
        calendar = Calendar.from_spec(spec)
    except BadCalendar as refused:
        found.setdefault(tuple(refused.path), _error(refused))
    else:
        if calendar.stops_after is not None:
            message = f"It does not open any more after {calendar.stops_after}: later promises never fall due."
            found[("weekly_hours",)] = Finding(Flaw.STOPS_OPENING, message, ("weekly_hours",), Severity.ERROR)
    yield from found.values()


def _refusals(part: Mapping[str, object], path: Path) -> Iterator[BadCalendar]:
    week, holidays = part.get("weekly_hours"), part.get("holidays", ())
    before = 0
    if isinstance(week, Mapping):
        for day in WEEKDAYS:
            try:
                read_spans(week.get(day, ()), (*path, "weekly_hours", day))
            except BadCalendar as refused:
                before += 1
                yield refused
    if not before:
        try:
            read_week(week, (*path, "weekly_hours"))
        except BadCalendar as refused:
            yield refused
    for place, entry in enumerate(holidays if isinstance(holidays, Sequence) and not isinstance(holidays, str) else ()):
        try:
            read_holiday(entry, (*path, "holidays", place))
        except BadCalendar as refused:
            yield refused


def _reversed(part: Mapping[str, object], path: Path) -> Iterator[Finding]:
    """Intervals that end before they begin and would be too long a night, in the week and on holidays."""
    week, holidays = part.get("weekly_hours"), part.get("holidays")
    listed = [((*path, "weekly_hours", day), spans) for day, spans in _items(week)]
    for place, holiday in enumerate(holidays if isinstance(holidays, list | tuple) else ()):
        listed += [((*path, "holidays", place, key), spans) for key, spans in _items(holiday) if key in SPANS_OF_DAY]
    for here, spans in listed:
        for place, pair in enumerate(spans if isinstance(spans, list | tuple) else ()):
            with suppress(BadCalendar):  # found already, by whoever reads the whole
                span = read_span(pair, ())
                if span.end > DAY and span.end - span.start > LONGEST_NIGHT:
                    message = (
                        f"{shown(span)} ends before it begins. Over midnight an interval lasts up to 12 hours; "
                        "a longer night is written as two, up to “24:00” and from “00:00”."
                    )
                    yield Finding(Flaw.REVERSED, message, (*here, place), Severity.ERROR)


def _items(value: object) -> Iterable[tuple[str, object]]:
    return [(str(key), one) for key, one in value.items()] if isinstance(value, Mapping) else ()


def _error(refused: BadCalendar) -> Finding:
    flaw = Flaw.NEVER_OPEN if isinstance(refused, NeverOpen) else Flaw.UNREADABLE
    return Finding(flaw, refused.message, tuple(refused.path), Severity.ERROR)


def _is_past(versions: Sequence[Version], number: int, year: int) -> bool:
    """Whether a later version has taken over before `year`; nobody corrects history."""
    return number + 1 < len(versions) and versions[number + 1].since.year < year


def _warnings(hours: Hours, holidays: Sequence[object], year: int, path: Path) -> Iterator[Finding]:
    yield from _week_warnings(hours, (*path, "weekly_hours"))
    yield from _clock_changes(hours, year, (*path, "weekly_hours"))
    listed = [(read_holiday(entry, ()), (*path, "holidays", place)) for place, entry in enumerate(holidays)]
    for read, here in listed:
        for holiday in read:
            yield from _holiday_warnings(holiday, hours, year, here)
    yield from _taken_twice(listed, year)
    if holidays and (latest := hours.last_dated) and latest.year < year and not hours.has_endless_rules:
        message = f"The last holiday listed is in {latest.year}; {year} has none."
        yield Finding(Flaw.HOLIDAYS_RUN_OUT, message, (*path, "holidays"))


def _week_warnings(hours: Hours, path: Path) -> Iterator[Finding]:
    for number, day in enumerate(WEEKDAYS):
        spans = (*overhanging(hours.week[number - 1]), *hours.week[number])
        for earlier, later in pairwise(spans):
            if earlier.end == later.start:
                message = f"{shown(earlier)} and {shown(later)} touch: there is no break between them."
                yield Finding(Flaw.INTERVALS_TOUCH, message, (*path, day))


def _clock_changes(hours: Hours, year: int, path: Path) -> Iterator[Finding]:
    """Opening hours that daylight saving skips or repeats."""
    pieces = [piece for each in range(year, year + YEARS_AHEAD) for piece in offsets(hours.zone, each)]
    for before, after in pairwise(pieces):
        skipped = after.offset - before.offset
        if not skipped:
            continue
        local = (before.end + min(before.offset, after.offset)).replace(tzinfo=None)
        affected = _open_wall_time(hours, local, local + abs(skipped))
        if affected and skipped > MIDNIGHT:
            message = f"On {local.date()} the clocks skip {affected} of opening hours in {hours.zone.key}."
            yield Finding(Flaw.LOST_IN_GAP, message, (*path, WEEKDAYS[local.weekday()]))
        elif affected and not hours.is_always_open:
            message = f"On {local.date()} the clocks repeat {affected} of opening hours in {hours.zone.key}."
            yield Finding(Flaw.REPEATED_HOUR, message, (*path, WEEKDAYS[local.weekday()]))


def _open_wall_time(hours: Hours, start: datetime, end: datetime) -> timedelta:
    total, day = timedelta(0), start.date()
    while (midnight := datetime(day.year, day.month, day.day)) < end:  # noqa: DTZ001  # wall time
        wanted = Span(max(start - midnight, MIDNIGHT), min(end - midnight, DAY))
        opened = hours.open_on(day)
        closed = minus((wanted,), opened)
        total += (wanted.end - wanted.start) - sum((span.end - span.start for span in closed), timedelta(0))
        day += DAY
    return total


def _holiday_warnings(holiday: Holiday, hours: Hours, year: int, path: Path) -> Iterator[Finding]:
    first, last = date(year, 1, 1), date(year + YEARS_AHEAD - 1, 12, 31)
    days = list(holiday.dates(first, last))
    if holiday.recurrence and not any(True for _ in holiday.dates(first, last.replace(year=year + RULE_YEARS_AHEAD))):
        yield Finding(Flaw.RULE_NEVER_HOLDS, f"“{holiday.name}” does not occur from {year} on.", path)
    if holiday.is_day_off and days and not any(hours.usual(day) for day in days):
        message = f"“{holiday.name}” ({days[0]}) falls on a day that is closed anyway."
        yield Finding(Flaw.HOLIDAY_ON_CLOSED_DAY, message, path)
    looks, why = looks_by_name(holiday.name)
    if looks is Looks.OBSERVANCE and holiday.is_day_off:
        yield Finding(Flaw.LOOKS_LIKE_OBSERVANCE, why, path)


def _taken_twice(listed: Sequence[tuple[Sequence[Holiday], Path]], year: int) -> Iterator[Finding]:
    """Days off that are listed more than once; harmless, but one of them is a mistake."""
    seen: dict[date, str] = {}
    for read, path in listed:
        days = {day: each.name for each in read if each.is_day_off for day in _coming(each, year)}
        if twice := sorted(seen.keys() & days.keys()):
            yield Finding(Flaw.HOLIDAY_TWICE, f"{twice[0]} is already taken by “{seen[twice[0]]}”.", path)
        seen = days | seen


def _coming(holiday: Holiday, year: int) -> Iterable[date]:
    return holiday.dates(date(year, 1, 1), date(year + YEARS_AHEAD - 1, 12, 31))

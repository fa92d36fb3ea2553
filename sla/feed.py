"""Feeds: holidays from an iCalendar file (RFC 5545), as public holiday calendars publish them.

Such feeds mix days off with days that are merely observed (Valentine's Day, the end of daylight saving), and a feed
that is taken as it comes silently moves every target. So each entry says what it looks like and why, and a person
chooses.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import auto
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from icalendar import Calendar as Feed

from cases.vocabulary import Word
from sla.holidays import LONGEST_NAME, MOST_HOLIDAYS, read_holiday
from sla.refusals import BadCalendar

LARGEST_FEED: Final = 2_000_000  # bytes

_OBSERVED: Final = (
    "valentine", "mother's day", "mothers' day", "father's day", "fathers' day", "halloween", "daylight saving",
    "clocks change", "summer time", "groundhog", "april fool", "tax day", "election day", "solstice", "equinox",
    "grandparents", "cinco de mayo", "st. patrick", "full moon", "black friday", "cyber monday",
)  # fmt: skip
_ONE_DAY: Final = timedelta(days=1)

Properties = Mapping[str, Any]  # of an event, by name in capitals; what they hold depends on the name


class Looks(Word):
    """What an entry of a feed looks like."""

    DAY_OFF = auto()
    OBSERVANCE = auto()


@dataclass(frozen=True)
class Entry:
    """One event of a feed as a holiday of our specification; `why` says what makes it look like an observance."""

    holiday: Mapping[str, object]
    looks: Looks
    why: str = ""


@dataclass(frozen=True)
class Skipped:
    """An event that cannot be a holiday here."""

    name: str
    why: str


@dataclass(frozen=True)
class Holidays:
    """What a feed holds. `days_off` is what a careful person would take."""

    entries: tuple[Entry, ...]
    skipped: tuple[Skipped, ...]

    @property
    def days_off(self) -> list[Mapping[str, object]]:
        return [entry.holiday for entry in self.entries if entry.looks is Looks.DAY_OFF]


def read_feed(text: str | bytes, zone: ZoneInfo) -> Holidays:
    """The events of an iCalendar file as holidays of a calendar in `zone`: all-day ones as dates, timed ones as
    closed hours.

    Cancelled events are left out. What cannot be read as a holiday is listed in `skipped`, so that nothing is lost
    unseen.

    Raises BadCalendar if this is no iCalendar file, or a huge one.
    """
    if len(text) > LARGEST_FEED:
        raise BadCalendar(f"A feed can have up to {LARGEST_FEED} bytes.")
    try:
        feeds = Feed.from_ical(text, multiple=True)
        events = [cast(Properties, event) for feed in feeds for event in feed.walk("VEVENT")]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as refused:
        raise BadCalendar("This is not an iCalendar file.") from refused
    if not feeds:
        raise BadCalendar("This is not an iCalendar file.")
    if len(events) > MOST_HOLIDAYS:
        raise BadCalendar(f"A feed can have up to {MOST_HOLIDAYS} events.")
    moved = _moved(events)
    entries: list[Entry] = []
    skipped: list[Skipped] = []
    for event in events:
        name = _name(event)
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        try:
            for holiday in _holidays(event, name, zone, moved):
                read_holiday(holiday, ())
                entries.append(Entry(holiday, *_looks(event, name)))
        except BadCalendar as refused:
            skipped.append(Skipped(name, refused.message))
        except (ValueError, KeyError, TypeError, AttributeError):
            skipped.append(Skipped(name, "The event cannot be read."))
    return Holidays(tuple(entries), tuple(skipped))


def _moved(events: Iterable[Properties]) -> dict[str, set[date]]:
    """By UID, the dates of a series that have an event of their own (RECURRENCE-ID): the series is without them."""
    moved: dict[str, set[date]] = {}
    for event in events:
        if "RECURRENCE-ID" in event:
            moved.setdefault(str(event.get("UID", "")), set()).add(_date(event["RECURRENCE-ID"].dt))
    return moved


def _holidays(
    event: Properties, name: str, zone: ZoneInfo, moved: Mapping[str, set[date]]
) -> Iterator[Mapping[str, object]]:
    if "DTSTART" not in event:
        raise BadCalendar("The event has no start.")
    start = event["DTSTART"].dt
    end = event["DTEND"].dt if "DTEND" in event else start + _length(event, start)
    named = {"name": name} if name else {}
    if not isinstance(start, datetime):
        days = max((end - start).days, 1)  # DTEND is not included (RFC 5545 §3.6.1)
        yield from _repeated(event, start, days, named, moved)
        if "RRULE" not in event:
            last = start + timedelta(days=days - 1)
            yield {"date": f"{start}", **({"through": f"{last}"} if days > 1 else {}), **named}
        return
    begins, ends = _wall(start, zone), _wall(end, zone)
    if "RRULE" not in event:
        yield {"from": f"{begins:%Y-%m-%dT%H:%M:%S}", "to": f"{ends:%Y-%m-%dT%H:%M:%S}", **named}
        return
    if begins.date() != start.date() or begins.time() != start.time():
        raise BadCalendar("The event repeats at a time of another time zone.")
    if ends - begins >= _ONE_DAY:
        raise BadCalendar("The event repeats with a time of day and lasts longer than a day.")
    closed = [[f"{begins:%H:%M:%S}", f"{ends:%H:%M:%S}" if ends.time() else "24:00"]]
    yield from _repeated(event, begins.date(), 1, named | {"closed": closed}, moved)


def _repeated(
    event: Properties, start: date, days: int, rest: Mapping[str, object], moved: Mapping[str, set[date]]
) -> Iterator[Mapping[str, object]]:
    """The series of an event, if it is one, and its additional dates."""
    without = {_date(each.dt) for each in _listed(event, "EXDATE")} | moved.get(str(event.get("UID", "")), set())
    if "RRULE" in event and "RECURRENCE-ID" not in event:
        rules = event["RRULE"]
        if isinstance(rules, list):
            raise BadCalendar("The event has several recurrence rules.")
        entry: dict[str, object] = {"rrule": rules.to_ical().decode(), "start": f"{start}"}
        if without:
            entry["without"] = sorted(f"{day}" for day in without)
        if days > 1:
            entry["days"] = days
        yield {**entry, **rest}
    for each in _listed(event, "RDATE"):
        yield {"date": f"{_date(each.dt)}", **rest}


def _listed(event: Properties, name: str) -> list[Any]:
    """All values of a property that may come once, several times, or with several values each."""
    found = event.get(name, [])
    return [value for part in (found if isinstance(found, list) else [found]) for value in part.dts]


def _length(event: Properties, start: date) -> timedelta:
    """DURATION, or else a day for a date and nothing for a time (RFC 5545 §3.6.1)."""
    if "DURATION" in event:
        length: timedelta = event["DURATION"].dt
        return length
    return timedelta(0) if isinstance(start, datetime) else _ONE_DAY


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    """Wall time of the calendar's zone; a time without a zone is wall time wherever one stands."""
    return at.astimezone(zone).replace(tzinfo=None) if at.tzinfo else at


def _date(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _name(event: Properties) -> str:
    return " ".join(str(event.get("SUMMARY", "")).split())[:LONGEST_NAME]


def _looks(event: Properties, name: str) -> tuple[Looks, str]:
    """Publishers say it in different places: the category, the first line of the description, or not at all."""
    categories = event.get("CATEGORIES", [])
    listed = [
        str(each) for part in (categories if isinstance(categories, list) else [categories]) for each in part.cats
    ]
    description = str(event.get("DESCRIPTION", "")).strip()
    if any("observance" in each.lower() for each in listed):
        return Looks.OBSERVANCE, f"It is in the category “{listed[0]}”."
    if description.lower().startswith("observance"):
        return Looks.OBSERVANCE, "Its description begins with “Observance”."
    if "not a public holiday" in description.lower():
        return Looks.OBSERVANCE, "Its description says that it is not a public holiday."
    if any("holiday" in each.lower() for each in listed) or description.lower().startswith("public holiday"):
        return Looks.DAY_OFF, ""
    return looks_by_name(name)


def looks_by_name(name: str) -> tuple[Looks, str]:
    """What the name alone says."""
    folded = name.lower().replace("’", "'")  # noqa: RUF001  # the typographer's apostrophe
    for word in _OBSERVED:
        if word in folded:
            return Looks.OBSERVANCE, f"“{name}” is usually observed without a day off."
    return Looks.DAY_OFF, ""

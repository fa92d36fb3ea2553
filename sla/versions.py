"""Versions: hours that hold from a date.

The office opens longer from March; what was computed for February must not move. So a calendar keeps all its hours,
each with the instant from which they hold, and is one function over all time.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Final

from sla.holidays import LONGEST_NAME, read_date, read_holidays
from sla.hours import Hours
from sla.refusals import BadCalendar
from sla.weekly import WEEKDAYS, Path, read_week, written
from sla.zones import instant_of, zone_named

MOST_VERSIONS: Final = 100
THE_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)

_HOURS_KEYS: Final = frozenset({"timezone", "weekly_hours", "holidays"})
_KEYS: Final = _HOURS_KEYS | {"versions", "name"}


@dataclass(frozen=True)
class Version:
    """Hours, and the instant from which they hold: midnight of `since_date` in their own zone."""

    hours: Hours
    since: datetime = THE_BEGINNING
    since_date: date | None = None


def read_versions(spec: Mapping[str, object]) -> tuple[tuple[Version, ...], str]:
    """The versions of a specification in order, and its name. See `Calendar.from_spec`.

    Raises BadCalendar with the path to what cannot be read.
    """
    if not isinstance(spec, Mapping):
        raise BadCalendar("A calendar is given by its time zone and weekly hours.")
    name = spec.get("name", "")
    if not isinstance(name, str) or len(name) > LONGEST_NAME:
        raise BadCalendar(f"The name of a calendar has up to {LONGEST_NAME} characters.", path=("name",))
    if "versions" not in spec:
        _refuse_misspelt(spec, _HOURS_KEYS | {"name"})
        return (Version(_read_hours(spec, None, ())),), name

    _refuse_misspelt(spec, {"timezone", "versions", "name"})
    entries = spec["versions"]
    if not isinstance(entries, Sequence) or isinstance(entries, str) or not 1 <= len(entries) <= MOST_VERSIONS:
        raise BadCalendar(f"“versions” is a list of 1 to {MOST_VERSIONS} versions.", path=("versions",))
    return tuple(_versions(entries, spec.get("timezone"))), name


def _versions(entries: Sequence[object], timezone: object) -> Iterable[Version]:
    since = THE_BEGINNING
    for place, entry in enumerate(entries):
        path: Path = ("versions", place)
        if not isinstance(entry, Mapping):
            raise BadCalendar("A version has weekly hours and the date from which they hold.", path=path)
        _refuse_unknown(entry, _HOURS_KEYS | {"from"}, path)
        hours = _read_hours(entry, timezone, path)
        if place == 0:
            if entry.get("from") is not None:
                raise BadCalendar("The first version reaches back for ever; it has no “from”.", path=(*path, "from"))
            yield Version(hours)
            continue
        day = read_date(entry.get("from"), (*path, "from"))
        midnight = instant_of(datetime.combine(day, datetime.min.time(), hours.zone))
        if midnight <= since:
            raise BadCalendar("Versions come in order, each later than the one before.", path=(*path, "from"))
        since = midnight
        yield Version(hours, midnight, day)


def _read_hours(spec: Mapping[str, object], timezone: object, path: Path) -> Hours:
    zone = zone_named(spec.get("timezone", timezone), (*path, "timezone"))
    if "weekly_hours" not in spec:
        raise BadCalendar("Weekly hours are missing.", path=(*path, "weekly_hours"))
    week = read_week(spec["weekly_hours"], (*path, "weekly_hours"))
    holidays = spec.get("holidays")
    return Hours(zone, week, read_holidays(() if holidays is None else holidays, (*path, "holidays")))


def _refuse_misspelt(spec: Mapping[str, object], known: frozenset[str] | set[str]) -> None:
    """Around the calendar there may be keys of somebody else's, as long as they look like none of ours."""
    ours = {key for key in spec if get_close_matches(str(key), _KEYS, n=1, cutoff=0.75)}
    _refuse_unknown({key: spec[key] for key in ours}, known, ())


def _refuse_unknown(spec: Mapping[str, object], known: frozenset[str] | set[str], path: Path) -> None:
    """A misspelt key must not silently leave the holidays out."""
    if unknown := sorted(str(key) for key in spec if key not in known):
        raise BadCalendar(f"A calendar has no “{unknown[0]:.40}”.", path=(*path, unknown[0]))


def written_versions(versions: Iterable[Version]) -> list[dict[str, object]]:
    """The versions as a specification has them, in their shortest form."""
    return [_written(version) for version in versions]


def _written(version: Version) -> dict[str, object]:
    hours = version.hours
    entry: dict[str, object] = {"from": version.since_date.isoformat()} if version.since_date else {}
    entry["timezone"] = hours.zone.key
    entry["weekly_hours"] = {day: written(spans) for day, spans in zip(WEEKDAYS, hours.week, strict=True) if spans}
    if holidays := [holiday.written() for holiday in hours.holidays]:
        entry["holidays"] = holidays
    return entry


def digest_of(versions: Iterable[Version]) -> str:
    """SHA-256 of the rules; names of holidays are rules too, since a ledger shows them."""
    text = json.dumps(written_versions(versions), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()

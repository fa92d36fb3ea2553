"""Zones: which offset from UTC a place had, when.

Python's `zoneinfo` answers for one instant and does not list the changes; here they are found, once per zone and
year, and kept. Everything above works on stretches of constant offset, in which wall time and UTC run alike: gaps,
repeated hours, skipped dates (Apia 2011-12-30) and offsets with seconds (Amsterdam before 1937) need no rule of
their own.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from sla.refusals import BadCalendar

FIRST_YEAR, LAST_YEAR = 3, 9997  # a year and a day from their edges is still a date that Python can write

# No zone has ever changed its offset twice within 167 hours (a test reads the whole database), so a daily look
# misses none.
LOOK_EVERY = timedelta(days=1)
SECOND = timedelta(seconds=1)

NOT_PLACES = frozenset(
    {"localtime", "Factory", "posixrules"}
)  # names of files beside the zones: another thing on each machine


class Offset(NamedTuple):
    """From `start` up to `end`, both UTC, wall time was UTC plus `offset`."""

    start: datetime
    end: datetime
    offset: timedelta


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    return frozenset(available_timezones()) - NOT_PLACES


def zone_named(name: object, path: tuple[str | int, ...] = ("timezone",)) -> ZoneInfo:
    """The zone of this name in the IANA database.

    Raises BadCalendar if there is none: abbreviations, offsets and paths are not names.
    """
    if not isinstance(name, str) or name not in _places():
        raise BadCalendar(f"{name!r:.80} is not the name of a time zone, such as “Europe/Paris”.", path=path)
    return ZoneInfo(name)


@lru_cache(maxsize=2048)
def offsets(zone: ZoneInfo, year: int) -> tuple[Offset, ...]:
    """The offsets of a UTC year in order; together they cover it. `year` lies from FIRST_YEAR to LAST_YEAR."""
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    found: list[Offset] = []
    since, offset, at = start, _offset(zone, start), start
    while at < end:
        later = min(at + LOOK_EVERY, end)
        # The last second of the look, so that a change at the very end of the year belongs to the next one.
        if (changed := _offset(zone, later - SECOND)) != offset:
            moment = _change(zone, at, later - SECOND, offset)
            found.append(Offset(since, moment, offset))
            since, offset = moment, changed
        at = later
    found.append(Offset(since, end, offset))
    return tuple(piece for piece in found if piece.start < piece.end)


def _change(zone: ZoneInfo, before: datetime, after: datetime, offset: timedelta) -> datetime:
    """The instant, on a whole second, from which the offset is no longer `offset`; it was at `before` and is not
    at `after`.
    """
    if _offset(zone, before) != offset:
        return before
    while after - before > SECOND:
        middle = before + timedelta(seconds=(after - before) // SECOND // 2)
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None  # `at` is aware
    return offset


def instant_of(local: datetime) -> datetime:
    """Wall time as an instant in UTC. A time that is skipped is read as the first one after the gap; `fold`
    chooses in a repeated hour.
    """
    wall, at = local.replace(tzinfo=None, fold=0), local.astimezone(UTC)
    if at.astimezone(local.tzinfo).replace(tzinfo=None, fold=0) == wall:
        return at
    # By the two offsets around the gap (PEP 495) the skipped time lies before and after it; the gap itself is
    # between them.
    early, late = sorted(local.replace(fold=each).astimezone(UTC) for each in (0, 1))
    while late - early > timedelta.resolution:
        middle = early + (late - early) / 2
        if middle.astimezone(local.tzinfo).replace(tzinfo=None) < wall:
            early = middle
        else:
            late = middle
    return late

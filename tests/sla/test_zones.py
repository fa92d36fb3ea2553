"""Zones: every change of every clock is found."""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from sla.zones import LOOK_EVERY, NOT_PLACES, instant_of, offsets

NAMES = sorted(available_timezones() - NOT_PLACES)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def compiled(name: str) -> Traversable:
    return files("tzdata.zoneinfo").joinpath(name)


def changes(name: str) -> Iterator[datetime]:
    """The instants at which the offset changes, read from the compiled database itself (RFC 8536 §3.2)."""
    data = compiled(name).read_bytes()
    is_ut, is_std, leap, times, types, letters = struct.unpack(">6l", data[20:44])
    body = 44 + times * 5 + types * 6 + letters + leap * 8 + is_std + is_ut
    times, types = struct.unpack(">2l", data[body + 32 : body + 40])
    body += 44
    instants = struct.unpack(f">{times}q", data[body : body + 8 * times])
    kinds = data[body + 8 * times : body + 9 * times]
    seconds = [
        struct.unpack(">l", data[at : at + 4])[0] for at in range(body + 9 * times, body + 9 * times + 6 * types, 6)
    ]
    offset = seconds[0]
    for instant, kind in zip(instants, kinds, strict=True):
        if seconds[kind] != offset:
            offset = seconds[kind]
            yield EPOCH + timedelta(seconds=instant)


def test_no_clock_changes_twice_between_two_looks() -> None:
    closest = min(later - earlier for name in NAMES for earlier, later in pairwise(changes(name)))

    assert closest > 2 * LOOK_EVERY


@pytest.mark.parametrize("name", NAMES[::15])
def test_every_change_is_found_to_the_second(name: str) -> None:
    """As far as the database lists them; what follows is a rule, which the laws of calendars look at."""
    with compiled(name).open("rb") as file:
        zone = ZoneInfo.from_file(file)
    expected = [at for at in changes(name) if at.year >= 1900]
    years = range(1900, expected[-1].year + 1) if expected else range(1900, 1902)
    pieces = [piece for year in years for piece in offsets(zone, year) if piece.start <= max(expected, default=EPOCH)]

    found = [later.start for earlier, later in pairwise(pieces) if later.offset != earlier.offset]

    assert found == expected


def test_a_year_is_covered_from_end_to_end() -> None:
    pieces = offsets(ZoneInfo("Africa/Casablanca"), 2026)

    assert (pieces[0].start, pieces[-1].end) == (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert all(earlier.end == later.start for earlier, later in pairwise(pieces))


@pytest.mark.parametrize(
    ("zone", "local", "instant"),
    [
        ("Europe/London", "2026-03-29T01:30", "2026-03-29T01:00+00:00"),
        ("America/Sao_Paulo", "2018-11-04T00:00", "2018-11-04T03:00+00:00"),
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00+00:00"),
        ("Europe/London", "2026-10-25T01:30", "2026-10-25T00:30+00:00"),
        ("Europe/London", "2026-06-01T09:00", "2026-06-01T08:00+00:00"),
    ],
)
def test_a_skipped_time_is_read_as_the_first_after_the_gap(zone: str, local: str, instant: str) -> None:
    wall = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))

    assert instant_of(wall) == datetime.fromisoformat(instant)

"""Laws of business time, in zones where clocks do everything that clocks have done.

The walk in this file is the definition, taken literally and slowly: it looks at the wall minute by minute. Zones
count here because of daylight saving of an hour (New York, London, Gaza, Cairo), below zero (Dublin), of half an
hour (Lord Howe), of two hours (Troll), suspended for Ramadan (Casablanca), at midnight (Sao Paulo), of quarter
hours (Chatham, Kathmandu), by another calendar (Tehran), and for a date that was skipped (Apia).
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sla.calendar import Calendar
from sla.segments import Kind
from tests.sla.calendars import EVERY_DAY

# where something happens to the clocks
CHANGES = {
    "America/New_York": ["2026-03-08", "2026-11-01"],
    "Europe/London": ["2026-03-29", "2026-10-25"],
    "Europe/Dublin": ["2026-03-29", "2026-10-25"],
    "Australia/Lord_Howe": ["2026-04-05", "2026-10-04"],
    "Africa/Casablanca": ["2026-02-15", "2026-03-22"],
    "Africa/Cairo": ["2026-04-24", "2026-10-30"],
    "Antarctica/Troll": ["2026-03-29", "2026-10-25"],
    "Asia/Kathmandu": ["1986-01-01", "2026-06-01"],
    "Pacific/Apia": ["2011-12-30", "2021-04-04"],
    "America/Sao_Paulo": ["2018-02-18", "2018-11-04"],
    "Pacific/Chatham": ["2026-04-05", "2026-09-27"],
    "Asia/Tehran": ["2022-03-22", "2022-09-22"],
    "Asia/Gaza": ["2040-10-13", "2040-10-27"],
    "UTC": ["2026-01-01", "2024-02-29"],
}
AROUND = timedelta(days=3)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)

# Each is (weekly hours, holidays by date): an override has its hours, none for a day off.
ROUND = {day: [["00:00", "24:00"]] for day in EVERY_DAY}
WEEKS = {
    "office": ({day: [["09:00", "12:30"], ["13:15", "17:00"]] for day in EVERY_DAY[:5]}, {}),
    "small hours": ({day: [["00:00", "00:45"], ["01:30", "02:10"], ["02:40", "03:20"]] for day in EVERY_DAY}, {}),
    "always": (ROUND, {}),
    "always, with holidays": (ROUND, {"2026-03-29": [], "2011-12-31": [["10:00", "11:00"]], "2018-11-04": []}),
    "Sundays": ({"sun": [["00:00", "24:00"]]}, {"2026-10-25": [["01:15", "01:45"], ["02:15", "24:00"]]}),
}


@cache
def calendar(zone: str, week: str) -> Calendar:
    hours, holidays = WEEKS[week]
    listed = [{"date": day, "hours": spans} for day, spans in holidays.items()]
    return Calendar.from_spec({"timezone": zone, "weekly_hours": hours, "holidays": listed})


def is_open_by_the_wall(at: datetime, zone: str, week: str) -> bool:
    """The definition: its wall time lies in an interval of its local date."""
    hours, holidays = WEEKS[week]
    local = at.astimezone(ZoneInfo(zone))
    day: date = local.date()
    wall = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    spans = holidays.get(day.isoformat(), hours.get(EVERY_DAY[day.weekday()], []))
    return any(_read(start) <= wall < _read(end) for start, end in spans)


def _read(text: str) -> timedelta:
    hour, minute = text.split(":")
    return timedelta(hours=int(hour), minutes=int(minute))


@cache
def open_minutes(zone: str, week: str, centre: str) -> tuple[datetime, ...]:
    """Every open minute within three days of a change of clocks, by walking. Offsets there are whole minutes."""
    start = datetime.fromisoformat(centre).replace(tzinfo=UTC) - AROUND
    walk = (start + number * MINUTE for number in range(2 * AROUND // MINUTE))
    return tuple(at for at in walk if is_open_by_the_wall(at, zone, week))


Place = tuple[str, str]  # a zone, and a date near which its clocks change
places = st.sampled_from([(zone, centre) for zone, centres in CHANGES.items() for centre in centres])
weeks = st.sampled_from(sorted(WEEKS))
offsets = st.integers(-AROUND // MINUTE, AROUND // MINUTE - 1).map(lambda number: number * MINUTE)
instants = st.integers(-3 * 86_400_000_000, 3 * 86_400_000_000 - 1).map(lambda number: timedelta(microseconds=number))
spans = st.integers(1, 60 * 86_400_000_000).map(lambda number: timedelta(microseconds=number))
laws = settings(max_examples=120, deadline=None)


def near(centre: str, offset: timedelta) -> datetime:
    return datetime.fromisoformat(centre).replace(tzinfo=UTC) + offset


@pytest.mark.parametrize("zone", CHANGES)
@pytest.mark.parametrize("week", WEEKS)
def test_every_minute_around_a_change_of_clocks_is_as_the_wall_says(zone: str, week: str) -> None:
    used = calendar(zone, week)
    for centre in CHANGES[zone]:
        walked = open_minutes(zone, week, centre)
        start, end = near(centre, -AROUND), near(centre, AROUND)
        counted = [
            period.start + number * MINUTE
            for period in used.periods(start, end)
            for number in range(period.length // MINUTE)
        ]

        assert counted == list(walked)
        assert used.open_time(start, end) == len(walked) * MINUTE
        assert [at for at in counted if not used.is_open(at)] == []


@given(places, weeks, offsets, offsets)
@laws
def test_open_time_is_what_a_walk_counts(place: Place, week: str, one: timedelta, other: timedelta) -> None:
    zone, centre = place
    start, end = sorted((near(centre, one), near(centre, other)))
    walked = open_minutes(zone, week, centre)
    inside = bisect_right(walked, end - SECOND) - bisect_right(walked, start - SECOND)

    assert calendar(zone, week).open_time(start, end) == inside * MINUTE


@given(places, weeks, offsets, st.integers(1, 3000))
@laws
def test_after_is_the_first_instant_by_which_a_walk_has_seen_enough(
    place: Place, week: str, offset: timedelta, number: int
) -> None:
    zone, centre = place
    start = near(centre, offset)
    coming = [at for at in open_minutes(zone, week, centre) if at >= start]
    assume(len(coming) >= number)

    assert calendar(zone, week).after(start, number * MINUTE) == coming[number - 1] + MINUTE


@given(places, weeks, offsets, st.integers(1, 3000))
@laws
def test_before_is_the_last_instant_from_which_a_walk_sees_enough(
    place: Place, week: str, offset: timedelta, number: int
) -> None:
    zone, centre = place
    end = near(centre, offset)
    past = [at for at in open_minutes(zone, week, centre) if at < end]
    assume(len(past) >= number)

    assert calendar(zone, week).before(end, number * MINUTE) == past[-number]


@given(places, weeks, instants, instants, instants)
@laws
def test_open_time_adds_up(place: Place, week: str, one: timedelta, two: timedelta, three: timedelta) -> None:
    used = calendar(place[0], week)
    a, b, c = sorted(near(place[1], each) for each in (one, two, three))

    assert used.open_time(a, b) + used.open_time(b, c) == used.open_time(a, c)
    assert timedelta(0) <= used.open_time(a, b) <= b - a


@given(places, weeks, instants, spans)
@example(("Pacific/Apia", "2011-12-30"), "always, with holidays", timedelta(0), DAY)
@laws
def test_after_uses_up_exactly_the_open_time(place: Place, week: str, offset: timedelta, length: timedelta) -> None:
    used, start = calendar(place[0], week), near(place[1], offset)

    due = used.after(start, length)

    assert used.open_time(start, due) == length
    assert (
        used.open_time(due - timedelta.resolution, due) == timedelta.resolution
    )  # the earliest: it was open until then


@given(places, weeks, instants, spans)
@laws
def test_before_lands_on_the_latest_instant(place: Place, week: str, offset: timedelta, length: timedelta) -> None:
    used, end = calendar(place[0], week), near(place[1], offset)

    start = used.before(end, length)

    assert used.open_time(start, end) == length
    assert used.is_open(start)


@given(places, weeks, instants, spans)
@laws
def test_there_and_back_is_the_start_or_the_opening_after_it(
    place: Place, week: str, offset: timedelta, length: timedelta
) -> None:
    used, start = calendar(place[0], week), near(place[1], offset)

    assert used.before(used.after(start, length), length) == used.next_opening(start)
    assert used.after(used.before(start, length), length) == used.previous_close(start)


@given(places, weeks, instants, instants, spans, spans)
@laws
def test_later_starts_and_longer_promises_fall_due_later(
    place: Place, week: str, one: timedelta, other: timedelta, length: timedelta, longer: timedelta
) -> None:
    used = calendar(place[0], week)
    early, late = sorted((near(place[1], one), near(place[1], other)))
    short, long = sorted((length, longer))

    assert used.after(early, short) <= used.after(late, short)
    assert used.after(early, short) <= used.after(early, long)


@given(places, weeks, instants, st.integers(0, 40), instants)
@laws
def test_segments_cover_the_time_and_agree_with_everything_else(
    place: Place, week: str, offset: timedelta, days: int, rest: timedelta
) -> None:
    used, start = calendar(place[0], week), near(place[1], offset)
    end = max(start, near(place[1], rest)) + days * DAY
    told, periods = list(used.segments(start, end)), list(used.periods(start, end))

    assert sum((each.length for each in told), timedelta(0)) == end - start
    assert [each.end for each in told][:-1] == [each.start for each in told][1:]
    assert [(each.start, each.end) for each in told if each.kind is Kind.OPEN] == [
        (each.start, each.end) for each in periods
    ]
    assert sum((each.length for each in periods), timedelta(0)) == used.open_time(start, end)
    assert all(used.is_open(each.start) and not used.is_open(each.end) for each in periods if each.end < end)


@given(places, weeks, instants)
@laws
def test_openings_and_closes_are_where_it_opens_and_closes(place: Place, week: str, offset: timedelta) -> None:
    used, at = calendar(place[0], week), near(place[1], offset)
    opening, close = used.next_opening(at), used.previous_close(at)

    assert used.is_open(opening)
    assert used.open_time(at, opening) == timedelta(0)
    assert used.is_open(close - timedelta.resolution)
    assert used.open_time(close, at) == timedelta(0)
    if (closing := used.close_of(at)) is not None:
        assert not used.is_open(closing)
        assert used.open_time(opening, closing) == closing - opening


zones = st.sampled_from(
    ["Europe/Amsterdam", "Africa/Monrovia", "America/New_York", "Asia/Kolkata", "Europe/Dublin", "Pacific/Apia"]
)
history = st.datetimes(datetime(1850, 1, 1), datetime(1975, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001  # bounds


@given(zones, weeks, history)
@laws
def test_old_offsets_with_seconds_are_as_the_wall_says(zone: str, week: str, at: datetime) -> None:
    used = calendar(zone, week)

    assert used.is_open(at) == is_open_by_the_wall(at, zone, week)
    change = used.next_change(at)
    if change is not None:
        before, after = (is_open_by_the_wall(each, zone, week) for each in (change - timedelta.resolution, change))
        assert (before, after) == (used.is_open(at), not used.is_open(at))

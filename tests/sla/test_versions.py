"""Versions: hours that hold from a date, and figures that stay."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import param

from sla.calendar import Calendar
from sla.refusals import BadCalendar, NeverOpen
from sla.segments import Kind
from tests.sla.calendars import at, calendar, hours, spec

OLD = calendar(holidays=[{"date": "2026-02-27", "name": "Old holiday"}, {"date": "2026-03-03", "name": "Dropped"}])
CHANGED = OLD.amended(date(2026, 3, 2), spec("08:00-20:00", holidays=[{"date": "2026-03-04", "name": "New holiday"}]))
CHANGE = at("2026-03-02")
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  # bounds


@given(moments, moments)
def test_figures_before_the_change_stay_as_they_were(one: datetime, other: datetime) -> None:
    start, end = sorted((one, other))

    assert CHANGED.open_time(start, min(end, CHANGE)) == OLD.open_time(start, min(end, CHANGE))


@given(moments, moments)
def test_all_time_is_the_old_hours_and_then_the_new(one: datetime, other: datetime) -> None:
    start, end = sorted((one, other))
    new = calendar("08:00-20:00", holidays=["2026-03-04"])
    before = OLD.open_time(min(start, CHANGE), min(end, CHANGE))
    after = new.open_time(max(start, CHANGE), max(end, CHANGE))

    assert CHANGED.open_time(start, end) == before + after


def test_a_promise_runs_across_the_change() -> None:
    assert CHANGED.after(at("2026-02-26 16:00"), hours(3)) == at("2026-03-02 10:00")


def test_each_holiday_is_of_its_time() -> None:
    named = [CHANGED.holiday_on(day) for day in (date(2026, 2, 27), date(2026, 3, 3), date(2026, 3, 4))]

    assert named == ["Old holiday", None, "New holiday"]


def test_a_night_shift_ends_with_its_version() -> None:
    night = calendar("22:00-06:00").amended(date(2026, 3, 3), spec("09:00-17:00"))

    assert [each.length for each in night.periods(at("2026-03-02 12:00"), at("2026-03-04"))] == [hours(2), hours(8)]


def test_an_office_may_move_to_another_zone() -> None:
    """The change is at midnight where the office moves to."""
    moved = calendar(zone="Europe/London").amended(date(2026, 3, 3), spec(zone="America/New_York"))

    assert moved.close_of(at("2026-03-02 12:00")) == at("2026-03-02 17:00")
    assert moved.close_of(at("2026-03-03 12:00")) == at("2026-03-03 22:00")
    assert moved.zone_at(at("2026-03-03 04:59")).key == "Europe/London"
    assert moved.zone_at(at("2026-03-03 05:00")).key == "America/New_York"


def test_a_change_can_be_written_down_and_read_again() -> None:
    assert Calendar.from_spec(CHANGED.spec) == CHANGED
    assert CHANGED != OLD


def test_an_earlier_change_replaces_the_later_ones() -> None:
    again = CHANGED.amended(date(2026, 2, 2), spec("10:00-12:00"))

    assert again == OLD.amended(date(2026, 2, 2), spec("10:00-12:00"))


def test_versions_share_the_zone_of_the_whole() -> None:
    first = {"weekly_hours": {"mon": [["09:00", "17:00"]]}}
    second = {"weekly_hours": {"mon": [["09:00", "12:00"]]}, "from": "2026-03-02"}

    used = Calendar.from_spec({"timezone": "Asia/Tokyo", "versions": [first, second]})

    assert used.close_of(at("2026-03-01 23:00")) == at("2026-03-02 03:00")


def test_an_office_may_have_been_closed_at_first() -> None:
    used = Calendar.from_spec({"versions": [{"timezone": "UTC", "weekly_hours": {}}, {**spec(), "from": "2026-03-02"}]})

    assert used.next_opening(at("2020-01-01")) == at("2026-03-02 09:00")
    assert [each.kind for each in used.segments(at("2020-01-01"), at("2026-03-02 10:00"))] == [Kind.CLOSED, Kind.OPEN]


def test_an_office_may_not_close_for_good_unnoticed() -> None:
    used = OLD.amended(date(2026, 3, 2), {"timezone": "UTC", "weekly_hours": {}})

    assert used.stops_after == 2026
    with pytest.raises(NeverOpen):
        used.after(at("2026-03-01"), hours(1))


@pytest.mark.parametrize(
    ("versions", "path"),
    [
        param([], ("versions",), id="none"),
        param("2026", ("versions",), id="no list"),
        param([7], ("versions", 0), id="no version"),
        param([{**spec(), "from": "2026-01-01"}], ("versions", 0, "from"), id="the first has no beginning"),
        param([spec(), spec()], ("versions", 1, "from"), id="the second needs one"),
        param(
            [spec(), {**spec(), "from": "2026-01-02"}, {**spec(), "from": "2026-01-02"}],
            ("versions", 2, "from"),
            id="twice",
        ),
        param([spec(), {**spec(), "from": "2026-01-02", "since": 1}], ("versions", 1, "since"), id="a misspelt key"),
        param([spec(), {**spec(zone="X"), "from": "2026-01-02"}], ("versions", 1, "timezone"), id="no such zone"),
        param([spec()] * 101, ("versions",), id="too many"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(versions: object, path: tuple[str | int, ...]) -> None:
    with pytest.raises(BadCalendar) as refused:
        Calendar.from_spec({"versions": versions})

    assert tuple(refused.value.path) == path

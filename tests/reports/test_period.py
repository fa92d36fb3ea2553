"""Periods: days of the tenant's zone as instants, cut without gaps."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from pytest import param

from cases.refusals import BadInput
from reports.period import Stretch, begins_at, period
from settings import Limits
from tests.given import hours

NOW = datetime(2025, 6, 4, 22, 30, tzinfo=UTC)


def days(first: str | None = None, end: str | None = None, zone: str = "UTC", limits: Limits | None = None):
    first_day, end_day = (None if text is None else date.fromisoformat(text) for text in (first, end))
    return period(first_day, end_day, zone, NOW, limits or Limits())


@pytest.mark.parametrize(
    ("asked", "first", "end"),
    [
        param({}, "2025-05-06", "2025-06-05", id="thirty days with today"),
        param({"zone": "Europe/Berlin"}, "2025-05-07", "2025-06-06", id="it is the next day there already"),
        param({"end": "2025-01-31"}, "2025-01-01", "2025-01-31", id="thirty days before the end"),
        param({"first": "2025-06-01"}, "2025-06-01", "2025-06-05", id="until today"),
        param({"first": "2025-06-01", "end": "2025-06-01"}, "2025-06-01", "2025-06-01", id="nothing"),
    ],
)
def test_what_is_left_out_is_the_last_month(asked, first, end):
    found = days(**asked)

    assert (found.first.isoformat(), found.end.isoformat()) == (first, end)


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        param("Europe/Berlin", "2025-03-30", 23, id="clocks are put forward in the night"),
        param("Europe/Berlin", "2025-10-26", 25, id="clocks are put back in the night"),
        param("America/Sao_Paulo", "2018-11-04", 23, id="there is no midnight"),
        param("America/Havana", "2025-11-02", 25, id="there are two midnights"),
        param("Australia/Lord_Howe", "2025-04-06", 24.5, id="half an hour"),
        param("Pacific/Apia", "2011-12-30", 0, id="a day that was left out"),
    ],
)
def test_a_day_is_as_long_as_it_is_there(zone, day, length):
    start = date.fromisoformat(day)
    known = ZoneInfo(zone)

    assert begins_at(start + timedelta(days=1), known) - begins_at(start, known) == hours(length)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Havana", "Pacific/Apia"])
@pytest.mark.parametrize("stretch", Stretch)
@pytest.mark.parametrize(("first", "end"), [("2025-01-15", "2025-11-20"), ("2011-12-01", "2012-01-31")])
def test_stretches_follow_one_another_without_gaps(zone, stretch, first, end):
    whole = days(first, end, zone)
    found = whole.cut(stretch)

    assert (found[0].starts_at, found[-1].ends_at) == (whole.starts_at, whole.ends_at)
    assert all(one.ends_at == other.starts_at for one, other in pairwise(found))
    assert len({one.starts_on for one in found}) == len(found)


def test_weeks_begin_on_monday_and_months_on_the_first_in_the_period_or_not():
    whole = days("2025-05-30", "2025-06-10")

    assert [one.starts_on.isoformat() for one in whole.cut(Stretch.WEEK)] == ["2025-05-26", "2025-06-02", "2025-06-09"]
    assert [one.starts_on.isoformat() for one in whole.cut(Stretch.MONTH)] == ["2025-05-01", "2025-06-01"]
    assert days("2025-05-30", "2025-05-30").cut(Stretch.WEEK) == days("2025-06-02", "2025-06-02").cut(Stretch.DAY) == []


def test_the_longest_period_is_a_setting():
    assert days("2024-05-01", "2025-06-05").first == date(2024, 5, 1)
    for limits, first in ((Limits(), "2024-04-30"), (Limits(report_days=3), "2025-06-01")):
        with pytest.raises(BadInput) as refusal:
            days(first, "2025-06-05", limits=limits)
        assert refusal.value.path == ("from",)

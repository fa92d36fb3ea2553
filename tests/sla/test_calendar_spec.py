"""Specifications: which calendars can be written, and how one is known again."""

from datetime import date

import pytest
from pytest import param

from sla.calendar import AROUND_THE_CLOCK, Calendar
from sla.refusals import BadCalendar
from tests.sla.calendars import at, calendar, spec

NINE_TO_FIVE = calendar()


class TestIdentity:
    def test_the_same_rules_are_the_same_calendar(self) -> None:
        rewritten = {
            "weekly_hours": {
                "fri": [],
                **{day: [("09:00:00", "17:00")] for day in ("fri", "thu", "wed", "tue", "mon")},
            },
            "timezone": "UTC",
        }

        assert Calendar.from_spec(rewritten) == NINE_TO_FIVE
        assert {Calendar.from_spec(rewritten): "found"}[NINE_TO_FIVE] == "found"

    def test_a_name_does_not_change_what_a_calendar_says(self) -> None:
        assert calendar(name="Support").digest == NINE_TO_FIVE.digest

    def test_other_rules_are_another_calendar(self) -> None:
        hours = [calendar("09:00-12:00", "13:00-17:00"), calendar("00:00-24:00"), AROUND_THE_CLOCK, NINE_TO_FIVE]
        others = [*hours, calendar(zone="Europe/London"), calendar(holidays=["2026-03-03"])]

        assert len({each.digest for each in others}) == len(others)

    def test_a_calendar_can_be_written_down_and_read_again(self) -> None:
        holidays = [
            "2026-12-25",
            {"date": "2026-12-28", "through": "2026-12-31", "name": "Shutdown"},
            {"date": "2026-12-24", "hours": [["09:00", "12:00"]]},
            {
                "rrule": "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO",
                "start": "2020-01-01",
                "without": ["2022-05-30"],
                "name": "Spring",
            },
            {"rrule": "FREQ=WEEKLY;COUNT=3", "start": "2026-01-05", "closed": [["09:00", "09:30"]], "days": 2},
            {"from": "2026-06-01T12:00", "to": "2026-06-03T10:00", "name": "Move"},
        ]
        written = calendar(holidays=holidays, name="Support").spec

        again = Calendar.from_spec(written)

        assert (again.spec, again.digest) == (written, calendar(holidays=holidays).digest)


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        param({"timezone": "Mars/Olympus"}, ("timezone",), id="no such zone"),
        param({"timezone": "CEST"}, ("timezone",), id="an abbreviation"),
        param({"timezone": "../etc/passwd"}, ("timezone",), id="a path"),
        param({"timezone": "Europe"}, ("timezone",), id="a continent"),
        param({"timezone": None}, ("timezone",), id="no zone"),
        param({"weekly_hours": None}, ("weekly_hours",), id="no week"),
        param({"weekly_hours": {"monday": []}}, ("weekly_hours", "monday"), id="not a weekday"),
        param({"weekly_hours": {"mon": "09:00-17:00"}}, ("weekly_hours", "mon"), id="not a list"),
        param({"weekly_hours": {"mon": [["09:00"]]}}, ("weekly_hours", "mon", 0), id="not a pair"),
        param({"weekly_hours": {"mon": [["9:00", "17:00"]]}}, ("weekly_hours", "mon", 0, 0), id="one digit"),
        param({"weekly_hours": {"mon": [["09:00", "25:00"]]}}, ("weekly_hours", "mon", 0, 1), id="hour 25"),
        param({"weekly_hours": {"mon": [["09:00", "17:60"]]}}, ("weekly_hours", "mon", 0, 1), id="minute 60"),
        param({"weekly_hours": {"mon": [["09:00", "17:00\n"]]}}, ("weekly_hours", "mon", 0, 1), id="a line end"),
        param({"weekly_hours": {"mon": [["٠٩:00", "17:00"]]}}, ("weekly_hours", "mon", 0, 0), id="other digits"),
        param({"weekly_hours": {"mon": [[9, 17]]}}, ("weekly_hours", "mon", 0, 0), id="numbers"),
        param({"weekly_hours": {"mon": [["24:00", "06:00"]]}}, ("weekly_hours", "mon", 0, 0), id="opening at 24:00"),
        param({"weekly_hours": {"mon": [["09:00", "09:00"]]}}, ("weekly_hours", "mon", 0), id="empty"),
        param(
            {"weekly_hours": {"mon": [["09:00", "12:00"], ["11:00", "17:00"]]}},
            ("weekly_hours", "mon", 1),
            id="overlap",
        ),
        param({"weekly_hours": {"mon": [["17:00", "09:00"], ["08:00", "10:00"]]}}, None, id="reversed is a night"),
        param(
            {"weekly_hours": {"mon": [["22:00", "06:00"]], "tue": [["05:00", "09:00"]]}},
            ("weekly_hours", "tue", 0),
            id="overlap over midnight",
        ),
        param(
            {"weekly_hours": {"sun": [["22:00", "06:00"]], "mon": [["05:00", "09:00"]]}},
            ("weekly_hours", "mon", 0),
            id="overlap from Sunday to Monday",
        ),
        param({"weekly_hours": {"mon": [["17:00", "09:00"]] * 13}}, ("weekly_hours", "mon"), id="too many"),
        param({"holidays": "2026-12-25"}, ("holidays",), id="holidays are a list"),
        param({"holidays": ["2026-12-25"] * 5001}, ("holidays",), id="too many holidays"),
        param({"holiday": ["2026-12-25"]}, ("holiday",), id="a misspelt key"),
        param({"time_zone": "UTC"}, ("time_zone",), id="another misspelt key"),
        param({"name": 7}, ("name",), id="a name that is none"),
        param({"versions": []}, ("holidays",), id="hours beside versions"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(
    wrong: dict[str, object], path: tuple[str | int, ...] | None
) -> None:
    if path is None:
        assert Calendar.from_spec(spec() | wrong).is_open(at("2026-03-03 08:59"))
        return
    with pytest.raises(BadCalendar) as refused:
        Calendar.from_spec(spec() | wrong)

    assert tuple(refused.value.path) == path


@pytest.mark.parametrize(
    "more",
    [
        param(
            {"id": "bt-1", "op": "add", "start": "2026-03-02T09:00:00Z", "expected": None, "note": ""}, id="a vector"
        ),
        param({"description": "Our office"}, id="what it is for"),
        param({"holidays": None}, id="no holidays"),
    ],
)
def test_what_stands_beside_a_calendar_is_no_part_of_it(more: dict[str, object]) -> None:
    assert Calendar.from_spec(spec() | more) == NINE_TO_FIVE


def test_a_holiday_may_be_a_date() -> None:
    assert Calendar.from_spec(spec(holidays=[date(2026, 12, 25)])) == Calendar.from_spec(spec(holidays=["2026-12-25"]))

"""Holidays: what they close, what they open, and which one speaks."""

from datetime import date

import pytest
from pytest import param

from sla.calendar import Calendar
from sla.refusals import BadCalendar
from tests.sla.calendars import EVERY_DAY, at, calendar, hours, spec, weekly

ENGLAND = [
    {"rrule": "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1", "name": "New Year's Day"},
    {"rrule": "FREQ=YEARLY;BYEASTER=-2", "name": "Good Friday"},
    {"rrule": "FREQ=YEARLY;BYEASTER=1", "name": "Easter Monday"},
    {"rrule": "FREQ=YEARLY;BYMONTH=5;BYDAY=1MO", "name": "Early May bank holiday", "without": ["2020-05-04"]},
    {"date": "2020-05-08", "name": "Early May bank holiday (VE day)"},
    {"rrule": "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO", "name": "Spring bank holiday", "without": ["2022-05-30"]},
    {"date": "2022-06-02", "name": "Spring bank holiday"},
    {"rrule": "FREQ=YEARLY;BYMONTH=8;BYDAY=-1MO", "name": "Summer bank holiday"},
    {"rrule": "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", "name": "Christmas Day", "days": 2},
]


def open_on(used: Calendar, day: str) -> list[str]:
    """When it is open on a date of UTC: `["09:00-17:00"]`."""
    start = at(day)
    return [f"{each.start:%H:%M}-{each.end:%H:%M}" for each in used.periods(start, start + hours(24))]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        param("2026-05-25", "Spring bank holiday", id="the last Monday of May"),
        param("2027-05-31", "Spring bank holiday", id="and of the next"),
        param("2022-05-30", None, id="moved away for the jubilee"),
        param("2022-06-02", "Spring bank holiday", id="moved there"),
        param("2020-05-08", "Early May bank holiday (VE day)", id="moved to a Friday"),
        param("2020-05-04", None, id="moved from the Monday"),
        param("2026-04-03", "Good Friday", id="Good Friday"),
        param("2026-04-06", "Easter Monday", id="Easter Monday"),
        param("2026-08-31", "Summer bank holiday", id="the last Monday of August"),
        param("2026-12-26", "Christmas Day", id="the second day"),
        param("2026-12-27", None, id="not a third"),
        param("1990-12-25", "Christmas Day", id="also in the past"),
    ],
)
def test_bank_holidays_of_england(day: str, name: str | None) -> None:
    assert calendar(zone="Europe/London", holidays=ENGLAND).holiday_on(date.fromisoformat(day)) == name


@pytest.mark.parametrize(
    ("holiday", "expected"),
    [
        param("2026-03-03", [], id="a date is a day off"),
        param({"date": "2026-03-03", "hours": []}, [], id="no hours are a day off"),
        param({"date": "2026-03-03", "hours": [["10:00", "20:00"]]}, ["10:00-20:00"], id="hours replace the weekday's"),
        param(
            {"date": "2026-03-03", "closed": [["12:00", "13:00"]]}, ["09:00-12:00", "13:00-17:00"], id="closed at noon"
        ),
        param({"date": "2026-03-03", "closed": [["16:00", "09:30"]]}, ["09:00-16:00"], id="closed into the next day"),
        param({"date": "2026-03-02", "closed": [["16:00", "09:30"]]}, ["09:30-17:00"], id="closed since the eve"),
        param({"from": "2026-03-02T13:00", "to": "2026-03-03T10:00"}, ["10:00-17:00"], id="until ten"),
        param({"from": "2026-03-03T13:00", "to": "2026-03-05T10:00"}, ["09:00-13:00"], id="from one o'clock"),
        param({"from": "2026-03-02T13:00", "to": "2026-03-04T10:00"}, [], id="throughout"),
        param({"from": "2026-03-02T13:00", "to": "2026-03-03T00:00"}, ["09:00-17:00"], id="until midnight before"),
        param({"date": "2026-03-01", "through": "2026-03-03"}, [], id="the last of several days"),
        param({"date": "2026-03-01", "through": "2026-03-02"}, ["09:00-17:00"], id="the day after several days"),
        param({"rrule": "FREQ=WEEKLY;BYDAY=TU", "hours": [["09:00", "12:00"]]}, ["09:00-12:00"], id="hours by a rule"),
        param({"rrule": "FREQ=WEEKLY;BYDAY=MO", "days": 2}, [], id="the second day of a rule"),
        param({"rrule": "FREQ=WEEKLY;BYDAY=TU", "without": ["2026-03-03"]}, ["09:00-17:00"], id="taken out of a rule"),
        param({"rrule": "FREQ=WEEKLY;BYDAY=TU", "start": "2026-03-04"}, ["09:00-17:00"], id="before a rule begins"),
    ],
)
def test_a_tuesday_with_a_holiday(holiday: object, expected: list[str]) -> None:
    assert open_on(calendar(holidays=[holiday]), "2026-03-03") == expected


def test_a_date_speaks_before_a_rule() -> None:
    used = calendar(holidays=[{"rrule": "FREQ=WEEKLY;BYDAY=TU"}, {"date": "2026-03-03", "hours": [["09:00", "10:00"]]}])

    assert open_on(used, "2026-03-03") == ["09:00-10:00"]


def test_a_date_speaks_alone() -> None:
    """A rule takes nothing away from hours that were written down for the very date."""
    weekly_meeting = {"rrule": "FREQ=WEEKLY;BYDAY=TU", "closed": [["09:00", "12:00"]]}
    used = calendar(holidays=[weekly_meeting, {"date": "2026-03-03", "hours": [["09:00", "10:00"]]}])

    assert open_on(used, "2026-03-03") == ["09:00-10:00"]
    assert open_on(used, "2026-03-10") == ["12:00-17:00"]


def test_a_holiday_can_open_a_closed_day() -> None:
    used = calendar(holidays=[{"date": "2026-03-07", "hours": [["10:00", "14:00"]], "name": "Stocktaking"}])

    assert open_on(used, "2026-03-07") == ["10:00-14:00"]
    assert used.holiday_on(date(2026, 3, 7)) == "Stocktaking"


def test_two_holidays_on_a_date_take_both_their_parts() -> None:
    used = calendar(
        holidays=[
            {"date": "2026-03-03", "closed": [["09:00", "10:00"]]},
            {"date": "2026-03-03", "closed": [["12:00", "13:00"]], "name": "Drill"},
        ]
    )

    assert open_on(used, "2026-03-03") == ["10:00-12:00", "13:00-17:00"]
    assert used.holiday_on(date(2026, 3, 3)) == "Drill"


class TestNightShifts:
    """Shifts from 22:00 to 06:00 every day; Tuesday 3 March is a holiday."""

    def nights(self, holiday: object) -> Calendar:
        return weekly({day: [["22:00", "06:00"]] for day in EVERY_DAY}, holidays=[holiday])

    def test_a_day_off_is_closed_from_midnight_to_midnight(self) -> None:
        assert open_on(self.nights("2026-03-03"), "2026-03-03") == []

    def test_the_shift_that_would_begin_on_a_day_off_does_not_run(self) -> None:
        assert open_on(self.nights("2026-03-03"), "2026-03-04") == ["22:00-00:00"]

    def test_holiday_hours_may_run_over_midnight_too(self) -> None:
        used = self.nights({"date": "2026-03-03", "hours": [["20:00", "03:00"]]})

        assert open_on(used, "2026-03-03") == ["20:00-00:00"]
        assert open_on(used, "2026-03-04") == ["00:00-03:00", "22:00-00:00"]

    def test_being_closed_for_a_while_leaves_the_rest_of_the_night(self) -> None:
        used = self.nights({"date": "2026-03-03", "closed": [["23:00", "01:00"]]})

        assert open_on(used, "2026-03-03") == ["00:00-06:00", "22:00-23:00"]
        assert open_on(used, "2026-03-04") == ["01:00-06:00", "22:00-00:00"]


@pytest.mark.parametrize(
    ("holiday", "path"),
    [
        param(7, (), id="a number"),
        param("2026-02-30", ("date",), id="30 February"),
        param("20260303T09", ("date",), id="a time"),
        param("0001-01-01", ("date",), id="the year 1"),
        param({}, (), id="no date"),
        param({"from": "2026-03-03T09:00"}, (), id="no end"),
        param({"from": "2026-03-03T09:00", "to": "2026-03-03T09:00"}, ("to",), id="no length"),
        param({"from": "2026-03-03T09:00", "to": "2028-03-03T09:00"}, ("to",), id="too long"),
        param({"from": "2026-03-03T09:00Z", "to": "2026-03-03T10:00"}, ("from",), id="a zone of its own"),
        param({"from": "2026-03-03T09:00", "to": "2026-03-03T10:00", "hours": []}, ("hours",), id="from, to and hours"),
        param({"date": "2026-03-03", "to": "2026-03-04"}, ("to",), id="two shapes"),
        param({"date": "2026-03-03", "through": "2026-03-02"}, ("through",), id="reversed"),
        param({"date": "2026-03-03", "until": "2026-03-04"}, ("until",), id="a misspelt key"),
        param({"date": "2026-03-03", "hours": [["10:00", "12:00"], ["11:00", "13:00"]]}, ("hours", 1), id="overlap"),
        param({"date": "2026-03-03", "closed": []}, ("closed",), id="closed when?"),
        param({"date": "2026-03-03", "closed": [["10:00", "12:00"]], "hours": []}, ("closed",), id="hours and closed"),
        param({"date": "2026-03-03", "name": "x" * 201}, ("name",), id="a long name"),
        param({"date": "2026-03-03", "name": 7}, ("name",), id="a name that is none"),
        param({"rrule": "FREQ=WEEKLY"}, ("rrule",), id="a rule without a start"),
        param({"rrule": "FREQ=WEEKLY;BYDAY=TU", "start": "soon"}, ("start",), id="a start that is none"),
        param({"rrule": "FREQ=WEEKLY;BYDAY=TU", "days": 0}, ("days",), id="no days"),
        param({"rrule": "FREQ=WEEKLY;BYDAY=TU", "days": True}, ("days",), id="true days"),
        param({"rrule": "FREQ=WEEKLY;BYDAY=TU", "without": "2026-03-03"}, ("without",), id="no list"),
        param({"rrule": "FREQ=WEEKLY;BYDAY=TU", "without": ["x"]}, ("without", 0), id="no date in the list"),
    ],
)
def test_what_is_no_holiday_is_refused_with_its_place(holiday: object, path: tuple[str | int, ...]) -> None:
    with pytest.raises(BadCalendar) as refused:
        Calendar.from_spec(spec(holidays=["2026-12-25", holiday]))

    assert tuple(refused.value.path) == ("holidays", 1, *path)


def test_one_date_cannot_have_different_hours() -> None:
    with pytest.raises(BadCalendar) as refused:
        calendar(
            holidays=["2026-03-03", {"date": "2026-03-01", "through": "2026-03-05", "hours": [["10:00", "12:00"]]}]
        )

    assert refused.value.path == ("holidays", 1)


def test_rules_are_bounded() -> None:
    with pytest.raises(BadCalendar):
        calendar(holidays=[{"rrule": "FREQ=WEEKLY;BYDAY=TU"}] * 101)

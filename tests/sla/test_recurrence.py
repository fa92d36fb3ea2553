"""Recurrence rules, held against dateutil's."""

from datetime import date, datetime

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import param

from sla.recurrence import read_recurrence
from sla.refusals import BadCalendar

RULES = [
    "FREQ=YEARLY",
    "FREQ=YEARLY;INTERVAL=3",
    "FREQ=YEARLY;BYMONTH=3",
    "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO",
    "FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR",
    "FREQ=YEARLY;BYDAY=20MO",
    "FREQ=YEARLY;BYDAY=-20MO,3TU",
    "FREQ=YEARLY;BYDAY=MO,SU;BYSETPOS=1,-3",
    "FREQ=YEARLY;BYEASTER=-2",
    "FREQ=YEARLY;BYEASTER=0,1,39,50",
    "FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO",
    "FREQ=YEARLY;BYWEEKNO=53;BYDAY=TU",
    "FREQ=YEARLY;BYWEEKNO=-1;BYDAY=TU",
    "FREQ=YEARLY;BYYEARDAY=-1,100",
    "FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYMONTHDAY=1",
    "FREQ=YEARLY;COUNT=4",
    "FREQ=YEARLY;UNTIL=20301225",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYMONTH=3",
    "FREQ=MONTHLY;INTERVAL=5",
    "FREQ=MONTHLY;INTERVAL=7;BYDAY=2TU",
    "FREQ=MONTHLY;BYDAY=-2FR",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1",
    "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=9",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;INTERVAL=2",
    "FREQ=WEEKLY;INTERVAL=2;BYMONTH=3",
    "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,SU;WKST=SU",
    "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,SU;WKST=MO",
    "FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=-1",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=30",
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=11",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=DAILY;INTERVAL=3;COUNT=400",
]


@pytest.mark.parametrize("rule", RULES)
@given(start=st.dates(date(1995, 1, 1), date(2029, 12, 31)))
@settings(max_examples=12, deadline=None)
def test_a_rule_holds_on_the_dates_that_dateutil_finds(rule: str, start: date) -> None:
    midnight = datetime(start.year, start.month, start.day)  # noqa: DTZ001  # dates
    last = datetime(start.year + 9, 12, 31)  # noqa: DTZ001  # the same
    expected = [at.date() for at in rrulestr(rule, dtstart=midnight).between(midnight, last, inc=True)]

    found = read_recurrence(rule, (), start).dates(date(1990, 1, 1), last.date())

    assert list(found) == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        param("FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO", "2026-05-25", id="last Monday of May"),
        param("FREQ=YEARLY;BYMONTH=8;BYDAY=-1MO", "2026-08-31", id="last Monday of August"),
        param("FREQ=YEARLY;BYEASTER=-2", "2026-04-03", id="Good Friday"),
        param("RRULE:FREQ=YEARLY;BYEASTER=1", "2026-04-06", id="Easter Monday, as a feed writes it"),
        param("freq=yearly;bymonth=11;byday=4th", "2026-11-26", id="Thanksgiving, in small letters"),
    ],
)
def test_a_rule_that_needs_no_start_holds_in_every_year(rule: str, expected: str) -> None:
    found = read_recurrence(rule, ()).dates(date(2026, 1, 1), date(2026, 12, 31))

    assert [day.isoformat() for day in found] == [expected]


def test_dates_taken_out_still_count() -> None:
    rule = read_recurrence("FREQ=YEARLY;COUNT=3", (), date(2026, 5, 1), [date(2027, 5, 1)])

    assert [day.year for day in rule.dates(date(2020, 1, 1), date(2040, 1, 1))] == [2026, 2028]
    assert rule.last == date(2028, 5, 1)


def test_a_rule_that_never_holds_is_no_trouble() -> None:
    """dateutil searches until the year 9999."""
    never = read_recurrence("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5", (), date(2026, 1, 1))

    assert list(never.dates(date(2026, 1, 1), date(2126, 1, 1))) == []


@pytest.mark.parametrize(
    "rule",
    [
        param(None, id="nothing"),
        param("", id="empty"),
        param("FREQ=HOURLY", id="by the hour"),
        param("FREQ=YEARLY", id="leaves its date to a start that it has not"),
        param("FREQ=MONTHLY;BYMONTH=3", id="the same, by the month"),
        param("FREQ=WEEKLY", id="the same, by the week"),
        param("FREQ=DAILY;INTERVAL=2", id="every other day since when?"),
        param("FREQ=DAILY;COUNT=2", id="the first two days since when?"),
        param("FREQ=YEARLY;BYMONTH=13;BYMONTHDAY=1", id="month 13"),
        param("FREQ=YEARLY;BYMONTH=0;BYMONTHDAY=1", id="month 0"),
        param("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=32", id="day 32"),
        param("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1.5", id="half a day"),
        param("FREQ=YEARLY;BYDAY=MONDAY", id="a whole word"),
        param("FREQ=WEEKLY;BYDAY=2MO", id="the second Monday of a week"),
        param("FREQ=YEARLY;BYWEEKNO=1", id="a whole week"),
        param("FREQ=MONTHLY;BYDAY=54MO", id="the 54th"),
        param("FREQ=DAILY;INTERVAL=0", id="no interval"),
        param("FREQ=DAILY;INTERVAL=99999999999999999999", id="an endless interval"),
        param("FREQ=DAILY;UNTIL=tomorrow", id="until when?"),
        param("FREQ=DAILY;UNTIL=20260230", id="until 30 February"),
        param("FREQ=DAILY;COUNT=3;UNTIL=20260201", id="two ends"),
        param("FREQ=DAILY;FREQ=WEEKLY", id="twice"),
        param("FREQ=DAILY;BYHOUR=9", id="an hour"),
        param("FREQ=DAILY;WKST=XX", id="no weekday"),
        param("FREQ=DAILY;" + "BYMONTH=1;" * 100, id="long"),
    ],
)
def test_what_is_no_rule_of_dates_is_refused(rule: object) -> None:
    with pytest.raises(BadCalendar) as refused:
        read_recurrence(rule, ("holidays", 3, "rrule"))

    assert refused.value.path == ("holidays", 3, "rrule")


@pytest.mark.parametrize("count", ["0", "1001", "-1", "many"])
def test_a_count_is_bounded(count: str) -> None:
    with pytest.raises(BadCalendar):
        read_recurrence(f"FREQ=DAILY;COUNT={count}", (), date(2026, 1, 1))

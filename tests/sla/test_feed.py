"""Feeds: iCalendar files of other people, read with suspicion."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from pytest import param

from sla.feed import Looks, read_feed
from sla.refusals import BadCalendar
from tests.sla.calendars import EVERY_DAY, at, calendar, hours

LONDON = ZoneInfo("Europe/London")


def feed(*events: str) -> str:
    """An iCalendar file; the lines of an event are separated by bars."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"]
    for number, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{number}", *event.split(" | "), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


@pytest.mark.parametrize(
    ("event", "holiday"),
    [
        param(
            "DTSTART;VALUE=DATE:20261225 | SUMMARY:Christmas Day",
            {"date": "2026-12-25", "name": "Christmas Day"},
            id="a date",
        ),
        param(
            "DTSTART;VALUE=DATE:20261225 | DTEND;VALUE=DATE:20261226",
            {"date": "2026-12-25"},
            id="the end is not included",
        ),
        param(
            "DTSTART;VALUE=DATE:20261225 | DTEND;VALUE=DATE:20261228",
            {"date": "2026-12-25", "through": "2026-12-27"},
            id="several dates",
        ),
        param(
            "DTSTART;VALUE=DATE:20261225 | DURATION:P2D",
            {"date": "2026-12-25", "through": "2026-12-26"},
            id="a duration",
        ),
        param(
            "DTSTART:20260601T120000Z | DTEND:20260601T140000Z",
            {"from": "2026-06-01T13:00:00", "to": "2026-06-01T15:00:00"},
            id="a time, moved to our zone",
        ),
        param(
            "DTSTART:20260601T120000 | DURATION:PT90M",
            {"from": "2026-06-01T12:00:00", "to": "2026-06-01T13:30:00"},
            id="a time on any wall",
        ),
        param(
            "DTSTART;VALUE=DATE:20200525 | RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO",
            {"rrule": "FREQ=YEARLY;BYDAY=-1MO;BYMONTH=5", "start": "2020-05-25"},
            id="a rule",
        ),
        param(
            "DTSTART;VALUE=DATE:20201225 | DTEND;VALUE=DATE:20201227 | RRULE:FREQ=YEARLY",
            {"rrule": "FREQ=YEARLY", "start": "2020-12-25", "days": 2},
            id="a rule of two days",
        ),
        param(
            "DTSTART;VALUE=DATE:20201225 | RRULE:FREQ=YEARLY | EXDATE;VALUE=DATE:20211225,20221225",
            {"rrule": "FREQ=YEARLY", "start": "2020-12-25", "without": ["2021-12-25", "2022-12-25"]},
            id="dates taken out",
        ),
        param(
            "DTSTART;TZID=Europe/London:20260105T120000 | DURATION:PT1H | RRULE:FREQ=WEEKLY;BYDAY=MO",
            {"rrule": "FREQ=WEEKLY;BYDAY=MO", "start": "2026-01-05", "closed": [["12:00:00", "13:00:00"]]},
            id="closed at noon every Monday",
        ),
    ],
)
def test_an_event_becomes_a_holiday(event: str, holiday: dict[str, object]) -> None:
    (entry,) = read_feed(feed(event), LONDON).entries

    assert entry.holiday == holiday


def test_a_feed_makes_a_calendar() -> None:
    text = feed(
        "DTSTART;VALUE=DATE:20200525 | RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO | SUMMARY:Spring bank holiday",
        "DTSTART;VALUE=DATE:20260602 | SUMMARY:Mother's Day",
        "DTSTART:20260603T110000Z | DTEND:20260603T120000Z | SUMMARY:Fire drill",
    )

    used = calendar(zone="Europe/London", holidays=read_feed(text, LONDON).days_off)

    assert used.holiday_on(date(2026, 5, 25)) == "Spring bank holiday"
    assert used.holiday_on(date(2026, 6, 2)) is None
    assert used.open_time(at("2026-06-03"), at("2026-06-04")) == hours(7)


@pytest.mark.parametrize(
    ("event", "looks"),
    [
        param("SUMMARY:Christmas Day", Looks.DAY_OFF, id="nothing says otherwise"),
        param("SUMMARY:Valentine's Day", Looks.OBSERVANCE, id="by its name"),
        param("SUMMARY:Daylight Saving Time starts", Looks.OBSERVANCE, id="by its name, in capitals"),
        param(
            "SUMMARY:Easter | DESCRIPTION:Observance\\nTo hide observances", Looks.OBSERVANCE, id="by its description"
        ),
        param(
            "SUMMARY:Mother's Day | DESCRIPTION:Public holiday",
            Looks.DAY_OFF,
            id="its description knows better",
        ),
        param("SUMMARY:Flag Day | CATEGORIES:Observance", Looks.OBSERVANCE, id="by its category"),
        param("SUMMARY:Tax Day | CATEGORIES:Holidays", Looks.DAY_OFF, id="its category knows better"),
    ],
)
def test_observances_are_told_from_days_off(event: str, looks: Looks) -> None:
    (entry,) = read_feed(feed(f"DTSTART;VALUE=DATE:20260601 | {event}"), LONDON).entries

    assert entry.looks is looks
    assert bool(entry.why) == (looks is Looks.OBSERVANCE)


def test_cancelled_events_are_left_out() -> None:
    assert read_feed(feed("DTSTART;VALUE=DATE:20260601 | STATUS:CANCELLED"), LONDON).entries == ()


def test_a_moved_occurrence_moves() -> None:
    text = (
        feed(
            "UID:x | DTSTART;VALUE=DATE:20200504 | RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=1MO | SUMMARY:Early May",
            "UID:x | DTSTART;VALUE=DATE:20200508 | RECURRENCE-ID;VALUE=DATE:20200504 | SUMMARY:VE day",
        )
        .replace("UID:0\r\n", "")
        .replace("UID:1\r\n", "")
    )

    used = calendar(holidays=read_feed(text, LONDON).days_off)

    assert [used.holiday_on(date(2020, 5, day)) for day in (4, 8)] == [None, "VE day"]


@pytest.mark.parametrize(
    "event",
    [
        param("DTSTART:yesterday | SUMMARY:x", id="no date"),
        param("SUMMARY:x", id="no start"),
        param("DTSTART;VALUE=DATE:20260601 | RRULE:FREQ=HOURLY | SUMMARY:x", id="every hour"),
        param(
            "DTSTART;TZID=Asia/Tokyo:20260601T120000 | DURATION:PT1H | RRULE:FREQ=DAILY | SUMMARY:x",
            id="repeated by another wall",
        ),
        param(
            "DTSTART:20260601T120000 | DURATION:P2D | RRULE:FREQ=DAILY | SUMMARY:x", id="repeated and longer than a day"
        ),
        param("DTSTART:20260601T120000 | SUMMARY:x", id="no length"),
        param("DTSTART;VALUE=DATE:20260601 | DTEND:20260602T120000Z | SUMMARY:x", id="from a date to a time"),
    ],
)
def test_what_cannot_be_a_holiday_is_listed_and_does_not_hide_the_rest(event: str) -> None:
    found = read_feed(feed(event, "DTSTART;VALUE=DATE:20261225"), LONDON)

    assert [skipped.name for skipped in found.skipped] == ["x"]
    assert [entry.holiday for entry in found.entries] == [{"date": "2026-12-25"}]


@pytest.mark.parametrize(
    "text",
    [
        param("", id="nothing"),
        param(b"\xff\xfe\x00", id="bytes"),
        param("<html>", id="a page"),
        param("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", id="half a file"),
        param("x" * 2_000_001, id="a huge file"),
        param(feed(*["DTSTART;VALUE=DATE:20260601"] * 5001), id="too many events"),
    ],
)
def test_what_is_no_feed_is_refused(text: str | bytes) -> None:
    with pytest.raises(BadCalendar):
        read_feed(text, LONDON)


def test_a_feed_may_close_every_day_and_is_then_refused_by_the_calendar() -> None:
    found = read_feed(feed("DTSTART;VALUE=DATE:20200101 | RRULE:FREQ=DAILY | SUMMARY:Closed"), LONDON)

    assert calendar(days=EVERY_DAY, holidays=found.days_off).stops_after == 2019

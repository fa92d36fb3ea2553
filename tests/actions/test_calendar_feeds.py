"""Holidays that come as an iCalendar file, as public holiday calendars publish them."""

from typing import Any

import pytest
from pytest import param

from actions import calendars
from cases.refusals import BadInput
from cases.vocabulary import Role
from models.database import Database
from models.sla import Calendar
from tests import given
from tests.sla.test_feed import feed

WEEK = {"timezone": "Europe/London", "weekly_hours": {"fri": [["09:00", "17:00"]]}}
CHRISTMAS = "DTSTART;VALUE=DATE:20261225 | SUMMARY:Christmas Day"
VALENTINE = "DTSTART;VALUE=DATE:20260214 | SUMMARY:Valentine's Day"


async def saved(hours: dict[str, Any], text: str, calendar: Calendar | None = None) -> Calendar:
    lead = await given.viewer(Role.ADMIN)
    rows = await given.done(
        calendars.save_calendar, by=lead, name="Office", hours=hours, holiday_feed=text, calendar=calendar
    )
    made: Calendar = rows["calendar"]
    return made


async def test_days_off_of_a_feed_become_holidays(database: Database):
    own = {"date": "2026-12-24"}
    calendar = await saved({**WEEK, "holidays": [own]}, feed(CHRISTMAS, VALENTINE))

    assert calendar.spec["holidays"] == [own, {"date": "2026-12-25", "name": "Christmas Day"}]


async def test_the_same_feed_again_is_no_other_version(database: Database):
    calendar = await saved(WEEK, feed(CHRISTMAS))
    again = await saved(calendar.spec, feed(CHRISTMAS), calendar)

    assert again.version == 1


@pytest.mark.parametrize(
    ("hours", "text"),
    [param(WEEK, "no feed", id="another file"), param({"versions": [WEEK]}, feed(CHRISTMAS), id="dated versions")],
)
async def test_a_feed_that_cannot_be_taken_is_declined_at_its_place(database: Database, hours: Any, text: str):
    with pytest.raises(BadInput) as refused:
        await saved(hours, text)

    assert refused.value.path == ("holiday_feed",)

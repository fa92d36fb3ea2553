"""Calendars and instants for the tests of business time."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from sla.calendar import Calendar

WORKDAYS: Final = ("mon", "tue", "wed", "thu", "fri")
EVERY_DAY: Final = (*WORKDAYS, "sat", "sun")


def spec(
    *spans: str, days: tuple[str, ...] = WORKDAYS, zone: str = "UTC", holidays: object = (), **more: object
) -> dict[str, object]:
    """`spec("09:00-12:00", "13:00-17:00")`: these hours on each of `days`; nine to five if none are given."""
    hours = [span.split("-") for span in spans or ("09:00-17:00",)]
    return {"timezone": zone, "weekly_hours": dict.fromkeys(days, hours), "holidays": holidays, **more}


def calendar(
    *spans: str, days: tuple[str, ...] = WORKDAYS, zone: str = "UTC", holidays: object = (), **more: object
) -> Calendar:
    return Calendar.from_spec(spec(*spans, days=days, zone=zone, holidays=holidays, **more))


def weekly(hours: Mapping[str, list[list[str]]], zone: str = "UTC", holidays: object = ()) -> Calendar:
    return Calendar.from_spec({"timezone": zone, "weekly_hours": hours, "holidays": holidays})


def at(text: str) -> datetime:
    """`at("2026-03-02 09:00")` in UTC; with an offset, that."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)

"""Clocks: what the passing of time has made of stored ones since they were written, by their calendars."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from actions.policies import policy_of
from cases.refusals import BadInput
from models.fields import UtcDateTimeField
from sla.calendar import AROUND_THE_CLOCK, Calendar

_instant = UtcDateTimeField()


async def calendar_of(row: Mapping[str, Any]) -> Calendar:
    """The calendar of a row with `policy_version_id` and `calendar_key`, as the driver gives it."""
    key = row["calendar_key"]
    if not key:
        return AROUND_THE_CLOCK
    policy = await policy_of(UUID(str(row["policy_version_id"])))
    return policy.calendars.get(key, AROUND_THE_CLOCK)


async def open_time_since(row: Mapping[str, Any], column: str, now: datetime) -> timedelta:
    """The open time from the instant in `column` until now."""
    return (await calendar_of(row)).open_time(instant(row[column]), now)


async def projected_fail_at(row: Mapping[str, Any], now: datetime) -> datetime | None:
    """When a paused clock would fall due if it were resumed now; null if its calendar does not open that long."""
    left = timedelta(microseconds=int(row["target_microseconds"]) - int(row["active_microseconds"]))
    try:
        return (await calendar_of(row)).after(now, left) if left > timedelta(0) else now
    except BadInput:
        return None


def instant(raw: Any) -> datetime:
    """An instant as the driver gives it, which is there."""
    value = _instant.to_python_value(raw)
    assert value is not None
    return value

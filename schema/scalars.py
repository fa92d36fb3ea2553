"""Scalars: how values that JSON has no word for are written."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, NewType
from zoneinfo import ZoneInfo

import strawberry

from cases.refusals import BadInput

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_DURATION = re.compile(
    r"P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,8})H)?(?:(\d{1,9})M)?(?:(\d{1,10}(?:\.\d{1,6})?)S)?)?"
)


def write_instant(instant: datetime) -> str:
    """RFC 3339 in UTC with `Z`, with a fraction only if there is one."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_instant(value: Any) -> datetime:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise BadInput("A DateTime is written as in 2026-03-02T09:00:00Z, with an offset.")
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput("There is no such instant.") from None


def read_date(value: Any) -> date:
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise BadInput("A Date is written as in 2026-03-02.")


def write_duration(span: timedelta) -> str:
    """ISO 8601 in hours, minutes and seconds; a negative span begins with a minus sign."""
    microseconds = abs(span) // timedelta(microseconds=1)
    seconds, fraction = divmod(microseconds, 1_000_000)
    hours, rest = divmod(seconds, 3600)
    minutes, whole = divmod(rest, 60)
    second_text = f"{whole}.{fraction:06}".rstrip("0") if fraction else f"{whole}"
    parts = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes) + f"{second_text}S" * (second_text != "0")
    return ("-" if span < timedelta() else "") + "PT" + (parts or "0S")


def read_duration(value: Any) -> timedelta:
    match = _DURATION.fullmatch(value) if isinstance(value, str) and len(value) <= 64 else None
    if match is None or not any(match.groups()) or value.endswith("T"):
        raise BadInput("A Duration is written as in PT1H30M (ISO 8601, without years and months).")
    weeks, days, hours, minutes, seconds = (float(part) if part else 0.0 for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def read_zone(value: Any) -> str:
    try:
        if isinstance(value, str) and 0 < len(value) <= 64:
            return ZoneInfo(value).key
    except (ValueError, OSError, LookupError):
        pass
    raise BadInput("A TimeZone is a name of the IANA time zone database, such as Europe/Berlin.")


TimeZone = NewType("TimeZone", str)

SCALARS: dict[object, Any] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant as in RFC 3339. Given in UTC, with `Z`; taken with any offset, but never without one.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=write_instant,
        parse_value=read_instant,
    ),
    date: strawberry.scalar(
        name="Date", description="A day of the calendar, `2026-03-02`.", serialize=date.isoformat, parse_value=read_date
    ),
    timedelta: strawberry.scalar(
        name="Duration",
        description="A span of time as in ISO 8601, without years and months: `PT1H30M`.",
        serialize=write_duration,
        parse_value=read_duration,
    ),
    TimeZone: strawberry.scalar(
        name="TimeZone",
        description="A name of the IANA time zone database.",
        serialize=str,
        parse_value=read_zone,
    ),
}

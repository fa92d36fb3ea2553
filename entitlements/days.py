"""Days: the dates of a contract as instants, and the pools into which its periods divide it.

A pool is named by its first date. Periods are counted from the start date, so that one which began on the 31st begins
on the last of shorter months and on the 31st again.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from entitlements.terms import Terms
from entitlements.vocabulary import Period

STEP_BY_PERIOD: Final = {
    Period.MONTH: relativedelta(months=1),
    Period.QUARTER: relativedelta(months=3),
    Period.YEAR: relativedelta(years=1),
}


def begins_at(day: date, zone: str) -> datetime:
    """The first instant of a date, in UTC.

    Where daylight saving skips midnight it is the first one after the gap: `fold=0` reads a skipped wall time with the
    offset from before the gap (PEP 495).
    """
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def starts_at(terms: Terms) -> datetime:
    """From when the contract holds."""
    return begins_at(terms.starts_on, terms.zone)


def ends_at(terms: Terms) -> datetime:
    """Until when the contract holds: the end of its last date."""
    return begins_at(terms.ends_on + timedelta(days=1), terms.zone)


def pools(terms: Terms) -> Iterator[date]:
    """The pools of a contract in order, each by its first date."""
    yield terms.starts_on
    if terms.period is Period.ONCE:
        return
    step = STEP_BY_PERIOD[terms.period]
    for number in count(1):
        day = terms.starts_on + step * number
        if day > terms.ends_on:
            return
        yield day


def pool_at(terms: Terms, at: datetime) -> date:
    """The pool from which is drawn at `at`; before the contract its first, after it its last."""
    today = at.astimezone(ZoneInfo(terms.zone)).date()
    found = terms.starts_on
    for pool in pools(terms):
        if pool > today:
            break
        found = pool
    return found


def pool_ends_on(terms: Terms, pool: date) -> date:
    """The last date of a pool."""
    following = next((day for day in pools(terms) if day > pool), None)
    return terms.ends_on if following is None else following - timedelta(days=1)

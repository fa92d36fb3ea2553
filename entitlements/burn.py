"""Burn: how many hours of an entitlement some work takes.

Work burns at the rate of what was worked on, and at another after hours. Exact until the end: fractions, rounded once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import floor
from typing import Final, Protocol
from uuid import UUID

from entitlements.terms import PERCENT, Terms
from entitlements.vocabulary import TERM

MINUTES_PER_HOUR: Final = 60


class OpeningHours(Protocol):
    """A calendar, as far as it says what is after hours."""

    def open_time(self, start: datetime, end: datetime) -> timedelta: ...


@dataclass(frozen=True)
class Work:
    """Minutes to be charged, and when they were worked. Without a span they count as worked at `start`."""

    billable_minutes: int
    start: datetime
    end: datetime


def burned(
    work: Iterable[Work], terms: Terms, *, product_id: UUID | None = None, hours: OpeningHours | None = None
) -> int:
    """What `work` takes of the entitlement, in 1/100 hour, half a unit up.

    `hours` are the hours that burn at the plain rate; without a calendar none are after hours. 30 minutes are 50.
    """
    percent = terms.percent_by_product.get(product_id, PERCENT) if product_id else PERCENT
    minutes = sum(
        (
            weighted_minutes(each, percent=percent, after_hours_percent=terms.after_hours_percent, hours=hours)
            for each in work
        ),
        Fraction(0),
    )
    return half_up(minutes * TERM / MINUTES_PER_HOUR)


def weighted_minutes(
    work: Work, *, percent: int = PERCENT, after_hours_percent: int = PERCENT, hours: OpeningHours | None = None
) -> Fraction:
    """Minutes burned by one piece of work: prorated by how much of its span was after hours."""
    after_hours = _after_hours(work, hours) if hours else Fraction(0)
    rate = (1 - after_hours) + after_hours * Fraction(after_hours_percent, PERCENT)
    return work.billable_minutes * Fraction(percent, PERCENT) * rate


def half_up(number: Fraction) -> int:
    """The nearest integer; of two as near, the larger."""
    return floor(number + Fraction(1, 2))


def _after_hours(work: Work, hours: OpeningHours) -> Fraction:
    """The part of the work's span that was not open; of no span, whether its start was not."""
    end = work.end if work.end > work.start else work.start + timedelta.resolution
    # In microseconds, which timedeltas are: a quotient of timedeltas would be a float.
    open_time, span = (time // timedelta.resolution for time in (hours.open_time(work.start, end), end - work.start))
    return 1 - Fraction(open_time, span)

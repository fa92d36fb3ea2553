"""Forecast: when an entitlement will be used up if it goes on like this."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from entitlements.allotment import due
from entitlements.balance import USES, balances
from entitlements.days import begins_at, ends_at, pool_at, pools
from entitlements.postings import Account, Posting
from entitlements.terms import Terms
from entitlements.vocabulary import Trigger

DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Forecast:
    """`used` 1/100 terms net in `observed`, and the date on which nothing will be left; null if it lasts to its end."""

    used: int
    observed: timedelta
    exhausted_on: date | None

    @property
    def per_day(self) -> Decimal:
        """Terms a day, to two digits."""
        terms = Decimal(self.used) / 100 / Decimal(self.observed // timedelta.resolution)
        return (terms * Decimal(DAY // timedelta.resolution)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def forecast(
    entitlement_id: UUID, terms: Terms, posted: Iterable[Posting], at: datetime, *, window: timedelta = 30 * DAY
) -> Forecast:
    """When the entitlement is used up at the rate of the last `window` before `at`.

    An entitlement that was granted later is observed since then, a day at least. What was given back does not count as
    used. Periods to come are granted, with what rolls over; what is reserved counts as still there. The date is in the
    zone of the entitlement; today, if nothing is left now.
    """
    lines = [posting for posting in posted if posting.at <= at]
    lines += due(entitlement_id, terms, lines, at)
    first = min((posting.at for posting in lines if posting.trigger is Trigger.GRANT), default=at)
    observed = max(DAY, min(window, at - first))
    used = sum(
        posting.overage - posting.amount for posting in lines if posting.kind in USES and posting.at > at - observed
    )
    rate = Fraction(used, observed // timedelta.resolution)
    exhausted_at = _exhausted_at(terms, lines, at, rate) if first < at or used else None
    return Forecast(used, observed, exhausted_at and exhausted_at.astimezone(ZoneInfo(terms.zone)).date())


def _exhausted_at(terms: Terms, lines: Iterable[Posting], at: datetime, rate: Fraction) -> datetime | None:
    """The instant at which `rate`, in 1/100 term a microsecond, has used up a pool; None if the end is first."""
    current = pool_at(terms, at)
    standing = balances(lines).get(Account(current))
    if not terms.counts or standing is None or at >= ends_at(terms):
        return None
    left = Fraction(standing.remaining)
    starts = [begins_at(pool, terms.zone) for pool in pools(terms) if pool > current]
    for begins, ends in zip([at, *starts], [*starts, ends_at(terms)], strict=True):
        if left <= 0:
            return begins
        if rate <= 0:
            return None
        lasts = left / rate
        length = (ends - begins) // timedelta.resolution
        if lasts < length:
            return begins + timedelta(microseconds=int(lasts))
        left = terms.total + _rolled(terms, left - rate * length)
    return None


def _rolled(terms: Terms, left: Fraction) -> Fraction:
    """What of the rest of a pool is there in the next."""
    if not terms.rolls_over:
        return Fraction(0)
    return left if terms.roll_over_limit is None else min(left, Fraction(terms.roll_over_limit))

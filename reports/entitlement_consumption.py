"""Entitlement consumption: what of each contract was used in a period, what is left, and until when it lasts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final

from actions.balances import lines_of_all
from actions.terms import terms_of
from cases.conditions import EVERYTHING, All, Compare, Condition, Op
from cases.viewer import Viewer
from cases.vocabulary import EntitlementState
from entitlements.allotment import due
from entitlements.balance import balance
from entitlements.charging import in_terms
from entitlements.forecast import forecast
from entitlements.lifecycle import BY_DATES
from entitlements.postings import Posting
from entitlements.terms import Terms
from entitlements.vocabulary import PostingKind
from models.entitlements import Entitlement
from models.reading import select
from models.statements import Order
from models.visibility import visible
from reports.dimensions import Dimension, Part, parts
from reports.period import Period
from reports.report import Report, check_length
from settings import Limits


@dataclass(frozen=True)
class EntitlementConsumptionRow:
    """What became of an entitlement in a period. Quantities are in terms: cases or hours."""

    groups: tuple[Part, ...]
    granted: Annotated[Decimal, "What it was granted in the period."]
    rolled_over: Annotated[Decimal, "What came from other periods of its own, less what went to the next."]
    adjusted: Annotated[Decimal, "What was corrected by hand, up or down."]
    expired: Annotated[Decimal, "What was not used in time."]
    consumed: Annotated[Decimal, "What cases took, with what they took beyond the balance."]
    reversed: Annotated[Decimal, "What cases gave back: canceled, merged, taken up again."]
    billed: Annotated[Decimal, "What was taken beyond the balance, less what of that was given back."]
    remaining: Annotated[Decimal, "What was left at the end of the period, or is now; below zero if it was overdrawn."]
    reserved: Annotated[Decimal, "What of that was held for cases that are charged when they are resolved."]
    used_per_day: Annotated[Decimal, "What was used a day in the last 30 days, to two digits."]
    exhausted_on: Annotated[date | None, "The day on which nothing is left if it goes on like this; null if it lasts."]


async def rows(
    period: Period,
    viewer: Viewer,
    *,
    which: Condition = EVERYTHING,
    now: datetime,
    limits: Limits,
) -> list[EntitlementConsumptionRow]:
    """What was granted and used of each entitlement that was in force on a day of the period, by its lines.

    Its dates count even where nobody has posted yet what they made due.
    """
    found = await select(
        Entitlement,
        All((visible(Entitlement, viewer), which, _in_force(period))),
        order=ORDER,
        limit=limits.report_rows + 1,
    )
    check_length(found, limits)
    lines = await lines_of_all([row.id for row in found])
    about = await parts((Dimension.CUSTOMER, Dimension.ENTITLEMENT), [_keys(row) for row in found], (), viewer)
    return [
        _row(groups, row, terms_of(row), lines[row.id], period, now) for groups, row in zip(about, found, strict=True)
    ]


ORDER: Final = (Order("name"), Order("id"))


def _in_force(period: Period) -> Condition:
    activated = Compare("state", Op.NIN, (EntitlementState.DRAFT,))
    return All((activated, Compare("starts_on", Op.LT, period.end), Compare("ends_on", Op.GTE, period.first)))


def _keys(row: Entitlement) -> tuple[Any, ...]:
    return (row.account_id or row.contact_id, row.id)


def _row(
    groups: tuple[Part, ...], row: Entitlement, terms: Terms, posted: Sequence[Posting], period: Period, now: datetime
) -> EntitlementConsumptionRow:
    at = min(period.ends_at - timedelta.resolution, now)
    until = [line for line in posted if line.at <= at]
    if row.state in BY_DATES:
        until += due(row.id, terms, until, at)
    within = [line for line in until if line.at >= period.starts_at]
    standing, to_come = balance(until), forecast(row.id, terms, posted, now)
    return EntitlementConsumptionRow(
        groups=groups,
        granted=_sum(within, PostingKind.GRANT),
        rolled_over=_sum(within, PostingKind.ROLL_OVER),
        adjusted=_sum(within, PostingKind.ADJUST),
        expired=-_sum(within, PostingKind.EXPIRE),
        consumed=-_sum(within, PostingKind.CONSUME, with_overage=True),
        reversed=_sum(within, PostingKind.REVERSE, with_overage=True),
        billed=in_terms(sum(line.overage for line in within)),
        remaining=in_terms(standing.remaining),
        reserved=in_terms(standing.reserved),
        used_per_day=to_come.per_day,
        exhausted_on=to_come.exhausted_on,
    )


def _sum(lines: Iterable[Posting], kind: PostingKind, *, with_overage: bool = False) -> Decimal:
    """What lines of a kind come to; an overage was taken as well, though from nothing that was there."""
    return in_terms(sum(line.amount - (line.overage if with_overage else 0) for line in lines if line.kind is kind))


REPORT: Final = Report(
    "entitlement_consumption",
    EntitlementConsumptionRow,
    rows,
    always=(Dimension.CUSTOMER, Dimension.ENTITLEMENT),
    where="EntitlementWhere",
)

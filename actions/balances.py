"""How entitlements stand, for those who only look: nothing is locked, and what is due but not posted yet is counted."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from actions.charging import Question
from actions.terms import account_of, entitlement_of, posting_of
from cases.conditions import EVERYTHING, Compare, Op
from entitlements.allotment import balances_at
from entitlements.balance import Balance, available, balances
from entitlements.coverage import Coverage, coverage
from entitlements.lifecycle import BY_DATES
from entitlements.postings import Account, Posting
from entitlements.terms import Terms
from models.entitlements import Entitlement, EntitlementBalance
from models.postings import EntitlementPosting
from models.reading import related, select


async def lines_of_all(ids: Sequence[UUID]) -> Mapping[UUID, list[Posting]]:
    """The lines of entitlements, by entitlement, in one statement."""
    found: dict[UUID, list[Posting]] = defaultdict(list)
    for row in await select(EntitlementPosting, Compare("entitlement_id", Op.IN, tuple(ids))):
        found[row.entitlement_id].append(posting_of(row))
    return found


def standing(row: Entitlement, terms: Terms, lines: Sequence[Posting], at: datetime) -> dict[Account, Balance]:
    """Every account of an entitlement as it stood at `at`, proven by its lines. Dates grant a draft nothing."""
    if row.state in BY_DATES:
        return balances_at(row.id, terms, lines, at)
    return balances(lines, at)


async def available_now(rows: Sequence[Entitlement], at: datetime) -> Mapping[UUID, Mapping[Account, int]]:
    """What can be drawn from each account of these entitlements: as stored, where their dates have nothing due."""
    behind = [row for row in rows if row.next_at is not None and row.next_at <= at]
    current = [row.id for row in rows if row not in behind]
    stored = await related(EntitlementBalance, "entitlement_id", current, EVERYTHING)
    found: dict[UUID, Mapping[Account, int]] = {
        key: {account_of(each): each.remaining - each.reserved for each in balances} for key, balances in stored.items()
    }
    lines = await lines_of_all([row.id for row in behind]) if behind else {}
    for row in behind:
        found[row.id] = available(standing(row, entitlement_of(row).terms, lines[row.id], at))
    return found


async def fitting(rows: Sequence[Entitlement], question: Question, at: datetime) -> list[Coverage]:
    """For each of these entitlements, whether it fits such a case, or every reason why it does not."""
    left = await available_now(rows, at)
    return [coverage(entitlement_of(row), question, at, left[row.id]) for row in rows]

"""Balance: what is left, at any instant, proven from the postings.

A stored balance is a projection: `movements` says how a batch of postings changes it, `balances` what it must be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import Final

from cases.vocabulary import Origin
from entitlements.postings import Account, Posting
from entitlements.vocabulary import HOLDS, PostingKind

USES: Final = frozenset({PostingKind.CONSUME, PostingKind.REVERSE})


@dataclass(frozen=True, kw_only=True)
class Balance:
    """How an account stands, in 1/100 term.

    `used` counts what was billed as well. `billed` is overage that was taken note of when it was drawn.
    """

    granted: int = 0
    rolled_over: int = 0
    adjusted: int = 0
    expired: int = 0
    used: int = 0
    billed: int = 0
    reserved: int = 0

    @property
    def remaining(self) -> int:
        """What is not spent; below zero if more was drawn than there was."""
        return self.granted + self.rolled_over + self.adjusted - self.expired - self.used + self.billed

    @property
    def available(self) -> int:
        """What can still be drawn by another case."""
        return self.remaining - self.reserved

    @property
    def overage(self) -> int:
        """What was used beyond what there was, billed already or not."""
        return self.billed + max(0, -self.remaining)

    @property
    def utilisation_percent(self) -> int | None:
        """What was used of what there was, rounded down; over 100 with overage, null if there was nothing."""
        whole = self.granted + self.rolled_over + self.adjusted
        return self.used * 100 // whole if whole > 0 else None


def after(balance: Balance, posting: Posting) -> Balance:
    """The balance after one more posting of its account."""
    amount = posting.amount
    match posting.kind:
        case PostingKind.GRANT:
            return replace(balance, granted=balance.granted + amount)
        case PostingKind.CONSUME | PostingKind.REVERSE:
            overage = posting.overage
            return replace(balance, used=balance.used - amount + overage, billed=balance.billed + overage)
        case PostingKind.RESERVE | PostingKind.RELEASE:
            return replace(balance, reserved=balance.reserved - amount)
        case PostingKind.ADJUST:
            return replace(balance, adjusted=balance.adjusted + amount)
        case PostingKind.EXPIRE:
            return replace(balance, expired=balance.expired - amount)
        case PostingKind.ROLL_OVER:
            return replace(balance, rolled_over=balance.rolled_over + amount)


def balances(postings: Iterable[Posting], at: datetime | None = None) -> dict[Account, Balance]:
    """Every account that was ever posted to, as it stood at `at` (included), or after all of them.

    Postings may come in any order.
    """
    standing: dict[Account, Balance] = {}
    for posting in postings:
        if at is None or posting.at <= at:
            for account in posting.accounts:
                standing[account] = after(standing.get(account, Balance()), posting)
    return standing


def balance(postings: Iterable[Posting], at: datetime | None = None, *, channel: Origin | None = None) -> Balance:
    """The sum over all pools, or over one channel's share of them: used in all, granted in all."""
    found = [each for account, each in balances(postings, at).items() if account.channel is channel]
    return reduce(_sum, found, Balance())


def available(standing: Mapping[Account, Balance]) -> dict[Account, int]:
    """What can be drawn from each account."""
    return {account: balance.available for account, balance in standing.items()}


@dataclass(frozen=True)
class Movement:
    """What a batch of postings changes of one stored balance."""

    remaining: int = 0
    reserved: int = 0

    @property
    def draws(self) -> bool:
        """Whether less is available afterwards, so that a restricted account has to have it."""
        return self.remaining - self.reserved < 0


def movements(postings: Iterable[Posting]) -> dict[Account, Movement]:
    """What a batch of postings changes, by account; accounts in the order in which they have to be locked."""
    moved: dict[Account, Movement] = {}
    for posting in postings:
        held = posting.kind in HOLDS
        for account in posting.accounts:
            before = moved.get(account, Movement())
            moved[account] = Movement(
                before.remaining + (0 if held else posting.amount), before.reserved - (posting.amount if held else 0)
            )
    return dict(sorted(moved.items(), key=lambda item: (item[0].pool, item[0].channel or "")))


def _sum(one: Balance, other: Balance) -> Balance:
    return Balance(**{name: getattr(one, name) + getattr(other, name) for name in Balance.__dataclass_fields__})

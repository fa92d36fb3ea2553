"""Postings: the lines of the ledger. They are only ever appended; a mistake is corrected by another line.

A balance is the sum of `amount` over the lines that are not holds. `key` is unique: no retry, race or crash can fill
the same slot twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from cases.history import Actor
from cases.vocabulary import Origin
from entitlements.vocabulary import ABOUT_A_CASE, PostingKind, Trigger


class Account(NamedTuple):
    """What has a balance: a pool as a whole, where `channel` is null, or one channel's share of it.

    Every posting moves the whole of its pool; one with a channel moves that share, too.
    """

    pool: date
    channel: Origin | None = None


class Key(NamedTuple):
    """The slot of the ledger that a posting fills. `subject_id` is the case, or the entitlement if there is none."""

    entitlement_id: UUID
    subject_id: UUID
    trigger: Trigger
    cycle: int


NOBODY: Final = Actor()
"""The system itself."""


@dataclass(frozen=True)
class Moment:
    """When and why something is posted: one act is one moment. `at` is aware; `cause` names the act or the rule."""

    at: datetime
    actor: Actor = NOBODY
    cause: str = ""


SIGNS: Final = {
    PostingKind.GRANT: range(10**18),
    PostingKind.CONSUME: range(-(10**18), 1),
    PostingKind.REVERSE: range(10**18),
    PostingKind.RESERVE: range(-(10**18), 1),
    PostingKind.RELEASE: range(10**18),
    PostingKind.EXPIRE: range(-(10**18), 1),
}
"""The amounts that a kind may have; the others go both ways."""


@dataclass(frozen=True, kw_only=True)
class Posting:
    """One line.

    `amount` is in 1/100 term and signed: what is granted or given back is positive, what is taken or held negative.
    `overage` is what a draw took beyond the balance, to be billed: positive, negative when reversed, and no part of
    the balance. `waived` lines are those of a case flagged "do not decrement": they fill their slot and take nothing.
    """

    entitlement_id: UUID
    pool: date
    channel: Origin | None = None
    kind: PostingKind
    amount: int
    overage: int = 0
    waived: bool = False
    case_id: UUID | None = None
    trigger: Trigger
    cycle: int
    moment: Moment

    def __post_init__(self) -> None:
        if self.amount not in SIGNS.get(self.kind, (self.amount,)):
            raise ValueError(f"{self.kind} does not post {self.amount}")
        if (self.case_id is not None) is not (self.trigger in ABOUT_A_CASE):
            raise ValueError(f"{self.trigger} is {'not ' if self.case_id else ''}about a case")
        if self.moment.at.utcoffset() is None:
            raise ValueError("a posting without a zone has no place in time")
        if self.cycle < 1:
            raise ValueError("cycles count from 1")

    @property
    def at(self) -> datetime:
        return self.moment.at

    @property
    def key(self) -> Key:
        return Key(self.entitlement_id, self.case_id or self.entitlement_id, self.trigger, self.cycle)

    @property
    def accounts(self) -> tuple[Account, ...]:
        """What the posting moves: its pool, and its channel's share of it."""
        return (Account(self.pool), *([Account(self.pool, self.channel)] if self.channel else []))


def next_cycle(postings: Iterable[Posting], trigger: Trigger) -> int:
    """The cycle after the last one of `trigger`."""
    return max((posting.cycle for posting in postings if posting.trigger is trigger), default=0) + 1

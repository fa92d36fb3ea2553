"""Charging: what the ledger is posted when something happens to a case that is on an entitlement.

`STEPS` is the whole rule. Each step looks at what was posted for the case already and does nothing if there is nothing
to do, so that a happening told twice posts once. What undoes a posting negates it exactly, in its own pool.

Under which rule a case was put on the entitlement is read from its own postings (consumed or reserved), so that terms
amended meanwhile charge nobody twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import auto
from typing import Final
from uuid import UUID

from cases.refusals import EntitlementExhausted
from cases.vocabulary import FactKind, Origin, Status, Word
from entitlements.days import pool_at
from entitlements.postings import Account, Moment, Posting, next_cycle
from entitlements.terms import Terms
from entitlements.vocabulary import (
    TERM,
    UNDONE_BY,
    Allocation,
    DecrementOn,
    Happening,
    OveragePolicy,
    PostingKind,
    Trigger,
)


class Step(Word):
    """One thing to post, if there is reason to."""

    TAKE = auto()
    """What being on the entitlement costs: a term on creation, a reservation on resolution."""
    GIVE_BACK = auto()
    """The exact opposite of that."""
    HOLD_ANEW = auto()
    """The reservation as the flag now wants it, if there is one."""
    DRAW = auto()
    """What the resolution costs, if it was reserved for."""
    RETURN = auto()
    """The exact opposite of that."""


C, R = DecrementOn.CREATION, DecrementOn.RESOLUTION

STEPS: Final[Mapping[tuple[Happening, DecrementOn], Sequence[Step]]] = {
    (Happening.APPLIED, C): [Step.TAKE],
    (Happening.APPLIED, R): [Step.TAKE],
    (Happening.RESOLVED, C): [],
    (Happening.RESOLVED, R): [Step.GIVE_BACK, Step.DRAW],
    (Happening.CANCELED, C): [Step.GIVE_BACK],
    (Happening.CANCELED, R): [Step.GIVE_BACK],
    # Nothing to return after a cancellation, nothing to take after a resolution that was charged on creation.
    (Happening.REACTIVATED, C): [Step.TAKE],
    (Happening.REACTIVATED, R): [Step.RETURN, Step.TAKE],
    # The new entitlement is told APPLIED.
    (Happening.REPLACED, C): [Step.GIVE_BACK],
    (Happening.REPLACED, R): [Step.GIVE_BACK],
    (Happening.REMOVED, C): [Step.GIVE_BACK],
    (Happening.REMOVED, R): [Step.GIVE_BACK],
    (Happening.CUSTOMER_CHANGED, C): [Step.GIVE_BACK],
    (Happening.CUSTOMER_CHANGED, R): [Step.GIVE_BACK],
    # Told to the loser's entitlement; the survivor keeps its own.
    (Happening.MERGED, C): [Step.GIVE_BACK],
    (Happening.MERGED, R): [Step.GIVE_BACK],
    (Happening.UNMERGED, C): [Step.TAKE],
    (Happening.UNMERGED, R): [Step.TAKE],
    # While open: a case that has ended keeps what it cost.
    (Happening.DELETED, C): [Step.GIVE_BACK],
    (Happening.DELETED, R): [Step.GIVE_BACK],
    # What was charged stays charged, and what was not is not charged afterwards.
    (Happening.FLAGGED, C): [],
    (Happening.FLAGGED, R): [Step.HOLD_ANEW],
    (Happening.UNFLAGGED, C): [],
    (Happening.UNFLAGGED, R): [Step.HOLD_ANEW],
}
"""By the rule under which the case was put on the entitlement. A flagged case takes the same steps and zero terms."""

SAID: Final[Mapping[tuple[Happening, DecrementOn], str]] = {
    (
        Happening.FLAGGED,
        C,
    ): "What the case took when it was put on the entitlement stays taken; nothing more will be.",
    (Happening.FLAGGED, R): "The case will take nothing when it is resolved.",
    (Happening.UNFLAGGED, C): "The case is charged from now on; what it would have taken before is not taken now.",
    (Happening.UNFLAGGED, R): "The case will be charged when it is resolved.",
}
"""What to say in the answer when the flag is set or cleared."""


def happening(kind: FactKind, status: Status) -> Happening | None:
    """What a fact means to the entitlement of a case that had `status` before it; None if nothing."""
    match kind:
        case FactKind.RESOLVED:
            return Happening.RESOLVED
        case FactKind.CANCELED:
            return Happening.CANCELED
        case FactKind.MERGED:
            return Happening.MERGED
        case FactKind.UNMERGED:
            return Happening.UNMERGED
        case FactKind.REACTIVATED:
            return Happening.REACTIVATED
        case FactKind.CUSTOMER_CHANGED:
            return Happening.CUSTOMER_CHANGED
        case FactKind.DELETED if status is Status.ACTIVE:
            return Happening.DELETED
        case _:
            return None


@dataclass(frozen=True, kw_only=True)
class Charge:
    """A case on an entitlement. `channel` is the case's origin, `waived` its flag "do not decrement" as it is now."""

    entitlement_id: UUID
    terms: Terms
    case_id: UUID
    channel: Origin
    waived: bool = False


def postings_for(
    happening: Happening,
    charge: Charge,
    posted: Iterable[Posting],
    available: Mapping[Account, int],
    moment: Moment,
    *,
    burned: int = 0,
) -> tuple[Posting, ...]:
    """What to append to the ledger when `happening` happens, in order; nothing if there is nothing to post.

    `posted` may hold any lines of this entitlement; those of the case count. `available` says what can be drawn
    (`balance.available`), of the entitlement's accounts, with the grants due at the moment. `burned` is what a
    resolution takes of hours, in 1/100 hour (`burn.burned`).

    Raises EntitlementExhausted if the entitlement is restricted and has less than is to be taken.
    """
    if not charge.terms.counts:
        return ()
    ledger = _Ledger(charge, tuple(posted), dict(available), moment, happening, burned)
    for step in STEPS[happening, ledger.rule]:
        DO[step](ledger)
    return tuple(ledger.new)


def standing(posted: Iterable[Posting], case_id: UUID, trigger: Trigger) -> Posting | None:
    """The case's posting for `trigger` that was not undone, if there is one. There is never more than one."""
    lines = [posting for posting in posted if posting.case_id == case_id]
    undone = {posting.cycle for posting in lines if posting.trigger is UNDONE_BY[trigger]}
    return next((posting for posting in lines if posting.trigger is trigger and posting.cycle not in undone), None)


class _Ledger:
    """The lines of one case while they are written: what was there, what comes to it, what is then left."""

    def __init__(
        self,
        charge: Charge,
        posted: Sequence[Posting],
        available: dict[Account, int],
        moment: Moment,
        happening: Happening,
        burned: int,
    ) -> None:
        self.charge, self.terms, self.moment = charge, charge.terms, moment
        self.happening, self.burned, self.available = happening, burned, available
        self.lines = [posting for posting in posted if posting.case_id == charge.case_id]
        self.new: list[Posting] = []

    @property
    def last_applied(self) -> Posting | None:
        """How the case was last put on the entitlement, if it ever was."""
        applied = [posting for posting in self.lines if posting.trigger is Trigger.APPLY]
        return max(applied, key=lambda posting: posting.cycle, default=None)

    @property
    def rule(self) -> DecrementOn:
        """The rule for this case: as it was put on the entitlement; if that is happening now, as the terms are now."""
        last = self.last_applied
        if last is None or self.happening is Happening.APPLIED:
            return self.terms.decrement_on
        return DecrementOn.CREATION if last.kind is PostingKind.CONSUME else DecrementOn.RESOLUTION

    def standing(self, trigger: Trigger) -> Posting | None:
        return standing(self.lines, self.charge.case_id, trigger)

    def take(self) -> None:
        if self.standing(Trigger.APPLY) is not None:
            return
        last = self.last_applied
        amount = TERM if self.terms.allocation is Allocation.CASES else 0
        kind = PostingKind.CONSUME if self.rule is DecrementOn.CREATION else PostingKind.RESERVE
        # Hours reserve nothing, but a new case needs something left. One that comes back does not: it was let in.
        need = amount or (1 if self.happening is Happening.APPLIED else 0)
        channel = self.terms.tag(self.charge.channel)
        if last is not None and self.happening is not Happening.APPLIED:
            channel = last.channel
        # What a resolution returned in this moment is reserved again where it lies: it may not be there tomorrow.
        returned = next((posting.pool for posting in self.new if posting.trigger is Trigger.UNRESOLVE), None)
        self.draw(Trigger.APPLY, kind, amount, returned or pool_at(self.terms, self.moment.at), channel, need=need)

    def give_back(self) -> None:
        self.undo(Trigger.APPLY)

    def hold_anew(self) -> None:
        held = self.standing(Trigger.APPLY)
        if held is not None and held.waived is not self.charge.waived:
            self.undo(Trigger.APPLY)
            self.take()

    def draw_resolution(self) -> None:
        last = self.last_applied
        released = any(posting.trigger is Trigger.UNAPPLY for posting in self.new)
        if last is None or not released:
            return
        counted = self.terms.allocation is Allocation.CASES
        # A reserved term is taken from the pool that kept it, whenever the case ends; hours from that of the day.
        pool = last.pool if counted and last.amount else pool_at(self.terms, self.moment.at)
        self.draw(Trigger.RESOLVE, PostingKind.CONSUME, TERM if counted else self.burned, pool, last.channel)

    def return_resolution(self) -> None:
        self.undo(Trigger.RESOLVE)

    def draw(
        self, trigger: Trigger, kind: PostingKind, amount: int, pool: date, channel: Origin | None, need: int = 0
    ) -> None:
        """Posts what is taken or held; nothing of it if the case is flagged, and some as overage if that is billed."""
        waived = self.charge.waived
        amount, need = (0, 0) if waived else (amount, max(need, amount))
        accounts = [Account(pool), *([Account(pool, channel)] if channel else [])]
        policy = self.terms.overage_policy
        billed = policy is OveragePolicy.BILL and kind is PostingKind.CONSUME
        may_exceed = not self.terms.restrict or (billed and trigger is Trigger.RESOLVE)
        if not may_exceed:
            self.refuse_beyond(accounts, need)
        left = max(0, min(self.available.get(account, 0) for account in accounts))
        overage = max(0, amount - left) if billed else 0
        self.append(
            Posting(
                entitlement_id=self.charge.entitlement_id,
                pool=pool,
                channel=channel,
                kind=kind,
                amount=overage - amount,
                overage=overage,
                waived=waived,
                case_id=self.charge.case_id,
                trigger=trigger,
                cycle=next_cycle(self.lines, trigger),
                moment=self.moment,
            )
        )

    def undo(self, trigger: Trigger) -> None:
        """Posts the exact opposite of what stands, under the same cycle."""
        done = self.standing(trigger)
        if done is None:
            return
        self.append(
            replace(
                done,
                kind=PostingKind.RELEASE if done.kind is PostingKind.RESERVE else PostingKind.REVERSE,
                amount=-done.amount,
                overage=-done.overage,
                trigger=UNDONE_BY[trigger],
                moment=self.moment,
            )
        )

    def append(self, posting: Posting) -> None:
        self.lines.append(posting)
        self.new.append(posting)
        for account in posting.accounts:
            self.available[account] = self.available.get(account, 0) + posting.amount

    def refuse_beyond(self, accounts: Sequence[Account], need: int) -> None:
        for account in accounts:
            left = self.available.get(account, 0)
            if left < need:
                raise exhausted(need, left, account.channel)


DO: Final[Mapping[Step, Callable[[_Ledger], None]]] = {
    Step.TAKE: _Ledger.take,
    Step.GIVE_BACK: _Ledger.give_back,
    Step.HOLD_ANEW: _Ledger.hold_anew,
    Step.DRAW: _Ledger.draw_resolution,
    Step.RETURN: _Ledger.return_resolution,
}


def exhausted(need: int, left: int, channel: Origin | None) -> EntitlementExhausted:
    """The refusal of a draw of `need` where `left` is there, both in 1/100 term."""
    spoken = f"What this entitlement grants for {channel.value.lower()} is" if channel else "This entitlement is"
    return EntitlementExhausted(
        f"{spoken} used up: {in_terms(left)} left, {in_terms(need)} needed.",
        needed=in_terms(need),
        available=in_terms(left),
        channel=channel,
    )


def in_terms(amount: int) -> Decimal:
    """An amount of the ledger as terms: 950 is 9.50."""
    return Decimal(amount).scaleb(-2)

"""Whatever happens to cases and their entitlements, in whatever order, the ledger stays right."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cases.refusals import BadInput, EntitlementExhausted, IllegalStep, NotCovered, Several
from cases.vocabulary import EntitlementState, Origin
from entitlements import lifecycle
from entitlements.allotment import Renewal, adjusted, carried, due
from entitlements.balance import Movement, available, balances, movements
from entitlements.charging import standing
from entitlements.coverage import check
from entitlements.lifecycle import Amendment
from entitlements.postings import Account
from entitlements.terms import Entitlement
from entitlements.vocabulary import (
    HOLDS,
    UNDONE_BY,
    Allocation,
    DecrementOn,
    Happening,
    OveragePolicy,
    Period,
    PostingKind,
    Trigger,
)
from tests.entitlements.ledgers import ACCOUNT, Ledger, moment, terms
from tests.given import at

CUSTOMERS = (ACCOUNT, UUID(int=0xBEE))
ORIGINS = (Origin.WEB, Origin.VOICE)
REFUSALS = (EntitlementExhausted, NotCovered, IllegalStep, BadInput, Several)
EMPTY = Movement()
ENDS = {
    Happening.CANCELED: ("CANCELED", "ACTIVE"),
    Happening.MERGED: ("MERGED", "ACTIVE"),
    Happening.UNMERGED: ("ACTIVE", "MERGED"),
    Happening.REACTIVATED: ("ACTIVE", "RESOLVED", "CANCELED"),
    Happening.DELETED: ("DELETED", "ACTIVE"),
}
"""Where a happening leaves a case, and where it has to stand before."""
CHANGES = ("create", "remove", "change customer", "flag", "hear again", "delete after the end")
CONTRACT_ACTS = ("amend", "adjust", "cancel", "renew", "tick")


@dataclass
class World:
    """A case as the shell would store it."""

    id: UUID
    account_id: UUID
    origin: Origin
    contract: int | None = None
    status: str = "ACTIVE"
    contact_id: None = None
    contact_account_id: None = None
    product_id: None = None


@st.composite
def some_terms(draw: st.DrawFn) -> Any:
    """Terms of a contract in 2025 that could be activated, small enough to be used up."""
    counted = draw(st.booleans())
    total = draw(st.integers(0, 3))
    restrict = draw(st.booleans())
    period = draw(st.sampled_from([Period.ONCE, Period.MONTH]))
    return terms(
        total,
        allocation=Allocation.CASES if counted else Allocation.HOURS,
        decrement_on=draw(st.sampled_from(DecrementOn)) if counted else DecrementOn.RESOLUTION,
        total_by_channel=draw(st.sampled_from([{}, {Origin.VOICE: total - 1 if total else 0}])),
        restrict=restrict,
        overage=draw(st.sampled_from([None, OveragePolicy.BILL])),
        period=period,
        rolls_over=period is Period.MONTH and draw(st.booleans()),
        starts_on=date(2025, draw(st.sampled_from([5, 6, 6, 7])), 1),
    )


ANY = st.integers(0, 10**6)


class Desk(RuleBasedStateMachine):
    """Four contracts, two customers, any number of cases; what is refused leaves everything as it was."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = at("2025-06-02 09:00")
        self.flagged: set[UUID] = set()
        self.contracts: list[Entitlement] = []
        self.ledgers: list[Ledger] = []
        self.stored: list[dict[Account, Movement]] = []
        self.projected: list[int] = []
        self.cases: list[World] = []
        self.reversed: dict[UUID, int] = {}

    # --- the shell: all or nothing ------------------------------------------------------------------------------

    def sign(self, contract: Entitlement, lines: list[Any]) -> None:
        self.contracts.append(contract)
        self.ledgers.append(Ledger(contract.terms, contract.id, lines, self.now, self.flagged))
        self.stored.append({})
        self.projected.append(0)

    def tell(self, number: int, what: Happening, case: World, burned: int = 0) -> None:
        self.ledgers[number].terms = self.contracts[number].terms
        self.ledgers[number].happen(what, case.id, when=self.now, burned=burned, channel=case.origin)

    def attempt(self, *steps: Any) -> bool:
        """Takes all steps, or none if one is refused."""
        before = [list(ledger.lines) for ledger in self.ledgers]
        flags = set(self.flagged)
        try:
            for step in steps:
                step()
        except REFUSALS:
            for ledger, lines in zip(self.ledgers, before, strict=True):
                ledger.lines = lines
            self.flagged.clear()
            self.flagged.update(flags)
            return False
        return True

    def some(self, number: int, *statuses: str) -> World | None:
        fitting = [case for case in self.cases if case.status in statuses]
        return fitting[number % len(fitting)] if fitting else None

    def covered(self, number: int, case: World) -> None:
        ledger = self.ledgers[number]
        ledger.lines += due(ledger.id, self.contracts[number].terms, ledger.lines, self.now)
        left = available(balances(ledger.lines))
        # What is left is the ledger's to refuse: two that were both told they fit may come for the last term.
        check(self.contracts[number], case, self.now, left, waived=True)

    # --- what happens -------------------------------------------------------------------------------------------

    @initialize(drafts=st.lists(some_terms(), min_size=2, max_size=4))
    def open_shop(self, drafts: list[Any]) -> None:
        for number, drawn in enumerate(drafts):
            draft = Entitlement(
                id=UUID(int=0xE0 + number), state=EntitlementState.DRAFT, terms=drawn, account_id=CUSTOMERS[number % 2]
            )
            active, lines = lifecycle.activate(draft, [], moment(self.now))
            self.sign(active, lines)
        for number in range(4):
            self.create(CUSTOMERS[number % 2], ORIGINS[number // 2], number == 0, number)

    @rule(what=st.sampled_from([*ENDS, Happening.RESOLVED, Happening.APPLIED]), number=ANY, other=ANY)
    def a_case_moves(self, what: Happening, number: int, other: int) -> None:
        match what:
            case Happening.APPLIED:
                self.apply_or_replace(number, other)
            case Happening.RESOLVED:
                self.end(number, what, "RESOLVED", "ACTIVE", burned=other % 300)
            case _:
                after, *before = ENDS[what]
                self.end(number, what, after, *before)

    @rule(what=st.sampled_from(CHANGES), number=ANY, other=ANY)
    def a_case_changes(self, what: str, number: int, other: int) -> None:
        match what:
            case "create":
                self.create(CUSTOMERS[number % 2], ORIGINS[other % 2], number % 3 == 0, other)
            case "remove":
                self.remove(number)
            case "change customer":
                self.change_customer(number)
            case "flag":
                self.flag_or_unflag(number)
            case "hear again":
                self.hear_again(number)
            case "delete after the end":
                self.delete_after_the_end(number)

    @rule(what=st.sampled_from(CONTRACT_ACTS), contract=ANY, amount=st.integers(-200, 400))
    def a_contract_changes(self, what: str, contract: int, amount: int) -> None:
        match what:
            case "amend":
                self.amend(contract, abs(amount) // 100)
            case "adjust":
                self.adjust(contract, amount)
            case "cancel":
                self.cancel_contract(contract)
            case "renew":
                self.renew(contract, amount > 0)
            case "tick":
                self.tick(contract)

    @rule(days=st.sampled_from([0, 1, 7, 31]))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days, minutes=1)

    def create(self, customer: UUID, origin: Origin, flagged: bool, contract: int) -> None:
        case = World(UUID(int=len(self.cases) + 1), customer, origin)
        self.cases.append(case)
        if flagged:
            self.flagged.add(case.id)
        self.apply_to(case, contract)

    def apply_or_replace(self, number: int, contract: int) -> None:
        case = self.some(number, "ACTIVE")
        if case is not None:
            self.apply_to(case, contract)

    def apply_to(self, case: World, contract: int) -> None:
        """Puts a case on one of its customer's contracts, if that fits; now and then on anybody's."""
        theirs = [number for number, each in enumerate(self.contracts) if each.account_id == case.account_id]
        new = contract % len(self.contracts) if contract % 7 == 0 else theirs[contract % len(theirs)]
        old = case.contract
        if old == new:
            return
        leave = [lambda: self.tell(old, Happening.REPLACED, case)] if old is not None else []
        if self.attempt(*leave, lambda: self.covered(new, case), lambda: self.tell(new, Happening.APPLIED, case)):
            case.contract = new

    def remove(self, number: int) -> None:
        case = self.some(number, "ACTIVE")
        if case is not None and case.contract is not None:
            self.tell(case.contract, Happening.REMOVED, case)
            case.contract = None

    def change_customer(self, number: int) -> None:
        case = self.some(number, "ACTIVE")
        if case is None:
            return
        if case.contract is not None:
            self.tell(case.contract, Happening.CUSTOMER_CHANGED, case)
        case.contract = None
        case.account_id = CUSTOMERS[1 - CUSTOMERS.index(case.account_id)]

    def flag_or_unflag(self, number: int) -> None:
        case = self.some(number, "ACTIVE", "RESOLVED", "CANCELED")
        if case is None:
            return
        what = Happening.UNFLAGGED if case.id in self.flagged else Happening.FLAGGED
        if case.contract is None:
            (self.flagged.discard if case.id in self.flagged else self.flagged.add)(case.id)
        else:
            self.attempt(lambda: self.tell(case.contract or 0, what, case))

    def end(self, number: int, what: Happening, status: str, *starting: str, burned: int = 0) -> None:
        case = self.some(number, *starting)
        if case is None:
            return
        if case.contract is None or self.attempt(lambda: self.tell(case.contract or 0, what, case, burned)):
            case.status = status

    def delete_after_the_end(self, number: int) -> None:
        case = self.some(number, "RESOLVED", "CANCELED", "MERGED")
        if case is not None:
            case.status = "DELETED"

    def hear_again(self, number: int) -> None:
        """What just happened to a case is told again, as by a retry: nothing is posted."""
        case = self.cases[number % len(self.cases)]
        told = {
            "RESOLVED": Happening.RESOLVED,
            "CANCELED": Happening.CANCELED,
            "MERGED": Happening.MERGED,
            "ACTIVE": Happening.APPLIED,
        }
        if case.contract is None or case.status not in told:
            return
        ledger = self.ledgers[case.contract]
        ledger.lines += due(ledger.id, self.contracts[case.contract].terms, ledger.lines, self.now)
        before = list(ledger.lines)
        self.tell(case.contract, told[case.status], case)
        assert ledger.lines == before

    def amend(self, contract: int, total: int) -> None:
        number = contract % len(self.contracts)
        ledger = self.ledgers[number]
        change = Amendment(number=1, moment=moment(self.now), changes={"total": total * 100})

        def signed() -> None:
            ledger.lines += due(ledger.id, self.contracts[number].terms, ledger.lines, self.now)
            amended, lines = lifecycle.amend(self.contracts[number], change, ledger.lines)
            ledger.lines += lines
            self.contracts[number] = amended

        self.attempt(signed)

    def adjust(self, contract: int, amount: int) -> None:
        number = contract % len(self.contracts)
        ledger, of = self.ledgers[number], self.contracts[number].terms

        def posted() -> None:
            ledger.lines += due(ledger.id, of, ledger.lines, self.now)
            ledger.lines.append(adjusted(ledger.id, of, ledger.lines, amount, moment(self.now)))

        self.attempt(posted)

    def cancel_contract(self, contract: int) -> None:
        number = contract % len(self.contracts)

        def ended() -> None:
            self.contracts[number] = lifecycle.cancel(self.contracts[number], self.now)

        self.attempt(ended)

    def renew(self, contract: int, carry: bool) -> None:
        number = contract % len(self.contracts)
        if len(self.contracts) == 8:
            return
        old, ledger = self.contracts[number], self.ledgers[number]
        new_id = UUID(int=0xE0 + len(self.contracts))
        try:
            draft = lifecycle.renew(old, new_id, self.now)
        except IllegalStep:
            return
        active, lines = lifecycle.activate(draft, [], moment(self.now))
        if carry:
            ledger.lines += due(ledger.id, old.terms, ledger.lines, self.now)
            renewal = Renewal(old_id=old.id, old_terms=old.terms, new_id=new_id, new_terms=active.terms)
            moved = carried(renewal, ledger.lines, moment(self.now), posted_to_new=lines)
            ledger.lines += [line for line in moved if line.entitlement_id == old.id]
            lines += [line for line in moved if line.entitlement_id == new_id]
        self.sign(active, lines)

    def tick(self, contract: int) -> None:
        ledger = self.ledgers[contract % len(self.ledgers)]
        of = self.contracts[contract % len(self.contracts)].terms
        ledger.lines += due(ledger.id, of, ledger.lines, self.now)
        assert due(ledger.id, of, ledger.lines, self.now) == ()

    # --- what always holds --------------------------------------------------------------------------------------

    @invariant()
    def stored_balances_are_the_sums_of_the_postings(self) -> None:
        for number, ledger in enumerate(self.ledgers):
            stored = self.stored[number]
            for account, moved in movements(ledger.lines[self.projected[number] :]).items():
                was = stored.get(account, EMPTY)
                stored[account] = Movement(was.remaining + moved.remaining, was.reserved + moved.reserved)
            self.projected[number] = len(ledger.lines)
            proven = {
                account: Movement(balance.remaining, balance.reserved)
                for account, balance in balances(ledger.lines).items()
            }
            assert stored == proven
            assert ledger.balance.remaining == sum(line.amount for line in ledger.lines if line.kind not in HOLDS)

    @invariant()
    def no_key_is_there_twice(self) -> None:
        keys = [line.key for ledger in self.ledgers for line in ledger.lines]
        assert len(set(keys)) == len(keys)

    @invariant()
    def a_restricted_balance_is_never_below_zero(self) -> None:
        for contract, ledger in zip(self.contracts, self.ledgers, strict=True):
            if contract.terms.restrict:
                for balance in balances(ledger.lines).values():
                    assert balance.remaining >= balance.reserved >= 0

    @invariant()
    def reversals_equal_what_they_reverse(self) -> None:
        for ledger in self.ledgers:
            by_key = {line.key: line for line in ledger.lines}
            for line in ledger.lines:
                done = next((trigger for trigger, undo in UNDONE_BY.items() if undo is line.trigger), None)
                if done is None:
                    continue
                original = by_key[line.key._replace(trigger=done)]
                assert original.at <= line.at
                assert (
                    replace(
                        original,
                        kind=line.kind,
                        amount=-original.amount,
                        overage=-original.overage,
                        trigger=line.trigger,
                        moment=line.moment,
                    )
                    == line
                )
                assert (line.kind is PostingKind.RELEASE) is (original.kind is PostingKind.RESERVE)

    @invariant()
    def nothing_is_reserved_for_a_case_that_has_ended(self) -> None:
        for number, ledger in enumerate(self.ledgers):
            for case in self.cases:
                applied = standing(ledger.lines, case.id, Trigger.APPLY)
                if applied is not None and applied.kind is PostingKind.RESERVE:
                    assert case.status == "ACTIVE"
                    assert case.contract == number
            held = [standing(ledger.lines, case.id, Trigger.APPLY) for case in self.cases]
            reserved = [line.amount for line in held if line is not None and line.kind is PostingKind.RESERVE]
            assert ledger.balance.reserved == -sum(reserved)

    @invariant()
    def a_case_is_charged_by_the_entitlement_it_is_on_and_by_no_other(self) -> None:
        for number, ledger in enumerate(self.ledgers):
            for case in self.cases:
                applied = standing(ledger.lines, case.id, Trigger.APPLY)
                resolved = standing(ledger.lines, case.id, Trigger.RESOLVE)
                if case.contract != number:
                    assert applied is None
                    assert resolved is None
                elif case.status == "ACTIVE":
                    assert applied is not None
                    assert resolved is None
                elif case.status == "RESOLVED":
                    assert (applied is None) is not (resolved is None)
                elif case.status in ("CANCELED", "MERGED"):
                    assert applied is resolved is None

    @invariant()
    def waived_lines_take_nothing(self) -> None:
        for ledger in self.ledgers:
            assert all(line.amount == line.overage == 0 for line in ledger.lines if line.waived)


Desk.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestDesk = Desk.TestCase

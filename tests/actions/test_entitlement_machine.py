"""Whatever is done to cases and their entitlements, in whatever order, the stored ledger stays right.

A machine does real acts on a real database, of several customers at random instants; after each step the tables are
read and held to what always holds. What is refused leaves them as they were.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from actions import changing, entitling, merging, splitting, talking, unmerging
from actions.expiring import follow_all_dates
from actions.opening import create_case
from actions.terms import account_of, posting_of
from cases.refusals import Refused
from cases.viewer import Viewer
from cases.vocabulary import Origin, Role
from entitlements.balance import balances
from entitlements.postings import Key, Posting
from entitlements.vocabulary import HOLDS, UNDONE_BY, PostingKind
from models import Account, Case, Entitlement, EntitlementBalance, EntitlementPosting
from models.database import open_database
from models.fields import uuid7
from tests import given
from tests.actions.contracts import APPLY, CANCEL, DELETE, FLAG, REACTIVATE, REMOVE, RESOLVE, contract
from tests.given import NOW, done

T = TypeVar("T")

STEPS_WANTED = 2_000
STEPS_EACH = 50
WORK = settings(
    max_examples=44,
    stateful_step_count=STEPS_EACH,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
ANY = st.integers(0, 10**6)
ON_A_CASE = ("resolve", "cancel", "reactivate", "reactivate", "delete", "remove", "flag", "unflag", "replace", "move")
BETWEEN_CASES = ("merge", "merge", "unmerge", "unmerge", "split")
ON_A_CONTRACT = ("amend", "adjust", "cancel", "renew", "deactivate", "activate", "default")
ANYTHING = ("open", "open", "wait", "wait", *ON_A_CASE, *ON_A_CASE, *BETWEEN_CASES, *ON_A_CONTRACT)
"""In one rule: of several, the machine would leave out some for a whole run."""
SAID: list[dict[str, Any]] = [
    {"restrict": True},
    {"restrict": True, "decrement_on": "RESOLUTION"},
    {"decrement_on": "RESOLUTION"},
    {"allocation": "HOURS", "decrement_on": "RESOLUTION", "restrict": True},
    {"allocation": "HOURS", "decrement_on": "RESOLUTION", "restrict": True, "overage": "BILL"},
    {"period": "MONTH", "rolls_over": True, "restrict": True},
    {"period": "MONTH", "decrement_on": "RESOLUTION", "rolls_over": True, "roll_over_limit": "1"},
    {"total_by_channel": {"VOICE": "1"}, "restrict": True},
    {"ends_on": "2025-07-15"},
    {"starts_on": "2025-06-20"},
]


class Desk(RuleBasedStateMachine):
    """Some contracts of two customers, and any number of cases, in a tenant of its own."""

    runner: asyncio.Runner
    steps: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.keys: set[Key] = set()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    @initialize(
        chosen=st.lists(st.integers(0, len(SAID) - 1), min_size=3, max_size=3, unique=True), total=st.integers(1, 3)
    )
    def begin(self, chosen: list[int], total: int) -> None:
        self.run(self._begin(chosen, total))

    async def _begin(self, chosen: list[int], total: int) -> None:
        self.home = await given.tenant(f"home-{uuid7()}")
        self.home.settings = {"entitlement_on_create": chosen[0] % 2 == 0, "entitlement_on_change": chosen[1] % 2 == 0}
        await self.home.save()
        self.by: Viewer = await given.viewer(Role.MANAGER, tenant=self.home)
        self.customers: list[Account] = [await given.account(name, tenant=self.home) for name in ("Acme", "Umbrella")]
        self.contracts: list[Entitlement] = []
        self.cases: list[Case] = []
        for number, which in enumerate(chosen):
            said = {"customer": self.customers[number % 2], **SAID[which]}
            self.contracts.append(await contract(total, by=self.by, **said))

    async def attempt(self, act: Any, **said: Any) -> Any:
        """What the act answers, or None if it is refused; then no line was written."""
        self.steps[act.__name__] += 1
        before = await EntitlementPosting.filter(tenant_id=self.home.id).count()
        try:
            return await done(act, by=self.by, now=self.now, **said)
        except Refused as refusal:
            self.steps[f"{act.__name__} refused: {refusal.code}"] += 1
            assert await EntitlementPosting.filter(tenant_id=self.home.id).count() == before
            return None

    @rule(what=st.sampled_from(ANYTHING), number=ANY, other=ANY)
    def something_happens(self, what: str, number: int, other: int) -> None:
        if what == "open" or (what in (*ON_A_CASE, *BETWEEN_CASES) and not self.cases):
            origin = (Origin.WEB, Origin.VOICE)[other % 2]
            self.run(self._open(number % 2, other // 2, origin, number % 5 == 0))
        elif what == "wait":
            self.run(self._wait((0, 0, 1, 7, 31)[number % 5], tick=other % 2 == 0))
        elif what in BETWEEN_CASES:
            self.run(self._between(what, self.cases[number % len(self.cases)], other))
        elif what in ON_A_CASE:
            self.run(self._act(what, self.cases[number % len(self.cases)], other))
        elif what in ON_A_CONTRACT:
            self.run(self._keep(what, self.contracts[number % len(self.contracts)], number, other % 6 - 2))

    async def _open(self, customer: int, contract: int, origin: Origin, flagged: bool) -> None:
        theirs = self.customers[customer % 2]
        said = {"title": "Help", "customer": theirs, "origin": origin, "decrement_waived": flagged}
        fitting = [each for each in self.contracts if each.account_id == theirs.id]
        if contract % 4 and fitting:
            said["entitlement"] = fitting[contract % len(fitting)]
        rows = await self.attempt(create_case, **said)
        if rows:
            self.cases.append(rows["case"])

    async def _act(self, what: str, case: Case, other: int) -> None:
        match what:
            case "resolve":
                await self.attempt(RESOLVE, case=case, summary="Done", billable_minutes=other % 200)
            case "cancel":
                await self.attempt(CANCEL, case=case)
            case "reactivate":
                await self.attempt(REACTIVATE, case=case)
            case "delete":
                if other % 3 == 0 and await self.attempt(DELETE, case=case):
                    self.cases.remove(case)
            case "remove":
                await self.attempt(REMOVE, case=case)
            case "flag" | "unflag":
                await self.attempt(FLAG, case=case, decrement=what == "unflag")
            case "replace":
                await self.attempt(APPLY, case=case, entitlement=self.contracts[other % len(self.contracts)])
            case "move":
                await self.attempt(changing.change_case_customer, case=case, customer=self.customers[other % 2])

    async def _between(self, what: str, case: Case, other: int) -> None:
        match what:
            case "merge":
                losers = {
                    self.cases[place % len(self.cases)].id: None for place in (other, other // 7)[: other % 2 + 1]
                }
                named = [each for each in self.cases if each.id in losers]
                await self.attempt(merging.merge_cases, case=case, merged=named, across_customers=other % 3 == 0)
            case "unmerge":
                gone = await Case.filter(tenant_id=self.home.id, deleted_at=None).exclude(merged_into_id=None)
                await self.attempt(unmerging.unmerge_case, case=gone[other % len(gone)] if gone else case)
            case "split":
                said = await self.attempt(talking.add_comment, case=case, body="And the toaster")
                rows = said and await self.attempt(
                    splitting.split_case, case=case, title="Other", messages=[said["message"]]
                )
                if rows:
                    self.cases.append(rows["new_case"])

    async def _keep(self, what: str, of: Entitlement, number: int, amount: int) -> None:
        match what:
            case "amend":
                await self.attempt(entitling.amend_entitlement, entitlement=of, terms={"total": str(abs(amount))})
            case "adjust":
                await self.attempt(entitling.adjust_entitlement, entitlement=of, amount=amount, note="Because")
            case "cancel":
                if number % 3 == 0:
                    await self.attempt(entitling.cancel_entitlement, entitlement=of)
            case "deactivate":
                if number % 3 == 0:
                    await self.attempt(entitling.deactivate_entitlement, entitlement=of)
            case "activate":
                await self.attempt(entitling.activate_entitlement, entitlement=of)
            case "default":
                await self.attempt(entitling.set_default_entitlement, entitlement=of)
            case "renew":
                rows = await self.attempt(entitling.renew_entitlement, entitlement=of, carry_over=amount > 0)
                if rows:
                    self.contracts[self.contracts.index(of)] = rows["entitlement"]
                    await self.attempt(entitling.activate_entitlement, entitlement=rows["entitlement"])

    async def _wait(self, days: int, *, tick: bool) -> None:
        self.now += timedelta(days=days, minutes=1)
        if tick:
            self.steps["worker"] += 1
            await follow_all_dates(self.now)

    @invariant()
    def the_ledger_is_right(self) -> None:
        if hasattr(self, "home"):
            self.run(self._inspect())

    async def _inspect(self) -> None:
        self.steps["steps"] += 1
        rows = await EntitlementPosting.filter(tenant_id=self.home.id)
        stored: dict[Any, dict[Any, tuple[int, int]]] = {}
        for row in await EntitlementBalance.filter(tenant_id=self.home.id):
            stored.setdefault(row.entitlement_id, {})[account_of(row)] = (row.remaining, row.reserved)
        lines = [posting_of(row) for row in rows]
        contracts = {row.id: row for row in await Entitlement.filter(tenant_id=self.home.id)}
        assert len({line.key for line in lines}) == len(lines)
        assert {line.key for line in lines} >= self.keys, "a line has gone"
        self.keys = {line.key for line in lines}
        for key, of in contracts.items():
            own = [line for line in lines if line.entitlement_id == key]
            proven = {account: (each.remaining, each.reserved) for account, each in balances(own).items()}
            assert stored.get(key, {}) == proven
            whole = sum(remaining for account, (remaining, _) in proven.items() if account.channel is None)
            assert whole == sum(line.amount for line in own if line.kind not in HOLDS)
            if of.restrict:
                assert all(remaining >= reserved >= 0 for remaining, reserved in proven.values())
        _reversals_equal_what_they_reverse(lines)
        await self._cases_are_charged_where_they_are(lines)

    async def _cases_are_charged_where_they_are(self, lines: list[Posting]) -> None:
        """What stands against a case stands on the entitlement that it is on; an open case that left leaves nothing."""
        undone = {line.key for line in lines}
        for case in await Case.filter(tenant_id=self.home.id):
            for line in lines:
                undo = UNDONE_BY.get(line.trigger)
                if line.case_id == case.id and undo and line.key._replace(trigger=undo) not in undone:
                    assert line.entitlement_id == case.entitlement_id
                    assert case.merged_into_id is None, "what was merged gave back what it took"


def _reversals_equal_what_they_reverse(lines: list[Posting]) -> None:
    by_key = {line.key: line for line in lines}
    for line in lines:
        done = next((trigger for trigger, undo in UNDONE_BY.items() if undo is line.trigger), None)
        if done is not None:
            original = by_key[line.key._replace(trigger=done)]
            assert (original.amount, original.overage) == (-line.amount, -line.overage)
            assert (original.pool, original.channel) == (line.pool, line.channel)
            assert original.at <= line.at
            assert (line.kind is PostingKind.RELEASE) is (original.kind is PostingKind.RESERVE)


def test_the_stored_ledger_stays_right(database_url: str):
    """At least 2,000 steps on each database, of which each is an act, a look of the worker or the passing of time."""
    with asyncio.Runner() as runner:
        opening: Any = open_database(database_url)
        runner.run(opening.__aenter__())
        try:
            machine: Any = type("Bound", (Desk,), {"runner": runner, "steps": Counter()})
            run_state_machine_as_test(machine, settings=WORK)
        finally:
            runner.run(opening.__aexit__(None, None, None))

    assert machine.steps["steps"] >= STEPS_WANTED, machine.steps

"""How often an act goes to the database: a handful of times, however long the history of its case is."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
from pytest import param

from actions import bulk, changing, ending, family, opening, talking, tenant_settings, working
from actions.signature import Act
from cases.vocabulary import Priority, Role, StatusReason
from models import Case
from models.database import Database
from tests import given, promised
from tests.actions import contracts
from tests.actions.sent import sent
from tests.given import done

EVENTS: Final = 50
FOLLOWING: Final = {
    *("case", "case_event", "outbox", "sla_kpi_instance"),
    *("entitlement", "entitlement_balance", "entitlement_posting"),
}
"""The tables of what follows from a fact: history, promises about time, promises about quantity."""

WAITING: Mapping[str, Any] = {"reason": StatusReason.WAITING_FOR_DETAILS}
ACTS = [
    # name, acts before it, the act, what it is told
    param((), talking.add_comment, {"body": "Hello"}, 10, id="comment"),
    param((), changing.update_case, {"title": "Another"}, 9, id="change the title"),
    param((), changing.update_case, {"priority": Priority.CRITICAL}, 8, id="change the priority"),
    param((), working.suspend_case, WAITING, 8, id="suspend"),
    param(((working.suspend_case, WAITING),), working.resume_case, {}, 8, id="resume"),
    param((), ending.resolve_case, {"summary": "Done"}, 19, id="resolve"),
    param(((ending.resolve_case, {"summary": "Done"}),), ending.reactivate_case, {}, 13, id="reactivate"),
    param((), ending.cancel_case, {}, 17, id="cancel"),
]


@pytest.mark.parametrize("decrement_on", ["CREATION", "RESOLUTION"])
@pytest.mark.parametrize(("before", "act", "said", "most"), ACTS)
async def test_an_act_on_a_case_with_fifty_events(
    database: Database, decrement_on: str, before: Any, act: Act, said: Any, most: int
):
    """What follows is written in at most six trips; with everything else, an act takes at most so many."""
    by = await given.viewer(Role.MANAGER)
    await promised.default(*(promised.item(kpi) for kpi in ("first_response", "next_response", "resolution")))
    contract = await contracts.contract(by=by, decrement_on=decrement_on)
    for case in [await contracts.on(contract, by=by) for _ in range(2)]:  # by the first, caches know policy and plans
        for _ in range(EVENTS - case.version):
            await done(talking.add_comment, by=by, case=case, body="Hello")
        for earlier, words in before:
            await done(earlier, by=by, case=case, **words)
        async with sent(database) as statements:
            await done(act, by=by, case=case, **said)

    follows = [(verb, table) for verb, table in statements if table in FOLLOWING]
    assert len([verb for verb, _ in follows if verb != "SELECT"]) <= 6, follows
    assert len([verb for verb, _ in follows if verb == "SELECT"]) <= 7, follows  # its kin are asked when it ends
    assert len(statements) <= most, statements


async def test_opening_a_case_with_a_promise_on_a_contract(database: Database):
    by = await given.viewer(Role.MANAGER)
    await promised.default(promised.item(), promised.item("resolution"))
    contract = await contracts.contract(by=by)
    customer = await contracts.customer_of(contract)
    for _ in range(2):
        async with sent(database) as statements:
            await done(opening.create_case, by=by, customer=customer, title="It leaks", entitlement=contract)

    writes = [(verb, table) for verb, table in statements if table in FOLLOWING and verb != "SELECT"]
    assert len(writes) <= 6, statements


MANY = 6
AT_ONCE = [
    # the act, what it is told, how many statements each further case takes
    param(bulk.bulk_update_cases, {"priority": Priority.CRITICAL}, 4, id="bulk"),  # two to write it, two around it
    param(
        bulk.bulk_update_cases,
        {"priority": Priority.CRITICAL, "status_reason": StatusReason.ON_HOLD},
        6,
        id="bulk of two acts",
    ),
    param(family.add_child_cases, {}, 2, id="add children"),
    param(ending.resolve_case, {"summary": "Done"}, 6, id="resolve along"),
    param(ending.cancel_case, {}, 5, id="cancel along"),
]

TOLD: Mapping[Act, Callable[[Case, list[Case]], Mapping[str, Any]]] = {
    bulk.bulk_update_cases: lambda above, cases: {"cases": cases},
    family.add_child_cases: lambda above, cases: {"case": above, "children": cases},
    ending.resolve_case: lambda above, cases: {"case": above},
    ending.cancel_case: lambda above, cases: {"case": above},
}


@pytest.mark.parametrize(("act", "said", "each"), AT_ONCE)
async def test_many_cases_at_once(database: Database, act: Act, said: Any, each: int):
    """What follows from all of them is written together, and what they have in common is read once."""
    by = await given.viewer(Role.ADMIN)
    await promised.default(*(promised.item(kpi) for kpi in ("first_response", "next_response", "resolution")))
    await done(tenant_settings.save_tenant_settings, by=by, settings={"closure_preference": "CASCADE"})
    contract = await contracts.contract(100, by=by, decrement_on="RESOLUTION")
    kind = await given.case_type()
    counts = []
    for many in (1, 1, 1 + MANY):
        cases = [await contracts.on(contract, by=by, type_id=kind) for _ in range(many)]
        above = await contracts.on(contract, by=by)
        if act in (ending.resolve_case, ending.cancel_case):
            await done(family.add_child_cases, by=by, case=above, children=cases)
        told = {**TOLD[act](above, cases), **said}
        async with sent(database) as statements:
            await done(act, by=by, **told)
        counts.append(len(statements))

    assert counts[2] - counts[1] <= MANY * each, statements

"""The one door: who may pass, what exists for them, and that a refusal leaves everything as it was."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from actions import (
    changing,
    covering,
    ending,
    family,
    knowing,
    merging,
    queueing,
    talking,
)
from actions.signature import parameters
from cases import permissions
from cases.lifecycle import TRANSITIONS
from cases.refusals import IllegalTransition, NotPermitted, Unknown, VersionConflict
from cases.vocabulary import Audience, FactKind, Priority, Role, Status, StatusReason
from models import Case, CaseEvent
from models.database import Database
from tests import given
from tests.actions import contracts
from tests.actions.acts import ACTS, SAID, handed
from tests.actions.facts_of_acts import BESIDE, FURTHER_EVENTS, KINDS
from tests.given import NOW, done

LATER = NOW + timedelta(hours=1)


def test_every_act_is_in_the_tables_of_this_test_and_has_a_permission():
    about_a_case = {name for name, act in ACTS.items() if any(of.is_subject for of in parameters(act))}

    assert set(KINDS) == about_a_case
    assert set(SAID) == set(ACTS) - {"create_case"}
    assert set(permissions.ROLES_BY_ACT) == set(ACTS)


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CANCELED, Status.CLOSED])
@pytest.mark.parametrize("act", sorted(KINDS))
async def test_a_case_that_has_ended_refuses_every_change_but_the_steps_of_its_status(
    sqlite_database: Database, act, status
):
    if act == "unmerge_case":
        return  # it is for cases that ended by a merge, and no others: tests/actions/test_unmerging.py
    admin, case = await given.viewer(Role.ADMIN), await given.case_that_is(status)
    said = await handed(await SAID[act](), admin)
    before, row = await given.rows_stored(), dict(await given.stored(case))

    if (status, KINDS[act]) in TRANSITIONS:
        await done(ACTS[act], by=admin, case=case, **said)
        assert (await given.stored(case)).version == case.version + 1
        return
    with pytest.raises(IllegalTransition) as refused:
        await done(ACTS[act], by=admin, case=case, **said)

    assert refused.value.from_ is status
    assert Status.ACTIVE in refused.value.allowed
    assert (await given.rows_stored(), dict(await given.stored(case))) == (before, row)


def test_only_reactivation_closing_and_unmerging_lead_out_of_an_end():
    ways_out = {kind for (status, kind), to in TRANSITIONS.items() if Status.ACTIVE is not status != to}

    assert ways_out == {FactKind.REACTIVATED, FactKind.CLOSED, FactKind.UNMERGED}
    assert (Status.CANCELED, FactKind.CLOSED) not in TRANSITIONS


READY: Mapping[str, Status | StatusReason] = {
    "close_case": Status.RESOLVED,
    "reactivate_case": Status.RESOLVED,
    "resume_case": StatusReason.SUSPENDED,
}
"""Where a case has to stand for an act to be possible, other than active."""


async def ready(act: str, customer: Any) -> dict[str, Any]:
    """All that an act needs to succeed, for a case of `customer`."""
    if act == "create_case":
        return {"title": "Help", "customer": customer}
    if act not in KINDS:
        return await SAID[act]()
    case = await given.case_that_is(READY.get(act, Status.ACTIVE), customer=customer)
    if act == "remove_entitlement":
        on = await contracts.contract(by=await contracts.lead(), customer=customer)
        case = (await done(covering.apply_entitlement, by=await contracts.lead(), case=case, entitlement=on))["case"]
    if act.endswith(("queue_item", "from_queue")):
        case = await given.queued_case(case=case)
    if act == "release_queue_item":
        case = (await done(queueing.pick_queue_item, by=await given.viewer(Role.ADMIN), case=case))["case"]
    if act == "unmerge_case":
        survivor = await given.case(customer=customer)
        await done(merging.merge_cases, by=await given.viewer(), case=survivor, merged=[case])
        case = await given.stored(case)
    said = await SAID[act]()
    if act == "unlink_article":
        by = await given.viewer(Role.ADMIN)
        case = (await done(knowing.link_article, by=by, case=case, article=said["article"]))["case"]
    if act == "remove_child_case":
        by = await given.viewer(Role.ADMIN)
        case = (await done(family.add_child_cases, by=by, case=case, children=[said["child"]]))["case"]
    return {"case": case, **said}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", sorted(ACTS))
async def test_each_role_may_do_what_its_row_says(sqlite_database: Database, act, role):
    acme = await given.account()
    customer = await given.contact("Carl", acme) if role is Role.CUSTOMER else None
    by = await given.viewer(role, contact=customer)
    said = await handed(await ready(act, acme), by)
    before = await given.rows_stored()

    if role in permissions.ROLES_BY_ACT[act]:
        await done(ACTS[act], by=by, **said)
        told = (await given.rows_stored())["CaseEvent"] - before["CaseEvent"]
        assert told == (act in KINDS or act == "create_case" or act in BESIDE) + FURTHER_EVENTS.get(act, 0)
    else:
        with pytest.raises(NotPermitted):
            await done(ACTS[act], by=by, **said)
        assert await given.rows_stored() == before


@pytest.mark.parametrize("act", sorted(ACTS))
async def test_who_may_only_read_changes_nothing(sqlite_database: Database, act):
    by, said = await given.viewer(Role.ADMIN, scopes="read"), await ready(act, await given.account())
    before = await given.rows_stored()

    with pytest.raises(NotPermitted):
        await done(ACTS[act], by=by, **said)

    assert await given.rows_stored() == before


CUSTOMERS_ACTS = sorted(act for act, roles in permissions.ROLES_BY_ACT.items() if Role.CUSTOMER in roles)


@pytest.mark.parametrize("act", [act for act in CUSTOMERS_ACTS if act != "create_case"])
async def test_customers_reach_their_own_cases_and_no_others(sqlite_database: Database, act):
    stranger = await given.viewer(Role.CUSTOMER, contact=await given.contact("Eve", await given.account("Umbrella")))
    said = await ready(act, await given.account())
    before = await given.rows_stored()

    with pytest.raises(Unknown) as refused:
        await done(ACTS[act], by=stranger, **said)

    assert tuple(refused.value.path) == ("case_id",)
    assert await given.rows_stored() == before


@pytest.mark.parametrize("act", sorted(KINDS))
async def test_a_case_of_another_tenant_is_not_there(sqlite_database: Database, act):
    stranger = await given.viewer(Role.ADMIN, tenant=await given.tenant("other"))
    said = await ready(act, await given.account())
    before = await given.rows_stored()

    with pytest.raises(Unknown) as refused:
        await done(ACTS[act], by=stranger, **said)

    assert tuple(refused.value.path) == ("case_id",)
    assert await given.rows_stored() == before


@pytest.mark.parametrize("act", sorted(KINDS))
async def test_whoever_expects_another_version_hears_what_changed_since(sqlite_database: Database, act):
    by, said = await given.viewer(Role.ADMIN), await ready(act, await given.account())
    behind = said["case"].version - 1

    with pytest.raises(VersionConflict) as refused:
        await done(ACTS[act], by=by, expected_version=behind, **said)

    assert (refused.value.expected_version, refused.value.current_version) == (behind, behind + 1)
    assert [change.version for change in refused.value.changes] == [behind + 1]


async def test_a_conflict_lists_what_happened_since_oldest_first(database: Database):
    by, case = await given.viewer(), await given.case()
    await done(changing.update_case, by=by, case=case, title="New", priority=Priority.HIGH)
    await done(talking.add_comment, by=by, case=case, body="Psst", audience=Audience.INTERNAL)
    await done(ending.resolve_case, by=by, case=case, summary="Done")

    with pytest.raises(VersionConflict) as refused:
        await done(changing.update_case, by=by, case=case, expected_version=1, title="Mine")

    assert [(change.version, change.kind, list(change.fields)) for change in refused.value.changes] == [
        (2, FactKind.CHANGED, ["priority", "title"]),
        (3, FactKind.COMMENTED, []),
        (4, FactKind.RESOLVED, ["status_reason"]),
    ]
    assert (await given.stored(case)).version == 4


async def test_a_conflict_tells_customers_that_something_happened_and_nothing_of_what(database: Database):
    carl = await given.viewer(Role.CUSTOMER, contact=await given.contact("Carl"))
    by, case = await given.viewer(), await given.case(by=carl)
    await done(talking.add_comment, by=by, case=case, body="Psst", audience=Audience.INTERNAL)

    with pytest.raises(VersionConflict) as refused:
        await done(talking.add_comment, by=carl, case=case, expected_version=1, body="Hello?")

    assert (refused.value.current_version, list(refused.value.changes)) == (2, [])


@pytest.mark.parametrize("expected", [0, -1, 99])
async def test_a_version_that_never_was_conflicts_too(sqlite_database: Database, expected):
    by, case = await given.viewer(), await given.case()

    with pytest.raises(VersionConflict):
        await done(changing.update_case, by=by, case=case, expected_version=expected, title="Mine")


async def test_whoever_knows_the_version_goes_on(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()

    rows = await done(changing.update_case, by=by, case=case, expected_version=1, title="Mine")

    assert rows["case"].version == 2


async def test_of_two_who_know_the_version_one_wins(database: Database):
    by, case = await given.viewer(), await given.case()

    outcomes = await asyncio.gather(
        *(done(changing.update_case, by=by, case=case, expected_version=1, title=f"Title {n}") for n in range(6)),
        return_exceptions=True,
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["VersionConflict"] * 5 + ["dict"]
    assert (await given.stored(case)).version == 2


async def test_instants_of_a_history_never_go_back(database: Database):
    by, case = await given.viewer(), await given.case(now=NOW)

    await done(talking.add_comment, by=by, now=LATER, case=case, body="Later")
    rows = await done(talking.add_comment, by=by, now=NOW - timedelta(days=1), case=case, body="Earlier, it seems")
    await done(ending.resolve_case, by=by, now=NOW, case=case, summary="Done")
    instants = await CaseEvent.filter(case_id=case.id).order_by("number").values_list("at", flat=True)
    kept = await given.stored(case)

    assert instants == [NOW, LATER, LATER, LATER]
    assert rows["message"].created_at == LATER
    assert (kept.updated_at, kept.resolved_at) == (LATER, LATER)


async def test_an_act_that_crashes_leaves_nothing(database: Database):
    by, case = await given.viewer(), await given.case()
    before = await given.rows_stored()

    async def update_case(case: Case, *, actor: Any, now: Any) -> Case:
        await talking.add_comment(case, "Written, then regretted", actor=actor, now=now)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await done(update_case, by=by, key="k", case=case)

    assert await given.rows_stored() == before
    assert (await given.stored(case)).version == 1

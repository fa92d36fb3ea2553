"""The one door: who may pass, what exists for them, and that a refusal leaves everything as it was."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from actions import (
    attaching,
    calendars,
    changing,
    covering,
    doing,
    drafting,
    ending,
    entitling,
    knowing,
    promises,
    promising,
    queueing,
    queues,
    recalculating,
    routing,
    rule_sets,
    skills,
    talking,
    viewing,
    working,
)
from actions.signature import Act, parameters
from cases import permissions
from cases.lifecycle import TRANSITIONS
from cases.refusals import IllegalTransition, NotPermitted, Unknown, VersionConflict
from cases.viewer import Viewer
from cases.vocabulary import ActivityKind, Audience, FactKind, Priority, QueueItemState, Role, Status, StatusReason
from models import Account, Case, CaseEvent, QueueItem, Upload
from models.database import Database
from schema.mutations import Mutation
from tests import given
from tests.actions import contracts
from tests.given import NOW, done

LATER = NOW + timedelta(hours=1)

ACTS: Mapping[str, Act] = {
    field.act.__name__: field.act
    for field in Mutation.__strawberry_definition__.fields  # type: ignore[attr-defined]
}
"""Every act that clients can ask for."""

SAID: Mapping[str, Callable[[], Awaitable[dict[str, Any]]]] = {}
"""What each act needs to be told besides the case, in a world where nothing but the case stands in its way."""


def says(act: Act) -> Callable[[Callable[[], Awaitable[dict[str, Any]]]], None]:
    def keep(words: Callable[[], Awaitable[dict[str, Any]]]) -> None:
        SAID[act.__name__] = words  # type: ignore[index]

    return keep


@says(changing.update_case)
async def _() -> dict[str, Any]:
    return {"title": "Another title"}


@says(changing.change_case_customer)
async def _() -> dict[str, Any]:
    return {"customer": await given.account("Umbrella")}


@says(changing.assign_case)
async def _() -> dict[str, Any]:
    return {"assignee": await given.person("Vera")}


@says(talking.add_comment)
async def _() -> dict[str, Any]:
    return {"body": "Hello"}


@says(working.progress_case)
async def _() -> dict[str, Any]:
    return {"reason": StatusReason.RESEARCHING}


@says(ending.resolve_case)
async def _() -> dict[str, Any]:
    return {"summary": "Done"}


@says(doing.create_activity)
async def _() -> dict[str, Any]:
    return {"kind": ActivityKind.PHONE_CALL, "subject": "Call back"}


@says(doing.update_activity)
async def _() -> dict[str, Any]:
    return {"activity": await given.activity(), "subject": "Write back"}


for of_an_activity in (doing.complete_activity, doing.cancel_activity):

    @says(of_an_activity)
    async def _() -> dict[str, Any]:
        return {"activity": await given.activity()}


@says(attaching.attach_file)
async def _() -> dict[str, Any]:
    return {"uploads": [await given.upload()]}


@says(attaching.delete_attachments)
async def _() -> dict[str, Any]:
    return {"attachments": [await given.attachment()]}


@says(promising.apply_sla)
async def _() -> dict[str, Any]:
    return {"policy": await given.sla_policy()}


@says(calendars.save_calendar)
async def _() -> dict[str, Any]:
    return {"name": "Office", "hours": {"timezone": "UTC", "weekly_hours": {"mon": [["09:00", "17:00"]]}}}


@says(recalculating.recalculate_sla)
async def _() -> dict[str, Any]:
    return {"policy": await given.sla_policy()}


@says(promises.save_sla_policy)
async def _() -> dict[str, Any]:
    return {"name": "Gold", "items": []}


for of_a_policy in (
    promises.activate_sla_policy,
    promises.deactivate_sla_policy,
    promises.set_default_sla_policy,
):

    @says(of_a_policy)
    async def _() -> dict[str, Any]:
        return {"policy": await given.sla_policy()}


@says(covering.apply_entitlement)
async def _() -> dict[str, Any]:
    return {"entitlement": await contracts.contract(by=await contracts.lead(), customer=await Account.first())}


@says(covering.set_decrement_entitlement)
async def _() -> dict[str, Any]:
    return {"decrement": False, "note": "Our own fault"}


@says(drafting.save_entitlement_template)
async def _() -> dict[str, Any]:
    return {"name": "Yearly", "terms": {"allocation": "CASES", "decrement_on": "CREATION"}}


@says(entitling.create_entitlement)
async def _() -> dict[str, Any]:
    return {"name": "Support", "customer": await given.account(), "terms": contracts.YEAR}


for of_a_draft in (entitling.activate_entitlement, entitling.edit_entitlement):

    @says(of_a_draft)
    async def _() -> dict[str, Any]:
        return {"entitlement": await contracts.draft(by=await contracts.lead())}


for of_a_contract in (
    entitling.deactivate_entitlement,
    entitling.cancel_entitlement,
    entitling.set_default_entitlement,
):

    @says(of_a_contract)
    async def _() -> dict[str, Any]:
        return {"entitlement": await contracts.contract(by=await contracts.lead())}


@says(entitling.renew_entitlement)
async def _() -> dict[str, Any]:
    return {"entitlement": await contracts.contract(by=await contracts.lead(), ends_on="2025-06-01")}


@says(entitling.amend_entitlement)
async def _() -> dict[str, Any]:
    return {"entitlement": await contracts.contract(by=await contracts.lead()), "terms": {"total": "12"}}


@says(entitling.adjust_entitlement)
async def _() -> dict[str, Any]:
    return {"entitlement": await contracts.contract(by=await contracts.lead()), "amount": 2, "note": "A gift"}


@says(knowing.save_article)
async def _() -> dict[str, Any]:
    return {"title": "Descaling", "body": "Boil vinegar."}


for of_an_article in (
    knowing.publish_article,
    knowing.archive_article,
    knowing.link_article,
    knowing.unlink_article,
):

    @says(of_an_article)
    async def _() -> dict[str, Any]:
        return {"article": await given.article()}


@says(viewing.save_view)
async def _() -> dict[str, Any]:
    return {"name": "Urgent", "where": {"priority": {"eq": "HIGH"}}, "shared": True}


@says(viewing.delete_view)
async def _() -> dict[str, Any]:
    nobody = Viewer((await given.home()).id, Role.ADMIN, "Importer")  # what belongs to nobody is everybody's
    rows = await done(viewing.save_view, by=nobody, name="Ours", where={}, shared=True)
    return {"view": rows["saved_view"]}


@says(queueing.add_to_queue)
async def _() -> dict[str, Any]:
    return {"queue": await given.queue("Anywhere")}


@says(queueing.route_queue_item)
async def _() -> dict[str, Any]:
    return {"to": await given.person("Vera")}


@says(queues.save_queue)
async def _() -> dict[str, Any]:
    return {"name": "Anywhere"}


@says(routing.apply_routing_rules)
async def _() -> dict[str, Any]:
    waits = await given.case()
    await given.rule_set("Rules", {"name": "All", "queue": str((await given.queue()).id)})
    return {"cases": [waits]}


@says(rule_sets.save_routing_rule_set)
async def _() -> dict[str, Any]:
    return {"name": "Rules", "items": []}


for of_a_set in (rule_sets.activate_routing_rule_set, rule_sets.deactivate_routing_rule_set):

    @says(of_a_set)
    async def _() -> dict[str, Any]:
        nowhere = {"name": "None", "when": {"title": {"eq": ""}}, "queue": str((await given.queue()).id)}
        return {"rule_set": await given.rule_set("Rules", nowhere)}


@says(skills.save_person_skills)
async def _() -> dict[str, Any]:
    return {"person": await given.person("Vera"), "skills": [{"skill": "ice", "level": 3}]}


@says(skills.save_person_capacity)
async def _() -> dict[str, Any]:
    return {"person": await given.person("Vera"), "most_open": 3}


for silent in (
    queueing.pick_queue_item,
    queueing.release_queue_item,
    queueing.remove_from_queue,
    working.suspend_case,
    working.resume_case,
    ending.close_case,
    ending.cancel_case,
    ending.reactivate_case,
    ending.delete_case,
    covering.remove_entitlement,
):

    @says(silent)
    async def _() -> dict[str, Any]:
        return {}


KINDS: Mapping[str, FactKind] = {
    "update_case": FactKind.CHANGED,
    "change_case_customer": FactKind.CUSTOMER_CHANGED,
    "assign_case": FactKind.ASSIGNED,
    "add_comment": FactKind.COMMENTED,
    "progress_case": FactKind.PROGRESSED,
    "suspend_case": FactKind.SUSPENDED,
    "resume_case": FactKind.RESUMED,
    "resolve_case": FactKind.RESOLVED,
    "close_case": FactKind.CLOSED,
    "cancel_case": FactKind.CANCELED,
    "reactivate_case": FactKind.REACTIVATED,
    "delete_case": FactKind.DELETED,
    "create_activity": FactKind.ACTIVITY_CREATED,
    "attach_file": FactKind.FILE_ATTACHED,
    "apply_sla": FactKind.SLA_APPLIED,
    "add_to_queue": FactKind.QUEUED,
    "pick_queue_item": FactKind.PICKED,
    "release_queue_item": FactKind.RELEASED,
    "route_queue_item": FactKind.ROUTED,
    "remove_from_queue": FactKind.UNQUEUED,
    "link_article": FactKind.ARTICLE_LINKED,
    "unlink_article": FactKind.ARTICLE_UNLINKED,
    "apply_entitlement": FactKind.ENTITLEMENT_APPLIED,
    "remove_entitlement": FactKind.ENTITLEMENT_REMOVED,
    "set_decrement_entitlement": FactKind.DECREMENT_WAIVED,
}
"""The fact by which the lifecycle knows each act that is about a case."""

BESIDE = {"update_activity", "complete_activity", "cancel_activity", "delete_attachments", "apply_routing_rules"}
"""Acts about something that belongs to a case, of which its history tells."""


async def handed(said: dict[str, Any], by: Viewer) -> dict[str, Any]:
    """What an act is told, with the uploads in it sent by whoever performs it: those of others are not there.

    What is picked is picked by them: only who works on a case puts it back.
    """
    if "case" in said and by.person_id:
        picked = QueueItem.filter(open_case_id=said["case"].id, state=QueueItemState.PICKED)
        await picked.update(worker_id=by.person_id)
    for upload in said.get("uploads", ()):
        sender = {"uploader_person_id": by.person_id, "uploader_contact_id": by.contact_id}
        await Upload.filter(id=upload.id).update(**sender)
    return said


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


def test_only_reactivation_and_closing_lead_out_of_an_end():
    ways_out = {kind for (status, kind), to in TRANSITIONS.items() if Status.ACTIVE is not status != to}

    assert ways_out == {FactKind.REACTIVATED, FactKind.CLOSED}
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
    said = await SAID[act]()
    if act == "unlink_article":
        by = await given.viewer(Role.ADMIN)
        case = (await done(knowing.link_article, by=by, case=case, article=said["article"]))["case"]
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
        assert told == (act in KINDS or act == "create_case" or act in BESIDE)
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

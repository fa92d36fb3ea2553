"""Internal records, which few know of, and answers that were given elsewhere."""

from typing import Any

import pytest

from actions import changing, following, recording, talking
from actions.announcing import announce
from cases.refusals import BadInput, NotPermitted, VersionConflict
from cases.viewer import Viewer
from cases.vocabulary import Origin, Role
from models import Case, CaseEvent, Delivery, InternalRecord, Person
from models.database import Database
from schema.reports import REPORTS
from settings import Limits
from tests import given, promised
from tests.actions import notices
from tests.given import NOW, done, hours, minutes
from tests.promised import clock, item, told

READ = """query($id: ID!) { case(key: {id: $id}) { internalRecords { totalCount nodes { body } }
    events { nodes { kind } } timeline { nodes { __typename ... on CaseEvent { kind } } } } }"""


async def seen(case: Case, viewer: Viewer) -> tuple[list[str], bool]:
    """The records that a viewer reads on a case, and whether they read anywhere that there are some."""
    data = (await given.answer(READ, viewer=viewer, id=case))["case"]
    assert data["internalRecords"]["totalCount"] == len(data["internalRecords"]["nodes"])
    mentioned = {"kind" in one and one["kind"] == "INTERNAL_RECORDED" for one in data["timeline"]["nodes"]}
    kinds = [one["kind"] for one in data["events"]["nodes"]]
    assert ("INTERNAL_RECORDED" in kinds) is (True in mentioned)
    return [one["body"] for one in data["internalRecords"]["nodes"]], "INTERNAL_RECORDED" in kinds


async def test_only_the_owner_and_administrators_know_of_internal_records(database: Database):
    owner, contact = await given.viewer(), await given.contact()
    case = await given.case(by=owner, owner=await Person.get(id=owner.person_id), customer=contact)
    await done(recording.add_internal_record, by=owner, case=case, body="Between us")

    for role in (Role.AGENT, Role.MANAGER, Role.INTEGRATION):
        assert await seen(case, await given.viewer(role)) == ([], False)
    assert await seen(case, await given.viewer(Role.CUSTOMER, contact=contact)) == ([], False)
    for knows in (owner, await given.viewer(Role.ADMIN)):
        assert await seen(case, knows) == (["Between us"], True)
    found = await given.answer('{ search(text: "between") { hits { snippet } } }', viewer=owner)
    assert found["search"]["hits"] == []


async def test_who_owns_a_case_later_reads_what_was_recorded_and_who_did_before_does_not(database: Database):
    owner, heir = await given.viewer(), await given.viewer()
    case = await given.case(by=owner, owner=await Person.get(id=owner.person_id))
    await done(recording.add_internal_record, by=owner, case=case, body="Between us")
    await done(changing.assign_case, by=owner, case=case, assignee=await Person.get(id=heir.person_id))

    assert (await seen(case, heir), await seen(case, owner)) == ((["Between us"], True), ([], False))


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER, Role.INTEGRATION])
async def test_nobody_else_adds_one(database: Database, role):
    case = await given.case()
    with pytest.raises(NotPermitted):
        await done(recording.add_internal_record, by=await given.viewer(role), case=case, body="Between us")

    assert await InternalRecord.all().count() == 0


async def test_a_record_may_be_long_but_not_empty_and_others_do_not_trip_over_it(database: Database):
    admin, case = await given.viewer(Role.ADMIN), await given.case()
    for body in ("", "x" * 20_001):
        with pytest.raises(BadInput):
            await done(recording.add_internal_record, by=admin, case=case, body=body)
    await done(recording.add_internal_record, by=admin, case=case, body="x" * 20_000, now=NOW + hours(1))

    stored = await given.stored(case)
    assert (stored.version, stored.updated_at) == (2, NOW)
    (event,) = await CaseEvent.filter(kind="INTERNAL_RECORDED")
    assert event.payload == {"changes": {}, "details": {}}
    by = await given.viewer()
    await done(talking.add_comment, by=by, case=case, body="Hello", expected_version=1)
    with pytest.raises(VersionConflict) as refused:
        await done(talking.add_comment, by=by, case=case, body="Hello", expected_version=1)
    assert [change.kind.value for change in refused.value.changes] == ["COMMENTED"]


EVERYWHERE = """query($id: ID!) {
    case(key: {id: $id}) { updatedAt title status events { totalCount nodes { number kind } }
        timeline { totalCount nodes { __typename } } noted: events(where: {kind: {eq: INTERNAL_RECORDED}}) {
        totalCount } slaKpiInstances { nodes { ledger { kind } } } }
    cases(where: {updatedAt: {gt: "2025-06-04T12:00:00Z"}}) { totalCount }
    search(text: "between") { hits { snippet } }
    notifications { totalCount }
    reports { agentWorkload { assigned resolved breached } flow { opened } } }"""


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER, Role.INTEGRATION, Role.CUSTOMER])
async def test_nothing_else_that_others_can_ask_changes_by_a_record(database: Database, role):
    owner, contact = await given.viewer(), await given.contact()
    case = await given.case(by=owner, owner=await Person.get(id=owner.person_id), customer=contact)
    follower = await given.viewer(role, contact=contact if role is Role.CUSTOMER else None)
    if role in (Role.AGENT, Role.MANAGER):
        await done(following.follow_case, by=follower, case=case)
    before = await given.answer(EVERYWHERE, viewer=follower, id=case, now=NOW + hours(2))
    await done(recording.add_internal_record, by=owner, case=case, body="Between us", now=NOW + hours(1))

    assert await given.answer(EVERYWHERE, viewer=follower, id=case, now=NOW + hours(2)) == before


async def test_a_record_is_in_no_report_and_in_no_call_of_a_webhook(database: Database):
    await notices.webhook()
    owner = await given.viewer()
    case = await given.case(by=owner, owner=await Person.get(id=owner.person_id))
    lead = await given.viewer(Role.MANAGER)

    async def figures() -> list[Any]:
        """Every report as whoever leads reads it, as a file too: that is made of the same rows."""
        limits, now = Limits(), NOW + hours(2)
        return [await one.read(lead, None, None, now=now, limits=limits) for one in REPORTS.values()]

    before, called = await figures(), await Delivery.all().count()
    await done(recording.add_internal_record, by=owner, case=case, body="Between us", now=NOW + hours(1))

    assert (await figures(), await Delivery.all().count()) == (before, called)


async def test_an_answer_by_telephone_keeps_the_promise_of_one_when_it_was_given(database: Database):
    await promised.default(item(minutes=60), item("resolution", 600))
    by, case = await given.viewer(), await given.case()
    said: dict[str, Any] = {"origin": Origin.VOICE, "at": NOW + minutes(20)}
    case = (await done(recording.record_response, by=by, case=case, now=NOW + minutes(50), **said))["case"]

    kept = await clock(case, "first_response")
    assert (kept.state.value, kept.succeeded_at) == ("SUCCEEDED", NOW + minutes(20))
    assert case.first_answered_at == NOW + minutes(20)
    assert (await clock(case, "resolution")).state.value == "IN_PROGRESS"


async def test_an_answer_that_is_recorded_late_does_not_unsay_a_breach(database: Database):
    await promised.default(item(minutes=60))
    by, case = await given.viewer(), await given.case()
    await announce(NOW + minutes(61))
    said: dict[str, Any] = {"at": NOW + minutes(20)}
    case = (await done(recording.record_response, by=by, case=case, now=NOW + minutes(70), **said))["case"]

    late = await clock(case, "first_response")
    assert (late.state.value, late.breached_at) == ("NONCOMPLIANT", NOW + minutes(60))
    assert [what for _, what in await told(case)] == ["BREACHED"]


async def test_an_answer_may_be_one_for_a_single_promise(database: Database):
    await promised.default(item(minutes=60), item("periodic_update", 120))
    by, case = await given.viewer(), await given.case()
    case = (await done(recording.record_response, by=by, case=case, kpi="periodic_update"))["case"]

    assert (await clock(case, "first_response")).state.value == "IN_PROGRESS"


async def test_an_answer_to_a_promise_that_nobody_made_is_declined(database: Database):
    await promised.default(item(minutes=60))
    by, case = await given.viewer(), await given.case()
    with pytest.raises(BadInput) as refused:
        await done(recording.record_response, by=by, case=case, kpi="first_respone")

    assert refused.value.path == ("kpi",)


@pytest.mark.parametrize("wrong", [NOW - minutes(1), NOW + minutes(6)])
async def test_an_answer_was_given_between_the_opening_and_now(database: Database, wrong):
    by, case = await given.viewer(), await given.case()
    with pytest.raises(BadInput) as refused:
        await done(recording.record_response, by=by, case=case, at=wrong, now=NOW + minutes(5))

    assert refused.value.path == ("at",)

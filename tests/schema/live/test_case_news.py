"""What happens to cases, told over real sockets."""

import pytest
from pytest import param

from actions import changing, ending, recording, talking
from cases.vocabulary import Audience, Priority, Role
from models import Person
from models.database import Database
from schema.ids import id_of
from tests import given
from tests.given import done
from tests.schema.live.listening import House, house

CHANGED = """subscription ($id: ID!, $after: String) { caseChanged(id: $id, after: $after) {
    cursor case { id title priority version } events { number kind actor { name } } } }"""
EVENTS = """subscription ($where: CaseEventWhere, $after: String) { caseEvents(where: $where, after: $after) {
    cursor case { number } events { number kind } } }"""


async def test_a_case_is_shown_as_it_is_and_then_whatever_happens_to_it(database: Database):
    by = await given.viewer()
    case = await given.case(by=by)
    async with house(database) as at, at.listening(by, CHANGED, id=id_of(case)) as told:
        first = await told.next()
        await done(changing.update_case, by=by, case=case, priority=Priority.CRITICAL)
        second = await told.next()

    assert (first["case"]["title"], first["events"]) == (case.title, [])
    assert second["case"]["priority"] == "CRITICAL"
    assert [(event["kind"], event["actor"]["name"]) for event in second["events"]] == [("CHANGED", by.name)]
    assert second["case"]["version"] == second["events"][-1]["number"]


async def test_what_was_missed_is_told_once_and_in_order_and_then_what_happens(database: Database):
    by = await given.viewer()
    case = await given.case(by=by)
    async with house(database) as at:
        async with at.listening(by, CHANGED, id=id_of(case)) as told:
            cursor = (await told.next())["cursor"]
        for _ in range(3):
            await done(talking.add_comment, by=by, case=case, body="Hello")
        async with at.listening(by, CHANGED, id=id_of(case), after=cursor) as told:
            seen = [await told.next() for _ in range(3)]
            await done(talking.add_comment, by=by, case=case, body="Hello again")
            seen.append(await told.next())
        async with at.listening(by, CHANGED, id=id_of(case), after=seen[1]["cursor"]) as told:
            again = [await told.next() for _ in range(2)]

    numbers = [event["number"] for one in seen for event in one["events"]]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 4
    assert [one["events"] for one in again] == [one["events"] for one in seen[2:]]


async def test_events_of_all_cases_come_in_order_and_only_those_that_are_meant(database: Database):
    by = await given.viewer()
    async with house(database) as at, at.listening(by, EVENTS, where={"kind": {"eq": "COMMENTED"}}) as told:
        assert (await told.next())["events"] == []
        cases = [await given.case(by=by) for _ in range(2)]
        for case in cases:
            await done(talking.add_comment, by=by, case=case, body="Hello")
        messages = [await told.next() for _ in range(2)]

    assert [message["case"]["number"] for message in messages] == [case.number for case in cases]
    assert [event["kind"] for message in messages for event in message["events"]] == ["COMMENTED"] * 2


async def test_nothing_of_another_tenant_is_told_nor_of_its_cases(database: Database):
    ours, theirs = await given.viewer(), await given.viewer(tenant=await given.tenant("other"))
    case = await given.case(by=theirs)
    async with house(database) as at:
        async with at.listening(ours, CHANGED, id=id_of(case)) as told:
            hidden = await told.next()
            assert (await told.message())["type"] == "complete"
        async with at.listening(ours, EVENTS) as told:
            await told.next()
            await done(talking.add_comment, by=theirs, case=case, body="Hello")
            mine = await given.case(by=ours)
            assert (await told.next())["case"]["number"] == mine.number

    assert (hidden["case"], hidden["events"]) == (None, [])


async def test_who_comes_back_to_a_case_that_is_not_theirs_is_told_the_same_as_of_one_that_is_not_there(
    database: Database,
):
    by = await given.viewer()
    case = await given.case(by=by, customer=await given.account("Rival"))
    customer = await given.viewer(Role.CUSTOMER, contact=await given.contact(account=await given.account()))
    async with house(database) as at:
        async with at.listening(customer, EVENTS) as told:
            cursor = (await told.next())["cursor"]
        await done(talking.add_comment, by=by, case=case, body="Hello")
        for public in (id_of(case), id_of(case)[:-4] + "AAAA"):
            async with at.listening(customer, CHANGED, id=public, after=cursor) as told:
                assert (await told.next()) == {"cursor": cursor, "case": None, "events": []}
                assert (await told.message())["type"] == "complete"


async def test_customers_are_shown_their_case_without_what_the_staff_did(database: Database):
    by = await given.viewer()
    contact = await given.contact(account=await given.account())
    customer = await given.viewer(Role.CUSTOMER, contact=contact)
    case = await given.case(by=customer)
    async with house(database) as at, at.listening(customer, CHANGED, id=id_of(case)) as told:
        await told.next()
        await done(talking.add_comment, by=by, case=case, body="Psst", audience=Audience.INTERNAL)
        second = await told.next()

    assert second["case"]["id"] == id_of(case)
    assert second["events"] == []


async def test_a_case_that_is_given_to_another_customer_is_gone_for_the_first(database: Database):
    by = await given.viewer()
    customer = await given.viewer(Role.CUSTOMER, contact=await given.contact(account=await given.account()))
    case, rival = await given.case(by=customer), await given.account("Rival")
    async with house(database) as at, at.listening(customer, CHANGED, id=id_of(case)) as told:
        await told.next()
        await done(changing.change_case_customer, by=by, case=case, customer=rival)
        last = await told.next()
        end = await told.message()

    assert (last["case"], last["events"], end["type"]) == (None, [], "complete")


async def test_that_something_was_recorded_for_few_is_told_to_few(database: Database):
    lead, owner, colleague = await given.viewer(Role.ADMIN), await given.viewer(), await given.viewer()
    case = await given.case(by=owner, owner=await Person.get(id=owner.person_id))
    async with (
        house(database) as at,
        at.listening(owner, EVENTS) as owners,
        at.listening(lead, EVENTS) as leads,
        at.listening(colleague, EVENTS) as others,
    ):
        for told in (owners, leads, others):
            await told.next()
        await done(recording.add_internal_record, by=owner, case=case, body="Psst")
        await done(talking.add_comment, by=owner, case=case, body="Hello")
        heard = [[event["kind"] for event in (await told.next())["events"]] for told in (owners, leads, others)]

    assert heard == [["INTERNAL_RECORDED"], ["INTERNAL_RECORDED"], ["COMMENTED"]]


async def test_a_deleted_case_ends_its_subscription(database: Database):
    by = await given.viewer(Role.ADMIN)
    case = await given.case(by=by)
    async with house(database) as at, at.listening(by, CHANGED, id=id_of(case)) as told:
        await told.next()
        await done(ending.delete_case, by=by, case=case)

        assert (await told.next())["case"] is None
        assert (await told.message())["type"] == "complete"


async def cursor_of(at: House, viewer) -> str:
    async with at.listening(viewer, EVENTS) as told:
        cursor: str = (await told.next())["cursor"]
        return cursor


@pytest.mark.parametrize(
    "spoil",
    [
        param(lambda cursor: cursor[:-2] + "AA", id="forged"),
        param(lambda cursor: "AAAA", id="short"),
        param(lambda cursor: cursor + "!", id="long"),
        param(lambda cursor: "ä" + cursor, id="no ASCII"),
    ],
)
async def test_a_cursor_that_is_none_of_ours_is_refused(sqlite_database: Database, spoil):
    by = await given.viewer()
    async with house(sqlite_database) as at:
        cursor = await cursor_of(at, by)
        async with at.listening(by, EVENTS, after=spoil(cursor)) as told:
            assert await told.code() == "BAD_INPUT"


async def test_the_cursor_of_another_tenant_is_refused(sqlite_database: Database):
    by, other = await given.viewer(), await given.viewer(tenant=await given.tenant("other"))
    async with house(sqlite_database) as at:
        cursor = await cursor_of(at, other)
        async with at.listening(by, EVENTS, after=cursor) as told:
            assert await told.code() == "BAD_INPUT"


async def test_the_id_of_something_else_is_refused(sqlite_database: Database):
    by = await given.viewer()
    async with (
        house(sqlite_database) as at,
        at.listening(by, CHANGED, id=id_of(await given.account())) as told,
    ):
        assert await told.code() == "NOT_FOUND"


async def test_nobody_is_told_anything(sqlite_database: Database):
    async with house(sqlite_database) as at, at.listening(None, EVENTS) as told:
        assert await told.code() == "UNAUTHENTICATED"


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER, Role.CUSTOMER])
async def test_that_something_was_noted_for_few_eyes_is_no_news_to_others(database: Database, role):
    owner, contact = await given.viewer(), await given.contact()
    case = await given.case(by=owner, owner=await Person.get(id=owner.person_id), customer=contact)
    other = await given.viewer(role, contact=contact if role is Role.CUSTOMER else None)
    async with (
        house(database) as at,
        at.listening(owner, CHANGED, id=id_of(case)) as knows,
        at.listening(other, CHANGED, id=id_of(case)) as told,
    ):
        await knows.next(), await told.next()
        await done(recording.add_internal_record, by=owner, case=case, body="Between us")
        noted = await knows.next()
        await done(talking.add_comment, by=owner, case=case, body="Hello")
        next_told = await told.next()

    assert [event["kind"] for event in noted["events"]] == ["INTERNAL_RECORDED"]
    assert next_told["case"]["version"] == 3
    assert [event["kind"] for event in next_told["events"]] == ([] if role is Role.CUSTOMER else ["COMMENTED"])

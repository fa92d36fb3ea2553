"""What turned out to be another question becomes a case of its own: what moves, and what the new case gets."""

from datetime import timedelta
from typing import Any

import pytest

from actions import doing, entitling, promises, splitting, talking, unmerging
from actions.clocks import history_of
from cases.refusals import BadInput, IllegalTransition, NotPermitted, Unknown
from cases.vocabulary import FactKind, Origin, Priority, Role, Severity, SlaSource, Status
from models import Activity, Case, Message
from models.database import Database
from models.fulltext import SearchWord
from tests import given
from tests.actions import contracts
from tests.actions.merges import assert_folded, belongings, full, merged
from tests.given import NOW, done

LATER = NOW + timedelta(hours=1)


async def split(case: Case, *, by: Any, **said: Any) -> Any:
    return await done(splitting.split_case, by=by, case=case, **{"title": "The toaster", **said})


async def said_on(case: Case) -> tuple[Message, Message, Activity]:
    """What was said publicly and among staff, and what is to be done."""
    public, internal = [await Message.get(case_id=case.id, audience=each) for each in ("PUBLIC", "INTERNAL")]
    return public, internal, await Activity.get(case_id=case.id)


async def test_messages_and_activities_move_to_the_new_case(database: Database):
    by = await given.viewer()
    case = await full(by, await given.account())
    public, internal, activity = await said_on(case)

    new = (await split(case, by=by, messages=[public], activities=[activity]))["new_case"]

    assert {name: ids for name, ids in (await belongings(new)).items() if ids} == {
        **{"Message": {public.id}, "Activity": {activity.id}},
    }
    assert (await belongings(case))["Message"] == {internal.id}
    assert ((await given.stored(case)).message_count, new.message_count) == (0, 1)
    await assert_folded(case, new)


async def test_the_new_case_is_the_same_customers_and_sorted_alike_but_opened_now(database: Database):
    by, acme = await given.viewer(), await given.account()
    bob, kettle = await given.contact("Bob", acme), await given.product("Kettle")
    said: dict[str, Any] = {"priority": Priority.HIGH, "severity": Severity.MAJOR, "origin": Origin.VOICE}
    case = await full(by, acme, contact=bob, product_id=kettle, external_id="X1", **said)
    public, *_ = await said_on(case)

    new = (await split(case, by=by, messages=[public], now=LATER))["new_case"]

    alike = ("account_id", "contact_id", "product_id", "priority", "severity", "origin")
    assert {name: getattr(new, name) for name in alike} == {name: getattr(case, name) for name in alike}
    assert (new.title, new.created_at, new.status, new.external_id) == ("The toaster", LATER, Status.ACTIVE, None)
    assert new.number != case.number


async def test_both_histories_name_the_other(database: Database):
    by = await given.viewer()
    case = await full(by, await given.account())
    public, internal, _ = await said_on(case)

    new = (await split(case, by=by, messages=[public, internal]))["new_case"]

    went, came = [(await history_of(each.id))[-1].fact for each in (case, new)]
    assert (went.kind, came.kind) == (FactKind.SPLIT_OFF, FactKind.SPLIT_OFF)
    assert went.details == {"to_case_id": new.id, "number": new.number, "message_count": -1, "moved": {"Message": 2}}
    assert came.details == {"from_case_id": case.id, "number": case.number, "message_count": 1, "moved": {"Message": 2}}


async def test_the_new_case_has_promises_and_the_default_entitlement_of_its_own(database: Database):
    by, home = await contracts.lead(), await given.tenant()
    home.settings = {"entitlement_on_create": True}
    await home.save(update_fields=["settings"])
    await done(promises.set_default_sla_policy, by=by, policy=await given.sla_policy())
    of = await contracts.contract(by=by)
    await done(entitling.set_default_entitlement, by=by, entitlement=of)
    case = await full(by, await contracts.customer_of(of))  # type: ignore[arg-type]
    public, *_ = await said_on(case)

    new = (await split(case, by=by, messages=[public], now=LATER))["new_case"]

    assert (new.entitlement_id, new.sla_source) == (of.id, SlaSource.DEFAULT)
    assert await contracts.left(of) == 8


async def test_what_moved_is_found_at_the_new_case(database: Database):
    by, acme = await given.viewer(), await given.account()
    case = await given.case(by=by, customer=acme)
    said = (await done(talking.add_comment, by=by, case=case, body="Marzipan"))["message"]

    new = (await split(case, by=by, messages=[said]))["new_case"]

    assert set(await SearchWord.filter(word=b"marzipan").values_list("subject_id", flat=True)) == {new.id}


async def test_what_moved_is_done_on_the_new_case(database: Database):
    by = await given.viewer()
    case = await full(by, await given.account())
    *_, activity = await said_on(case)
    new = (await split(case, by=by, activities=[activity]))["new_case"]

    await done(doing.complete_activity, by=by, activity=activity)

    assert (await history_of(new.id))[-1].fact.kind is FactKind.ACTIVITY_COMPLETED


async def test_a_merged_message_that_was_split_off_stays_split_off(database: Database):
    by, acme = await given.viewer(), await given.account()
    survivor, loser = [await full(by, acme) for _ in range(2)]
    public, *_ = await said_on(loser)
    await merged(survivor, loser, by=by)
    new = (await split(survivor, by=by, messages=[public]))["new_case"]

    await done(unmerging.unmerge_case, by=by, case=loser)

    assert (await Message.get(id=public.id)).case_id == new.id
    await assert_folded(survivor, loser, new)


async def test_nothing_is_split_off_by_saying_nothing(sqlite_database: Database):
    by = await given.viewer()
    case = await full(by, await given.account())
    before = await given.rows_stored()

    with pytest.raises(BadInput) as refused:
        await split(case, by=by)

    assert tuple(refused.value.path) == ("message_ids",)
    assert await given.rows_stored() == before


@pytest.mark.parametrize("what", ["messages", "activities"])
async def test_what_is_on_another_case_is_not_split_off_this_one(sqlite_database: Database, what):
    by, acme = await given.viewer(), await given.account()
    case, other = [await full(by, acme) for _ in range(2)]
    public, _, activity = await said_on(other)
    before = await given.rows_stored()

    with pytest.raises(Unknown):
        await split(case, by=by, **{what: [public if what == "messages" else activity]})

    assert await given.rows_stored() == before


async def test_of_a_case_that_has_ended_nothing_is_split_off(sqlite_database: Database):
    by = await given.viewer()
    case = await given.case_that_is(Status.CANCELED, by=by)
    message = await Message.create(
        tenant_id=case.tenant_id, case_id=case.id, audience="PUBLIC", body="Hm", created_at=NOW
    )

    with pytest.raises(IllegalTransition):
        await split(case, by=by, messages=[message])


async def test_customers_split_nothing(sqlite_database: Database):
    bob = await given.viewer(Role.CUSTOMER, contact=await given.contact(account=await given.account()))
    case = await given.case(by=bob)
    message = (await done(talking.add_comment, by=bob, case=case, body="And the toaster"))["message"]

    with pytest.raises(NotPermitted):
        await split(case, by=bob, messages=[message])


async def test_a_title_that_cannot_be_leaves_everything_where_it_is(sqlite_database: Database):
    by = await given.viewer()
    case = await full(by, await given.account())
    before = await given.rows_stored(), await belongings(case)
    public, *_ = await said_on(case)

    with pytest.raises(BadInput):
        await split(case, by=by, title=" ", messages=[public])

    assert (await given.rows_stored(), await belongings(case)) == before

"""What comes into a queue, is taken and leaves."""

from actions import ending, queueing
from cases.vocabulary import QueueKind, Role
from models import Person, Tenant
from models.database import Database
from schema.ids import id_of
from tests import given
from tests.given import done
from tests.schema.live.listening import house

CHANGED = """subscription ($id: ID!, $after: String) { queueChanged(id: $id, after: $after) { cursor caseId
    queue { name available { totalCount } } case { number } item { state queue { name } worker { name } }
    events { kind } } }"""


async def test_what_comes_is_picked_and_leaves_is_told(database: Database):
    by = await given.viewer(Role.ADMIN)
    agent = await given.viewer()
    queue = await given.queue(by=by)
    async with house(database) as at, at.listening(agent, CHANGED, id=id_of(queue)) as told:
        seen = [await told.next()]
        case = await given.queued_case(queue, by=by)
        seen.append(await told.next())
        await done(queueing.pick_queue_item, by=agent, case=case)
        seen.append(await told.next())
        await done(ending.resolve_case, by=by, case=case, summary="A new seal")
        seen.append(await told.next())

    assert [one["queue"]["available"]["totalCount"] for one in seen] == [0, 1, 0, 0]
    assert [one["caseId"] for one in seen] == [None, *[id_of(case)] * 3]
    assert [one["item"] and one["item"]["state"] for one in seen] == [None, "AVAILABLE", "PICKED", None]
    assert [[event["kind"] for event in one["events"]][-1:] for one in seen[1:]] == [
        ["QUEUED"],
        ["PICKED"],
        ["RESOLVED"],
    ]


async def test_a_case_that_moves_is_told_to_both_queues_and_to_no_third(database: Database):
    by = await given.viewer(Role.ADMIN)
    one, other, third = [await given.queue(name, by=by) for name in ("One", "Other", "Third")]
    case = await given.queued_case(one, by=by)
    async with (
        house(database) as at,
        at.listening(by, CHANGED, id=id_of(one)) as of_one,
        at.listening(by, CHANGED, id=id_of(other)) as of_other,
        at.listening(by, CHANGED, id=id_of(third)) as of_third,
    ):
        await of_one.next(), await of_other.next(), await of_third.next()
        await done(queueing.route_queue_item, by=by, case=case, to=other)
        left, came = await of_one.next(), await of_other.next()
        await given.queued_case(third, by=by, title="Another")
        third_heard = await of_third.next()

    assert left["item"]["queue"]["name"] == came["item"]["queue"]["name"] == "Other"
    assert third_heard["caseId"] != id_of(case)


async def test_a_private_queue_tells_its_members_only(database: Database):
    by = await given.viewer(Role.ADMIN)
    home = await Tenant.get(id=by.tenant_id)
    member, stranger = await given.viewer(), await given.viewer()
    queue = await given.queue("Aside", members=[await Person.get(id=member.person_id)], by=by, kind=QueueKind.PRIVATE)
    customer = await given.viewer(Role.CUSTOMER, tenant=home)
    async with house(database) as at:
        for viewer, sees in ((member, True), (stranger, False), (customer, False)):
            async with at.listening(viewer, CHANGED, id=id_of(queue)) as told:
                assert bool((await told.next())["queue"]) is sees
                if not sees:
                    assert (await told.message())["type"] == "complete"


async def test_what_is_changed_of_a_queue_is_told_and_who_is_let_in_or_out_notices(database: Database):
    by = await given.viewer(Role.ADMIN)
    agent, left_out = await given.viewer(), await given.viewer()
    members = [await Person.get(id=who.person_id) for who in (agent, left_out)]
    queue = await given.queue("Desk", by=by, kind=QueueKind.PRIVATE, members=members)
    async with (
        house(database) as at,
        at.listening(agent, CHANGED, id=id_of(queue)) as told,
        at.listening(left_out, CHANGED, id=id_of(queue)) as told_no_more,
    ):
        await told.next(), await told_no_more.next()
        await given.queue("Counter", by=by, kind=QueueKind.PRIVATE, members=members[:1], queue=queue)
        changed, last = await told.next(), await told_no_more.next()
        ended = await told_no_more.message()

    assert (changed["queue"]["name"], changed["caseId"], changed["events"]) == ("Counter", None, [])
    assert (last["queue"], ended["type"]) == (None, "complete")

"""Cases in queues: who may do what there, what follows for the case, and that of two at once one wins."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from actions import changing, ending, queueing, queues
from actions.clocks import history_of
from actions.stays import columns_of
from cases.queueing import stays
from cases.refusals import (
    AlreadyPicked,
    AlreadyQueued,
    BadInput,
    Duplicate,
    NotPermitted,
    NotPicked,
    NotQueued,
    Unknown,
)
from cases.vocabulary import CaseCategory, FactKind, Priority, QueueItemState, QueueKind, Role
from models import Membership, QueueItem, QueueMember
from models.database import Database
from models.fields import uuid7
from models.reading import select
from models.visibility import visible
from tests import given
from tests.given import NOW, done

LATER = NOW + timedelta(hours=1)


async def kinds(case: Any) -> list[FactKind]:
    return [event.fact.kind for event in await history_of(case.id)]


async def test_a_case_waits_in_the_queue_it_was_added_to(database: Database):
    by, desk, case = await given.viewer(), await given.queue(), await given.case(priority=Priority.HIGH)

    rows = await done(queueing.add_to_queue, by=by, case=case, queue=desk)
    item = rows["queue_item"]

    assert (item.case_id, item.queue_id, item.state) == (case.id, desk.id, QueueItemState.AVAILABLE)
    assert (item.entered_at, item.priority, item.worker_id) == (NOW, Priority.HIGH, None)
    assert await kinds(case) == [FactKind.OPENED, FactKind.QUEUED]


async def test_added_to_another_queue_it_moves_and_is_worked_on_by_nobody(database: Database):
    by, back = await given.viewer(), await given.queue("Back")
    case = await given.queued_case()
    await done(queueing.pick_queue_item, by=by, case=case)

    rows = await done(queueing.add_to_queue, by=by, now=LATER, case=case, queue=back)
    (item,) = await QueueItem.all()

    assert item.id == rows["queue_item"].id
    assert (item.queue_id, item.worker_id, item.entered_at) == (back.id, None, LATER)


async def test_added_to_the_queue_it_is_in_it_stays_and_says_since_when(database: Database):
    by, desk = await given.viewer(), await given.queue()
    case = await given.queued_case(desk)

    with pytest.raises(AlreadyQueued) as refused:
        await done(queueing.add_to_queue, by=by, now=LATER, case=case, queue=desk)

    assert (refused.value.queue, refused.value.entered_at) == ("Desk", NOW)


async def test_the_table_itself_has_room_for_one_open_item_per_case(database: Database):
    case = await given.queued_case()
    (item,) = await QueueItem.all()

    again: dict[str, Any] = {**dict(item), "id": uuid7()}  # type: ignore[call-overload]  # rows iterate as pairs
    with pytest.raises(IntegrityError):
        await QueueItem.create(**again)
    await QueueItem.create(**{**again, "id": uuid7(), "open_case_id": None, "state": QueueItemState.CLOSED})

    assert await QueueItem.filter(case_id=case.id).count() == 2


async def test_whoever_picks_owns_the_case_and_works_on_it(database: Database):
    vera = await given.person("Vera")
    by, case = await given.viewer(), await given.queued_case(owner=vera)

    rows = await done(queueing.pick_queue_item, by=by, now=LATER, case=case)
    item = rows["queue_item"]

    assert rows["case"].owner_id == item.worker_id == by.person_id
    assert (item.state, item.worked_since, item.previous_owner_id) == (QueueItemState.PICKED, LATER, vera.id)
    assert rows["case"].assignment_count == 1


async def test_picked_and_removed_it_has_left_the_queue(database: Database):
    by, case = await given.viewer(), await given.queued_case()

    rows = await done(queueing.pick_queue_item, by=by, case=case, remove=True)

    assert (rows["queue_item"].state, rows["queue_item"].left_at) == (QueueItemState.CLOSED, NOW)
    assert (await given.stored(case)).owner_id == by.person_id


async def test_whoever_is_late_hears_who_was_faster(database: Database):
    first, second, case = await given.viewer(), await given.viewer(), await given.queued_case()
    await done(queueing.pick_queue_item, by=first, now=LATER, case=case)

    with pytest.raises(AlreadyPicked) as refused:
        await done(queueing.pick_queue_item, by=second, case=case)

    assert (refused.value.worker, refused.value.picked_at) == ("Vera", LATER)


async def test_released_it_waits_again_and_is_whose_it_was(database: Database):
    vera = await given.person("Vera")
    by, case = await given.viewer(), await given.queued_case(owner=vera)
    await done(queueing.pick_queue_item, by=by, now=LATER, case=case)

    rows = await done(queueing.release_queue_item, by=by, now=LATER, case=case)

    assert (rows["case"].owner_id, rows["queue_item"].state) == (vera.id, QueueItemState.AVAILABLE)
    assert rows["queue_item"].entered_at == NOW


async def test_released_to_the_queues_owner_it_is_theirs(sqlite_database: Database):
    olga = await given.person("Olga")
    case, by = await given.queued_case(await given.queue(owner=olga)), await given.viewer()
    await done(queueing.pick_queue_item, by=by, case=case)

    rows = await done(queueing.release_queue_item, by=by, case=case, to_queue_owner=True)

    assert rows["case"].owner_id == olga.id


async def test_released_it_does_not_go_back_to_somebody_who_has_left(sqlite_database: Database):
    vera = await given.person("Vera")
    by, case = await given.viewer(), await given.queued_case(owner=vera)
    await done(queueing.pick_queue_item, by=by, case=case)
    vera.active = False
    await vera.save()

    rows = await done(queueing.release_queue_item, by=by, case=case)

    assert rows["case"].owner_id is None


async def test_released_it_stays_with_whom_it_was_given_to_meanwhile(sqlite_database: Database):
    by, case, olga = await given.viewer(), await given.queued_case(), await given.person("Olga")
    await done(queueing.pick_queue_item, by=by, case=case)
    await done(changing.assign_case, by=by, case=case, assignee=olga)

    rows = await done(queueing.release_queue_item, by=by, case=case)

    assert rows["case"].owner_id == olga.id


async def test_only_whoever_works_on_it_the_queues_owner_and_leads_release(sqlite_database: Database):
    owner = await given.viewer()
    desk = await given.queue()
    desk.owner_id = owner.person_id
    await desk.save()
    case, by, other = await given.queued_case(desk), await given.viewer(), await given.viewer()
    await done(queueing.pick_queue_item, by=by, case=case)

    with pytest.raises(NotPermitted):
        await done(queueing.release_queue_item, by=other, case=case)
    for allowed in (owner, by, await given.viewer(Role.MANAGER)):
        await done(queueing.release_queue_item, by=allowed, case=case)
        await done(queueing.pick_queue_item, by=by, case=case)
    await done(queueing.release_queue_item, by=by, case=case)
    with pytest.raises(NotPicked):
        await done(queueing.release_queue_item, by=by, case=case)


async def test_sent_to_a_person_it_is_theirs_and_worked_on_by_them(database: Database):
    by, case, olga = await given.viewer(), await given.queued_case(), await given.person("Olga")

    rows = await done(queueing.route_queue_item, by=by, case=case, to=olga)

    assert rows["case"].owner_id == rows["queue_item"].worker_id == olga.id


async def test_sent_to_a_team_it_is_the_teams_and_available(database: Database):
    by, case, line = await given.viewer(), await given.queued_case(), await given.team()
    await done(queueing.pick_queue_item, by=by, case=case)

    rows = await done(queueing.route_queue_item, by=by, case=case, to=line)

    assert (rows["case"].owner_id, rows["case"].team_id) == (None, line.id)
    assert rows["queue_item"].state is QueueItemState.AVAILABLE


async def test_sent_to_a_queue_it_waits_there(database: Database):
    by, case, back = await given.viewer(), await given.queued_case(), await given.queue("Back")

    rows = await done(queueing.route_queue_item, by=by, now=LATER, case=case, to=back)

    assert (rows["queue_item"].queue_id, rows["queue_item"].entered_at) == (back.id, LATER)
    with pytest.raises(AlreadyQueued):
        await done(queueing.route_queue_item, by=by, case=case, to=back)
    with pytest.raises(BadInput):
        await done(queueing.route_queue_item, by=by, case=case, to=await given.queue("Far"), remove=True)


async def test_somebody_who_has_left_is_sent_nothing(sqlite_database: Database):
    by, case, gone = await given.viewer(), await given.queued_case(), await given.person("Gone", active=False)

    with pytest.raises(BadInput) as refused:
        await done(queueing.route_queue_item, by=by, case=case, to=gone)

    assert tuple(refused.value.path) == ("to_id",)


async def test_removed_the_case_stays_as_it_is_and_may_come_back_as_another_item(database: Database):
    by, desk = await given.viewer(), await given.queue()
    case = await given.queued_case(desk)

    rows = await done(queueing.remove_from_queue, by=by, now=LATER, case=case)
    again = await done(queueing.add_to_queue, by=by, now=LATER, case=case, queue=desk)

    assert (rows["queue_item"].state, rows["queue_item"].left_at) == (QueueItemState.CLOSED, LATER)
    assert again["queue_item"].id != rows["queue_item"].id


@pytest.mark.parametrize(
    "act",
    [queueing.pick_queue_item, queueing.release_queue_item, queueing.remove_from_queue],
    ids=lambda of: of.__name__,
)
async def test_what_is_in_no_queue_cannot_be_taken_from_one(sqlite_database: Database, act):
    by, case = await given.viewer(), await given.case()

    with pytest.raises(NotQueued):
        await done(act, by=by, case=case)


@pytest.mark.parametrize(
    "end", [ending.resolve_case, ending.cancel_case, ending.delete_case], ids=lambda of: of.__name__
)
async def test_a_case_that_ends_leaves_its_queue_and_comes_back_into_none(database: Database, end):
    by, case = await given.viewer(Role.ADMIN), await given.queued_case()
    said: dict[str, Any] = {"summary": "Done"} if end is ending.resolve_case else {}

    await done(end, by=by, now=LATER, case=case, **said)
    (item,) = await QueueItem.all()

    assert (item.state, item.left_at, item.open_case_id) == (QueueItemState.CLOSED, LATER, None)
    if end is not ending.delete_case:
        await done(ending.reactivate_case, by=by, now=LATER, case=case)
        assert await QueueItem.filter(open_case_id=case.id).count() == 0


async def test_an_item_follows_the_priority_of_its_case_unless_it_has_its_own(database: Database):
    by, desk = await given.viewer(), await given.queue()
    follows, own = await given.case(), await given.case()
    await done(queueing.add_to_queue, by=by, case=follows, queue=desk)
    await done(queueing.add_to_queue, by=by, case=own, queue=desk, priority=Priority.LOW)

    for case in (follows, own):
        await done(changing.update_case, by=by, case=case, priority=Priority.CRITICAL)

    assert (await QueueItem.get(case_id=follows.id)).priority is Priority.CRITICAL
    assert (await QueueItem.get(case_id=own.id)).priority is Priority.LOW


async def test_a_queue_takes_only_the_cases_it_says_and_none_when_it_is_not_used(sqlite_database: Database):
    by, repair = await given.viewer(), await given.case_type(category=CaseCategory.PROBLEM)
    asks = await given.queue("Asks", accepts=[CaseCategory.QUESTION])
    repairs = await given.queue("Repairs", accepts=[CaseCategory.PROBLEM])
    closed = await given.queue("Closed", active=False)
    broken, plain = await given.case(type_id=repair), await given.case()

    for case, queue in ((broken, asks), (plain, asks), (plain, repairs), (plain, closed)):
        with pytest.raises(BadInput) as refused:
            await done(queueing.add_to_queue, by=by, case=case, queue=queue)
        assert tuple(refused.value.path) == ("queue_id",)
    rows = await done(queueing.add_to_queue, by=by, case=broken, queue=repairs)

    assert rows["queue_item"].queue_id == repairs.id


async def seen_by(viewer: Any) -> int:
    return len(await select(QueueItem, visible(QueueItem, viewer)))


async def test_what_waits_in_a_private_queue_is_for_its_members_owner_and_leads(database: Database):
    person, mate, owner, stranger = [await given.viewer() for _ in range(4)]
    line = await given.team()
    private = await given.queue("Private", members=[line], kind=QueueKind.PRIVATE)
    await QueueMember.create(tenant_id=private.tenant_id, created_at=NOW, queue=private, person_id=person.person_id)
    private.owner_id = owner.person_id
    await private.save()
    case = await given.queued_case(private)

    assert [await seen_by(one) for one in (person, owner, mate, stranger)] == [1, 1, 0, 0]
    await Membership.create(tenant_id=private.tenant_id, created_at=NOW, team=line, person_id=mate.person_id)

    assert [await seen_by(one) for one in (mate, stranger)] == [1, 0]  # whoever joins the team later counts
    assert [await seen_by(await given.viewer(role)) for role in (Role.ADMIN, Role.MANAGER)] == [1, 1]
    assert await seen_by(await given.viewer(Role.CUSTOMER)) == 0
    for act in (queueing.pick_queue_item, queueing.remove_from_queue):
        with pytest.raises(NotPermitted):
            await done(act, by=stranger, case=case)
    await done(queueing.pick_queue_item, by=mate, case=case)


async def test_who_saves_a_queue_says_all_of_it_anew(database: Database):
    by, vera, line = await given.viewer(Role.ADMIN), await given.person("Vera"), await given.team()
    desk = await given.queue(members=[vera, line])

    rows = await done(queues.save_queue, by=by, queue=desk, name="Front", members=[{"team": str(line.id)}])

    assert (rows["queue"].id, rows["queue"].name) == (desk.id, "Front")
    assert [member.team_id for member in await QueueMember.filter(queue_id=desk.id)] == [line.id]
    with pytest.raises(Duplicate):
        await done(queues.save_queue, by=by, name="Front")
    with pytest.raises(BadInput):
        await done(queues.save_queue, by=by, name="New", members=[{}])
    stranger = await given.person("Eve", tenant=await given.tenant("other"))
    with pytest.raises(Unknown) as refused:
        await done(queues.save_queue, by=by, name="New", members=[{"person": str(stranger.id)}])
    assert tuple(refused.value.path) == ("members", 0, "person_id")


async def test_items_are_what_the_history_of_their_case_says(database: Database):
    by, olga = await given.viewer(Role.ADMIN), await given.person("Olga")
    case = await given.queued_case(owner=olga)
    for act, said in (
        (queueing.pick_queue_item, {}),
        (queueing.release_queue_item, {}),
        (queueing.route_queue_item, {"to": await given.queue("Back")}),
        (queueing.route_queue_item, {"to": olga}),
        (queueing.remove_from_queue, {}),
        (queueing.add_to_queue, {"queue": await given.queue("Far"), "priority": Priority.CRITICAL}),
        (changing.update_case, {"priority": Priority.LOW}),
    ):
        await done(act, by=by, case=case, **said)

    folded = {stay.item_id: columns_of(stay, Priority.LOW) for stay in stays(await history_of(case.id))}
    stored = {item.id: item for item in await QueueItem.filter(case_id=case.id)}

    assert folded.keys() == stored.keys()
    for key, columns in folded.items():
        kept = {name: getattr(stored[key], name) for name in columns}
        # what has left keeps the priority it had then
        assert kept == columns | ({"priority": stored[key].priority} if stored[key].left_at else {})


async def test_of_fifty_who_pick_at_once_one_wins_and_the_others_hear_who(database: Database):
    case = await given.queued_case()
    people = [await given.viewer() for _ in range(50)]

    outcomes = await asyncio.gather(
        *(done(queueing.pick_queue_item, by=by, case=case) for by in people), return_exceptions=True
    )
    won = [by for by, outcome in zip(people, outcomes, strict=True) if isinstance(outcome, dict)]

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyPicked"] * 49 + ["dict"]
    (item,) = await QueueItem.all()
    assert item.worker_id == (await given.stored(case)).owner_id == won[0].person_id
    assert (await kinds(case)).count(FactKind.PICKED) == 1

"""A merge that was a mistake is undone: what comes back, how it goes on, and when it cannot be."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from actions import attaching, ending, knowing, promises, queueing, splitting, talking, unmerging, working
from actions.clocks import history_of
from cases.obstacles import UnmergeObstacle
from cases.refusals import CannotUnmerge, EntitlementExhausted, IllegalTransition
from cases.vocabulary import FactKind, Priority, QueueItemState, Role, Status, StatusReason
from models import ArticleLink, Attachment, Case, CaseMerge, Message, Queue, QueueItem, SlaKpiInstance
from models.database import Database
from models.fulltext import SearchWord
from sla.clock import State
from tests import given
from tests.actions import contracts
from tests.actions.merges import assert_folded, belongings, full, merged
from tests.given import NOW, done

LATER = NOW + timedelta(hours=1)


async def unmerged(case: Case, *, by: Any, **said: Any) -> Any:
    return await done(unmerging.unmerge_case, by=by, case=case, **said)


async def fulls(how_many: int, by: Any, **said: Any) -> Sequence[Case]:
    acme = await given.account()
    return [await full(by, acme, **said) for _ in range(how_many)]


async def test_everything_is_as_it_was(database: Database):
    by = await given.viewer()
    cases = await fulls(3, by)
    before = [await belongings(case) for case in cases]
    words = await SearchWord.all().order_by("id").values_list("id", "subject_id", "document_id")
    survivor, first, second = cases
    await merged(survivor, first, second, by=by)

    for loser in (first, second):
        await unmerged(loser, by=by, now=LATER)

    assert [await belongings(case) for case in cases] == before
    assert await SearchWord.all().order_by("id").values_list("id", "subject_id", "document_id") == words
    stored = [await given.stored(case) for case in cases]
    assert [case.message_count for case in stored] == [1, 1, 1]
    assert [case.merged_into_id for case in stored] == [None, None, None]
    assert [(case.status, case.canceled_at, case.reopen_count) for case in stored] == [(Status.ACTIVE, None, 0)] * 3
    await assert_folded(*cases)


async def test_both_histories_tell_of_it_and_the_manifest_is_kept(database: Database):
    by = await given.viewer()
    survivor, loser = await fulls(2, by)
    (merge,) = (await merged(survivor, loser, by=by))["merges"]

    answer = await unmerged(loser, by=by, now=LATER)

    came, went = [(await history_of(case.id))[-1].fact for case in (loser, survivor)]
    assert (came.kind, went.kind) == (FactKind.UNMERGED, FactKind.RETURNED)
    assert (came.details["message_count"], went.details["message_count"]) == (1, -1)
    assert went.details["case_id"] == loser.id
    assert (answer["case"].id, answer["survivor"].id, answer["case_merge"].id) == (loser.id, survivor.id, merge.id)
    kept = await CaseMerge.get(id=merge.id)
    assert (kept.undone_at, kept.undone_by_id, kept.merged_case_id) == (LATER, by.person_id, None)
    assert kept.manifest == merge.manifest


async def test_what_was_added_to_the_survivor_later_stays_there(database: Database):
    by = await given.viewer()
    survivor, loser = await fulls(2, by)
    await merged(survivor, loser, by=by)
    late = (await done(talking.add_comment, by=by, case=survivor, body="Later"))["message"]

    await unmerged(loser, by=by)

    assert (await Message.get(id=late.id)).case_id == survivor.id
    assert (await given.stored(survivor)).message_count == 2


async def test_what_was_deleted_or_moved_on_since_does_not_come_back(database: Database):
    by = await given.viewer()
    survivor, loser = await fulls(2, by)
    gone = await Attachment.get(case_id=loser.id)
    link = await ArticleLink.get(case_id=loser.id)
    moving = await Message.get(case_id=loser.id, audience="PUBLIC")
    await merged(survivor, loser, by=by)
    await done(attaching.delete_attachments, by=by, attachments=[gone])
    await done(knowing.unlink_article, by=by, case=survivor, article=await link.article)
    new = (await done(splitting.split_case, by=by, case=survivor, title="Other", messages=[moving]))["new_case"]

    await unmerged(loser, by=by)

    assert {name: len(ids) for name, ids in (await belongings(loser)).items()} == {
        **{"Message": 1, "Activity": 1, "Attachment": 0, "ArticleLink": 0},
    }
    assert (await given.stored(loser)).message_count == 0
    assert (await Message.get(id=moving.id)).case_id == new.id
    await assert_folded(survivor, loser, new)


@pytest.mark.parametrize("reason", [StatusReason.ON_HOLD, StatusReason.WAITING_FOR_VENDOR])
async def test_a_case_that_was_paused_is_paused_again_and_resumes_where_it_would_have(database: Database, reason):
    by = await given.viewer()
    survivor, loser = await fulls(2, by)
    await done(working.progress_case, by=by, case=loser, reason=StatusReason.RESEARCHING)
    await done(working.suspend_case, by=by, case=loser, reason=reason)
    await merged(survivor, loser, by=by)

    case = (await unmerged(loser, by=by, now=LATER))["case"]

    assert (case.status_reason, case.paused_from, case.paused_since) == (reason, StatusReason.RESEARCHING, LATER)
    await assert_folded(loser)


async def test_it_waits_in_its_queue_again(database: Database):
    by, acme = await given.viewer(Role.ADMIN), await given.account()
    survivor = await given.case(by=by, customer=acme)
    loser = await given.queued_case(by=by, customer=acme)
    await merged(survivor, loser, by=by)

    await unmerged(loser, by=by)

    items = await QueueItem.filter(case_id=loser.id).order_by("entered_at", "id")
    assert [item.state for item in items] == [QueueItemState.CLOSED, QueueItemState.AVAILABLE]
    assert len({item.queue_id for item in items}) == 1
    await assert_folded(loser)


async def test_a_queue_that_takes_nothing_any_more_gets_nothing_back(sqlite_database: Database):
    by, acme = await given.viewer(Role.ADMIN), await given.account()
    loser = await given.queued_case(by=by, customer=acme)
    await merged(await given.case(by=by, customer=acme), loser, by=by)
    queue = await Queue.get(name="Desk")
    await given.queue("Desk", by=by, queue=queue, active=False)

    await unmerged(loser, by=by)

    assert await QueueItem.filter(open_case_id=loser.id).count() == 0


@pytest.mark.parametrize("kpi", ["first_response", "next_response", "periodic_update", "resolution"])
async def test_its_clocks_go_on_and_the_time_while_it_was_merged_does_not_count(database: Database, kpi):
    by, acme = await given.viewer(Role.ADMIN), await given.account()
    item = {"name": "Soon", "kpi": kpi, "fail_after": {"amount": 60, "unit": "MINUTES"}}
    await done(promises.set_default_sla_policy, by=by, policy=await given.sla_policy("Gold", item, by=by))
    bob = await given.viewer(Role.CUSTOMER, contact=await given.contact(account=acme))
    survivor, loser = await given.case(by=by, customer=acme), await given.case(by=by, customer=acme)
    await done(talking.add_comment, by=bob, case=loser, body="Where are you?")
    await merged(survivor, loser, by=by, now=NOW + timedelta(minutes=10))

    await unmerged(loser, by=by, now=NOW + timedelta(hours=5))

    clock = await SlaKpiInstance.filter(case_id=loser.id).order_by("-cycle").first()
    assert clock is not None
    assert (clock.state, clock.canceled_at) == (State.IN_PROGRESS, None)
    assert clock.fail_at == NOW + timedelta(hours=5, minutes=50)


async def test_its_entitlement_is_charged_anew(database: Database):
    by = await contracts.lead()
    of = await contracts.contract(by=by)
    survivor, loser = [await contracts.on(of, by=by) for _ in range(2)]

    await merged(survivor, loser, by=by)
    between = await contracts.left(of)
    await unmerged(loser, by=by)

    assert (between, await contracts.left(of)) == (9, 8)


async def test_an_entitlement_that_has_nothing_left_keeps_it_merged(database: Database):
    by = await contracts.lead()
    of = await contracts.contract(2, by=by, restrict=True)
    survivor, loser = [await contracts.on(of, by=by) for _ in range(2)]
    await merged(survivor, loser, by=by)
    await contracts.on(of, by=by)
    before = await given.rows_stored(), dict(await given.stored(survivor)), await belongings(survivor)

    with pytest.raises(EntitlementExhausted):
        await unmerged(loser, by=by)

    assert (await given.rows_stored(), dict(await given.stored(survivor)), await belongings(survivor)) == before


async def test_merges_into_one_survivor_are_undone_in_any_order(database: Database):
    by = await given.viewer()
    cases = await fulls(4, by)
    before = [await belongings(case) for case in cases]
    survivor, *losers = cases
    for loser in losers:
        await merged(survivor, loser, by=by)

    for loser in (losers[1], losers[0], losers[2]):
        await unmerged(loser, by=by)

    assert [await belongings(case) for case in cases] == before


async def test_a_case_that_came_back_can_be_merged_again_elsewhere(database: Database):
    by = await given.viewer()
    survivor, loser, other = await fulls(3, by)
    mine = await belongings(loser)
    await merged(survivor, loser, by=by)
    await unmerged(loser, by=by)

    await merged(other, loser, by=by)
    await unmerged(loser, by=by)

    assert await belongings(loser) == mine
    assert await CaseMerge.filter(loser_id=loser.id, merged_case_id=None).count() == 2
    await assert_folded(survivor, loser, other)


async def test_a_chain_is_undone_from_its_end(database: Database):
    by = await given.viewer()
    cases = await fulls(3, by)
    before = [await belongings(case) for case in cases]
    last, middle, first = cases
    await merged(middle, first, by=by)
    await merged(last, middle, by=by)

    with pytest.raises(CannotUnmerge) as refused:
        await unmerged(first, by=by)
    for case in (middle, first):
        await unmerged(case, by=by)

    assert refused.value.obstacle is UnmergeObstacle.SURVIVOR_MERGED
    assert refused.value.survivor is not None
    assert refused.value.survivor.case_id == middle.id
    assert [await belongings(case) for case in cases] == before
    await assert_folded(*cases)


async def test_out_of_a_case_that_has_ended_nothing_is_taken(database: Database):
    by = await given.viewer()
    survivor, loser = await fulls(2, by)
    await merged(survivor, loser, by=by)
    await done(ending.resolve_case, by=by, case=survivor, summary="Done", open_activities="CANCEL")
    before = await belongings(survivor), await given.rows_stored()

    with pytest.raises(CannotUnmerge) as refused:
        await unmerged(loser, by=by)
    assert (await belongings(survivor), await given.rows_stored()) == before
    await done(ending.reactivate_case, by=by, case=survivor)
    await unmerged(loser, by=by)

    assert refused.value.obstacle is UnmergeObstacle.SURVIVOR_ENDED


async def test_out_of_a_case_that_was_deleted_nothing_is_taken(sqlite_database: Database):
    by = await given.viewer(Role.MANAGER)
    survivor, loser = await fulls(2, by)
    await merged(survivor, loser, by=by)
    await done(ending.delete_case, by=by, case=survivor)

    with pytest.raises(CannotUnmerge) as refused:
        await unmerged(loser, by=by)

    assert (refused.value.obstacle, refused.value.survivor) == (UnmergeObstacle.SURVIVOR_DELETED, None)


@pytest.mark.parametrize("status", Status)
async def test_a_case_that_was_not_merged_does_not_come_back_from_there(sqlite_database: Database, status):
    by = await given.viewer()

    with pytest.raises(IllegalTransition):
        await unmerged(await given.case_that_is(status), by=by)


async def test_a_priority_of_its_own_in_the_queue_is_kept(sqlite_database: Database):
    by, acme = await given.viewer(Role.ADMIN), await given.account()
    loser = await given.case(by=by, customer=acme)
    await done(queueing.add_to_queue, by=by, case=loser, queue=await given.queue(by=by), priority=Priority.CRITICAL)
    await merged(await given.case(by=by, customer=acme), loser, by=by)

    await unmerged(loser, by=by)

    assert (await QueueItem.get(open_case_id=loser.id)).own_priority is Priority.CRITICAL

"""Several cases become one: what goes along, what ends, what is remembered, and what is declined."""

from datetime import timedelta
from typing import Any

import pytest
from pytest import param

from actions import changing, ending, finding, merging, promises, queueing, talking, working
from actions.clocks import history_of
from cases.obstacles import MergeObstacle
from cases.refusals import BadInput, CannotMerge, CaseMerged, IllegalTransition, NotPermitted, Unknown, VersionConflict
from cases.vocabulary import FactKind, QueueItemState, Role, Status, StatusReason
from models import Account, ArticleLink, Case, CaseEvent, CaseMerge, Message, Outbox, QueueItem, SlaKpiInstance
from models.database import Database
from models.fulltext import SearchWord
from sla.clock import State
from tests import given
from tests.actions.merges import assert_folded, belongings, full, merged
from tests.given import NOW, done

LATER = NOW + timedelta(hours=1)


async def test_what_belongs_to_the_losers_goes_along(database: Database):
    by, acme = await given.viewer(), await given.account()
    survivor, first, second = [await full(by, acme) for _ in range(3)]
    before = [await belongings(case) for case in (survivor, first, second)]

    answer = await merged(survivor, first, second, by=by)

    together = {name: set.union(*(each[name] for each in before)) for name in before[0]}
    assert await belongings(survivor) == together
    assert await belongings(first) == await belongings(second) == {name: set() for name in together}
    assert [(merge.survivor_id, merge.loser_id) for merge in answer["merges"]] == [
        (survivor.id, first.id),
        (survivor.id, second.id),
    ]
    assert answer["case"].message_count == 3
    await assert_folded(survivor, first, second)


async def test_the_losers_end_as_merged_and_lead_to_the_survivor(database: Database):
    by, acme = await given.viewer(), await given.account()
    survivor, loser = await full(by, acme, title="Mine"), await full(by, acme, title="Theirs")

    await merged(survivor, loser, by=by, now=LATER)

    lost, kept = await given.stored(loser), await given.stored(survivor)
    assert (lost.status, lost.status_reason, lost.merged_into_id) == (
        Status.CANCELED,
        StatusReason.MERGED,
        survivor.id,
    )
    assert (lost.canceled_at, lost.message_count, lost.title) == (LATER, 0, "Theirs")
    assert (kept.status, kept.title, kept.merged_into_id) == (Status.ACTIVE, "Mine", None)
    assert kept.first_answered_at == survivor.first_answered_at


async def test_both_histories_tell_of_it_and_the_outbox_does_too(database: Database):
    by, acme = await given.viewer(), await given.account()
    survivor, loser = await full(by, acme), await full(by, acme)

    (merge,) = (await merged(survivor, loser, by=by, now=LATER))["merges"]

    absorbed = (await history_of(survivor.id))[-1].fact
    went = (await history_of(loser.id))[-1].fact
    assert (absorbed.kind, went.kind) == (FactKind.ABSORBED, FactKind.MERGED)
    assert absorbed.details == {
        **{"merge_id": merge.id, "case_id": loser.id, "number": loser.number, "message_count": 1},
        "moved": {"Message": 2, "Activity": 1, "Attachment": 1, "ArticleLink": 1},
    }
    assert went.details == {"merge_id": merge.id, "number": survivor.number, "message_count": -1}
    assert {row.key for row in await Outbox.filter(topic="case", created_at=LATER)} == {survivor.id, loser.id}
    assert {event.cause for event in await CaseEvent.filter(kind__in=("ABSORBED", "MERGED"))} == {"merge_cases"}


async def test_the_manifest_has_the_ids_of_all_that_moved_and_of_what_stayed(database: Database):
    by, acme = await given.viewer(), await given.account()
    article = await given.article()
    survivor, first, second = [await full(by, acme, article=article) for _ in range(3)]
    before = await belongings(first)

    one, two = (await merged(survivor, first, second, by=by))["merges"]

    links = {str(key) for key in before.pop("ArticleLink")}
    assert {name: set(ids) for name, ids in one.manifest["moved"].items()} == {
        name: {str(key) for key in ids} for name, ids in before.items()
    }
    assert set(one.manifest["stayed"]["ArticleLink"]) == links
    assert one.manifest["stood"]["status_reason"] == "NEW"
    assert (two.merged_by_id, two.created_at, two.undone_at) == (by.person_id, NOW, None)
    assert await ArticleLink.filter(case_id=survivor.id).count() == 1


async def test_an_article_that_two_losers_have_goes_along_once(database: Database):
    by, acme, article = await given.viewer(), await given.account(), await given.article()
    survivor = await given.case(by=by, customer=acme)
    first, second = [await full(by, acme, article=article) for _ in range(2)]

    await merged(survivor, first, second, by=by)

    links = await ArticleLink.filter(article_id=article.id).order_by("id").values_list("case_id", flat=True)
    assert links == [survivor.id, second.id]


async def test_open_activities_go_along_open(database: Database):
    by, acme = await given.viewer(), await given.account()
    survivor, loser = await given.case(by=by, customer=acme), await given.case(by=by, customer=acme)
    call = await given.activity(by=by, case=loser)

    await merged(survivor, loser, by=by)

    await call.refresh_from_db()
    assert (call.case_id, call.state, call.ended_at) == (survivor.id, "OPEN", None)


async def test_a_loser_leaves_its_queue_and_the_survivor_stays_in_its_own(database: Database):
    by, acme = await given.viewer(), await given.account()
    survivor, loser = [await given.queued_case(by=by, customer=acme) for _ in range(2)]

    await merged(survivor, loser, by=by)

    assert (await QueueItem.get(case_id=loser.id)).state is QueueItemState.CLOSED
    assert (await QueueItem.get(case_id=survivor.id)).open_case_id == survivor.id


async def test_promises_to_the_losers_are_canceled_and_those_to_the_survivor_run_on(database: Database):
    by, acme = await given.viewer(Role.ADMIN), await given.account()
    await done(promises.set_default_sla_policy, by=by, policy=await given.sla_policy())
    survivor, loser = await given.case(by=by, customer=acme), await given.case(by=by, customer=acme)

    await merged(survivor, loser, by=by, now=NOW + timedelta(minutes=5))

    ended, running = [await SlaKpiInstance.get(case_id=case.id) for case in (loser, survivor)]
    assert (ended.state, ended.canceled_at, ended.next_at) == (State.CANCELED, NOW + timedelta(minutes=5), None)
    assert (running.state, running.canceled_at) == (State.IN_PROGRESS, None)


async def test_what_was_said_on_a_loser_is_found_at_the_survivor(database: Database):
    by, acme = await given.viewer(), await given.account()
    survivor, loser = await given.case(by=by, customer=acme), await given.case("Lost", by=by, customer=acme)
    await done(talking.add_comment, by=by, case=loser, body="Marzipan")

    await merged(survivor, loser, by=by)

    assert set(await SearchWord.filter(word=b"marzipan").values_list("subject_id", flat=True)) == {survivor.id}
    assert set(await SearchWord.filter(word=b"lost").values_list("subject_id", flat=True)) == {loser.id}


async def test_a_paused_case_is_merged_and_its_pause_ends(database: Database):
    by, acme = await given.viewer(), await given.account()
    survivor = await given.case(by=by, customer=acme)
    loser = await given.case_that_is(StatusReason.SUSPENDED, by=by, customer=acme)

    (merge,) = (await merged(survivor, loser, by=by))["merges"]

    assert (await given.stored(loser)).paused_since is None
    assert merge.manifest["stood"] | {"queue_id": 0, "queue_priority": 0} == {
        **{"status_reason": "SUSPENDED", "paused_from": "NEW", "queue_id": 0, "queue_priority": 0},
    }


async def test_a_survivor_can_be_merged_on(database: Database):
    by, acme = await given.viewer(), await given.account()
    last, middle, first = [await full(by, acme) for _ in range(3)]

    await merged(middle, first, by=by)
    await merged(last, await given.stored(middle), by=by)

    assert await Message.filter(case_id=last.id).count() == 6
    assert (await given.stored(first)).merged_into_id == middle.id
    await assert_folded(last, middle, first)


# --- what is declined ---


async def obstacle(kind: str, by: Any) -> tuple[Case, list[Case]]:
    acme = await given.account()
    survivor = await given.case(by=by, customer=acme)
    match kind:
        case "itself":
            return survivor, [survivor]
        case "merged":
            loser = await given.case(by=by, customer=acme)
            await merged(await given.case(by=by, customer=acme), loser, by=by)
            return survivor, [loser]
        case "resolved" | "canceled" | "closed":
            return survivor, [await given.case_that_is(Status[kind.upper()], by=by, customer=acme)]
        case "another account":
            return survivor, [await given.case(by=by, customer=await given.account("Umbrella"))]
        case "a contact on their own":
            return survivor, [await given.case(by=by, customer=await given.contact())]
    raise ValueError(kind)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        param("itself", MergeObstacle.ITSELF, id="a case into itself"),
        param("merged", MergeObstacle.MERGED, id="a case that was merged already"),
        param("resolved", MergeObstacle.ENDED, id="a resolved case"),
        param("canceled", MergeObstacle.ENDED, id="a canceled case"),
        param("closed", MergeObstacle.ENDED, id="a closed case"),
        param("another account", MergeObstacle.OTHER_CUSTOMER, id="a case of another account"),
        param("a contact on their own", MergeObstacle.OTHER_CUSTOMER, id="a case of somebody on their own"),
    ],
)
async def test_what_does_not_go_into_a_case_is_declined_and_nothing_changes(database: Database, kind, why):
    by = await given.viewer()
    survivor, losers = await obstacle(kind, by)
    good = await full(by, await Account.get(id=survivor.account_id))
    before = await given.rows_stored(), await belongings(good)

    with pytest.raises(CannotMerge) as refused:
        await merged(survivor, good, *losers, by=by)

    assert [(each.case_id, each.obstacle) for each in refused.value.cases] == [(losers[0].id, why)]
    assert (await given.rows_stored(), await belongings(good)) == before
    assert (await given.stored(good)).status is Status.ACTIVE


async def test_every_obstacle_of_every_case_is_named(sqlite_database: Database):
    by, acme = await given.viewer(), await given.account()
    survivor = await given.case(by=by, customer=acme)
    far = await given.case_that_is(Status.RESOLVED, by=by, customer=await given.account("Umbrella"))

    with pytest.raises(CannotMerge) as refused:
        await merged(survivor, far, survivor, by=by)

    assert [(each.number, each.obstacle) for each in refused.value.cases] == [
        (far.number, MergeObstacle.ENDED),
        (far.number, MergeObstacle.OTHER_CUSTOMER),
        (survivor.number, MergeObstacle.ITSELF),
    ]


async def test_cases_of_other_customers_are_merged_by_those_who_say_so(database: Database):
    by = await given.viewer()
    survivor = await given.case(by=by, customer=await given.account())
    loser = await given.case(by=by, customer=await given.account("Umbrella"))

    await merged(survivor, loser, by=by, across_customers=True)

    assert (await given.stored(loser)).merged_into_id == survivor.id


async def test_another_contact_of_the_same_account_is_the_same_customer(sqlite_database: Database):
    by, acme = await given.viewer(), await given.account()
    bob, eve = await given.contact("Bob", acme), await given.contact("Eve", acme)
    survivor, loser = [await given.case(by=by, customer=who) for who in (bob, eve)]

    await merged(survivor, loser, by=by)

    assert (await given.stored(loser)).merged_into_id == survivor.id


async def test_a_case_that_ended_takes_none_in(sqlite_database: Database):
    by, acme = await given.viewer(), await given.account()
    survivor, loser = await given.case_that_is(Status.RESOLVED, by=by, customer=acme), await full(by, acme)

    with pytest.raises(IllegalTransition):
        await merged(survivor, loser, by=by)

    assert (await given.stored(loser)).status is Status.ACTIVE


@pytest.mark.parametrize("how_many", [0, 11])
async def test_none_and_too_many_are_declined(sqlite_database: Database, how_many):
    by, acme = await given.viewer(), await given.account()
    survivor, *losers = [await given.case(by=by, customer=acme) for _ in range(how_many + 1)]

    with pytest.raises(BadInput) as refused:
        await merged(survivor, *losers, by=by)

    assert tuple(refused.value.path) == ("merged_ids",)


async def test_a_case_that_is_named_twice_or_not_there_is_declined(sqlite_database: Database):
    by, acme = await given.viewer(), await given.account()
    survivor, loser = [await given.case(by=by, customer=acme) for _ in range(2)]
    stranger = await given.case(by=await given.viewer(tenant=await given.tenant("other")))

    with pytest.raises(BadInput):
        await merged(survivor, loser, loser, by=by)
    with pytest.raises(Unknown) as refused:
        await merged(survivor, loser, stranger, by=by)

    assert tuple(refused.value.path) == ("merged_ids",)
    assert (await given.stored(loser)).status is Status.ACTIVE


async def test_customers_merge_nothing(sqlite_database: Database):
    bob = await given.contact("Bob", await given.account())
    by = await given.viewer(Role.CUSTOMER, contact=bob)
    survivor, loser = [await given.case(by=by) for _ in range(2)]

    with pytest.raises(NotPermitted):
        await merged(survivor, loser, by=by)

    assert await CaseMerge.all().count() == 0


async def test_whoever_expects_another_version_of_the_survivor_merges_nothing(sqlite_database: Database):
    by, acme = await given.viewer(), await given.account()
    survivor, loser = [await given.case(by=by, customer=acme) for _ in range(2)]
    await done(changing.update_case, by=by, case=survivor, title="New")

    with pytest.raises(VersionConflict):
        await merged(survivor, loser, by=by, expected_version=1)

    assert (await given.stored(loser)).status is Status.ACTIVE


async def test_the_same_key_merges_once(database: Database):
    by, acme = await given.viewer(), await given.account()
    survivor, loser = [await given.case(by=by, customer=acme) for _ in range(2)]

    first, again = [await merged(survivor, loser, by=by, key="k") for _ in range(2)]

    assert first["case"].version == again["case"].version
    assert await CaseMerge.all().count() == 1


@pytest.mark.parametrize(
    "act", [ending.reactivate_case, ending.cancel_case, working.suspend_case, queueing.pick_queue_item]
)
async def test_a_merged_case_declines_everything_and_names_where_it_lives_on(sqlite_database: Database, act):
    by, acme = await given.viewer(), await given.account()
    last, middle, first = [await given.case(by=by, customer=acme) for _ in range(3)]
    await merged(middle, first, by=by)
    await merged(last, middle, by=by)

    with pytest.raises(CaseMerged) as refused:
        await done(act, by=by, case=first)

    assert refused.value.survivor is not None
    assert (refused.value.survivor.case_id, refused.value.survivor.number) == (last.id, last.number)


async def test_a_merged_case_may_be_deleted(sqlite_database: Database):
    by, acme = await given.viewer(Role.MANAGER), await given.account()
    survivor, loser = await given.case(by=by, customer=acme), await full(by, acme)
    await merged(survivor, loser, by=by)

    await done(ending.delete_case, by=by, case=loser)

    assert (await given.stored(loser)).deleted_at == NOW
    assert await Message.filter(case_id=survivor.id).count() == 2


async def test_a_merged_case_is_no_possible_duplicate(sqlite_database: Database):
    by, acme = await given.viewer(), await given.account()
    survivor, loser = [await given.case("The kettle leaks", by=by, customer=acme) for _ in range(2)]
    await merged(survivor, loser, by=by)

    found = await finding.possible_duplicates(await given.case("The kettle leaks", by=by, customer=acme), by)

    assert [case.id for case in found] == [survivor.id]


def test_the_act_says_what_it_does_in_public():
    assert "unmergeCase" in (merging.merge_cases.__doc__ or "")

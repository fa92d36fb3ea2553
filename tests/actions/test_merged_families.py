"""Children, links and followers go along with a case that is merged, and come back with it."""

from typing import Any

import pytest
from pytest import param

from actions import ending, family, following, linking, tenant_settings, unmerging
from actions.clocks import history_of
from cases.kinship import CaseLinkKind
from cases.obstacles import MergeObstacle
from cases.refusals import CannotMerge
from cases.vocabulary import FactKind, Role, Status
from models import Case, CaseFollower, CaseLink
from models.database import Database
from tests import given
from tests.actions.merges import assert_folded, merged
from tests.given import done


async def opened(how_many: int, by: Any) -> list[Case]:
    acme = await given.account()
    return [await given.case(by=by, customer=acme) for _ in range(how_many)]


async def parents(*cases: Case) -> list[Any]:
    return [(await given.stored(case)).parent_id for case in cases]


async def bring_up(parent: Case, *children: Case, by: Any) -> None:
    await done(family.add_child_cases, by=by, case=parent, children=list(children))


async def links() -> set[tuple[Any, Any, CaseLinkKind]]:
    return {(row.case_id, row.other_id, row.kind) for row in await CaseLink.all()}


async def test_children_become_the_survivors_whatever_became_of_them_and_come_back(database: Database):
    by = await given.viewer()
    survivor, loser, open_one, done_one = await opened(4, by)
    await bring_up(loser, open_one, done_one, by=by)
    await done(ending.resolve_case, by=by, case=done_one, summary="Done")

    (merge,) = (await merged(survivor, loser, by=by))["merges"]
    between = await parents(open_one, done_one)
    await done(unmerging.unmerge_case, by=by, case=loser)

    assert between == [survivor.id, survivor.id]
    assert await parents(open_one, done_one) == [loser.id, loser.id]
    assert set(merge.manifest["moved"]["Case.parent"]) == {str(open_one.id), str(done_one.id)}
    told = [event.fact for event in await history_of(done_one.id)][-2:]
    assert [fact.kind for fact in told] == [FactKind.PARENT_REPLACED] * 2
    assert told[0].details == {"former_parent_id": loser.id, "merge_id": merge.id}
    assert (await given.stored(done_one)).status is Status.RESOLVED
    await assert_folded(survivor, loser, open_one, done_one)


async def test_a_child_that_was_taken_out_meanwhile_does_not_come_back(database: Database):
    by = await given.viewer()
    survivor, loser, child = await opened(3, by)
    await bring_up(loser, child, by=by)
    await merged(survivor, loser, by=by)
    await done(family.remove_child_case, by=by, case=survivor, child=child)

    await done(unmerging.unmerge_case, by=by, case=loser)

    assert await parents(child) == [None]


async def test_children_of_one_parent_are_merged_and_so_is_a_child_into_its_parent(database: Database):
    by = await given.viewer()
    parent, survivor, loser = await opened(3, by)
    await bring_up(parent, survivor, loser, by=by)

    await merged(survivor, loser, by=by)
    await merged(parent, await given.stored(survivor), by=by)

    assert await parents(survivor, loser) == [parent.id, parent.id]
    assert (await given.stored(survivor)).merged_into_id == parent.id


async def other_parents(by: Any) -> tuple[Case, Case]:
    mine, theirs, survivor, loser = await opened(4, by)
    await bring_up(mine, survivor, by=by)
    await bring_up(theirs, loser, by=by)
    return survivor, loser


async def parent_into_child(by: Any) -> tuple[Case, Case]:
    parent, child = await opened(2, by)
    await bring_up(parent, child, by=by)
    return child, parent


async def too_deep(by: Any) -> tuple[Case, Case]:
    grandparent, survivor, loser, child = await opened(4, by)
    await bring_up(grandparent, survivor, by=by)
    await bring_up(loser, child, by=by)
    return survivor, loser


async def too_many(by: Any) -> tuple[Case, Case]:
    survivor, loser, *children = await opened(5, by)
    await bring_up(survivor, *children[:1], by=by)
    await bring_up(loser, *children[1:], by=by)
    admin = await given.viewer(Role.ADMIN)
    await done(tenant_settings.save_tenant_settings, by=admin, settings={"children_max": 2})
    return survivor, loser


@pytest.mark.parametrize(
    ("build", "why"),
    [
        param(other_parents, MergeObstacle.OTHER_PARENT, id="children of different parents"),
        param(parent_into_child, MergeObstacle.CYCLE, id="a parent into its child"),
        param(too_deep, MergeObstacle.TOO_DEEP, id="children that would be too deep down"),
        param(too_many, MergeObstacle.TOO_MANY_CHILDREN, id="more children than a case may have"),
    ],
)
async def test_families_that_do_not_go_together_are_declined(database: Database, build, why):
    by = await given.viewer()
    survivor, loser = await build(by)
    before = await given.rows_stored()

    with pytest.raises(CannotMerge) as refused:
        await merged(survivor, loser, by=by)

    assert [(each.case_id, each.obstacle) for each in refused.value.cases] == [(loser.id, why)]
    assert await given.rows_stored() == before


async def test_links_go_along_seen_from_both_ends_and_come_back(database: Database):
    by = await given.viewer()
    survivor, loser, far = await opened(3, by)
    await done(linking.link_cases, by=by, case=loser, other=far, kind=CaseLinkKind.BLOCKS)
    before = await links()

    await merged(survivor, loser, by=by)
    between = await links()
    await done(unmerging.unmerge_case, by=by, case=loser)

    assert between == {(survivor.id, far.id, CaseLinkKind.BLOCKS), (far.id, survivor.id, CaseLinkKind.BLOCKED_BY)}
    assert await links() == before


async def test_links_that_are_there_already_and_those_among_the_merged_stay(database: Database):
    by = await given.viewer()
    survivor, first, second, far = await opened(4, by)
    for case, other in ((survivor, far), (first, far), (first, survivor), (first, second), (second, far)):
        await done(linking.link_cases, by=by, case=case, other=other)
    before = await links()

    await merged(survivor, first, second, by=by)
    between = await links()
    for loser in (second, first):
        await done(unmerging.unmerge_case, by=by, case=loser)

    assert between == before, "all of them are said already, or are of the merged to one another"
    assert await links() == before


async def test_a_link_that_was_made_with_the_loser_meanwhile_is_no_obstacle(sqlite_database: Database):
    by = await given.viewer()
    survivor, loser, far = await opened(3, by)
    await done(linking.link_cases, by=by, case=loser, other=far)
    await merged(survivor, loser, by=by)
    await done(linking.link_cases, by=by, case=far, other=loser)

    await done(unmerging.unmerge_case, by=by, case=loser)

    assert (loser.id, far.id, CaseLinkKind.RELATED) in await links()


async def test_followers_follow_the_survivor_once_and_the_loser_again(database: Database):
    ann, bea = await given.viewer(), await given.viewer()
    survivor, loser = await opened(2, ann)
    for by, case in ((ann, survivor), (ann, loser), (bea, loser)):
        await done(following.follow_case, by=by, case=case)

    async def followers(case: Case) -> set[Any]:
        return {row.person_id for row in await CaseFollower.filter(case_id=case.id)}

    await merged(survivor, loser, by=ann)
    between = await followers(survivor)
    await done(unmerging.unmerge_case, by=ann, case=loser)

    assert between == {ann.person_id, bea.person_id}
    assert (await followers(survivor), await followers(loser)) == (
        {ann.person_id},
        {ann.person_id, bea.person_id},
    )

"""Families: cases become children of others and stop being so, and no race makes what the rules refuse."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from actions import ending, family, tenant_settings
from actions.clocks import history_of
from cases.hierarchy import IllegalParent
from cases.history import fold
from cases.kinship import ParentFault
from cases.refusals import IllegalTransition, Several, Unknown
from cases.vocabulary import FactKind, Role, Status
from models import Case, CaseEvent
from models.database import Database
from schema.ids import id_of
from tests import given
from tests.given import NOW, done

LATER = NOW + timedelta(hours=1)

FAMILY = """query($id: ID!) { case(key: {id: $id}) {
    parent { number } children { totalCount nodes { number parent { number } } }
    events(last: 1) { nodes { kind changes details } } } }"""


async def decide(**settings: Any) -> None:
    await done(tenant_settings.save_tenant_settings, by=await given.viewer(Role.ADMIN), settings=settings)


async def family_of(number_of_children: int, **said: Any) -> tuple[Case, list[Case]]:
    by = await given.viewer()
    parent = await given.case("The boiler", **said)
    children = [await given.case(f"Part {number}", **said) for number in range(number_of_children)]
    if children:
        parent = (await done(family.add_child_cases, by=by, case=parent, children=children))["case"]
    return parent, [await given.stored(child) for child in children]


async def kinds_of(case: Case) -> list[str]:
    return [event.kind for event in await CaseEvent.filter(case_id=case.id).order_by("number")]


async def test_children_have_a_parent_and_both_histories_tell(database: Database):
    by, parent = await given.viewer(), await given.case()
    one, two = await given.case(), await given.case()

    rows = await done(family.add_child_cases, by=by, now=LATER, case=parent, children=[one, two])
    told = await CaseEvent.filter(case_id=parent.id, kind=FactKind.CHILD_ADDED).order_by("number")
    event = await CaseEvent.get(case_id=one.id, number=2)

    assert [(await given.stored(child)).parent_id for child in (one, two)] == [parent.id, parent.id]
    assert (rows["case"].version, (await given.stored(parent)).updated_at) == (3, LATER)
    assert [one.payload["details"]["child_id"] for one in told] == [str(one.id), str(two.id)]
    assert (event.kind, event.payload["changes"]) == (FactKind.PARENT_SET, {"parent_id": str(parent.id)})


async def test_a_child_that_is_one_already_stays_as_it_is(sqlite_database: Database):
    parent, (child,) = await family_of(1)

    await done(family.add_child_cases, by=await given.viewer(), case=parent, children=[child])

    assert (await given.stored(parent)).version == parent.version
    assert (await given.stored(child)).version == child.version


async def test_a_removed_child_is_a_case_of_its_own(database: Database):
    parent, (child,) = await family_of(1)

    rows = await done(family.remove_child_case, by=await given.viewer(), case=parent, child=child)
    event = await CaseEvent.get(case_id=child.id, kind=FactKind.PARENT_CLEARED)

    assert (rows["child"].parent_id, (await given.stored(child)).parent_id) == (None, None)
    assert event.payload == {"changes": {"parent_id": None}, "details": {"former_parent_id": str(parent.id)}}
    assert (await kinds_of(parent))[-1] == FactKind.CHILD_REMOVED


async def test_a_child_that_has_ended_leaves_as_well(sqlite_database: Database):
    parent, (child,) = await family_of(1)
    await done(ending.cancel_case, by=await given.viewer(), case=child)

    await done(family.remove_child_case, by=await given.viewer(), case=parent, child=child)

    assert (await given.stored(child)).parent_id is None


async def refused(parent: Case, *children: Case) -> IllegalParent:
    by = await given.viewer()
    before = await given.rows_stored()
    with pytest.raises(IllegalParent) as found:
        await done(family.add_child_cases, by=by, case=parent, children=list(children))
    assert await given.rows_stored() == before
    return found.value


async def test_a_child_has_no_children_by_default(database: Database):
    parent, (child,) = await family_of(1)
    alone = await given.case()

    assert (await refused(child, alone)).reason is ParentFault.TOO_DEEP
    assert (await refused(alone, parent)).reason is ParentFault.TOO_DEEP


async def test_a_tenant_may_allow_more_levels(database: Database):
    await decide(hierarchy_depth=3)
    by, cases = await given.viewer(), [await given.case() for _ in range(5)]
    for higher, lower in ((2, 3), (0, 1), (1, 2)):
        await done(family.add_child_cases, by=by, case=cases[higher], children=[cases[lower]])

    assert (await refused(cases[3], cases[4])).reason is ParentFault.TOO_DEEP
    assert (await refused(cases[4], cases[0])).reason is ParentFault.TOO_DEEP
    assert (await refused(cases[3], cases[0])).reason is ParentFault.CYCLE
    assert (await refused(cases[1], cases[1])).reason is ParentFault.ITSELF
    assert (await refused(cases[4], cases[1])).reason is ParentFault.OTHER_PARENT


async def test_a_parent_has_no_more_children_than_the_tenant_allows(sqlite_database: Database):
    await decide(children_max=2)
    parent, children = await family_of(2)
    more = await given.case()

    assert (await refused(parent, more)).reason is ParentFault.TOO_MANY
    await done(ending.delete_case, by=await given.viewer(Role.ADMIN), case=children[0])
    await done(family.add_child_cases, by=await given.viewer(), case=parent, children=[more])


async def test_several_faults_are_told_together(sqlite_database: Database):
    (_, (child,)), (_, (other,)) = await family_of(1), await family_of(1)

    with pytest.raises(Several) as found:
        await done(family.add_child_cases, by=await given.viewer(), case=child, children=[other, child])

    assert [tuple(problem.path) for problem in found.value.problems] == [("child_ids", 0), ("child_ids", 1)]


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CANCELED, Status.CLOSED])
async def test_a_case_that_has_ended_becomes_neither_parent_nor_child(sqlite_database: Database, status: Status):
    ended, alone, by = await given.case_that_is(status), await given.case(), await given.viewer()

    with pytest.raises(IllegalTransition):
        await done(family.add_child_cases, by=by, case=ended, children=[alone])
    with pytest.raises(IllegalTransition) as found:
        await done(family.add_child_cases, by=by, case=alone, children=[ended])

    assert tuple(found.value.path) == ("child_ids", 0)
    assert found.value.message.startswith(f"{ended.number}: This is not possible while the case is")


async def test_who_is_no_child_is_not_removed(sqlite_database: Database):
    parent, _ = await family_of(1)
    _, (other,) = await family_of(1)

    with pytest.raises(IllegalParent) as found:
        await done(family.remove_child_case, by=await given.viewer(), case=parent, child=other)

    assert (found.value.reason, tuple(found.value.path)) == (ParentFault.NO_CHILD, ("child_id",))


async def test_cases_of_another_tenant_are_no_family(sqlite_database: Database):
    stranger = await given.viewer(tenant=await given.tenant("other"))
    theirs, ours, by = await given.case(by=stranger), await given.case(), await given.viewer()

    with pytest.raises(Unknown) as found:
        await done(family.add_child_cases, by=by, case=ours, children=[theirs])

    assert tuple(found.value.path) == ("child_ids",)


async def test_a_deleted_parent_leaves_its_children_on_their_own(database: Database):
    parent, (one, two) = await family_of(2)
    await done(ending.resolve_case, by=await given.viewer(), case=two, summary="Done")

    await done(ending.delete_case, by=await given.viewer(Role.ADMIN), case=parent)

    for child in (one, two):
        assert (await given.stored(child)).parent_id is None
        assert (await kinds_of(child))[-1] == FactKind.PARENT_CLEARED


async def test_the_columns_of_a_family_follow_from_its_histories(sqlite_database: Database):
    parent, (child,) = await family_of(1)
    await done(family.remove_child_case, by=await given.viewer(), case=parent, child=child)
    await done(family.add_child_cases, by=await given.viewer(), case=parent, children=[child])

    for case in (parent, child):
        kept, state = await given.stored(case), fold(await history_of(case.id))
        assert (kept.parent_id, kept.version) == (state.columns["parent_id"], state.version)


async def test_the_api_shows_families_and_finds_them(database: Database):
    parent, (one, two) = await family_of(2)
    by = await given.viewer()
    find = "query($where: CaseWhere!) { cases(where: $where) { nodes { number } } }"

    above = (await given.answer(FAMILY, viewer=by, id=parent))["case"]
    below = (await given.answer(FAMILY, viewer=by, id=one))["case"]
    theirs = await given.answer(find, viewer=by, where={"parentId": {"eq": id_of(parent)}})
    roots = await given.answer(find, viewer=by, where={"parentId": {"isNull": True}})
    named = await given.answer(find, viewer=by, where={"parent": {"title": {"eq": "The boiler"}}})

    assert above["parent"] is None
    assert above["children"] == {
        "totalCount": 2,
        "nodes": [{"number": child.number, "parent": {"number": parent.number}} for child in (one, two)],
    }
    assert above["events"]["nodes"] == [{"kind": "CHILD_ADDED", "changes": {}, "details": {"childId": id_of(two)}}]
    assert below["events"]["nodes"] == [{"kind": "PARENT_SET", "changes": {"parentId": id_of(parent)}, "details": {}}]
    assert {node["number"] for node in theirs["cases"]["nodes"]} == {one.number, two.number}
    assert theirs == named
    assert [node["number"] for node in roots["cases"]["nodes"]] == [parent.number]


async def test_the_timelines_of_both_tell_of_it(sqlite_database: Database):
    parent, (child,) = await family_of(1)
    await done(family.remove_child_case, by=await given.viewer(), case=parent, child=child)
    text = """query($id: ID!) { case(key: {id: $id}) { timeline { nodes {
        ... on CaseEvent { kind details actor { name } } } } } }"""

    told = {}
    for case in (parent, child):
        found = await given.answer(text, viewer=await given.viewer(), id=case)
        told[case.id] = found["case"]["timeline"]["nodes"][1:]

    assert [(entry["kind"], entry["details"]) for entry in told[parent.id]] == [
        ("CHILD_ADDED", {"childId": id_of(child)}),
        ("CHILD_REMOVED", {"childId": id_of(child)}),
    ]
    assert [(entry["kind"], entry["details"]) for entry in told[child.id]] == [
        ("PARENT_SET", {}),
        ("PARENT_CLEARED", {"formerParentId": id_of(parent)}),
    ]


async def attempts(*acts: Any) -> list[Any]:
    return await asyncio.gather(*acts, return_exceptions=True)


async def test_of_two_who_put_each_below_the_other_one_wins(database: Database):
    await decide(hierarchy_depth=2)
    by = await given.viewer()
    for _ in range(20):
        one, two = await given.case(), await given.case()

        outcomes = await attempts(
            done(family.add_child_cases, by=by, case=one, children=[two]),
            done(family.add_child_cases, by=by, case=two, children=[one]),
        )
        lost = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        parents = [(await given.stored(case)).parent_id for case in (one, two)]

        assert [type(one) for one in lost] == [IllegalParent]
        assert parents.count(None) == 1


async def test_two_trees_are_not_tied_into_a_ring(database: Database):
    """Each puts its tree below the child of the other: neither touches a case that the other names."""
    await decide(hierarchy_depth=5)
    by = await given.viewer()
    for _ in range(20):
        (one, (below_one,)), (two, (below_two,)) = await family_of(1), await family_of(1)

        outcomes = await attempts(
            done(family.add_child_cases, by=by, case=below_one, children=[two]),
            done(family.add_child_cases, by=by, case=below_two, children=[one]),
        )
        lost: list[Any] = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]

        assert [(type(one), one.reason) for one in lost] == [(IllegalParent, ParentFault.CYCLE)]
        assert [(await given.stored(case)).parent_id for case in (one, two)].count(None) == 1


async def test_two_who_fill_the_last_place_do_not_both_get_it(database: Database):
    await decide(children_max=2)
    by = await given.viewer()
    for _ in range(5):
        parent, _ = await family_of(1)
        rivals = [await given.case() for _ in range(4)]

        outcomes = await attempts(
            *(done(family.add_child_cases, by=by, case=parent, children=[rival]) for rival in rivals)
        )

        assert sum(isinstance(outcome, IllegalParent) for outcome in outcomes) == 3
        assert await Case.filter(parent_id=parent.id).count() == 2

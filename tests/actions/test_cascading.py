"""What ending a case means to its children: nothing, their end too, or that it cannot end yet."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from actions import ending, family, tenant_settings, working
from cases.hierarchy import OpenChildren
from cases.refusals import BadInput, IllegalTransition, OpenActivities
from cases.vocabulary import ActivityState, FactKind, OpenActivitiesRule, Role, Status, StatusReason
from models import Activity, Case, CaseEvent, EntitlementBalance, Resolution, SlaKpiInstance
from models.database import Database, open_database
from schema.ids import id_of
from settings import Limits
from tests import given
from tests.actions import contracts
from tests.given import NOW, done

LATER = NOW + timedelta(hours=1)

RESOLVE = """mutation($id: ID!) { resolveCase(input: {caseId: $id, summary: "Done"}) { userErrors { __typename code path
    ... on OpenChildren { children { caseId number title } } } } }"""


async def decide(**settings: Any) -> None:
    await done(tenant_settings.save_tenant_settings, by=await given.viewer(Role.ADMIN), settings=settings)


async def family_of(number_of_children: int, preference: str, **said: Any) -> tuple[Case, list[Case]]:
    await decide(closure_preference=preference)
    parent = await given.case("The boiler", **said)
    children = [await given.case(f"Part {number}", **said) for number in range(number_of_children)]
    rows = await done(family.add_child_cases, by=await given.viewer(), case=parent, children=children)
    return rows["case"], children


async def statuses(*cases: Case) -> list[Status]:
    return [(await given.stored(case)).status for case in cases]


@pytest.mark.parametrize(("act", "ended"), [("resolve_case", Status.RESOLVED), ("cancel_case", Status.CANCELED)])
async def test_children_stay_open_by_default(database: Database, act: str, ended: Status):
    parent, (child,) = await family_of(1, "INDEPENDENT")
    said: dict[str, Any] = {"summary": "Done"} if act == "resolve_case" else {}

    await done(getattr(ending, act), by=await given.viewer(), case=parent, **said)

    assert await statuses(parent, child) == [ended, Status.ACTIVE]


async def test_a_cascade_resolves_open_children_each_with_its_own_resolution(database: Database):
    by, (parent, (one, two, over)) = await given.viewer(), await family_of(3, "CASCADE")
    await done(ending.cancel_case, by=by, case=over)

    rows = await done(
        ending.resolve_case,
        by=by,
        now=LATER,
        case=parent,
        summary="A new seal",
        reason=StatusReason.INFORMATION_PROVIDED,
        total_minutes=60,
        billable_minutes=30,
    )
    event = await CaseEvent.get(case_id=one.id, kind=FactKind.RESOLVED)

    assert await statuses(parent, one, two, over) == [*[Status.RESOLVED] * 3, Status.CANCELED]
    for child in (one, two):
        resolution = await Resolution.get(case_id=child.id)
        assert (resolution.cascaded_from_id, resolution.summary) == (rows["resolution"].id, "A new seal")
        assert (resolution.total_minutes, resolution.billable_minutes) == (0, 0)
        assert (resolution.reason, resolution.created_at) == (StatusReason.INFORMATION_PROVIDED, LATER)
    assert event.payload["details"]["cascaded_from_id"] == str(parent.id)


async def test_a_cascade_cancels_open_children(database: Database):
    parent, (one, two) = await family_of(2, "CASCADE")

    await done(ending.cancel_case, by=await given.viewer(), case=parent, note="Scrapped")
    event = await CaseEvent.get(case_id=two.id, kind=FactKind.CANCELED)

    assert await statuses(parent, one, two) == [Status.CANCELED] * 3
    assert event.payload["details"] == {"note": "Scrapped", "cascaded_from_id": str(parent.id)}


async def test_a_cascade_reaches_every_level_also_below_what_is_over(sqlite_database: Database):
    await decide(hierarchy_depth=3)
    by, (top, (middle,)) = await given.viewer(), await family_of(1, "INDEPENDENT")
    low = await given.case()
    await done(family.add_child_cases, by=by, case=middle, children=[low])
    await done(ending.resolve_case, by=by, case=middle, summary="Done")
    await decide(closure_preference="CASCADE")

    await done(ending.resolve_case, by=by, case=top, summary="Done")

    assert await statuses(top, middle, low) == [Status.RESOLVED] * 3
    assert await Resolution.filter(case_id=middle.id).count() == 1


async def test_open_activities_of_children_are_named_or_end_as_is_said(database: Database):
    by, (parent, (child,)) = await given.viewer(), await family_of(1, "CASCADE")
    await given.activity("Call the plumber", case=child)
    await given.activity("Call back", case=parent)
    before = await given.rows_stored()

    with pytest.raises(OpenActivities) as refused:
        await done(ending.resolve_case, by=by, case=parent, summary="Done")
    after = await given.rows_stored()
    rule = OpenActivitiesRule.COMPLETE
    await done(ending.resolve_case, by=by, case=parent, summary="Done", open_activities=rule)

    assert {one.subject for one in refused.value.activities} == {"Call the plumber", "Call back"}
    assert after == before
    assert await Activity.filter(state=ActivityState.COMPLETED).count() == 2
    assert await statuses(parent, child) == [Status.RESOLVED] * 2


@pytest.mark.parametrize(("act", "said"), [("resolve_case", {"summary": "Done"}), ("cancel_case", {})])
async def test_a_restriction_names_the_children_that_are_open(database: Database, act: str, said: dict[str, Any]):
    by, (parent, (one, two, over)) = await given.viewer(), await family_of(3, "RESTRICT")
    await done(ending.cancel_case, by=by, case=over)
    before = await given.rows_stored()

    with pytest.raises(OpenChildren) as refused:
        await done(getattr(ending, act), by=by, case=parent, **said)

    assert {child.case_id for child in refused.value.children} == {one.id, two.id}
    assert await given.rows_stored() == before
    assert await statuses(parent, one, two) == [Status.ACTIVE] * 3


async def test_a_restricted_case_ends_after_its_children(sqlite_database: Database):
    by, (parent, children) = await given.viewer(), await family_of(2, "RESTRICT")
    for child in children:
        await done(ending.resolve_case, by=by, case=child, summary="Done")

    await done(ending.resolve_case, by=by, case=parent, summary="Done")

    assert await statuses(parent) == [Status.RESOLVED]


async def test_the_api_lists_open_children(database: Database):
    parent, (child,) = await family_of(1, "RESTRICT")

    (error,) = (await given.answer(RESOLVE, viewer=await given.viewer(), id=parent))["resolveCase"]["userErrors"]

    assert error == {
        "__typename": "OpenChildren",
        "code": "ILLEGAL_TRANSITION",
        "path": ["input", "caseId"],
        "children": [{"caseId": id_of(child), "number": child.number, "title": "Part 0"}],
    }


async def test_customers_are_named_only_the_children_they_may_see(sqlite_database: Database):
    acme = await given.account()
    carl = await given.viewer(Role.CUSTOMER, contact=await given.contact("Carl", acme))
    parent, _ = await family_of(1, "RESTRICT", customer=acme)
    hidden = await given.case(customer=await given.account("Umbrella"))
    await done(family.add_child_cases, by=await given.viewer(), case=parent, children=[hidden])

    with pytest.raises(OpenChildren) as refused:
        await done(ending.cancel_case, by=carl, case=parent)

    assert [child.title for child in refused.value.children] == ["Part 0"]


async def test_a_customer_who_cancels_their_case_cancels_nobody_elses_below_it(database: Database):
    acme = await given.account()
    carl = await given.viewer(Role.CUSTOMER, contact=await given.contact("Carl", acme))
    parent, (own,) = await family_of(1, "CASCADE", customer=acme)
    hidden = await given.case(customer=await given.account("Umbrella"))
    await done(family.add_child_cases, by=await given.viewer(), case=parent, children=[hidden])

    await done(ending.cancel_case, by=carl, case=parent)

    assert await statuses(parent, own, hidden) == [Status.CANCELED, Status.CANCELED, Status.ACTIVE]


async def test_a_child_whose_type_does_not_let_it_end_keeps_all_open(sqlite_database: Database):
    narrow = await given.case_type(moves={"NEW": ["RESEARCHING"]})
    parent, _ = await family_of(1, "CASCADE")
    stuck = await given.case(type_id=narrow)
    await done(family.add_child_cases, by=await given.viewer(), case=parent, children=[stuck])

    with pytest.raises(IllegalTransition) as refused:
        await done(ending.resolve_case, by=await given.viewer(), case=parent, summary="Done")

    assert refused.value.message.startswith(f"{stuck.number}: ")
    assert await statuses(parent, stuck) == [Status.ACTIVE] * 2


async def test_a_reactivated_parent_leaves_its_children_as_they_are(sqlite_database: Database):
    by, (parent, (child,)) = await given.viewer(), await family_of(1, "CASCADE")
    await done(ending.resolve_case, by=by, case=parent, summary="Done")

    await done(ending.reactivate_case, by=by, case=parent)

    assert await statuses(parent, child) == [Status.ACTIVE, Status.RESOLVED]


async def test_children_that_are_canceled_along_give_back_what_they_took_and_stop_their_clocks(database: Database):
    acme = await given.account()
    terms = await contracts.contract(10, by=await contracts.lead(), customer=acme)
    await given.sla_policy(
        "Gold", {"name": "Answer", "kpi": "first_response", "fail_after": {"amount": 60, "unit": "MINUTES"}}
    )
    parent, (child, other) = await family_of(2, "CASCADE", customer=acme, entitlement=terms)
    by = await given.viewer(Role.ADMIN)
    taken = (await EntitlementBalance.get(entitlement_id=terms.id, channel="")).remaining

    await done(ending.cancel_case, by=by, case=parent)
    left = (await EntitlementBalance.get(entitlement_id=terms.id, channel="")).remaining

    assert left - taken == 300
    assert await SlaKpiInstance.filter(case_id__in=[child.id, other.id], state="IN_PROGRESS").count() == 0


async def test_too_many_do_not_end_together(sqlite_url: str):
    async with open_database(sqlite_url, limits=Limits(cascaded_cases=1)):
        parent, children = await family_of(2, "CASCADE")

        with pytest.raises(BadInput, match="At most 1 cases end"):
            await done(ending.cancel_case, by=await given.viewer(), case=parent)

        assert await statuses(parent, *children) == [Status.ACTIVE] * 3


async def test_whoever_ends_a_family_and_whoever_works_on_its_children_do_not_wait_for_each_other(database: Database):
    by = await given.viewer()
    for _ in range(10):
        parent, children = await family_of(2, "CASCADE")
        newest = await given.case()

        outcomes = await asyncio.gather(
            done(ending.resolve_case, by=by, case=parent, summary="Done"),
            done(family.add_child_cases, by=by, case=parent, children=[newest]),
            *(done(working.suspend_case, by=by, case=child) for child in children),
            return_exceptions=True,
        )
        lost = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]

        assert {type(one) for one in lost} <= {IllegalTransition}
        assert await statuses(parent, *children) == [Status.RESOLVED] * 3
        belongs = await given.stored(newest)
        assert (belongs.parent_id is None) == (belongs.status is Status.ACTIVE)

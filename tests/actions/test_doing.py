"""Activities: planned, done or not, and what their case owes them."""

from datetime import timedelta
from typing import Any

import pytest
from pytest import param

from actions import doing, ending
from cases.refusals import BadInput, IllegalActivityStep, IllegalTransition, OpenActivities, Unknown
from cases.vocabulary import (
    ActivityKind,
    ActivityState,
    FactKind,
    OpenActivitiesRule,
    Role,
    Status,
)
from models import Activity, CaseEvent, Resolution
from models.database import Database
from schema.ids import id_of
from tests import given
from tests.given import NOW, done

LATER = NOW + timedelta(hours=1)
TOTALS = "query($id: ID!) { case(key: {id: $id}) { totalMinutes billableMinutes } }"


async def kinds_told(case) -> list[FactKind]:
    events = await CaseEvent.filter(case_id=case.id).order_by("number")
    return [FactKind(event.kind) for event in events]


async def totals(case, by) -> tuple[int | None, int | None]:
    found = (await given.answer(TOTALS, viewer=by, id=case))["case"]
    return found["totalMinutes"], found["billableMinutes"]


async def test_an_activity_is_planned_changed_and_completed_and_the_history_tells_of_it(database: Database):
    by, case = await given.viewer(), await given.case()
    vera = await given.person("Vera")

    call = await given.activity("Call Carl", by=by, case=case, kind=ActivityKind.PHONE_CALL, due_at=LATER, now=LATER)
    await done(doing.update_activity, by=by, now=LATER, activity=call, owner=vera, due_at=None, subject=" Call Eve ")
    rows = await done(doing.complete_activity, by=by, now=LATER, activity=call, duration_minutes=20)
    kept = await Activity.get(id=call.id)

    assert (call.owner_id, call.created_by_id, call.state) == (by.person_id, by.person_id, ActivityState.OPEN)
    assert (kept.subject, kept.owner_id, kept.due_at) == ("Call Eve", vera.id, None)
    assert (kept.state, kept.ended_at, kept.duration_minutes) == (ActivityState.COMPLETED, LATER, 20)
    assert rows["case"].version == 4
    assert (await kinds_told(case))[1:] == [
        FactKind.ACTIVITY_CREATED,
        FactKind.ACTIVITY_CHANGED,
        FactKind.ACTIVITY_COMPLETED,
    ]


async def test_a_change_that_changes_nothing_is_not_told(sqlite_database: Database):
    task = await given.activity("Call Carl")

    rows = await done(doing.update_activity, by=await given.viewer(), activity=task, subject="Call Carl")

    assert rows["case"].version == 2


@pytest.mark.parametrize(
    ("said", "path"),
    [
        param({"subject": " "}, "subject", id="nothing to do"),
        param({"subject": "x" * 201}, "subject", id="a subject of 201 characters"),
        param({"description": "x" * 20_001}, "description", id="a long description"),
        param({"starts_at": LATER, "ends_at": NOW}, "ends_at", id="an end before the beginning"),
        param({"ends_at": NOW}, "starts_at", id="an end without a beginning"),
        param({"kind": ActivityKind.APPOINTMENT}, "starts_at", id="an appointment without a time"),
        param({"duration_minutes": -1}, "duration_minutes", id="less than no time"),
        param({"billable_minutes": 10**7}, "billable_minutes", id="twenty years"),
    ],
)
async def test_what_is_no_activity(sqlite_database: Database, said, path):
    case = await given.case()
    before = await given.rows_stored()

    with pytest.raises(BadInput) as refused:
        await given.activity(case=case, **said)

    assert tuple(refused.value.path) == (path,)
    assert {**await given.rows_stored(), "Person": 0} == {**before, "Person": 0}


@pytest.mark.parametrize("ending_act", [doing.complete_activity, doing.cancel_activity])
@pytest.mark.parametrize("act", [doing.complete_activity, doing.cancel_activity, doing.update_activity])
async def test_an_activity_that_has_ended_stays_as_it_is(sqlite_database: Database, ending_act, act):
    by, task = await given.viewer(), await given.activity()
    await done(ending_act, by=by, activity=task)

    with pytest.raises(IllegalActivityStep):
        await done(act, by=by, activity=task)


async def test_activities_of_a_case_that_has_ended_cannot_be_planned(sqlite_database: Database):
    case = await given.case_that_is(Status.RESOLVED)

    with pytest.raises(IllegalTransition):
        await given.activity(case=case)


async def test_minutes_count_once_an_activity_is_completed(database: Database):
    by, case = await given.viewer(), await given.case()
    one, two, three = [
        await given.activity(by=by, case=case, duration_minutes=minutes, billable_minutes=10)
        for minutes in (30, 40, 50)
    ]

    planned = await totals(case, by)
    await done(doing.complete_activity, by=by, activity=one)
    await done(doing.complete_activity, by=by, activity=two, duration_minutes=5, billable_minutes=0)
    await done(doing.cancel_activity, by=by, activity=three)

    assert planned == (0, 0)
    assert await totals(case, by) == (35, 10)


async def test_customers_see_neither_activities_nor_the_time_they_took(database: Database):
    carl = await given.viewer(Role.CUSTOMER)
    case = await given.case(by=carl)
    task = await given.activity(case=case)

    assert await totals(case, carl) == (None, None)
    found = await given.answer(
        """query($id: ID!, $task: ID!) {
            case(key: {id: $id}) { activities { totalCount nodes { id } } } node(id: $task) { id } }""",
        viewer=carl,
        id=case,
        task=task,
    )
    assert found == {"case": {"activities": {"totalCount": 0, "nodes": []}}, "node": None}


@pytest.mark.parametrize("act", [ending.resolve_case, ending.cancel_case])
async def test_a_case_with_open_activities_does_not_end_by_itself(database: Database, act):
    by, case = await given.viewer(), await given.case()
    last = await given.activity("Last", by=by, case=case)
    first = await given.activity("First", by=by, case=case, due_at=LATER)
    said: dict[str, Any] = {"summary": "Done"} if act is ending.resolve_case else {}
    before = await given.rows_stored()

    with pytest.raises(OpenActivities) as refused:
        await done(act, by=by, case=case, **said)

    assert [one.activity_id for one in refused.value.activities] == [first.id, last.id]
    assert await given.rows_stored() == before


async def test_clients_are_told_which_activities_are_open(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()
    task = await given.activity("Call Carl", by=by, case=case, due_at=LATER)

    found = await given.answer(
        """mutation($id: ID!) { cancelCase(input: {caseId: $id}) { case { id } userErrors {
            code path ... on OpenActivities { activities { activityId kind subject dueAt } } } } }""",
        viewer=by,
        id=case,
    )

    assert found["cancelCase"] == {
        "case": None,
        "userErrors": [
            {
                "code": "OPEN_ACTIVITIES",
                "path": ["input", "openActivities"],
                "activities": [
                    {
                        "activityId": id_of(task),
                        "kind": "TASK",
                        "subject": "Call Carl",
                        "dueAt": LATER.isoformat().replace("+00:00", "Z"),
                    }
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    ("rule", "state", "minutes"),
    [
        (OpenActivitiesRule.COMPLETE, ActivityState.COMPLETED, (45, 20)),
        (OpenActivitiesRule.CANCEL, ActivityState.CANCELED, (15, 10)),
    ],
)
async def test_resolving_ends_open_activities_as_it_is_told_and_counts_what_was_done(
    database: Database, rule, state, minutes
):
    by, case = await given.viewer(), await given.case()
    finished = await given.activity(by=by, case=case, duration_minutes=15, billable_minutes=10)
    await done(doing.complete_activity, by=by, activity=finished)
    for _ in range(2):
        await given.activity(by=by, case=case, duration_minutes=15, billable_minutes=5)

    await done(ending.resolve_case, by=by, now=LATER, case=case, summary="Done", open_activities=rule)
    resolution = await Resolution.get(case_id=case.id)
    states = [activity.state for activity in await Activity.filter(case_id=case.id).order_by("created_at", "id")]

    assert (resolution.total_minutes, resolution.billable_minutes) == minutes
    assert states == [ActivityState.COMPLETED, state, state]
    assert (await kinds_told(case))[-1] is FactKind.RESOLVED
    assert (await given.stored(case)).version == len(await kinds_told(case)) == 8


async def test_minutes_that_are_said_hold_against_those_of_activities(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()
    await done(doing.complete_activity, by=by, activity=await given.activity(case=case), duration_minutes=15)

    await done(ending.resolve_case, by=by, case=case, summary="Done", total_minutes=0, billable_minutes=60)
    resolution = await Resolution.get(case_id=case.id)

    assert (resolution.total_minutes, resolution.billable_minutes) == (0, 60)


async def test_a_customer_who_cancels_their_case_is_not_told_what_the_staff_had_planned(database: Database):
    carl = await given.viewer(Role.CUSTOMER)
    case = await given.case(by=carl)
    task = await given.activity(case=case)

    await done(ending.cancel_case, by=carl, case=case, open_activities=OpenActivitiesRule.COMPLETE)

    assert (await Activity.get(id=task.id)).state is ActivityState.CANCELED
    assert (await given.stored(case)).status is Status.CANCELED


async def test_an_activity_of_another_tenant_is_not_there(sqlite_database: Database):
    stranger = await given.viewer(Role.ADMIN, tenant=await given.tenant("other"))
    task = await given.activity()

    with pytest.raises(Unknown) as refused:
        await done(doing.complete_activity, by=stranger, activity=task)

    assert tuple(refused.value.path) == ("activity_id",)

"""Stages of cases: where they begin, what is asked of them on their way, and what resolving demands."""

from typing import Any

import pytest
from pytest import param

from actions import case_types, changing, doing, ending, staging, working
from cases.refusals import BadInput, Duplicate, OpenActivities, Several
from cases.stages import IllegalStageStep, MissingField
from cases.vocabulary import ActivityKind, CaseCategory, FactKind, OpenActivitiesRule, Role, StatusReason
from models import Activity, Case, CaseEvent, CaseType
from models.database import Database
from schema.ids import id_of
from tests import given
from tests.given import done
from tests.schema.test_statements import statements

ASK = {"key": "ask", "name": "Ask", "required": ["PRODUCT", "OWNER"]}
TRY = {"key": "try", "name": "Try", "optional": True}
ANSWER = {"key": "answer", "name": "Answer", "required": ["DESCRIPTION"], "finished_tasks": True}


async def staged(*stages: dict[str, Any], **said: Any) -> Case:
    """A case of a type with these stages."""
    of_type = await given.case_type("Staged", stages=list(stages or (ASK, TRY, ANSWER)), **said)
    return await given.case(type_id=of_type)


async def stage_of(case: Case) -> str | None:
    found: str | None = (await given.stored(case)).stage
    return found


async def test_a_case_begins_at_the_first_stage_of_its_type(database: Database):
    case, plain = await staged(), await given.case()

    assert (await stage_of(case), await stage_of(plain)) == ("ask", None)


async def test_what_a_stage_asks_for_has_to_be_there_before_it_is_left(database: Database):
    by, case = await given.viewer(), await staged()
    before = await given.rows_stored()

    with pytest.raises(Several) as refused:
        await done(staging.advance_stage, by=by, case=case)
    await done(changing.assign_case, by=by, case=case, assignee=await given.person())
    with pytest.raises(MissingField) as last:
        await done(staging.advance_stage, by=by, case=case)
    await done(changing.update_case, by=by, case=case, product_id=await given.product())
    await done(staging.advance_stage, by=by, case=case)

    assert [problem.path[-1] for problem in refused.value.problems] == ["product", "owner"]
    assert last.value.path == ("case_id", "product")
    assert await stage_of(case) == "try"
    assert before["CaseEvent"] == 1


async def test_a_step_is_an_event_and_goes_over_what_may_be_left_out_or_one_back(database: Database):
    by, case = await given.viewer(), await staged(TRY, {**TRY, "key": "test"}, ANSWER)

    await done(staging.advance_stage, by=by, case=case, to="answer")
    await done(staging.advance_stage, by=by, case=case, to="test")  # back asks for nothing
    with pytest.raises(IllegalStageStep):
        await done(staging.advance_stage, by=by, case=case, to="ask")
    event = await CaseEvent.filter(kind=FactKind.STAGE_ADVANCED).order_by("number").first()

    assert await stage_of(case) == "test"
    assert event
    assert event.payload == {"changes": {"stage": "answer"}, "details": {"from": "try", "name": "Answer"}}


async def test_another_type_means_its_first_stage_and_no_type_none(database: Database):
    by, case = await given.viewer(), await staged()
    other = await given.case_type("Other", stages=[ANSWER])

    await done(changing.update_case, by=by, case=case, type_id=other)
    first = await stage_of(case)
    await done(changing.update_case, by=by, case=case, type_id=None)

    assert (first, await stage_of(case)) == ("answer", None)


async def test_tasks_have_to_be_done_before_a_stage_is_left_that_says_so(database: Database):
    by, case = await given.viewer(), await staged({**ANSWER, "required": []}, TRY)
    task = await given.activity(case=case)
    await given.activity("Call", case=case)
    await done(doing.create_activity, by=by, case=case, kind=ActivityKind.PHONE_CALL, subject="Call back")
    await done(doing.complete_activity, by=by, activity=(await Activity.get(subject="Call")))

    with pytest.raises(OpenActivities) as refused:
        await done(staging.advance_stage, by=by, case=case)
    await done(doing.complete_activity, by=by, activity=task)
    await done(staging.advance_stage, by=by, case=case)

    assert [one.activity_id for one in refused.value.activities] == [task.id]
    assert await stage_of(case) == "try"


async def test_a_type_may_demand_the_last_stage_and_done_tasks_of_a_case_that_is_resolved(database: Database):
    by = await given.viewer()
    case = await staged(TRY, ANSWER, resolved_at_last_stage=True, resolved_with_tasks_done=True)
    task = await given.activity(case=case)
    said: dict[str, Any] = {"by": by, "case": case, "summary": "Done", "open_activities": OpenActivitiesRule.CANCEL}

    with pytest.raises(IllegalStageStep) as refused:
        await done(ending.resolve_case, **said)
    await done(staging.advance_stage, by=by, case=case)
    with pytest.raises(MissingField):
        await done(ending.resolve_case, **said)
    await done(changing.update_case, by=by, case=case, description="It leaks")
    with pytest.raises(OpenActivities):
        await done(ending.resolve_case, **said)
    await done(doing.complete_activity, by=by, activity=task)
    await done(ending.resolve_case, **said)

    assert refused.value.allowed == ["answer"]
    assert (await given.stored(case)).resolved_at is not None


async def test_a_case_at_a_stage_that_is_there_no_more_goes_on_at_the_first(database: Database):
    lead, case = await given.viewer(Role.ADMIN), await staged()
    of_type = await CaseType.get(name="Staged")
    await done(
        case_types.save_case_type,
        by=lead,
        name="Staged",
        category=CaseCategory.REQUEST,
        stages=[{"key": "new", "name": "New"}],
        case_type=of_type,
    )
    text = "query($id: ID!) { case(key: {id: $id}) { stage { key name index missingFields } } }"

    gone = await given.answer(text, viewer=lead, id=id_of(case))
    await done(working.progress_case, by=lead, case=case, reason=StatusReason.IN_PROGRESS)
    await done(staging.advance_stage, by=lead, case=case)
    now = await given.answer(text, viewer=lead, id=id_of(case))

    assert gone["case"]["stage"] == {"key": "ask", "name": "ask", "index": None, "missingFields": []}
    assert now["case"]["stage"] == {"key": "new", "name": "New", "index": 0, "missingFields": []}
    assert (await CaseType.get(name="Staged")).version == 1


WHOLE: dict[str, Any] = {
    "name": "Return",
    "category": CaseCategory.REQUEST,
    "moves": [{"from": "NEW", "to": ["IN_PROGRESS", "CANCELED"]}],
    "sequence": ["NEW", "IN_PROGRESS"],
    "stages": [ASK, TRY, ANSWER],
    "resolved_at_last_stage": True,
    "resolved_with_tasks_done": True,
}


async def test_a_type_is_saved_whole_and_its_process_holds_from_the_next_act_on(database: Database):
    lead = await given.viewer(Role.ADMIN)
    made = (await done(case_types.save_case_type, by=lead, **WHOLE))["case_type"]
    case = await given.case(type_id=made)
    text = """{ caseTypes { nodes { name version moves { from to } sequence resolvedAtLastStage resolvedWithTasksDone
        stages { key name required finishedTasks optional } } } }"""

    shown = (await given.answer(text, viewer=lead))["caseTypes"]["nodes"]
    await done(working.progress_case, by=lead, case=case, reason=StatusReason.IN_PROGRESS)

    assert shown == [
        {
            "name": "Return",
            "version": 1,
            "moves": WHOLE["moves"],
            "sequence": WHOLE["sequence"],
            "resolvedAtLastStage": True,
            "resolvedWithTasksDone": True,
            "stages": [
                {
                    "key": "ask",
                    "name": "Ask",
                    "required": ["PRODUCT", "OWNER"],
                    "finishedTasks": False,
                    "optional": False,
                },
                {"key": "try", "name": "Try", "required": [], "finishedTasks": False, "optional": True},
                {
                    "key": "answer",
                    "name": "Answer",
                    "required": ["DESCRIPTION"],
                    "finishedTasks": True,
                    "optional": False,
                },
            ],
        }
    ]


@pytest.mark.parametrize(
    ("said", "path"),
    [
        param({"name": " "}, ("name",), id="no name"),
        param({"sequence": ["NEW", "ON_HOLD"]}, ("sequence",), id="waiting is no step"),
        param({"moves": [{"from": "NEW", "to": ["CANCELED"]}]}, ("moves", "NEW"), id="the sequence cannot go on"),
        param({"moves": [{"from": "NEW", "to": ["NEW", "IN_PROGRESS"]}]}, ("moves", "NEW"), id="to itself"),
        param({"moves": [{"from": "NEW", "to": []}] * 2}, ("moves", 1, "from"), id="a reason twice"),
        param({"stages": [ASK, ASK]}, ("stages", 1, "key"), id="a stage twice"),
        param({"stages": None}, ("resolved_at_last_stage",), id="no last stage"),
    ],
)
async def test_a_process_that_cannot_be_walked_is_refused_where_it_is_wrong(sqlite_database: Database, said, path):
    lead = await given.viewer(Role.ADMIN)

    with pytest.raises(BadInput) as refused:
        await done(case_types.save_case_type, by=lead, **{**WHOLE, **said})

    assert refused.value.path == path
    assert not await CaseType.all().exists()


async def test_two_types_of_one_name_are_refused(sqlite_database: Database):
    lead = await given.viewer(Role.ADMIN)
    await done(case_types.save_case_type, by=lead, **WHOLE)

    with pytest.raises(Duplicate):
        await done(case_types.save_case_type, by=lead, **WHOLE)


async def test_a_page_of_stages_costs_one_statement_and_customers_see_no_demands(database: Database):
    by, bob = await given.viewer(), await given.viewer(Role.CUSTOMER)
    for number in range(6):
        of_type = await given.case_type(f"Staged {number}", stages=[ASK, ANSWER])
        await given.case(by=bob, type_id=of_type)
    text = "{ cases { nodes { stage { key name index missingFields } } } }"

    asked = await given.answer('{ cases(where: {stage: {eq: "ask"}}) { totalCount } }', viewer=by)
    others = await given.answer('{ cases(where: {stage: {in: ["answer"]}}) { totalCount } }', viewer=by)

    with statements() as sent:
        data = await given.answer(text, viewer=by)
    shown = await given.answer(text, viewer=bob)

    stage = {"key": "ask", "name": "Ask", "index": 0}
    assert data["cases"]["nodes"] == [{"stage": {**stage, "missingFields": ["PRODUCT", "OWNER"]}}] * 6
    assert shown["cases"]["nodes"] == [{"stage": {**stage, "missingFields": None}}] * 6
    assert len(sent) == 2, sent
    assert (asked["cases"]["totalCount"], others["cases"]["totalCount"]) == (6, 0)

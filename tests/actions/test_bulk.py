"""Many cases at once: as if each was changed alone; all, or those that can be, or none, to see what would become."""

from datetime import timedelta
from typing import Any, cast

import pytest

from actions import bulk, ending
from cases.automation import AutomationOutcome
from cases.refusals import BadInput, IllegalTransition, NoneDone, NotPermitted, Refused, Unknown
from cases.viewer import Viewer
from cases.vocabulary import BulkErrorPolicy, CaseCategory, FactKind, Priority, Role, StatusReason
from models import AutomationRun, Case, CaseEvent, QueueItem
from models.database import Database, current_database
from models.fields import uuid7
from schema.ids import id_of, public_id
from settings import Limits
from tests import given, promised
from tests.actions.contracts import contract, lead, left
from tests.actions.test_record import assert_consistent
from tests.given import NOW, done
from tests.promised import item

SKIP = BulkErrorPolicy.SKIP_FAILED
PAST = NOW - timedelta(hours=1)


async def some(count: int, **said: Any) -> list[Case]:
    return [await given.case(**said) for _ in range(count)]


async def changed(cases: list[Case], *, by: Viewer | None = None, **said: Any) -> list[bulk.Outcome]:
    rows = await done(bulk.bulk_update_cases, by=by or await given.viewer(), cases=cases, **said)
    outcomes: list[bulk.Outcome] = list(rows["outcomes"])
    return outcomes


async def test_many_cases_are_changed_as_if_each_was_changed_alone(database: Database):
    cases, vera, desk = await some(3), await given.person("Vera"), await given.queue("Desk")
    said: dict[str, Any] = {"priority": Priority.HIGH, "assignee": vera, "queue": desk}

    outcomes = await changed(cases, status_reason=StatusReason.ON_HOLD, **said)

    for case, outcome in zip(cases, outcomes, strict=True):
        kept, answered = await given.stored(case), cast(Any, outcome.case)
        kinds = [event.kind for event in await CaseEvent.filter(case_id=case.id).order_by("number")]

        assert (outcome.ok, outcome.version, dict(answered)) == (True, 5, dict(kept))
        assert (kept.priority, kept.owner_id, kept.status_reason) == (Priority.HIGH, vera.id, StatusReason.ON_HOLD)
        assert kinds[1:] == [FactKind.CHANGED, FactKind.ASSIGNED, FactKind.QUEUED, FactKind.SUSPENDED]
        await assert_consistent(case)
    assert await QueueItem.filter(queue_id=desk.id).count() == 3


async def test_if_one_refuses_nothing_is_done_and_each_refusal_has_its_place(database: Database):
    active, over, other = await some(3)
    await done(ending.resolve_case, by=await given.viewer(), case=over, summary="Done")
    by, before = await given.viewer(), await given.rows_stored()

    with pytest.raises(NoneDone) as refused:
        await changed([active, over, other], by=by, priority=Priority.HIGH, deadline=PAST)

    kinds = [(type(problem).__name__, problem.path) for problem in refused.value.problems]
    assert kinds == [
        ("BadInput", ("case_ids", 0, "deadline")),
        ("IllegalTransition", ("case_ids", 1)),
        ("BadInput", ("case_ids", 2, "deadline")),
    ]
    assert await given.rows_stored() == before


async def test_those_that_refuse_are_left_as_they_were_and_the_others_are_changed(database: Database):
    """The one whose second step is refused has not taken the first either."""
    active, over, waiting = await some(3)
    by, desk = await given.viewer(), await given.queue("Desk", accepts=[CaseCategory.QUESTION])
    question = await given.case_type("Question", category=CaseCategory.QUESTION)
    fits = await given.case(type_id=question)
    await done(ending.resolve_case, by=by, case=over, summary="Done")

    outcomes = await changed([over, active, fits, waiting], priority=Priority.HIGH, queue=desk, error_policy=SKIP)

    assert [outcome.ok for outcome in outcomes] == [False, False, True, False]
    assert [type(outcome.refusals[0]) for outcome in outcomes if not outcome.ok] == [
        IllegalTransition,
        BadInput,
        BadInput,
    ]
    assert outcomes[1].refusals[0].path == ("case_ids", 1, "queue_id")
    for case, version in ((active, 1), (waiting, 1), (fits, 3), (over, 2)):
        assert (await given.stored(case)).version == version
        await assert_consistent(case)
    assert outcomes[1].version == 1


async def test_a_dry_run_says_what_would_become_of_each_and_writes_nothing(database: Database):
    await promised.default(item())
    active, over = await some(2)
    await done(ending.resolve_case, by=await given.viewer(), case=over, summary="Done")
    await given.automation_rule("Note")
    by, before = await given.viewer(), await given.rows_stored()
    told: dict[str, Any] = {
        "title": "Another",
        "status_reason": StatusReason.ON_HOLD,
        "error_policy": SKIP,
    }

    rows = await done(bulk.bulk_update_cases, by=by, cases=[active, over], dry_run=True, **told)

    assert [(outcome.ok, outcome.version) for outcome in rows["outcomes"]] == [(True, 2), (False, 3)]
    assert await given.rows_stored() == before
    assert (await given.stored(active)).title == "The kettle leaks"
    await assert_consistent(active)


async def test_clocks_contracts_and_rules_follow_as_they_do_for_one(database: Database):
    await promised.default(item(kpi="resolution"))
    acme = await given.account()
    paid = await contract(5, by=await lead(), customer=acme)
    cases = await some(3, customer=acme, entitlement=paid)
    await given.automation_rule("Raise", {"set": {"severity": "OUTAGE"}}, when={"priority": {"eq": "CRITICAL"}})
    before = await left(paid)

    outcomes = await changed(cases, priority=Priority.CRITICAL, status_reason=StatusReason.WAITING_FOR_DETAILS)

    assert [run.outcome for run in await AutomationRun.all()] == [AutomationOutcome.DONE] * 3
    assert [outcome.version for outcome in outcomes] == [(await given.stored(case)).version for case in cases]
    assert await left(paid) == before
    for case in cases:
        assert await promised.states(case) == {"resolution": "PAUSED"}
        await assert_consistent(case)


async def test_what_is_there_for_nobody_is_refused_or_skipped(database: Database):
    (case,) = await some(1)
    by = await given.viewer()
    nobody = Case(id=uuid7(), tenant_id=by.tenant_id)

    with pytest.raises(Unknown) as refused:
        await changed([case, nobody], title="Another")
    outcomes = await changed([case, nobody], title="Another", error_policy=SKIP)

    assert refused.value.path == ("case_ids",)
    assert [(outcome.ok, outcome.case is None) for outcome in outcomes] == [(True, False), (False, True)]
    assert outcomes[1].refusals[0].path == ("case_ids", 1)


@pytest.mark.parametrize("wrong", ["none", "twice", "too many"])
async def test_a_list_has_each_case_once_and_not_too_many(sqlite_database: Database, monkeypatch, wrong):
    monkeypatch.setattr(current_database(), "limits", Limits(bulk_cases=2))
    one, two, three = await some(3)
    lists = {"none": [], "twice": [one, one], "too many": [one, two, three]}

    with pytest.raises(BadInput) as refused:
        await changed(lists[wrong], title="Another")

    assert refused.value.path == ("case_ids",)


async def test_two_hundred_cases_are_changed_at_once_within_the_time_of_an_operation(database: Database):
    cases = await some(200)
    vera = await given.person("Vera")

    outcomes = await changed(cases, priority=Priority.HIGH, assignee=vera)

    assert all(outcome.ok for outcome in outcomes)
    assert await Case.filter(owner_id=vera.id, priority=Priority.HIGH.value).count() in (0, 200)
    assert await CaseEvent.filter(kind=FactKind.ASSIGNED).count() == 200


async def test_customers_change_one_case_at_a_time(sqlite_database: Database):
    bob = await given.viewer(Role.CUSTOMER)
    case = await given.case(by=bob)

    with pytest.raises(NotPermitted):
        await done(bulk.bulk_update_cases, by=bob, cases=[case], title="Another")


async def test_clients_are_told_case_by_case(database: Database):
    active, over = await some(2)
    by = await given.viewer()
    await done(ending.resolve_case, by=by, case=over, summary="Done")
    text = """mutation($input: BulkUpdateCasesInput!) { bulkUpdateCases(input: $input) {
        outcomes { index ok version case { id priority } userErrors { __typename code path } }
        userErrors { code path } } }"""
    said = {"caseIds": [id_of(active), id_of(over), public_id("Case", uuid7()), "x"], "priority": "HIGH"}

    refused = (await given.answer(text, viewer=by, input=said))["bulkUpdateCases"]
    shown = (await given.answer(text, viewer=by, input={**said, "errorPolicy": "SKIP_FAILED"}))["bulkUpdateCases"]

    assert refused == {"outcomes": None, "userErrors": [{"code": "NOT_FOUND", "path": ["input", "caseIds"]}]}
    assert shown["userErrors"] == []
    assert [(one["index"], one["ok"], one["version"]) for one in shown["outcomes"]] == [
        (0, True, 2),
        (1, False, 2),
        (2, False, None),
        (3, False, None),
    ]
    assert shown["outcomes"][0]["case"] == {"id": id_of(active), "priority": "HIGH"}
    assert shown["outcomes"][1]["userErrors"] == [
        {"__typename": "IllegalTransition", "code": "ILLEGAL_TRANSITION", "path": ["input", "caseIds", "1"]}
    ]
    assert issubclass(NoneDone, Refused)

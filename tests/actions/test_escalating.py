"""Escalation levels: what they do to a case, once, and who is told by HTTP."""

from typing import Any

import pytest

from actions import changing, ending, talking
from actions.announcing import announce
from cases.vocabulary import Priority
from models import Case, CaseEvent, Delivery, Person
from models.database import Database
from tests import given, promised
from tests.actions import notices
from tests.given import NOW, done, hours, minutes


def level(deed: str, to: str = "", percent: int = 50) -> dict[str, Any]:
    return {"name": f"{deed} {percent}", "deed": deed, "percent": percent, "to": to}


async def kinds(case: Case) -> list[str]:
    return [event.kind.value for event in await CaseEvent.filter(case_id=case.id).order_by("number")]


async def test_a_level_raises_the_priority_once_and_not_above_the_highest(database: Database):
    levels = [level("RAISE_PRIORITY", percent=percent) for percent in (25, 50, 75)]
    await promised.default(promised.item(minutes=60, levels=levels))
    case = await given.case(priority=Priority.HIGH)
    for _ in range(2):
        await announce(NOW + minutes(20))
    assert (await given.stored(case)).priority is Priority.CRITICAL
    await announce(NOW + minutes(50))

    assert await kinds(case) == ["OPENED", "SLA_APPLIED", "SLA_ANNOUNCED", "CHANGED", *["SLA_ANNOUNCED"] * 2]
    (changed,) = await CaseEvent.filter(case_id=case.id, kind="CHANGED")
    assert (changed.cause, changed.actor_person_id) == ("escalation", None)


@pytest.mark.parametrize("to", ["lead@example.com", "Second line", "nobody@example.com"])
async def test_a_level_gives_the_case_to_whom_it_names(database: Database, to: str):
    await promised.default(promised.item(minutes=60, levels=[level("ASSIGN", to)]))
    lead, line = await given.person("Lead"), await given.team("Second line")
    await Person.filter(id=lead.id).update(email="lead@example.com")
    vera = await given.person("Vera")
    case = await given.case(owner=vera)
    await announce(NOW + minutes(31))

    kept = await given.stored(case)
    expected = {"lead@example.com": (lead.id, None), "Second line": (None, line.id)}.get(to, (vera.id, None))
    assert (kept.owner_id, kept.team_id) == expected


async def test_an_act_that_comes_before_the_worker_brings_about_what_was_due(database: Database):
    await promised.default(promised.item("resolution", 60, levels=[level("RAISE_PRIORITY")]))
    by, case = await given.viewer(), await given.case()
    await done(talking.add_comment, by=by, case=case, body="Sorry", now=NOW + hours(2))

    assert (await given.stored(case)).priority is Priority.HIGH


async def test_what_somebody_says_of_the_same_stays(database: Database):
    await promised.default(promised.item("resolution", 60, levels=[level("RAISE_PRIORITY")]))
    by, case = await given.viewer(), await given.case()
    await done(changing.update_case, by=by, case=case, priority=Priority.LOW, now=NOW + hours(2))

    assert (await given.stored(case)).priority is Priority.LOW


async def test_a_case_that_ended_is_left_alone(database: Database):
    await promised.default(promised.item("resolution", 60, levels=[level("RAISE_PRIORITY")]))
    by, case = await given.viewer(), await given.case()
    await done(ending.resolve_case, by=by, case=case, summary="Done", now=NOW + hours(2))

    assert (await given.stored(case)).priority is Priority.MEDIUM


async def test_a_level_calls_the_webhook_it_names_whatever_that_is_told_otherwise(database: Database):
    hook = await notices.webhook("Pager", kinds=["RESOLVED"])
    await notices.webhook("Other", kinds=["RESOLVED"])
    await promised.default(promised.item(minutes=60, levels=[level("WEBHOOK", "Pager")]))
    case = await given.case()
    for _ in range(2):
        await announce(NOW + minutes(31))

    (delivery,) = await Delivery.filter(case_id=case.id)
    assert delivery.webhook_id == hook.id
    assert '"level":"WEBHOOK 50"' in delivery.body

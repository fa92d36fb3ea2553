"""Scheduled rules: they look at all open cases every so often, and act on each once until something else happens."""

import asyncio
from typing import Any

import pytest

from actions import automation_rules, changing, ending, scheduling, talking
from actions.scheduling import look_at_cases
from cases.automation import AutomationOutcome, AutomationTrigger
from cases.conditions import EVERYTHING
from cases.vocabulary import Priority, Role
from models import AutomationRule, AutomationRun, Case, Message
from models.database import Database
from models.locking import locked
from models.unit_of_work import unit_of_work
from tests import given
from tests.actions.test_record import assert_consistent
from tests.given import NOW, done, hours, minutes


async def scheduled(*deeds: dict[str, Any], **said: Any) -> AutomationRule:
    words = {"when": {"priority": {"eq": "HIGH"}}, "every_minutes": 60, **said}
    return await given.automation_rule("Nag", *deeds, trigger=AutomationTrigger.SCHEDULE, **words)


async def looked(now: Any = NOW) -> int:
    """How many cases rules acted on, in as many looks as it takes."""
    acted = 0
    while True:
        tick = await look_at_cases(now)
        acted += tick.announced
        if not tick.more:
            return acted


async def test_it_acts_on_open_cases_for_which_its_condition_holds(database: Database):
    by = await given.viewer()
    high, low = await given.case(priority=Priority.HIGH), await given.case(priority=Priority.LOW)
    over, gone = await given.case(priority=Priority.HIGH), await given.case(priority=Priority.HIGH)
    other = await given.tenant("other")
    await given.case(by=await given.viewer(tenant=other), priority=Priority.HIGH)
    await done(ending.resolve_case, by=by, case=over, summary="Done")
    await done(ending.delete_case, by=await given.viewer(Role.ADMIN), case=gone)
    rule = await scheduled({"set": {"severity": "OUTAGE"}})

    assert await looked() == 1
    run = await AutomationRun.all().get()

    assert (run.case_id, run.rule_id, run.outcome, run.depth) == (high.id, rule.id, AutomationOutcome.DONE, 1)
    assert (await given.stored(low)).version == 1
    assert (await AutomationRule.all().get()).next_at == NOW + hours(1)
    await assert_consistent(high)


async def test_it_looks_again_after_a_while_and_leaves_a_case_alone_until_something_happens_to_it(database: Database):
    by, case = await given.viewer(), await given.case(priority=Priority.HIGH)
    await scheduled()
    counts = [await looked(), await looked(NOW + minutes(59)), await looked(NOW + hours(1))]
    await done(talking.add_comment, by=by, case=case, body="Still waiting", now=NOW + hours(1.5))

    counts += [await looked(NOW + hours(2)), await looked(NOW + hours(3))]

    assert counts == [1, 0, 0, 1, 0]
    assert [message.body for message in await Message.all().order_by("id")] == ["Nag", "Still waiting", "Nag"]


async def test_it_waits_until_nobody_has_changed_a_case_for_as_long_as_it_says(database: Database):
    await given.case(priority=Priority.HIGH)
    await scheduled(idle_minutes=90)

    assert [await looked(NOW + hours(number)) for number in range(4)] == [0, 0, 1, 0]


async def test_what_it_does_sets_off_the_rules_for_changes_but_not_itself(database: Database):
    case = await given.case(priority=Priority.HIGH)
    await scheduled({"set": {"severity": "OUTAGE"}})
    await given.automation_rule("Note", watched=["SEVERITY"])

    await looked()
    runs = await AutomationRun.all().order_by("id")

    assert sorted((run.rule_name, run.depth) for run in runs) == [("Nag", 1), ("Note", 2)]
    await assert_consistent(case)


async def test_many_cases_are_looked_at_page_by_page_by_many_workers_and_each_is_acted_on_once(
    database: Database, monkeypatch
):
    monkeypatch.setattr(scheduling, "CASES_AT_ONCE", 3)
    cases = [await given.case(priority=Priority.HIGH) for _ in range(10)]
    await scheduled()

    async def worker() -> int:
        acted = 0
        for _ in range(12):
            acted += (await look_at_cases(NOW, at_most=3)).announced
        return acted

    counts = await asyncio.gather(*(worker() for _ in range(3)))

    assert sum(counts) + await looked() == len(cases) == await Message.all().count()
    assert {run.case_id for run in await AutomationRun.all()} == {case.id for case in cases}
    assert (await AutomationRule.all().get()).position is None


async def test_a_case_that_somebody_holds_is_left_to_the_next_look(postgres_database: Database):
    """Whoever holds it is a task of its own, as a request is."""
    case, free = [await given.case(priority=Priority.HIGH) for _ in range(2)]
    await scheduled()
    holding, looked_at = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        await locked(Case, [case.id], EVERYTHING)
        holding.set()
        await looked_at.wait()

    holder = asyncio.create_task(unit_of_work(hold))
    await holding.wait()
    acted = await looked()
    looked_at.set()
    await holder

    assert acted == 1
    assert {run.case_id for run in await AutomationRun.all()} == {free.id}
    assert await looked(NOW + hours(1)) == 1


async def test_a_rule_that_is_switched_off_looks_no_more(database: Database):
    await given.case(priority=Priority.HIGH)
    rule = await scheduled()
    await done(automation_rules.deactivate_automation_rule, by=await given.viewer(Role.ADMIN), rule=rule)

    assert await looked(NOW + hours(5)) == 0
    assert (await AutomationRule.all().get()).next_at is None


@pytest.mark.parametrize("wrong", [{"when": {"gone": {"eq": 1}}}, {"actions": []}])
async def test_a_rule_that_cannot_be_read_any_more_stands_in_no_others_way(database: Database, wrong, caplog):
    case = await given.case(priority=Priority.HIGH)
    rule = await scheduled()
    await AutomationRule.filter(id=rule.id).update(**wrong)
    await given.automation_rule("Whole", trigger=AutomationTrigger.SCHEDULE, every_minutes=5)

    acted = await looked()
    await done(changing.update_case, by=await given.viewer(), case=case, title="Written all the same")

    assert acted == 1
    assert "is left out" in caplog.text

"""Previewing and recalculating: what a change would do, what it does, and that nothing else does it."""

from typing import Any

import pytest

from actions import calendars, recalculating
from actions.announcing import announce
from actions.previewing import Supposed, preview
from cases.conditions import EVERYTHING, Compare, Op
from cases.refusals import BadInput
from cases.vocabulary import FactKind, Priority, Role, Status
from models import Case, CaseEvent, SlaKpiInstance
from models.database import Database
from sla.preview import Breach
from tests import given, promised
from tests.given import NOW, hours, minutes
from tests.promised import clock, item

WEEK = {day.lower(): [["09:00", "17:00"]] for day in given.WEEKDAYS[:5]}
TOMORROW_OFF = {"timezone": "UTC", "weekly_hours": WEEK, "holidays": [{"date": "2025-06-05", "name": "Feast"}]}


async def office(*items: dict[str, Any]) -> tuple[Any, Any]:
    """A calendar, and the default policy whose items count in it."""
    made = await given.calendar()
    return made, await promised.default(*({**one, "calendar": str(made.id)} for one in items))


async def test_a_moved_holiday_moves_what_falls_due_after_it_and_nothing_is_written(database: Database):
    calendar, _ = await office(item("first_response", 60), item("resolution", 8 * 60))
    cases = [await given.case() for _ in range(3)]
    before = await given.rows_stored()

    found = await preview(Supposed(calendar=calendar, hours=TOMORROW_OFF), EVERYTHING, NOW)

    assert len(found.cases) == 3
    assert {(one.case.id, one.kpi, one.moved_by) for one in found.differences} == {
        (case.id, "resolution", hours(24)) for case in cases
    }
    assert await given.rows_stored() == before


async def test_another_priority_shows_the_breach_it_would_bring(database: Database):
    await promised.default(
        item("resolution", 60, name="fast", applicable_when={"priority": {"eq": "CRITICAL"}}), item("resolution", 600)
    )
    case = await given.case()

    (found,) = (await preview(Supposed(priority=Priority.CRITICAL), EVERYTHING, NOW + hours(2))).differences

    assert (found.breach, found.after.item, found.before.item) == (Breach.GAINED, "fast", "resolution")
    assert (await given.stored(case)).version == case.version


async def test_another_policy_shows_clocks_that_would_come_and_go(database: Database):
    await promised.default(item("first_response", 60))
    other = await given.sla_policy("Silver", item("resolution", 60))
    await given.case()

    found = (await preview(Supposed(policy=other), EVERYTHING, NOW)).differences

    assert {(one.kpi, one.before is None, one.after is None) for one in found} == {
        ("first_response", False, True),
        ("resolution", True, False),
    }


async def test_a_preview_says_what_recalculating_then_does(database: Database):
    calendar, policy = await office(item("resolution", 8 * 60))
    case = await given.case()
    (foreseen,) = (await preview(Supposed(calendar=calendar, hours=TOMORROW_OFF), EVERYTHING, NOW)).differences
    lead = await given.viewer(Role.ADMIN)
    await given.done(calendars.save_calendar, by=lead, calendar=calendar, name="Office", hours=TOMORROW_OFF)

    done = await recalculated(policy)

    assert [one.difference for one in done["differences"]] == [foreseen.difference]
    assert (await clock(case, "resolution")).fail_at == foreseen.after.fail_at


async def test_a_saved_calendar_touches_no_clock_until_it_is_asked_to(database: Database):
    calendar, policy = await office(item("resolution", 8 * 60))
    case = await given.case()
    lead = await given.viewer(Role.ADMIN)

    await given.done(calendars.save_calendar, by=lead, calendar=calendar, name="Office", hours=TOMORROW_OFF)
    untouched = await clock(case, "resolution")
    await recalculated(policy)

    assert untouched.fail_at == given.at("Thu 12:00")
    assert (await clock(case, "resolution")).fail_at == given.at("Fri 12:00")
    assert (await given.stored(case)).version == 3


async def test_every_outcome_that_changes_is_listed_and_cases_that_ended_stay_as_they_are(database: Database):
    policy = await promised.default(item("first_response", 240), item("resolution", 600))
    cases = [await given.case() for _ in range(3)]
    ended = await given.case_that_is(Status.RESOLVED)
    await promised.changed(policy, item("first_response", 30), item("resolution", 600))

    done = await recalculated(policy, now=NOW + hours(1))

    assert {(one.case.id, one.kpi, one.breach) for one in done["differences"]} == {
        (case.id, "first_response", Breach.GAINED) for case in cases
    }
    assert (done["recalculated"], done["remaining"]) == (3, 0)
    assert (await given.stored(ended)).sla_version_id == ended.sla_version_id


async def test_so_many_are_done_at_once_and_the_rest_is_counted(database: Database):
    policy = await promised.default(item(minutes=60))
    for _ in range(3):
        await given.case()
    await promised.changed(policy, item(minutes=30))

    first, second = await recalculated(policy, first=2), await recalculated(policy, first=2)

    assert [(done["recalculated"], done["remaining"]) for done in (first, second)] == [(2, 1), (1, 0)]
    assert not (await recalculated(policy))["differences"]


async def test_breaches_that_come_are_announced_and_those_that_were_stay(database: Database):
    policy = await promised.default(item("first_response", 30), item("resolution", 600))
    case = await given.case()
    await announce(NOW + hours(1))
    await promised.changed(policy, item("first_response", 6000), item("resolution", 45))

    await recalculated(policy, now=NOW + hours(1))
    await announce(NOW + hours(1) + minutes(1))

    assert await promised.told(case) == [("first_response", "BREACHED"), ("resolution", "BREACHED")]
    assert await promised.states(case) == {"first_response": "NONCOMPLIANT", "resolution": "NONCOMPLIANT"}


async def test_clocks_of_kpis_that_are_gone_are_canceled(database: Database):
    policy = await promised.default(item("first_response", 60), item("resolution", 600))
    case = await given.case()
    await promised.changed(policy, item("resolution", 600))

    await recalculated(policy, now=NOW + minutes(5))

    assert await promised.states(case) == {"first_response": "CANCELED", "resolution": "IN_PROGRESS"}
    assert (await announce(NOW + hours(2))).announced == 0


async def test_what_was_due_before_is_announced_first_and_by_nobody(database: Database):
    policy = await promised.default(item(minutes=30))
    case = await given.case()
    await promised.changed(policy, item(minutes=600))

    await recalculated(policy, now=NOW + hours(1))

    events = await CaseEvent.filter(case_id=case.id).order_by("number")
    assert [event.kind for event in events[2:]] == [FactKind.SLA_ANNOUNCED, FactKind.SLA_APPLIED]
    assert events[2].actor_person_id is None
    assert events[3].actor_person_id is not None


async def test_a_policy_that_asks_of_the_customer_is_read_once_for_all_cases(database: Database):
    policy = await promised.default(item(minutes=60, applicable_when={"account": {"name": {"eq": "Acme"}}}))
    for _ in range(3):
        await given.case()
    await promised.changed(policy, item(minutes=30, applicable_when={"account": {"name": {"eq": "Acme"}}}))

    assert len((await recalculated(policy))["differences"]) == 3


async def test_a_thousand_clocks_and_more_can_be_recalculated_at_once(sqlite_database: Database):
    """More values than a statement has room for, if each had a place of its own."""
    kpis = ("first_response", "resolution", "requester_wait", "agent_work", "periodic_update")
    policy = await promised.default(*(item(kpi, 600) for kpi in kpis))
    by = await given.viewer()
    customer = await given.account()
    for _ in range(300):
        await given.case(by=by, customer=customer)
    await promised.changed(policy, *(item(kpi, 300) for kpi in kpis))

    assert (await recalculated(policy, first=300))["recalculated"] == 300
    assert await SlaKpiInstance.filter(fail_at=NOW + hours(5)).count() == 1500


@pytest.mark.parametrize("first", [0, 1001])
async def test_how_many_at_once_has_its_limits(database: Database, first: int):
    with pytest.raises(BadInput) as refused:
        await recalculated(await given.sla_policy(), first=first)
    assert refused.value.path == ("first",)


async def test_a_preview_looks_at_the_cases_that_are_meant(database: Database):
    await promised.default(item())
    case, _ = await given.case(), await given.case()

    found = await preview(Supposed(priority=Priority.HIGH), Compare("id", Op.EQ, case.id), NOW)

    assert [one.id for one in found.cases] == [case.id]
    assert await Case.all().count() == 2


async def recalculated(policy: Any, *, first: int = 200, now: Any = NOW) -> Any:
    lead = await given.viewer(Role.ADMIN)
    return await given.done(recalculating.recalculate_sla, by=lead, policy=policy, first=first, now=now)

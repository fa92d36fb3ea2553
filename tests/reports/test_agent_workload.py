"""Agent workload: what people have and did, counted event by event."""

from collections import Counter
from datetime import date, timedelta

from cases.viewer import Viewer
from cases.vocabulary import ActivityState, FactKind, Role, Status
from models import Activity, Person, PersonCapacity
from reports import agent_workload
from reports.period import period
from settings import Limits
from tests.reports.recounted import within
from tests.seeded import NOW

FIRST, END = date(2025, 3, 20), date(2025, 6, 5)
DAYS = period(FIRST, END, "Europe/Berlin", NOW, Limits())


async def test_it_says_what_the_events_say(manager, cases):
    found = await agent_workload.rows(DAYS, manager, now=NOW, limits=Limits())

    expected: Counter[tuple[object, str]] = Counter()
    for case in cases:
        owner = case.columns["owner_id"]
        if case.columns["status"] is Status.ACTIVE:
            expected[owner, "open"] += 1
        for event in case.history:
            if within(event.at, FIRST, END):
                expected[event.fact.changes.get("owner_id"), "assigned"] += 1
                if event.fact.kind is FactKind.RESOLVED:
                    expected[event.actor.person_id, "resolved"] += 1
        for clock in case.clocks:
            if (broken_at := clock.breached_at(NOW)) and within(broken_at, FIRST, END):
                expected[owner, "breached"] += 1
    for activity in await Activity.filter(state=ActivityState.COMPLETED, case__deleted_at=None):
        if within(activity.ended_at, FIRST, END):
            expected[activity.owner_id, "worked_minutes"] += activity.duration_minutes
            expected[activity.owner_id, "billable_minutes"] += activity.billable_minutes

    names = ("open", "assigned", "resolved", "breached", "worked_minutes", "billable_minutes")
    assert {(row.groups[0].key, name): getattr(row, name) for row in found for name in names} == {
        (row.groups[0].key, name): expected[row.groups[0].key, name] for row in found for name in names
    }
    for name in names:
        told = sum(getattr(row, name) for row in found)
        assert told == sum(count for (who, of), count in expected.items() if of == name and who) > 0, name
    bounds = {row.person_id: (row.most_open, row.away) for row in await PersonCapacity.all()}
    assert {row.groups[0].key: (row.capacity, row.away) for row in found} == {
        row.groups[0].key: bounds.get(row.groups[0].key, (None, False)) for row in found
    }
    assert {row.groups[0].key for row in found} >= {person.id for person in await Person.filter(active=True)}


async def test_agents_are_told_of_themselves(manager, cases):
    agent = await Person.filter(role=Role.AGENT, active=True).order_by("name").first()
    viewer = Viewer(agent.tenant_id, Role.AGENT, agent.name, person_id=agent.id)
    all_of_them = await agent_workload.rows(DAYS, manager, now=NOW, limits=Limits())

    found = await agent_workload.rows(DAYS, viewer, now=NOW, limits=Limits())

    assert found == [row for row in all_of_them if row.groups[0].key == agent.id] != []


async def test_a_promise_that_ran_out_unnoticed_counts_at_once(manager, cases):
    """Between the last event and the announcement that a worker owes, the clocks themselves say it."""
    later = NOW + timedelta(days=3)
    days = period(date(2025, 6, 4), date(2025, 6, 8), "Europe/Berlin", later, Limits())

    found = await agent_workload.rows(days, manager, now=later, limits=Limits())

    expected: Counter[object] = Counter()
    for case in cases:
        for clock in case.clocks:
            if (broken_at := clock.breached_at(later)) and within(broken_at, date(2025, 6, 4), date(2025, 6, 8)):
                expected[case.columns["owner_id"]] += 1
    assert {row.groups[0].key: row.breached for row in found if row.breached} == {
        who: count for who, count in expected.items() if who
    }
    assert sum(expected.values()) > 10

"""Breach forecast: what falls due next, by the clocks replayed one by one, and who is there, by the rows of people."""

from collections import Counter
from datetime import timedelta

import pytest

from cases.refusals import BadInput
from cases.vocabulary import Status
from models import Membership, Person, PersonCapacity, QueueMember
from reports import breach_forecast
from reports.dimensions import Dimension
from settings import Limits
from tests.reports.expected import forecast
from tests.reports.recounted import key_of, keys
from tests.seeded import NOW

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("by", [(Dimension.QUEUE,), (Dimension.TEAM,), (Dimension.KPI, Dimension.PRIORITY), ()])
async def test_it_says_what_the_clocks_say(manager, cases, by):
    found = await breach_forecast.rows(manager, by=by, hours=72, now=NOW, limits=Limits())

    due, paused = Counter(), Counter()
    for case in cases:
        for one in forecast(case.clocks, NOW, NOW + 72 * HOUR - timedelta.resolution):
            key = tuple(key_of(dimension, case, NOW, one.clock) for dimension in by)
            hour = NOW + max((one.fail_at - NOW) // HOUR, 0) * HOUR
            (paused if one.if_resumed else due)[*key, hour] += 1

    assert {(*keys(row.groups), row.starts_at): row.due for row in found if row.due} == due
    assert {(*keys(row.groups), row.starts_at): row.due_if_resumed for row in found if row.due_if_resumed} == paused
    assert due
    assert paused
    groups = {keys(row.groups) for row in found}
    assert len(found) == 72 * len(groups)
    assert {key[:-1] for key in (*due, *paused)} == groups


async def test_who_can_do_something_are_the_members_who_are_there(manager, cases):
    teams = {row.groups[0].key: row for row in await forecast_by(manager, Dimension.TEAM)}
    queues = {row.groups[0].key: row for row in await forecast_by(manager, Dimension.QUEUE)}
    members = [(one.team_id, one.person_id) for one in await Membership.all()]
    people_of = {team: {person for of, person in members if of == team} for team, _ in members}
    of_queues = await QueueMember.all()

    for key, row in teams.items():
        assert capacity(row) == await recounted(people_of.get(key, set()), cases)
    for key, row in queues.items():
        people = {one.person_id for one in of_queues if one.queue_id == key and one.person_id}
        for one in of_queues:
            if one.queue_id == key and one.team_id:
                people |= people_of.get(one.team_id, set())
        assert capacity(row) == await recounted(people, cases)
    assert any(row.people > 0 for row in teams.values())
    assert any(row.capacity > 0 for row in (*teams.values(), *queues.values()))


async def forecast_by(viewer, dimension):
    return await breach_forecast.rows(viewer, by=(dimension,), hours=1, now=NOW, limits=Limits(report_hours=168))


def capacity(row) -> tuple[int, ...]:
    return (row.people, row.unlimited, row.capacity, row.free)


async def recounted(people, cases) -> tuple[int, ...]:
    bounds = {row.person_id: row for row in await PersonCapacity.all()}
    there = [
        person.id
        for person in await Person.filter(active=True)
        if person.id in people and not (person.id in bounds and bounds[person.id].away)
    ]
    has = Counter(case.columns["owner_id"] for case in cases if case.columns["status"] is Status.ACTIVE)
    bounded = {one: most for one in there if one in bounds and (most := bounds[one].most_open) is not None}
    free = sum(max(most - has[one], 0) for one, most in bounded.items())
    return (len(there), len(there) - len(bounded), sum(bounded.values()), free)


@pytest.mark.parametrize("hours", [0, -1, 169])
async def test_a_forecast_of_nothing_or_of_weeks_is_refused(manager, hours):
    with pytest.raises(BadInput) as refusal:
        await breach_forecast.rows(manager, hours=hours, now=NOW, limits=Limits())

    assert refusal.value.path == ("hours",)

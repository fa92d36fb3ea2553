"""Candidates: the people at a place, with what routing has to know of each."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from cases.conditions import EVERYTHING, All, Compare, Op
from cases.routing import Candidate, Destination
from cases.vocabulary import Status
from models.case import Case
from models.locking import locked
from models.people import Membership, Person
from models.queues import PersonCapacity, PersonSkill, QueueMember
from models.reading import by_ids, count_by, select
from models.unit_of_work import in_unit_of_work
from models.writing import insert_unless_there


async def candidates_at(to: Destination, besides: UUID | None) -> list[Candidate]:
    """Everybody who might get a case at this place; `besides` is the case, which is no load for whoever has it.

    Within a unit of work their capacities are locked, in the order of their ids, so that two cases at once do not take
    the same last room.
    """
    person_ids = await _people_at(to)
    people = await by_ids(Person, person_ids, EVERYTHING)
    among = Compare("person_id", Op.IN, tuple(people))
    capacities = {row.person_id: row for row in await _capacities(among)}
    levels: dict[UUID, dict[str, int]] = {}
    for row in await select(PersonSkill, among):
        levels.setdefault(row.person_id, {})[row.skill] = row.level
    open_cases = [Compare("status", Op.EQ, Status.ACTIVE), Compare("deleted_at", Op.IS_NULL, True)]
    others = [Compare("id", Op.NIN, (besides,))] if besides else []
    load = await count_by(Case, "owner_id", list(people), All((*open_cases, *others)))
    return [
        Candidate(
            person_id=person.id,
            name=person.name,
            active=person.active,
            away=capacity is not None and capacity.away,
            level_by_skill=levels.get(person.id),
            open_cases=load[person.id],
            most_open=None if capacity is None else capacity.most_open,
            last_assigned_at=None if capacity is None else capacity.last_assigned_at,
        )
        for person in people.values()
        for capacity in [capacities.get(person.id)]
    ]


async def note_assigned(tenant_id: UUID, person_id: UUID, now: datetime) -> None:
    """Remembers that routing gave somebody a case: of those with equal loads it is the others' turn now."""
    fresh = PersonCapacity(tenant_id=tenant_id, person_id=person_id, created_at=now, last_assigned_at=now)
    if not await insert_unless_there(fresh, ("person_id",)):
        await PersonCapacity.filter(person_id=person_id).update(last_assigned_at=now)


async def _capacities(among: Compare) -> Collection[PersonCapacity]:
    rows = await select(PersonCapacity, among)
    if not in_unit_of_work():
        return rows
    return (await locked(PersonCapacity, [row.id for row in rows], EVERYTHING)).values()


async def _people_at(to: Destination) -> set[UUID]:
    if to.place == "person":
        return {to.id}
    teams = {to.id}
    people: set[UUID] = set()
    if to.place == "queue":
        members = await select(QueueMember, Compare("queue_id", Op.EQ, to.id))
        people = {member.person_id for member in members if member.person_id}
        teams = {member.team_id for member in members if member.team_id}
    if teams:
        people |= {row.person_id for row in await select(Membership, Compare("team_id", Op.IN, tuple(teams)))}
    return people

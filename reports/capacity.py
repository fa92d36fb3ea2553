"""Capacity: who is there to work on what waits, and how many more cases they can have."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from cases.conditions import All, Compare, Op
from cases.viewer import Viewer
from cases.vocabulary import Status
from models.case import Case
from models.people import Membership, Person
from models.queues import PersonCapacity, QueueMember
from models.reading import count_by, select
from models.visibility import visible


@dataclass(frozen=True)
class Load:
    """Somebody who is there: how many open cases they have, and may have by routing if that is bounded."""

    open_cases: int
    most_open: int | None

    @property
    def free(self) -> int:
        """How many more cases they can have, as far as that is bounded."""
        return 0 if self.most_open is None else max(self.most_open - self.open_cases, 0)


@dataclass(frozen=True)
class Capacity:
    """What a team or a queue can do: the people who are there, and how many of them may have as many as come."""

    people: int = 0
    unlimited: int = 0
    most_open: int = 0
    free: int = 0


async def capacities_of(people: Collection[UUID], viewer: Viewer) -> dict[UUID, PersonCapacity]:
    """What is laid down of how much routing may give to people; who is not in it may have as many as come."""
    own = All((visible(PersonCapacity, viewer), Compare("person_id", Op.IN, tuple(people))))
    return {row.person_id: row for row in await select(PersonCapacity, own)}


async def open_cases_of(people: Collection[UUID], viewer: Viewer) -> dict[UUID, int]:
    """How many active cases each person has."""
    active = All((visible(Case, viewer), Compare("status", Op.EQ, Status.ACTIVE)))
    return await count_by(Case, "owner_id", people, active)


async def loads(people: Collection[UUID], viewer: Viewer) -> dict[UUID, Load]:
    """The loads of those who work here still and are not away."""
    working = All((visible(Person, viewer), Compare("id", Op.IN, tuple(people)), Compare("active", Op.EQ, True)))
    there = {row.id for row in await select(Person, working, columns=("id",))}
    laid_down = await capacities_of(there, viewer)
    there -= {key for key, row in laid_down.items() if row.away}
    counts = await open_cases_of(there, viewer)
    return {key: Load(counts[key], laid_down[key].most_open if key in laid_down else None) for key in there}


async def people_of_teams(teams: Collection[UUID], viewer: Viewer) -> dict[UUID, set[UUID]]:
    """Who is in each team."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    of_these = All((visible(Membership, viewer), Compare("team_id", Op.IN, tuple(teams))))
    for row in await select(Membership, of_these):
        found[row.team_id].add(row.person_id)
    return found


async def people_of_queues(queues: Collection[UUID], viewer: Viewer) -> dict[UUID, set[UUID]]:
    """Who is a member of each queue, by themselves or through a team."""
    of_these = All((visible(QueueMember, viewer), Compare("queue_id", Op.IN, tuple(queues))))
    members = await select(QueueMember, of_these)
    of_teams = await people_of_teams({row.team_id for row in members if row.team_id}, viewer)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for row in members:
        found[row.queue_id] |= {row.person_id} if row.person_id else of_teams.get(row.team_id or row.id, set())
    return found


def together(people: Iterable[UUID], of_person: dict[UUID, Load]) -> Capacity:
    """What some people can do together."""
    there = [of_person[one] for one in people if one in of_person]
    return Capacity(
        people=len(there),
        unlimited=sum(load.most_open is None for load in there),
        most_open=sum(load.most_open or 0 for load in there),
        free=sum(load.free for load in there),
    )

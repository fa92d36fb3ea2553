"""Notifying: what people are told of the events of cases, as rows, written with the events.

However many cases and people there are, it takes a statement for each kind of listener that has to be looked up, and
one to write; nothing where nobody is to be told.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from actions.charging import Step
from cases.conditions import All, Compare, Condition, Op, Related
from cases.notifying import Concern, Listener, concerns, listening
from models.bulk import Values
from models.fields import uuid7
from models.notifications import CaseFollower
from models.people import Membership, Person, Team
from models.reading import select

TEXT_LIMIT: Final = 500


@dataclass(frozen=True)
class Happened:
    """What happened to a case: its further steps."""

    tenant_id: UUID
    case_id: UUID
    steps: Sequence[Step]
    silently: bool = False
    """Whether nobody is told, because it is no news."""


@dataclass(frozen=True)
class _Told:
    of: Happened
    step: Step
    concern: Concern

    @property
    def team_id(self) -> Any:
        return self.step.after.columns["team_id"]


def cause_of(case_id: UUID, number: int) -> UUID:
    """The key under which an event is a cause: of one event always the same, of no two."""
    return uuid5(case_id, str(number))


async def notifications_of(happened: Sequence[Happened]) -> list[Values]:
    """What is to be told, as rows of `Notification`: one for each event and person."""
    told = [_Told(of, step, concern) for of in happened for step in of.steps for concern in concerns(step)]
    if not told:
        return []
    listeners = await _listeners(told)
    rows: dict[tuple[UUID, UUID], Values] = {}
    for one in told:
        for person_id in listeners(one):
            if person_id != one.step.event.actor.person_id:
                row = _row(one, person_id)
                rows.setdefault((row["cause"], person_id), row)
    return list(rows.values())


def _row(one: _Told, person_id: UUID) -> Values:
    event = one.step.event
    at: datetime = event.at
    return {
        "id": uuid7(),
        "tenant_id": one.of.tenant_id,
        "created_at": at,
        "recipient_id": person_id,
        "case_id": one.of.case_id,
        "cause": cause_of(one.of.case_id, event.number),
        "event_number": event.number,
        "kind": one.concern.kind,
        "text": one.concern.text[:TEXT_LIMIT],
        "actor_person_id": event.actor.person_id,
        "actor_contact_id": event.actor.contact_id,
        "read_at": None,
    }


async def _listeners(told: Sequence[_Told]) -> Any:
    """Who listens, as a function of what is told."""
    followers = await _followers({one.of.case_id for one in told if one.concern.listener is Listener.FOLLOWERS})
    named = await people_named({(one.of.tenant_id, one.concern.name) for one in told if one.concern.name})
    ownerless = {
        one.team_id
        for one in told
        if one.concern.listener is Listener.RESPONSIBLE and one.team_id and not listening(one.step, Listener.OWNER)
    }
    members = await _members(ownerless)

    def of(one: _Told) -> Iterator[UUID]:
        listener = one.concern.listener
        if listener is Listener.FOLLOWERS:
            yield from followers[one.of.case_id]
        elif (found := named.get((one.of.tenant_id, one.concern.name))) is not None:
            yield from found
        elif (person_id := listening(one.step, listener)) is not None:
            yield person_id
        elif listener is Listener.RESPONSIBLE:
            yield from members[one.team_id]

    return of


async def _followers(case_ids: Collection[UUID]) -> Mapping[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    if case_ids:
        at_work = Related("person", Compare("active", Op.EQ, True))
        for row in await select(CaseFollower, All((Compare("case_id", Op.IN, tuple(case_ids)), at_work))):
            found[row.case_id].append(row.person_id)
    return found


async def _members(team_ids: Collection[UUID]) -> Mapping[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    if team_ids:
        for row in await select(Membership, members_at_work(tuple(team_ids))):
            found[row.team_id].append(row.person_id)
    return found


def members_at_work(team_ids: Sequence[UUID]) -> Condition:
    """The memberships of these teams of people who still work there."""
    return All((Compare("team_id", Op.IN, team_ids), Related("person", Compare("active", Op.EQ, True))))


async def people_named(names: Collection[tuple[UUID, str]]) -> Mapping[tuple[UUID, str], list[UUID]]:
    """The people whom a level names, by tenant and name: an e-mail address of a person, or a team's name."""
    found: dict[tuple[UUID, str], list[UUID]] = {}
    if not names:
        return found
    tenants, texts = tuple({tenant for tenant, _ in names}), tuple({name for _, name in names})
    of_tenants = Compare("tenant_id", Op.IN, tenants)
    addressed = All((of_tenants, Compare("email", Op.IN, texts), Compare("active", Op.EQ, True)))
    for person in await select(Person, addressed):
        found[person.tenant_id, person.email] = [person.id]
    teams = await select(Team, All((of_tenants, Compare("name", Op.IN, texts))))
    members = await _members([team.id for team in teams])
    for team in teams:
        found.setdefault((team.tenant_id, team.name), members[team.id])
    return found

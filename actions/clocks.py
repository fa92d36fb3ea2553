"""Clocks of a case, replayed from its history.

What had run out before a new fact is announced first, so that no breach hides behind the act that came after it. A
policy that cannot be evaluated never stops an act: the case goes without that KPI's clocks, and the fault is told.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from actions.asking import rows_beside
from actions.policies import Version, version_of
from cases.conditions import Compare, Op
from cases.facts import Fact, from_payload
from cases.history import PROJECTED, Actor, Event
from cases.vocabulary import FactKind
from models.case import Case, CaseEvent
from models.reading import select
from models.statements import Order
from models.tables import target
from sla.clock import Clock
from sla.escalation import Event as Happening
from sla.escalation import Transition, due_transitions
from sla.kpis import RESOLUTION
from sla.moments import moments
from sla.policy import Policy
from sla.replay import clocks_of

log = logging.getLogger(__name__)

T = TypeVar("T")

Told = Mapping[tuple[str, int], Collection[tuple[Happening, str]]]
"""What was announced: by KPI and cycle, what it was, with the name of the level."""


@dataclass(frozen=True)
class Evaluated:
    """The clocks of a case under a version of a policy, and what of that could not be evaluated."""

    version: Version
    clocks: Sequence[Clock]
    told: Told
    """What was announced already."""
    faulty: dict[str, str] = field(default_factory=dict)
    """By KPI, why it could not be evaluated. What cannot even be read is in `version.faults`."""

    @property
    def fault(self) -> str:
        """All that is wrong, in words; empty if nothing is."""
        return "; ".join((*self.version.faults, *self.faulty.values()))

    def told_of(self, clock: Clock) -> Collection[tuple[Happening, str]]:
        return self.told.get((clock.kpi.name, clock.cycle), ())

    def each(self, figure: Callable[[Clock], T]) -> list[T]:
        """A figure of each clock; one that cannot be computed is left out, and noted in `faulty`."""
        found = []
        for clock in self.clocks:
            try:
                found.append(figure(clock))
            except Exception as error:  # whatever it is, the case must be written: see the module's docstring
                _note(self.faulty, clock.kpi.name, self.version, error)
        return found


_READ: Final = ("id", "case_id", "number", "kind", "at", "actor_person_id", "actor_contact_id", "payload")


async def history_of(case_id: UUID) -> list[Event]:
    """The events of a case, in order."""
    rows = await select(CaseEvent, Compare("case_id", Op.EQ, case_id), columns=_READ, order=(Order("number"),))
    return [event_of(row) for row in rows]


async def histories_of(case_ids: Sequence[UUID]) -> Mapping[UUID, list[Event]]:
    """The events of many cases, in order, by case; read in one statement."""
    found: dict[UUID, list[Event]] = defaultdict(list)
    those = Compare("case_id", Op.IN, tuple(case_ids))
    for row in await select(CaseEvent, those, columns=_READ, order=(Order("number"),)):
        found[row.case_id].append(event_of(row))
    return found


def event_of(row: CaseEvent) -> Event:
    actor = Actor(row.actor_person_id, row.actor_contact_id)
    return Event(row.number, row.at, from_payload(row.kind, row.payload), actor)


async def evaluate(history: Sequence[Event], columns: Mapping[str, Any], version_id: UUID) -> Evaluated:
    """The clocks of a case with this history under a policy version; KPI by KPI, so that one fault stays alone."""
    version = await version_of(version_id)
    return replayed(history, columns, version, await known_rows([(version.policy, columns)]))


def replayed(
    history: Sequence[Event], columns: Mapping[str, Any], version: Version, known: Mapping[object, object]
) -> Evaluated:
    """As `evaluate`, without reading anything."""
    policy = version.policy
    clocks: list[Clock] = []
    evaluated = Evaluated(version, clocks, _told(history))
    names = dict.fromkeys(item.kpi for item in policy.items)
    try:
        walked = moments(history, known)
    except Exception as error:  # as in `each`
        for name in names:
            _note(evaluated.faulty, name, version, error)
        return evaluated
    for name in names:
        try:
            pinned = columns["deadline"] if name == RESOLUTION.name else None
            clocks.extend(clocks_of(policy.kpis[name], walked, policy, pinned))
        except Exception as error:  # as in `each`
            _note(evaluated.faulty, name, version, error)
    return evaluated


def with_announcements(evaluated: Evaluated, facts: Iterable[Fact]) -> Evaluated:
    """What replaying the history with these announcements at its end would give: nothing else changes by them."""
    told = {key: set(known) for key, known in evaluated.told.items()}
    broken: dict[tuple[str, int], datetime] = {}
    for fact in facts:
        said: Mapping[str, Any] = fact.details
        key, what = (said["kpi"], said["cycle"]), Happening(said["what"])
        told.setdefault(key, set()).add((what, said["level"]))
        if what is Happening.BREACHED:
            broken[key] = datetime.fromisoformat(said["at"])
    clocks = [
        clock if at is None else replace(clock, announced=at)
        for clock in evaluated.clocks
        for at in (broken.get((clock.kpi.name, clock.cycle)),)
    ]
    return replace(evaluated, clocks=clocks, told=told)


def _note(faulty: dict[str, str], kpi: str, version: Version, error: Exception) -> None:
    log.error("KPI %s of policy version %s cannot be evaluated", kpi, version.id, exc_info=error)
    faulty[kpi] = f"{kpi}: {type(error).__name__}: {error}"


def _told(history: Iterable[Event]) -> Told:
    told: dict[tuple[str, int], set[tuple[Happening, str]]] = defaultdict(set)
    for event in history:
        if event.fact.kind is FactKind.SLA_ANNOUNCED:
            said: Mapping[str, Any] = event.fact.details
            told[said["kpi"], said["cycle"]].add((Happening(said["what"]), said["level"]))
    return told


def announcements(evaluated: Evaluated, until: datetime) -> list[Fact]:
    """What has run into a warning, a breach or a level before `until` and was not announced yet, in order."""
    return [announcement(clock, transition) for clock, transition in owed(evaluated, until)]


def owed(evaluated: Evaluated, until: datetime) -> list[tuple[Clock, Transition]]:
    """What `announcements` tells, each with the clock that ran into it."""
    found = [
        (clock, transition)
        for clock, transitions in evaluated.each(lambda clock: (clock, due_transitions(clock, None, until)))
        for transition in transitions
        if (transition.kind, transition.name) not in evaluated.told_of(clock)
    ]
    return sorted(found, key=lambda pair: pair[1].at)


def announcement(clock: Clock, transition: Transition) -> Fact:
    return Fact(
        FactKind.SLA_ANNOUNCED,
        details={
            "kpi": clock.kpi.name,
            "cycle": clock.cycle,
            "what": transition.kind.value,
            "level": transition.name,
            "at": transition.at.isoformat(),
            **_deed(clock, transition),
        },
    )


def _deed(clock: Clock, transition: Transition) -> dict[str, object]:
    """What the level does that a clock ran into, and whom or what it names; nothing for a warning or a breach."""
    if transition.kind is not Happening.LEVEL:
        return {}
    level = next(level for level in clock.item.levels if level.name == transition.name)
    return {"deed": level.deed.value, "to": level.to}


async def known_rows(asked: Iterable[tuple[Policy, Mapping[str, Any]]]) -> dict[object, object]:
    """The rows that conditions ask of beside the cases themselves, by id: of each policy for a case with these columns.

    Takes one statement per relation, however many cases there are.
    """
    keys: dict[str, set[UUID]] = defaultdict(set)
    for policy, columns in asked:
        for relation in policy.relations:
            if (key := columns[f"{relation}_id"]) is not None:
                keys[relation].add(key)
    known: dict[object, object] = {}
    for relation in sorted(keys):
        known |= await rows_beside(target(Case, relation), keys[relation])
    return known


def columns_of(case: Case) -> dict[str, Any]:
    """The columns of a case that its clocks may ask of."""
    return {name: getattr(case, name) for name in PROJECTED}

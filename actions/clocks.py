"""Clocks of a case, kept in step with its history.

Whenever a case's history grows, its clocks are replayed and written as rows. What had run out before the new fact is
announced first, so that no breach hides behind the act that came after it. A policy that cannot be evaluated never
stops an act: the case is written without that KPI's clocks, and the fault is kept on the policy.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from actions.policies import policy_of
from cases.conditions import EVERYTHING, Compare, Op
from cases.facts import Fact, from_payload
from cases.history import PROJECTED, Actor, Event
from cases.vocabulary import FactKind
from models.case import Case, CaseEvent
from models.fields import uuid7
from models.kpi_instances import SlaKpiInstance
from models.reading import by_ids, select
from models.row import target
from models.sla import SlaPolicy, SlaPolicyVersion
from models.statements import Order
from models.writing import upsert
from sla.clock import Clock, Outcome, State
from sla.escalation import Event as Happening
from sla.escalation import Transition, due_transitions, next_untold_at
from sla.moments import moments
from sla.policy import Policy
from sla.replay import clocks_of

log = logging.getLogger(__name__)

_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True)
class Evaluated:
    """The clocks of a case, and the KPIs of its policy that could not be evaluated, with why."""

    version_id: UUID
    clocks: Sequence[Clock]
    faults: Mapping[str, str]
    told: Mapping[tuple[str, int], frozenset[tuple[Happening, str]]]
    """What was announced already, by KPI and cycle."""

    def told_of(self, clock: Clock) -> frozenset[tuple[Happening, str]]:
        return self.told.get((clock.kpi.name, clock.cycle), frozenset())


async def history_of(case_id: UUID) -> list[Event]:
    """The events of a case, in order."""
    rows = await select(CaseEvent, Compare("case_id", Op.EQ, case_id), order=(Order("number"),))
    return [event_of(row) for row in rows]


async def histories_of(case_ids: Sequence[UUID]) -> Mapping[UUID, list[Event]]:
    """The events of many cases, in order, by case; read in one statement."""
    found: dict[UUID, list[Event]] = defaultdict(list)
    for row in await select(CaseEvent, Compare("case_id", Op.IN, tuple(case_ids)), order=(Order("number"),)):
        found[row.case_id].append(event_of(row))
    return found


def event_of(row: CaseEvent) -> Event:
    actor = Actor(row.actor_person_id, row.actor_contact_id)
    return Event(row.number, row.at, from_payload(row.kind, row.payload), actor)


async def evaluate(history: Sequence[Event], columns: Mapping[str, Any], version_id: UUID) -> Evaluated:
    """The clocks of a case with this history under a policy version; KPI by KPI, so that one fault stays alone."""
    policy = await policy_of(version_id)
    return replayed(history, columns, version_id, policy, await known_rows(policy, columns))


def replayed(
    history: Sequence[Event],
    columns: Mapping[str, Any],
    version_id: UUID,
    policy: Policy,
    known: Mapping[object, object],
) -> Evaluated:
    """As `evaluate`, without reading anything."""
    walked = moments(history, known)
    clocks: list[Clock] = []
    faults: dict[str, str] = {}
    for name in dict.fromkeys(item.kpi for item in policy.items):
        pinned = columns["deadline"] if name == "resolution" else None
        try:
            clocks.extend(clocks_of(policy.kpis[name], walked, policy, pinned))
        except Exception as error:  # whatever it is, the case must be written: see the module's docstring
            log.exception("KPI %s of policy version %s cannot be evaluated", name, version_id)
            faults[name] = f"{name}: {type(error).__name__}: {error}"[:500]
    return Evaluated(version_id, clocks, faults, _told(history))


def _told(history: Iterable[Event]) -> dict[tuple[str, int], frozenset[tuple[Happening, str]]]:
    told: dict[tuple[str, int], frozenset[tuple[Happening, str]]] = {}
    for event in history:
        if event.fact.kind is FactKind.SLA_ANNOUNCED:
            details = cast(Mapping[str, Any], event.fact.details)
            key = (details["kpi"], details["cycle"])
            told[key] = told.get(key, frozenset()) | {(Happening(details["what"]), details["level"])}
    return told


def announcements(evaluated: Evaluated, until: datetime) -> list[Fact]:
    """What has run into a warning, a breach or a level before `until` and was not announced yet, in order."""
    found: list[tuple[datetime, Fact]] = []
    for clock in evaluated.clocks:
        for transition in due_transitions(clock, None, until):
            if (transition.kind, transition.name) not in evaluated.told_of(clock):
                found.append((transition.at, _announcement(clock, transition)))
    return [fact for _, fact in sorted(found, key=lambda pair: pair[0])]


def _announcement(clock: Clock, transition: Transition) -> Fact:
    return Fact(
        FactKind.SLA_ANNOUNCED,
        details={
            "kpi": clock.kpi.name,
            "cycle": clock.cycle,
            "what": transition.kind.value,
            "level": transition.name,
            "at": transition.at.isoformat(),
        },
    )


async def write_clocks(
    tenant_id: UUID, case_id: UUID, evaluated: Evaluated, at: datetime, *, replaced: bool = False
) -> None:
    """Writes the clocks as rows. `replaced` says that another policy held before: its other clocks are canceled."""
    rows = instances_of(tenant_id, case_id, evaluated, at)
    await upsert(rows, ("case_id", "kpi", "cycle"), keep=("id", "created_at"))
    if replaced:
        await _cancel_others(case_id, {(row.kpi, row.cycle) for row in rows}, at)
    if evaluated.faults:
        version = (await by_ids(SlaPolicyVersion, [evaluated.version_id], EVERYTHING))[evaluated.version_id]
        await SlaPolicy.filter(id=version.policy_id).update(fault="; ".join(evaluated.faults.values())[:500])


async def cancel_clocks(case_id: UUID, at: datetime) -> None:
    """Cancels all clocks of a case to which no policy applies any more."""
    await _cancel_others(case_id, set(), at)


async def _cancel_others(case_id: UUID, kept: set[tuple[str, int]], at: datetime) -> None:
    open_states = (State.IN_PROGRESS, State.NEARING_NONCOMPLIANCE, State.PAUSED)
    for row in await select(SlaKpiInstance, Compare("case_id", Op.EQ, case_id)):
        if (row.kpi, row.cycle) not in kept and row.canceled_at is None and row.succeeded_at is None:
            state = State.CANCELED if row.state in open_states else row.state
            nothing = {"next_at": None, "fail_at": None, "warn_at": None, "breaks_at": None, "paused_since": None}
            await SlaKpiInstance.filter(id=row.id).update(state=state, canceled_at=at, as_of=at, **nothing)


def instances_of(tenant_id: UUID, case_id: UUID, evaluated: Evaluated, at: datetime) -> list[SlaKpiInstance]:
    """The rows of a case's clocks as they stand at `at`."""
    return [_instance(tenant_id, case_id, clock, evaluated, at) for clock in evaluated.clocks]


def _instance(tenant_id: UUID, case_id: UUID, clock: Clock, evaluated: Evaluated, at: datetime) -> SlaKpiInstance:
    ended = clock.ended
    paused = clock.is_paused(at)
    return SlaKpiInstance(
        id=uuid7(),
        tenant_id=tenant_id,
        created_at=at,
        case_id=case_id,
        kpi=clock.kpi.name,
        cycle=clock.cycle,
        item=clock.item.name,
        policy_version_id=evaluated.version_id,
        calendar_key=clock.item.calendar,
        state=clock.state(at),
        as_of=at,
        applied_from=clock.started_at,
        warn_at=clock.warn_at(at),
        fail_at=clock.fail_at(at),
        breaks_at=clock.breaks_at(at),
        paused_since=clock.spans[-1].start if paused else None,
        target_microseconds=clock.target // _MICROSECOND,
        active_microseconds=clock.active_for(at) // _MICROSECOND,
        paused_microseconds=clock.paused_for(at) // _MICROSECOND,
        succeeded_at=ended.at if ended and ended.outcome is Outcome.FULFILLED else None,
        breached_at=clock.breached_at(at),
        canceled_at=ended.at if ended and ended.outcome is Outcome.DROPPED else None,
        next_at=next_untold_at(clock, at, evaluated.told_of(clock)),
    )


async def known_rows(policy: Policy, columns: Mapping[str, Any]) -> dict[object, object]:
    """The rows that the conditions of a policy ask of beside the case itself."""
    known: dict[object, object] = {}
    for relation in policy.relations:
        key = columns[f"{relation}_id"]
        if key is not None:
            known |= await by_ids(target(Case, relation), [key], EVERYTHING)
    return known


def columns_of(case: Case) -> dict[str, Any]:
    """The columns of a case that its clocks may ask of."""
    return {name: getattr(case, name) for name in PROJECTED}

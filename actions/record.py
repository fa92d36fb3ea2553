"""Record: the one place where a case's history grows and what follows from it is written.

Status, counters, instants: every column of a case is the fold over its events. To change one, append a fact.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F

from actions import clocks
from actions.charging import Step, charge, hold
from actions.clocks import Evaluated
from actions.escalating import CAUSE, deeds_of
from actions.in_hand import has_grown, history_of
from actions.indexing import FOUND_BY, of_case
from actions.instances import ended_instances, instances, leave_instances, write_instances
from actions.notifying import Happened
from actions.stays import follow_stays
from actions.telling import tell
from actions.trail import note
from cases.facts import Fact, to_payload
from cases.history import PROJECTED, QUIET, CaseState, Event, apply
from cases.history import Actor as Author
from cases.refusals import Duplicate
from cases.viewer import Viewer
from cases.vocabulary import Role
from models import fulltext
from models.bulk import Values, insert
from models.case import Case, CaseEvent
from models.fields import uuid7
from models.unit_of_work import in_unit_of_work, leave_for_the_end

AUTOMATION: Final = "automation"
"""How causes begin that are automation rules; the rule's key follows after a colon."""


class LostRace(Exception):
    """The case moved on although its row was locked: somebody writes cases without `record`. A bug."""


async def record(case: Case, facts: Sequence[Fact], *, actor: Viewer, now: datetime, cause: str) -> Case:
    """Appends `facts` to the history of a locked case and writes what follows from them; returns the case as it is now.

    `cause` names the act; where an automation rule acts, that is named instead. Everything is written in the unit of
    work of the caller, or nothing.
    """
    assert in_unit_of_work(), "history grows inside a unit of work only"
    if not facts:
        return case
    before = state_of(case)
    if actor.rule_id is not None:
        cause = f"{AUTOMATION}:{actor.rule_id}"
    # The instants of a history never go back: of two acts at once, the one that waited may have been asked first.
    at = max(now, case.updated_at)
    promised = case.sla_version_id or any(fact.changes.get("sla_version_id") for fact in facts)
    history = await history_of(case) if promised else []
    old = await clocks.evaluate(history, before.columns, case.sla_version_id) if case.sla_version_id else None
    due = clocks.announcements(old, at) if old else ()
    events = [
        *numbered(due, before.version, at, Author()),
        *numbered(facts, before.version + len(due), at, author_of(actor)),
    ]
    steps = steps_of(before, events)
    after = steps[-1].after
    changed = {name: value for name, value in after.columns.items() if before.columns[name] != value}
    held = await hold(steps)
    with _names_not_taken():
        written = await Case.filter(id=case.id, version=before.version).update(**changed)
    if written != 1:
        raise LostRace(f"case {case.id} is no longer at version {before.version}")
    await _write_events([Happened(case.tenant_id, case.id, steps)], cause)
    await charge(case.id, held, cause)
    await follow_stays(case.tenant_id, case.id, events, after)
    if promised:
        history = [*history, *events]
        has_grown(case, history)
        await _follow(case, old, history, after, at)
    for name, value in changed.items():
        setattr(case, name, value)
    await _keep_findable(case, changed)
    if any(fact.kind not in QUIET for fact in facts):
        note(case, before)
    deeds = await deeds_of(case, due, changed) if due else []
    return await record(case, deeds, actor=system_of(case), now=at, cause=CAUSE)


def system_of(case: Case) -> Viewer:
    """Nobody: what follows by itself is done by no person."""
    return Viewer(case.tenant_id, Role.INTEGRATION, "Casegraph")


async def _keep_findable(case: Case, changed: Mapping[str, object]) -> None:
    if case.deleted_at is not None:
        await fulltext.forget(case.id)
    elif FOUND_BY & changed.keys():
        await fulltext.reindex(of_case(case))


def steps_of(before: CaseState | None, events: Sequence[Event]) -> list[Step]:
    """The events, each with the case before and after it."""
    steps: list[Step] = []
    for event in events:
        steps.append(Step(before, event, before := apply(before, event)))
    return steps


async def _follow(case: Case, old: Evaluated | None, history: Sequence[Event], after: CaseState, at: datetime) -> None:
    """Brings the clocks of a case in step with its history; those of `old` that are there no more are canceled."""
    version_id = cast(UUID | None, after.columns["sla_version_id"])
    new = await clocks.evaluate(history, after.columns, version_id) if version_id else None
    rows = instances(case.tenant_id, case.id, new, at) if new else []
    rows += ended_instances(case.tenant_id, case.id, old, new, at) if old else []
    leave_instances(rows, [one for one in (old, new) if one])


async def write_case(
    tenant_id: UUID, events: Sequence[Event], cause: str, *, key: UUID | None = None, silently: bool = True
) -> Case:
    """Writes a case with a whole history, whoever made it. `silently` tells nobody: what is imported is no news.

    `key` is its id, where others that are written with it already speak of it.
    """
    assert events, "a case has a history"
    steps = steps_of(None, events)
    state = steps[-1].after
    columns: dict[str, Any] = dict(state.columns)
    held = await hold(steps)
    with _names_not_taken():
        case = await Case.create(id=key or uuid7(), tenant_id=tenant_id, **columns)
    await _write_events([Happened(tenant_id, case.id, steps, silently)], cause)
    if case.deleted_at is None:
        await fulltext.index([of_case(case)])
    await charge(case.id, held, cause)
    await follow_stays(tenant_id, case.id, events, state)
    if case.sla_version_id:
        evaluated = await clocks.evaluate(events, state.columns, case.sla_version_id)
        leave_instances(instances(tenant_id, case.id, evaluated, events[-1].at), [evaluated])
    note(case, None)
    return case


@dataclass(frozen=True)
class Written:
    """What is to be written of a locked case: its further steps, and the rows of its clocks after them."""

    case: Case
    steps: Sequence[Step]
    instances: Sequence[Values]
    evaluated: Sequence[Evaluated] = ()

    @property
    def changed(self) -> dict[str, Any]:
        """The columns that are another than before, but for the version, which all have grown."""
        columns = self.steps[-1].after.columns.items()
        return {name: value for name, value in columns if name != "version" and getattr(self.case, name) != value}


async def write_batch(batch: Sequence[Written], cause: str) -> None:
    """Writes many locked cases in a handful of statements: those that change alike are changed by one."""
    grown = [one for one in batch if one.steps]
    await _write_events([Happened(one.case.tenant_id, one.case.id, one.steps) for one in grown], cause)
    alike: dict[tuple[Any, ...], list[Written]] = {}
    for one in grown:
        alike.setdefault((len(one.steps), *one.changed.items()), []).append(one)
    for (growth, *changes), cases in alike.items():
        await Case.filter(id__in=[one.case.id for one in cases]).update(version=F("version") + growth, **dict(changes))
    rows = [row for one in batch for row in one.instances]
    await write_instances(rows, [evaluated for one in batch for evaluated in one.evaluated])


async def _write_events(happened: Sequence[Happened], cause: str) -> None:
    """Appends the events of what happened to the histories of cases; who is to be told of them is told at the end."""
    if not happened:
        return
    await insert(
        CaseEvent,
        [
            {
                "id": uuid7(),
                "tenant_id": of.tenant_id,
                "case_id": of.case_id,
                "number": event.number,
                "kind": event.fact.kind,
                "at": event.at,
                "created_at": event.at,
                "actor_person_id": event.actor.person_id,
                "actor_contact_id": event.actor.contact_id,
                "cause": cause,
                "payload": to_payload(event.fact),
            }
            for of in happened
            for step in of.steps
            for event in (step.event,)
        ],
    )
    for of in happened:
        leave_for_the_end(tell, of)


@contextmanager
def _names_not_taken() -> Iterator[None]:
    """Raises Duplicate for an external id that a rival took after it was checked: only the unique index sees both."""
    try:
        yield
    except IntegrityError as error:
        if "external_id" not in str(error):
            raise
        raise Duplicate("There is a case with this external id already.", path=("external_id",)) from error


def state_of(case: Case) -> CaseState:
    """The case's row as the state that its history left."""
    return CaseState({name: getattr(case, name) for name in PROJECTED})


def author_of(viewer: Viewer) -> Author:
    return Author(viewer.person_id, viewer.contact_id)


def numbered(facts: Sequence[Fact], after: int, at: datetime, author: Author) -> list[Event]:
    return [Event(number, at, fact, author) for number, fact in enumerate(facts, after + 1)]

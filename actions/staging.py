"""Staging: cases go through the stages of their type, and leave each with what it asks for."""

from datetime import datetime
from uuid import UUID

from actions.checking import type_of
from actions.record import record
from cases import activities, lifecycle, stages
from cases.conditions import All, Compare, Op
from cases.facts import Fact
from cases.stages import Stage, read_stages
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import ActivityKind, ActivityState, FactKind
from models.activities import Activity
from models.case import Case
from models.catalogue import CaseType
from models.reading import select
from models.statements import Order


async def advance_stage(case: Case, to: str | None = None, *, actor: Viewer, now: datetime) -> Case:
    """Takes a case to the next stage of its type, to one behind stages that may be left out, or one back.

    `to` is the key of the stage; without it, the next. What the stage asks for that it leaves for a later one has to be
    filled, and its tasks to be done, if it says so: what is missing is declined field by field.
    """
    lifecycle.step(Standing.of(case), FactKind.STAGE_ADVANCED)
    of_type = _stages(await type_of(case.type_id))
    wanted = stages.step(of_type, case.stage, to)
    if stages.is_ahead(of_type, case.stage, wanted):
        await _check_left(of_type, case)
    fact = Fact(FactKind.STAGE_ADVANCED, {"stage": wanted.key}, {"from": case.stage, "name": wanted.name})
    return await record(case, [fact], actor=actor, now=now, cause="advance_stage")


async def check_may_be_resolved(case: Case) -> None:
    """Raises what the case's type demands of a case that is resolved, and that this one does not have yet."""
    case_type = await type_of(case.type_id)
    if case_type is None:
        return
    if case_type.resolved_at_last_stage:
        of_type = _stages(case_type)
        stages.check_walked(of_type, case.stage)
        await _check_left(of_type, case)
    if case_type.resolved_with_tasks_done:
        activities.refuse_open(await _open_tasks(case.id))


def first_stage(case_type: CaseType | None) -> str | None:
    """The stage at which a case of this type begins."""
    return next((stage.key for stage in _stages(case_type)), None)


async def _check_left(of_type: tuple[Stage, ...], case: Case) -> None:
    here = stages.place(of_type, case.stage)
    if here is None:
        return
    stages.check_filled(of_type[here], case)
    if of_type[here].finished_tasks:
        activities.refuse_open(await _open_tasks(case.id))


async def _open_tasks(case_id: UUID) -> list[Activity]:
    of_case = (Compare("case_id", Op.EQ, case_id), Compare("state", Op.EQ, ActivityState.OPEN))
    tasks = Compare("kind", Op.EQ, ActivityKind.TASK)
    return await select(Activity, All((*of_case, tasks)), order=(Order("due_at"), Order("created_at"), Order("id")))


def _stages(case_type: CaseType | None) -> tuple[Stage, ...]:
    return read_stages(case_type.stages) if case_type else ()

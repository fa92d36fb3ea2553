"""Keeping case types: what they are called, and the process that their cases go through."""

from datetime import datetime
from typing import Annotated, Any

from actions.signature import Spelled
from cases import rules
from cases.conditions import All, Compare, Op
from cases.process import process
from cases.refusals import BadInput, Duplicate
from cases.stages import read_stages
from cases.viewer import Viewer
from cases.vocabulary import CaseCategory
from models.catalogue import CaseType
from models.reading import exists


async def save_case_type(
    name: str,
    category: CaseCategory,
    moves: Annotated[list[dict[str, Any]] | None, Spelled("list[CaseTypeMoveInput]")] = None,
    sequence: Annotated[list[str] | None, Spelled("list[CaseStatusReason]")] = None,
    stages: Annotated[list[dict[str, Any]] | None, Spelled("list[StageInput]")] = None,
    resolved_at_last_stage: bool = False,
    resolved_with_tasks_done: bool = False,
    active: bool = True,
    case_type: CaseType | None = None,
    *,
    actor: Viewer,
    now: datetime,
) -> CaseType:
    """Saves a case type: a new one, or all of an existing one anew, its process too.

    What it demands holds from the next act on. Cases that stand at a stage which is there no more go on at the first;
    those of a type that had no stages begin there.
    """
    rules.refuse(rules.text(name, 200, ("name",), required=True))
    following = _moves(moves or [])
    walked = process(following, sequence)
    walked.check_walkable()
    read = read_stages(stages or [])
    if resolved_at_last_stage and not read:
        raise BadInput("There is no last stage: name the stages.", path=("resolved_at_last_stage",))
    saved = case_type or CaseType(tenant_id=actor.tenant_id, created_at=now, version=0)
    same = (Compare("tenant_id", Op.EQ, actor.tenant_id), Compare("name", Op.EQ, name))
    if await exists(CaseType, All((*same, Compare("id", Op.NIN, (saved.id,))))):
        raise Duplicate("There is a case type with this name already.", path=("name",))
    saved.name, saved.category, saved.active = name, category, active
    saved.moves, saved.sequence, saved.stages = following or None, sequence or None, stages or []
    saved.resolved_at_last_stage = resolved_at_last_stage
    saved.resolved_with_tasks_done = resolved_with_tasks_done
    saved.version += 1
    await saved.save(force_create=case_type is None)
    return saved


def _moves(said: list[dict[str, Any]]) -> dict[str, list[str]]:
    """From a reason to those that may follow it. Raises BadInput for a reason that is there twice."""
    following: dict[str, list[str]] = {}
    for number, move in enumerate(said):
        if move["from"] in following:
            raise BadInput("What may follow this reason is said already.", path=("moves", number, "from"))
        following[move["from"]] = move["to"]
    return following

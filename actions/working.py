"""The steps of the work on a case while it is active."""

from datetime import datetime

from actions.checking import process_of
from actions.record import record
from cases import lifecycle, rules
from cases.facts import Fact
from cases.refusals import BadInput
from cases.standing import WORKING_REASONS, Standing
from cases.viewer import Viewer
from cases.vocabulary import PAUSE_REASONS, FactKind, StatusReason
from models.case import Case


async def progress_case(case: Case, reason: StatusReason, *, actor: Viewer, now: datetime) -> Case:
    """Moves the work on a case to its next step."""
    return await take_step(case, FactKind.PROGRESSED, reason, actor=actor, now=now, cause="progress_case")


async def suspend_case(
    case: Case, reason: StatusReason = StatusReason.SUSPENDED, note: str = "", *, actor: Viewer, now: datetime
) -> Case:
    """Pauses a case: somebody waits, and the reason says for what."""
    return await take_step(case, FactKind.SUSPENDED, reason, note, actor=actor, now=now, cause="suspend_case")


async def resume_case(case: Case, reason: StatusReason | None = None, *, actor: Viewer, now: datetime) -> Case:
    """Ends the pause of a case; without a reason, at the step at which the lifecycle goes on."""
    return await take_step(case, FactKind.RESUMED, reason, actor=actor, now=now, cause="resume_case")


async def step_to(case: Case, reason: StatusReason, *, actor: Viewer, now: datetime, cause: str) -> Case:
    """Moves an active case to a status reason: on, into a pause, or out of one. Raises IllegalTransition, BadInput."""
    if reason in PAUSE_REASONS:
        kind = FactKind.SUSPENDED
    elif reason in WORKING_REASONS:
        kind = FactKind.RESUMED if Standing.of(case).is_paused else FactKind.PROGRESSED
    else:
        raise BadInput("Cases are ended by acts of their own.", path=("status_reason",))
    return await take_step(case, kind, reason, actor=actor, now=now, cause=cause)


async def take_step(
    case: Case,
    kind: FactKind,
    reason: StatusReason | None,
    note: str = "",
    *,
    actor: Viewer,
    now: datetime,
    cause: str,
    details: dict[str, object] | None = None,
) -> Case:
    """Records a fact that moves the case's status reason, if the lifecycle and the case's type allow it.

    Raises IllegalTransition if they do not, BadInput for a note that cannot be kept.
    """
    after = lifecycle.step(Standing.of(case), kind, reason, narrowed_by=await process_of(case.type_id))
    rules.refuse(rules.text(note, rules.COMMENT_LIMIT, ("note",)))
    said = {"note": note} if note else {}
    fact = Fact(kind, {"status_reason": after.reason}, {**said, **(details or {})})
    return await record(case, [fact], actor=actor, now=now, cause=cause)

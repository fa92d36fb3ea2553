"""How the work on a case ends, and begins anew."""

from datetime import datetime

from actions.record import record
from actions.working import take_step
from cases import lifecycle, rules
from cases.facts import Fact
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import FactKind, StatusReason
from models.case import Case, Resolution


async def resolve_case(
    case: Case,
    summary: str,
    reason: StatusReason = StatusReason.PROBLEM_SOLVED,
    remarks: str = "",
    total_minutes: int = 0,
    billable_minutes: int = 0,
    *,
    actor: Viewer,
    now: datetime,
) -> tuple[Case, Resolution]:
    """Resolves a case and keeps how. Until it is reactivated nothing about it can be changed."""
    rules.refuse(rules.resolution(summary, remarks, total_minutes, billable_minutes))
    resolution = Resolution(
        tenant_id=case.tenant_id,
        case_id=case.id,
        reason=reason,
        summary=summary,
        remarks=remarks,
        total_minutes=total_minutes,
        billable_minutes=billable_minutes,
        resolved_by_id=actor.person_id,
        created_at=max(now, case.updated_at),
    )
    details: dict[str, object] = {"resolution_id": resolution.id, "billable_minutes": billable_minutes}
    case = await take_step(case, FactKind.RESOLVED, reason, actor=actor, now=now, cause="resolve_case", details=details)
    await resolution.save(force_create=True)
    return case, resolution


async def close_case(case: Case, *, actor: Viewer, now: datetime) -> Case:
    """Closes a resolved case: the customer is content, or has said nothing for long enough."""
    return await take_step(case, FactKind.CLOSED, None, actor=actor, now=now, cause="close_case")


async def cancel_case(case: Case, note: str = "", *, actor: Viewer, now: datetime) -> Case:
    """Cancels a case that needs no answer any more."""
    return await take_step(case, FactKind.CANCELED, None, note, actor=actor, now=now, cause="cancel_case")


async def reactivate_case(case: Case, note: str = "", *, actor: Viewer, now: datetime) -> Case:
    """Takes up a resolved, closed or canceled case again. Its earlier resolutions stay."""
    return await take_step(case, FactKind.REACTIVATED, None, note, actor=actor, now=now, cause="reactivate_case")


async def delete_case(case: Case, *, actor: Viewer, now: datetime) -> Case:
    """Deletes a case: from then on it exists for nobody. Its history is kept for those who run the system."""
    lifecycle.step(Standing.of(case), FactKind.DELETED)
    return await record(case, [Fact(FactKind.DELETED)], actor=actor, now=now, cause="delete_case")

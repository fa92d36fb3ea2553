"""How the work on a case ends, and begins anew."""

from datetime import datetime

from actions.cascading import cancel_along, check_may_end_along, ending_along, resolve_along, take_all_in_hand
from actions.doing import leave_none_open, minutes_by_case
from actions.family import children_of, descendants, take_out
from actions.record import record
from actions.signature import locks_along
from actions.staging import check_may_be_resolved
from actions.working import take_step
from cases import lifecycle, rules
from cases.facts import Fact
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import FactKind, OpenActivitiesRule, StatusReason
from models.case import Case, Resolution


@locks_along(descendants)
async def resolve_case(
    case: Case,
    summary: str,
    reason: StatusReason = StatusReason.PROBLEM_SOLVED,
    remarks: str = "",
    total_minutes: int | None = None,
    billable_minutes: int | None = None,
    open_activities: OpenActivitiesRule | None = None,
    *,
    actor: Viewer,
    now: datetime,
) -> tuple[Case, Resolution]:
    """Resolves a case and keeps how. Until it is reactivated nothing about it can be changed.

    Its type may demand that it has come to the last stage, and that its tasks are done.
    Minutes that are not said are those of its completed activities. Activities that are open are declined, unless
    `openActivities` says what is to become of them. Whether open children stay open, are resolved with it or have to
    end first is for the tenant to say.
    """
    children = await ending_along(case, actor)
    await take_all_in_hand(case, children, now)
    await check_may_be_resolved(case)
    await check_may_end_along(children)
    case, *children = await leave_none_open(
        [case, *children], open_activities, actor=actor, now=now, cause="resolve_case"
    )
    worked, billed = (await minutes_by_case([case.id]))[case.id]
    total_minutes = worked if total_minutes is None else total_minutes
    billable_minutes = billed if billable_minutes is None else billable_minutes
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
    await resolve_along(children, resolution, actor=actor, now=now)
    return case, resolution


async def close_case(case: Case, *, actor: Viewer, now: datetime) -> Case:
    """Closes a resolved case: the customer is content, or has said nothing for long enough."""
    return await take_step(case, FactKind.CLOSED, None, actor=actor, now=now, cause="close_case")


@locks_along(descendants)
async def cancel_case(
    case: Case,
    note: str = "",
    open_activities: OpenActivitiesRule | None = None,
    *,
    actor: Viewer,
    now: datetime,
) -> Case:
    """Cancels a case that needs no answer any more.

    Activities that are open are declined, unless `openActivities` says what is to become of them; those of a case that
    its customer cancels are canceled with it. Open children are treated as by `resolveCase`.
    """
    children = await ending_along(case, actor)
    await take_all_in_hand(case, children, now)
    case, *children = await leave_none_open(
        [case, *children], open_activities, actor=actor, now=now, cause="cancel_case"
    )
    case = await take_step(case, FactKind.CANCELED, None, note, actor=actor, now=now, cause="cancel_case")
    await cancel_along(children, case, note, actor=actor, now=now)
    return case


async def reactivate_case(case: Case, note: str = "", *, actor: Viewer, now: datetime) -> Case:
    """Takes up a resolved, closed or canceled case again. Its resolutions stay, and its children stay as they are."""
    return await take_step(case, FactKind.REACTIVATED, None, note, actor=actor, now=now, cause="reactivate_case")


@locks_along(descendants)
async def delete_case(case: Case, *, actor: Viewer, now: datetime) -> Case:
    """Deletes a case: from then on it exists for nobody. Its history is kept for those who run the system.

    Its children become cases of their own.
    """
    lifecycle.step(Standing.of(case), FactKind.DELETED)
    for child in await children_of(case):
        await take_out(child, actor=actor, now=now, cause="delete_case")
    return await record(case, [Fact(FactKind.DELETED)], actor=actor, now=now, cause="delete_case")

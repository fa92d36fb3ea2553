"""Doing: what is planned about a case, done, or not done after all."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tortoise.functions import Sum

from actions.checking import check_assignee
from actions.record import record
from cases import activities, lifecycle, rules
from cases.conditions import All, Compare, Op
from cases.facts import Fact
from cases.refusals import Unknown
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import ActivityKind, ActivityState, FactKind, OpenActivitiesRule, Role
from models.activities import Activity
from models.case import Case
from models.locking import locked
from models.people import Person
from models.reading import by_ids, select
from models.statements import Order
from models.visibility import visible

UNSAID: Final[Any] = object()
"""Stands for what is to stay as it is, since null empties."""

ENDINGS: Final = {
    FactKind.ACTIVITY_COMPLETED: ActivityState.COMPLETED,
    FactKind.ACTIVITY_CANCELED: ActivityState.CANCELED,
}


async def create_activity(
    case: Case,
    kind: ActivityKind,
    subject: str,
    description: str = "",
    due_at: datetime | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    duration_minutes: int = 0,
    billable_minutes: int = 0,
    owner: Person | None = None,
    *,
    actor: Viewer,
    now: datetime,
) -> tuple[Case, Activity]:
    """Plans something to be done about a case. Whoever plans it is to do it, unless an owner is named."""
    lifecycle.step(Standing.of(case), FactKind.ACTIVITY_CREATED)
    at = max(now, case.updated_at)
    activity = Activity(
        tenant_id=case.tenant_id,
        case_id=case.id,
        kind=kind,
        subject=subject.strip(),
        description=description,
        due_at=due_at,
        starts_at=starts_at,
        ends_at=ends_at,
        duration_minutes=duration_minutes,
        billable_minutes=billable_minutes,
        owner_id=owner.id if owner else actor.person_id,
        created_by_id=actor.person_id,
        created_at=at,
        updated_at=at,
    )
    _check(activity, owner)
    await activity.save(force_create=True)
    fact = Fact(FactKind.ACTIVITY_CREATED, details={"activity_id": activity.id, "activity": kind.value})
    return await record(case, [fact], actor=actor, now=now, cause="create_activity"), activity


async def update_activity(
    activity: Activity,
    subject: str = UNSAID,
    description: str = UNSAID,
    due_at: datetime | None = UNSAID,
    starts_at: datetime | None = UNSAID,
    ends_at: datetime | None = UNSAID,
    duration_minutes: int = UNSAID,
    billable_minutes: int = UNSAID,
    owner: Person | None = UNSAID,
    *,
    actor: Viewer,
    now: datetime,
) -> tuple[Case, Activity]:
    """Changes an open activity; what is left out stays as it is, and null empties what may be empty."""
    case, activity = await _with_case(activity, actor)
    lifecycle.step(Standing.of(case), FactKind.ACTIVITY_CHANGED)
    activities.check_open(activity)
    said = {
        "subject": subject if subject is UNSAID else subject.strip(),
        "description": description,
        "due_at": due_at,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "duration_minutes": duration_minutes,
        "billable_minutes": billable_minutes,
        "owner_id": owner.id if isinstance(owner, Person) else owner,
    }
    changed = {name: value for name, value in said.items() if value is not UNSAID and getattr(activity, name) != value}
    activity.update_from_dict(changed)
    _check(activity, owner if "owner_id" in changed else None)
    if not changed:
        return case, activity
    fact = Fact(FactKind.ACTIVITY_CHANGED, details={"activity_id": activity.id, "fields": sorted(changed)})
    case = await record(case, [fact], actor=actor, now=now, cause="update_activity")
    activity.updated_at = case.updated_at
    await activity.save(update_fields=[*changed, "updated_at"])
    return case, activity


async def complete_activity(
    activity: Activity,
    duration_minutes: int = UNSAID,
    billable_minutes: int = UNSAID,
    *,
    actor: Viewer,
    now: datetime,
) -> tuple[Case, Activity]:
    """Completes an activity. Without minutes, it took those that were planned; from now on they count."""
    case, activity = await _with_case(activity, actor)
    lifecycle.step(Standing.of(case), FactKind.ACTIVITY_COMPLETED)
    activities.check_open(activity)
    if duration_minutes is not UNSAID:
        activity.duration_minutes = duration_minutes
    if billable_minutes is not UNSAID:
        activity.billable_minutes = billable_minutes
    _check(activity, None)
    case = await _end([activity], case, FactKind.ACTIVITY_COMPLETED, actor, now, "complete_activity")
    return case, activity


async def cancel_activity(activity: Activity, *, actor: Viewer, now: datetime) -> tuple[Case, Activity]:
    """Cancels an activity that is not to be done any more. Its minutes do not count."""
    case, activity = await _with_case(activity, actor)
    lifecycle.step(Standing.of(case), FactKind.ACTIVITY_CANCELED)
    activities.check_open(activity)
    case = await _end([activity], case, FactKind.ACTIVITY_CANCELED, actor, now, "cancel_activity")
    return case, activity


async def leave_none_open(
    cases: Sequence[Case], rule: OpenActivitiesRule | None, *, actor: Viewer, now: datetime, cause: str
) -> list[Case]:
    """Ends the open activities of locked cases as `rule` says; without a rule there may be none.

    A customer knows of none, so that those of a case they withdraw are canceled with it.

    Raises OpenActivities if there are any.
    """
    theirs = Compare("case_id", Op.IN, tuple(case.id for case in cases))
    still_open = All((theirs, Compare("state", Op.EQ, ActivityState.OPEN)))
    found = await select(Activity, still_open, order=(Order("due_at"), Order("created_at"), Order("id")))
    if actor.role is Role.CUSTOMER:
        rule = OpenActivitiesRule.CANCEL
    if rule is None:
        activities.refuse_open(found)
    completing = rule is OpenActivitiesRule.COMPLETE
    kind = FactKind.ACTIVITY_COMPLETED if completing else FactKind.ACTIVITY_CANCELED
    return [
        await _end([one for one in found if one.case_id == case.id], case, kind, actor, now, cause) for case in cases
    ]


async def minutes_by_case(case_ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """The minutes that completed activities took, by case, and of these the ones to be charged."""
    totals = dict.fromkeys(case_ids, (0, 0))
    done = Activity.filter(case_id__in=list(totals), state=ActivityState.COMPLETED).group_by("case_id")
    sums = done.annotate(total=Sum("duration_minutes"), billable=Sum("billable_minutes"))
    for row in await sums.values("case_id", "total", "billable"):
        totals[row["case_id"]] = (int(row["total"]), int(row["billable"]))
    return totals


async def _with_case(activity: Activity, actor: Viewer) -> tuple[Case, Activity]:
    """The case of an activity, locked, and the activity as it is by then. Raises Unknown if one of them is gone.

    While the lock was waited for, the activity may have gone to another case, by a merge or a split.
    """
    while True:
        cases = await locked(Case, [activity.case_id], visible(Case, actor))
        again = (await by_ids(Activity, [activity.id], visible(Activity, actor))).get(activity.id)
        if not cases or again is None:
            raise Unknown(path=("activity_id",))
        if again.case_id in cases:
            return cases[again.case_id], again
        activity = again


async def _end(ended: list[Activity], case: Case, kind: FactKind, actor: Viewer, now: datetime, cause: str) -> Case:
    """Ends activities of a locked case, all in the same way; the history tells of each."""
    completing = kind is FactKind.ACTIVITY_COMPLETED
    facts = [
        Fact(
            kind,
            details={
                "activity_id": activity.id,
                "activity": activity.kind.value,
                **(
                    {name: getattr(activity, name) for name in ("duration_minutes", "billable_minutes")}
                    if completing
                    else {}
                ),
            },
        )
        for activity in ended
    ]
    case = await record(case, facts, actor=actor, now=now, cause=cause)
    for activity in ended:
        activity.state = ENDINGS[kind]
        activity.ended_at = activity.updated_at = case.updated_at
        names = ["state", "ended_at", "updated_at", "duration_minutes", "billable_minutes"]
        await activity.save(update_fields=names)
    return case


def _check(activity: Activity, owner: Any) -> None:
    """Raises what is wrong with an activity; `owner` is one who was named just now."""
    if isinstance(owner, Person):
        check_assignee(owner, path="owner_id")
    rules.refuse(activities.problems(activity))

"""Following cases, and reading what one is told of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from actions.news import tell
from actions.record import record
from actions.signature import Spelled
from cases import lifecycle
from cases.conditions import All, Compare, Op
from cases.facts import Fact
from cases.refusals import NotPermitted
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import FactKind
from models.case import Case
from models.notifications import CaseFollower, Notification
from models.reading import count, first

ALL: Final[Any] = object()
"""Stands for every one, where none is named."""


@dataclass(frozen=True)
class Marked:
    """How many notifications were marked, and how many are unread still."""

    marked: Annotated[int, Spelled("int")]
    unread: Annotated[int, Spelled("int")]


async def follow_case(case: Case, *, actor: Viewer, now: datetime) -> Case:
    """Follows a case: from now on you are told what happens to it. Who follows already follows on."""
    person_id = _somebody(actor)
    lifecycle.step(Standing.of(case), FactKind.FOLLOWED)
    if await _following(case, actor) is not None:
        return case
    case = await record(case, [Fact(FactKind.FOLLOWED)], actor=actor, now=now, cause="follow_case")
    await CaseFollower.create(
        tenant_id=case.tenant_id, case_id=case.id, person_id=person_id, created_at=max(now, case.updated_at)
    )
    return case


async def unfollow_case(case: Case, *, actor: Viewer, now: datetime) -> Case:
    """Follows a case no more. As its owner you are told what concerns you all the same."""
    _somebody(actor)
    lifecycle.step(Standing.of(case), FactKind.UNFOLLOWED)
    following = await _following(case, actor)
    if following is None:
        return case
    await following.delete()
    return await record(case, [Fact(FactKind.UNFOLLOWED)], actor=actor, now=now, cause="unfollow_case")


async def mark_notifications_read(notifications: list[Notification] = ALL, *, actor: Viewer, now: datetime) -> Marked:
    """Marks what you were told as read: the notifications that are named, or all that are unread."""
    unread = All((Compare("recipient_id", Op.EQ, actor.person_id), Compare("read_at", Op.IS_NULL, True)))
    query = Notification.filter(recipient_id=actor.person_id, read_at=None)
    if notifications is not ALL:
        query = query.filter(id__in=[one.id for one in notifications])
    marked = await query.update(read_at=now)
    if marked and actor.person_id is not None:
        await tell(actor.tenant_id, "notification", actor.person_id, now)
    return Marked(marked, await count(Notification, unread))


async def _following(case: Case, actor: Viewer) -> CaseFollower | None:
    mine = (Compare("case_id", Op.EQ, case.id), Compare("person_id", Op.EQ, actor.person_id))
    return await first(CaseFollower, All(mine))


def _somebody(actor: Viewer) -> Any:
    """Who follows. Raises NotPermitted for a machine: nobody would read what it is told."""
    if actor.person_id is None:
        raise NotPermitted("Only a person can follow a case.")
    return actor.person_id

"""Queueing: cases come into queues, are taken, put back, sent on and taken out.

Every act is about a case, which is locked before its queue item is looked at: of two who want the same, one wins, and
the other hears who was faster.
"""

from datetime import datetime
from typing import Final, cast
from uuid import UUID

from actions.checking import check_assignee
from actions.record import record
from actions.stays import open_item
from cases import lifecycle
from cases.conditions import All, Compare, Op
from cases.facts import Fact
from cases.permissions import LEADS
from cases.refusals import AlreadyPicked, AlreadyQueued, BadInput, NotPermitted, NotPicked, NotQueued
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import CaseCategory, FactKind, Priority
from models.case import Case
from models.catalogue import CaseType
from models.fields import uuid7
from models.people import Person, Team
from models.queues import Queue, QueueItem
from models.reading import exists
from models.visibility import within_queues

_PRIVATE: Final = "This queue is private: what is in it is for its members."


async def add_to_queue(
    case: Case, queue: Queue, priority: Priority | None = None, *, actor: Viewer, now: datetime
) -> tuple[Case, QueueItem]:
    """Puts a case into a queue. If it is in another one already, it is moved: a case waits in one place.

    With a priority of its own it waits by that; without, by the priority of the case, also when that changes.
    """
    lifecycle.step(Standing.of(case), FactKind.QUEUED)
    item = await open_item(case.id)
    if item is not None:
        await _check_member(item, actor)
    if item is not None and item.queue_id == queue.id:
        raise AlreadyQueued(
            f"The case is in {queue.name} already.", path=("queue_id",), queue=queue.name, entered_at=item.entered_at
        )
    await check_accepts(queue, case.type_id, path="queue_id")
    details = {**entering(queue.id, item), **({"queue_priority": priority} if priority else {})}
    fact = Fact(FactKind.QUEUED, {}, details)
    return await _recorded(case, fact, cast(UUID, details["item_id"]), actor=actor, now=now, cause="add_to_queue")


async def pick_queue_item(case: Case, remove: bool = False, *, actor: Viewer, now: datetime) -> tuple[Case, QueueItem]:
    """Takes a queued case: it is yours from now on, and you work on it; with `remove` it leaves the queue as well.

    Declined with `AlreadyPicked` if somebody was faster. How much you may have by routing does not bind you.
    """
    lifecycle.step(Standing.of(case), FactKind.PICKED)
    if actor.person_id is None:
        raise NotPermitted("Only a person can take a case.")
    item = await _queued(case, actor)
    if item.worker_id is not None:
        worker = (await Person.get(id=item.worker_id)).name
        picked_at = cast(datetime, item.worked_since)
        raise AlreadyPicked(f"{worker} works on this already.", worker=worker, picked_at=picked_at)
    fact = Fact(FactKind.PICKED, {"owner_id": actor.person_id}, working(case, actor.person_id, removed=remove))
    return await _recorded(case, fact, item.id, actor=actor, now=now, cause="pick_queue_item")


async def release_queue_item(
    case: Case, to_queue_owner: bool = False, *, actor: Viewer, now: datetime
) -> tuple[Case, QueueItem]:
    """Puts a picked case back, for others to take.

    It gets back the owner it had before it was picked, unless it was given to somebody else meanwhile; with
    `toQueueOwner`, the queue's. Who works on it may do so, the queue's owner, and those who lead.
    """
    lifecycle.step(Standing.of(case), FactKind.RELEASED)
    item = await _queued(case, actor)
    if item.worker_id is None:
        raise NotPicked()
    queue = await Queue.get(id=item.queue_id)
    if actor.role not in LEADS and actor.person_id not in (item.worker_id, queue.owner_id):
        raise NotPermitted("Somebody else works on this.")
    owner_id = queue.owner_id if to_queue_owner else await _still_here(item.previous_owner_id)
    kept = case.owner_id != item.worker_id and not to_queue_owner
    changes: dict[str, object] = {} if kept or owner_id == case.owner_id else {"owner_id": owner_id}
    fact = Fact(FactKind.RELEASED, changes)
    return await _recorded(case, fact, item.id, actor=actor, now=now, cause="release_queue_item")


async def route_queue_item(
    case: Case, to: Queue | Person | Team, remove: bool = False, *, actor: Viewer, now: datetime
) -> tuple[Case, QueueItem]:
    """Sends a queued case on: to another queue, to a person who works on it from now on, or to a team.

    A person or a team gets the case itself too; with `remove` it leaves the queue.
    """
    lifecycle.step(Standing.of(case), FactKind.ROUTED)
    item = await _queued(case, actor)
    changes: dict[str, object] = {}
    match to:
        case Queue():
            if to.id == item.queue_id:
                entered = item.entered_at
                raise AlreadyQueued(
                    f"The case is in {to.name} already.", path=("to_id",), queue=to.name, entered_at=entered
                )
            if remove:
                raise BadInput("It cannot go to a queue and leave it.", path=("remove",))
            await check_accepts(to, case.type_id, path="to_id")
            details = entering(to.id, item)
        case Person():
            check_assignee(to, path="to_id")
            changes = {"owner_id": to.id}
            details = working(case, to.id, removed=remove)
        case Team():
            changes = {"owner_id": None, "team_id": to.id}
            details = {"worker_id": None} | ({"removed": True} if remove else {})
    fact = Fact(FactKind.ROUTED, changes, details)
    return await _recorded(case, fact, item.id, actor=actor, now=now, cause="route_queue_item")


async def remove_from_queue(case: Case, *, actor: Viewer, now: datetime) -> tuple[Case, QueueItem]:
    """Takes a case out of its queue. The case stays as it is."""
    lifecycle.step(Standing.of(case), FactKind.UNQUEUED)
    item = await _queued(case, actor)
    fact = Fact(FactKind.UNQUEUED, {}, {"queue_id": item.queue_id})
    return await _recorded(case, fact, item.id, actor=actor, now=now, cause="remove_from_queue")


def entering(queue_id: UUID, item: QueueItem | None) -> dict[str, object]:
    """The details of coming into a queue, out of another one if the case was in one."""
    if item is None:
        return {"item_id": uuid7(), "queue_id": queue_id}
    return {"item_id": item.id, "queue_id": queue_id, "from_queue_id": item.queue_id}


def working(case: Case, worker_id: UUID, *, removed: bool = False) -> dict[str, object]:
    """The details of somebody's beginning to work on a queued case."""
    details: dict[str, object] = {"worker_id": worker_id, "previous_owner_id": case.owner_id}
    return details | ({"removed": True} if removed else {})


async def accepts(queue: Queue, case_type_id: UUID | None) -> bool:
    """Whether a queue takes cases of this type; a case without one is taken where all are."""
    if not queue.accepts:
        return queue.active
    case_type = await CaseType.get_or_none(id=case_type_id)
    return queue.active and case_type is not None and CaseCategory(case_type.category).value in queue.accepts


async def check_accepts(queue: Queue, case_type_id: UUID | None, *, path: str) -> None:
    """Raises BadInput for a queue that does not take such a case."""
    if not queue.active:
        raise BadInput(f"{queue.name} is not used any more.", path=(path,))
    if not await accepts(queue, case_type_id):
        raise BadInput(f"{queue.name} does not take such cases.", path=(path,))


async def _queued(case: Case, actor: Viewer) -> QueueItem:
    """The open item of a case. Raises NotQueued, or NotPermitted for a private queue of others."""
    item = await open_item(case.id)
    if item is None:
        raise NotQueued()
    await _check_member(item, actor)
    return item


async def _check_member(item: QueueItem, actor: Viewer) -> None:
    if actor.role in LEADS:
        return
    if not await exists(Queue, All((Compare("id", Op.EQ, item.queue_id), within_queues(actor)))):
        raise NotPermitted(_PRIVATE)


async def _still_here(person_id: UUID | None) -> UUID | None:
    """The person, unless they have left."""
    found = person_id and await Person.filter(id=person_id, active=True).exists()
    return person_id if found else None


async def _recorded(
    case: Case, fact: Fact, item_id: UUID, *, actor: Viewer, now: datetime, cause: str
) -> tuple[Case, QueueItem]:
    case = await record(case, [fact], actor=actor, now=now, cause=cause)
    return case, await QueueItem.get(id=item_id)

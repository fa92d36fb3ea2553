"""Stays as rows: queue items follow from the history of their case, and are written here only.

The case is locked before, so that nobody else can begin or end a stay of it; a unique column of the table says so too.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from actions.news import news
from actions.trail import in_hand
from cases.conditions import Compare, Op
from cases.history import CaseState, Event
from cases.queueing import Stay, stays, touches
from models.bulk import Values, insert, upsert
from models.delivery import Outbox
from models.queues import QueueItem
from models.reading import first, select
from models.unit_of_work import leave_for_the_end


async def open_item(case_id: UUID) -> QueueItem | None:
    """The queue item of a case as long as it is in a queue."""
    return await first(QueueItem, Compare("open_case_id", Op.EQ, case_id))


async def follow_stays(tenant_id: UUID, case_id: UUID, events: Sequence[Event], after: CaseState) -> None:
    """Writes what further events of a locked case make of its stays, and tells the outbox of each queue they were in.

    Costs nothing for events that touch none.
    """
    if not any(touches(event) for event in events):
        return
    stay = None if events[0].number == 1 else await _open_stay(case_id)
    found = stays(events, stay)
    rows = [_row(tenant_id, case_id, each, after) for each in found]
    await upsert(QueueItem, rows, ("id",), keep=("tenant_id", "created_at", "case_id"))
    in_hand().stays[case_id] = found[-1] if found and found[-1].left_at is None else None
    for queue_id in dict.fromkeys(each.queue_id for each in (stay, *found) if each):
        leave_for_the_end(_tell, _news(tenant_id, queue_id, case_id, events))


async def open_stays(case_ids: Collection[UUID]) -> dict[UUID, Stay | None]:
    """Of each of these cases its stay in a queue, if it is in one."""
    items = await select(QueueItem, Compare("open_case_id", Op.IN, tuple(case_ids))) if case_ids else []
    return {**dict.fromkeys(case_ids), **{item.case_id: stay_of(item) for item in items}}


async def _open_stay(case_id: UUID) -> Stay | None:
    known = in_hand().stays
    return known[case_id] if case_id in known else (await open_stays([case_id]))[case_id]


async def _tell(rows: Sequence[Values]) -> None:
    await insert(Outbox, rows)


def _news(tenant_id: UUID, queue_id: UUID, case_id: UUID, events: Sequence[Event]) -> Values:
    first, last = events[0], events[-1]
    told = {"from": first.number, "to": last.number, "kinds": [event.fact.kind for event in events]}
    return news(tenant_id, "queue", queue_id, {"case_id": str(case_id), **told}, last.at)


def stay_of(item: QueueItem) -> Stay:
    return Stay(
        item_id=item.id,
        queue_id=item.queue_id,
        entered_at=item.entered_at,
        priority=item.own_priority,
        worker_id=item.worker_id,
        worked_since=item.worked_since,
        previous_owner_id=item.previous_owner_id,
        unassigned=item.unassigned,
        left_at=item.left_at,
    )


def _row(tenant_id: UUID, case_id: UUID, stay: Stay, after: CaseState) -> dict[str, Any]:
    return {
        "id": stay.item_id,
        "tenant_id": tenant_id,
        "created_at": stay.entered_at,
        "case_id": case_id,
        "open_case_id": case_id if stay.left_at is None else None,
        **columns_of(stay, after.columns["priority"]),
    }


def columns_of(stay: Stay, priority: Any) -> dict[str, Any]:
    """The columns that follow from a stay, of a case with this priority."""
    return {
        "queue_id": stay.queue_id,
        "state": stay.state,
        "entered_at": stay.entered_at,
        "priority": stay.priority or priority,
        "own_priority": stay.priority,
        "worker_id": stay.worker_id,
        "worked_since": stay.worked_since,
        "previous_owner_id": stay.previous_owner_id,
        "unassigned": stay.unassigned,
        "left_at": stay.left_at,
    }

"""Stays as rows: queue items follow from the history of their case, and are written here only.

The case is locked before, so that nobody else can begin or end a stay of it; a unique column of the table says so too.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from actions.news import news
from cases.conditions import Compare, Op
from cases.history import CaseState, Event
from cases.queueing import Stay, stays, touches
from models.bulk import Values, insert, upsert
from models.delivery import Outbox
from models.queues import QueueItem
from models.reading import first


async def open_item(case_id: UUID) -> QueueItem | None:
    """The queue item of a case as long as it is in a queue."""
    return await first(QueueItem, Compare("open_case_id", Op.EQ, case_id))


async def follow_stays(tenant_id: UUID, case_id: UUID, events: Sequence[Event], after: CaseState) -> None:
    """Writes what further events of a locked case make of its stays, and tells the outbox of each queue they were in.

    Costs nothing for events that touch none.
    """
    if not any(touches(event) for event in events):
        return
    item = None if events[0].number == 1 else await open_item(case_id)
    found = stays(events, None if item is None else stay_of(item))
    rows = [_row(tenant_id, case_id, stay, after) for stay in found]
    await upsert(QueueItem, rows, ("id",), keep=("tenant_id", "created_at", "case_id"))
    queues = dict.fromkeys([*([item.queue_id] if item else []), *(stay.queue_id for stay in found)])
    await insert(Outbox, [_news(tenant_id, queue_id, case_id, events) for queue_id in queues])


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

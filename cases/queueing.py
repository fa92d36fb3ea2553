"""Queueing: the stays of a case in queues, folded from its history.

A case is in one queue at a time. A stay begins when it comes into a queue, goes on when it is moved to another, and
ends when it is taken out or the case ends; then the next one is another. Nothing here decides whether that may happen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from cases.history import Event
from cases.vocabulary import FactKind, Priority, QueueItemState

ENDS: Final = frozenset({FactKind.RESOLVED, FactKind.CANCELED, FactKind.MERGED, FactKind.DELETED, FactKind.UNQUEUED})
"""The facts that end a stay."""

TOUCHING: Final = ENDS | {FactKind.QUEUED, FactKind.PICKED, FactKind.RELEASED, FactKind.ROUTED}
"""The facts that can change a stay."""


@dataclass(frozen=True)
class Stay:
    """A case's stay in queues. `priority` is its own, null while it follows the case; `entered_at` is of this queue.

    `previous_owner_id` is whose the case was before it was picked; `unassigned` says why nobody got it.
    """

    item_id: UUID
    queue_id: UUID
    entered_at: datetime
    priority: Priority | None = None
    worker_id: UUID | None = None
    worked_since: datetime | None = None
    previous_owner_id: UUID | None = None
    unassigned: str | None = None
    left_at: datetime | None = None

    @property
    def state(self) -> QueueItemState:
        if self.left_at is not None:
            return QueueItemState.CLOSED
        return QueueItemState.AVAILABLE if self.worker_id is None else QueueItemState.PICKED


def touches(event: Event) -> bool:
    """Whether the event can change what is stored of a stay: a priority that follows the case changes with it."""
    return event.fact.kind in TOUCHING or ("priority" in event.fact.changes and event.number > 1)


def stays(events: Iterable[Event], begun: Stay | None = None) -> list[Stay]:
    """The stays that `events` lead to, in order; `begun` is the one the case was in before them, and then the first."""
    found = [begun] if begun is not None else []
    for event in events:
        is_in = bool(found) and found[-1].left_at is None
        if is_in:
            found[-1] = _after(found[-1], event)
        elif event.fact.kind in (FactKind.QUEUED, FactKind.ROUTED) and (details := event.fact.details).get("queue_id"):
            found.append(_after(Stay(_key(details, "item_id"), _key(details, "queue_id"), event.at), event))
    return found


def _after(stay: Stay, event: Event) -> Stay:
    """The stay after one more event; a removal is told with the event that came with it."""
    details = event.fact.details
    match event.fact.kind:
        case FactKind.QUEUED:
            stay = _moved(stay, event)
        case FactKind.PICKED:
            stay = _worked(stay, event)
        case FactKind.ROUTED:
            stay = _moved(stay, event) if details.get("queue_id") else stay
            stay = _worked(stay, event)
        case FactKind.RELEASED:
            stay = replace(stay, worker_id=None, worked_since=None, previous_owner_id=None)
    ended = event.fact.kind in ENDS or bool(details.get("removed"))
    return replace(stay, left_at=event.at) if ended else stay


def _moved(stay: Stay, event: Event) -> Stay:
    """In the queue of the event, worked on by nobody."""
    priority = cast(Priority | None, event.fact.details.get("queue_priority"))
    return Stay(stay.item_id, _key(event.fact.details, "queue_id"), event.at, priority)


def _worked(stay: Stay, event: Event) -> Stay:
    """Worked on by whom the event says, which may be nobody; if it does not say, by whoever did before."""
    details: Mapping[str, Any] = event.fact.details
    stay = replace(stay, unassigned=details.get("unassigned"))
    if "worker_id" not in details:
        return stay
    worker_id = details["worker_id"]
    return replace(
        stay,
        worker_id=worker_id,
        worked_since=event.at if worker_id else None,
        previous_owner_id=details.get("previous_owner_id") if worker_id else None,
    )


def _key(details: Mapping[str, Any], name: str) -> UUID:
    key: UUID = details[name]
    return key

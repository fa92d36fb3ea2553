"""Undoing a merge: the case comes back with what it brought, as far as that is there still."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from actions.adopting import NAME, adopt, still_below, survivors_too
from actions.moves import brought, public_messages, still_there
from actions.queueing import accepts
from actions.record import record
from actions.signature import locks_along
from actions.stays import open_item
from cases import lifecycle
from cases.conditions import Compare, Op
from cases.facts import Fact
from cases.obstacles import UnmergeObstacle
from cases.refusals import CannotUnmerge, NamedCase
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import FactKind, Priority, Status, StatusReason
from models.case import Case
from models.fields import uuid7
from models.locking import locked
from models.merges import CaseMerge
from models.queues import Queue
from models.reading import first
from models.visibility import visible


@dataclass(frozen=True)
class Unmerged:
    """The case that came back, the one it had been merged into, and what is known of that merge."""

    case: Case
    survivor: Case
    case_merge: CaseMerge


@locks_along(survivors_too)
async def unmerge_case(case: Case, *, actor: Viewer, now: datetime) -> Unmerged:
    """Undoes the merge of a case: it is open again, with the status reason that it had.

    What it brought to the survivor comes back, but for what was deleted there or moved on since; what was added to the
    survivor later stays there. It waits in its queue again, its clocks go on, and its entitlement is charged anew. The
    survivor must be open: if it was merged itself, that merge is undone first.
    """
    lifecycle.step(Standing.of(case), FactKind.UNMERGED)
    survivor, merge = await _merge_of(case, actor)
    manifest, stood = merge.manifest, merge.manifest["stood"]
    moved = {name: [UUID(key) for key in keys] for name, keys in manifest["moved"].items()}
    back = await still_there(moved, survivor.id, case.id)
    public = (await public_messages([survivor.id], among=back.get("Message", ())))[survivor.id]
    facts = [_unmerged(merge, stood, survivor, public), *await _queued_again(case, stood)]
    await brought(back, case.id, before=[survivor.id])  # first, so that its followers are there to be told
    case = await record(case, facts, actor=actor, now=now, cause="unmerge_case")
    children = await still_below(moved.get(NAME, ()), survivor)
    counts = {name: len(keys) for name, keys in back.items()} | ({NAME: len(children)} if children else {})
    said = {"merge_id": merge.id, "case_id": case.id, "number": case.number}
    returned = Fact(FactKind.RETURNED, {}, {**said, "message_count": -public, "moved": counts})
    survivor = await record(survivor, [returned], actor=actor, now=now, cause="unmerge_case")
    await adopt(children, case, merge.id, actor=actor, now=now, cause="unmerge_case")
    merge.merged_case_id, merge.undone_at, merge.undone_by_id = None, survivor.updated_at, actor.person_id
    await merge.save(update_fields=["merged_case_id", "undone_at", "undone_by_id"])
    return Unmerged(case, survivor, merge)


async def _merge_of(case: Case, actor: Viewer) -> tuple[Case, CaseMerge]:
    """The survivor, locked, and the merge that is to be undone. Raises CannotUnmerge, with why it cannot be."""
    merge = await first(CaseMerge, Compare("merged_case_id", Op.EQ, case.id))
    if merge is None:
        raise CannotUnmerge(f"Nothing is known of how {case.number} was merged.", obstacle=UnmergeObstacle.NO_MANIFEST)
    survivor = (await locked(Case, [merge.survivor_id], visible(Case, actor))).get(merge.survivor_id)
    if survivor is None:
        raise CannotUnmerge("The case it was merged into is gone.", obstacle=UnmergeObstacle.SURVIVOR_DELETED)
    named = NamedCase(survivor.id, survivor.number)
    if survivor.status_reason is StatusReason.MERGED:
        raise CannotUnmerge(
            f"{survivor.number} was merged itself: undo that first.",
            obstacle=UnmergeObstacle.SURVIVOR_MERGED,
            survivor=named,
        )
    if survivor.status is not Status.ACTIVE:
        raise CannotUnmerge(
            f"{survivor.number} is {survivor.status.value.lower()}: reactivate it first.",
            obstacle=UnmergeObstacle.SURVIVOR_ENDED,
            survivor=named,
        )
    return survivor, merge


def _unmerged(merge: CaseMerge, stood: Mapping[str, Any], survivor: Case, public: int) -> Fact:
    changes = {"status_reason": StatusReason(stood["status_reason"]), "merged_into_id": None}
    details: dict[str, object] = {"merge_id": merge.id, "number": survivor.number, "message_count": public}
    if stood["paused_from"]:
        details["paused_from"] = StatusReason(stood["paused_from"])
    return Fact(FactKind.UNMERGED, changes, details)


async def _queued_again(case: Case, stood: Mapping[str, Any]) -> list[Fact]:
    """It comes back into the queue it was in, if that still takes such cases."""
    queue = await Queue.get_or_none(id=stood["queue_id"]) if stood["queue_id"] else None
    if queue is None or not await accepts(queue, case.type_id) or await open_item(case.id):
        return []
    details: dict[str, object] = {"item_id": uuid7(), "queue_id": queue.id}
    if stood["queue_priority"]:
        details["queue_priority"] = Priority(stood["queue_priority"])
    return [Fact(FactKind.QUEUED, {}, details)]

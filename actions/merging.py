"""Merging: several open cases about the same become one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from actions.adopting import NAME, adopt, children_by_parent, families
from actions.family import relatives
from actions.moves import Luggage, brought, packed, public_messages
from actions.record import record
from actions.signature import Spelled, locks_along
from cases import lifecycle, merging
from cases.conditions import EVERYTHING, Compare, Op
from cases.facts import Fact
from cases.refusals import BadInput
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import FactKind
from models.bulk import insert
from models.case import Case
from models.database import current_database
from models.entitlements import Entitlement
from models.fields import uuid7
from models.locking import locked
from models.merges import CaseMerge
from models.queues import QueueItem
from models.reading import by_ids, select


@dataclass(frozen=True)
class Merged:
    """The case that lives on, and what came to it from each of the others."""

    case: Case
    merges: Annotated[Sequence[CaseMerge], Spelled("list[CaseMerge]")]


@locks_along(relatives)
async def merge_cases(
    case: Case, merged: list[Case], across_customers: bool = False, *, actor: Viewer, now: datetime
) -> Merged:
    """Merges other open cases into this one, up to ten at once.

    What was said, done, sent and linked on them moves here, and so do their children and followers; they leave their
    queues, end as `MERGED`, and lead here by id and number. Their promises end, and their entitlements get back what
    they took. This case keeps what is said of it, its promises and its entitlement. Cases of other customers are merged
    with `acrossCustomers` only. `unmergeCase` undoes it.
    """
    lifecycle.step(Standing.of(case), FactKind.ABSORBED)
    check_how_many(merged)
    children = await children_by_parent([loser.id for loser in merged])
    merging.check(case, merged, await families(case, children), across_customers=across_customers)
    # All of them at once, in one order: each loser gives back to its own while others may do the same.
    await locked(Entitlement, {loser.entitlement_id for loser in merged if loser.entitlement_id}, EVERYTHING)
    luggage = await packed([loser.id for loser in merged], case.id)
    for loser_id, theirs in children.items():
        if theirs:
            luggage[loser_id].moving[NAME] = [child.id for child in theirs]
    public = await public_messages(luggage)
    items = await _queue_items(luggage)
    keys = {loser.id: uuid7() for loser in merged}
    rows = [_row(case, loser, keys[loser.id], luggage[loser.id], items.get(loser.id), actor, now) for loser in merged]
    absorbed: list[Fact] = []
    for loser in merged:
        said = {"merge_id": keys[loser.id], "case_id": loser.id, "number": loser.number}
        counts = {name: len(ids) for name, ids in luggage[loser.id].moving.items()}
        absorbed.append(Fact(FactKind.ABSORBED, {}, {**said, "message_count": public[loser.id], "moved": counts}))
        await record(
            loser, [_merged(case, keys[loser.id], public[loser.id])], actor=actor, now=now, cause="merge_cases"
        )
    case = await record(case, absorbed, actor=actor, now=now, cause="merge_cases")
    await insert(CaseMerge, rows)
    for loser in merged:
        theirs = children[loser.id]
        await adopt(theirs, case, keys[loser.id], actor=actor, now=now, cause="merge_cases")
    await brought(_all_of(luggage), case.id, before=list(luggage))
    made = await by_ids(CaseMerge, list(keys.values()), EVERYTHING)
    return Merged(case, [made[key] for key in keys.values()])


def check_how_many(merged: Sequence[Case]) -> None:
    """Raises BadInput for none, and for more than may be merged at once."""
    most = current_database().limits.merged_cases
    if not merged:
        raise BadInput("Say which cases are to be merged into this one.", path=("merged_ids",))
    if len(merged) > most:
        raise BadInput(f"At most {most} cases are merged at once.", path=("merged_ids",))


def _merged(survivor: Case, key: UUID, public: int) -> Fact:
    after = lifecycle.REASONS[FactKind.MERGED][0]
    changes = {"status_reason": after, "merged_into_id": survivor.id}
    return Fact(FactKind.MERGED, changes, {"merge_id": key, "number": survivor.number, "message_count": -public})


def _row(
    survivor: Case, loser: Case, key: UUID, luggage: Luggage, item: QueueItem | None, actor: Viewer, now: datetime
) -> Mapping[str, Any]:
    stood = {
        "status_reason": loser.status_reason.value,
        "paused_from": loser.paused_from and loser.paused_from.value,
        "queue_id": item and str(item.queue_id),
        "queue_priority": item and item.own_priority and item.own_priority.value,
    }
    return {
        "id": key,
        "tenant_id": survivor.tenant_id,
        "created_at": max(now, survivor.updated_at),
        "survivor_id": survivor.id,
        "loser_id": loser.id,
        "merged_case_id": loser.id,
        "merged_by_id": actor.person_id,
        "manifest": {**luggage.to_json(), "stood": stood},
        "undone_at": None,
        "undone_by_id": None,
    }


async def _queue_items(case_ids: Mapping[UUID, Luggage]) -> dict[UUID, QueueItem]:
    """The places in queues that cases have now."""
    found = await select(QueueItem, Compare("open_case_id", Op.IN, tuple(case_ids)))
    return {item.case_id: item for item in found}


def _all_of(luggage: Mapping[UUID, Luggage]) -> dict[str, list[UUID]]:
    together: dict[str, list[UUID]] = {}
    for one in luggage.values():
        for name, ids in one.moving.items():
            together.setdefault(name, []).extend(ids)
    return together

"""Previewing merges: what would go along, end and come back, without writing anything."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from actions.adopting import NAME, children_by_parent, families
from actions.ledger import lines_of
from actions.merging import check_how_many
from actions.moves import Luggage, packed
from actions.record import author_of
from actions.terms import terms_of
from cases import lifecycle, merging
from cases.conditions import EVERYTHING, All, Compare, Op
from cases.refusals import Refused
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import FactKind
from entitlements.charging import Charge, in_terms, postings_for
from entitlements.postings import Moment
from entitlements.vocabulary import HOLDS, Happening
from models.case import Case
from models.entitlements import Entitlement
from models.kpi_instances import SlaKpiInstance
from models.queues import QueueItem
from models.reading import by_ids, related


@dataclass(frozen=True)
class Loser:
    """A case that would be merged: what it brings, which clocks end, what its entitlement gets back, in terms."""

    case: Case
    luggage: Luggage
    clocks: Sequence[SlaKpiInstance]
    queue_id: UUID | None
    returned: Decimal
    released: Decimal


@dataclass(frozen=True)
class MergePreview:
    """What a merge would do, or why it would be declined."""

    survivor: Case
    losers: Sequence[Loser]
    refusals: Sequence[Refused]


async def preview_merge(
    survivor: Case, losers: Sequence[Case], *, across_customers: bool, viewer: Viewer, now: datetime
) -> MergePreview:
    """What `merge_cases` would do to these cases, or refuse."""
    others = [loser for loser in losers if loser.id != survivor.id]
    keys = [loser.id for loser in others]
    children = await children_by_parent(keys)
    refusals = list(_refusals(survivor, losers, await families(survivor, children), across_customers))
    luggage = await packed(keys, survivor.id)
    for key, theirs in children.items():
        if theirs:
            luggage[key].moving[NAME] = [child.id for child in theirs]
    running = All((Compare("succeeded_at", Op.IS_NULL, True), Compare("canceled_at", Op.IS_NULL, True)))
    clocks = await related(SlaKpiInstance, "case_id", keys, running)
    items = await related(QueueItem, "open_case_id", keys, EVERYTHING)
    shown = []
    for loser in others:
        queue_id = next((item.queue_id for item in items[loser.id]), None)
        amounts = await _given_back(loser, viewer, now)
        shown.append(Loser(loser, luggage[loser.id], clocks[loser.id], queue_id, *amounts))
    return MergePreview(survivor, shown, refusals)


def _refusals(
    survivor: Case, losers: Sequence[Case], of: merging.Families, across_customers: bool
) -> Iterator[Refused]:
    try:
        lifecycle.step(Standing.of(survivor), FactKind.ABSORBED)
        check_how_many(losers)
        merging.check(survivor, losers, of, across_customers=across_customers)
    except Refused as refusal:
        yield refusal


async def _given_back(loser: Case, viewer: Viewer, now: datetime) -> tuple[Decimal, Decimal]:
    """What the entitlement of a case would get back, and what of it would be reserved no more."""
    if loser.entitlement_id is None:
        return Decimal(0), Decimal(0)
    row = (await by_ids(Entitlement, [loser.entitlement_id], EVERYTHING))[loser.entitlement_id]
    charge = Charge(
        entitlement_id=row.id,
        terms=terms_of(row),
        case_id=loser.id,
        channel=loser.origin,
        waived=loser.decrement_waived,
    )
    moment = Moment(max(now, row.updated_at), author_of(viewer), "preview_merge")
    lines = postings_for(Happening.MERGED, charge, await lines_of(row.id, loser.id), {}, moment)
    released = sum(line.amount for line in lines if line.kind in HOLDS)
    return in_terms(sum(line.amount for line in lines) - released), in_terms(released)

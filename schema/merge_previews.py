"""What a merge would do, as clients see it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry
from strawberry import ID

import models
from actions.merge_previews import Loser, preview_merge
from cases.vocabulary import Role
from models.reading import by_ids
from models.visibility import visible
from schema.context import Context, Info
from schema.derived import NAMES, settle
from schema.ids import read_id
from schema.merges import Moved
from schema.relations import one
from schema.user_errors import UserError, user_errors


@strawberry.type(description="A case that would be merged, and what would become of what it has.")
class MergePreviewLoser:
    entitlement_id: strawberry.Private[UUID | None]
    queue_id: strawberry.Private[UUID | None]
    case: Any
    moved: list[Moved] = strawberry.field(description="What would go along.")
    stayed: list[Moved] = strawberry.field(description="What would stay, because the survivor has it already.")
    ending_clocks: Any = strawberry.field(description="The clocks that would be canceled.")
    returned: Decimal = strawberry.field(description="The terms that its entitlement would get back.")
    released: Decimal = strawberry.field(description="The terms that would be reserved no more.")

    @strawberry.field(description="The entitlement that it is on.")
    async def entitlement(self, info: Info) -> Any:
        key = self.entitlement_id
        return None if key is None else await one(info.context, models.Entitlement, key)

    @strawberry.field(description="The queue that it would leave.")
    async def queue(self, info: Info) -> Any:
        return None if self.queue_id is None else await one(info.context, models.Queue, self.queue_id)


@strawberry.type(description="What a merge would do, without anything having been written.")
class MergePreview:
    survivor: Any
    possible: bool
    refusals: list[UserError] = strawberry.field(description="Why it would be declined.")
    losers: list[MergePreviewLoser]


async def merge_preview(
    info: Info, case_id: ID, merged_ids: list[ID], across_customers: bool = False
) -> MergePreview | None:
    """What `mergeCases` would do with these: what moves and stays, which clocks end, what entitlements get back.

    Writes nothing. Null if one of the cases is not there for this viewer; for customers there is nothing to see.
    """
    context: Context = info.context
    if context.viewer.role is Role.CUSTOMER or len(merged_ids) > context.limits.input_list:
        return None
    found = await _cases(context, [case_id, *merged_ids])
    if found is None:
        return None
    survivor, *losers = found
    preview = await preview_merge(
        survivor,
        losers,
        across_customers=across_customers,
        viewer=context.viewer,
        now=context.now,
    )
    return MergePreview(
        survivor=preview.survivor,
        possible=not preview.refusals,
        refusals=[error for refusal in preview.refusals for error in user_errors(refusal)],
        losers=[_shown(loser) for loser in preview.losers],
    )


def _shown(loser: Loser) -> MergePreviewLoser:
    return MergePreviewLoser(
        entitlement_id=loser.case.entitlement_id,
        queue_id=loser.queue_id,
        case=loser.case,
        moved=_counts(loser.luggage.moving),
        stayed=_counts(loser.luggage.staying),
        ending_clocks=list(loser.clocks),
        returned=loser.returned,
        released=loser.released,
    )


def _counts(ids: Mapping[str, Sequence[UUID]]) -> list[Moved]:
    return [Moved(kind=kind, count=len(keys)) for kind, keys in ids.items()]


async def _cases(context: Context, public_ids: Sequence[str]) -> list[models.Case] | None:
    """The cases of these ids, in their order; null if one is not there for this viewer."""
    parsed = [read_id(public) for public in public_ids]
    keys = [key for name, key in filter(None, parsed) if name == models.Case.__name__]
    if len(keys) < len(public_ids):
        return None
    rows = await by_ids(models.Case, keys, visible(models.Case, context.viewer))
    return [rows[key] for key in keys] if all(key in rows for key in keys) else None


settle(MergePreview, {"survivor": "Case | None"})
settle(
    MergePreviewLoser,
    {
        "case": "Case | None",
        "ending_clocks": "list[SlaKpiInstance]",
        "entitlement": "Entitlement | None",
        "queue": "Queue | None",
    },
)
NAMES["MergePreview"] = MergePreview

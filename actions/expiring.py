"""Following dates: entitlements begin, end, are granted anew and give up the rest, without anybody's help.

Any number of workers may do it at once: each locks one entitlement at a time and skips those that others hold. A worker
that was away posts late, with the instants at which the periods began; who reads meanwhile is shown what it will post.
"""

import logging
from datetime import datetime
from typing import Final
from uuid import UUID

from actions.announcing import Tick
from actions.ledger import open_free_books
from cases.conditions import Compare, Op
from cases.refusals import StorageTrouble
from models.entitlements import Entitlement
from models.reading import select
from models.statements import Order
from models.unit_of_work import unit_of_work

log = logging.getLogger(__name__)

ENTITLEMENTS_AT_ONCE: Final = 50


async def follow_all_dates(now: datetime, *, at_most: int = ENTITLEMENTS_AT_ONCE) -> Tick:
    """Brings at most so many entitlements, whose dates are due, to where they stand at `now`.

    One that cannot be brought there stands in no other's way: reads and acts compute what it lacks, or fail themselves.
    """
    due = await select(
        Entitlement,
        Compare("next_at", Op.LTE, now),
        columns=("id",),
        order=(Order("next_at"),),
        limit=at_most,
    )
    followed = [await _followed(row.id, now) for row in due]
    return Tick(sum(followed), more=len(due) == at_most and any(followed))


async def _followed(entitlement_id: UUID, now: datetime) -> bool:
    try:
        return bool(await unit_of_work(lambda: open_free_books([entitlement_id], now)))
    except StorageTrouble:
        raise
    except Exception:  # a bug, or a row that somebody broke: see the docstring above
        log.exception("the dates of entitlement %s cannot be followed", entitlement_id)
        return False

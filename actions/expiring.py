"""Following dates: entitlements begin, end, are granted anew and give up the rest, without anybody's help.

Any number of workers may do it at once, as in `announcing`. A worker that was away posts late, with the instants at
which the periods began; who reads meanwhile is shown what it will post.
"""

from datetime import datetime
from typing import Final

from actions.announcing import Tick
from actions.ledger import open_free_books
from cases.conditions import Compare, Op
from models.entitlements import Entitlement
from models.reading import select
from models.statements import Order
from models.unit_of_work import unit_of_work

ENTITLEMENTS_AT_ONCE: Final = 50


async def follow_all_dates(now: datetime, *, at_most: int = ENTITLEMENTS_AT_ONCE) -> Tick:
    """Brings at most so many entitlements, whose dates are due, to where they stand at `now`."""
    return await unit_of_work(lambda: _follow(now, at_most))


async def _follow(now: datetime, at_most: int) -> Tick:
    due = await select(
        Entitlement,
        Compare("next_at", Op.LTE, now),
        columns=("id",),
        order=(Order("next_at"),),
        limit=at_most,
    )
    books = await open_free_books([row.id for row in due], now) if due else {}
    return Tick(len(books), more=len(due) == at_most)

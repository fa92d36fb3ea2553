"""Forgetting: what was told long ago leaves the outbox.

Subscriptions are its only readers: they may ask for what happened within `replay_hours` and are told RESYNC_REQUIRED
for anything older. Rows are kept somewhat longer than that, because they are told by when they were written and asked
for by when they were read.
"""

from datetime import datetime, timedelta
from typing import Final

from models.database import current_database
from models.outbox import forget
from models.unit_of_work import unit_of_work

LONGER: Final = timedelta(minutes=10)
AT_ONCE: Final = 1_000


async def forget_news(now: datetime, *, at_most: int = AT_ONCE) -> int:
    """Removes at most so many rows that nobody can ask for any more, and says how many it were."""
    before = now - timedelta(hours=current_database().limits.replay_hours) - LONGER
    return await unit_of_work(lambda: forget(before, at_most))

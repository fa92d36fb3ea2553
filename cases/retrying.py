"""Retrying: when something that failed is tried again, and when no more."""

from datetime import datetime, timedelta
from typing import Final

FIRST: Final = timedelta(seconds=10)
LONGEST: Final = timedelta(hours=6)
MOST_ATTEMPTS: Final = 12
"""Twelve attempts, each after twice the pause of the one before, take some ten hours."""


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many failed attempts; None if that was often enough."""
    if attempts >= MOST_ATTEMPTS:
        return None
    doublings: int = 2 ** (max(attempts, 1) - 1)
    return now + min(FIRST * doublings, LONGEST)

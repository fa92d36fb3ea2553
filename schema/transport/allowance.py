"""How much one caller may ask for in a while: a bucket of points that refills.

A document may cost more than a bucket holds. It is then let in when the bucket is full and leaves a debt, so that
nothing within the limits of one document is impossible, only slow to repeat. Time is monotonic seconds, given.
"""

import math
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final

from schema.transport.errors import RateLimited

MOST_CALLERS: Final = 20_000


@dataclass
class Bucket:
    points: float
    at: float


@dataclass
class Allowance:
    """One bucket per caller. The caller longest unseen is forgotten first, and that forgives its debt."""

    capacity: int
    per_second: int
    _buckets: OrderedDict[Hashable, Bucket] = field(default_factory=OrderedDict)

    def take(self, caller: Hashable, points: int, now: float) -> int:
        """Points left after taking; may be negative. Raises RateLimited, having taken nothing."""
        bucket = self._refilled(caller, now)
        missing = min(points, self.capacity) - bucket.points
        if missing > 0:
            raise RateLimited(retry_after=max(1, math.ceil(missing / self.per_second)))
        bucket.points -= points
        return math.floor(bucket.points)

    def charge(self, caller: Hashable, points: int, now: float) -> None:
        """Takes points for what is done already, whether or not there are so many."""
        self._refilled(caller, now).points -= points

    def debt_seconds(self, caller: Hashable, now: float) -> float:
        """How long it takes until nothing is owed."""
        return max(0.0, -self._refilled(caller, now).points / self.per_second)

    def _refilled(self, caller: Hashable, now: float) -> Bucket:
        bucket = self._buckets.get(caller)
        if bucket is None:
            bucket = self._buckets[caller] = Bucket(self.capacity, now)
            if len(self._buckets) > MOST_CALLERS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(caller)
        bucket.points = min(self.capacity, bucket.points + max(0.0, now - bucket.at) * self.per_second)
        bucket.at = now
        return bucket

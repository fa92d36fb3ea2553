"""Which promises will be broken if nobody does anything, counted clock by clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sla.clock import Clock


@dataclass(frozen=True)
class Expected:
    """A breach to come. `fail_at` is when the promise falls due; with `if_resumed`, were its pause to end now."""

    clock: Clock
    fail_at: datetime
    if_resumed: bool = False


def forecast(clocks: Iterable[Clock], at: datetime, until: datetime) -> list[Expected]:
    """The promises that are still kept at `at` and fall due by `until` if nothing happens, the next first."""
    open_clocks = (clock.as_of(at) for clock in clocks)
    found = [
        Expected(clock, fail_at, clock.fail_at(at) is None)
        for clock in open_clocks
        if clock.ended is None and clock.breached_at(at) is None
        if (fail_at := clock.projected_fail_at(at)) is not None and fail_at <= until
    ]
    return sorted(found, key=lambda expected: expected.fail_at)

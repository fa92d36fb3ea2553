"""Pause audit: whether pauses were used for what they are for.

A pause that the customer spoke in was not waiting for them any more; one that lasted for weeks was forgotten; and a
promise that was kept only because it was paused is worth a look when many are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sla.clock import Clock, Outcome, Span
from sla.moments import Moment, Signal
from sla.replay import CLOSED


@dataclass(frozen=True)
class Suspicion:
    """A pause to look at. `took` is the open time until its end, or until now."""

    pause: Span
    took: timedelta
    customer_spoke_at: datetime | None
    is_long: bool


def suspicions(clock: Clock, moments: Sequence[Moment], at: datetime, limit: timedelta) -> list[Suspicion]:
    """The pauses until `at` in which the customer spoke, or that took more open time than `limit`, in order.

    `moments` are those of the case. The time between the end of a case and its being taken up again is no pause to
    look at.
    """
    found = []
    then = clock.as_of(at)
    for span in then.spans:
        if span.is_running or span.start >= at or span.reasons == {CLOSED}:
            continue
        end = span.until(at)
        took = then.calendar.open_time(span.start, end)
        spoke = (one.at for one in moments if Signal.CUSTOMER_SPOKE in one.signals and span.start < one.at < end)
        suspicion = Suspicion(span, took, next(spoke, None), took > limit)
        if suspicion.customer_spoke_at is not None or suspicion.is_long:
            found.append(suspicion)
    return found


def kept_only_by_pausing(clock: Clock) -> bool:
    """Whether a promise that was kept would have been broken had its pauses run on."""
    if clock.ended is None or clock.ended.outcome is not Outcome.FULFILLED or clock.pinned is not None:
        return False
    end = clock.ended.at
    if clock.breached_at(end) is not None:
        return False
    return clock.calendar.open_time(clock.started_at, end) > clock.target

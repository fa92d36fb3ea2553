"""Holding: whoever does not take what is sent is asked again by one delivery at a time, at growing pauses.

All others on the way to the same receiver wait meanwhile: they neither occupy places nor use up their attempts. What
one of them meets says what all would have met. A receiver that took nothing for so long that a single delivery would
have been given up gets no more of what waits since then.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cases.conditions import All, Compare, Op
from cases.notices import Channel, DeliveryState
from cases.retrying import FIRST
from models.deliveries import Delivery, DeliveryHold
from models.fields import uuid7
from models.locking import locked_first
from models.statements import Order
from models.writing import insert_unless_there

ONE_BY_ONE: Final = 3
"""After so many failures in a row there are pauses; until then one delivery follows the other."""
LONGEST: Final = timedelta(minutes=15)
PATIENCE: Final = timedelta(hours=12)
"""A little more than the attempts of one delivery take."""
GIVEN_UP_AT_ONCE: Final = 1_000
IN_VAIN: Final = "The receiver has taken nothing for too long."


async def claimed(lanes: Collection[UUID], now: datetime, until: datetime) -> set[UUID]:
    """Of lanes that are held, those in which a delivery may try now: until then nobody else's may."""
    if not lanes:
        return set()
    free = All((Compare("lane", Op.IN, tuple(lanes)), Compare("held_until", Op.LTE, now)))
    holds = await locked_first(DeliveryHold, free, order=(Order("id"),), limit=len(lanes))
    await DeliveryHold.filter(id__in=[hold.id for hold in holds]).update(held_until=until)
    return {hold.lane for hold in holds}


async def hold(failures_by_lane: Mapping[UUID, int], now: datetime) -> None:
    """Notes that so many more deliveries of each lane failed, and none was taken."""
    for lane, failures in sorted(failures_by_lane.items()):
        new = DeliveryHold(id=uuid7(), lane=lane, failures=failures, since=now, held_until=_until(failures, now))
        if await insert_unless_there(new, ("lane",)):
            continue
        held = await locked_first(DeliveryHold, Compare("lane", Op.EQ, lane), order=(Order("id"),), limit=1)
        for one in held:
            failed = one.failures + failures
            await DeliveryHold.filter(id=one.id).update(failures=failed, held_until=_until(failed, now))
            if one.since <= now - PATIENCE:
                await _give_up(lane, now)


async def release(lanes: Collection[UUID]) -> None:
    """Lets everything go on in lanes whose receiver has taken something."""
    if lanes:
        await DeliveryHold.filter(lane__in=list(lanes)).delete()


def _until(failures: int, now: datetime) -> datetime:
    if failures < ONE_BY_ONE:
        return now
    doublings: int = 2 ** min(failures - ONE_BY_ONE, 20)
    return now + min(FIRST * doublings, LONGEST)


async def _give_up(lane: UUID, now: datetime) -> None:
    """Gives up what has waited for too long; mail waits on, since its receiver is our own server."""
    of_lane = (
        Compare("lane", Op.EQ, lane),
        Compare("due_at", Op.LTE, now),
        Compare("channel", Op.NIN, (Channel.EMAIL,)),
    )
    old = All((*of_lane, Compare("created_at", Op.LT, now - PATIENCE)))
    order = (Order("due_at"), Order("id"))
    taken = await locked_first(Delivery, old, order=order, limit=GIVEN_UP_AT_ONCE)
    if taken:
        given_up = {"state": DeliveryState.GIVEN_UP, "lane": None, "last_error": IN_VAIN}
        await Delivery.filter(id__in=[one.id for one in taken]).update(**given_up)

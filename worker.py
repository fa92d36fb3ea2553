#!/usr/bin/env python
"""The worker: announces what clocks run into, follows the dates of entitlements, tidies up, and sends what is due.

Runs inside the server by default, and alone at scale, in any number.

No timer lives in memory: when something is due is a column with an index. A worker that was away announces late, with
the instant at which it happened.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from actions.announcing import Tick, announce
from actions.chores import do_chores
from actions.delivering import Courier, Senders
from actions.expiring import follow_all_dates
from actions.scheduling import look_at_cases
from cases.refusals import StorageTrouble
from models.errors import StatementTimeout
from models.file_store import FileStore

log = logging.getLogger(__name__)

PAUSE: Final = 0.25
"""Seconds between two looks when there was nothing to do: how late an announcement is at most, usually."""
LONGEST_PAUSE: Final = 30.0
Step = Callable[[datetime], Awaitable[Tick]]
STEPS: Final[tuple[Step, ...]] = (announce, follow_all_dates, look_at_cases)
"""What there is to do at each look."""


async def work(
    clock: Callable[[], datetime],
    *,
    until: asyncio.Event,
    store: FileStore | None = None,
    senders: Senders | None = None,
) -> None:
    """Looks for what is due again and again, until `until` is set. Trouble of the storage is waited out.

    Without a `store` of files nothing is tidied up, without `senders` nothing is sent. What is sent waits for other
    machines, and nothing else waits for that.
    """
    steps: list[Step] = [*STEPS, partial(do_chores, store=store)] if store else [*STEPS]
    loops = [_repeat(clock, steps, until)]
    if senders is not None:
        loops.append(_send(clock, senders, until))
    await asyncio.gather(*loops)


async def _send(clock: Callable[[], datetime], senders: Senders, until: asyncio.Event) -> None:
    async with Courier(senders) as courier:
        await _repeat(clock, [courier.deliver], until)
        await _tried(courier.finish, clock)


async def _repeat(clock: Callable[[], datetime], steps: Sequence[Step], until: asyncio.Event) -> None:
    pause = PAUSE
    while not until.is_set():
        ticks = [await _tried(step, clock) for step in steps]
        if None in ticks:
            pause = min(max(pause, PAUSE) * 2, LONGEST_PAUSE)
        else:
            pause = 0 if any(tick.more for tick in ticks if tick) else PAUSE
        try:
            await asyncio.wait_for(until.wait(), pause)
        except TimeoutError:
            continue


async def _tried(step: Step, clock: Callable[[], datetime]) -> Tick | None:
    """What a step found to do; None if it failed, which keeps no other step from its work."""
    try:
        return await step(clock())
    except (StorageTrouble, StatementTimeout) as trouble:
        log.warning("%s could not be done and is tried again: %r", _name(step), trouble)
    except Exception:  # a bug, but nobody would start the worker again: all promises would be broken in silence
        log.exception("%s could not be done and is tried again", _name(step))
    return None


def _name(step: Step) -> str:
    return step.func.__name__ if isinstance(step, partial) else getattr(step, "__name__", repr(step))

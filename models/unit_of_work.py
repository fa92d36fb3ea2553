"""One unit of work: everything in it is written, or nothing.

The body runs in a task of its own, shielded from the caller: a client that goes away can neither leave a lock behind nor
tear the work in two. If the caller is cancelled before the body began, nothing is done; once it began, it is finished and
committed, as if the answer had been lost on the way. What bounds a body is the time limit of each of its statements, so it
awaits nothing but the database (reliability.md §2.1).
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from cases.refusals import StorageTrouble
from models.errors import may_be_repeated

T = TypeVar("T")

log = logging.getLogger(__name__)

#: Seconds before the second and third try, each stretched by up to a half at random so that rivals do not meet again.
PAUSES: Final = (0.010, 0.040, 0.160)
TRIES: Final = 3


class NotNested(Exception):
    """A unit of work was begun inside another: the outer one could no longer promise all or nothing. A bug."""


@dataclass
class Unit:
    """A unit of work under way. `ended` is true from the moment its transaction is, for tasks that outlive it."""

    abandoned: bool = False
    ended: bool = False
    after_commit: list[Callable[[], None]] = field(default_factory=list)


_current: ContextVar[Unit | None] = ContextVar("unit_of_work", default=None)
_running: set[asyncio.Task[Any]] = set()


async def unit_of_work(body: Callable[[], Awaitable[T]]) -> T:
    """Runs `body` in a transaction and returns what it returns; when it raises, nothing was written.

    The body may run up to three times: when it lost a race against another transaction (serialization failure, deadlock) or
    its connection broke before COMMIT was sent. It must therefore have no effect but on the database; what should follow
    goes to `after_commit`.

    Raises RetryLater, StorageUnavailable or OutcomeUnknown for trouble of the storage, NotNested inside another unit.
    """
    if in_unit_of_work():
        raise NotNested("a unit of work cannot contain another")
    unit = Unit()
    task = asyncio.create_task(_tries(unit, body))
    _running.add(task)
    task.add_done_callback(_running.discard)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        unit.abandoned = True
        task.add_done_callback(_log_unheard)
        raise


def in_unit_of_work() -> bool:
    """Whether the running task is inside a unit of work that has not ended."""
    unit = _current.get()
    return unit is not None and not unit.ended


def after_commit(callback: Callable[[], None]) -> None:
    """Calls `callback` once the running unit of work is committed, and not at all if it is not."""
    unit = _current.get()
    if unit is None or unit.ended:
        raise RuntimeError("after_commit is for the body of a unit of work")
    unit.after_commit.append(callback)


async def drain() -> None:
    """Waits for every unit of work under way, before a shutdown closes the connections."""
    while _running:
        await asyncio.wait(set(_running))


async def _tries(unit: Unit, body: Callable[[], Awaitable[T]]) -> T:
    for attempt in range(TRIES):
        unit.after_commit.clear()
        try:
            return await _once(unit, body)
        except StorageTrouble as trouble:
            if attempt == TRIES - 1 or not may_be_repeated(trouble):
                raise
            log.info("trying again after %r", trouble.__cause__)
        await asyncio.sleep(PAUSES[attempt] * random.uniform(1, 1.5))
    raise AssertionError("unreachable")


async def _once(unit: Unit, body: Callable[[], Awaitable[T]]) -> T:
    from models.database import current_database

    inside = Unit(after_commit=unit.after_commit)
    token = _current.set(inside)
    try:
        async with current_database().writer._in_transaction():
            if unit.abandoned:
                raise asyncio.CancelledError  # nothing was done yet, and nobody waits for it
            result = await body()
    finally:
        inside.ended = True
        _current.reset(token)
    for callback in unit.after_commit:
        callback()
    return result


def _log_unheard(task: asyncio.Task[Any]) -> None:
    """The caller is gone: an error of its unit of work is nobody's answer, but somebody's business."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.warning("a unit of work failed after its caller had left", exc_info=error)

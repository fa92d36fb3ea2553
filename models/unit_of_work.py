"""One unit of work: everything in it is written, or nothing.

The body runs in a task of its own, shielded from the caller: a client that leaves can neither leave a lock behind nor
tear the work in two. If the caller is cancelled before the body began, nothing is done; once it began, it is finished
and committed, as if the answer had been lost on the way. What bounds a body is the time limit of each of its
statements, so it awaits nothing but the database.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from cases.refusals import StorageTrouble
from models.database import current_database, reading
from models.errors import StatementTimeout, may_be_repeated

T = TypeVar("T")

log = logging.getLogger(__name__)

#: Seconds before the second, third and fourth run, stretched by up to a half so that rivals do not meet again.
PAUSES: Final = (0.010, 0.040, 0.160)


class NotNested(Exception):
    """A unit of work was begun inside another: the outer one could no longer promise all or nothing. A bug."""


@dataclass
class _Unit:
    """One run of a body. `ended` is true from the moment its transaction is over, for tasks that outlive it."""

    ended: bool = False
    has_news: bool = False
    callbacks: list[Callable[[], None]] = field(default_factory=list)
    left: list[tuple[Callable[[list[Any]], Awaitable[None]], Any]] = field(default_factory=list)


@dataclass
class _Caller:
    has_left: bool = False


_current: ContextVar[_Unit | None] = ContextVar("unit_of_work", default=None)


async def unit_of_work(body: Callable[[], Awaitable[T]]) -> T:
    """Runs `body` in a transaction and returns what it returns; when it raises, nothing was written.

    The body may be run again, up to three times more, when it lost a race against another transaction (serialization
    failure, deadlock) or its connection broke before COMMIT was sent. So it has no effect but on the database; what
    should follow goes to `after_commit`.

    Raises RetryLater, StorageUnavailable or OutcomeUnknown for trouble of the storage, NotNested inside another unit.
    """
    if in_unit_of_work():
        raise NotNested("a unit of work cannot contain another")
    caller = _Caller()
    task = asyncio.create_task(_tries(caller, body))
    units = current_database().units
    units.add(task)
    task.add_done_callback(units.discard)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        caller.has_left = True
        task.add_done_callback(_log_unheard)
        raise


def in_unit_of_work() -> bool:
    """Whether the running task is inside a unit of work that has not ended."""
    unit = _current.get()
    return unit is not None and not unit.ended


def note_news() -> None:
    """Says that the running unit of work writes something that others wait for."""
    if (unit := _current.get()) is not None:
        unit.has_news = True


@asynccontextmanager
async def part_of_work() -> AsyncIterator[None]:
    """A part of the running unit of work that may fail on its own: what it wrote is undone, the rest stays.

    Whatever raises inside rises from here, for the caller to go on without it. Trouble of the storage is not for that:
    the unit of work ends with it.
    """
    unit = _current.get()
    if unit is None or unit.ended:
        raise RuntimeError("a part is a part of a unit of work")
    callbacks, left = len(unit.callbacks), list(unit.left)
    await reading().execute_query("SAVEPOINT part")
    try:
        yield
    except (StorageTrouble, StatementTimeout):
        raise
    except Exception:
        del unit.callbacks[callbacks:]
        unit.left = left
        await reading().execute_query("ROLLBACK TO SAVEPOINT part")
        await reading().execute_query("RELEASE SAVEPOINT part")
        raise
    await reading().execute_query("RELEASE SAVEPOINT part")


def after_commit(callback: Callable[[], None]) -> None:
    """Calls `callback` once the running unit of work is committed, in the order given; not at all if it never is."""
    unit = _current.get()
    if unit is None or unit.ended:
        raise RuntimeError("after_commit is for the body of a unit of work")
    unit.callbacks.append(callback)


def leave_for_the_end(work: Callable[[list[T]], Awaitable[None]], what: T) -> None:
    """Has `work` done before the running unit of work is committed: once, with all that was left for it, in order.

    For what nobody in the unit of work reads. What was left in a part that is undone is undone with it.
    """
    unit = _current.get()
    if unit is None or unit.ended:
        raise RuntimeError("what is left for the end is left in the body of a unit of work")
    unit.left.append((work, what))


async def do_what_was_left() -> None:
    """Does now what was left for the end, for who is about to change what that asks."""
    unit = _current.get()
    if unit is None:
        return
    left, unit.left = unit.left, []
    by_work: dict[Callable[[list[Any]], Awaitable[None]], list[Any]] = {}
    for work, what in left:
        by_work.setdefault(work, []).append(what)
    for work, all_of_it in by_work.items():
        await work(all_of_it)


async def _tries(caller: _Caller, body: Callable[[], Awaitable[T]]) -> T:
    for pause in PAUSES:
        try:
            return await _once(caller, body)
        except StorageTrouble as trouble:
            if not may_be_repeated(trouble):
                raise
            log.info("running a unit of work again after %r", trouble.__cause__)
        await asyncio.sleep(pause * random.uniform(1, 1.5))
    return await _once(caller, body)


async def _once(caller: _Caller, body: Callable[[], Awaitable[T]]) -> T:
    unit = _Unit()
    token = _current.set(unit)
    database, committed = current_database(), False
    try:
        async with database.writer._in_transaction():
            if caller.has_left:
                raise asyncio.CancelledError  # nothing was done yet, and nobody waits for it
            result = await body()
            await do_what_was_left()
        committed = True
    finally:
        unit.ended = True
        _current.reset(token)
        for listener in database.listeners:
            listener(committed and unit.has_news)
    for callback in unit.callbacks:
        try:
            callback()
        except Exception:  # the work is committed: whoever asked for it must not be told that it failed
            log.exception("a callback after a commit failed")
    return result


def _log_unheard(task: asyncio.Task[Any]) -> None:
    """The caller is gone: an error of its unit of work is nobody's answer, but somebody's business."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.warning("a unit of work failed after its caller had left", exc_info=error)

"""Chores: what one of the workers does now and then, so that nothing piles up.

When a chore is due is a row; whoever moves it on does the chore, so that of any number of workers one does it. A chore
that takes long is done in pieces, between which promises are kept. A worker that dies leaves it for the next time.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from actions.announcing import Tick
from actions.collecting import collect_files
from actions.forgetting import AT_ONCE as NEWS_AT_ONCE
from actions.forgetting import forget_news
from cases.conditions import EVERYTHING, Compare, Op
from models.database import current_database
from models.delivery import Chore, IdempotencyKey
from models.fields import uuid7
from models.file_store import FileStore
from models.reading import select
from models.statements import Order
from models.unit_of_work import unit_of_work
from models.writing import insert_unless_there

FILES_AT_ONCE: Final = 1_000
KEYS_AT_ONCE: Final = 2_000

Piece = Callable[[datetime, str, FileStore], Awaitable[str]]
"""Does a piece of a chore, from a position on, and says where it goes on: nowhere, if it is done."""


async def do_chores(now: datetime, store: FileStore) -> Tick:
    """Does a piece of every chore that is due."""
    known = {row.name: row for row in await select(Chore, EVERYTHING)}
    done, more = 0, False
    for name, (period, piece) in CHORES.items():
        chore = known.get(name)
        if chore is not None and chore.next_at > now:
            continue
        position = chore.position if chore else ""
        if not await _claimed(name, chore, now, period):
            continue
        position = await piece(now, position, store)
        await _note(name, position, now + period if not position else now)
        done, more = done + 1, more or bool(position)
    return Tick(done, more)


async def _claimed(name: str, chore: Chore | None, now: datetime, period: timedelta) -> bool:
    """Whether the chore is this worker's to do; while it is at it, it is due for nobody."""

    async def claim() -> bool:
        until = now + period
        if chore is None:
            return await insert_unless_there(Chore(id=uuid7(), name=name, next_at=until), ("name",))
        return bool(await Chore.filter(name=name, next_at=chore.next_at).update(next_at=until))

    return await unit_of_work(claim)


async def _note(name: str, position: str, next_at: datetime) -> None:
    async def write() -> int:
        return await Chore.filter(name=name).update(position=position, next_at=next_at)

    await unit_of_work(write)


async def _collect_files(now: datetime, position: str, store: FileStore) -> str:
    return (await collect_files(store, now, after=position, at_most=FILES_AT_ONCE)).position


async def _forget_keys(now: datetime, position: str, store: FileStore) -> str:
    """Deletes keys of requests that nobody repeats any more."""
    before = now - timedelta(days=current_database().limits.idempotency_key_days)
    old = Compare("created_at", Op.LT, before)
    found = await select(IdempotencyKey, old, columns=("id",), order=(Order("created_at"),), limit=KEYS_AT_ONCE)

    async def delete() -> int:
        return await IdempotencyKey.filter(id__in=[row.id for row in found]).delete()

    if found:
        await unit_of_work(delete)
    return "more" if len(found) == KEYS_AT_ONCE else ""


async def _forget_news(now: datetime, position: str, store: FileStore) -> str:
    return "more" if await forget_news(now) == NEWS_AT_ONCE else ""


CHORES: Final[Mapping[str, tuple[timedelta, Piece]]] = {
    "collect files": (timedelta(hours=1), _collect_files),
    "forget keys": (timedelta(hours=1), _forget_keys),
    "forget news": (timedelta(hours=1), _forget_news),
}
"""By name, how often it is done, and how."""

"""The batches of an operation."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from schema.context import Context
from settings import Limits


async def test_who_is_cancelled_takes_nobody_along_who_waits_for_the_same():
    """graphql-core cancels the fields beside one that failed; the row they wait for may be wanted elsewhere."""
    context = Context(None, datetime(2026, 3, 2, tzinfo=UTC), Limits(), b"")

    async def load(keys: list[int]) -> Sequence[int]:
        await asyncio.sleep(0)
        return keys

    async def ask() -> object:
        return await context.loader("rows", load).load(7)

    cancelled, other = asyncio.create_task(ask()), asyncio.create_task(ask())
    await asyncio.sleep(0)
    cancelled.cancel()

    assert await other == 7
    with pytest.raises(asyncio.CancelledError):
        await cancelled

"""Gathering: waiting for several things at once without leaving one behind."""

import asyncio
from collections.abc import Awaitable, Iterator, Sequence
from inspect import iscoroutine
from typing import Any


async def gathered(jobs: Sequence[Awaitable[Any]]) -> Sequence[Any]:
    """What all of them give. Each is waited for, also where another fails: its error is raised when all are done."""
    if len(jobs) == 1:
        return [await jobs[0]]
    found = await asyncio.gather(*jobs, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return found


async def together(jobs: Sequence[Awaitable[None]]) -> None:
    if jobs:
        await gathered(jobs)


async def gathered_values(calls: Iterator[Any]) -> list[Any]:
    """What the calls give, which are made as they are taken; what has to be awaited is, all at once."""
    values: list[Any] = []
    try:
        values.extend(calls)
    except BaseException:
        for value in values:
            if iscoroutine(value):
                value.close()
        raise
    waiting = [place for place, value in enumerate(values) if _is_awaited(type(value))]
    if waiting:
        for place, value in zip(waiting, await gathered([values[place] for place in waiting]), strict=True):
            values[place] = value
    return values


def _is_awaited(kind: type) -> bool:
    known = _awaited.get(kind)
    return _awaited.setdefault(kind, issubclass(kind, Awaitable)) if known is None else known


_awaited: dict[type, bool] = {}

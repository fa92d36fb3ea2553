"""What nobody in a unit of work reads is done when it is about to be committed, once for all that was left."""

from contextlib import suppress
from uuid import UUID

import pytest

from models import Counter
from models.database import Database
from models.unit_of_work import do_what_was_left, leave_for_the_end, part_of_work, unit_of_work


async def counter(name: str) -> None:
    await Counter.create(tenant_id=UUID(int=7), name=name)


async def test_what_is_left_for_the_end_is_done_once_for_all_of_it_and_in_order(database: Database):
    done: list[tuple[int, list[str]]] = []

    async def work(left: list[str]) -> None:
        done.append((await Counter.all().count(), left))

    async def body() -> None:
        leave_for_the_end(work, "a")
        await counter("c")
        leave_for_the_end(work, "b")

    await unit_of_work(body)

    assert done == [(1, ["a", "b"])]


async def test_what_fails_at_the_end_undoes_everything(database: Database):
    async def work(left: list[None]) -> None:
        raise LookupError("too late")

    async def body() -> None:
        await counter("c")
        leave_for_the_end(work, None)

    with pytest.raises(LookupError, match="too late"):
        await unit_of_work(body)

    assert await Counter.all().count() == 0


@pytest.mark.parametrize("early", [False, True], ids=["at the end", "within the part already"])
async def test_what_was_left_in_a_part_that_is_undone_is_not_done(database: Database, early: bool):
    async def work(left: list[str]) -> None:
        for name in left:
            await counter(name)

    async def body() -> None:
        leave_for_the_end(work, "before")
        with suppress(LookupError):
            async with part_of_work():
                leave_for_the_end(work, "inside")
                if early:
                    await do_what_was_left()
                raise LookupError("changed my mind")
        leave_for_the_end(work, "after")

    await unit_of_work(body)

    assert [row.name for row in await Counter.all().order_by("id")] == ["before", "after"]


async def test_what_is_left_outside_a_unit_is_a_bug(database: Database):
    async def work(left: list[None]) -> None: ...

    with pytest.raises(RuntimeError, match="unit of work"):
        leave_for_the_end(work, None)

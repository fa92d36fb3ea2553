"""A merge costs statements by cases and tables, not by what was said on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from actions import talking
from cases.viewer import Viewer
from models import Account, Case, Message
from models.database import Database, current_database
from tests import given
from tests.actions.merges import merged
from tests.given import done


@contextmanager
def written() -> Iterator[list[int]]:
    """How many statements went to the connection that writes."""
    writer: Any = current_database().writer
    original, counted = writer.limited, [0]

    async def limited(statement: Any) -> Any:
        counted[0] += 1
        return await original(statement)

    writer.limited = limited
    try:
        yield counted
    finally:
        del writer.limited


async def told(by: Viewer, customer: Account, messages: int) -> Case:
    """A case on which so much was said."""
    case = await given.case(by=by, customer=customer)
    for _ in range(messages):
        await done(talking.add_comment, by=by, case=case, body="Hello")
    return await given.stored(case)  # type: ignore[no-any-return]


async def cost(losers: int, messages: int) -> int:
    by, acme = await given.viewer(), await given.account()
    survivor, *others = [await told(by, acme, messages) for _ in range(losers + 1)]
    with written() as statements:
        await merged(survivor, *others, by=by)
    assert await Message.filter(case_id=survivor.id).count() == messages * (losers + 1)
    return statements[0]


async def test_what_was_said_on_them_costs_nothing_more(sqlite_database: Database):
    few, many = await cost(2, 1), await cost(2, 25)

    assert many == few


async def test_each_case_costs_the_same(sqlite_database: Database):
    one, two, six = [await cost(losers, 2) for losers in (1, 2, 6)]

    assert six - two == 4 * (two - one)
    assert two - one <= 12

"""Rows are read under a condition, in one statement a call, as models or as they are."""

from collections.abc import AsyncIterator
from datetime import UTC
from uuid import UUID

import pytest

from cases.conditions import EVERYTHING, NOTHING, All, Compare, Op, Related, in_utc
from models import reading, statements
from models.database import current_database
from models.statements import Keys, Order
from models.unit_of_work import unit_of_work
from tests.models import reading_tables as tables
from tests.models.reading_tables import Item, Row, Shelf, fill, warehouse

BY_SERIAL = (Order("serial"), Order("id"))


@pytest.fixture(scope="module")
async def items(warehouse_url: str) -> AsyncIterator[list[Row]]:
    shelves, items = tables.rows(60)
    async with warehouse(warehouse_url):
        await fill(shelves, items)
        yield items


@pytest.fixture
def run(items: list[Row], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that the test runs, in order; they are run all the same."""
    statements_run: list[str] = []
    client = type(current_database().reader)
    execute = client.execute_query

    async def seen(self, query, values=None):
        statements_run.append(query)
        return await execute(self, query, values)

    monkeypatch.setattr(client, "execute_query", seen)
    return statements_run


def ordered(items: list[Row]) -> list[Row]:
    return sorted(items, key=lambda item: (item.serial, item.id))


async def test_a_row_comes_back_as_it_was_stored(items):
    found = {row.id: row for row in await reading.select(Item, EVERYTHING)}

    for item in items:
        row = found[item.id]
        assert (row.title, row.note, row.pieces, row.serial) == (item.title, item.note, item.pieces, item.serial)
        assert (row.grade, row.stage, row.token, row.day) == (item.grade, item.stage, item.token, item.day)
        assert (row.weight, row.is_sold, row.extra) == (item.weight, item.is_sold, item.extra)
        assert (row.shelf_id, row.made_at) == (item.shelf_id, in_utc(item.made_at))
        assert row.made_at.tzinfo is UTC


async def test_a_row_that_was_read_can_be_changed_and_saved(items):
    made = await Item.create(title="new", made_at=tables.INSTANTS[0])
    row = await reading.first(Item, Compare("id", Op.EQ, made.id))
    assert row is not None
    row.title = "changed"
    await row.save()

    assert (await Item.get(id=made.id)).title == "changed"
    await made.delete()


async def test_rows_come_in_order_and_no_more_than_wanted(items, run):
    found = await reading.select(Item, Compare("pieces", Op.IS_NULL, False), order=BY_SERIAL, limit=5)

    assert [row.id for row in found] == [item.id for item in ordered(items) if item.pieces is not None][:5]
    assert len(run) == 1


async def test_only_the_columns_named_are_there(items):
    (row,) = await reading.select(Item, EVERYTHING, columns=("id", "grade", "made_at"), order=BY_SERIAL, limit=1)
    item = ordered(items)[0]

    assert (row.id, row.grade, row.made_at) == (item.id, item.grade, in_utc(item.made_at))
    assert not hasattr(row, "title")


async def test_the_first_row_or_none(items):
    first = await reading.first(Item, EVERYTHING, order=BY_SERIAL)

    assert first is not None
    assert first.id == ordered(items)[0].id
    assert await reading.first(Item, NOTHING) is None


async def test_rows_by_id_leave_out_what_is_not_there_or_out_of_sight(items, run):
    wanted = [items[0].id, items[1].id, UUID(int=1)]
    visible = Compare("id", Op.NIN, [items[1].id])

    found = await reading.by_ids(Item, wanted, visible)

    assert list(found) == [items[0].id]
    assert len(run) == 1


async def test_no_ids_ask_nothing(items, run):
    assert await reading.by_ids(Item, [], EVERYTHING) == {}
    assert await reading.related(Item, "shelf_id", [], EVERYTHING) == {}
    assert await reading.count_by(Item, "shelf_id", [], EVERYTHING) == {}
    assert run == []


@pytest.mark.parametrize("limit", [None, 1, 3, 100])
@pytest.mark.parametrize("amount", [1, 10])
async def test_related_rows_are_limited_for_each_key(items, run, limit, amount):
    shelves = [*(shelf.id for shelf in await Shelf.all()), UUID(int=1)][-amount:]
    run.clear()
    sold = Compare("is_sold", Op.EQ, True)

    found = await reading.related(Item, "shelf_id", shelves, sold, order=BY_SERIAL, limit_per_key=limit)

    assert list(found) == shelves
    for shelf in shelves:
        expected = [item.id for item in ordered(items) if item.shelf_id == shelf and item.is_sold]
        assert [row.id for row in found[shelf]] == expected[:limit]
    assert len(run) == 1


async def test_related_rows_may_be_of_few_columns(items):
    shelves = [shelf.id for shelf in await Shelf.all()]

    found = await reading.related(
        Item, "shelf_id", shelves, EVERYTHING, columns=("shelf_id", "title"), order=BY_SERIAL, limit_per_key=2
    )

    for shelf in shelves:
        assert [row.title for row in found[shelf]] == [i.title for i in ordered(items) if i.shelf_id == shelf][:2]


async def test_counting(items, run):
    sold = Compare("is_sold", Op.EQ, True)
    expected = sum(item.is_sold is True for item in items)

    assert await reading.count(Item, sold) == expected
    assert await reading.count(Item, sold, at_most=3) == 3
    assert await reading.count(Item, sold, at_most=1000) == expected
    assert await reading.exists(Item, sold)
    assert not await reading.exists(Item, NOTHING)
    assert len(run) == 5


async def test_counting_for_each_key(items, run):
    shelves = [*(shelf.id for shelf in await Shelf.all()), UUID(int=1)]
    run.clear()
    sold = Compare("is_sold", Op.EQ, True)

    counts = await reading.count_by(Item, "shelf_id", shelves, sold)

    assert counts == {shelf: sum(i.shelf_id == shelf and i.is_sold is True for i in items) for shelf in shelves}
    assert len(run) == 1


async def test_a_unit_of_work_reads_what_it_wrote_and_others_do_not(items):
    fresh = Compare("title", Op.EQ, "of this unit")

    async def body() -> int:
        await Item.create(title="of this unit", made_at=tables.INSTANTS[0])
        inside = await reading.count(Item, fresh)
        raise Undone(inside)

    with pytest.raises(Undone) as undone:
        await unit_of_work(body)
    assert undone.value.args == (1,)
    assert await reading.count(Item, fresh) == 0


class Undone(Exception):
    """Rolls the unit of work back."""


async def test_statements_can_be_run_for_plain_rows(items):
    statement = statements.select(
        Item,
        ("title", "serial"),
        Related("shelf", Compare("room", Op.IS_NULL, False)),
        reading.dialect(),
        order=BY_SERIAL,
        keys=Keys("is_sold", [True, False], limit=2),
    )
    found = await reading.rows(statement)

    assert [row[statements.RANK] for row in found] == [1, 1, 2, 2]
    assert set(dict(found[0])) == {"title", "serial", statements.RANK}


async def test_one_statement_text_serves_lists_of_every_length(items):
    """So that the databases can keep it prepared."""
    condition = All((Compare("is_sold", Op.EQ, True), Compare("pieces", Op.GT, 0)))
    texts = {
        statements.select(
            Item, None, condition, "postgres", order=BY_SERIAL, keys=Keys("shelf_id", [UUID(int=n)] * n, limit=3)
        ).sql
        for n in range(2, 90)
    }

    assert len(texts) == 1

"""Pages are cut where a row stands: walking them gives the whole list, once, in order, from either end."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some
from pytest import param

from cases.conditions import EVERYTHING, NOTHING, Compare, Condition, Op, in_utc, positions
from cases.refusals import BadInput
from models.paging import Asked, Order, Page, asked, listing, page, pages
from settings import Limits
from tests.models import reading_tables as tables
from tests.models.reading_tables import Grade, Item, Row, Shelf, Stage, fill, warehouse

SECRET = b"a secret of the tests"
COLUMNS = (
    *("title", "note", "pieces", "serial", "weight", "is_sold"),
    *("made_at", "due_at", "day", "grade", "stage", "token"),
)


@pytest.fixture(scope="module")
async def items(warehouse_url: str) -> AsyncIterator[list[Row]]:
    shelves, items = tables.rows(60)
    async with warehouse(warehouse_url):
        await fill(shelves, items)
        yield items


def in_order(items: list[Row], order: tuple[Order, ...]) -> list[UUID]:
    """The ids in that order, by Python's own sort: last term first, as a stable sort wants it."""
    ordered = list(items)
    for term in reversed(listing(Item, order, SECRET).order):
        values = [one for one in ordered if getattr(one, term.column) is not None]
        nulls = [one for one in ordered if getattr(one, term.column) is None]
        values.sort(key=lambda one: sortable(getattr(one, term.column)), reverse=term.descending)
        ordered = [*values, *nulls] if term.nulls_last else [*nulls, *values]
    return [one.id for one in ordered]


def sortable(value):
    if isinstance(value, Grade | Stage):
        return positions(type(value))[value]
    return in_utc(value) if hasattr(value, "tzinfo") else value


async def walk(order, *, size: int, backward: bool = False, condition: Condition = EVERYTHING) -> list[Page[Item]]:
    """All pages, in the order in which they are come by."""
    walked = [await page(Item, condition, order, Asked(size, backward), secret=SECRET)]
    while walked[-1].has_previous if backward else walked[-1].has_next:
        cursor = walked[-1].cursors[0 if backward else -1]
        place = Asked(size, True, before=cursor) if backward else Asked(size, after=cursor)
        walked.append(await page(Item, condition, order, place, secret=SECRET))
        assert len(walked) <= 60, "the walk goes in circles"
    return walked


def ids(walked: list[Page[Item]]) -> list[UUID]:
    return [row.id for one in walked for row in one.rows]


ORDERS = some.lists(
    some.builds(Order, some.sampled_from((*COLUMNS, "id")), some.booleans(), some.booleans()), max_size=3
).map(tuple)


@hypothesis_settings(max_examples=60, deadline=None)
@given(order=ORDERS, size=some.integers(7, 70))
async def test_walking_forward_gives_the_whole_list_in_order(items, order, size):
    walked = await walk(order, size=size)

    assert ids(walked) == in_order(items, order)
    assert [one.has_previous for one in walked] == [False] + [True] * (len(walked) - 1)


@hypothesis_settings(max_examples=60, deadline=None)
@given(order=ORDERS, size=some.integers(7, 70))
async def test_walking_backward_gives_the_same_pages_from_the_other_end(items, order, size):
    walked = await walk(order, size=size, backward=True)

    assert ids(walked[::-1]) == in_order(items, order)
    assert [one.has_next for one in walked] == [False] + [True] * (len(walked) - 1)


async def test_every_column_orders_both_ways_with_nulls_at_either_end(items):
    for name in COLUMNS:
        for descending in (False, True):
            for nulls_last in (False, True):
                order = (Order(name, descending, nulls_last),)

                assert ids(await walk(order, size=13)) == in_order(items, order), order


@hypothesis_settings(max_examples=25, deadline=None)
@given(order=ORDERS, seed=some.integers(0, 2**32), backward=some.booleans())
async def test_rows_that_come_and_go_meanwhile_neither_repeat_nor_hide_the_others(items, order, seed, backward):
    chance = Random(seed)
    before = in_order(items, order)
    found: list[UUID] = []
    passing: list[Item] = []
    place = Asked(7, backward)
    try:
        while True:
            one = await page(Item, EVERYTHING, order, place, secret=SECRET)
            found.extend(row.id for row in (reversed(one.rows) if backward else one.rows))
            if not (one.has_previous if backward else one.has_next):
                break
            cursor = one.cursors[0 if backward else -1]
            place = Asked(7, backward, None if backward else cursor, cursor if backward else None)
            for gone in passing[:2]:
                await gone.delete()
            newcomers = [tables.item(chance, []) for _ in range(3)]
            passing = [*passing[2:], *[await Item.create(**without_shelf(one)) for one in newcomers]]
    finally:
        await Item.filter(id__not_in=[one.id for one in items]).delete()

    assert len(found) == len(set(found))
    stayed = [one for one in found if one in set(before)]
    assert (stayed[::-1] if backward else stayed) == before


def without_shelf(one: Row) -> dict[str, Any]:
    return {name: value for name, value in vars(one).items() if name != "shelf"}


BY_PIECES = (Order("pieces"),)


async def test_a_page_starts_behind_its_cursor_even_if_that_row_is_gone(items):
    passing = await Item.create(title="passing", made_at=tables.INSTANTS[0], pieces=1)
    cursor = listing(Item, BY_PIECES, SECRET).cursor(passing)
    there = await page(Item, EVERYTHING, BY_PIECES, Asked(5, after=cursor), secret=SECRET)
    await passing.delete()

    after = await page(Item, EVERYTHING, BY_PIECES, Asked(5, after=cursor), secret=SECRET)

    assert [row.id for row in after.rows] == [row.id for row in there.rows]


async def test_between_two_cursors_both_ends_are_told(items):
    everything = await page(Item, EVERYTHING, BY_PIECES, Asked(100), secret=SECRET)
    start, end = everything.cursors[10], everything.cursors[20]

    part = await page(Item, EVERYTHING, BY_PIECES, Asked(100, after=start, before=end), secret=SECRET)
    from_end = await page(Item, EVERYTHING, BY_PIECES, Asked(4, True, after=start, before=end), secret=SECRET)

    assert part.cursors == everything.cursors[11:20]
    assert (part.has_previous, part.has_next) == (True, True)
    assert from_end.cursors == everything.cursors[16:20]
    assert (from_end.has_previous, from_end.has_next) == (True, True)


async def test_nothing_lies_before_a_cursor_whose_rows_are_out_of_sight(items):
    everything = await page(Item, EVERYTHING, (Order("id"),), Asked(100), secret=SECRET)
    first, second = everything.rows[:2]
    others = Compare("id", Op.NIN, [first.id])
    cursor = everything.cursors[0]

    looked = await page(Item, others, (Order("id"),), Asked(1, after=cursor), secret=SECRET)
    unlooked = await page(Item, others, (Order("id"),), Asked(1, after=cursor), secret=SECRET, both_ends=False)

    assert [row.id for row in looked.rows] == [second.id]
    assert (looked.has_previous, looked.has_next) == (False, True)
    assert (unlooked.has_previous, unlooked.has_next) == (True, True)


async def test_a_page_of_no_rows_still_tells_whether_there_are_any(items):
    some_rows = await page(Item, EVERYTHING, (), Asked(0), secret=SECRET)
    none = await page(Item, NOTHING, (), Asked(0), secret=SECRET)

    assert (some_rows.rows, some_rows.has_next) == ([], True)
    assert (none.rows, none.has_next) == ([], False)


async def test_only_the_columns_asked_for_and_those_of_the_cursor_are_read(items):
    full = await page(Item, EVERYTHING, BY_PIECES, Asked(5), secret=SECRET)
    part = await page(Item, EVERYTHING, BY_PIECES, Asked(5), secret=SECRET, columns=("title",))

    assert part.cursors == full.cursors
    assert [row.title for row in part.rows] == [row.title for row in full.rows]
    assert not hasattr(part.rows[0], "note")


@hypothesis_settings(max_examples=25, deadline=None)
@given(order=ORDERS, size=some.integers(1, 5), backward=some.booleans(), start=some.none() | some.integers(0, 59))
async def test_pages_of_many_parents_are_those_of_each(items, order, size, backward, start):
    shelves = [shelf.id for shelf in await Shelf.all()]
    cursor = None if start is None else listing(Item, order, SECRET).cursor(await Item.get(id=items[start].id))
    place = Asked(size, backward, None if backward else cursor, cursor if backward else None)

    together = await pages(Item, "shelf_id", shelves, EVERYTHING, order, place, secret=SECRET)

    assert list(together) == shelves
    for shelf in shelves:
        alone = await page(Item, Compare("shelf_id", Op.EQ, shelf), order, place, secret=SECRET)
        one = (await pages(Item, "shelf_id", [shelf], EVERYTHING, order, place, secret=SECRET))[shelf]
        for found in (together[shelf], one):
            assert found.cursors == alone.cursors
            assert (found.has_previous, found.has_next) == (alone.has_previous, alone.has_next)


async def test_no_parents_have_no_pages(items):
    assert await pages(Item, "shelf_id", [], EVERYTHING, (), Asked(5), secret=SECRET) == {}


# What a client may ask


@pytest.mark.parametrize(
    ("arguments", "page"),
    [
        param({}, Asked(25), id="the default"),
        param({"first": 100}, Asked(100), id="the largest"),
        param({"first": 0, "after": "x"}, Asked(0, after="x"), id="none"),
        param({"last": 3, "before": "x"}, Asked(3, True, before="x"), id="from the end"),
    ],
)
def test_a_page_is_asked_by_first_or_last(arguments, page):
    assert asked(Limits(), **arguments) == page


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        param({"first": -1}, ("first",), id="fewer than none"),
        param({"first": 101}, ("first",), id="too many"),
        param({"last": 101}, ("last",), id="too many from the end"),
        param({"first": 1, "last": 1}, ("last",), id="both ends"),
    ],
)
def test_a_page_no_one_can_have_is_refused(arguments, path):
    with pytest.raises(BadInput) as refused:
        asked(Limits(), **arguments)

    assert refused.value.path == path


def place() -> str:
    return listing(Item, BY_PIECES, SECRET).cursor_at([3, UUID(int=7)])


def changed(cursor: str) -> str:
    """The same place with another piece count, signed as before."""
    raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    return urlsafe_b64encode(raw.replace(b"[3,", b"[4,")).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "cursor",
    [
        param("", id="empty"),
        param("x", id="no base64"),
        param("ü", id="no ASCII"),
        param("YXJyYXljb25uZWN0aW9uOjE=", id="somebody else's"),
        param(changed(place()), id="changed"),
        param(place() + "A", id="longer"),
        param(place() + "=", id="padded"),
        param("\n" + place(), id="what base64 reads past"),
        param(place()[:-2], id="shorter"),
        param(listing(Item, BY_PIECES, b"another secret").cursor_at([3, UUID(int=7)]), id="signed by somebody else"),
        param(listing(Item, (Order("serial"),), SECRET).cursor_at([3, UUID(int=7)]), id="of another order"),
        param(listing(Item, (Order("pieces", True),), SECRET).cursor_at([3, UUID(int=7)]), id="of the opposite order"),
        param(listing(Shelf, (Order("room"),), SECRET).cursor_at([3, UUID(int=7)]), id="of another table"),
    ],
)
@pytest.mark.parametrize("argument", ["after", "before"])
async def test_a_cursor_that_does_not_belong_here_is_refused(items, cursor, argument):
    place = Asked(5, argument == "before", **{argument: cursor})

    with pytest.raises(BadInput) as refused:
        await page(Item, EVERYTHING, BY_PIECES, place, secret=SECRET)
    assert refused.value.path == (argument,)

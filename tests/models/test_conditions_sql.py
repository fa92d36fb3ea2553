"""A condition selects the same rows in SQLite, in PostgreSQL and in memory."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy
from pytest import param

from cases.conditions import EVERYTHING, NOTHING, All, AnyOf, Compare, Condition, Not, Op, Related, holds
from models import conditions_sql, reading
from models.columns import Parameters
from tests.models import reading_tables as tables
from tests.models.reading_tables import Grade, Item, Row, Shelf, Stage, fill, warehouse


@pytest.fixture(scope="module")
async def items(warehouse_url: str) -> AsyncIterator[list[Row]]:
    """The rows as they were before they were stored: zones, unrounded decimals and all, with their shelves in place."""
    shelves, items = tables.rows(150)
    async with warehouse(warehouse_url):
        await fill(shelves, items)
        yield items


INSTANTS = some.sampled_from(tables.INSTANTS) | some.datetimes(timezones=some.timezones())
VALUES: dict[str, SearchStrategy[object]] = {
    "title": some.sampled_from(tables.TEXTS) | some.text(some.characters(exclude_characters="\0", codec="utf-8")),
    "note": some.sampled_from(tables.TEXTS),
    "pieces": some.sampled_from(tables.NUMBERS + tables.BEYOND),
    "serial": some.sampled_from(tables.SERIALS + tables.BEYOND),
    "weight": some.sampled_from(tables.WEIGHTS),
    "is_sold": some.booleans(),
    "made_at": INSTANTS,
    "due_at": INSTANTS,
    "day": some.sampled_from(tables.DAYS),
    "grade": some.sampled_from(Grade) | some.sampled_from([grade.value for grade in Grade]),
    "stage": some.sampled_from(Stage) | some.sampled_from([stage.value for stage in Stage]),
    "token": some.sampled_from(tables.TOKENS),
    "shelf_id": some.sampled_from([shelf.id for shelf in tables.rows(0)[0]]),
}
SHELF_VALUES: dict[str, SearchStrategy[object]] = {"label": VALUES["note"], "room": VALUES["pieces"]}


def comparisons(values: dict[str, SearchStrategy[object]]) -> SearchStrategy[Condition]:
    names = some.sampled_from(sorted(values))
    single = some.sampled_from([Op.EQ, Op.GT, Op.GTE, Op.LT, Op.LTE])
    texts = some.sampled_from(sorted({"title", "note", "label"} & values.keys()))
    return some.one_of(
        names.flatmap(lambda name: some.builds(Compare, some.just(name), single, values[name] | some.none())),
        names.flatmap(
            lambda name: some.builds(
                Compare, some.just(name), some.sampled_from([Op.IN, Op.NIN]), some.lists(values[name], max_size=40)
            )
        ),
        some.builds(Compare, texts, some.just(Op.CONTAINS), VALUES["title"]),
        some.builds(Compare, names, some.just(Op.IS_NULL), some.booleans()),
    )


def trees(leaves: SearchStrategy[Condition]) -> SearchStrategy[Condition]:
    several = lambda inner: some.lists(inner, max_size=4).map(tuple)  # noqa: E731 - a name for one argument
    return some.recursive(
        leaves,
        lambda inner: some.builds(All, several(inner)) | some.builds(AnyOf, several(inner)) | some.builds(Not, inner),
        max_leaves=12,
    )


SHELVES = trees(comparisons(SHELF_VALUES))
ABOVE = some.builds(Related, some.just("above"), trees(SHELVES | some.builds(Related, some.just("above"), SHELVES)))
CONDITIONS = trees(comparisons(VALUES) | some.builds(Related, some.just("shelf"), SHELVES | ABOVE))


@settings(max_examples=250, deadline=None)
@given(condition=CONDITIONS)
async def test_the_database_selects_the_rows_for_which_the_condition_holds(items, condition):
    selected = await reading.select(Item, condition)

    assert {item.id for item in selected} == {item.id for item in items if holds(condition, item)}


@settings(max_examples=60, deadline=None)
@given(condition=CONDITIONS)
async def test_a_condition_and_its_negation_share_out_the_rows(items, condition):
    held, failed = await reading.count(Item, condition), await reading.count(Item, Not(condition))

    assert held + failed == len(items)


async def test_every_value_finds_its_own_rows(items):
    """Each value of each column, under each comparison: what the random trees may not reach."""
    for name in VALUES:
        for value in {getattr(item, name) for item in items} - {None}:
            for op in (Op.EQ, Op.GT, Op.GTE, Op.LT, Op.LTE):
                for condition in (Compare(name, op, value), Not(Compare(name, op, value))):
                    expected = sum(holds(condition, item) for item in items)

                    assert await reading.count(Item, condition) == expected, condition


async def test_an_instant_is_the_same_in_every_zone(items):
    one = items[0]
    elsewhere = one.made_at.astimezone(tables.BERLIN) + timedelta(0)

    assert one.id in {item.id for item in await reading.select(Item, Compare("made_at", Op.EQ, elsewhere))}


@pytest.mark.parametrize("size", [1, 2, 500, 5_000])
async def test_a_list_of_any_length_is_one_parameter(items, size):
    wanted = [items[0].title, *(f"no title of ours {n}" for n in range(size - 1))]
    condition = Compare("title", Op.IN, wanted)

    assert await reading.count(Item, condition) == sum(holds(condition, item) for item in items)
    for dialect in ("sqlite", "postgres"):
        parameters = Parameters(dialect)
        conditions_sql.compile(condition, Item, parameters)
        assert len(parameters.values) == 1


A, B = Compare("pieces", Op.EQ, 1), Compare("title", Op.EQ, "a")


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        param(A, 't0."pieces" = ?1', id="a comparison stays bare, so that an index can serve it"),
        param(All((A, B)), '(t0."pieces" = ?1 AND t0."title" = ?2)', id="so do several"),
        param(Not(A), '(t0."pieces" <> ?1 OR t0."pieces" IS NULL)', id="a null passes a negation"),
        param(Not(B), 't0."title" <> ?1', id="unless the column has none"),
        param(Not(Not(A)), 't0."pieces" = ?1', id="two negations are none"),
        param(
            Not(AnyOf((A, B))),
            '((t0."pieces" <> ?1 OR t0."pieces" IS NULL) AND t0."title" <> ?2)',
            id="a negation is carried down to the comparisons",
        ),
        param(Not(Compare("pieces", Op.IN, [])), "1=1", id="nothing is in an empty list"),
        param(Compare("pieces", Op.IN, []), "1=0", id="or everything is outside it"),
        param(All((A, NOTHING)), "1=0", id="what cannot hold has no parameters"),
        param(All((A, EVERYTHING)), 't0."pieces" = ?1', id="what always holds is not said"),
        param(Compare("title", Op.IS_NULL, True), "1=0", id="a column without nulls is not asked for them"),
        param(Compare("stage", Op.GT, Stage.SENT), 't0."stage" = ?1', id="words are compared by listing them"),
    ],
)
async def test_what_is_written(items, condition, text):
    assert conditions_sql.compile(condition, Item, Parameters("sqlite")) == text


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        param(B, 't0."title" = $1', id="equality is served by any index"),
        param(
            Compare("title", Op.LT, "a"), 't0."title" COLLATE "C" < $1', id="the order of text is that of code points"
        ),
        param(
            Compare("title", Op.CONTAINS, "A"),
            """strpos(lower(t0."title" COLLATE "C"), $1) > 0""",
            id="only ASCII is folded",
        ),
        param(Compare("pieces", Op.IN, [1, 2]), 't0."pieces" = ANY($1::bigint[])', id="a list is one parameter"),
        param(Not(Compare("title", Op.IN, ["a", "b"])), 't0."title" <> ALL($1)', id="and outside it, too"),
    ],
)
async def test_what_is_written_for_postgres(items, condition, text):
    """Told apart by text where a server's own collation may happen to agree."""
    assert conditions_sql.compile(condition, Item, Parameters("postgres")) == text


@pytest.mark.parametrize(
    ("model", "condition"),
    [
        param(Item, Compare("colour", Op.EQ, 1), id="no such column"),
        param(Item, Compare("shelf", Op.EQ, 1), id="a relation is no column"),
        param(Item, Related("shelf_id", EVERYTHING), id="a column is no relation"),
        param(Shelf, Related("items", EVERYTHING), id="no such relation"),
        param(Item, Compare("extra", Op.EQ, {"a": 1}), id="JSON has no order and no equality"),
    ],
)
async def test_what_the_table_does_not_have_is_a_mistake(items, model, condition):
    with pytest.raises(LookupError):
        conditions_sql.compile(condition, model, Parameters("sqlite"))

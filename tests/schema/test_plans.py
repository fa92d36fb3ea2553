"""Every list that people have on their screens is read along an index, on both databases: tables may grow."""

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any, Final

import orjson
import pytest
from pytest import param

import models
from bench.nested.lists import LISTS, SECOND_PAGES, document, page_behind
from bench.nested.pages import ANSWERED_AT, viewer_of
from bench.nested.rows import House, add, begin
from cases.viewer import Viewer
from models.columns import Kind, column
from models.database import Database, current_database, open_database
from models.fields import SortedCharField
from models.unit_of_work import unit_of_work
from schema.derived import NAMES
from schema.mirror import MIRRORS
from tests import given
from tests.databases import postgres_copy

CASES, OTHERS = 6_000, 3_000
BIG: Final = (
    *("account", "activity", "article", "article_link", "case", "case_event", "contact", "message", "notification"),
    *("queue_item", "search_word", "sla_kpi_instance"),
)
FAR: Final = 12
"""Pages of a hundred: more than may be read in vain."""

PAGE_ROWS: Final = 51
"""What a page of fifty asks for: one more than it shows."""

OF_A_CASE: Final = 't0."case_id" = '
"""What belongs to one case may be sorted: it does not grow with the table."""

NODES: Final = "{ nodes { id } pageInfo { endCursor } }"

ALL = [
    *(param(text, id=name) for name, text in LISTS.items()),
    *(
        param(f"{{ cases(first: 50, orderBy: [{{{order}}}]) {NODES} }}", id=f"cases by {order}")
        for order in ("createdAt: ASC", "updatedAt: ASC", "priority: ASC", "followUpAt: DESC")
    ),
    *(
        param(f"{{ cases(first: 50, where: {{{where}}}) {NODES} }}", id=f"cases where {where}")
        for where in ('number: {eq: "BENCH-0000007"}', 'externalId: {eq: "7"}')
    ),
    *(
        param(f"{{ {name}(first: 50, orderBy: [{{{order}: DESC}}]) {NODES} }}", id=f"{name} by {order}, from the end")
        for name, order in (
            *(("customers", "name"), ("contacts", "name"), ("articles", "title"), ("slaKpiInstances", "failAt")),
            *(("customers", "createdAt"), ("contacts", "createdAt"), ("articles", "updatedAt")),
        )
    ),
    param(f"{{ cases(last: 50, orderBy: [{{deadline: DESC}}]) {NODES} }}", id="last page by deadline, latest first"),
    param("{ cases(first: 50) { nodes { events(last: 5) { nodes { kind } } } } }", id="events of cases"),
    param("{ cases(first: 50) { nodes { messages(last: 2) { nodes { body } } } } }", id="messages of cases"),
    param("{ cases(first: 50) { nodes { activities(first: 5) { nodes { subject } } } } }", id="activities of cases"),
    param(
        "{ slaKpiInstances(first: 50, where: {state: {eq: IN_PROGRESS}}) { nodes { kpi } } }",
        id="clocks by their state",
    ),
]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("plans") / "rows.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite://{path}"
        return
    server, template = (request.getfixturevalue(f"postgres_{name}") for name in ("url_of_server", "template"))
    with postgres_copy(server, template) as copy:
        yield copy


@pytest.fixture(scope="module")
async def house(url: str) -> AsyncIterator[House]:
    """A tenant with thousands of cases, customers and articles."""
    async with open_database(url):
        house = await begin()
        await unit_of_work(lambda: others(house))
        await add(house, 0, CASES)
        yield house


async def others(house: House) -> None:
    names = [{"name": f"Customer {n}"} for n in range(OTHERS)]
    await house.write(models.Account, names)
    await house.write(models.Contact, names)
    await house.write(
        models.Article,
        [{"number": f"A-{n}", "title": f"Answer {n}", "body": "Yes.", "state": "DRAFT"} for n in range(OTHERS)],
    )


@pytest.mark.parametrize("text", ALL)
async def test_it_is_read_along_an_index(house: House, text: str):
    database = current_database()
    seen = await _statements(database, document(text, house), _somebody(house))

    assert seen
    for sql, values in seen:
        assert not [*await _faults(database, sql, values)], sql


@pytest.mark.parametrize(
    ("name", "pages"),
    [*((name, FAR) for name in SECOND_PAGES if "urgent" not in name), ("active, most urgent first", 1)],
)
async def test_so_is_a_page_far_behind_the_first(house: House, name: str, pages: int):
    """What was shown before is not read again, but for rows that are alike in what is ordered by first."""
    text = document(LISTS[name], house).replace("first: 50", "first: 100")
    page = text
    for _ in range(pages):
        answer = await given.answer(page, viewer=_somebody(house), now=ANSWERED_AT)
        page = page_behind(text, answer["cases"]["pageInfo"]["endCursor"])
    seen = await _statements(current_database(), page, _somebody(house))

    for sql, values in seen:
        assert not [*await _faults(current_database(), sql, values)], sql


def test_texts_that_lists_sort_by_sort_alike_in_their_columns():
    """Otherwise an index over them is in another order than the list on PostgreSQL: `SortedCharField`."""
    for mirror in MIRRORS.values():
        order = NAMES.get(f"{mirror.type.__name__}Order")
        for name in getattr(order, "__annotations__", {}):
            ordered = column(mirror.model, name)

            assert ordered.kind is not Kind.TEXT or isinstance(ordered.field, SortedCharField), (mirror.type, name)


def _somebody(house: House) -> Viewer:
    return replace(viewer_of(house.tenant_id), person_id=house.people[0])


async def _statements(database: Database, text: str, by: Viewer) -> list[tuple[str, list[Any]]]:
    """What is asked of the database for this, with the values."""
    seen: list[tuple[str, list[Any]]] = []
    client, original = database.reader, database.reader.execute_query

    async def execute_query(sql: str, values: list[Any] | None = None) -> Any:
        seen.append((sql, list(values or ())))
        return await original(sql, values)

    client.execute_query = execute_query
    try:
        await given.answer(text, viewer=by, now=ANSWERED_AT)
    finally:
        del client.execute_query
    return seen


async def _faults(database: Database, sql: str, values: list[Any]) -> list[str]:
    """What in the plan would take longer as tables grow: all rows of a big table looked through, or sorted."""
    if database.dialect == "sqlite":
        _, rows = await database.reader.execute_query(f"EXPLAIN QUERY PLAN {sql}", values)
        steps = [row["detail"] for row in rows]
        is_big = any(f'FROM "{table}" AS t0' in sql for table in BIG) and OF_A_CASE not in sql
        scans = [step for step in steps if step.startswith("SCAN t0") and "INDEX" not in step and is_big]
        sorts = [step for step in steps if "TEMP B-TREE" in step and "PARTITION BY" not in sql and is_big]
        return scans + sorts[sql.count(" AS half") :]  # halves, no longer than a page each, are sorted into one
    _, rows = await database.reader.execute_query(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", values)
    (found,) = orjson.loads(rows[0][0])
    nodes = list(_nodes(found["Plan"]))
    is_page = " LIMIT " in sql and "hits" not in sql
    scans = [node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"]
    most = 4 * PAGE_ROWS if is_page else CASES // 4
    sorts = [str(node["Sort Key"]) for node in nodes if "Sort" in node["Node Type"] and node["Plan Rows"] > most]
    passed = [
        f"{node['Relation Name']}: {node['Rows Removed by Filter']} rows read in vain"
        for node in nodes
        if is_page and node.get("Rows Removed by Filter", 0) > 10 * PAGE_ROWS
    ]
    return [table for table in scans if table in BIG] + sorts + passed


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)

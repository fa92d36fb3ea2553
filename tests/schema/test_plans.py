"""Every list that people have on their screens is read along an index, on both databases: tables may grow."""

import shutil
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

import orjson
import pytest
from pytest import param

from bench.nested.pages import ANSWERED_AT, PAGE, viewer_of
from bench.nested.rows import fill
from cases.viewer import Viewer
from models.database import Database, current_database, open_database
from tests import given
from tests.databases import postgres_copy

CASES: Final = 6_000
BIG: Final = ("case", "case_event", "sla_kpi_instance", "queue_item", "article_link", "activity")
NODES: Final = "{ nodes { id } pageInfo { endCursor } }"

LISTS = [
    param(PAGE, id="the reference page"),
    *(
        param(f"{{ cases(first: 50, orderBy: [{{{order}}}]) {NODES} }}", id=f"cases by {order}")
        for order in ("createdAt: ASC", "createdAt: DESC", "updatedAt: ASC", "updatedAt: DESC", "priority: DESC")
    ),
    *(
        param(f"{{ cases(first: 50, where: {{{where}}}) {NODES} }}", id=f"cases where {where}")
        for where in ("status: {eq: ACTIVE}", 'number: {eq: "BENCH-0000007"}', 'externalId: {eq: "7"}')
    ),
    param("{ cases(first: 50) { nodes { events(last: 5) { nodes { kind } } } } }", id="events of cases"),
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
async def house(url: str) -> AsyncIterator[Viewer]:
    """Somebody in a tenant with thousands of cases."""
    async with open_database(url):
        yield viewer_of(await fill(CASES))


@pytest.mark.parametrize("text", LISTS)
async def test_it_is_read_along_an_index(house: Viewer, text: str):
    database = current_database()
    seen = await _statements(database, text, house)

    assert seen
    for sql, values in seen:
        assert not [*await _faults(database, sql, values)], sql


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
        is_big = any(f'FROM "{table}" AS t0' in sql for table in BIG)
        scans = [step for step in steps if step.startswith("SCAN t0") and "INDEX" not in step and is_big]
        sorts = [step for step in steps if "TEMP B-TREE" in step and "PARTITION BY" not in sql and is_big]
        return scans + sorts
    _, rows = await database.reader.execute_query(f"EXPLAIN (FORMAT JSON) {sql}", values)
    (found,) = orjson.loads(rows[0][0])
    nodes = list(_nodes(found["Plan"]))
    scans = [node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"]
    sorts = [str(node["Sort Key"]) for node in nodes if node["Node Type"] == "Sort" and node["Plan Rows"] > CASES / 4]
    return [table for table in scans if table in BIG] + sorts


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)

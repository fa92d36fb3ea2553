"""Plans: every report finds what happened in its period by an index of the instant, on both databases."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import Any

import asyncpg
import pytest
from pytest import param

from models.addresses import sqlite_path
from models.database import current_database
from schema.reports import REPORTS
from settings import Limits
from tests.seeded import NOW

FIRST, END = date(2025, 5, 1), date(2025, 5, 8)


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    """Every statement that reads, with its values."""
    seen: list[tuple[str, Any]] = []
    client = current_database().reader
    original = client.execute_query

    async def execute_query(sql: str, values: Any = None) -> Any:
        seen.append((sql, values))
        return await original(sql, values)

    client.execute_query = execute_query
    try:
        yield seen
    finally:
        del client.execute_query


async def plan(url: str, sql: str, values: Any) -> str:
    """How the database would go about it; of PostgreSQL, if the tables were too long to be read through."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(sqlite_path(url))) as file:
            return "\n".join(row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {sql}", values))
    connection: Any = await asyncpg.connect(url.replace("postgres://", "postgresql://"))
    try:
        await connection.execute("ANALYZE")
        await connection.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        return "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {sql}", *values))
    finally:
        await connection.close()


def searches(plan: str, *columns: str) -> bool:
    """Whether rows are found by an index of the tenant and these columns, the last one by its range."""
    *equal, ranged = columns
    for line in plan.splitlines():
        found = re.search(r"Index Cond: (.*)|USING (?:COVERING )?INDEX \w+ \((.*)\)", line)
        told = (found[1] or found[2]) if found else ""
        if "tenant_id" in told and all(name in told for name in equal) and re.search(rf'"?\b{ranged}"? ?>', told):
            return True
    return False


@pytest.mark.parametrize(
    ("name", "indexes"),
    [
        param("sla_attainment", [("applied_from",)]),
        param("response_times", [("succeeded_at",)]),
        param("backlog", [("kind", "at")]),
        param("backlog_ages", [("kind", "at")]),
        param("flow", [("kind", "at")]),
        param("breach_forecast", [("fail_at",)]),
        param("agent_workload", [("at",), ("kind", "at"), ("breached_at",), ("fail_at",), ("state", "ended_at")]),
        param("pause_audit", [("at",)]),
    ],
)
async def test_what_happened_in_the_period_is_found_by_an_index(manager, demo_url, name, indexes):
    with asked() as statements:
        await REPORTS[name].read(manager, FIRST, END, now=NOW, limits=Limits())
    plans = [await plan(demo_url, sql, values) for sql, values in statements if " AS b " in sql]

    assert len(plans) >= len(indexes)
    for columns in indexes:
        assert any(searches(one, *columns) for one in plans), "\n\n".join(plans)
    for one in plans:  # and the cases of what was found, each by its key
        assert not re.search(r"SCAN t0\b|SCAN t10\b|Seq Scan on (case|sla|activity)", one), one


async def test_the_number_of_statements_does_not_depend_on_what_happened(manager):
    counts = {}
    for name, report in REPORTS.items():
        for first, end in ((FIRST, END), (date(2025, 3, 20), date(2025, 6, 5))):
            with asked() as statements:
                await report.read(manager, first, end, now=NOW, limits=Limits())
            counts.setdefault(name, []).append(len(statements))

    assert all(few <= 10 and many <= 16 for few, many in counts.values()), counts


def test_every_report_is_planned_or_reads_contracts():
    planned = test_what_happened_in_the_period_is_found_by_an_index.pytestmark[0].args[1]

    assert {row.values[0] for row in planned} == set(REPORTS) - {"entitlement_consumption"}

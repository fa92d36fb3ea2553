"""The same page while the table grows: its time follows from what it shows, not from what is stored.

    python -m bench.growth [most cases]

In process, on both databases, with ten thousand cases and a hundred thousand; a million only where it is asked for.
Beside the reference page, lists by other orders and filters, as people have them on their screens.
"""

import gc
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import uvloop

from bench.execution import SECRET
from bench.load.machine import machine
from bench.nested.pages import ANSWERED_AT, PAGE, viewer_of
from bench.nested.rows import add, begin
from cases.viewer import Viewer
from models.database import open_database
from schema.context import Context
from schema.graph import build_schema
from schema.hardened import CasegraphSchema
from settings import Limits
from tests.databases import database_of, fresh_name, make_tables, on_server, postgres_server

SIZES: Final = (10_000, 100_000, 1_000_000)
TURNS: Final = 15
NODES: Final = "{ nodes { id number title status owner { name } } pageInfo { endCursor hasNextPage } }"
LISTS: Final = {
    "the reference page": PAGE,
    "cases by priority": f"{{ cases(first: 50, orderBy: [{{priority: DESC}}]) {NODES} }}",
    "active cases, newest first": f"{{ cases(first: 50, where: {{status: {{eq: ACTIVE}}}}) {NODES} }}",
    "clocks by what falls due": """{ slaKpiInstances(first: 50, orderBy: [{failAt: ASC}],
        where: {state: {eq: IN_PROGRESS}}) { nodes { kpi failAt case { number } } } }""",
    "what is in a queue": "{ queues(first: 1) { nodes { items(first: 50) { nodes { priority case { number } } } } } }",
}


def main() -> None:
    most = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[0].endswith("growth.py") else 100_000
    sizes = [size for size in SIZES if size <= most]
    print(machine())
    with postgres_server() as server:
        name = fresh_name("growth")
        on_server(server, f'CREATE DATABASE "{name}"')
        uvloop.run(measure("PostgreSQL", database_of(server, name), sizes))
    with tempfile.TemporaryDirectory() as folder:
        uvloop.run(measure("SQLite", f"sqlite://{Path(folder) / 'bench.sqlite3'}", sizes))


async def measure(engine: str, url: str, sizes: list[int]) -> None:
    """Prints a line for each list and size."""
    await make_tables(url)
    schema = build_schema()
    async with open_database(url):
        house, stored = await begin(), 0
        viewer = viewer_of(house.tenant_id)
        gc.collect()
        gc.freeze()
        for size in sizes:
            await add(house, stored, size)
            stored = size
            for name, text in LISTS.items():
                taken = [await _seconds(schema, text, viewer) for _ in range(TURNS)]
                print(
                    f"{engine:10}  {size:9,} cases   {name:28} median {median(taken) * 1e3:8.2f} ms   "
                    f"best {min(taken) * 1e3:8.2f} ms",
                    flush=True,
                )


async def _seconds(schema: CasegraphSchema, text: str, viewer: Viewer) -> float:
    context = Context(viewer, ANSWERED_AT, Limits(), SECRET)
    begun = perf_counter()
    result = await schema.execute(text, context_value=context)
    taken = perf_counter() - begun
    assert not result.errors, result.errors
    return taken


if __name__ == "__main__":
    main()

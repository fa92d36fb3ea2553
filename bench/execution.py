"""A nested page in process: by hand-written SQL, by the fast path, by the stock executor; the same bytes, in one run.

    python -m bench.execution

The page: 50 cases with customer, owner, queue, clocks, children with clocks and owner, and articles.
The loop is the server's, and as there what is loaded is left alone by the collector. The three take turns, so that
whatever else the machine does meets them all; medians are printed, with their ratios.
Owed on both databases: at most twice the time of the hand-written SQL, and a tenth of the stock executor's at most.
"""

import gc
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from uuid import UUID

import orjson
import uvloop

from bench.nested.pages import ANSWERED_AT, PAGE, fields_in, viewer_of
from bench.nested.rows import fill
from bench.nested.written_by_hand import page
from models.database import open_database
from schema.context import Context
from schema.graph import build_schema
from schema.hardened import CasegraphSchema
from settings import Limits
from tests.databases import database_of, fresh_name, make_tables, on_server, postgres_server

CASES, TURNS = 2_000, 40
OWED_OF_WRITTEN, OWED_OF_STOCK = 2.0, 10.0
SECRET = b"the secret of the cursors of this bench"

Ask = Callable[[], Awaitable[bytes]]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        uvloop.run(measure("SQLite", f"sqlite://{Path(folder) / 'bench.sqlite3'}"))
    with postgres_server() as server:
        name = fresh_name("bench")
        on_server(server, f'CREATE DATABASE "{name}"')
        uvloop.run(measure("PostgreSQL", database_of(server, name)))


async def measure(engine: str, url: str) -> bool:
    """Prints the figures of one database; whether what is owed is met."""
    await make_tables(url)
    async with open_database(url):
        tenant_id = await fill(CASES)
        ways: dict[str, Ask] = {
            "hand-written SQL and orjson": lambda: page(tenant_id),
            "the fast path": asking(build_schema(), tenant_id),
            "the stock executor": asking(build_schema(fast_reads=False), tenant_id),
        }
        answers = [await ask() for ask in ways.values()]
        gc.collect()
        gc.freeze()  # as the server does
        assert answers[1] == answers[2], "the fast path and the stock executor disagree"
        assert answers[0] == answers[1], "the hand-written SQL answers something else"
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(TURNS):
            for name, ask in ways.items():
                begun = perf_counter()
                await ask()
                taken[name].append(perf_counter() - begun)
    written, fast, stock = (median(times) for times in taken.values())
    print(f"{engine}: {fields_in(answers[0])} fields, {len(answers[0]) // 1000} kB, {CASES} cases stored")
    for name, times in taken.items():
        print(f"  {name:31} median {median(times) * 1e3:9.2f} ms   best   {min(times) * 1e3:9.2f} ms")
    print(f"  {'fast path / hand-written':31} {fast / written:9.2f}          owed at most  {OWED_OF_WRITTEN}")
    print(f"  {'stock executor / fast path':31} {stock / fast:9.2f}          owed at least {OWED_OF_STOCK}")
    return fast <= OWED_OF_WRITTEN * written and stock >= OWED_OF_STOCK * fast


def asking(schema: CasegraphSchema, tenant_id: UUID) -> Ask:
    viewer = viewer_of(tenant_id)

    async def ask() -> bytes:
        context = Context(viewer, ANSWERED_AT, Limits(), SECRET)
        result = await schema.execute(PAGE, context_value=context)
        assert not result.errors, result.errors
        return orjson.dumps({"data": result.data})

    return ask


if __name__ == "__main__":
    main()

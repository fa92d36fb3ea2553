"""The same pages while the tables grow: their time follows from what they show, not from what is stored.

    python -m bench.growth [most cases]

In process, on both databases, with ten thousand cases and a hundred thousand; a million only where it is asked for (it
takes some twenty gigabytes of disk at a time). All lists of `bench/nested/lists.py`, page after page of the largest.
Printed as a table: the median of each list, and the best, by how many cases there are.
"""

import gc
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

import orjson
import uvloop

from bench.execution import SECRET
from bench.load.machine import machine
from bench.nested.blocks import copy_block
from bench.nested.lists import LISTS, SECOND_PAGES, document, page_behind
from bench.nested.pages import ANSWERED_AT, viewer_of
from bench.nested.rows import AT_ONCE, House, add, analyze, begin
from cases.viewer import Viewer
from models.database import open_database
from schema.context import Context
from schema.graph import build_schema
from schema.hardened import CasegraphSchema
from settings import Limits
from tests.databases import database_of, fresh_name, make_tables, on_server, postgres_server

SIZES: Final = (10_000, 100_000, 1_000_000)
TURNS: Final = 15
PATIENT: Final = replace(Limits(), sql_seconds=600.0)
"""A block is written, and a million cases are looked at, by statements that take longer than any of a client's."""


def main() -> None:
    most = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[0].endswith("growth.py") else 100_000
    sizes = [size for size in SIZES if size <= most]
    print(machine())
    with postgres_server(in_memory=False) as server:
        name = fresh_name("growth")
        on_server(server, f'CREATE DATABASE "{name}"')
        uvloop.run(measure("PostgreSQL", database_of(server, name), sizes))
        on_server(server, f'DROP DATABASE "{name}"')
    with tempfile.TemporaryDirectory() as folder:
        uvloop.run(measure("SQLite", f"sqlite://{Path(folder) / 'bench.sqlite3'}", sizes))


async def measure(engine: str, url: str, sizes: list[int]) -> None:
    """Prints a table: a line for each list, a column for each size."""
    await make_tables(url)
    schema = build_schema()
    found: dict[str, list[str]] = {}
    async with open_database(url, PATIENT):
        house, stored = await begin(), 0
        viewer = replace(viewer_of(house.tenant_id), person_id=house.people[0])
        gc.collect()
        gc.freeze()
        for size in sizes:
            begun = perf_counter()
            await grow(house, stored, size)
            stored = size
            print(f"{engine}: {size:,} cases after {perf_counter() - begun:.0f} s of writing", flush=True)
            for name, text in (await _documents(schema, house, viewer)).items():
                taken = [await _seconds(schema, text, viewer) for _ in range(TURNS)]
                figures = f"{median(taken) * 1e3:.1f} ({min(taken) * 1e3:.1f})"
                found.setdefault(name, []).append(figures)
                print(f"{engine:10}  {size:9,} cases  {name:40} {figures:>20} ms", flush=True)
    print("\n".join(["", *_table(engine, sizes, found), ""]), flush=True)


async def grow(house: House, stored: int, size: int) -> None:
    """Writes what `stored` lacks to `size` cases, the first block row by row, the others as its copies."""
    if not stored:
        await add(house, 0, AT_ONCE)
    for number in range(max(1, stored // AT_ONCE), size // AT_ONCE):
        await copy_block(number)
    await analyze()


async def _documents(schema: CasegraphSchema, house: House, viewer: Viewer) -> dict[str, str]:
    """The lists, and the second pages of some."""
    first = {name: document(text, house) for name, text in LISTS.items()}
    second = {}
    for name in SECOND_PAGES:
        answer = await _answer(schema, first[name], viewer)
        second[f"{name}, page 2"] = page_behind(first[name], answer["cases"]["pageInfo"]["endCursor"])
    return first | second


async def _answer(schema: CasegraphSchema, text: str, viewer: Viewer) -> dict[str, Any]:
    result = await schema.execute(text, context_value=Context(viewer, ANSWERED_AT, Limits(), SECRET))
    assert not result.errors, result.errors
    data: dict[str, Any] = orjson.loads(orjson.dumps(result.data))
    return data


async def _seconds(schema: CasegraphSchema, text: str, viewer: Viewer) -> float:
    context = Context(viewer, ANSWERED_AT, Limits(), SECRET)
    begun = perf_counter()
    result = await schema.execute(text, context_value=context)
    taken = perf_counter() - begun
    assert not result.errors, result.errors
    return taken


def _table(engine: str, sizes: list[int], found: dict[str, list[str]]) -> list[str]:
    """The figures as docs/performance.md has them."""
    lines = [f"| {engine} | {' | '.join(f'{size:,} cases' for size in sizes)} |", "|---" * (1 + len(sizes)) + "|"]
    return lines + [f"| {name} | {' | '.join(figures)} |" for name, figures in found.items()]


if __name__ == "__main__":
    main()

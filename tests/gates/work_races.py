#!/usr/bin/env python
"""Of two acts at once on a case both are done in some order, or one is: 200 rounds of each race, by two processes.

The races are in `tests/races.py`; the suite runs a few rounds of each. Fails for a round in which something else
came of them, or after which a case is not the fold of its events.
"""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Manager, get_context
from pathlib import Path
from typing import Any
from uuid import UUID

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from cases.viewer import Viewer  # noqa: E402  # the project is put on the path above
from models.database import open_database  # noqa: E402
from tests import races  # noqa: E402
from tests.databases import database_of, fresh_name, make_tables, on_server, postgres_server  # noqa: E402
from tests.races import RACES  # noqa: E402

ROUNDS = 200


def one_side(url: str, number: int, by: Viewer, rounds: dict[str, list[UUID]], barrier: Any) -> dict[str, list[str]]:
    """What came of one side of every round of every race; each round begins when the other process is there."""

    async def play() -> dict[str, list[str]]:
        came: dict[str, list[str]] = {}
        async with open_database(url):
            for name, case_ids in rounds.items():
                came[name] = []
                for case_id in case_ids:
                    await asyncio.to_thread(barrier.wait, 60)
                    came[name].append(await races.run(RACES[name].sides[number], case_id, by))
        return came

    return asyncio.run(play())


async def prepared(url: str) -> tuple[list[Viewer], dict[str, list[UUID]]]:
    async with open_database(url):
        viewers = await races.world()
        return viewers, {
            name: [await races.ready(race, viewers[0]) for _ in range(ROUNDS)] for name, race in RACES.items()
        }


async def checked(url: str, rounds: dict[str, list[UUID]], sides: list[dict[str, list[str]]], engine: str) -> None:
    async with open_database(url):
        for name, case_ids in rounds.items():
            pairs = list(zip(*(side[name] for side in sides), strict=True))
            for case_id, came in zip(case_ids, pairs, strict=True):
                await races.check(RACES[name], case_id, came)
            print(f"{engine}: {name}: {len(pairs)} rounds; {dict(Counter(pairs))}")  # a gate reports


def race(url: str, engine: str) -> None:
    began = time.perf_counter()
    viewers, rounds = asyncio.run(prepared(url))
    with Manager() as manager, ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        barrier = manager.Barrier(2)
        played = [pool.submit(one_side, url, number, by, rounds, barrier) for number, by in enumerate(viewers)]
        sides = [each.result() for each in played]
    asyncio.run(checked(url, rounds, sides, engine))
    print(f"{engine}: {len(RACES)} races in {time.perf_counter() - began:.0f} s")  # a gate reports


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite://{folder}/races.sqlite3"
        asyncio.run(make_tables(url))
        race(url, "SQLite")
    with postgres_server() as server:
        name = fresh_name("races")
        on_server(server, f'CREATE DATABASE "{name}"')
        url = database_of(server, name)
        asyncio.run(make_tables(url))
        race(url, "PostgreSQL")
        on_server(server, f'DROP DATABASE "{name}" WITH (FORCE)')


if __name__ == "__main__":
    main()

#!/usr/bin/env python
"""Two processes do something to the same cases at once, hundreds of times, on SQLite and on PostgreSQL.

The races and what may come of them are the lines of `tests/actions/races.py` and `work_races.py`. Both processes wait
for each other before each round. Fails for a round that ends in anything else, and for cases that are not what their
histories say.
"""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from cases.viewer import Viewer  # noqa: E402  # the project is put on the path above
from models.database import open_database  # noqa: E402
from models.unit_of_work import unit_of_work  # noqa: E402
from tests import given  # noqa: E402
from tests.actions.races import RACES, Ids, Race, check, run_side  # noqa: E402
from tests.actions.work_races import ALL_RACES  # noqa: E402
from tests.databases import database_of, fresh_name, make_tables, on_server, postgres_server  # noqa: E402

ROUNDS = {name: 200 if name in (*RACES, "assign / resolve") else 60 for name in ALL_RACES}
"""Merging, and taking a case from somebody while it ends, are where a half state would be."""
PATIENCE = 60.0
"""Seconds: one process waits no longer for the other."""


async def prepared(url: str) -> tuple[Viewer, dict[str, list[Ids]]]:
    """Who races, and the cases of all rounds of each race."""
    async with open_database(url):
        by, customer = await given.viewer(), await given.account()

        async def all_rounds(race: Race, rounds: int) -> list[Ids]:
            return [await race.prepare(by, customer) for _ in range(rounds)]

        return by, {
            name: await unit_of_work(partial(all_rounds, race, ROUNDS[name])) for name, race in ALL_RACES.items()
        }


def ran(url: str, side: int, rounds: Mapping[str, list[Ids]], by: Viewer, barrier: Any, answers: Any) -> None:
    """All rounds of one side, in a process of its own; answers with what came of them, and how long each race took."""

    async def run() -> dict[str, tuple[list[str], float]]:
        came = {}
        async with open_database(url):
            for name in ALL_RACES:
                began, outcomes = time.perf_counter(), []
                for ids in rounds[name]:
                    barrier.wait(PATIENCE)
                    outcomes.append(await run_side(ALL_RACES[name], side, ids, by))
                came[name] = outcomes, time.perf_counter() - began
        return came

    answers.put((side, asyncio.run(run())))


def races(url: str, engine: str) -> None:
    by, rounds = asyncio.run(prepared(url))
    spawn = get_context("spawn")
    barrier, answers = spawn.Barrier(2), spawn.Queue()
    processes = [spawn.Process(target=ran, args=(url, n, rounds, by, barrier, answers)) for n in (0, 1)]
    for process in processes:
        process.start()
    came = dict(answers.get(timeout=PATIENCE * 15) for _ in processes)
    for process in processes:
        process.join()
    asyncio.run(checked(url, engine, rounds, came[0], came[1]))


async def checked(url: str, engine: str, rounds: Mapping[str, list[Ids]], first: Any, second: Any) -> None:
    async with open_database(url):
        for name, race in ALL_RACES.items():
            outcomes = list(zip(first[name][0], second[name][0], strict=True))
            for ids, came in zip(rounds[name], outcomes, strict=True):
                await check(race, ids, came)
            counts = dict(Counter(map(" / ".join, outcomes)))
            print(
                f"{engine}: {name}: {ROUNDS[name]} rounds in {first[name][1]:.1f} s: {counts}", flush=True
            )  # a gate reports


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite://{folder}/races.sqlite3"
        asyncio.run(make_tables(url))
        races(url, "SQLite")
    with postgres_server() as server:
        name = fresh_name("races")
        on_server(server, f'CREATE DATABASE "{name}"')
        url = database_of(server, name)
        asyncio.run(make_tables(url))
        races(url, "PostgreSQL")
        on_server(server, f'DROP DATABASE "{name}" WITH (FORCE)')


if __name__ == "__main__":
    main()

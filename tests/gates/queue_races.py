#!/usr/bin/env python
"""Of two at once one wins: 200 rounds of each race for a queue item, on SQLite and on PostgreSQL, and 50 at one item.

    pick / pick      one works on it; the other hears who
    add / add        to one queue: one adds it, the other hears that it is there; to two: it is in one of them
    assign / pick    both happen, in some order: the owner is that of the later, and who picked works on it
    pick / resolve   it is picked and then resolved, or resolved and then refuses to be picked; it has left its queue

On PostgreSQL the fifty who pick are five processes with connections of their own. Fails for a round that ends in
anything else, for an open item too many, or for items that differ from the fold of their case's history.
"""

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import UUID

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

import models  # noqa: E402  # the project is put on the path above
from actions import changing, ending, queueing  # noqa: E402
from actions.clocks import history_of  # noqa: E402
from actions.perform import Call, perform  # noqa: E402
from actions.signature import Reference  # noqa: E402
from actions.stays import columns_of  # noqa: E402
from cases.queueing import stays  # noqa: E402
from cases.refusals import AlreadyPicked, AlreadyQueued, IllegalTransition, NotQueued  # noqa: E402
from cases.viewer import Viewer  # noqa: E402
from cases.vocabulary import FactKind, QueueItemState, Role  # noqa: E402
from models import Case, QueueItem  # noqa: E402
from models.database import open_database  # noqa: E402
from tests import given  # noqa: E402
from tests.databases import database_of, fresh_name, make_tables, on_server, postgres_server  # noqa: E402
from tests.given import NOW, done  # noqa: E402

ROUNDS = 200
PROCESSES = 5
PICKERS = 50


class World:
    """Two who work, two queues, and a customer."""

    async def made(self) -> "World":
        self.ann, self.bea = await given.viewer(), await given.viewer()
        self.desk, self.back, self.acme = await given.queue("Desk"), await given.queue("Back"), await given.account()
        return self

    async def case(self, *, queued: bool) -> Case:
        case = await given.case(by=self.ann, customer=self.acme)
        return await given.queued_case(self.desk, case=case) if queued else case


async def both(*acts: Awaitable[Any]) -> list[str]:
    """The names of what came of each: `done`, or the refusal. Which is asked first is left to chance."""
    places = random.sample(range(len(acts)), len(acts))
    came = await asyncio.gather(*(acts[place] for place in places), return_exceptions=True)
    outcomes = [came[places.index(place)] for place in range(len(acts))]
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(
            outcome, AlreadyPicked | AlreadyQueued | IllegalTransition | NotQueued
        ):
            raise outcome
    return ["done" if not isinstance(outcome, BaseException) else type(outcome).__name__ for outcome in outcomes]


async def pick_pick(world: World) -> str:
    case = await world.case(queued=True)
    came = await both(*(done(queueing.pick_queue_item, by=by, case=case) for by in (world.ann, world.bea)))
    assert sorted(came) == ["AlreadyPicked", "done"], came
    winner = (world.ann, world.bea)[came.index("done")]
    item, stored = await QueueItem.get(case_id=case.id), await Case.get(id=case.id)
    assert item.worker_id == stored.owner_id == winner.person_id
    await check(case)
    return "first" if came[0] == "done" else "second"


async def add_add_same(world: World) -> str:
    case = await world.case(queued=False)
    came = await both(
        *(done(queueing.add_to_queue, by=by, case=case, queue=world.desk) for by in (world.ann, world.bea))
    )
    assert sorted(came) == ["AlreadyQueued", "done"], came
    await check(case)
    return "first" if came[0] == "done" else "second"


async def add_add_two(world: World) -> str:
    case = await world.case(queued=False)
    pairs = ((world.ann, world.desk), (world.bea, world.back))
    came = await both(*(done(queueing.add_to_queue, by=by, case=case, queue=queue) for by, queue in pairs))
    assert came == ["done", "done"], came
    item = await QueueItem.get(case_id=case.id)
    await check(case)
    return "first" if item.queue_id == world.back.id else "second"


async def assign_pick(world: World) -> str:
    case = await world.case(queued=True)
    cleo = await models.Person.get(id=world.bea.person_id)
    came = await both(
        done(changing.assign_case, by=world.ann, case=case, assignee=cleo),
        done(queueing.pick_queue_item, by=world.ann, case=case),
    )
    assert came == ["done", "done"], came
    kinds = [event.fact.kind for event in await history_of(case.id)][-2:]
    stored, item = await Case.get(id=case.id), await QueueItem.get(case_id=case.id)
    assert sorted(kinds) == [FactKind.ASSIGNED, FactKind.PICKED]
    assert item.worker_id == world.ann.person_id
    assert stored.owner_id == (cleo.id if kinds[-1] is FactKind.ASSIGNED else world.ann.person_id)
    await check(case)
    return "first" if kinds[0] is FactKind.ASSIGNED else "second"


async def pick_resolve(world: World) -> str:
    case = await world.case(queued=True)
    came = await both(
        done(queueing.pick_queue_item, by=world.ann, case=case),
        done(ending.resolve_case, by=world.bea, case=case, summary="Done"),
    )
    assert came in (["done", "done"], ["IllegalTransition", "done"]), came
    item = await QueueItem.get(case_id=case.id)
    assert item.state is QueueItemState.CLOSED
    assert item.open_case_id is None
    await check(case)
    return "first" if came[0] == "done" else "second"


async def check(case: Case) -> None:
    """One open item at most, and all of them as the history says."""
    stored = {item.id: item for item in await QueueItem.filter(case_id=case.id)}
    assert sum(item.open_case_id is not None for item in stored.values()) <= 1
    row = await Case.get(id=case.id)
    folded = {stay.item_id: columns_of(stay, row.priority) for stay in stays(await history_of(case.id))}
    assert folded == {key: {name: getattr(item, name) for name in folded[key]} for key, item in stored.items()}


RACES: dict[str, Callable[[World], Awaitable[str]]] = {
    "pick / pick": pick_pick,
    "add / add, one queue": add_add_same,
    "add / add, two queues": add_add_two,
    "assign / pick": assign_pick,
    "pick / resolve": pick_resolve,
}


async def race(url: str, engine: str) -> None:
    async with open_database(url):
        world = await World().made()
        for name, run in RACES.items():
            began = time.perf_counter()
            firsts = Counter([await run(world) for _ in range(ROUNDS)])
            took = time.perf_counter() - began
            print(f"{engine}: {name}: {ROUNDS} rounds in {took:.1f} s; {dict(firsts)} came before")  # a gate reports


def picked_by(url: str, viewers: list[Viewer], case_id: UUID) -> list[str]:
    """What came of everybody who picks from this process."""

    async def run() -> list[str]:
        async with open_database(url):
            named = {"case": Reference("Case", case_id)}
            return await both(*(perform(Call(queueing.pick_queue_item, named, by, NOW)) for by in viewers))

    return asyncio.run(run())


async def prepared(url: str) -> tuple[list[Viewer], UUID]:
    async with open_database(url):
        case = await given.queued_case()
        return [await given.viewer(Role.AGENT) for _ in range(PICKERS)], case.id


def fifty(url: str, engine: str, processes: int) -> None:
    viewers, case_id = asyncio.run(prepared(url))
    shares = [viewers[n::processes] for n in range(processes)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        came = [
            one
            for share in pool.map(picked_by, *zip(*((url, s, case_id) for s in shares), strict=True))
            for one in share
        ]
    assert Counter(came) == {"done": 1, "AlreadyPicked": PICKERS - 1}, Counter(came)
    print(f"{engine}: {PICKERS} picks of one item from {processes} processes: {dict(Counter(came))}")  # a gate reports


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite://{folder}/races.sqlite3"
        asyncio.run(make_tables(url))
        asyncio.run(race(url, "SQLite"))
        fifty(url, "SQLite", PROCESSES)
    with postgres_server() as server:
        name = fresh_name("races")
        on_server(server, f'CREATE DATABASE "{name}"')
        url = database_of(server, name)
        asyncio.run(make_tables(url))
        asyncio.run(race(url, "PostgreSQL"))
        fifty(url, "PostgreSQL", PROCESSES)
        on_server(server, f'DROP DATABASE "{name}" WITH (FORCE)')


if __name__ == "__main__":
    main()

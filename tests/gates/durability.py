#!/usr/bin/env python
"""Acknowledged is written: a server is killed 20 times under 16 writers, on SQLite and on PostgreSQL.

Every round starts the server as users do, lets 16 writers open cases and comment on them over HTTP, and kills the
process group with SIGKILL. At the end the database is read: each acknowledged case and comment is there (else lost),
and every case is exactly what its history says, its messages and its outbox with it (else torn). A request in flight
when the server died may have happened or not, but never half.

Fails for one lost or torn write, or for fewer than 2,000 acknowledged on an engine.
"""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from cases.facts import from_payload  # noqa: E402  # the project is put on the path above
from cases.history import PROJECTED, Actor, Event, fold  # noqa: E402
from cases.vocabulary import FactKind, Role  # noqa: E402
from models import Account, Case, CaseEvent, Message, Outbox, Person, Tenant  # noqa: E402
from models.database import open_database  # noqa: E402
from schema.ids import id_of, read_id  # noqa: E402
from tests.databases import database_of, fresh_name, on_server, postgres_server  # noqa: E402

ROUNDS = 20
WRITERS = 16
WANTED = 2_000

CREATE = """mutation($input: CreateCaseInput!) { createCase(input: $input) { case { id } userErrors { code } } }"""
COMMENT = """mutation($input: AddCommentInput!) { addComment(input: $input) { message { id } userErrors { code } } }"""


@dataclass
class Acknowledged:
    """What the server said it had done."""

    cases: set[UUID] = field(default_factory=set)
    messages: set[UUID] = field(default_factory=set)

    @property
    def count(self) -> int:
        return len(self.cases) + len(self.messages)


@dataclass(frozen=True)
class World:
    """What the writers need: who they are, and for whom they write."""

    url: str
    token: str
    customer: str


def main() -> int:
    seed = int(os.environ.get("SEED", random.randrange(10**6)))
    print(f"seed {seed}", flush=True)
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        wrong += hold(f"sqlite://{folder}/casegraph.sqlite3", random.Random(seed))
    with postgres_server() as server:
        name = fresh_name("durability")
        on_server(server, f'CREATE DATABASE "{name}"')
        wrong += hold(database_of(server, name), random.Random(seed))
    return 1 if wrong else 0


def hold(url: str, chance: random.Random) -> int:
    """Runs all rounds on one database; returns how many promises were broken."""
    engine = url.partition(":")[0]
    run("migrate", url)
    world = asyncio.run(prepare(url))
    acknowledged = Acknowledged()
    rounds = 0
    while rounds < ROUNDS or (acknowledged.count < WANTED and rounds < 2 * ROUNDS):
        with server(url) as (process, port):
            asyncio.run(write_until_killed(process, port, world, acknowledged, chance.uniform(0.5, 1.5)))
        rounds += 1
    lost, torn = asyncio.run(inspect(url, acknowledged))
    print(f"{engine}: {rounds} kills, {acknowledged.count} acknowledged, {lost} lost, {torn} torn", flush=True)
    return lost + torn + (acknowledged.count < WANTED)


async def prepare(url: str) -> World:
    at = datetime.now(UTC)
    async with open_database(url):
        tenant = await Tenant.create(name="Durable", slug="durable", created_at=at)
        await Person.create(tenant=tenant, name="Ada", email="ada@example.org", role=Role.AGENT, created_at=at)
        account = await Account.create(tenant=tenant, name="Lasting Ltd", created_at=at)
    token = run("token", url, "--person", "ada@example.org").strip()
    return World(url, token, id_of(account))


async def write_until_killed(
    process: subprocess.Popen[bytes], port: int, world: World, acknowledged: Acknowledged, seconds: float
) -> None:
    headers = {"Authorization": f"Bearer {world.token}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=10) as client:
        writers = [asyncio.create_task(write(client, world, acknowledged)) for _ in range(WRITERS)]
        await asyncio.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        await asyncio.gather(*writers)


async def write(client: httpx.AsyncClient, world: World, acknowledged: Acknowledged) -> None:
    """Opens a case and comments on it, again and again, until nobody answers."""
    try:
        while True:
            opened = await ask(client, CREATE, {"title": "Still here?", "customerId": world.customer})
            case = opened["createCase"]["case"]
            if case is None:
                continue  # busy; it said that nothing was written
            acknowledged.cases.add(key_of(case["id"]))
            for body in ("One.", "Two.", "Three."):
                said = await ask(client, COMMENT, {"caseId": case["id"], "body": body})
                if said["addComment"]["message"]:
                    acknowledged.messages.add(key_of(said["addComment"]["message"]["id"]))
    except httpx.TransportError:
        return


async def ask(
    client: httpx.AsyncClient, query: str, given: dict[str, str]
) -> dict[str, dict[str, dict[str, str] | None]]:
    answer = await client.post("/graphql", json={"query": query, "variables": {"input": given}})
    answer.raise_for_status()
    data: dict[str, Any] = answer.json()["data"]
    return data


async def inspect(url: str, acknowledged: Acknowledged) -> tuple[int, int]:
    """How many acknowledged writes are lost, and how many cases are not what their history says."""
    async with open_database(url):
        cases = {case.id: case for case in await Case.all()}
        events: dict[UUID, list[CaseEvent]] = {key: [] for key in cases}
        for event in await CaseEvent.all().order_by("number"):
            events[event.case_id].append(event)
        messages = {message.id: message.case_id for message in await Message.all()}
        told: dict[UUID, int] = {}
        for row in await Outbox.filter(topic="case"):
            told[row.key] = told.get(row.key, 0) + row.payload["to"] - row.payload["from"] + 1
    lost = len(acknowledged.cases - cases.keys()) + len(acknowledged.messages - messages.keys())
    said = {key: 0 for key in cases}
    for case_id in messages.values():
        said[case_id] += 1
    torn = sum(not whole(case, events[key], said[key], told.get(key, 0)) for key, case in cases.items())
    return lost, torn


def whole(case: Case, events: list[CaseEvent], messages: int, told: int) -> bool:
    """Whether a case, its history, its messages and its outbox tell the same."""
    comments = sum(event.kind is FactKind.COMMENTED for event in events)
    history = [
        Event(event.number, event.at, from_payload(event.kind, event.payload), Actor(event.actor_person_id))
        for event in events
    ]
    state = fold(history)
    same = all(getattr(case, name) == state.columns[name] for name in PROJECTED)
    return same and comments == messages and told == len(events)


@contextmanager
def server(url: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The server in a process group of its own, answering; ended by the end of the block if it still runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "server.py", "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=PROJECT, env=environment(url), stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        wait_for(port, process)
        yield process, port
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    with httpx.Client() as client:
        for _ in range(600):
            if process.poll() is not None:
                raise SystemExit(f"the server ended with {process.returncode} before it answered")
            try:
                client.get(f"http://127.0.0.1:{port}/readyz").raise_for_status()
                return
            except httpx.HTTPError:
                process_wait(process, 0.05)
    raise SystemExit("the server did not answer within 30 s")


def process_wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def run(command: str, url: str, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, "server.py", command, *options],
        cwd=PROJECT,
        env=environment(url),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return done.stdout


def environment(url: str) -> dict[str, str]:
    # The writers are one person: what one person may ask for in a second is not what is tried here.
    generous = {"CASEGRAPH_BUCKET_POINTS": "100000000", "CASEGRAPH_BUCKET_POINTS_PER_SECOND": "100000000"}
    return {**os.environ, "CASEGRAPH_DATABASE_URL": url, **generous}


def key_of(public_id: str) -> UUID:
    parsed = read_id(public_id)
    assert parsed is not None, public_id
    return parsed[1]


if __name__ == "__main__":
    raise SystemExit(main())

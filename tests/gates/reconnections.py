#!/usr/bin/env python
"""A socket that is killed 200 times hears of every event once and in order: one server on SQLite, 3 on PostgreSQL.

Eight writers comment on twenty cases, 5,000 times in all, on whichever server comes next. Meanwhile one client follows
`caseEvents`. Again and again its socket is torn off without a word, somewhere between two messages, and opened anew on
any of the servers with the cursor of the last message it took. At the end what it has heard is compared with the
histories in the database.

Fails for one event that was missed, heard twice, or heard before an earlier one of its case.
"""

import asyncio
import json
import os
import random
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from cases.vocabulary import Role  # noqa: E402  # the project is put on the path above
from models import CaseEvent, Person  # noqa: E402
from models.database import open_database  # noqa: E402
from models.migrate import migrate  # noqa: E402
from schema.ids import id_of, public_id  # noqa: E402
from tests import given  # noqa: E402
from tests.databases import database_of, fresh_name, on_server, postgres_server  # noqa: E402
from tests.serving import command, serving  # noqa: E402

CASES = 20
WRITERS = 8
EVENTS = 5_000
KILLS = 200
MOST_BETWEEN = 2 * EVENTS // KILLS - 10
"""Messages that a socket lives for at most; half of it on average, so that there are more kills than are asked for."""
SECONDS = 240
GENEROUS = {"bucket_points": str(10**9), "bucket_points_per_second": str(10**9), "worker": "false"}

SUBSCRIBE = "subscription ($after: String) { caseEvents(after: $after) { cursor events { number case { id } } } }"
SAY = "mutation ($input: AddCommentInput!) { addComment(input: $input) { userErrors { code } } }"


def main() -> int:
    seed = int(os.environ.get("SEED", random.randrange(10**6)))
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        wrong = hold(f"sqlite://{folder}/casegraph.sqlite3", 1, seed)
    with postgres_server() as server:
        name = fresh_name("reconnections")
        on_server(server, f'CREATE DATABASE "{name}"')
        wrong += hold(database_of(server, name), 3, seed)
    return 1 if wrong else 0


def hold(url: str, servers: int, seed: int) -> int:
    """Lets the client follow so many servers; returns how many promises were broken."""
    asyncio.run(migrate(url))
    email, cases = asyncio.run(prepare(url))
    token = command(url, "token", "--person", email).stdout.strip()
    begun = monotonic()
    with ExitStack() as stack:
        urls = [stack.enter_context(serving(url, **GENEROUS)).url for _ in range(servers)]
        client = Client(urls, token, random.Random(seed))
        asyncio.run(client.follow_while(Writers(urls, token, cases)))
    seconds = monotonic() - begun
    wrong = asyncio.run(inspect(url, client))
    print(
        f"{url.partition(':')[0]}, {servers} servers: {len(client.heard)} events heard in {seconds:.1f} s over "
        f"{client.kills} killed sockets; "
        + (", ".join(f"{count} {what}" for what, count in wrong.items()) or "each heard once and in order"),
        flush=True,
    )
    return sum(wrong.values())


async def prepare(url: str) -> tuple[str, list[str]]:
    async with open_database(url):
        by = await given.viewer(Role.ADMIN)
        cases = [id_of(await given.case(by=by)) for _ in range(CASES)]
        return (await Person.get(id=by.person_id)).email, cases


@dataclass
class Writers:
    """Those who comment. `left` is how many comments are to come."""

    urls: list[str]
    token: str
    cases: list[str]
    left: int = EVENTS

    async def write(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for number in range(WRITERS):
                tasks.create_task(self._write(number))

    async def _write(self, turn: int) -> None:
        headers = {"authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(headers=headers, timeout=30) as http:
            while self.left > 0:
                self.left, turn = self.left - 1, turn + 1
                said = {"caseId": self.cases[(turn * 7) % CASES], "body": "Hello"}
                asked = {"query": SAY, "variables": {"input": said}}
                codes = ["RETRY_LATER"]
                while codes == ["RETRY_LATER"]:  # nothing was written: a small machine may be that busy
                    answer = (await http.post(f"{self.urls[turn % len(self.urls)]}/graphql", json=asked)).json()
                    codes = [error["code"] for error in answer["data"]["addComment"]["userErrors"]]
                if codes:
                    raise SystemExit(f"a comment was declined: {answer}")


@dataclass
class Client:
    """The one who follows. `heard` are cases and numbers of events, in the order of hearing."""

    urls: list[str]
    token: str
    chance: random.Random
    heard: list[tuple[str, int]] = field(default_factory=list)
    cursor: str | None = None
    kills: int = 0

    async def follow_while(self, writers: Writers) -> None:
        """Follows until all that is written was heard, or nothing more comes."""
        self.greeted = asyncio.Event()
        async with asyncio.timeout(SECONDS):
            following = asyncio.create_task(self._follow())
            await self.greeted.wait()
            writing = asyncio.create_task(writers.write())
            await asyncio.wait({following, writing}, return_when=asyncio.FIRST_COMPLETED)
            known = -1
            while not following.done() and len(self.heard) < EVENTS and known < len(self.heard):
                known = len(self.heard)  # what comes late is waited for, a while
                await asyncio.sleep(5)
            if following.done():
                following.result()  # it never ends but by an error
            await writing
            following.cancel()

    async def _follow(self) -> None:
        while True:
            await self._one_socket(self.chance.choice(self.urls), self.chance.randint(0, MOST_BETWEEN))
            self.kills += 1

    async def _one_socket(self, url: str, messages: int) -> None:
        """Takes so many messages, then tears the socket off, whatever is still on its way."""
        address = f"{url.replace('http', 'ws')}/graphql"
        async with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")]) as ws:
            await ws.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {self.token}"}}))
            await ws.recv()
            asked = {"query": SUBSCRIBE, "variables": {"after": self.cursor}}
            await ws.send(json.dumps({"id": "1", "type": "subscribe", "payload": asked}))
            if self.cursor is None:
                self._take(json.loads(await ws.recv()))
                self.greeted.set()
            for _ in range(messages):
                self._take(json.loads(await ws.recv()))
            ws.transport.abort()

    def _take(self, message: Any) -> None:
        if message["type"] != "next":
            raise SystemExit(f"the subscription ended: {message}")
        news = message["payload"]["data"]["caseEvents"]
        self.cursor = news["cursor"]
        self.heard += [(event["case"]["id"], event["number"]) for event in news["events"]]


async def inspect(url: str, client: Client) -> Counter[str]:
    """What is not as it must be, with how often."""
    wrong: Counter[str] = Counter()
    async with open_database(url):
        rows = await CaseEvent.filter(kind="COMMENTED").values_list("case_id", "number")
    written = {(public_id("Case", case_id), number) for case_id, number in rows}
    counts = Counter(client.heard)
    wrong["events too few"] = EVENTS - len(written)
    wrong["missed"] = len(written - counts.keys())
    wrong["heard twice"] = counts.total() - len(counts)
    last: dict[str, int] = {}
    for case, number in client.heard:
        wrong["out of order"] += number <= last.get(case, 0)
        last[case] = number
    wrong["sockets too few"] = max(0, KILLS - client.kills)
    return +wrong


if __name__ == "__main__":
    sys.exit(main())

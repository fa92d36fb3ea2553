"""2,000 open sockets with a subscription each on one server: memory of each, and from an event to the last of them.

    python -m bench.sockets

The server is the real one, a process of its own on SQLite; 200 people have ten sockets each, and every one of them
listens to all cases of the tenant, so that each event concerns all. An event is timed from the moment its mutation is
sent until the last socket has its message. Then a reader joins who asks for much and never reads: the same is timed
again, and the server's memory is looked at before and after.
"""

import asyncio
import base64
import json
import os
import resource
import socket
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import httpx

from cases.vocabulary import Role
from models.database import open_database
from models.migrate import migrate
from schema.ids import id_of
from settings import Settings
from tests import given
from tests.serving import Server, serving
from web.sign_in import token_for

SOCKETS, PEOPLE, AT_ONCE = 2_000, 200, 50
EVENTS = 60
PATIENCE = 30.0
TEXT, PING, PONG = 0x81, 0x89, 0x8A
NEXT = b'{"id":"1","type":"next"'
ASKED = "subscription { caseEvents { cursor case { number title status priority } events { number kind at } } }"
MUCH = "subscription { caseEvents { case { description messages(last: 100) { nodes { body } } } } }"
SAY = "mutation ($input: AddCommentInput!) { addComment(input: $input) { userErrors { message } } }"
GENEROUS = {"bucket_points": str(10**9), "bucket_points_per_second": str(10**9), "worker": "false"}


def main() -> None:
    allow_files(SOCKETS * 2 + 1_000)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite://{Path(folder) / 'bench.sqlite3'}"
        tokens, case_id = asyncio.run(prepare(url))
        with serving(url, **GENEROUS) as server:
            asyncio.run(measure(server, tokens, case_id))


def allow_files(wanted: int) -> None:
    """Lets this process and the server open so many files, if the machine does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))


async def prepare(url: str) -> tuple[list[str], str]:
    """Tokens of the people of a tenant, and the id of a case."""
    await migrate(url)
    async with open_database(url):
        people = [await given.person(f"Ann {number}", Role.AGENT) for number in range(PEOPLE + 1)]
        case = await given.case(description="What is said of it. " * 500)
        now, settings = datetime.now(UTC), Settings(database_url=url)
        return [await token_for(settings, person.email, now=now, hours=1) for person in people], id_of(case)


@dataclass
class Crowd:
    """Everybody who listens. `heard` counts the messages of the event under way."""

    size: int
    heard: int = 0
    last_at: float = 0.0
    all_heard: asyncio.Event = field(default_factory=asyncio.Event)

    def expect(self) -> None:
        self.heard, self.all_heard = 0, asyncio.Event()

    def hear(self) -> None:
        self.heard += 1
        if self.heard >= self.size:
            self.last_at = perf_counter()
            self.all_heard.set()

    async def wait(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.all_heard.wait()


class Ear(asyncio.Protocol):
    """A socket that says what it has to and counts the messages it gets: no more, since there are so many of them."""

    def __init__(self, host: str, token: str, query: str, crowd: Crowd | None) -> None:
        self.host = host
        self.first = [
            {"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}},
            {"type": "subscribe", "id": "1", "payload": {"query": query}},
        ]
        self.crowd = crowd
        self.rest = b""
        self.was_lost = False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET /graphql HTTP/1.1\r\nHost: {self.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self.rest += data
        if self.first:
            head, welcomed, self.rest = self.rest.partition(b"\r\n\r\n")
            if not welcomed:
                self.rest = head
                return
            self.transport.write(b"".join(frame(TEXT, json.dumps(message).encode()) for message in self.first))
            self.first = []
        for kind, text in self._frames():
            if kind == PING:
                self.transport.write(frame(PONG, text))
            elif text.startswith(NEXT) and self.crowd is not None:
                self.crowd.hear()

    def _frames(self) -> Iterator[tuple[int, bytes]]:
        """The whole frames that have come (RFC 6455 §5.2); a server does not mask."""
        while len(self.rest) >= 2:
            length, begin = self.rest[1], 2
            if length >= 126:
                begin += 2 if length == 126 else 8
                length = int.from_bytes(self.rest[2:begin], "big")
            if len(self.rest) < begin + length:
                return
            yield self.rest[0], self.rest[begin : begin + length]
            self.rest = self.rest[begin + length :]

    def connection_lost(self, error: Exception | None) -> None:
        self.was_lost = True


def frame(kind: int, text: bytes) -> bytes:
    """A whole frame as clients send it: masked, with a mask of zeros."""
    head = bytes([kind, 0x80 | len(text)]) if len(text) < 126 else bytes([kind, 0xFE]) + len(text).to_bytes(2, "big")
    return head + bytes(4) + text


async def measure(server: Server, tokens: Sequence[str], case_id: str) -> None:
    loop, crowd = asyncio.get_running_loop(), Crowd(SOCKETS)
    host = urlsplit(server.url).netloc
    address, port = host.split(":")
    pid = server.process.pid
    async with httpx.AsyncClient(base_url=server.url, headers={"authorization": f"Bearer {tokens[0]}"}) as http:

        async def event() -> float:
            """Something happens; the seconds until all have heard of it."""
            crowd.expect()
            begun = perf_counter()
            asked = {"query": SAY, "variables": {"input": {"caseId": case_id, "body": "Hello. " * 300}}}
            answer = (await http.post("/graphql", json=asked, timeout=PATIENCE)).json()
            assert answer == {"data": {"addComment": {"userErrors": []}}}, answer
            if crowd.size:
                await crowd.wait()
            return crowd.last_at - begun

        for _ in range(5):  # what is made once is made, before anything is weighed
            crowd.size = 0
            await event()
        crowd.size = SOCKETS
        before = memory_kb(pid)
        crowd.expect()
        ears: list[Ear] = []
        for start in range(0, SOCKETS, AT_ONCE):
            some = range(start, min(start + AT_ONCE, SOCKETS))
            new = [Ear(host, tokens[number % PEOPLE], ASKED, crowd) for number in some]
            await asyncio.gather(*(loop.create_connection(partial(_same, ear), address, int(port)) for ear in new))
            ears += new
            while crowd.heard < len(ears):  # each is greeted
                await asyncio.sleep(0.01)
        opened = memory_kb(pid)
        print(f"{SOCKETS} sockets, one subscription each: {(opened - before) / SOCKETS:.1f} kB of memory for each")
        print_times("all read", [await event() for _ in range(EVENTS)])
        after_events = memory_kb(pid)

        deaf = await never_reading(host, address, int(port), tokens[-1])
        print_times("one never reads", [await event() for _ in range(EVENTS)])
        grown = memory_kb(pid) - after_events
        lost = sum(ear.was_lost for ear in ears)
        print(f"  the server's memory grew by {grown / 1024:.1f} MB meanwhile; {lost} other sockets were lost")
        while f"casegraph_open_sockets {SOCKETS}\n" not in (await http.get("/metrics")).text:
            await event()
        print("  and the one who never reads was let go")
        for ear in ears:
            ear.transport.abort()
        deaf.close()


def _same(ear: Ear) -> Ear:
    return ear


async def never_reading(host: str, address: str, port: int, token: str) -> socket.socket:
    """A socket with a large subscription, whose buffer is small and never emptied."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect((address, port))
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_connection(lambda: Ear(host, token, MUCH, None), sock=made.dup())
    await asyncio.sleep(1)
    transport.pause_reading()
    return made


def memory_kb(pid: int) -> int:
    """What a process holds in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def print_times(name: str, seconds: Sequence[float]) -> None:
    slowest = quantiles(seconds, n=100)[98]
    print(
        f"  {name:16} from an event to the last socket: median {median(seconds) * 1e3:6.0f} ms   "
        f"p99 {slowest * 1e3:6.0f} ms   ({len(seconds)} events)",
        flush=True,
    )


if __name__ == "__main__":
    main()

"""A client that asks as fast as it is answered: so many connections, each with one request under way.

It shares the machine with the server it measures. So it sends bytes made beforehand, looks at no more of an answer than
where it ends, and costs some thirty microseconds a request.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import repeat
from time import perf_counter
from urllib.parse import urlsplit

import orjson

from bench.load.machine import cpu_seconds
from bench.load.servers import Server

END_OF_HEAD, LENGTH = b"\r\n\r\n", b"content-length:"


@dataclass
class Measured:
    """What some load came to. Latencies are seconds, one for each answer."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    cpu_seconds: float = 0.0
    """What of a processor the server took for it: that hardly depends on what else the machine does."""
    refused: int = 0
    """Answers with an error: RETRY_LATER of a server that has too much to do. They are no answers."""

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """The latency in milliseconds that so large a share of answers did not exceed."""
        ordered = sorted(self.latencies) or [0.0]
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1e3

    def __str__(self) -> str:
        p50, p99 = self.percentile(0.5), self.percentile(0.99)
        cpu = self.cpu_seconds / max(1, len(self.latencies)) * 1e3
        refused = f"   and {self.refused} refused" if self.refused else ""
        return (
            f"{self.per_second:8.1f} requests/s   p50 {p50:8.1f} ms   p99 {p99:8.1f} ms   server {cpu:6.2f} ms{refused}"
        )


def post(url: str, document: str, *, token: str = "", **variables: object) -> bytes:
    """A GraphQL request as it goes over the wire."""
    parts = urlsplit(url)
    body = orjson.dumps({"query": document, "variables": variables})
    signed = f"Authorization: Bearer {token}\r\n" if token else ""
    head = (
        f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
        f"Accept: application/json\r\n{signed}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def for_seconds(server: Server, request: bytes, connections: int, seconds: float) -> Measured:
    """Sends the same request again and again."""
    return await _load(server, repeat(request), connections, perf_counter() + seconds, keep=False)


async def each(server: Server, requests: list[bytes], connections: int) -> Measured:
    """Sends every request once, and keeps the answers."""
    return await _load(server, iter(requests), connections, float("inf"), keep=True)


async def _load(server: Server, requests: Iterator[bytes], connections: int, until: float, *, keep: bool) -> Measured:
    measured, url = Measured(), server.url
    begun, cpu = perf_counter(), cpu_seconds(server.pid)
    async with asyncio.TaskGroup() as tasks:
        for _ in range(connections):
            tasks.create_task(_connection(url, requests, until, measured, keep))
    measured.seconds, measured.cpu_seconds = perf_counter() - begun, cpu_seconds(server.pid) - cpu
    return measured


async def _connection(url: str, requests: Iterator[bytes], until: float, measured: Measured, keep: bool) -> None:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=2**20)
    try:
        while (begun := perf_counter()) < until:
            request = next(requests, None)
            if request is None:
                break
            writer.write(request)
            body = await _answer(reader)
            if b'"errors":[' in body[:20]:
                measured.refused += 1
                continue
            measured.latencies.append(perf_counter() - begun)
            if keep:
                measured.bodies.append(body)
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """The body of an answer. Raises AssertionError for one that is no success."""
    head = await reader.readuntil(END_OF_HEAD)
    lower = head.lower()
    at = lower.find(LENGTH)
    if at >= 0:
        body = await reader.readexactly(int(lower[at + len(LENGTH) : lower.index(b"\r", at)]))
    else:  # in chunks
        chunks = []
        while size := int(await reader.readuntil(b"\r\n"), 16):
            chunks.append((await reader.readexactly(size + 2))[:-2])
        await reader.readexactly(2)
        body = b"".join(chunks)
    assert head.startswith(b"HTTP/1.1 200"), (head, body[:500])
    return body

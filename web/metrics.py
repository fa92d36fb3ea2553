"""What this process has done since it started, in the text format that Prometheus reads (version 0.0.4).

Each worker process counts for itself.
"""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.execution.reads import FastReads

BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
PATHS: Final = frozenset({"/", "/graphql", "/livez", "/readyz", "/metrics"})
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counts of requests and sockets. Paths are those of a fixed list, so that nobody can make us remember more.

    `reads` counts for itself which queries the fast path answered, and why it left the others to graphql-core.
    """

    def __init__(self, started_at: datetime, reads: FastReads | None = None) -> None:
        self.started_at = started_at
        self.reads = reads
        self.requests: Counter[tuple[str, int]] = Counter()
        self.within: Counter[tuple[str, int]] = Counter()
        self.seconds: Counter[str] = Counter()
        self.open_requests = 0
        self.open_sockets = 0

    def note(self, path: str, status: int, seconds: float) -> None:
        self.requests[path, status] += 1
        self.within[path, bisect_left(BOUNDS, seconds)] += 1
        self.seconds[path] += seconds  # type: ignore[assignment]  # Counter adds floats as well

    def text(self) -> str:
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield "# TYPE casegraph_started_at_seconds gauge"
        yield f"casegraph_started_at_seconds {self.started_at.timestamp():.3f}"
        yield "# TYPE casegraph_open_requests gauge"
        yield f"casegraph_open_requests {self.open_requests}"
        yield "# TYPE casegraph_open_sockets gauge"
        yield f"casegraph_open_sockets {self.open_sockets}"
        yield "# TYPE casegraph_requests_total counter"
        for (path, status), count in sorted(self.requests.items()):
            yield f'casegraph_requests_total{{path="{path}",status="{status}"}} {count}'
        yield "# TYPE casegraph_request_seconds histogram"
        for path in sorted(self.seconds):
            total = 0
            for number, bound in enumerate((*BOUNDS, "+Inf")):
                total += self.within[path, number]
                yield f'casegraph_request_seconds_bucket{{path="{path}",le="{bound}"}} {total}'
            yield f'casegraph_request_seconds_sum{{path="{path}"}} {self.seconds[path]:.6f}'
            yield f'casegraph_request_seconds_count{{path="{path}"}} {total}'

        if self.reads is not None:
            yield "# TYPE casegraph_fast_reads_total counter"
            yield f"casegraph_fast_reads_total {self.reads.taken}"
            yield "# TYPE casegraph_fast_reads_left_total counter"
            for reason, count in sorted(self.reads.left.items()):
                yield f'casegraph_fast_reads_left_total{{reason="{reason}"}} {count}'


class Measured:
    """ASGI middleware that notes every request and every open socket."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http":
                await self._request(scope, receive, send)
            case "websocket":
                self.metrics.open_sockets += 1
                try:
                    await self.app(scope, receive, send)
                finally:
                    self.metrics.open_sockets -= 1
            case _:
                await self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, begun = 499, time.perf_counter()  # 499: the client left before there was an answer

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self.metrics.open_requests += 1
        try:
            await self.app(scope, receive, send_noted)
        except Exception:
            status = 500
            raise
        finally:
            self.metrics.open_requests -= 1
            path = scope["path"] if scope["path"] in PATHS else "other"
            self.metrics.note(path, status, time.perf_counter() - begun)

"""Servers to be measured, each a process of its own that answers when the block begins and is gone when it ends."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PEERS: Final = ROOT / "bench" / "peers"
START_SECONDS, STOP_SECONDS = 60.0, 30
NO_LIMIT: Final = {"CASEGRAPH_BUCKET_POINTS": str(2**31), "CASEGRAPH_BUCKET_POINTS_PER_SECOND": str(2**30)}


@dataclass(frozen=True)
class Server:
    """Where it answers, and its process."""

    url: str
    pid: int


@contextmanager
def casegraph(database_url: str, *, fast_reads: bool = True) -> Iterator[Server]:
    """Our server as it is started in earnest: one process. No person's allowance ends while it is measured."""
    port = _free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CASEGRAPH_")}
    settings = {
        "CASEGRAPH_DATABASE_URL": database_url,
        "CASEGRAPH_FAST_READS": str(fast_reads).lower(),
        "CASEGRAPH_WORKER": "false",
    }
    words = [sys.executable, "server.py", "serve", "--port", str(port)]
    with _running(words, ROOT, {**inherited, **settings, **NO_LIMIT}, f"http://127.0.0.1:{port}/livez") as pid:
        yield Server(f"http://127.0.0.1:{port}/graphql", pid)


@contextmanager
def postgraphile(database_url: str) -> Iterator[Server]:
    """PostGraphile 5 on the same database, one process, set up for production."""
    port = _free_port()
    node = next((str(path) for path in PEERS.glob("node_modules/node-*/bin/node")), "node")
    environment = {**os.environ, "DATABASE_URL": database_url, "PORT": str(port), "NODE_ENV": "production"}
    with _running([node, "server.mjs"], PEERS, environment, f"http://127.0.0.1:{port}/graphql") as pid:
        yield Server(f"http://127.0.0.1:{port}/graphql", pid)


@contextmanager
def _running(words: Sequence[str], folder: Path, environment: Mapping[str, str], ready: str) -> Iterator[int]:
    process = subprocess.Popen(
        words, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        _wait(process, ready)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.communicate(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _wait(process: "subprocess.Popen[bytes]", ready: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(process.communicate()[1].decode()[-2000:])
        try:
            urllib.request.urlopen(ready, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return  # whatever it says, it says something
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"nobody answers at {ready}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

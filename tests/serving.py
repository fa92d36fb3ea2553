"""The real server as a process of its own, and its command line."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from models.database import open_database
from models.migrate import migrate
from settings import from_environment
from web.sign_in import token_for

ROOT = Path(__file__).parents[1]
STOP_SECONDS = 30
STARTED = ("Application startup complete", "Uvicorn running on")
"""What the server says when it answers: in this order, or with several workers in the other."""


@dataclass(frozen=True)
class Server:
    """A running server: where it answers, and its process."""

    url: str
    process: subprocess.Popen[str]

    def stop(self) -> int:
        """Asks it to stop, as a supervisor would, and gives its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)


def environment(database_url: str, **settings: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CASEGRAPH_")}
    ours = {f"CASEGRAPH_{name.upper()}": value for name, value in settings.items()}
    return {**inherited, "CASEGRAPH_DATABASE_URL": database_url, "PYTHONUNBUFFERED": "1", **ours}


def migrated(folder: Path) -> str:
    """The address of a new SQLite database in this folder, made as operators make one."""
    url = f"sqlite://{folder / 'casegraph.sqlite3'}"
    asyncio.run(migrate(url))
    return url


def command(database_url: str, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs `server.py` with these words to its end."""
    return subprocess.run(
        [sys.executable, "server.py", *words],
        cwd=ROOT,
        env=environment(database_url, **settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def tokens(database_url: str, tenant_by_email: dict[str, str]) -> dict[str, str]:
    """What `server.py token` prints for these people of these tenants."""
    settings, now = from_environment(environment(database_url)), datetime.now(UTC)

    async def made() -> dict[str, str]:
        async with open_database(database_url):
            return {
                email: await token_for(settings, email, tenant=tenant, now=now, hours=12)
                for email, tenant in tenant_by_email.items()
            }

    return asyncio.run(made())


@contextmanager
def serving(database_url: str, *words: str, **settings: str) -> Iterator[Server]:
    """A server on a free port of this machine, which answers when the block begins and is gone when it ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "server.py", "serve", "--port", str(port), "--access-log", *words],
        cwd=ROOT,
        env=environment(database_url, **settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if all(text in said for text in STARTED):
            break
    else:
        process.wait()
        process.stderr.close()
        raise AssertionError("the server did not start:\n" + said)
    listener = threading.Thread(target=process.stderr.read)  # or the pipe fills and the server stands still
    listener.start()
    try:
        yield Server(f"http://127.0.0.1:{port}", process)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        listener.join()
        process.stderr.close()

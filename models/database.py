"""The database of a process: opened once, with one way to read and one way to write.

SQLite: one connection that writes and one that cannot (`query_only`), so that reads never wait for a writer.
PostgreSQL: one pool for both. `reading()` says which to ask; writing is done in a `unit_of_work`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext, require_context

from models import TABLES
from models.addresses import READER, WRITER, Dialect, connections, dialect
from settings import Limits


class Database(TortoiseContext):
    """An open database. Tortoise finds it through the running task; one that is `shared`, from every task."""

    def __init__(self, url: str, limits: Limits, *, foreign_keys: bool = True) -> None:
        super().__init__()
        self.url = url
        self.limits = limits
        self.foreign_keys = foreign_keys  # off only to rebuild SQLite's tables: see models/migrate.py
        self.dialect: Dialect = dialect(url)
        #: Units of work under way.
        self.units: set[asyncio.Task[Any]] = set()
        #: Told of every unit of work that is over, and whether something is to be heard of it.
        self.listeners: list[Callable[[bool], None]] = []
        self._clients: dict[str, Any] = {}

    @property
    def writer(self) -> Any:
        """The client that begins transactions; never a transaction itself, even inside one."""
        return self._clients[WRITER]

    @property
    def reader(self) -> Any:
        """The client that reads; the same as the writer on PostgreSQL."""
        return self._clients.get(READER, self._clients[WRITER])

    async def connect(self, tables: Sequence[str], *, shared: bool) -> None:
        """Raises UnsafeDatabase if it would not keep what it acknowledges, StorageUnavailable if it is not there."""
        EXECUTOR_CACHE.clear()  # keyed by connection and table only: another dialect's SQL may be in it
        await self.init(
            {
                "connections": connections(self.url, self.limits, foreign_keys=self.foreign_keys),
                "apps": {"models": {"models": list(tables), "default_connection": WRITER}},
                "routers": [Router],
            },
            _enable_global_fallback=shared,
        )
        self._clients = {client.connection_name: client for client in self.connections.all()}
        for client in self._clients.values():
            await client.create_connection(with_db=True)

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        return self

    async def close_connections(self) -> None:
        """Closes one after the other: two that close at once each leave it to the other to empty SQLite's log."""
        for client in reversed(self._clients.values()):
            await client.close()
        await super().close_connections()

    async def drain(self) -> None:
        """Waits for every unit of work under way, as a shutdown must before it closes the connections."""
        while self.units:
            await asyncio.wait(set(self.units))


class Router:
    """Sends Tortoise's reads where `reading()` says."""

    def db_for_read(self, model: object) -> str:
        return WRITER if current_database().dialect == "postgres" or in_transaction() else READER

    def db_for_write(self, model: object) -> str:
        return WRITER


@asynccontextmanager
async def open_database(
    url: str, limits: Limits | None = None, *, shared: bool = False, tables: Sequence[str] | None = None
) -> AsyncIterator[Database]:
    """The database at `url` for as long as the block lasts; waits at its end for units of work under way.

    `url` is `sqlite:///absolute/path`, `sqlite://relative/path`, or `postgres://user:password@host:port/name`; a
    directory given as `?host=/run/postgresql` is that of a unix socket. `shared` makes it the one that tasks find which
    were not begun inside the block (an ASGI server's). `tables` are the modules with the tables, by default all.

    Raises UnsafeDatabase if the database would not keep what it acknowledges, StorageUnavailable if it is not there.
    """
    database = Database(url, limits or Limits())
    async with database:
        await database.connect(TABLES if tables is None else tables, shared=shared)
        try:
            yield database
        finally:
            await database.drain()


def current_database() -> Database:
    """The database of the running task."""
    context = require_context()
    assert isinstance(context, Database), "the database was not opened by open_database"
    return context


def reading() -> BaseDBAsyncClient:
    """Where to read: inside a transaction its own connection, which sees what it wrote; else the reading one."""
    reader: BaseDBAsyncClient = current_database().reader
    return get_connection(WRITER) if in_transaction() else reader


def in_transaction() -> bool:
    """Whether the running task is inside a transaction that has not ended."""
    client = get_connection(WRITER)
    return isinstance(client, TransactionalDBClient) and not client._finalized

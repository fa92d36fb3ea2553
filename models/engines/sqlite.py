"""SQLite for one server process: transactions that begin by taking the write lock, and statements that end.

Tortoise's own client begins transactions deferred, which then fail at once when another process wrote meanwhile; keeps
its lock for ever when a task is cancelled while it begins; and waits without end.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Final, TypeVar

import aiosqlite
from tortoise.backends.base.client import NestedTransactionContext, TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import SqliteClient as TortoiseClient
from tortoise.backends.sqlite.client import SqliteTransactionWrapper as TortoiseTransaction
from tortoise.connection import get_connections
from tortoise.exceptions import IntegrityError, OperationalError, TransactionManagementError

from cases.refusals import RetryLater
from models.errors import after_commit_was_sent, translated
from models.fields import in_utc

T = TypeVar("T")

#: Instructions of SQLite's machine between two looks at the clock; about a millisecond.
INSTRUCTIONS_BETWEEN_LOOKS: Final = 20_000


def as_text(value: datetime) -> str:
    """How an instant stands in a SQLite column: UTC and six digits, so that the order of text is the order of time."""
    return in_utc(value).astimezone(UTC).isoformat(" ", "microseconds")


# Replaces Tortoise's adapter, which writes an instant in whatever zone it came in.
sqlite3.register_adapter(datetime, as_text)


class UnsafeDatabase(Exception):
    """The database does not run as it must for a commit to mean what it says; the server does not start."""


class _Statements:
    """Runs statements on one connection, each with a time limit, and none left running when its task is cancelled."""

    _root: "SqliteClient"
    acquire_connection: Callable[[], Any]

    async def execute_insert(self, query: str, values: list[Any]) -> Any:
        async with self.acquire_connection() as connection:
            return (await self._root.limited(connection.execute_insert(query, values)))[0]

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, Sequence[Any]]:
        async with self.acquire_connection() as connection:
            before = connection.total_changes
            rows = await self._root.limited(connection.execute_fetchall(query, values))
            return (connection.total_changes - before) or len(rows), rows

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        async with self.acquire_connection() as connection:
            return [dict(row) for row in await self._root.limited(connection.execute_fetchall(query, values))]

    async def execute_script(self, query: str) -> None:
        async with self.acquire_connection() as connection:
            await self._root.limited(connection.executescript(query))


class SqliteClient(_Statements, TortoiseClient):
    """One connection to a SQLite file: the writer, or the reader when `read_only`."""

    def __init__(
        self,
        file_path: str,
        *,
        lock_seconds: float,
        sql_seconds: float,
        waiting_writers: int,
        read_only: bool = False,
        foreign_keys: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(file_path, **options)
        self._root = self
        self.lock_seconds = lock_seconds
        self.sql_seconds = sql_seconds
        self.read_only = read_only
        self._places = waiting_writers
        self._waiting = 0
        self._statement_ends = 0.0
        self.pragmas = {
            "journal_mode": "wal",
            "synchronous": 2,  # FULL: a commit is on the disk when it is acknowledged
            "foreign_keys": int(foreign_keys),
            "busy_timeout": round(lock_seconds * 1000),
            "trusted_schema": 0,
            "query_only": int(read_only),
            "journal_size_limit": 64 * 1024 * 1024,
        }

    async def create_connection(self, with_db: bool) -> None:
        """Connects and asserts the settings. Raises UnsafeDatabase if one did not take, StorageTrouble if it cannot."""
        if self._connection is not None:
            return
        connection = aiosqlite.connect(self.filename, isolation_level=None, timeout=self.lock_seconds)
        try:
            await connection
        except sqlite3.Error as error:
            await asyncio.to_thread(connection._thread.join)  # or it may answer when nobody listens any more
            raise translated(error) or error from error
        try:
            connection.row_factory = sqlite3.Row
            await self._configure(connection)
        except sqlite3.Error as error:
            await connection.close()
            raise translated(error) or error from error
        except BaseException:
            await connection.close()
            raise
        self._connection = connection
        await self._post_connect()

    async def _configure(self, connection: aiosqlite.Connection) -> None:
        for pragma, wanted in self.pragmas.items():
            await connection.execute_fetchall(f"PRAGMA {pragma}={wanted}")
        await self.assert_settings(connection)
        await connection.set_progress_handler(self._is_overdue, INSTRUCTIONS_BETWEEN_LOOKS)

    async def assert_settings(self, connection: aiosqlite.Connection) -> None:
        """Reads every setting back: SQLite ignores what it does not know or cannot do without a word."""
        for pragma, wanted in self.pragmas.items():
            rows = list(await connection.execute_fetchall(f"PRAGMA {pragma}"))
            found = rows[0][0] if rows else None
            if found != wanted:
                raise UnsafeDatabase(f"{self.filename}: PRAGMA {pragma} is {found!r}, it must be {wanted!r}")

    def _is_overdue(self) -> bool:
        return monotonic() > self._statement_ends

    async def limited(self, statement: Awaitable[T]) -> T:
        """Runs one statement for at most `sql_seconds`; a cancelled one is ended before the cancellation goes on."""
        self._statement_ends = monotonic() + self.sql_seconds
        try:
            return await statement
        except asyncio.CancelledError:
            self._statement_ends = 0.0
            if self._connection is not None:
                # first in, first out: when this has an answer, the statement has ended
                await settled(self._connection.execute_fetchall("SELECT 1"))
            raise
        except sqlite3.Error as error:
            if self.read_only and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
                raise OperationalError(f"a write went to the reading connection: {error}") from error
            if (meaning := translated(error)) is not None:
                raise meaning from error
            if isinstance(error, sqlite3.IntegrityError):
                raise IntegrityError(error) from error
            if isinstance(error, sqlite3.OperationalError):
                raise OperationalError(error) from error
            raise

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        async with self._in_transaction() as transaction:
            await transaction.execute_many(query, values)

    def _in_transaction(self) -> TransactionContext:
        return WriteTransactionContext(self)

    async def take_lock(self, until: float) -> None:
        """Waits for this process's turn to write. Raises RetryLater when the queue is full or `until` has passed."""
        if self._waiting >= self._places:
            raise RetryLater()
        self._waiting += 1
        try:
            async with asyncio.timeout(until - monotonic()):
                await self._lock.acquire()
        except TimeoutError:
            raise RetryLater() from None
        finally:
            self._waiting -= 1

    def release_lock(self) -> None:
        self._lock.release()


class WriteTransaction(_Statements, TortoiseTransaction):
    """A transaction that holds SQLite's write lock from its first moment, so that what it read stays true."""

    def __init__(self, parent: "SqliteClient | WriteTransaction") -> None:
        super().__init__(parent)
        self._root = parent._root

    def acquire_connection(self) -> Any:
        if self._finalized:
            # A task begun inside and still at work: the connection may be in somebody else's transaction by now.
            raise TransactionManagementError("this transaction has ended")
        return super().acquire_connection()

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(WriteTransaction(self))

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        async with self.acquire_connection() as connection:
            await self._root.limited(connection.executemany(query, values))

    async def execute_script(self, query: str) -> None:
        for statement in statements(query):  # sqlite3's own executescript would commit first
            await self.execute_query(statement)

    async def begin_within(self, seconds: float) -> None:
        """Takes the write lock of the file. Raises RetryLater if another process keeps it for longer."""
        busy_ms, usual_ms = max(0, round(seconds * 1000)), self._root.pragmas["busy_timeout"]
        begin = f"PRAGMA busy_timeout={busy_ms}; BEGIN IMMEDIATE; PRAGMA busy_timeout={usual_ms}"
        if self._connection.in_transaction:  # nobody's: executescript would commit it
            await self._connection.rollback()
        try:
            await self._root.limited(self._connection.executescript(begin))
        except RetryLater:
            raise RetryLater() from None  # without its cause, which would say that trying again may help

    async def commit(self) -> None:
        """Makes it durable. Raises what `after_commit_was_sent` says; the transaction is over in any case."""
        async with self.acquire_connection() as connection:
            self._finalized = True
            if not connection.in_transaction:
                # SQLite may roll back by itself when the disk is full; who swallowed that must not seem to succeed
                raise TransactionManagementError("the transaction was rolled back by an error before its end")
            try:
                await connection.commit()
            except sqlite3.Error as error:
                await connection.rollback()
                raise after_commit_was_sent(error) from error

    async def rollback(self) -> None:
        async with self.acquire_connection() as connection:
            self._finalized = True
            await connection.rollback()


class WriteTransactionContext(TransactionContext):
    """Takes the process's lock, then the file's; whatever happens on the way, it gives back what it took."""

    def __init__(self, client: SqliteClient) -> None:
        self.root = client
        self.connection_name = client.connection_name

    async def __aenter__(self) -> TransactionalDBClient:
        until = monotonic() + self.root.lock_seconds
        await self.root.take_lock(until)
        try:
            if self.root._connection is None:
                await self.root.create_connection(with_db=True)
            self.transaction = WriteTransaction(self.root)
            await self._begin(until)
        except BaseException:
            self.root.release_lock()
            raise
        self.token = get_connections().set(self.connection_name, self.transaction)
        return self.transaction

    async def _begin(self, until: float) -> None:
        try:
            await self.transaction.begin_within(until - monotonic())
        except BaseException:
            connection = self.transaction._connection
            if connection.in_transaction:
                await settled(connection.rollback())
            raise

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        try:
            if not self.transaction._finalized:
                await settled(self.transaction.rollback() if exc_type else self.transaction.commit())
        finally:
            get_connections().reset(self.token)
            self.root.release_lock()


def statements(script: str) -> Iterator[str]:
    """The statements of a script one by one; a semicolon inside a string or a comment ends nothing."""
    statement = ""
    for part in script.split(";"):
        statement += part + ";"
        if sqlite3.complete_statement(statement):
            if statement.strip(" \n\t;"):
                yield statement
            statement = ""
    if statement.strip(" \n\t;"):
        yield statement


async def settled(work: Awaitable[T]) -> T:
    """Awaits `work` to its end, however often the waiting task is cancelled; then lets the cancellation go on."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None and not task.cancelled() and task.exception() is None:
        raise cancelled
    return task.result()


client_class = SqliteClient

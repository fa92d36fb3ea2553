"""PostgreSQL: a pool that says no instead of letting wait for ever, and transactions that tell how they ended.

Tortoise's own pool has no time limit, and loses a connection when a task is cancelled while it begins a transaction.
"""

import asyncio
from typing import Any, Final

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.asyncpg.client import TransactionWrapper as TortoiseTransaction
from tortoise.backends.base.client import NestedTransactionContext, TransactionalDBClient, TransactionContext
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError

from cases.refusals import RetryLater, StorageUnavailable
from models.engines.sqlite import UnsafeDatabase, settled
from models.errors import after_commit_was_sent, translated

#: What a commit must mean; read back from every new connection.
SAFE: Final = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


class PostgresClient(AsyncpgDBClient):
    """A pool of at most `connections`. Who does not get one within `lock_seconds` is told to come later."""

    def __init__(self, *, lock_seconds: float, sql_seconds: float, connections: int, **options: Any) -> None:
        milliseconds = {
            "statement_timeout": round(sql_seconds * 1000),
            "lock_timeout": round(lock_seconds * 1000),
            "idle_in_transaction_session_timeout": round(sql_seconds * 2000),
        }
        super().__init__(
            minsize=min(2, connections),
            maxsize=connections,
            timeout=5,  # to connect
            command_timeout=sql_seconds + 1,  # a server that is gone does not time out by itself
            server_settings={name: str(value) for name, value in milliseconds.items()},
            application_name="casegraph",
            init=assert_settings,
            reset=keep_session,
            **options,
        )
        self.lock_seconds = lock_seconds
        self._slots = asyncio.Semaphore(connections)
        #: Connections between two borrowers: to hand them through asyncpg's pool costs a task and two timers each time.
        self._ready: list[Any] = []

    async def create_connection(self, with_db: bool) -> None:
        """Opens the pool. Raises UnsafeDatabase if a setting is wrong, StorageUnavailable if nobody answers."""
        await self._translate_exceptions(AsyncpgDBClient.create_connection, with_db)

    async def check_out(self) -> Any:
        """A connection of the pool. Raises RetryLater if none is free within `lock_seconds`."""
        if self._slots.locked():
            try:
                async with asyncio.timeout(self.lock_seconds):
                    await self._slots.acquire()
            except TimeoutError:
                raise RetryLater() from None
        else:
            await self._slots.acquire()
        try:
            while self._ready:
                connection = self._ready.pop()
                if not is_gone(connection):
                    return connection
                await self._to_pool(connection)
            if self._pool is None:
                async with self._pool_init_lock:
                    if self._pool is None:
                        await self.create_connection(with_db=True)
            assert self._pool is not None
            return await self._pool.acquire()
        except BaseException:
            self._slots.release()
            raise

    async def check_in(self, connection: Any, *, is_ready: bool = False) -> None:
        """Takes a connection back. `is_ready` says that nothing went wrong on it and nothing is under way."""
        try:
            if is_ready:
                self._ready.append(connection)
            else:
                await self._to_pool(connection)
        finally:
            self._slots.release()

    async def _to_pool(self, connection: Any) -> None:
        if self._pool is not None:
            await self._pool.release(connection)

    async def _close(self) -> None:
        while self._ready:
            await self._to_pool(self._ready.pop())
        await super()._close()

    def acquire_connection(self) -> Any:
        return _Borrowed(self)

    def _in_transaction(self) -> TransactionContext:
        return PooledTransactionContext(self)

    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return await super()._translate_exceptions(func, *args, **kwargs)
        except Exception as error:
            if (meaning := translated(error)) is not None:
                raise meaning from error
            raise


class _Borrowed:
    """`async with`: a connection of the pool for one statement."""

    def __init__(self, client: PostgresClient) -> None:
        self._client = client

    async def __aenter__(self) -> Any:
        self._connection = await self._client.check_out()
        return self._connection

    async def __aexit__(self, failure: object, *_: object) -> None:
        await self._client.check_in(self._connection, is_ready=failure is None)


class PooledTransaction(PostgresClient, TortoiseTransaction):
    """A transaction on one connection of the pool (READ COMMITTED)."""

    def __init__(self, parent: "PostgresClient | PooledTransaction", connection: Any) -> None:
        TortoiseTransaction.__init__(self, parent)
        self._connection = connection
        self._savepoint = ""

    def acquire_connection(self) -> Any:
        if self._finalized:
            # A task begun inside and still at work: the connection may be in somebody else's transaction by now.
            raise TransactionManagementError("this transaction has ended")
        return TortoiseTransaction.acquire_connection(self)

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(PooledTransaction(self, self._connection))

    execute_many = TortoiseTransaction.execute_many

    async def begin(self) -> None:
        await self.execute_script("BEGIN")

    async def commit(self) -> None:
        """Makes it durable. Raises what `after_commit_was_sent` says; the transaction is over in any case."""
        async with self.acquire_connection() as connection:
            self._finalized = True
            if is_gone(connection):  # COMMIT is not sent: nothing was written, for certain
                raise StorageUnavailable() from ConnectionError("the connection broke before the commit")
            try:
                answer = await connection.execute("COMMIT")
            except Exception as error:
                raise after_commit_was_sent(error) from error
            if answer != "COMMIT":
                # PostgreSQL answers ROLLBACK when a statement failed; who swallowed that error must not seem to succeed
                raise TransactionManagementError("the transaction was rolled back by an error before its end")

    async def rollback(self) -> None:
        async with self.acquire_connection() as connection:
            self._finalized = True
            await connection.execute("ROLLBACK")

    async def savepoint(self) -> None:
        self._savepoint = f"s{id(self)}"
        await self.execute_script(f"SAVEPOINT {self._savepoint}")

    async def release_savepoint(self) -> None:
        await self.execute_script(f"RELEASE SAVEPOINT {self._savepoint}")
        self._finalized = True

    async def savepoint_rollback(self) -> None:
        await self.execute_script(f"ROLLBACK TO SAVEPOINT {self._savepoint}")
        self._finalized = True


class PooledTransactionContext(TransactionContext):
    """Checks a connection out and begins; whatever happens on the way, the connection goes back."""

    def __init__(self, client: PostgresClient) -> None:
        self.root = client
        self.connection_name = client.connection_name

    async def __aenter__(self) -> TransactionalDBClient:
        connection = await self.root._translate_exceptions(PostgresClient.check_out)
        try:
            self.transaction = PooledTransaction(self.root, connection)
            await settled(self.transaction.begin())  # to cancel it would take another connection
        except BaseException:
            await settled(self._end(connection))
            raise
        self.token = get_connections().set(self.connection_name, self.transaction)
        return self.transaction

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        connection = self.transaction._connection
        try:
            if not self.transaction._finalized and exc_type is None:
                await settled(self.transaction.commit())
        finally:
            get_connections().reset(self.token)
            await settled(self._end(connection))

    async def _end(self, connection: Any) -> None:
        """Rolls back what is open and gives the connection back; one that cannot roll back is closed."""
        self.transaction._finalized = True
        is_ready = False
        try:
            if not is_gone(connection):
                if is_open := connection.is_in_transaction():
                    await connection.execute("ROLLBACK")
                is_ready = not is_open
        except Exception:
            if not is_gone(connection):
                connection.terminate()  # the server rolls back when it sees it go
        finally:
            await self.root.check_in(connection, is_ready=is_ready)


def is_gone(connection: Any) -> bool:
    """Whether the connection is closed; asyncpg takes such a one back from its borrower, who then cannot even ask."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True


async def assert_settings(connection: asyncpg.Connection) -> None:
    """Raises UnsafeDatabase if a commit would not mean that the data is on the disk."""
    for name, wanted in SAFE.items():
        found = await connection.fetchval(f"SHOW {name}")
        if found != wanted:
            raise UnsafeDatabase(f"PostgreSQL: {name} is {found!r}, it must be {wanted!r}")


async def keep_session(connection: Any) -> None:
    """Instead of asyncpg's reset, a round trip per statement: nothing of ours in a session outlives its transaction."""


client_class = PostgresClient

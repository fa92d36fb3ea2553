"""Wake-ups: who reads the outbox need not look again and again to see at once what was written.

Within a process every unit of work that is over says so. Between processes PostgreSQL carries the word: each process
listens on a connection of its own and, some time after units of work of its own were committed, notifies the others on
that connection, once for as many as there were meanwhile. A unit of work never notifies itself: a transaction with a
notification takes a lock of the whole server while it commits. A wake-up says only that it may be worth looking, and
may be lost: readers look from time to time anyway, and on SQLite that is all that other processes hear.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import asyncpg

from models.addresses import postgres_credentials
from models.database import Database

log = logging.getLogger(__name__)

CHANNEL: Final = "casegraph_outbox"
BETWEEN_NOTICES: Final = 0.005
"""Seconds: at so many notices a second the others are awake all the time."""
BEFORE_ANOTHER_TRY: Final = 1.0
BETWEEN_LOOKS: Final = 10.0
"""Seconds between two looks at whether the connection still works."""


class Wakeups:
    """What wakes the readers of one process."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._over = asyncio.Event()
        self._told = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Returns when there may be something new, at the latest after so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._over.wait()
        self._over.clear()

    def note(self, has_news: bool) -> None:
        """A unit of work of this process is over. One without news may have held back those of others."""
        self._over.set()
        if has_news:
            self._told.set()

    async def _exchange(self) -> None:
        """Listens and notifies until it is cancelled; a connection that is lost is made again."""
        while True:
            try:
                options = postgres_credentials(self.database.url, self.database.limits)
                names = ("user", "password", "host", "port", "database")
                connection = await asyncpg.connect(**{name: options[name] for name in names}, timeout=5)
                try:
                    await connection.add_listener(CHANNEL, self._heard)
                    self._over.set()  # what came while nobody listened
                    while True:
                        await self._notify(connection)
                finally:
                    connection.terminate()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as trouble:  # TimeoutError is an OSError
                log.warning("no wake-ups from other processes for a while: %r", trouble)
                await asyncio.sleep(BEFORE_ANOTHER_TRY)

    def _heard(self, connection: Any, sender: int, channel: str, payload: object) -> None:
        if sender != connection.get_server_pid():
            self._over.set()

    async def _notify(self, connection: Any) -> None:
        try:
            async with asyncio.timeout(BETWEEN_LOOKS):
                await self._told.wait()
        except TimeoutError:
            await connection.execute("SELECT 1", timeout=5)
            return
        self._told.clear()
        await connection.execute(f"NOTIFY {CHANNEL}", timeout=5)
        await asyncio.sleep(BETWEEN_NOTICES)


@asynccontextmanager
async def wakeups(database: Database) -> AsyncIterator[Wakeups]:
    """The wake-ups of this process, for as long as the block lasts."""
    made = Wakeups(database)
    database.listeners.append(made.note)
    exchange = asyncio.create_task(made._exchange()) if database.dialect == "postgres" else None
    try:
        yield made
    finally:
        database.listeners.remove(made.note)
        if exchange is not None:
            exchange.cancel()
            with suppress(asyncio.CancelledError):
                await exchange

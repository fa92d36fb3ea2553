"""What is sent to the database, as its driver sees it: each statement is a round trip."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import groupby

import asyncpg

from models.database import Database

NOT_OURS = re.compile(
    r"\s*(BEGIN|COMMIT|PRAGMA|--|WITH RECURSIVE typeinfo|SELECT (current_setting|set_config|last_insert))"
)
"""What stands around every act, whatever it does, and what the drivers ask for themselves."""
SAID = re.compile(r'^(SELECT|INSERT|UPDATE|DELETE).*?(?:FROM|INTO|UPDATE) "(\w+)"|^(SAVEPOINT|RELEASE|ROLLBACK)', re.S)


@asynccontextmanager
async def sent(database: Database) -> AsyncIterator[list[tuple[str, str]]]:
    """The statements of the block when it is over: what each does, and to which table.

    SQLite tells of each row that is written by itself; such rows are one call of its driver.
    """
    seen: list[tuple[str, str]] = []

    def note(statement: str) -> None:
        text = " ".join(statement.split())
        if not NOT_OURS.match(text):
            said = SAID.search(text if not text.startswith("UPDATE") else f"UPDATE {text}")
            assert said, text
            seen.append((said[1], said[2]) if said[1] else (said[3], "part"))

    if database.dialect == "sqlite":
        connections = [client._connection for client in {database.writer, database.reader}]
        for connection in connections:
            await connection.set_trace_callback(note)
        yield seen
        for connection in connections:
            await connection.set_trace_callback(None)
        seen[:] = [one for one, _ in groupby(seen)]
        return

    def logged(record: "asyncpg.connection.LoggedQuery") -> None:
        note(record.query)

    borrowed = [await database.writer.check_out() for _ in range(database.limits.pool_connections)]
    for connection in borrowed:
        connection.add_query_logger(logged)
    for connection in borrowed:
        await database.writer.check_in(connection, is_ready=True)
    yield seen
    await asyncio.sleep(0)  # loggers are called in the next turn; they go when the test's pool does

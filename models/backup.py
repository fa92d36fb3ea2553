"""A copy of a SQLite database that is complete and consistent, taken while the server writes."""

import asyncio
import os
import sqlite3
from pathlib import Path

from cases.refusals import StorageUnavailable
from models.addresses import dialect, sqlite_path


async def backup(url: str, destination: Path) -> None:
    """Copies the database to a new file, which appears under its name only when it is complete and on the disk.

    Copying the file itself would lose what still stands in the log, silently.

    Raises FileExistsError if `destination` is there already, ValueError for PostgreSQL, which has pg_dump for this, and
    StorageUnavailable if there is no database or no room.
    """
    if dialect(url) == "postgres":
        raise ValueError("use pg_dump to back up PostgreSQL")
    if destination.exists():
        raise FileExistsError(destination)
    await asyncio.to_thread(_copy, sqlite_path(url), destination)


def _copy(source: Path, destination: Path) -> None:
    unfinished = destination.with_name(destination.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        connection = sqlite3.connect(f"file:{source}?mode=ro", uri=True, isolation_level=None)
        try:
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        finally:
            connection.close()
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.rename(destination)
    except sqlite3.Error as error:
        unfinished.unlink(missing_ok=True)
        raise StorageUnavailable(f"{source} cannot be copied: {error}") from error

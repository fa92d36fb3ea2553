"""What the trouble of a database means to somebody who asked for something.

    driver's error                                          becomes
    ──────────────────────────────────────────────────────  ──────────────────────────────
    SQLite BUSY, LOCKED                                     RetryLater
    SQLite FULL, READONLY, IOERR, CANTOPEN, CORRUPT, NOTADB StorageUnavailable
    SQLite INTERRUPT (our time limit)                       StatementTimeout
    PostgreSQL 40001, 40P01, 55P03, 25P03                   RetryLater
    PostgreSQL 57014 (statement_timeout)                    StatementTimeout
    PostgreSQL class 08, 53, 57P, 58, 25006; broken socket  StorageUnavailable
    anything of these after COMMIT was sent, unless the     OutcomeUnknown
    server itself said that it rolled back

Used in one place per engine, where statements are run, so that nobody further right meets a driver's error of this
kind. Everything else (a broken constraint, bad SQL) is not trouble of the storage and rises as it is.
"""

import sqlite3
from typing import Final

import asyncpg

from cases.refusals import OutcomeUnknown, RetryLater, StorageUnavailable

SQLITE_BUSY_CODES: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
SQLITE_UNAVAILABLE_CODES: Final = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }
)
# PostgreSQL, Appendix A "Error Codes"
POSTGRES_CONFLICTS: Final = frozenset({"40001", "40P01"})
POSTGRES_BUSY: Final = POSTGRES_CONFLICTS | {"55P03", "25P03"}
POSTGRES_UNAVAILABLE_CLASSES: Final = ("08", "53", "57P", "58", "25006")
POSTGRES_STATEMENT_TIMEOUT: Final = "57014"


class StatementTimeout(Exception):
    """A statement ran longer than `limits.sql_seconds` and was ended; its transaction is rolled back.

    Not a refusal: the edge answers TIMEOUT.
    """


def translated(error: Exception) -> Exception | None:
    """The storage trouble, or the StatementTimeout, that a driver's error means; None if it is something else."""
    match error:
        case sqlite3.Error():
            return _of_sqlite(error)
        case asyncpg.PostgresError():
            return _of_postgres(error)
        case asyncpg.InterfaceError() if _is_lost(error):
            return StorageUnavailable()
        case OSError():  # sockets; asyncpg's own time limits are TimeoutError, which is one
            return StorageUnavailable()
        case _:
            return None


def after_commit_was_sent(error: Exception) -> Exception:
    """What an error in answer to COMMIT means: only a server that is still there can say that nothing was written."""
    match error:
        case sqlite3.Error() if _sqlite_code(error) == sqlite3.SQLITE_IOERR:
            return OutcomeUnknown()  # the frames may have reached the log before the disk complained
        case asyncpg.PostgresError() if _is_lost(error):
            return OutcomeUnknown()
        case asyncpg.InterfaceError() | OSError():
            return OutcomeUnknown()
        case _:
            return translated(error) or error


def may_be_repeated(error: BaseException) -> bool:
    """Whether the same transaction, begun anew, may well succeed at once: it lost a race or its connection.

    Not so after waiting in vain for a lock or a connection: who waited for `lock_seconds` is told to come later.
    """
    match error.__cause__ if isinstance(error, RetryLater | StorageUnavailable) else None:
        case sqlite3.Error() as cause:
            return _sqlite_code(cause) in SQLITE_BUSY_CODES
        case asyncpg.PostgresError() as cause:
            return cause.sqlstate in POSTGRES_CONFLICTS or _is_lost(cause)
        case asyncpg.InterfaceError() | ConnectionError():
            return True
        case _:
            return False


def _sqlite_code(error: sqlite3.Error) -> int | None:
    """The primary result code, without the extension in the higher bits (sqlite.org/rescode.html)."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _of_sqlite(error: sqlite3.Error) -> Exception | None:
    match _sqlite_code(error):
        case code if code in SQLITE_BUSY_CODES:
            return RetryLater()
        case code if code in SQLITE_UNAVAILABLE_CODES:
            return StorageUnavailable()
        case sqlite3.SQLITE_INTERRUPT:
            return StatementTimeout("a statement ran longer than it may")
        case _:
            return None


def _of_postgres(error: asyncpg.PostgresError) -> Exception | None:
    state = error.sqlstate or ""
    if state in POSTGRES_BUSY:
        return RetryLater()
    if state == POSTGRES_STATEMENT_TIMEOUT:
        return StatementTimeout("a statement ran longer than it may")
    if state.startswith(POSTGRES_UNAVAILABLE_CLASSES):
        return StorageUnavailable()
    return None


def _is_lost(error: Exception) -> bool:
    """Whether the connection is gone, as opposed to a server that answers."""
    match error:
        case asyncpg.PostgresError():
            return (error.sqlstate or "").startswith(("08", "57P"))
        case asyncpg.InterfaceError():
            return "closed" in str(error) or "released back to the pool" in str(error)
        case _:
            return isinstance(error, OSError)

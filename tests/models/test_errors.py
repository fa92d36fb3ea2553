"""Each trouble of a driver has one meaning for the one who asked."""

import sqlite3

import asyncpg
import pytest
from pytest import param

from cases.refusals import OutcomeUnknown, RetryLater, StorageUnavailable
from models.errors import StatementTimeout, after_commit_was_sent, may_be_repeated, translated

postgres = asyncpg.exceptions


def sqlite_error(code: int, kind: type[sqlite3.Error] = sqlite3.OperationalError) -> sqlite3.Error:
    error = kind("what SQLite says")
    error.sqlite_errorcode = code
    return error


MEANINGS = [
    param(sqlite_error(sqlite3.SQLITE_BUSY), RetryLater, id="another process writes"),
    param(sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), RetryLater, id="an extended code counts as its primary one"),
    param(sqlite_error(sqlite3.SQLITE_LOCKED), RetryLater, id="a table is locked"),
    param(sqlite_error(sqlite3.SQLITE_FULL), StorageUnavailable, id="the disk is full"),
    param(sqlite_error(sqlite3.SQLITE_READONLY), StorageUnavailable, id="the file cannot be written"),
    param(sqlite_error(sqlite3.SQLITE_IOERR_WRITE), StorageUnavailable, id="the disk fails"),
    param(sqlite_error(sqlite3.SQLITE_CANTOPEN), StorageUnavailable, id="the file cannot be opened"),
    param(sqlite_error(sqlite3.SQLITE_CORRUPT, sqlite3.DatabaseError), StorageUnavailable, id="the file is damaged"),
    param(sqlite_error(sqlite3.SQLITE_NOTADB, sqlite3.DatabaseError), StorageUnavailable, id="the file is another"),
    param(sqlite_error(sqlite3.SQLITE_INTERRUPT), StatementTimeout, id="SQLite was interrupted"),
    param(postgres.SerializationError("x"), RetryLater, id="lost a race"),
    param(postgres.DeadlockDetectedError("x"), RetryLater, id="deadlock"),
    param(postgres.LockNotAvailableError("x"), RetryLater, id="lock_timeout"),
    param(postgres.IdleInTransactionSessionTimeoutError("x"), RetryLater, id="was idle in a transaction"),
    param(postgres.QueryCanceledError("x"), StatementTimeout, id="statement_timeout"),
    param(postgres.DiskFullError("x"), StorageUnavailable, id="PostgreSQL's disk is full"),
    param(postgres.TooManyConnectionsError("x"), StorageUnavailable, id="no connection left"),
    param(postgres.ReadOnlySQLTransactionError("x"), StorageUnavailable, id="a standby"),
    param(postgres.AdminShutdownError("x"), StorageUnavailable, id="shut down"),
    param(postgres.CannotConnectNowError("x"), StorageUnavailable, id="starting up"),
    param(postgres.ConnectionDoesNotExistError("x"), StorageUnavailable, id="connection lost"),
    param(asyncpg.InterfaceError("connection is closed"), StorageUnavailable, id="connection closed"),
    param(ConnectionResetError(), StorageUnavailable, id="reset"),
    param(TimeoutError(), StorageUnavailable, id="no answer"),
]


@pytest.mark.parametrize(("error", "meaning"), MEANINGS)
def test_trouble_of_the_storage_has_a_meaning(error: Exception, meaning: type[Exception]):
    assert type(translated(error)) is meaning


@pytest.mark.parametrize(
    "error",
    [
        param(sqlite_error(sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.IntegrityError), id="SQLite: unique"),
        param(sqlite_error(sqlite3.SQLITE_ERROR), id="SQLite: syntax"),
        param(sqlite3.ProgrammingError("no code"), id="SQLite: misuse"),
        param(postgres.UniqueViolationError("x"), id="PostgreSQL: unique"),
        param(postgres.PostgresSyntaxError("x"), id="PostgreSQL: syntax"),
        param(asyncpg.InterfaceError("another operation is in progress"), id="asyncpg: misuse"),
        param(LookupError(), id="anything else"),
    ],
)
def test_a_bug_or_a_broken_rule_is_no_trouble_of_the_storage(error: Exception):
    assert translated(error) is None
    assert not may_be_repeated(error)


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        param(ConnectionResetError(), OutcomeUnknown, id="the connection broke"),
        param(TimeoutError(), OutcomeUnknown, id="no answer came"),
        param(postgres.ConnectionDoesNotExistError("x"), OutcomeUnknown, id="the connection was lost"),
        param(postgres.AdminShutdownError("x"), OutcomeUnknown, id="the server went away"),
        param(asyncpg.InterfaceError("connection is closed"), OutcomeUnknown, id="the connection was closed"),
        param(sqlite_error(sqlite3.SQLITE_IOERR_FSYNC), OutcomeUnknown, id="the disk failed"),
        param(postgres.SerializationError("x"), RetryLater, id="the server says that the race is lost"),
        param(postgres.DiskFullError("x"), StorageUnavailable, id="the server says that its disk is full"),
        param(sqlite_error(sqlite3.SQLITE_FULL), StorageUnavailable, id="SQLite says that the disk is full"),
        param(sqlite_error(sqlite3.SQLITE_BUSY), RetryLater, id="SQLite says that it is busy"),
        param(
            postgres.ForeignKeyViolationError("x"), postgres.ForeignKeyViolationError, id="a deferred rule is broken"
        ),
    ],
)
def test_after_the_commit_was_sent_only_the_servers_word_counts(error: Exception, meaning: type[Exception]):
    assert type(after_commit_was_sent(error)) is meaning


def refused(refusal: Exception, cause: Exception | None) -> Exception:
    refusal.__cause__ = cause
    return refusal


@pytest.mark.parametrize(
    ("error", "repeated"),
    [
        param(refused(RetryLater(), postgres.SerializationError("x")), True, id="lost a race"),
        param(refused(RetryLater(), postgres.DeadlockDetectedError("x")), True, id="deadlock"),
        param(refused(RetryLater(), sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT)), True, id="SQLite was busy"),
        param(refused(StorageUnavailable(), ConnectionResetError()), True, id="the connection broke"),
        param(refused(StorageUnavailable(), postgres.AdminShutdownError("x")), True, id="the server cut it"),
        param(refused(StorageUnavailable(), asyncpg.InterfaceError("connection is closed")), True, id="it was closed"),
        param(refused(RetryLater(), None), False, id="waited for a connection in vain"),
        param(refused(RetryLater(), postgres.LockNotAvailableError("x")), False, id="waited for a lock in vain"),
        param(refused(StorageUnavailable(), postgres.DiskFullError("x")), False, id="the disk is full"),
        param(refused(StorageUnavailable(), sqlite_error(sqlite3.SQLITE_FULL)), False, id="SQLite's disk is full"),
        param(refused(OutcomeUnknown(), ConnectionResetError()), False, id="the outcome is unknown"),
        param(StatementTimeout(), False, id="it took too long"),
    ],
)
def test_only_a_lost_race_or_connection_is_tried_again(error: Exception, repeated: bool):
    assert may_be_repeated(error) is repeated

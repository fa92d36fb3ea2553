"""Brings a database to the shape of the tables, or leaves it exactly as it was.

    python -m models.migrate initial      writes `models/migrations/0001_initial.py` anew, before there is a release
    python -m models.migrate step NAME    writes the next migration: what the tables have that the migrations lack

Everything happens in one transaction, on both engines: run the missing migrations, check, compare the result with a
database made afresh, and commit only if they are alike. So a failed migration, or a killed one, has not happened.
SQLite's tables are rebuilt with foreign keys off, or dropping the old copy of a parent would delete its children;
the file is copied first to `<file>.before-<migration>`, for the person who wants to go back.
"""

import asyncio
import fcntl
import pkgutil
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import asyncpg
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationExecutor

from models import TABLES
from models.addresses import dialect, postgres_credentials, sqlite_path
from models.append_only import schema_sql, triggers_sql
from models.backup import backup
from models.database import Database
from models.engines.editors import PostgresSchemaEditor, SqliteSchemaEditor
from models.shape import Shape, differences, postgres_shape, sqlite_shape
from settings import Limits

MIGRATIONS: Final = "models.migrations"
RECORD: Final = "tortoise_migrations"
#: How long a second server that starts waits for the first to finish migrating.
WAIT_SECONDS: Final = 60.0
HEADER: Final = "# ruff: noqa\n# fmt: off\n# Written by `python -m models.migrate`.\n"
#: Any number, the same for all of us.
ADVISORY_LOCK: Final = 0xCA5E_64AF


class MigrationRefused(Exception):
    """The migration did not lead to the shape of the tables. Nothing was changed."""


async def migrate(url: str, *, tables: Sequence[str] | None = None, migrations: str = MIGRATIONS) -> list[str]:
    """Runs the migrations that are missing and returns their names, oldest first; none if the database is current.

    Several servers may start at once: one migrates, the others wait for it.

    Raises MigrationRefused, with the differences, when the result is not what the tables say, or when the database has
    had migrations that this version does not know; RetryLater when others keep the tables locked.
    """
    known = names(migrations)
    if not missing(known, await applied(url)):
        return []
    tables = TABLES if tables is None else tables
    if dialect(url) == "postgres":
        return await _migrate_postgres(url, tables, migrations)
    return await _migrate_sqlite(url, tables, migrations)


def names(migrations: str) -> list[str]:
    """The migrations of a package, in order."""
    return sorted(name for _, name, _ in pkgutil.iter_modules(import_module(migrations).__path__) if name[0] != "_")


def missing(known: Sequence[str], done: Sequence[str]) -> list[str]:
    """Raises MigrationRefused if the database is ahead of us."""
    if ahead := sorted(set(done) - set(known)):
        raise MigrationRefused(f"the database was migrated by a later version: {', '.join(ahead)}")
    return [name for name in known if name not in done]


async def applied(url: str) -> list[str]:
    """The migrations that a database has had; none if there is no database yet."""
    statement = f"SELECT name FROM {RECORD} WHERE app = 'models'"
    if dialect(url) == "postgres":
        options = postgres_credentials(url, Limits())
        connection = await asyncpg.connect(
            **{key: options[key] for key in ("user", "password", "host", "port", "database")}
        )
        try:
            return [row["name"] for row in await connection.fetch(statement)]
        except asyncpg.UndefinedTableError:
            return []
        finally:
            await connection.close()
    if not sqlite_path(url).exists():
        return []
    with closing(sqlite3.connect(sqlite_path(url))) as file:
        if not file.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (RECORD,)).fetchone():
            return []
        return [name for (name,) in file.execute(statement)]


async def _migrate_sqlite(url: str, tables: Sequence[str], migrations: str) -> list[str]:
    path = sqlite_path(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    async with _alone(path.with_name(path.name + ".migrating")):
        done = await applied(url)
        pending = missing(names(migrations), done)
        if not pending:
            return []
        if done:
            copy = path.with_name(f"{path.name}.before-{pending[0]}")
            copy.unlink(missing_ok=True)
            await backup(url, copy)
        limits = replace(Limits(), lock_seconds=WAIT_SECONDS, sql_seconds=3600.0)
        async with Database(url, limits, foreign_keys=False) as database:
            await database.connect(tables, shared=False)
            async with database.writer._in_transaction() as transaction:
                await _drop_triggers(transaction)
                await _run(transaction, tables, migrations)
                await _check_sqlite(transaction)
                fresh = await _fresh_sqlite(transaction)
                _refuse_unless_alike(await sqlite_shape(transaction.execute_query_dict, without=(RECORD,)), fresh)
    return pending


@asynccontextmanager
async def _alone(path: Path) -> AsyncIterator[None]:
    """Holds a lock file. Raises TimeoutError if another process keeps it for longer than `WAIT_SECONDS`."""
    with path.open("w") as file:
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    await asyncio.sleep(0.05)
        yield  # closing the file releases the lock; it stays behind, or two could hold two files of one name


async def _drop_triggers(transaction: Any) -> None:
    """Takes away all triggers, which are made anew: SQLite renames no table of which a trigger elsewhere speaks."""
    for row in await transaction.execute_query_dict("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        await transaction.execute_script(f'DROP TRIGGER "{row["name"]}"')


async def _check_sqlite(transaction: Any) -> None:
    if orphans := await transaction.execute_query_dict("PRAGMA foreign_key_check"):
        raise MigrationRefused(f"{len(orphans)} rows refer to rows that are not there, such as {orphans[0]}")
    damage = [next(iter(row.values())) for row in await transaction.execute_query_dict("PRAGMA integrity_check")]
    if damage != ["ok"]:
        raise MigrationRefused(f"the file is damaged: {damage[:3]}")


async def _fresh_sqlite(transaction: Any) -> Shape:
    with closing(sqlite3.connect(":memory:")) as fresh:
        fresh.row_factory = sqlite3.Row
        fresh.executescript(schema_sql(transaction))

        async def query(sql: str) -> Iterable[Mapping[str, Any]]:
            return [dict(row) for row in fresh.execute(sql)]

        return await sqlite_shape(query)


async def _migrate_postgres(url: str, tables: Sequence[str], migrations: str) -> list[str]:
    limits = replace(Limits(), sql_seconds=3600.0)
    async with Database(url, limits) as database:
        await database.connect(tables, shared=False)
        async with database.writer._in_transaction() as transaction:
            await transaction.execute_script(f"SET LOCAL lock_timeout = '{WAIT_SECONDS:.0f}s'")
            await transaction.execute_query(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
            await transaction.execute_script(
                "SET LOCAL lock_timeout = '2s'"
            )  # no table is kept from its readers for longer
            pending = missing(names(migrations), await applied(url))
            if pending:
                (schema,) = await transaction.execute_query_dict("SELECT current_schema() AS name")
                await _run(transaction, tables, migrations)
                found = await postgres_shape(transaction.execute_query_dict, schema["name"], without=(RECORD,))
                _refuse_unless_alike(found, await _fresh_postgres(transaction, schema_sql(transaction)))
    return pending


async def _fresh_postgres(transaction: Any, sql: str) -> Shape:
    """The shape of tables made afresh in a schema of their own, which is gone again before anybody could see it."""
    await transaction.execute_script(
        "SAVEPOINT fresh; CREATE SCHEMA casegraph_fresh; SET LOCAL search_path = casegraph_fresh"
    )
    await transaction.execute_script(sql)
    shape = await postgres_shape(transaction.execute_query_dict, "casegraph_fresh")
    await transaction.execute_script("ROLLBACK TO SAVEPOINT fresh")
    return shape


def _refuse_unless_alike(found: Shape, wanted: Shape) -> None:
    if lines := differences(found, wanted):
        raise MigrationRefused("the migrated tables are not what the code says:\n  " + "\n  ".join(lines))


class _Executor(MigrationExecutor):
    def _schema_editor(self, atomic: bool = True, collect_sql: bool = False) -> Any:
        editor = PostgresSchemaEditor if self.connection.capabilities.dialect == "postgres" else SqliteSchemaEditor
        return editor(self.connection, atomic=atomic, collect_sql=collect_sql)


def _apps(tables: Sequence[str], migrations: str) -> dict[str, dict[str, Any]]:
    return {"models": {"models": list(tables), "default_connection": "default", "migrations": migrations}}


async def _run(transaction: Any, tables: Sequence[str], migrations: str) -> None:
    executor = _Executor(transaction, _apps(tables, migrations))
    # first: Tortoise looks for the record in a way that ends PostgreSQL's transaction when there is none yet
    await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))
    await executor.migrate()
    if triggers := triggers_sql(transaction):
        await transaction.execute_script(triggers)


async def write_initial(migrations: str = MIGRATIONS, tables: Sequence[str] | None = None) -> list[Path]:
    """Replaces all migrations of a package by one that makes the tables as they are; returns its path."""
    for path in Path(next(iter(import_module(migrations).__path__))).glob("[0-9]*.py"):
        path.unlink()
    return await write_step("initial", migrations, tables)


async def write_step(name: str, migrations: str = MIGRATIONS, tables: Sequence[str] | None = None) -> list[Path]:
    """Writes what the tables have that the migrations do not; returns the path, none if there is no such thing."""
    apps = _apps(TABLES if tables is None else tables, migrations)
    async with TortoiseContext() as context:
        await context.init({"connections": {"default": "sqlite://unused"}, "apps": apps}, init_connections=False)
        assert context.apps is not None
        with _undescribed(context.apps.get_models_iterable()):
            writers = await MigrationAutodetector(context.apps, apps).changes()
            for writer in writers:
                writer.name = f"{writer.name[:4]}_{name}"
                writer.path().write_text(HEADER + writer.as_string())
    return [writer.path() for writer in writers]


@contextmanager
def _undescribed(models: Iterable[Any]) -> Iterator[None]:
    """Leaves out what is only said of tables and columns: a better sentence is no reason to rebuild a table."""
    described: list[tuple[Any, str, str | None]] = [(model._meta, "table_description", "") for model in models]
    for meta, _, _ in list(described):
        # an enum's field describes itself unless it is given a description, be it an empty one
        described += [
            (field, "description", "" if hasattr(field, "enum_type") else None) for field in meta.fields_map.values()
        ]
    before = [getattr(thing, name) for thing, name, _ in described]
    for thing, name, nothing in described:
        setattr(thing, name, nothing)
    try:
        yield
    finally:
        for (thing, name, _), description in zip(described, before, strict=True):
            setattr(thing, name, description)


def main(arguments: Sequence[str]) -> None:
    match arguments:
        case ["initial"]:
            written = asyncio.run(write_initial())
        case ["step", name]:
            written = asyncio.run(write_step(name))
        case _:
            raise SystemExit(__doc__)
    sys.stdout.write("".join(f"{path}\n" for path in written) or "nothing to write\n")


if __name__ == "__main__":
    main(sys.argv[1:])

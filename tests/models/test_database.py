"""A database that keeps what it acknowledges, refuses what it cannot do in time, and reads while it writes."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from tortoise.exceptions import OperationalError

from cases.refusals import RetryLater, StorageUnavailable
from models import Counter
from models.addresses import dialect, postgres_credentials, sqlite_path
from models.database import Database, current_database, open_database, reading
from models.engines.sqlite import UnsafeDatabase, statements
from models.errors import StatementTimeout, may_be_repeated
from models.unit_of_work import unit_of_work
from settings import Limits

OWNER = UUID(int=7)
PROCESSES = str(Path(__file__).with_name("processes.py"))
HURRIED = Limits(lock_seconds=0.3, sql_seconds=0.3)


async def counter(name: str = "a") -> Counter:
    return await Counter.create(tenant_id=OWNER, name=name)


async def process(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, PROCESSES, *arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
"""


@asynccontextmanager
async def lock_held_elsewhere(url: str) -> AsyncIterator[None]:
    """Another process holds SQLite's write lock for the length of the block."""
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, str(sqlite_path(url)), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"held\n"
    try:
        yield
    finally:
        await holder.communicate(b"\n")


async def pragma(client: object, name: str) -> object:
    rows = await client._connection.execute_fetchall(f"PRAGMA {name}")  # type: ignore[attr-defined]
    return rows[0][0]


class TestAtTheStart:
    async def test_every_sqlite_connection_has_the_settings_read_back(self, sqlite_database: Database):
        for client in (sqlite_database.writer, sqlite_database.reader):
            found = [
                await pragma(client, name) for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
            ]

            assert found == ["wal", 2, 1, 0]
            assert await pragma(client, "busy_timeout") == 2000
        assert await pragma(sqlite_database.writer, "query_only") == 0
        assert await pragma(sqlite_database.reader, "query_only") == 1

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("synchronous", 1),
            ("foreign_keys", 0),
            ("journal_mode", "delete"),
            ("trusted_schema", 1),
            ("busy_timeout", 0),
        ],
    )
    async def test_a_setting_that_is_not_as_it_must_be_is_refused(
        self, sqlite_database: Database, name: str, value: object
    ):
        connection = sqlite_database.writer._connection
        await sqlite_database.reader.close()  # or the journal could not change
        await connection.execute_fetchall(f"PRAGMA {name}={value}")

        with pytest.raises(UnsafeDatabase, match=name):
            await sqlite_database.writer.assert_settings(connection)

    async def test_a_file_that_cannot_have_a_log_stops_the_start(
        self, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
    ):
        """An unknown pragma is ignored by SQLite without a word; only reading back finds out."""
        from models.engines import sqlite

        original = sqlite.SqliteClient.__init__

        def misspelt(self: sqlite.SqliteClient, *args: object, **options: object) -> None:
            original(self, *args, **options)  # type: ignore[arg-type]
            self.pragmas["sinchronous"] = 2

        monkeypatch.setattr(sqlite.SqliteClient, "__init__", misspelt)
        with pytest.raises(UnsafeDatabase, match="sinchronous is None"):
            async with open_database(sqlite_url):
                pass

    async def test_a_commit_that_would_not_wait_for_the_disk_stops_the_start(self, postgres_url: str):
        async with open_database(postgres_url) as database:
            (row,) = await database.reader.execute_query_dict("SELECT current_database() AS name")
            await database.writer.execute_script(f'ALTER DATABASE "{row["name"]}" SET synchronous_commit = off')

        with pytest.raises(UnsafeDatabase, match="synchronous_commit is 'off'"):
            async with open_database(postgres_url):
                pass

    @pytest.mark.parametrize(
        "url",
        ["sqlite:///no/such/folder/at/all.sqlite3", "postgres://nobody@127.0.0.1:1/nothing"],
        ids=["sqlite", "postgres"],
    )
    async def test_a_database_that_is_not_there_is_unavailable(self, url: str):
        with pytest.raises(StorageUnavailable):
            async with open_database(url):
                pass

    async def test_every_postgres_session_has_limits(self, postgres_database: Database):
        async def setting(name: str) -> object:
            (row,) = await postgres_database.reader.execute_query_dict(f"SELECT current_setting('{name}') AS value")
            return row["value"]

        assert await setting("statement_timeout") == "5s"
        assert await setting("lock_timeout") == "2s"
        assert await setting("idle_in_transaction_session_timeout") == "10s"


async def test_a_closed_sqlite_database_is_one_complete_file(sqlite_url: str):
    for number in range(20):
        async with open_database(sqlite_url):
            await unit_of_work(partial(counter, str(number)))

        assert not sqlite_path(sqlite_url).with_name("casegraph.sqlite3-wal").exists()


class TestAddresses:
    def test_the_kind_is_in_the_scheme(self):
        assert [dialect(f"{scheme}://x") for scheme in ("sqlite", "postgres", "postgresql")] == [
            "sqlite",
            "postgres",
            "postgres",
        ]
        with pytest.raises(ValueError, match="mysql"):
            dialect("mysql://x")

    def test_a_sqlite_address_is_a_file(self):
        assert sqlite_path("sqlite:///var/x.sqlite3") == Path("/var/x.sqlite3")
        assert sqlite_path("sqlite://var/x.sqlite3") == Path("var/x.sqlite3")
        with pytest.raises(ValueError, match="memory"):
            sqlite_path("sqlite://:memory:")

    @pytest.mark.parametrize(
        ("url", "user", "password", "host", "port", "name"),
        [
            ("postgres://ann:s%40fe@db.example:5433/cases", "ann", "s@fe", "db.example", 5433, "cases"),
            ("postgresql://ann@db.example/cases", "ann", None, "db.example", 5432, "cases"),
            ("postgres://ann@/cases?host=/run/postgresql", "ann", None, "/run/postgresql", 5432, "cases"),
            ("postgres:///cases?host=/run/pg&port=5433&user=ann", "ann", None, "/run/pg", 5433, "cases"),
        ],
    )
    def test_a_postgres_address_says_who_where_and_what(
        self, url: str, user: str, password: str | None, host: str, port: int, name: str
    ):
        found = postgres_credentials(url, Limits())

        assert [found[key] for key in ("user", "password", "host", "port", "database")] == [
            user,
            password,
            host,
            port,
            name,
        ]


class TestReading:
    async def test_reads_do_not_wait_for_a_running_transaction(self, database: Database):
        written, read = asyncio.Event(), asyncio.Event()

        async def body() -> None:
            await counter()
            written.set()
            await read.wait()

        writer = asyncio.create_task(unit_of_work(body))
        await asyncio.wait({writer, asyncio.create_task(written.wait())}, return_when=asyncio.FIRST_COMPLETED)
        try:
            async with asyncio.timeout(5):
                assert await Counter.all().count() == 0
                assert await reading().execute_query_dict("SELECT * FROM counter") == []
        finally:
            read.set()
            await writer

        assert await Counter.all().count() == 1

    async def test_the_reading_connection_cannot_write(self, sqlite_database: Database):
        with pytest.raises(OperationalError, match="reading connection"):
            await sqlite_database.reader.execute_query("DELETE FROM counter")

    async def test_a_read_that_takes_too_long_is_ended(self, database_url: str):
        forever = {
            "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
            "postgres": "SELECT pg_sleep(60)",
        }
        async with open_database(database_url, HURRIED) as database:
            with pytest.raises(StatementTimeout):
                await reading().execute_query(forever[database.dialect])

            assert await Counter.all().count() == 0

    async def test_a_read_that_is_cancelled_does_not_keep_the_next_one_waiting(self, sqlite_url: str):
        forever = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
        async with open_database(sqlite_url, Limits(sql_seconds=3600)):
            slow = asyncio.create_task(reading().execute_query(forever))
            await asyncio.sleep(0)
            slow.cancel()
            async with asyncio.timeout(10):
                assert await Counter.all().count() == 0
            assert slow.cancelled()

    async def test_a_shared_database_is_found_by_tasks_begun_outside_it(self, database_url: str):
        opened, finished = asyncio.Event(), asyncio.Event()

        async def server() -> None:
            async with open_database(database_url, shared=True):
                opened.set()
                await finished.wait()

        running = asyncio.create_task(server())
        await opened.wait()
        await unit_of_work(counter)

        assert await Counter.all().count() == 1
        finished.set()
        await running
        with pytest.raises(RuntimeError):
            current_database()


class TestWriting:
    async def test_three_processes_lose_no_writes_and_see_no_locked_database(self, database_url: str):
        async with open_database(database_url):
            await counter()
            running = [await process("add", database_url, "40") for _ in range(3)]
            outputs = await asyncio.gather(*(one.communicate() for one in running))

            assert [errors.decode() for _, errors in outputs] == ["", "", ""]
            assert [runs for runs, _ in outputs] == [b"40\n"] * 3, "each was right the first time"
            assert (await Counter.get()).value == 120

    async def test_a_write_lock_held_elsewhere_gives_retry_later_while_reads_answer(self, sqlite_url: str):
        async with open_database(sqlite_url, HURRIED), lock_held_elsewhere(sqlite_url):
            writers = [asyncio.create_task(unit_of_work(counter)) for _ in range(10)]
            await asyncio.sleep(0)
            async with asyncio.timeout(5):
                assert await Counter.all().count() == 0
            assert not any(writer.done() for writer in writers)
            answers = await asyncio.gather(*writers, return_exceptions=True)

            assert [type(answer) for answer in answers] == [RetryLater] * 10
            assert not any(may_be_repeated(answer) for answer in answers if isinstance(answer, RetryLater))
        async with open_database(sqlite_url):
            await unit_of_work(counter)

    async def test_the_queue_of_writers_is_bounded(self, sqlite_url: str):
        sent_away = 0

        async def write(number: int) -> None:
            nonlocal sent_away
            try:
                await unit_of_work(lambda: counter(str(number)))
            except RetryLater:
                sent_away += 1

        async with open_database(sqlite_url, Limits(lock_seconds=3600, waiting_writers=3)):
            async with lock_held_elsewhere(sqlite_url), asyncio.timeout(10):
                writers = [asyncio.create_task(write(number)) for number in range(9)]
                while sent_away < 5:
                    await asyncio.sleep(0)
            await asyncio.gather(*writers)

            assert (sent_away, await Counter.all().count()) == (5, 4), "one had the turn and three waited"

    async def test_a_full_disk_is_storage_unavailable_and_leaves_nothing_half_written(self, sqlite_database: Database):
        connection = sqlite_database.writer._connection
        (pages,) = (await connection.execute_fetchall("PRAGMA page_count"))[0]
        await connection.execute_fetchall(f"PRAGMA max_page_count={pages}")

        async def body() -> None:
            for number in range(1000):
                await counter(str(number))

        refusals = 0
        for _ in range(20):
            with pytest.raises(StorageUnavailable):
                await unit_of_work(body)
            refusals += 1
            assert await Counter.all().count() == 0
        await connection.execute_fetchall("PRAGMA max_page_count=1000000")
        await unit_of_work(body)

        assert (refusals, await Counter.all().count()) == (20, 1000)

    async def test_a_swallowed_full_disk_is_not_a_success(self, sqlite_database: Database):
        connection = sqlite_database.writer._connection
        (pages,) = (await connection.execute_fetchall("PRAGMA page_count"))[0]
        await connection.execute_fetchall(f"PRAGMA max_page_count={pages}")
        kept = 0

        async def body() -> None:
            nonlocal kept
            for number in range(1000):
                try:
                    await counter(str(number))
                except StorageUnavailable:
                    return
                kept += 1

        try:
            await unit_of_work(body)
        except Exception:
            kept = 0

        assert await Counter.all().count() == kept

    async def test_what_was_acknowledged_is_there_after_the_process_was_killed(self, sqlite_url: str):
        writer = await process("write", sqlite_url)
        assert writer.stdout is not None
        acknowledged = {(await writer.stdout.readline()).decode().strip() for _ in range(100)}
        writer.kill()
        rest, _ = await writer.communicate()
        acknowledged |= set(rest.decode().split())

        async with open_database(sqlite_url) as database:
            assert acknowledged <= {row.name for row in await Counter.all()}
            assert await database.reader.execute_query_dict("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
            await unit_of_work(counter)

    async def test_a_pool_that_is_used_up_gives_retry_later(self, postgres_url: str):
        async with open_database(postgres_url, replace(HURRIED, sql_seconds=5, pool_connections=2)):
            all_busy, release = asyncio.Barrier(3), asyncio.Event()

            async def hold() -> None:
                await all_busy.wait()
                await release.wait()

            holders = [asyncio.create_task(unit_of_work(hold)) for _ in range(2)]
            await all_busy.wait()
            with pytest.raises(RetryLater):
                await unit_of_work(counter)
            with pytest.raises(RetryLater):
                await Counter.all().count()
            release.set()
            await asyncio.gather(*holders)

            await unit_of_work(counter)

    async def test_a_row_that_is_locked_elsewhere_gives_retry_later(self, postgres_url: str):
        async with open_database(postgres_url, replace(HURRIED, sql_seconds=5)):
            await counter()
            locked, release = asyncio.Event(), asyncio.Event()

            async def hold() -> None:
                await Counter.filter(name="a").update(value=1)
                locked.set()
                await release.wait()

            holder = asyncio.create_task(unit_of_work(hold))
            await locked.wait()
            with pytest.raises(RetryLater):
                await unit_of_work(lambda: Counter.filter(name="a").update(value=2))
            release.set()
            await holder

            assert (await Counter.get()).value == 1


def test_a_script_is_split_where_statements_end_and_nowhere_else():
    script = "CREATE TABLE a (b TEXT /* one; two */); INSERT INTO a VALUES ('x;y');\n-- the end; really\n"

    assert [statement.strip() for statement in statements(script)][:2] == [
        "CREATE TABLE a (b TEXT /* one; two */);",
        "INSERT INTO a VALUES ('x;y');",
    ]

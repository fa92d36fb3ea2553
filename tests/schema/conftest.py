"""Two populated tenants for every test that asks for `worlds`, each time in a database of its own."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from models.backup import backup
from models.database import open_database
from tests.databases import postgres_copy
from tests.schema.worlds import World, populated


async def both_worlds(url: str) -> tuple[World, World]:
    async with open_database(url):
        return await populated("acorn"), await populated("umbrella")


@pytest.fixture(scope="module")
def sqlite_worlds(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[World, World]]:
    """Both worlds, and the file they are in: made once, because making them takes longer than most tests of them."""
    folder = tmp_path_factory.mktemp("worlds")
    shutil.copy(sqlite_template, folder / "made.sqlite3")
    made = asyncio.run(both_worlds(f"sqlite://{folder / 'made.sqlite3'}"))
    asyncio.run(backup(f"sqlite://{folder / 'made.sqlite3'}", folder / "whole.sqlite3"))
    return folder / "whole.sqlite3", made


@pytest.fixture(scope="module")
def postgres_worlds(postgres_url_of_server: str, postgres_template: str) -> Iterator[tuple[str, tuple[World, World]]]:
    """The same, and the database they are in."""
    with postgres_copy(postgres_url_of_server, postgres_template) as url:
        yield url, asyncio.run(both_worlds(url))


@pytest.fixture(params=["sqlite", "postgres"])
def copied(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, tuple[World, World]]]:
    """The address of a copy of both worlds for one test, and the worlds."""
    where, made = request.getfixturevalue(f"{request.param}_worlds")
    if request.param == "sqlite":
        shutil.copy(where, tmp_path / "worlds.sqlite3")
        yield f"sqlite://{tmp_path / 'worlds.sqlite3'}", made
        return
    server = request.getfixturevalue("postgres_url_of_server")
    with postgres_copy(server, urlsplit(where).path.removeprefix("/")) as url:
        yield url, made


@pytest.fixture
async def worlds(copied: tuple[str, tuple[World, World]]) -> AsyncIterator[tuple[World, World]]:
    """Two full worlds in a database of the test's own."""
    url, made = copied
    async with open_database(url):
        yield made

"""Databases for every test that asks: `database` runs it on SQLite and on PostgreSQL, each empty and its own.

database             an open Database, on both engines in turn     database_url    just its address, for processes
sqlite_database      only SQLite                                   sqlite_url      the same
postgres_database    only PostgreSQL                               postgres_url    the same
demo_data            the demo data, made once and only read
"""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from demo.seed import Signins
from models.database import Database, open_database
from tests.databases import database_of, fresh_name, make_tables, on_server, postgres_copy, postgres_server
from tests.seeded import seeded

# How long an example takes says how busy the machine is; speeds are measured in bench/.
settings.register_profile("casegraph", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("casegraph")


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "asyncio", {"use_uvloop": False}


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "casegraph.sqlite3"
    asyncio.run(make_tables(f"sqlite://{path}"))
    with closing(sqlite3.connect(path)) as connection:  # the copies are of this file alone, without its log
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="session")
def postgres_url_of_server() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_url_of_server: str) -> Iterator[str]:
    """The name of a database with all tables on the server."""
    name = fresh_name("template")
    on_server(postgres_url_of_server, f'CREATE DATABASE "{name}"')
    try:
        asyncio.run(make_tables(database_of(postgres_url_of_server, name)))
        yield name
    finally:
        on_server(postgres_url_of_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def sqlite_demo(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Signins]:
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(sqlite_template, folder / "casegraph.sqlite3")
    url = f"sqlite://{folder / 'casegraph.sqlite3'}"
    return url, asyncio.run(seeded(url, folder / "files"))


@pytest.fixture(scope="session")
def postgres_demo(
    postgres_url_of_server: str, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Signins]]:
    with postgres_copy(postgres_url_of_server, postgres_template) as url:
        yield url, asyncio.run(seeded(url, tmp_path_factory.mktemp("files")))


@pytest.fixture(params=["sqlite", "postgres"])
def demo_data(request: pytest.FixtureRequest) -> tuple[str, Signins]:
    """The address of a database with the demo data, which no test changes, and who can sign in."""
    found: tuple[str, Signins] = request.getfixturevalue(f"{request.param}_demo")
    return found


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "casegraph.sqlite3"
    shutil.copy(sqlite_template, path)
    return f"sqlite://{path}"


@pytest.fixture
def postgres_url(postgres_url_of_server: str, postgres_template: str) -> Iterator[str]:
    with postgres_copy(postgres_url_of_server, postgres_template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with open_database(database_url) as opened:
        yield opened


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    async with open_database(sqlite_url) as opened:
        yield opened


@pytest.fixture
async def postgres_database(postgres_url: str) -> AsyncIterator[Database]:
    async with open_database(postgres_url) as opened:
        yield opened

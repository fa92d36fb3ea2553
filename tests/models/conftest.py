"""The warehouse of `reading_tables.py`, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.databases import database_of, fresh_name, on_server


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def warehouse_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite://{tmp_path_factory.mktemp('warehouse') / 'rows.sqlite3'}"
        return
    server: str = request.getfixturevalue("postgres_url_of_server")
    name = fresh_name("warehouse")
    on_server(server, f'CREATE DATABASE "{name}"')
    yield database_of(server, name)
    on_server(server, f'DROP DATABASE "{name}" WITH (FORCE)')

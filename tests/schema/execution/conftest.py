"""A scene for all tests of a module, on both databases."""

import shutil
from collections.abc import AsyncIterator, Iterator

import pytest

from models.database import open_database
from tests.databases import postgres_copy
from tests.schema.execution.executors import LIMITS, Scene, scene


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("differential") / "rows.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite://{path}"
        return
    server, template = (request.getfixturevalue(f"postgres_{name}") for name in ("url_of_server", "template"))
    with postgres_copy(server, template) as copy:
        yield copy


@pytest.fixture(scope="module")
async def world(url: str) -> AsyncIterator[Scene]:
    async with open_database(url, LIMITS):
        yield await scene()

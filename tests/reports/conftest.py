"""The demo data on both databases, which no test of a report changes."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import pytest

from cases.viewer import Viewer
from cases.vocabulary import Role
from demo.seed import seed
from models import Person
from models.database import open_database
from tests.databases import postgres_copy
from tests.reports.recounted import Told, told

NOW: Final = datetime(2025, 6, 4, 15, 0, tzinfo=UTC)
"""The instant up to which the stories of the demo data go."""


@pytest.fixture(scope="session")
def sqlite_demo(sqlite_template, tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("demo") / "casegraph.sqlite3"
    shutil.copy(sqlite_template, path)
    asyncio.run(filled(f"sqlite://{path}"))
    return f"sqlite://{path}"


@pytest.fixture(scope="session")
def postgres_demo(postgres_url_of_server, postgres_template) -> Iterator[str]:
    with postgres_copy(postgres_url_of_server, postgres_template) as url:
        asyncio.run(filled(url))
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def demo_url(request) -> str:
    url: str = request.getfixturevalue(f"{request.param}_demo")
    return url


@pytest.fixture
async def manager(demo_url) -> AsyncIterator[Viewer]:
    """Somebody who leads in the company of the demo data, with its database open."""
    async with open_database(demo_url):
        person = await Person.filter(role=Role.MANAGER).order_by("email").first()
        assert person is not None
        yield Viewer(person.tenant_id, Role.MANAGER, person.name, person_id=person.id)


@pytest.fixture
async def cases(manager, demo_url) -> Sequence[Told]:
    """Every case of the demo data that was not deleted, folded and replayed."""
    if demo_url not in _told:
        _told[demo_url] = await told()
    return _told[demo_url]


_told: dict[str, Sequence[Told]] = {}


async def filled(url: str) -> None:
    async with open_database(url):
        await seed(NOW)

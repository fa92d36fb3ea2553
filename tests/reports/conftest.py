"""The demo data on both databases, which no test of a report changes."""

from collections.abc import AsyncIterator, Sequence

import pytest

from cases.viewer import Viewer
from cases.vocabulary import Role
from models import Person
from models.database import open_database
from tests.reports.recounted import Told, told


@pytest.fixture
def demo_url(demo_data) -> str:
    url: str = demo_data[0]
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

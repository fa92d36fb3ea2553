"""The demo data, which no test here changes."""

from collections.abc import AsyncIterator

import pytest

from demo.seed import Signins
from models.database import open_database


@pytest.fixture
async def company(demo_data: tuple[str, Signins]) -> AsyncIterator[Signins]:
    """Those who can sign in to the demo data, with its database open."""
    url, signins = demo_data
    async with open_database(url):
        yield signins

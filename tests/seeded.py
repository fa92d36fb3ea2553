"""The demo data as tests know it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from demo.seed import Signins, seed
from models.database import open_database
from models.file_store import FileStore

NOW: Final = datetime(2025, 6, 4, 15, 0, tzinfo=UTC)
"""The instant up to which its stories go."""


async def seeded(url: str, files: Path, number: int = 1) -> Signins:
    """Writes it into an empty database, the files of cases into a folder."""
    async with open_database(url):
        return await seed(NOW, FileStore(files), seed=number)

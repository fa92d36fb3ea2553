"""Bringing a database to the schema of the tables."""

from tortoise.utils import get_schema_sql

from models.database import open_database
from settings import Limits


async def migrate(url: str) -> None:
    """Creates all tables in an empty database."""
    async with open_database(url, Limits()) as database:
        await database.writer.execute_script(get_schema_sql(database.writer, safe=False))

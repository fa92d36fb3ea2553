"""Growing by copies: a block of cases with all that belongs to it, written again and again inside the database.

The first block is written by `bench/nested/rows.py`. Block n is the same a week earlier for each n: its keys begin with
a number of the block's own instead of an instant, and lead to one another as in the first; its case numbers, names and
words begin with it as well. Whoever is not of a block (people, teams, queues) stays who they are. Columns come from the
models; triggers, constraints and indexes see every row as they see those of clients.
"""

from datetime import timedelta
from functools import cache
from typing import Final

from tortoise.fields import BinaryField, UUIDField
from tortoise.indexes import Index
from tortoise.models import Model

import models
from models.addresses import Dialect
from models.columns import Column, Kind, columns, quoted
from models.database import reading
from models.fields import UtcDateTimeField
from models.fulltext import SearchWord
from models.reading import dialect
from models.unit_of_work import unit_of_work

TABLES: Final[tuple[type[Model], ...]] = (
    models.Account,
    models.Contact,
    models.Article,
    models.Case,
    models.SlaKpiInstance,
    models.CaseEvent,
    models.QueueItem,
    models.ArticleLink,
    models.Activity,
    models.Message,
    models.Notification,
    SearchWord,
)
"""What grows, each after what it refers to."""

FIRST_OF_OURS: Final = "01000000-0000-0000-0000-000000000000"
"""Keys of rows that were not copied are later than this, those of copies are earlier."""

EARLIER: Final = timedelta(days=7)
"""A block is a week: ten thousand cases, a minute apart."""


async def copy_block(number: int) -> None:
    """Writes block `number` (1 or more) as a copy of the first, in one unit of work."""

    async def copy() -> None:
        for model in TABLES:
            await reading().execute_query(_copy(model, number, dialect()), [])

    await unit_of_work(copy)


def _copy(model: type[Model], number: int, dialect: Dialect) -> str:
    known = columns(model)
    listed = ", ".join(one.sql for one in known)
    values = ", ".join(_copied(model, one, number, dialect) for one in known)
    table = quoted(model._meta.db_table)
    return f"INSERT INTO {table} ({listed}) SELECT {values} FROM {table} WHERE id >= '{FIRST_OF_OURS}'"


def _copied(model: type[Model], column: Column, number: int, dialect: Dialect) -> str:
    """What stands in this column of the copy of a row."""
    match column.field:
        case UtcDateTimeField() if dialect == "postgres":
            return f"{column.sql} - interval '{EARLIER.days * number * 24} hours'"
        case UtcDateTimeField():  # text, of which the first ten letters are the date
            return f"date(substr({column.sql}, 1, 10), '-{EARLIER.days * number} days') || substr({column.sql}, 11)"
        case UUIDField() if _is_of_block(column):
            start = f"{int(FIRST_OF_OURS[:8], 16) - number:08x}"
            if dialect == "postgres":
                return f"('{start}' || substr({column.sql}::text, 9))::uuid"
            return f"'{start}' || substr({column.sql}, 9)"
        case BinaryField() if dialect == "postgres":
            return f"'{number:03}'::bytea || {column.sql}"
        case BinaryField():
            return f"CAST('{number:03}' || {column.sql} AS BLOB)"
        case _ if column.kind is Kind.TEXT and column.name in _names(model):
            return f"'{number:03}' || {column.sql}"
        case _:
            return column.sql


def _is_of_block(column: Column) -> bool:
    """Whether the column holds keys of rows of a block: its own, a case's, or one that no foreign key vouches for."""
    relation = getattr(column.field, "reference", None)
    if relation is not None:
        return relation.related_model is models.Case
    return column.name != "tenant_id"


@cache
def _names(model: type[Model]) -> frozenset[str]:
    """The columns that indexes of a tenant's rows name: texts among them are unique, or sorted by."""
    indexes = [list(one.fields if isinstance(one, Index) else one) for one in model._meta.indexes]
    listed = (*model._meta.unique_together, *indexes)
    return frozenset(name for names in listed if names[0] == "tenant" for name in names)

"""Bulk: many rows in one statement, whose text does not depend on how many they are.

PostgreSQL takes a column's values as one array, so that the statement is planned once; SQLite runs one prepared
statement again and again.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

from tortoise.models import Model

from models.columns import columns, quoted
from models.database import reading
from models.reading import dialect

ROWS_AT_ONCE: Final = 5_000
"""Enough to make one statement cheap, few enough for its memory and its time limit."""


async def insert(rows: Sequence[Model]) -> None:
    """Inserts `rows`, all of one table."""
    await _write(rows, "")


async def upsert(rows: Sequence[Model], unique: Sequence[str], *, keep: Sequence[str]) -> None:
    """Inserts `rows`, all of one table; one with the same `unique` columns is overwritten instead, but for `keep`."""
    if not rows:
        return
    overwritten = [column.sql for column in columns(type(rows[0])) if column.name not in (*unique, *keep)]
    await _write(
        rows,
        f" ON CONFLICT ({', '.join(map(quoted, unique))}) "
        f"DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in overwritten)}",
    )


async def _write(rows: Sequence[Model], conflict: str) -> None:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[start : start + ROWS_AT_ONCE]
        model = type(some[0])
        names = ", ".join(column.sql for column in columns(model))
        by_column = [
            [None if value is None else to_stored(value, model) for value in map(get, some)]
            for get, to_stored in _columns(model)
        ]
        head = f"INSERT INTO {quoted(model._meta.db_table)} ({names}) "
        if dialect() == "postgres":
            arrays = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(_types(model), 1))
            await reading().execute_query(f"{head}SELECT * FROM unnest({arrays}){conflict}", by_column)
        else:
            marks = ", ".join("?" for _ in by_column)
            one_by_one = [list(values) for values in zip(*by_column, strict=True)]
            await reading().execute_many(f"{head}VALUES ({marks}){conflict}", one_by_one)


@cache
def _columns(model: type[Model]) -> list[tuple[Callable[[Any], Any], Callable[[Any, Any], Any]]]:
    """How each column is read from a row, and made into what is stored."""
    return [(_getter(column.name), column.field.to_db_value) for column in columns(model)]


def _getter(name: str) -> Callable[[Any], Any]:
    return lambda row: row.__dict__[name]


@cache
def _types(model: type[Model]) -> list[str]:
    """The types of the columns on PostgreSQL, without lengths: a value that is too long must be refused, not cut."""
    return [column.field.get_for_dialect("postgres", "SQL_TYPE").partition("(")[0] for column in columns(model)]

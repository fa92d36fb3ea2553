"""Bulk: many rows in one statement, whose text does not depend on how many they are.

PostgreSQL takes a column's values as one array, so that the statement is planned once; SQLite runs one prepared
statement again and again.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, Final

from tortoise.models import Model

from models.columns import Column, columns, quoted
from models.database import reading
from models.reading import dialect
from models.unit_of_work import note_news

Values = Mapping[str, Any]
"""A row by the names of its columns: models would cost more to make than all else that is done to a row."""

ROWS_AT_ONCE: Final = 5_000
"""Enough to make one statement cheap, few enough for its memory and its time limit."""


async def insert(model: type[Model], rows: Sequence[Values]) -> None:
    """Inserts `rows` of all columns of `model`, each by its name in the model, but those that the database gives."""
    await _write(model, rows, "")


async def upsert(model: type[Model], rows: Sequence[Values], unique: Sequence[str], *, keep: Sequence[str]) -> None:
    """As `insert`; a row with the same `unique` columns is overwritten instead, but for its columns `keep`."""
    overwritten = [column.sql for column in _given(model) if column.name not in (*unique, *keep)]
    await _write(
        model,
        rows,
        f" ON CONFLICT ({', '.join(map(quoted, unique))}) "
        f"DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in overwritten)}",
    )


async def _write(model: type[Model], rows: Sequence[Values], conflict: str) -> None:
    if rows and getattr(model, "numbered", False):
        note_news()
    known = _given(model)
    head = f"INSERT INTO {quoted(model._meta.db_table)} ({', '.join(column.sql for column in known)}) "
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[start : start + ROWS_AT_ONCE]
        by_column = [
            [None if value is None else to_stored(value, model) for value in map(itemgetter(column.name), some)]
            for column in known
            for to_stored in (column.field.to_db_value,)
        ]
        if dialect() == "postgres":
            arrays = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(_types(model), 1))
            await reading().execute_query(f"{head}SELECT * FROM unnest({arrays}){conflict}", by_column)
        else:
            marks = ", ".join("?" for _ in known)
            one_by_one = [list(values) for values in zip(*by_column, strict=True)]
            await reading().execute_many(f"{head}VALUES ({marks}){conflict}", one_by_one)


@cache
def _types(model: type[Model]) -> list[str]:
    """The types of the columns on PostgreSQL, without lengths: a value that is too long must be refused, not cut."""
    return [column.field.get_for_dialect("postgres", "SQL_TYPE").partition("(")[0] for column in _given(model)]


@cache
def _given(model: type[Model]) -> tuple[Column, ...]:
    """The columns that whoever writes a row gives it."""
    not_ours = getattr(model, "given_by_database", ())
    return tuple(column for column in columns(model) if column.name not in not_ours)

"""Reading rows: one statement per call, and never without a condition.

Every caller says which rows exist for the viewer (`models/visibility.py`) as part of `condition`. Rows come as models,
for the shell to act on; whoever only shows them may run `models/statements.py` through `rows` and take plain mappings.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

from cases.conditions import Condition
from models import statements
from models.addresses import Dialect
from models.columns import column
from models.database import in_transaction, reading
from models.statements import Keys, Order, Statement

M = TypeVar("M", bound=Model)
Key = TypeVar("Key")


async def select(
    model: type[M],
    condition: Condition,
    *,
    columns: Sequence[str] | None = None,
    order: Sequence[Order] = (),
    limit: int | None = None,
) -> list[M]:
    """The rows for which `condition` holds. With `columns`, which must name `id`, they have only those attributes."""
    found = await rows(statements.select(model, columns, condition, dialect(), order=order, limit=limit))
    return [model._init_from_db(**row) for row in found]


async def first(model: type[M], condition: Condition, *, order: Sequence[Order] = ()) -> M | None:
    """The first such row in `order`, if there is one."""
    found = await select(model, condition, order=order, limit=1)
    return found[0] if found else None


async def by_ids(
    model: type[M], ids: Collection[Any], condition: Condition, *, columns: Sequence[str] | None = None
) -> dict[Any, M]:
    """The rows of these ids, by id; one that is not there or for which `condition` does not hold is left out."""
    if not ids:
        return {}
    keys = Keys("id", list(ids))
    found = await rows(statements.select(model, columns, condition, dialect(), keys=keys))
    return {row.pk: row for row in (model._init_from_db(**one) for one in found)}


async def related(
    model: type[M],
    column: str,
    keys: Collection[Key],
    condition: Condition,
    *,
    columns: Sequence[str] | None = None,
    order: Sequence[Order] = (),
    limit_per_key: int | None = None,
) -> dict[Key, list[M]]:
    """For each of `keys`, the rows whose `column` has it, in `order`; a key without rows has an empty list.

    `limit_per_key` keeps the first ones of each key. `columns`, if given, must name `column`.
    """
    by_key: dict[Key, list[M]] = {key: [] for key in keys}
    if not by_key or limit_per_key == 0:
        return by_key
    wanted = Keys(column, list(by_key), limit_per_key)
    found = await rows(statements.select(model, columns, condition, dialect(), order=order, keys=wanted))
    for one in found:
        row = model._init_from_db(**without_rank(one))
        by_key[getattr(row, column)].append(row)
    return by_key


async def count(model: type[Model], condition: Condition, *, at_most: int | None = None) -> int:
    """How many rows there are. With `at_most`, counting stops there: the answer then means "that many or more"."""
    (found,) = await rows(statements.count(model, condition, dialect(), at_most=at_most))
    return cast(int, found["n"])


async def count_by(model: type[Model], name: str, keys: Collection[Key], condition: Condition) -> dict[Key, int]:
    """For each of `keys`, how many rows have it in the column `name`."""
    counts = dict.fromkeys(keys, 0)
    if not counts:
        return counts
    read = column(model, name).field.to_python_value
    stored_name = model._meta.fields_db_projection[name]
    for row in await rows(statements.count_by(model, Keys(name, list(counts)), condition, dialect())):
        counts[read(row[stored_name])] = row["n"]
    return counts


async def exists(model: type[Model], condition: Condition, *, order: Sequence[Order] = ()) -> bool:
    """Whether there is such a row. An `order` says where an index should begin to look for it."""
    if not order:
        return await count(model, condition, at_most=1) > 0
    columns = tuple(dict.fromkeys(("id", *(term.column for term in order))))
    return bool(await rows(statements.select(model, columns, condition, dialect(), order=order, limit=1)))


async def rows(statement: Statement) -> Sequence[Mapping[str, Any]]:
    """What the statement finds, as the driver gives it: names are the table's, values are unconverted."""
    shared = _shared.get()
    return await (_found(statement) if shared is None or in_transaction() else shared.rows(statement))


async def _found(statement: Statement) -> Sequence[Mapping[str, Any]]:
    _, found = await reading().execute_query(statement.sql, statement.values)
    return found


class SharedReads:
    """What several who are shown the same thing at the same time read once: a statement with the same values."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], asyncio.Task[Sequence[Mapping[str, Any]]]] = {}

    async def rows(self, statement: Statement) -> Sequence[Mapping[str, Any]]:
        key = (statement.sql, repr(statement.values))
        task = self._found.get(key)
        if task is None:
            task = self._found[key] = asyncio.create_task(_found(statement))
        return await asyncio.shield(task)  # others may wait for it, when whoever asked first does no more


_shared: ContextVar[SharedReads | None] = ContextVar("shared_reads", default=None)


@contextmanager
def sharing(reads: SharedReads) -> Iterator[None]:
    """Within the block, what was read through `reads` before is not read again."""
    token = _shared.set(reads)
    try:
        yield
    finally:
        _shared.reset(token)


def dialect(connection: BaseDBAsyncClient | None = None) -> Dialect:
    """The dialect that statements must be written in to be read here."""
    return cast(Dialect, (connection or reading()).capabilities.dialect)


def without_rank(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as the model knows it."""
    return {name: value for name, value in dict(row).items() if name != statements.RANK}

"""SELECTs as text: what is read, from which table, under which condition, in which order, how much of it.

Each function gives one statement and its values, and touches no database: `models/reading.py` runs them, and so can
whoever wants the rows without models.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, Final
from uuid import UUID

from tortoise.models import Model

from cases.conditions import EVERYTHING, All, Compare, Condition, Op
from models import conditions_sql
from models.addresses import Dialect
from models.columns import Column, Parameters, array, column, columns, quoted
from models.halves import assuming, is_bounded

RANK: Final = "_rank"
"""The extra column of a statement limited per key: 1 for the first row of each key."""

_KEYS: Final = (UUID(int=1), UUID(int=2))
_OF_TENANT: Final = 't0."tenant_id" = '


@dataclass(frozen=True, slots=True)
class Order:
    """One term of an order. Nulls stand after everything else unless `nulls_last` is off, whichever way it runs.

    Text sorts by code point and enums by their members, on both databases.
    """

    column: str
    descending: bool = False
    nulls_last: bool = True

    def reversed(self) -> "Order":
        return Order(self.column, not self.descending, not self.nulls_last)


@dataclass(frozen=True, slots=True)
class Keys:
    """Rows whose `column` is one of `values`, at most `limit` of each."""

    column: str
    values: Sequence[Any]
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    values: list[Any]


def select(
    model: type[Model],
    names: Sequence[str] | None,
    condition: Condition,
    dialect: Dialect,
    *,
    order: Sequence[Order] = (),
    limit: int | None = None,
    keys: Keys | None = None,
) -> Statement:
    """Rows of `model` with the columns `names` (None: all of them), named as in the table.

    With `keys`, rows come in `order` within each key; where `keys` sets a limit, the rows carry `_rank` as well.
    """
    parameters = Parameters(dialect)
    if keys is not None and keys.limit is not None and len(keys.values) != 1:
        return _ranked(model, names, condition, order, keys, parameters)
    if keys is None and limit is not None and _is_in_two(model, names, condition, order, dialect):
        return Statement(_in_two(model, names, condition, order, limit, parameters), parameters.values)
    rows = _rows(model, keys, condition, parameters)
    if keys is not None and keys.limit is not None:
        limit = keys.limit  # one key: LIMIT stops early where a window would number every row first
    text = f"SELECT {_list(model, _names(names))} FROM {rows}"
    if order:
        text += f" ORDER BY {_order_by(model, tuple(order), 't0', dialect)}"
    if limit is not None:
        text += f" LIMIT {int(limit)}"
    return Statement(text, parameters.values)


def _is_in_two(
    model: type[Model],
    names: Sequence[str] | None,
    condition: Condition,
    order: Sequence[Order],
    dialect: Dialect,
) -> bool:
    """Whether rows with and without a value in what is ordered by have to be read apart for an index to serve.

    So it is behind a cursor, where the one are a range and the others are not in it, and on PostgreSQL where nulls are
    to stand at the other end than in its index, read that way. SQLite reads an index in two turns by itself.
    """
    if not order or not column(model, order[0].column).nullable:
        return False
    if names is not None and not {term.column for term in order} <= set(names):
        return False
    unlike_index = dialect == "postgres" and order[0].nulls_last is order[0].descending
    return unlike_index or is_bounded(condition, order[0].column)


def _in_two(
    model: type[Model],
    names: Sequence[str] | None,
    condition: Condition,
    order: Sequence[Order],
    limit: int,
    parameters: Parameters,
) -> str:
    """The rows that have a value and those that have none, each along the index, then the first of both."""
    (first, *others), dialect = order, parameters.dialect
    as_in_index = replace(first, nulls_last=first.descending is (dialect == "sqlite"))
    along = _order_by(model, (as_in_index, *others), "t0", dialect)
    halves: list[str] = []
    for null in (False, True):
        half = All((assuming(condition, first.column, null=null), Compare(first.column, Op.IS_NULL, null)))
        where = conditions_sql.compile(half, model, parameters)
        if where != conditions_sql.FALSE or (null and not halves):
            listed = f"SELECT {_list(model, _names(names))} FROM {_table(model)} WHERE {where}"
            halves.append(f"{listed} ORDER BY {along} LIMIT {int(limit)}")
    if len(halves) == 1:
        return halves[0]
    whole = _order_by(model, tuple(order), "t0", dialect)
    both = " UNION ALL ".join(f"SELECT * FROM ({half}) AS half" for half in halves)
    return f"SELECT * FROM ({both}) AS t0 ORDER BY {whole} LIMIT {int(limit)}"


@dataclass(frozen=True, slots=True)
class KeyedStatement:
    """A statement for whichever keys: its text is written once, for one key and for several."""

    of_one: Statement
    of_many: Statement
    dialect: Dialect

    def of(self, keys: Sequence[Any]) -> Statement:
        """The statement for these keys, given as the driver gives and takes them."""
        if len(keys) == 1:
            return Statement(self.of_one.sql, [keys[0], *self.of_one.values[1:]] if self.of_one.values else [])
        key = list(keys) if self.dialect == "postgres" else array(keys)
        return Statement(self.of_many.sql, [key, *self.of_many.values[1:]] if self.of_many.values else [])


def keyed(write: Callable[[Sequence[Any]], Statement], dialect: Dialect) -> KeyedStatement:
    """What `write` makes of keys, which are the first value in the statement; without values, they do not matter."""
    one, other = _KEYS
    return KeyedStatement(write([one]), write([one, other]), dialect)


def count(model: type[Model], condition: Condition, dialect: Dialect, *, at_most: int | None = None) -> Statement:
    """One row, one column `n`: how many rows there are, without looking beyond `at_most` of them."""
    parameters = Parameters(dialect)
    where = conditions_sql.compile(condition, model, parameters)
    if at_most is None:
        return Statement(f"SELECT COUNT(*) AS n FROM {_table(model)} WHERE {where}", parameters.values)
    found = f"SELECT 1 FROM {_table(model)} WHERE {where} LIMIT {int(at_most)}"
    return Statement(f"SELECT COUNT(*) AS n FROM ({found}) AS found", parameters.values)


def count_by(model: type[Model], keys: Keys, condition: Condition, dialect: Dialect) -> Statement:
    """A row for each key that has rows: the key, and how many as `n`. A limit of `keys` is left out of account."""
    parameters = Parameters(dialect)
    rows = _rows(model, keys, condition, parameters)
    key = column(model, keys.column).sql
    text = f"SELECT t0.{key}, COUNT(*) AS n FROM {rows} GROUP BY t0.{key}"
    return Statement(text, parameters.values)


def _ranked(
    model: type[Model],
    names: Sequence[str] | None,
    condition: Condition,
    order: Sequence[Order],
    keys: Keys,
    parameters: Parameters,
) -> Statement:
    rows = _rows(model, keys, condition, parameters)
    listed = _list(model, _names(names))
    over = f"PARTITION BY t0.{column(model, keys.column).sql}"
    if order:
        over += f" ORDER BY {_order_by(model, tuple(order), 't0', parameters.dialect)}"
    ranked = f'SELECT {listed}, ROW_NUMBER() OVER ({over}) AS "{RANK}" FROM {rows}'
    text = f'SELECT * FROM ({ranked}) AS ranked WHERE "{RANK}" <= {int(keys.limit or 0)} ORDER BY "{RANK}"'
    return Statement(text, parameters.values)


def _rows(model: type[Model], keys: Keys | None, condition: Condition, parameters: Parameters) -> str:
    """What stands behind FROM."""
    where = conditions_sql.compile(_under(keys, condition), model, parameters)
    if keys is not None and parameters.dialect == "sqlite":
        # a plus keeps SQLite from the indexes by tenant: without statistics it takes one, and reads all of a tenant's
        # rows to find those of a few keys
        where = where.replace(_OF_TENANT, f"+{_OF_TENANT}")
    return f"{_table(model)} WHERE {where}"


def _under(keys: Keys | None, condition: Condition) -> Condition:
    if keys is None:
        return condition
    own = Compare(keys.column, Op.IN, keys.values)
    return own if condition == EVERYTHING else All((own, condition))


def _names(names: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)


@cache
def _table(model: type[Model]) -> str:
    return f"{quoted(model._meta.db_table)} AS t0"


@lru_cache(maxsize=1024)  # and the columns
def _list(model: type[Model], names: tuple[str, ...] | None) -> str:
    chosen = columns(model) if names is None else tuple(column(model, name) for name in names)
    return ", ".join(f"t0.{one.sql}" for one in chosen)


@lru_cache(maxsize=1024)  # clients choose the order
def _order_by(model: type[Model], order: tuple[Order, ...], table: str, dialect: Dialect) -> str:
    return ", ".join(_term(column(model, term.column), term, table, dialect) for term in order)


def _term(ordered: Column, term: Order, table: str, dialect: Dialect) -> str:
    direction = " DESC" if term.descending else ""
    nulls = f" NULLS {'LAST' if term.nulls_last else 'FIRST'}" if ordered.nullable else ""
    return f"{ordered.ordered(table, dialect)}{direction}{nulls}"

"""Locking: the row an act is about, kept from others until its unit of work ends.

Order of locks, everywhere: case, entitlement, ledger, timers, outbox; several cases by id. An act that changes
more cases than it is told says so with `actions.signature.locks_along`.
"""

from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import Any, TypeVar

from tortoise.models import Model

from cases.conditions import Condition
from models import conditions_sql, statements
from models.columns import Parameters, column, columns, quoted
from models.database import reading
from models.reading import dialect, rows
from models.statements import Keys, Order
from models.tables import target
from models.unit_of_work import in_unit_of_work

M = TypeVar("M", bound=Model)


async def locked(model: type[M], ids: Collection[Any], condition: Condition) -> dict[Any, M]:
    """The rows of these ids for which `condition` holds, by id, locked in the order of their ids.

    Rows that refer to them can still be written by others: keys do not change. On SQLite the unit of work has the
    whole database to itself already.
    """
    return await _locked(model, ids, condition, "FOR NO KEY UPDATE OF t0")


async def locked_if_free(model: type[M], ids: Collection[Any], condition: Condition) -> dict[Any, M]:
    """As `locked`, without the rows that others hold: for work that somebody does, and it does not matter who."""
    return await _locked(model, ids, condition, "FOR NO KEY UPDATE OF t0 SKIP LOCKED")


async def locked_along(
    model: type[Model], relation: str, condition: Condition, *, order: Sequence[Order], limit: int
) -> list[Any]:
    """The rows to which the first `limit` rows of `model` lead, in their order, locked; a row may be there repeatedly.

    Those that others hold are passed over, and rows that lead elsewhere come in their place: for work that somebody
    does, and it does not matter who. Whether there still is something to do is to be asked after the lock.
    """
    assert in_unit_of_work(), "a lock lasts as long as a unit of work"
    spoken = dialect()
    parameters = Parameters(spoken)
    led_to = target(model, relation)
    where = conditions_sql.compile(condition, model, parameters)
    listed = ", ".join(f"t1.{one.sql}" for one in columns(led_to))
    ordered = ", ".join(f"t0.{column(model, one.column).sql}{' DESC' if one.descending else ''}" for one in order)
    sql = (
        f"SELECT {listed} FROM {quoted(model._meta.db_table)} AS t0 JOIN {quoted(led_to._meta.db_table)} AS t1 "
        f"ON t1.{quoted(led_to._meta.db_pk_column)} = t0.{column(model, f'{relation}_id').sql} "
        f"WHERE {where} ORDER BY {ordered} LIMIT {int(limit)}"
    )
    if spoken == "postgres":
        sql += " FOR NO KEY UPDATE OF t1 SKIP LOCKED"
    found = await rows(statements.Statement(sql, parameters.values))
    return [led_to._init_from_db(**one) for one in found]


async def locked_first(model: type[M], condition: Condition, *, order: Sequence[Order], limit: int) -> list[M]:
    """The first rows for which `condition` holds, locked, but for those that others hold: for work that is due."""
    assert in_unit_of_work(), "a lock lasts as long as a unit of work"
    statement = statements.select(model, None, condition, dialect(), order=order, limit=limit)
    sql = f"{statement.sql} FOR NO KEY UPDATE OF t0 SKIP LOCKED" if dialect() == "postgres" else statement.sql
    found = await rows(statements.Statement(sql, statement.values))
    return [model._init_from_db(**one) for one in found]


async def lock_name(name: str) -> None:
    """Waits until no other unit of work holds this name, and holds it until this one ends.

    On SQLite the unit of work has the whole database to itself already.
    """
    assert in_unit_of_work(), "a lock lasts as long as a unit of work"
    if dialect() == "postgres":
        number = int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
        await reading().execute_query("SELECT pg_advisory_xact_lock($1)", [number])


async def _locked(model: type[M], ids: Collection[Any], condition: Condition, lock: str) -> dict[Any, M]:
    assert in_unit_of_work(), "a lock lasts as long as a unit of work"
    spoken = dialect()
    statement = statements.select(model, None, condition, spoken, order=(Order("id"),), keys=Keys("id", list(ids)))
    sql = f"{statement.sql} {lock}" if spoken == "postgres" else statement.sql
    found = await rows(statements.Statement(sql, statement.values))
    return {row.pk: row for row in (model._init_from_db(**one) for one in found)}

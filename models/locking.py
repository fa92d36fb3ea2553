"""Locking: the row an act is about, kept from others until its unit of work ends.

Order of locks, everywhere: case, entitlement, ledger, timers, outbox; several cases by id.
"""

from collections.abc import Collection
from typing import Any, TypeVar

from tortoise.models import Model

from cases.conditions import Condition
from models import statements
from models.reading import dialect, rows
from models.statements import Keys, Order
from models.unit_of_work import in_unit_of_work

M = TypeVar("M", bound=Model)


async def locked(model: type[M], ids: Collection[Any], condition: Condition) -> dict[Any, M]:
    """The rows of these ids for which `condition` holds, by id, locked in the order of their ids.

    On SQLite the unit of work has the whole database to itself already.
    """
    return await _locked(model, ids, condition, "FOR UPDATE OF t0")


async def locked_if_free(model: type[M], ids: Collection[Any], condition: Condition) -> dict[Any, M]:
    """As `locked`, without the rows that others hold: for work that somebody does, and it does not matter who."""
    return await _locked(model, ids, condition, "FOR UPDATE OF t0 SKIP LOCKED")


async def _locked(model: type[M], ids: Collection[Any], condition: Condition, lock: str) -> dict[Any, M]:
    assert in_unit_of_work(), "a lock lasts as long as a unit of work"
    spoken = dialect()
    statement = statements.select(model, None, condition, spoken, order=(Order("id"),), keys=Keys("id", list(ids)))
    sql = f"{statement.sql} {lock}" if spoken == "postgres" else statement.sql
    found = await rows(statements.Statement(sql, statement.values))
    return {row.pk: row for row in (model._init_from_db(**one) for one in found)}

"""Writing what Tortoise has no word for: an insert that yields to a row already there, counters, guarded balances."""

from collections.abc import Sequence
from uuid import UUID

from tortoise.models import Model

from cases.conditions import Condition
from models import conditions_sql
from models.columns import Parameters, column, columns, quoted
from models.database import reading
from models.delivery import Counter
from models.entitlements import EntitlementBalance
from models.fields import uuid7
from models.reading import dialect


async def insert_unless_there(row: Model, unique: Sequence[str]) -> bool:
    """Inserts `row` and says True, or does nothing and says False if one with the same `unique` columns is there.

    On PostgreSQL it waits for a transaction that is inserting the same, so that the answer is final.
    """
    parameters = Parameters(dialect())
    model = type(row)
    placed = [parameters.add(column.field.to_db_value(getattr(row, column.name), row)) for column in columns(model)]
    names = ", ".join(column.sql for column in columns(model))
    keys = ", ".join(quoted(name) for name in unique)
    sql = (
        f"INSERT INTO {quoted(model._meta.db_table)} ({names}) VALUES ({', '.join(placed)}) "
        f"ON CONFLICT ({keys}) DO NOTHING RETURNING {quoted(model._meta.db_pk_column)}"
    )
    return bool(await reading().execute_query_dict(sql, parameters.values))


async def next_number(tenant_id: UUID, name: str, how_many: int = 1) -> int:
    """The next number of a tenant's counter, from 1; of several taken at once, the first. Numbers are not given twice.

    Other transactions that want one wait until this one ends, so that a number not used leaves no gap.
    """
    parameters = Parameters(dialect())
    row = [parameters.add(value) for value in (_key(uuid7()), _key(tenant_id), name, how_many)]
    table = quoted(Counter._meta.db_table)
    sql = (
        f'INSERT INTO {table} ("id", "tenant_id", "name", "value") VALUES ({", ".join(row)}) '
        'ON CONFLICT ("tenant_id", "name") '
        f'DO UPDATE SET "value" = {table}."value" + excluded."value" RETURNING "value"'
    )
    found = await reading().execute_query_dict(sql, parameters.values)
    last: int = found[0]["value"]
    return last - how_many + 1


def _key(key: UUID) -> UUID | str:
    return key if dialect() == "postgres" else str(key)


async def lead_to(model: type[Model], name: str, target_id: UUID, which: Condition) -> None:
    """Lets the column `name` of the rows for which `which` holds lead to another row, in one statement."""
    parameters = Parameters(dialect())
    led = column(model, name)
    to = parameters.add(led.stored(target_id))
    where = conditions_sql.compile(which, model, parameters)
    sql = f"UPDATE {quoted(model._meta.db_table)} AS t0 SET {led.sql} = {to} WHERE {where}"
    await reading().execute_query(sql, parameters.values)


async def move_balance(balance_id: UUID, *, remaining: int, reserved: int, guarded: bool) -> bool:
    """Moves a stored balance and says True; says False, and moves nothing, if `guarded` and so much is not left."""
    parameters = Parameters(dialect())
    more, held, key = (parameters.add(value) for value in (remaining, reserved, _key(balance_id)))
    cast = "::bigint" if dialect() == "postgres" else ""
    sql = (
        f'UPDATE {quoted(EntitlementBalance._meta.db_table)} SET "remaining" = "remaining" + {more}{cast}, '
        f'"reserved" = "reserved" + {held}{cast} WHERE "id" = {key}'
    )
    if guarded:
        sql += f' AND "remaining" + {more}{cast} - "reserved" - {held}{cast} >= 0'
    return bool(await reading().execute_query_dict(f'{sql} RETURNING "id"', parameters.values))

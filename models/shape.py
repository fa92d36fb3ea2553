"""The shape of a database: what its tables, columns, indexes and references are, so that two can be compared.

Names of indexes and constraints and the order of columns are no part of it: a column added later stands last, and what
a migration builds as a unique index may be a unique constraint in a fresh database. Comments are none either.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

Shape = Mapping[str, frozenset[str]]
"""A table's name to one line for each thing it has."""

Query = Callable[[str], Awaitable[Iterable[Mapping[str, Any]]]]


def differences(found: Shape, wanted: Shape) -> list[str]:
    """What `found` lacks and what it has too much, one line each; empty if they are alike."""
    tables = sorted({*found, *wanted})
    nothing: frozenset[str] = frozenset()
    return [
        *(
            f"{table}: missing {line}"
            for table in tables
            for line in sorted(wanted.get(table, nothing) - found.get(table, nothing))
        ),
        *(
            f"{table}: unexpected {line}"
            for table in tables
            for line in sorted(found.get(table, nothing) - wanted.get(table, nothing))
        ),
    ]


async def sqlite_shape(query: Query, *, without: Sequence[str] = ()) -> Shape:
    tables = await query("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    return {
        row["name"]: frozenset(await _sqlite_lines(query, row["name"], row["sql"]))
        for row in list(tables)
        if row["name"] not in without
    }


async def _sqlite_lines(query: Query, table: str, sql: str) -> list[str]:
    lines = ["table"]
    for column in await query(f'PRAGMA table_xinfo("{table}")'):
        words = [column["name"], column["type"].upper()]
        words += ["NOT NULL"] * bool(column["notnull"]) + ["PRIMARY KEY"] * bool(column["pk"])
        words += [f"DEFAULT {column['dflt_value']}"] * (column["dflt_value"] is not None)
        lines.append("column " + " ".join(words))
    for index in list(await query(f'PRAGMA index_list("{table}")')):
        parts = [part for part in await query(f'PRAGMA index_xinfo("{index["name"]}")') if part["key"]]
        over = ", ".join(f"{part['name']} {part['coll']}{' DESC' if part['desc'] else ''}" for part in parts)
        if index["partial"] or any(part["name"] is None for part in parts):  # over a condition, or over an expression
            (made,) = await query(f"SELECT sql FROM sqlite_master WHERE name = '{index['name']}'")
            over += " of " + made["sql"].partition("(")[2]
        lines.append(f"{'unique ' if index['unique'] else ''}index over {over}")
    references: dict[int, list[Any]] = {}
    for row in await query(f'PRAGMA foreign_key_list("{table}")'):
        references.setdefault(row["id"], []).append(row)
    for rows in references.values():
        columns, targets = ([row[side] for row in sorted(rows, key=lambda row: row["seq"])] for side in ("from", "to"))
        lines.append(f"reference {columns} to {rows[0]['table']} {targets} on delete {rows[0]['on_delete']}")
    for trigger in await query(f"SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'"):
        lines.append("trigger " + " ".join(trigger["sql"].split()))
    return lines + [f"check {check}" for check in _checks(sql)]


def _checks(sql: str) -> list[str]:
    """The conditions of the CHECKs of a CREATE TABLE."""
    found = []
    for match in re.finditer(r"\bCHECK\s*\(", re.sub(r"/\*.*?\*/", "", sql, flags=re.DOTALL)):
        depth, rest = 1, match.string[match.end() :]
        for position, letter in enumerate(rest):
            depth += (letter == "(") - (letter == ")")
            if depth == 0:
                found.append(" ".join(rest[:position].split()))
                break
    return found


async def postgres_shape(query: Query, schema: str, *, without: Sequence[str] = ()) -> Shape:
    """`schema` must be the first of the search path, so that references inside it are written without it."""
    shape: dict[str, set[str]] = {}
    for row in await query(POSTGRES_LINES.format(schema=schema)):
        if row["on_table"] not in without:
            shape.setdefault(row["on_table"], {"table"}).add(row["line"])
    return {table: frozenset(lines) for table, lines in shape.items()}


POSTGRES_LINES = """
WITH tables AS (
    SELECT c.oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = '{schema}' AND c.relkind IN ('r', 'p')
)
SELECT relname AS on_table,
       'column ' || attname || ' ' || format_type(atttypid, atttypmod)
       || CASE WHEN collname <> 'default' THEN ' COLLATE ' || collname ELSE '' END
       || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
       || coalesce(' DEFAULT ' || pg_get_expr(adbin, adrelid), '') || attidentity::text || attgenerated::text AS line
FROM tables JOIN pg_attribute ON attrelid = tables.oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_collation ON pg_collation.oid = attcollation
LEFT JOIN pg_attrdef ON adrelid = tables.oid AND adnum = attnum
UNION ALL
SELECT relname, CASE WHEN indisprimary THEN 'primary ' WHEN indisunique THEN 'unique ' ELSE '' END || 'index'
       || substring(pg_get_indexdef(indexrelid) FROM ' USING .*')
FROM tables JOIN pg_index ON indrelid = tables.oid
UNION ALL
SELECT relname, 'constraint ' || pg_get_constraintdef(pg_constraint.oid)
FROM tables JOIN pg_constraint ON conrelid = tables.oid AND contype IN ('f', 'c', 'x')
UNION ALL
SELECT relname, 'trigger ' || replace(pg_get_triggerdef(pg_trigger.oid), '{schema}.', '')
FROM tables JOIN pg_trigger ON tgrelid = tables.oid AND NOT tgisinternal
"""

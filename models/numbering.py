"""Tables whose rows are numbered by the database itself, in the order in which they are written.

A table says so by `numbered = True` and has the columns `position` and `written_by`, which whoever writes a row leaves
out. On PostgreSQL the order of positions is not the order of commits, so that the transaction is noted as well: rows of
transactions that are all over can be read in the order of positions without one coming in between later
(`models/outbox.py`). On SQLite only one transaction writes at a time, and the order of positions is all there is.
"""

from collections.abc import Sequence
from typing import Final

from models.addresses import Dialect

POSTGRES_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION number_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.position := nextval(
        (quote_ident(TG_TABLE_SCHEMA) || '.' || quote_ident(TG_TABLE_NAME || '_position'))::regclass);
    NEW.written_by := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
"""
POSTGRES_TRIGGER: Final = """
CREATE SEQUENCE IF NOT EXISTS "{table}_position";
CREATE OR REPLACE TRIGGER {table}_numbered BEFORE INSERT ON "{table}"
FOR EACH ROW EXECUTE FUNCTION number_row();
"""
SQLITE_TRIGGER: Final = """
CREATE TRIGGER IF NOT EXISTS {table}_numbered AFTER INSERT ON "{table}"
BEGIN UPDATE "{table}" SET position = (SELECT coalesce(max(position), 0) + 1 FROM "{table}"), written_by = 0
WHERE id = NEW.id; END;
"""


def triggers_sql(tables: Sequence[str], dialect: Dialect) -> str:
    """What makes the triggers where they are not there yet."""
    if not tables:
        return ""
    if dialect == "postgres":
        return "".join([POSTGRES_FUNCTION, *(POSTGRES_TRIGGER.format(table=table) for table in tables)])
    return "".join(SQLITE_TRIGGER.format(table=table) for table in tables)

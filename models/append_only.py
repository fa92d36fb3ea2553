"""Tables to which lines are only ever appended: the database itself refuses to change or delete one.

A table says so by `append_only = True`. The triggers are made with the tables, and anew by every migration; dropping a
table, or copying it into a new one, is no concern of theirs.
"""

from typing import Any

from tortoise.utils import get_schema_sql

from models import numbering, stamping

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is only ever appended to', TG_TABLE_NAME; END $$;
"""
POSTGRES_TRIGGER = """
CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}"
FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();
"""
SQLITE_TRIGGER = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{what} BEFORE {what} ON "{table}"
BEGIN SELECT RAISE(ABORT, '{table} is only ever appended to'); END;
"""


def schema_sql(client: Any) -> str:
    """What makes all tables of `client`'s apps in an empty database, triggers included."""
    return get_schema_sql(client, safe=False) + "\n" + triggers_sql(client)


def triggers_sql(client: Any) -> str:
    """What makes the triggers where they are not there yet; nothing if no table has one."""
    generator = client.schema_generator(client)
    models = generator._get_models_to_create()
    beside = stamping.triggers_sql(
        dict(sorted((model._meta.db_table, model.stamping) for model in models if hasattr(model, "stamping"))),
        client.capabilities.dialect,
    )
    beside += numbering.triggers_sql(
        sorted(model._meta.db_table for model in models if getattr(model, "numbered", False)),
        client.capabilities.dialect,
    )
    tables = sorted(model._meta.db_table for model in models if getattr(model, "append_only", False))
    if client.capabilities.dialect == "postgres":
        made = [POSTGRES_TRIGGER.format(table=table) for table in tables]
        return ("".join([POSTGRES_FUNCTION, *made]) if made else "") + beside
    made = [SQLITE_TRIGGER.format(table=table, what=what) for table in tables for what in ("UPDATE", "DELETE")]
    return "".join(made) + beside

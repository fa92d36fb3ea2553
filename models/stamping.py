"""Tables that every act on a case has to look at, and how it learns at one look whether they are as it knows them.

A table says so by `stamping`: the columns that matter of it. Whatever changes one of them, or adds or takes away a row,
leaves another stamp on the row of the tenant, in the same transaction and by the database itself, so that nobody can
forget to. No stamp is ever given twice, not even after a rollback: what was read under one is true of no other state.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from models.addresses import Dialect

STAMP: Final[Mapping[Dialect, str]] = {
    "postgres": "replace(gen_random_uuid()::text, '-', '')",
    "sqlite": "lower(hex(randomblob(16)))",
}
POSTGRES_FUNCTION: Final = f"""
CREATE OR REPLACE FUNCTION stamp_tenant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tenant SET stamp = {STAMP["postgres"]}
    WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.tenant_id ELSE NEW.tenant_id END;
    RETURN NULL;
END $$;
"""
POSTGRES_TRIGGER: Final = """
CREATE OR REPLACE TRIGGER {table}_stamping AFTER INSERT OR DELETE OR UPDATE OF {columns} ON "{table}"
FOR EACH ROW EXECUTE FUNCTION stamp_tenant();
"""
SQLITE_TRIGGER: Final = f"""
CREATE TRIGGER IF NOT EXISTS {{table}}_stamping_{{what}} AFTER {{when}} ON "{{table}}"
BEGIN UPDATE "tenant" SET stamp = {STAMP["sqlite"]} WHERE id = {{row}}.tenant_id; END;
"""


def triggers_sql(columns_by_table: Mapping[str, Sequence[str]], dialect: Dialect) -> str:
    """What makes the triggers where they are not there yet."""
    if not columns_by_table:
        return ""
    quoted = {table: ", ".join(f'"{name}"' for name in names) for table, names in columns_by_table.items()}
    if dialect == "postgres":
        made = [POSTGRES_TRIGGER.format(table=table, columns=columns) for table, columns in quoted.items()]
        return "".join([POSTGRES_FUNCTION, *made])
    return "".join(
        SQLITE_TRIGGER.format(table=table, what=what, when=when, row=row)
        for table, columns in quoted.items()
        for what, when, row in (
            ("insert", "INSERT", "NEW"),
            ("update", f"UPDATE OF {columns}", "NEW"),
            ("delete", "DELETE", "OLD"),
        )
    )

"""Tortoise's schema editors, mended where they lose something or write what the engines misread.

- SQLite cannot alter a column, so Tortoise copies the table into a new one and drops the old; with it went each
  index, unique constraint and trigger that the columns themselves do not name.
- An index over a foreign key was made over a column called like the relation: refused by PostgreSQL, and taken by
  SQLite for an index over a constant.
- An index was made over columns that all run the same way (`models/indexes.py`).
- A column that must have a value could not be added to a table with rows, although the model says what the value is.
"""

from copy import copy
from typing import Any

from tortoise.migrations.schema_editor import AsyncpgSchemaEditor
from tortoise.migrations.schema_editor import SqliteSchemaEditor as TortoiseSqliteEditor

from models.indexes import index_terms


class _Mended:
    """What both editors need; goes before Tortoise's."""

    def _generate_index_name(self, prefix: str, model: Any, field_names: list[str]) -> str:
        columns = index_terms(model, field_names, self.DIALECT)  # type: ignore[attr-defined]
        name: str = super()._generate_index_name(prefix, model, columns)  # type: ignore[misc]
        return name

    def _get_index_sql(self, model: Any, field_names: list[str], *args: Any, **kwargs: Any) -> str:
        columns = index_terms(model, field_names, self.DIALECT)  # type: ignore[attr-defined]
        sql: str = super()._get_index_sql(model, columns, *args, **kwargs)  # type: ignore[misc]
        return sql

    async def add_field(self, model: Any, field_name: str) -> None:
        """Adds a column; rows that are there already get the field's default."""
        field = model._meta.fields_map[field_name]
        value = field.default() if field.default in (dict, list) else field.default
        if field.null or field.has_db_default() or value is None or callable(value):
            await super().add_field(model, field_name)  # type: ignore[misc]
            return
        filling = copy(field)
        filling.db_default = value
        model._meta.fields_map[field_name] = filling
        try:
            await super().add_field(model, field_name)  # type: ignore[misc]
        finally:
            model._meta.fields_map[field_name] = field
        await self._forget_default(model, field)

    async def _forget_default(self, model: Any, field: Any) -> None:
        raise NotImplementedError


class PostgresSchemaEditor(_Mended, AsyncpgSchemaEditor):  # type: ignore[misc]  # passes on what it is given
    async def _forget_default(self, model: Any, field: Any) -> None:
        await self._run_sql(f'ALTER TABLE "{model._meta.db_table}" ALTER COLUMN "{_column(field)}" DROP DEFAULT')


class SqliteSchemaEditor(_Mended, TortoiseSqliteEditor):
    async def _forget_default(self, model: Any, field: Any) -> None:
        await self._remake_table(model)

    async def _run_sql(self, sql: str) -> None:
        if self.collect_sql:
            await super()._run_sql(sql)
        else:
            await self.client.execute_script(sql)  # ours neither commits nor splits inside a comment, as Tortoise does

    async def _remake_table(
        self, model: Any, create_field: Any = None, delete_field: Any = None, alter_fields: Any = None
    ) -> None:
        table = model._meta.db_table
        before = await self._indexes(table)
        triggers = await self._rows(f"SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'")
        await super()._remake_table(model, create_field, delete_field, alter_fields)
        renamed = {_column(old): _column(new) for old, new in alter_fields or ()}
        gone = None if delete_field is None else _column(delete_field)
        there = {key for key, _ in await self._indexes(table)}
        for (columns, unique), sql in before:
            now = tuple(renamed.get(column, column) for column in columns)
            if gone not in columns and (now, unique) not in there:
                await self._run_sql(sql if sql and now == columns else self._index_over(model, now, unique))
        for trigger in triggers:
            await self._run_sql(trigger["sql"])

    async def _indexes(self, table: str) -> list[tuple[tuple[tuple[str, ...], bool], str | None]]:
        """Columns, whether unique, and the CREATE INDEX, which is None for an index that a constraint made."""
        found = []
        for index in await self._rows(f'PRAGMA index_list("{table}")'):
            parts = await self._rows(f'PRAGMA index_info("{index["name"]}")')
            (made,) = await self._rows(f"SELECT sql FROM sqlite_master WHERE name = '{index['name']}'")
            found.append(((tuple(part["name"] for part in parts), bool(index["unique"])), made["sql"]))
        return found

    def _index_over(self, model: Any, columns: tuple[str, ...], unique: bool) -> str:
        if unique:
            return self._get_unique_index_sql(model._meta.db_table, list(columns))
        return self._get_index_sql(model, list(columns))

    async def _rows(self, sql: str) -> list[dict[str, Any]]:
        return await self.client.execute_query_dict(sql)


def _column(field: Any) -> str:
    name: str = field.source_field or field.model_field_name
    return name

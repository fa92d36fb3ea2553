"""Indexes for lists that run both ways at once, or that show a few rows of many."""

from collections.abc import Sequence
from typing import Any, Final

from tortoise.indexes import Index
from tortoise.models import Model

from models.addresses import Dialect

DOWN: Final = "-"
"""Before the name of a column that runs down."""


class ListIndex(Index):
    """An index for one kind of list: the columns named in `down` run down where the others run up.

    With `null` or `present`, the name of a column, it has only those rows in which that column is null, or is not; it
    then needs a name, because indexes are called after their columns.
    """

    def __init__(
        self,
        fields: Sequence[str],
        *,
        name: str | None = None,
        down: Sequence[str] = (),
        null: str | None = None,
        present: str | None = None,
    ) -> None:
        super().__init__(fields=tuple(fields), name=name)
        self.down, self.null, self.present = list(down), null, present
        if null:
            self.extra = f' WHERE "{null}" IS NULL'
        if present:
            self.extra = f' WHERE "{present}" IS NOT NULL'

    @property
    def field_names(self) -> list[str]:
        """As `index_terms` takes them."""
        return [f"{DOWN}{name}" if name in self.down else name for name in self.fields]

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        path, args, options = super().deconstruct()
        said = {"down": self.down, "null": self.null, "present": self.present}
        return path, args, options | {name: value for name, value in said.items() if value}

    def get_sql(self, schema_generator: Any, model: type[Model], safe: bool) -> str:
        """What makes it in a fresh database; of migrations see `models/engines/editors.py`."""
        terms = index_terms(model, self.field_names, schema_generator.DIALECT)
        sql: str = schema_generator._get_index_sql(model, terms, safe, index_name=self.name, extra=self.extra)
        return sql


def index_terms(model: type[Model], names: Sequence[str], dialect: Dialect) -> list[str]:
    """The columns of an index as CREATE INDEX takes them; foreign keys may be called like their relations.

    One that runs down has its nulls last, as lists do; SQLite, to which null is less than anything, has no word for it.
    """
    return [_term(model, name.removeprefix(DOWN), name.startswith(DOWN), dialect) for name in names]


def _term(model: type[Model], name: str, descending: bool, dialect: Dialect) -> str:
    field = model._meta.fields_map.get(name)
    column = name if field is None else field.source_field or name
    if not descending:
        return column
    nulls = " NULLS LAST" if field is not None and field.null and dialect == "postgres" else ""
    return f'"{column}" DESC{nulls}'

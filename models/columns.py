"""Columns as SQL knows them: quoted, with what it takes to compare and order them alike on SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, auto
from functools import cache
from typing import Any, Final

import orjson
from tortoise.fields import CharField, DecimalField, Field, IntField, JSONField, TextField
from tortoise.fields.data import CharEnumFieldInstance
from tortoise.models import Model

from models.addresses import Dialect

LARGEST_INTEGER: Final = 2**63 - 1
"""Both databases' widest integer; its negative, less one, is the smallest."""


class Kind(Enum):
    """How a column's values must be handled for both databases to agree."""

    TEXT = auto()
    WORD = auto()  # an enum stored as text: ordered by its members, not by its letters
    INTEGER = auto()
    DECIMAL = auto()  # text on SQLite
    OPAQUE = auto()  # JSON: null or not is all that can be asked
    PLAIN = auto()  # everything that both databases compare rightly by themselves


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column of one table. `name` is the model's name for it, `sql` the quoted name in the table."""

    model: type[Model]
    name: str
    sql: str
    nullable: bool
    kind: Kind
    field: Field[Any]
    words: tuple[Enum, ...] = ()

    def stored(self, value: Any) -> Any:
        """A value as the driver takes it. Text is never refused for its length: it is only compared."""
        if self.kind is Kind.TEXT:
            return str(value)
        return self.field.to_db_value(value, self.model)

    def read(self, table: str, dialect: Dialect) -> str:
        """The column as an operand that equals and sorts by value."""
        if self.kind is Kind.DECIMAL and dialect == "sqlite":
            return f"CAST({table}.{self.sql} AS NUMERIC)"
        return f"{table}.{self.sql}"

    def ordered(self, table: str, dialect: Dialect) -> str:
        """The column as an operand of `<` and of ORDER BY."""
        operand = self.read(table, dialect)
        match self.kind:
            case Kind.TEXT if dialect == "postgres":
                return f'{operand} COLLATE "C"'
            case Kind.WORD:
                ranks = " ".join(f"WHEN '{word.value}' THEN {rank}" for rank, word in enumerate(self.words))
                return f"CASE {operand} {ranks} END"
            case _:
                return operand


@cache
def column(model: type[Model], name: str) -> Column:
    """The column behind the attribute `name`, such as `title` or `owner_id`. Raises LookupError if there is none."""
    stored_as = model._meta.fields_db_projection.get(name)
    if stored_as is None:
        raise LookupError(f"{model.__name__} has no column {name}")
    described = model._meta.fields_map[name]
    words = tuple(described.enum_type) if isinstance(described, CharEnumFieldInstance) else ()
    return Column(model, name, quoted(stored_as), described.null, _kind(described), described, words)


def _kind(described: Field[Any]) -> Kind:
    match described:
        case CharEnumFieldInstance():
            return Kind.WORD
        case CharField() | TextField():
            return Kind.TEXT
        case IntField():
            return Kind.INTEGER
        case DecimalField():
            return Kind.DECIMAL
        case JSONField():
            return Kind.OPAQUE
        case _:
            return Kind.PLAIN


@cache
def columns(model: type[Model]) -> tuple[Column, ...]:
    """Every column of the table, in the order of the model."""
    return tuple(column(model, name) for name in model._meta.fields_db_projection)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@dataclass(slots=True)
class Parameters:
    """The values of one statement, in the order in which its text refers to them."""

    dialect: Dialect
    values: list[Any] = field(default_factory=list)

    def add(self, value: Any) -> str:
        """The text that stands for `value`."""
        self.values.append(value)
        return f"${len(self.values)}" if self.dialect == "postgres" else f"?{len(self.values)}"

    def operand(self, column: Column, value: Any) -> str:
        """The text that stands for `value` when it is compared with `column`; `value` is as the driver takes it."""
        match column.kind, self.dialect:
            case Kind.INTEGER, "postgres":
                return f"{self.add(value)}::bigint"  # or the driver refuses what does not fit a narrower column
            case Kind.DECIMAL, "sqlite":
                return f"CAST({self.add(str(value))} AS NUMERIC)"
            case Kind.DECIMAL, "postgres":
                return f"{self.add(Decimal(value))}::numeric"
            case _:
                return self.add(value)

    def any_of(self, column: Column, values: Sequence[Any]) -> str:
        """The right-hand side of IN, such that the statement's text does not depend on how many values there are."""
        if self.dialect == "postgres":
            cast = {Kind.INTEGER: "::bigint[]", Kind.DECIMAL: "::numeric[]"}.get(column.kind, "")
            return f"{self.add(list(values))}{cast}"
        if column.kind is not Kind.DECIMAL and all(isinstance(value, str | int) for value in values):
            return f"(SELECT value FROM json_each({self.add(array(values))}))"
        return f"({', '.join(self.operand(column, value) for value in values)})"


def array(values: Sequence[Any]) -> str:
    """Several values as SQLite takes them: as one."""
    return orjson.dumps(list(values)).decode()

"""Leaves: how a stored value is written in an answer, without a model in between.

What a conversion gives is what graphql-core would have made of the model's attribute. The quick ones are for the
values that most are; every other goes through the column's own reading and the scalar's own writing.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final, cast

import orjson
from graphql import GraphQLBoolean, GraphQLInt, GraphQLLeafType, GraphQLString, Undefined
from tortoise.fields import BooleanField, CharField, Field, IntField, SmallIntField, TextField
from tortoise.fields.data import CharEnumFieldInstance

from models.addresses import Dialect
from models.fields import RankedEnumField, UtcDateTimeField

Convert = Callable[[Any], Any]

_LARGEST: Final = 2**31 - 1  # GraphQL's Int, section 3.5.1
_WHOLE_SECOND: Final = ".000000+00:00"


class NullInNonNull(Exception):
    """There is nothing where the schema promises something."""


def of_column(field: Field[Any], leaf: GraphQLLeafType, dialect: Dialect) -> Convert | None:
    """How a value of the column, as the driver gives it, is written; None: as it is. Nulls are not asked about."""
    match field:
        case RankedEnumField():
            members = cast(Iterable[Any], field.enum_type)
            return {place: leaf.coerce_output_value(member) for place, member in enumerate(members)}.__getitem__
        case CharEnumFieldInstance():
            return {str(member.value): leaf.coerce_output_value(member) for member in field.enum_type}.__getitem__
        case CharField() | TextField() if leaf is GraphQLString:
            return None
        case BooleanField() if leaf is GraphQLBoolean:
            return None if dialect == "postgres" else bool
        case SmallIntField() | IntField() if leaf is GraphQLInt:
            return None if dialect == "postgres" else _int
        case UtcDateTimeField() if getattr(leaf, "name", None) == "DateTime":
            return _instant if dialect == "postgres" else _instant_text(of_value(leaf), field)
    read, write = field.to_python_value, of_value(leaf)
    return lambda value: write(read(value))


def of_value(leaf: GraphQLLeafType) -> Convert:
    """How a value of Python is written. Raises what graphql-core would have made an error of the field."""
    coerce = leaf.coerce_output_value

    def write(value: Any) -> Any:
        written = coerce(value)
        if written is None or written is Undefined:
            raise TypeError(f"{leaf} cannot be written")
        return written

    return write


def not_null(value: Any) -> Any:
    if value is None:
        raise NullInNonNull
    return value


def _int(value: int) -> int:
    if not -_LARGEST - 1 <= value <= _LARGEST:
        raise TypeError("Int cannot be written")
    return value


def _instant(value: datetime) -> str:
    """An instant as PostgreSQL's driver gives it: in UTC. In a quarter of the time that `isoformat` takes."""
    return orjson.dumps(value, None, orjson.OPT_UTC_Z)[1:-1].decode()


def _instant_text(write: Convert, field: Field[Any]) -> Convert:
    """An instant as SQLite keeps it: text with six digits, in UTC."""

    def written(value: str) -> Any:
        if len(value) == 32 and value.endswith(_WHOLE_SECOND):
            return f"{value[:10]}T{value[11:19]}Z"
        return write(field.to_python_value(value))

    return written

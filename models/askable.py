"""What a stored condition may ask of a row: its columns, and those of the rows its foreign keys lead to."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from tortoise.fields import BooleanField, CharField, DateField, DecimalField, Field, IntField, SmallIntField, UUIDField
from tortoise.fields.data import CharEnumFieldInstance
from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.models import Model

from cases.stored_conditions import Fields
from models.fields import RankedEnumField, UtcDateTimeField
from models.tables import target


@cache
def askable(model: type[Model], depth: int = 1) -> Fields:
    """The fields of `model` that conditions may compare, with the types of their values; `depth` relations far."""
    fields: dict[str, Any] = {}
    for name, field in model._meta.fields_map.items():
        if isinstance(field, ForeignKeyFieldInstance):
            if depth and name != "tenant":
                fields[name] = askable(target(model, name), depth - 1)
        elif (of := _type_of(field)) is not None:
            fields[name] = of
    return fields


def _type_of(field: Field[Any]) -> Any:
    match field:
        case RankedEnumField() | CharEnumFieldInstance():
            return field.enum_type
        case UtcDateTimeField():
            return datetime
        case UUIDField():
            return UUID
        case BooleanField():
            return bool
        case SmallIntField() | IntField():
            return int
        case DecimalField():
            return Decimal
        case DateField():
            return date
        case CharField():
            return str
        case _:
            return None

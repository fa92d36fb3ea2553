"""Mirrors: GraphQL types that say which columns and relations of a table are public.

    @mirrors(models.Case, order=("created_at",))
    class Case(Node):
        title: auto                                            a column: type and description come from the table
        account: "Account | None" = related()                  a foreign key of the same name
        events: "Connection[CaseEvent]" = children("case")     rows of another table that point here

Nothing is public unless named. What is declared here is all that filters, orderings, batches and the fast executor know
of a type, so that a field is added by one line.
"""

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import strawberry
from strawberry.scalars import JSON
from strawberry.types.auto import StrawberryAuto
from tortoise import fields
from tortoise.fields.data import CharEnumFieldInstance
from tortoise.models import Model

from models.fields import RankedEnumField, UtcDateTimeField
from models.tables import target
from schema.computed import ComputedField
from schema.connections import ChildrenField
from schema.derived import NAMES, settle
from schema.enums import public_enum
from schema.filters import Filterable, derive_order, derive_where
from schema.relations import RelatedField

T = TypeVar("T")

_CONNECTED = re.compile(r"Connection\[(\w+)\]")
_TYPES: dict[type[fields.Field[Any]], Any] = {
    UtcDateTimeField: datetime,
    fields.DateField: date,
    fields.CharField: str,
    fields.TextField: str,
    fields.SmallIntField: int,
    fields.IntField: int,
    fields.BooleanField: bool,
    fields.DecimalField: Decimal,
    fields.JSONField: JSON,
}


@dataclass(frozen=True)
class Mirror:
    """What is public of one table."""

    model: type[Model]
    type: type
    columns: Sequence[str]
    related: dict[str, RelatedField]
    children: dict[str, ChildrenField]


MIRRORS: dict[type[Model], Mirror] = {}


def mirrors(
    model: type[Model], *, order: Sequence[str] = (), where: Sequence[str] = ()
) -> Callable[[type[T]], type[T]]:
    """Makes a class the public face of `model`; lists of it may be ordered by the columns of `order`.

    They may be filtered by every public column, and by those of `where`, which are shown in another way.
    """

    def decorate(cls: type[T]) -> type[T]:
        name = cls.__name__
        annotations = dict(cls.__annotations__)
        columns: list[str] = []
        for member, annotation in annotations.items():
            if isinstance(annotation, StrawberryAuto):
                columns.append(member)
                annotations[member] = _open_column(cls, member, model._meta.fields_map[member])
        related = {key: field for key in annotations if isinstance(field := cls.__dict__.get(key), RelatedField)}
        children = {key: field for key in annotations if isinstance(field := cls.__dict__.get(key), ChildrenField)}
        for key, to_one in related.items():
            to_one.name = key
            to_one.bind(model)
        for key, to_many in children.items():
            node = _node_of(annotations[key])
            to_many.bind(node)
        cls.__annotations__ = annotations
        cls.model = model  # type: ignore[attr-defined]
        cls.is_type_of = staticmethod(lambda row, info: isinstance(row, model))  # type: ignore[attr-defined]
        public = strawberry.type(cls, name=name, description=_sentence(model))
        settle(public, {key: quoted for key, quoted in annotations.items() if isinstance(quoted, str)})
        NAMES[name] = public
        MIRRORS[model] = Mirror(model, public, tuple(columns), related, children)
        _derive_inputs(MIRRORS[model], order, where)
        return public

    return decorate


def _open_column(cls: type, name: str, field: fields.Field[Any]) -> Any:
    """The annotation of a public column; its description is what the table says of it."""
    of = column_type(field)
    if isinstance(computed := cls.__dict__.get(name), ComputedField):
        computed.description = field.docstring
    else:
        setattr(cls, name, strawberry.field(description=field.docstring))
    return of | None if field.null else of


def _node_of(annotation: str) -> str:
    match = _CONNECTED.fullmatch(annotation)
    assert match, f"{annotation} is not a Connection of something"
    return match[1]


def _sentence(model: type[Model]) -> str:
    return inspect.cleandoc(model.__doc__ or "")


def _derive_inputs(mirror: Mirror, order: Sequence[str], where: Sequence[str]) -> None:
    """Makes the filter and the ordering of a type from its public columns and to-one relations."""
    fields_map = mirror.model._meta.fields_map
    columns = {
        column: Filterable(column_type(field := fields_map[column]), isinstance(field, RankedEnumField))
        for column in (*mirror.columns, *where)
        if not isinstance(fields_map[column], fields.TextField | fields.JSONField)
    }
    plain = {key: target(mirror.model, key).__name__ for key in mirror.related if key in fields_map}
    derive_where(mirror.type.__name__, columns, plain)
    if order:
        derive_order(mirror.type.__name__, order)


def column_type(field: fields.Field[Any]) -> Any:
    """The Python type of a column's values, without null; enums are made public on the way."""
    if isinstance(field, RankedEnumField | CharEnumFieldInstance):
        return public_enum(field.enum_type)
    return next(of for kind, of in _TYPES.items() if isinstance(field, kind))

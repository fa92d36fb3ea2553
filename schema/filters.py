"""Filters and orderings: the `where` and `orderBy` inputs, derived from what a type mirrors.

`where` is one condition tree (cases/conditions.py) spelled in GraphQL; the same tree runs in SQL and in memory.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Any
from uuid import UUID

import strawberry
from strawberry import UNSET
from tortoise.models import Model

from cases import rules
from cases.conditions import All, AnyOf, Compare, Condition, Not, Op, Path, Related, check
from cases.refusals import BadInput
from cases.viewer import Viewer
from models.paging import Order
from models.tables import target
from models.visibility import visible
from schema.derived import NAMES, Member, derive_input
from schema.ids import read_id
from settings import Limits

NO_ROW = UUID(int=0)
"""Stands for an id that is none: no row has it."""

_EQUALITY = (Op.EQ, Op.IN, Op.NIN, Op.IS_NULL)
_ORDER = (Op.GT, Op.GTE, Op.LT, Op.LTE)
_OPS_BY_TYPE: Mapping[Any, Sequence[Op]] = {
    str: (*_EQUALITY, *_ORDER, Op.CONTAINS),
    int: (*_EQUALITY, *_ORDER),
    Decimal: (*_EQUALITY, *_ORDER),
    datetime: (*_EQUALITY, *_ORDER),
    date: (*_EQUALITY, *_ORDER),
    bool: (Op.EQ, Op.IS_NULL),
    strawberry.ID: _EQUALITY,
}
_NAMES_BY_TYPE = {
    str: "String",
    int: "Int",
    bool: "Boolean",
    Decimal: "Decimal",
    datetime: "DateTime",
    date: "Date",
    strawberry.ID: "ID",
}


@dataclass(frozen=True)
class Filterable:
    """A column that lists can be filtered by: its Python type, and whether its values have an order."""

    of: Any
    ranked: bool = False

    @property
    def comparator(self) -> str:
        """The name of the input that compares such values; made when first asked for."""
        of = _NAMES_BY_TYPE.get(self.of) or self.of.__strawberry_definition__.name
        name = f"{of}Comparator"
        if name not in NAMES:
            ops = _OPS_BY_TYPE.get(self.of, (*_EQUALITY, *_ORDER) if self.ranked else _EQUALITY)
            members = {_MEMBERS[op]: Member(_operand(op, self.of), public=_PUBLIC.get(op)) for op in ops}
            derive_input(name, members, f"Compares with values of {of}. All that is given must hold.")
        return name


_MEMBERS = {op: op.value.lower() for op in Op} | {Op.IN: "in_"}
_PUBLIC = {Op.IN: "in"}
_OPS = {member: op for op, member in _MEMBERS.items()}


def _operand(op: Op, of: Any) -> Any:
    if op is Op.IS_NULL:
        return bool | None
    return list[of] | None if op in (Op.IN, Op.NIN) else of | None


@strawberry.enum(description="Which way a list runs. Nulls come last unless the name says otherwise.")
class SortDirection(Enum):
    ASC = "ASC"
    DESC = "DESC"
    ASC_NULLS_FIRST = "ASC_NULLS_FIRST"
    DESC_NULLS_FIRST = "DESC_NULLS_FIRST"


def derive_where(type_name: str, columns: Mapping[str, Filterable], relations: Mapping[str, str]) -> None:
    """Makes `<Type>Where`. A relation, given with the name of its type, can be compared by id and filtered in turn."""
    name = f"{type_name}Where"
    members = {
        "and_": Member(f"list[{name}] | None", public="and"),
        "or_": Member(f"list[{name}] | None", public="or"),
        "not_": Member(f"{name} | None", public="not"),
        "id": Member(f"{Filterable(strawberry.ID).comparator} | None"),
    }
    members |= {column: Member(f"{of.comparator} | None") for column, of in columns.items()}
    for relation, other in relations.items():
        members[f"{relation}_id"] = Member(f"{Filterable(strawberry.ID).comparator} | None")
        members[relation] = Member(f"{other}Where | None")
    derive_input(name, members, f"Which rows of {type_name} are meant. All that is given must hold.")


def derive_order(type_name: str, columns: Sequence[str]) -> None:
    """Makes `<Type>Order`: one column and a direction."""
    members = {column: Member(SortDirection | None) for column in columns}
    derive_input(f"{type_name}Order", members, f"One thing to order {type_name} rows by.", one_of=True)


def condition_of(where: Any, limits: Limits) -> Condition:
    """The condition that a `where` input spells. Raises BadInput with the path where it says nothing sensible."""
    condition = _tree(where, ("where",), limits)
    try:
        check(condition, limits.filter_depth, limits.filter_leaves)
    except BadInput as refusal:
        raise BadInput(refusal.message, path=("where", *refusal.path)) from None
    return condition


def within_sight(condition: Condition, model: type[Model], viewer: Viewer) -> Condition:
    """The condition, asked of what exists for the viewer: a relation to a row they may not see leads nowhere.

    Otherwise a hidden row could be spelled out letter by letter with `contains`.
    """
    match condition:
        case All(parts):
            return All(tuple(within_sight(part, model, viewer) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(within_sight(part, model, viewer) for part in parts))
        case Not(part):
            return Not(within_sight(part, model, viewer))
        case Related(name, inner):
            other = target(model, name)
            return Related(name, All((visible(other, viewer), within_sight(inner, other, viewer))))
        case Compare():
            return condition


def order_of(orders: Sequence[Any] | None) -> list[Order]:
    """The ordering that `orderBy` spells; of the same column only the first mention counts."""
    terms: dict[str, Order] = {}
    for order in orders or ():
        for column, direction in _given(order):
            runs = SortDirection(direction).value  # within a oneOf input the library leaves enums as text
            terms.setdefault(column, Order(column, runs.startswith("DESC"), not runs.endswith("NULLS_FIRST")))
    return list(terms.values())


def _given(spec: Any) -> list[tuple[str, Any]]:
    """The members of an input that were given, by name."""
    values = ((field.name, getattr(spec, field.name)) for field in dataclasses.fields(spec))
    return [(name, value) for name, value in values if value is not UNSET]


def _tree(where: Any, path: Path, limits: Limits) -> All:
    """One object of a `where`. What it compares stands in it directly: only further objects are a level down."""
    return All(
        tuple(part for name, value in _given(where) for part in _parts(name, value, (*path, name.rstrip("_")), limits))
    )


def _parts(name: str, value: Any, path: Path, limits: Limits) -> Iterator[Condition]:
    if value is None:
        raise BadInput("Null says nothing here; leave it out, or ask with isNull.", path=path)
    if isinstance(value, list) and len(value) > limits.input_list:
        raise BadInput(f"A list may have {limits.input_list} items.", path=path)
    match name:
        case "and_":
            yield from (_tree(part, (*path, index), limits) for index, part in enumerate(value))
        case "or_":
            yield AnyOf(tuple(_tree(part, (*path, index), limits) for index, part in enumerate(value)))
        case "not_":
            yield Not(_tree(value, path, limits))
        case _ if type(value).__name__.endswith("Where"):
            yield Related(name, _tree(value, path, limits))
        case _:
            read = _key if type(value).__name__ == "IDComparator" else partial(_as_given, limits.filter_characters)
            for op, operand in _given(value):
                yield _compare(name, _OPS[op], operand, read, (*path, op.rstrip("_")), limits)


def _compare(
    column: str, op: Op, operand: Any, read: Callable[[Any, Path], Any], path: Path, limits: Limits
) -> Condition:
    if operand is None:
        raise BadInput("Null cannot be compared with; ask with isNull.", path=path)
    if op is Op.IS_NULL:
        return Compare(column, op, operand)
    if not isinstance(operand, list):
        return Compare(column, op, read(operand, path))
    if len(operand) > limits.input_list:
        raise BadInput(f"A list may have {limits.input_list} items.", path=path)
    return Compare(column, op, tuple(read(one, (*path, index)) for index, one in enumerate(operand)))


def _as_given(longest: int, operand: Any, path: Path) -> Any:
    if isinstance(operand, str):
        rules.refuse(rules.text(operand, longest, path))  # what cannot be stored cannot be asked for either
    return operand


def _key(text: str, path: Path) -> UUID:
    parsed = read_id(text)
    return parsed[1] if parsed else NO_ROW

"""Conditions as tenants write them down: JSON of the same shape as the API's `where`.

    {"priority": {"in": ["HIGH", "CRITICAL"]}, "account": {"tier": {"eq": "GOLD"}},
     "or": [{"status": {"eq": "ACTIVE"}}, {"resolved_at": {"isNull": true}}], "not": {"title": {"contains": "test"}}}

Everything within one object must hold; the empty object holds everywhere. Fields go by their column names; a relation
holds an object of the related row's fields. What comes in may already be Python values, as at the GraphQL edge.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, Final, TypeAlias
from uuid import UUID

from cases.conditions import All, AnyOf, Compare, Condition, Not, Op, Path, Related
from cases.refusals import BadInput

Parser: TypeAlias = Callable[[Any], object]
Fields: TypeAlias = "Mapping[str, type | Parser | Fields]"
"""What may be compared: a type, a function that reads a value or raises ValueError, or the fields behind a relation."""

OPS: Final[Mapping[str, Op]] = {
    "eq": Op.EQ,
    "in": Op.IN,
    "nin": Op.NIN,
    "gt": Op.GT,
    "gte": Op.GTE,
    "lt": Op.LT,
    "lte": Op.LTE,
    "contains": Op.CONTAINS,
    "isNull": Op.IS_NULL,
}
_NAMES: Final = {op: name for name, op in OPS.items()}


def from_json(spec: object, fields: Fields, *, depth: int = 3, leaves: int = 50, items: int = 100) -> Condition:
    """The condition that `spec` describes.

    At most `depth` objects within each other beneath the first, `leaves` comparisons, `items` values to one `in`.

    Raises BadInput with the path to what cannot be read: an unknown field or operator, a wrong value, a bound.
    """
    return _Reading(depth, leaves, items).condition(spec, fields, (), 0)


@dataclass
class _Reading:
    depth: int
    leaves: int
    items: int
    seen: int = field(default=0, init=False)

    def condition(self, spec: object, fields: Fields, path: Path, level: int) -> Condition:
        if not isinstance(spec, Mapping):
            raise BadInput("A condition is an object.", path=path)
        if level > self.depth:
            raise BadInput(f"Conditions may be nested {self.depth} deep.", path=path)
        parts: list[Condition] = []
        for key, value in spec.items():
            inside = (*path, str(key))
            if key == "and":
                for index, one in enumerate(self._list(value, inside)):
                    part = self.condition(one, fields, (*inside, index), level + 1)
                    parts.extend(part.parts if isinstance(part, All) else [part])
            elif key == "or":
                several = enumerate(self._list(value, inside))
                parts.append(AnyOf(tuple(self.condition(one, fields, (*inside, i), level + 1) for i, one in several)))
            elif key == "not":
                parts.append(Not(self.condition(value, fields, inside, level + 1)))
            elif key not in fields:
                raise BadInput("There is no such field to compare.", path=inside)
            elif isinstance(kind := fields[key], Mapping):
                parts.append(Related(key, self.condition(value, kind, inside, level + 1)))
            else:
                parts.extend(self._comparisons(key, value, kind, inside))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _list(self, value: object, path: Path) -> Sequence[object]:
        if not isinstance(value, list | tuple):
            raise BadInput("A list is needed here.", path=path)
        if len(value) > self.items:
            raise BadInput(f"A list may have {self.items} items.", path=path)
        return value

    def _comparisons(self, name: str, spec: object, kind: type | Parser, path: Path) -> list[Condition]:
        if not isinstance(spec, Mapping):
            raise BadInput('A comparison is an object such as {"eq": …}.', path=path)
        return [self._comparison(name, str(op), value, kind, (*path, str(op))) for op, value in spec.items()]

    def _comparison(self, name: str, op: str, value: object, kind: type | Parser, path: Path) -> Compare:
        self.seen += 1
        if self.seen > self.leaves:
            raise BadInput(f"A condition may compare {self.leaves} times.", path=path)
        match OPS.get(op):
            case None:
                raise BadInput("There is no such comparison.", path=path)
            case Op.IS_NULL:
                return Compare(name, Op.IS_NULL, _read(bool, value, path))
            case (Op.IN | Op.NIN) as known:
                several = enumerate(self._list(value, path))
                return Compare(name, known, tuple(_read(kind, one, (*path, i)) for i, one in several))
            case Op.CONTAINS if kind is not str:
                raise BadInput("Only text can be searched with contains.", path=path)
            case Op.GT | Op.GTE | Op.LT | Op.LTE if kind is bool:
                raise BadInput("True and false have no order.", path=path)
            case known:
                return Compare(name, known, _read(kind, value, path))


def _read(kind: type | Parser, value: object, path: Path) -> object:
    if value is None:
        raise BadInput("Null is compared with isNull.", path=path)
    try:
        return _value(kind, value)
    except (ValueError, TypeError, ArithmeticError):
        name = kind.__name__ if isinstance(kind, type) else "value"
        raise BadInput(f"This is not a {name}.", path=path) from None


def _value(kind: type | Parser, value: Any) -> object:
    """`value` as one of `kind`. Raises ValueError, TypeError or ArithmeticError if it is none."""
    if not isinstance(kind, type):
        return kind(value)
    if kind is datetime:
        instant = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        if instant.utcoffset() is None:
            raise ValueError("an instant needs an offset")
        return instant.astimezone(UTC)
    if kind is str:
        if not isinstance(value, str) or "\0" in value:
            raise ValueError("not a text that can be stored")
        value.encode()  # a lone surrogate is not text either: UnicodeEncodeError is a ValueError
        return str(value)
    if kind is date:
        return value if type(value) is date else date.fromisoformat(value)
    if kind is Decimal:
        number = value if isinstance(value, Decimal) else Decimal(value) if isinstance(value, str) else None
        number = Decimal(value) if type(value) is int else number
        if number is None or not number.is_finite():
            raise InvalidOperation
        return number
    if kind in (bool, int):
        if type(value) is not kind:  # True is an int to Python, not to us
            raise ValueError("another kind of value")
        return value
    if issubclass(kind, Enum) or not isinstance(value, kind):
        return kind(value)
    return value


def to_json(condition: Condition) -> dict[str, object]:
    """The condition as `from_json` reads it, and no deeper than it read it; comparisons share an object if they can."""
    return _object(condition)[0]


def _object(condition: Condition) -> tuple[dict[str, Any], int]:
    """The object, and how many levels of objects there are beneath it."""
    parts = condition.parts if isinstance(condition, All) else (condition,)
    spec: dict[str, Any] = {}
    depth_by_key: dict[str, int] = {}
    collided: list[dict[str, Any]] = []
    for part in parts:
        key, value, depth = _entry(part)
        if isinstance(part, Compare) and key in spec and not spec[key].keys() & value.keys():
            spec[key] |= value
            continue
        if key in spec and depth > depth_by_key[key]:  # the deepest keeps its place, the others go a level down
            spec[key], value, depth_by_key[key], depth = value, spec[key], depth, depth_by_key[key]
        elif key not in spec:
            spec[key], depth_by_key[key] = value, depth
            continue
        collided.append({key: value})
        depth_by_key["and"] = max(depth_by_key.get("and", 0), depth + 1)
    if collided:
        spec["and"] = [*spec.get("and", []), *collided]
    return spec, max(depth_by_key.values(), default=0)


def _entry(condition: Condition) -> tuple[str, Any, int]:
    """The key, its value, and how many levels of objects the value takes."""
    match condition:
        case Compare(name, op, value):
            plain = [_plain(one) for one in value] if isinstance(value, list | tuple) else _plain(value)
            return name, {_NAMES[op]: plain}, 0
        case All():
            inner, depth = _object(condition)
            return "and", [inner], depth + 1
        case AnyOf(parts):
            several = [_object(part) for part in parts]
            return "or", [inner for inner, _ in several], max((depth + 1 for _, depth in several), default=0)
        case Not(part):
            inner, depth = _object(part)
            return "not", inner, depth + 1
        case Related(name, related):
            inner, depth = _object(related)
            return name, inner, depth + 1


def _plain(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case UUID() | Decimal():
            return str(value)
        case _:
            return value

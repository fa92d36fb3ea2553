"""Conditions: one small language that filters lists, routes cases and decides where a promise applies.

A condition is a tree of values. Here it is asked of one row in memory; `models/conditions_sql.py` asks the same of a
whole table, and a test holds both to the same answers. How tenants write conditions down is in `stored_conditions.py`.

Truth has two values. A comparison in which either side is null is false; `NIN` and `Not` are plain negations, so they
are true of a null. Text compares by code point, instants compare as instants whatever their zones, and enums compare by
the order in which their members are declared.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from functools import cache
from operator import eq, ge, gt, le, lt
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Final, TypeAlias

from cases.refusals import BadInput
from cases.vocabulary import Word


class Op(Word):
    """How a field is compared. `CONTAINS` finds a text within a text and folds the case of ASCII letters only."""

    EQ = auto()
    IN = auto()
    NIN = auto()
    GT = auto()
    GTE = auto()
    LT = auto()
    LTE = auto()
    CONTAINS = auto()
    IS_NULL = auto()


@dataclass(frozen=True, slots=True)
class Compare:
    """One field against a value: a tuple or list of them for `IN` and `NIN`, a bool for `IS_NULL`."""

    field: str
    op: Op
    value: object


@dataclass(frozen=True, slots=True)
class All:
    """Holds where every part holds; without parts, everywhere."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds where some part holds; without parts, nowhere."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """Holds where the part does not."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Related:
    """Holds where the to-one relation `field` leads to a row for which `condition` holds.

    In rules of visibility, which only databases answer, `Table.key` leads to those rows of `Table` that point here.
    """

    field: str
    condition: "Condition"


Condition: TypeAlias = Compare | All | AnyOf | Not | Related
Path: TypeAlias = tuple[str | int, ...]

EVERYTHING: Final = All(())
NOTHING: Final = AnyOf(())


def holds(condition: Condition, row: object) -> bool:
    """Whether the condition holds for `row`: its attributes are the fields, and `Related` follows the one it names."""
    match condition:
        case Compare(field, op, value):
            return _compare(op, getattr(row, field), value)
        case All(parts):
            return all(holds(part, row) for part in parts)
        case AnyOf(parts):
            return any(holds(part, row) for part in parts)
        case Not(part):
            return not holds(part, row)
        case Related(field, inner):
            other = getattr(row, field)
            return bool(other) and holds(inner, other)


@dataclass(frozen=True, slots=True)
class Trace:
    """Why a condition held or not: `seen` is the value that was compared, `parts` trace what it is made of."""

    condition: Condition
    held: bool
    seen: object = None
    parts: "tuple[Trace, ...]" = ()


def explain(condition: Condition, row: object) -> Trace:
    """What `holds` answers, with every part's own answer; a relation that leads nowhere has no parts."""
    match condition:
        case Compare(field, op, value):
            seen = getattr(row, field)
            return Trace(condition, _compare(op, seen, value), seen)
        case All(conditions):
            parts = tuple(explain(part, row) for part in conditions)
            return Trace(condition, all(part.held for part in parts), parts=parts)
        case AnyOf(conditions):
            parts = tuple(explain(part, row) for part in conditions)
            return Trace(condition, any(part.held for part in parts), parts=parts)
        case Not(inner):
            part = explain(inner, row)
            return Trace(condition, not part.held, parts=(part,))
        case Related(field, inner):
            other = getattr(row, field)
            if not other:
                return Trace(condition, False)
            part = explain(inner, other)
            return Trace(condition, part.held, other, (part,))


def fields_read(condition: Condition) -> frozenset[str]:
    """The fields that can change the answer. A relation gives its own name and, dotted, what is read behind it."""
    match condition:
        case Compare(field, _, _):
            return frozenset({field})
        case All(parts) | AnyOf(parts):
            return frozenset[str]().union(*map(fields_read, parts))
        case Not(part):
            return fields_read(part)
        case Related(field, inner):
            return frozenset({field, *(f"{field}.{further}" for further in fields_read(inner))})


def check(condition: Condition, depth: int, leaves: int) -> None:
    """Refuse a condition nested deeper than `depth`, or of more than `leaves` comparisons.

    What lies within a branch of `AnyOf`, `Not` or `Related` is one level down, however many fields it compares.

    Raises BadInput with the path of what is too deep, as `stored_conditions` would write it.
    """
    count = 0
    for found, path, level in _walk(condition, (), 0):
        if level > depth:
            raise BadInput(f"Conditions may be nested {depth} deep.", path=path)
        count += isinstance(found, Compare)
        if count > leaves:
            raise BadInput(f"A condition may compare {leaves} times.", path=path)


def _walk(condition: Condition, path: Path, level: int) -> Iterator[tuple[Condition, Path, int]]:
    yield condition, path, level
    match condition:
        case All(parts):
            for index, part in enumerate(parts):
                inside = (*path, "and", index) if isinstance(part, All) else path
                yield from _walk(part, inside, level + isinstance(part, All))
        case AnyOf(parts):
            yield from (step for i, part in enumerate(parts) for step in _walk(part, (*path, "or", i), level + 1))
        case Not(part):
            yield from _walk(part, (*path, "not"), level + 1)
        case Related(field, inner):
            yield from _walk(inner, (*path, field), level + 1)
        case Compare():
            pass


ORDERINGS: Final[Mapping[Op, Callable[[Any, Any], bool]]] = {
    Op.EQ: eq,
    Op.GT: gt,
    Op.GTE: ge,
    Op.LT: lt,
    Op.LTE: le,
}
"""The operators that compare one value with one other."""


def _compare(op: Op, seen: object, value: Any) -> bool:
    match op:
        case Op.IS_NULL:
            return (seen is None) is value
        case Op.NIN:
            return not _compare(Op.IN, seen, value)
        case _ if seen is None or value is None:
            return False
        case Op.IN:
            return any(_compare(Op.EQ, seen, one) for one in value)
        case Op.CONTAINS:
            return fold(value) in fold(str(seen))
        case _:
            return ORDERINGS[op](*_comparable(seen, value))


def _comparable(seen: object, value: object) -> tuple[object, object]:
    """Both sides as values that Python orders as the tables do."""
    if isinstance(seen, Enum):
        return positions(type(seen))[seen], positions(type(seen))[type(seen)(value)]
    if isinstance(value, Enum):
        return positions(type(value))[type(value)(seen)], positions(type(value))[value]
    if isinstance(seen, datetime) and isinstance(value, datetime):
        return in_utc(seen), in_utc(value)
    return seen, value


@cache
def positions(words: type[Enum]) -> dict[Enum, int]:
    """Where each member stands among its enum's members, from 0."""
    return {word: position for position, word in enumerate(words)}


def in_utc(instant: datetime) -> datetime:
    """The instant without its zone's doubts: Python compares two times of one zone by the clock on the wall,
    and never finds a repeated hour equal to anything in another zone (PEP 495).

    Raises ValueError for a naive datetime, which is no instant.
    """
    if instant.utcoffset() is None:
        raise ValueError(f"{instant!r} is naive")
    return instant.astimezone(UTC)


_ASCII_LOWER: Final = str.maketrans(ascii_uppercase, ascii_lowercase)


def fold(text: str) -> str:
    """`text` with ASCII letters in lower case and everything else as it is: what both databases can do alike."""
    return text.translate(_ASCII_LOWER)

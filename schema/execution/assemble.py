"""Assembling: functions, compiled once per level, that turn many rows into members of an answer.

Rows come as the driver gives them, read by position, or as objects (models, and whatever a resolver returned), read by
attribute. What is not known yet is None until it is: members keep the order in which they were asked for.
"""

from binascii import b2a_base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, cast
from uuid import UUID

from graphql import GraphQLLeafType, GraphQLOutputType, is_non_null_type
from tortoise.fields import UUIDField
from tortoise.models import Model

from models.addresses import Dialect
from models.columns import column
from models.fields import UtcDateTimeField
from schema.execution.leaves import Convert, not_null, of_column, of_value
from schema.execution.parts import Computed, Constant, Id, Leaf, Level
from schema.ids import id_of

Row = Any

_URL_SAFE = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, eq=False)
class Assembler:
    """How the members of a level are made from rows of one kind."""

    level: Level
    assemble: Callable[[Sequence[Row]], list[dict[str, Any]]]
    """The members of each row; those of `level.further` are None yet."""
    key: Callable[[str], Callable[[Row], Any]]
    """What reads a key of a row by the name of its column, as the driver gives keys."""
    view: Callable[[Row], Any]
    """The row as an object with the columns that the computed members follow from."""
    is_seen: bool
    """Whether the rows were read under the condition of `visible`; of what a resolver gave nobody knows."""


def of_records(level: Level, names: Sequence[str], dialect: Dialect) -> Assembler:
    """For rows with the columns `names`, as the driver gives them."""
    at = ("records", tuple(names), dialect)
    known: Assembler | None = level.compiled.get(at)
    return known or level.compiled.setdefault(at, _of_records(level, names, dialect))


def of_objects(level: Level, dialect: Dialect, *, is_seen: bool = False) -> Assembler:
    """For models, and other objects whose attributes are called like the fields."""
    at = ("objects", dialect, is_seen)
    known: Assembler | None = level.compiled.get(at)
    return known or level.compiled.setdefault(at, _of_objects(level, dialect, is_seen))


def _of_records(level: Level, names: Sequence[str], dialect: Dialect) -> Assembler:
    model = level.model
    assert model is not None
    place = {name: position for position, name in enumerate(names)}
    text = _Text()
    for part in level.parts:
        match part:
            case Constant(key, value):
                text.add(key, repr(value))
            case Id(key):
                text.add(key, f"{text.name(public_ids(model.__name__))}(r[{place['id']}])")
            case Leaf(key, name, of):
                described, required = column(model, name), is_non_null_type(of)
                convert = of_column(described.field, _leaf(of), dialect)
                text.value(key, f"r[{place[name]}]", convert, required, described.nullable)
            case _:
                text.add(part.key, "None")
    computed = [name for part in level.parts if isinstance(part, Computed) for name in part.columns]
    wanted = tuple(dict.fromkeys(("id", *computed)))
    return Assembler(
        level,
        text.compiled(),
        lambda name: itemgetter(place[name]),
        _view(model, wanted, [place[n] for n in wanted], dialect),
        is_seen=True,
    )


def _of_objects(level: Level, dialect: Dialect, is_seen: bool) -> Assembler:
    text = _Text()
    for part in level.parts:
        match part:
            case Constant(key, value):
                text.add(key, repr(value))
            case Id(key):
                text.add(key, f"{text.name(id_of)}(r)")
            case Leaf(key, name, of):
                text.value(key, f"r.{name}", of_value(_leaf(of)), is_non_null_type(of), True)
            case _:
                text.add(part.key, "None")
    keys = attrgetter if dialect == "postgres" else _text_of
    return Assembler(level, text.compiled(), keys, lambda row: row, is_seen)


def _leaf(of: GraphQLOutputType) -> GraphQLLeafType:
    return cast(GraphQLLeafType, of.of_type if is_non_null_type(of) else of)


def _text_of(name: str) -> Callable[[Row], str | None]:
    """What reads a key of an object as SQLite's driver gives keys."""
    read = attrgetter(name)
    return lambda row: None if (value := read(row)) is None else str(value)


class _Text:
    """The text of a function from rows to dictionaries, and the names it refers to."""

    def __init__(self) -> None:
        self.members: list[str] = []
        self.names: dict[str, Any] = {}

    def name(self, of: Any) -> str:
        name = f"f{len(self.names)}"
        self.names[name] = of
        return name

    def add(self, key: str, expression: str) -> None:
        self.members.append(f"{key!r}: {expression}")

    def value(self, key: str, read: str, convert: Convert | None, required: bool, nullable: bool) -> None:
        """A member that is `read` and converted; what must be there and is not, raises NullInNonNull."""
        if required and nullable:
            read = f"{self.name(not_null)}({read})"
        if convert is None:
            self.add(key, read)
        elif nullable and not required:
            self.add(key, f"None if (v := {read}) is None else {self.name(convert)}(v)")
        else:
            self.add(key, f"{self.name(convert)}({read})")

    def compiled(self) -> Callable[[Sequence[Row]], list[dict[str, Any]]]:
        body = ", ".join(self.members)
        made: Callable[[Sequence[Row]], list[dict[str, Any]]] = (
            eval(  # names come from a validated document, as literals
                f"lambda rows: [{{{body}}} for r in rows]", self.names
            )
        )
        return made


@cache
def public_ids(type_name: str) -> Callable[[Any], str]:
    """What makes the public id of a row of this type out of its key, as the driver gives it."""
    prefix, end = type_name.encode() + b":", (-(len(type_name) + 17) % 3) * -1 or None

    def written(key: Any) -> str:
        raw = key.bytes if isinstance(key, UUID) else bytes.fromhex(key.replace("-", ""))
        return b2a_base64(prefix + raw, newline=False).translate(_URL_SAFE)[:end].decode()

    return written


def _view(model: type[Model], names: Sequence[str], places: Sequence[int], dialect: Dialect) -> Callable[[Row], Any]:
    """What makes an object with these attributes of a row. It is called like the table, as a model's class would be."""
    slim = type(model.__name__, (), {"__slots__": (*names, "pk")})
    known: dict[str, Any] = {"new": slim}
    lines = ["def view(row):", " seen = new()"]
    for number, (name, place) in enumerate(zip(names, places, strict=True)):
        read = column(model, name).field
        if dialect == "postgres" and isinstance(read, UUIDField | UtcDateTimeField):
            lines.append(f" seen.{name} = row[{place}]")
        else:
            known[f"f{number}"] = read.to_python_value
            lines.append(f" seen.{name} = f{number}(row[{place}])")
    exec("\n".join([*lines, " seen.pk = seen.id", " return seen"]), known)
    return cast(Callable[[Row], Any], known["view"])

"""Parts: what a plan consists of, one kind for each way of coming to a value.

A level is what is asked of the rows of one type in one place. Where the type of what is found decides the level, there
is a selection. Nothing here knows how any of them is made (plan.py), nor where rows come from (fetch.py).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graphql import GraphQLObjectType, GraphQLOutputType
from strawberry.types.field import StrawberryField
from tortoise.models import Model

from schema.connections import ListField
from schema.execution.given import Given
from schema.execution.shown import Shown
from schema.reverse import ReverseField


@dataclass(frozen=True, eq=False)
class Part:
    """One member of an object in the answer, called `key`."""

    key: str


@dataclass(frozen=True, eq=False)
class Constant(Part):
    """The same for every row: the name of a type."""

    value: str


@dataclass(frozen=True, eq=False)
class Leaf(Part):
    """An attribute, or the column of that name."""

    name: str
    of: GraphQLOutputType


@dataclass(frozen=True, eq=False)
class Id(Part):
    """The public id of a row."""


@dataclass(frozen=True, eq=False)
class Computed(Part):
    """What a function makes of some columns of a row."""

    field: StrawberryField
    columns: Sequence[str]
    of: GraphQLOutputType
    selection: "Selection"


@dataclass(frozen=True, eq=False)
class ToOne(Part):
    """The row that the first filled one of some keys leads to."""

    targets: Sequence[tuple[str, type[Model]]]
    required: bool
    selection: "Selection"


@dataclass(frozen=True, eq=False)
class Reverse(Part):
    """The row of another table that points at the row it stands in."""

    field: ReverseField
    required: bool
    selection: "Selection"


@dataclass(frozen=True, eq=False)
class Pages(Part):
    """A connection: of all rows of a table, or (`by`) of those whose column points at the row it stands in."""

    field: ListField
    by: str | None
    given: Given
    shown: Shown
    nodes: Sequence["Level"]
    """What is asked of the rows of a page, for each of `shown.places`."""


@dataclass(frozen=True, eq=False)
class Resolved(Part):
    """Whatever the field's own resolver gives."""

    resolve: Callable[..., Any]
    given: Given
    of: GraphQLOutputType
    selection: "Selection"


@dataclass(eq=False)
class Level:
    """What is asked of the rows of `model`, or of other objects, by the parts of their members."""

    model: type[Model] | None
    parts: Sequence[Part]
    compiled: dict[Any, Any] = field(default_factory=dict)  # by where the values come from: see assemble.py

    @cached_property
    def further(self) -> Sequence[Part]:
        """The parts that are not there as soon as the row is."""
        return tuple(part for part in self.parts if isinstance(part, Computed | ToOne | Reverse | Pages | Resolved))

    @cached_property
    def computes(self) -> bool:
        return any(isinstance(part, Computed) for part in self.parts)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that it takes, the key first."""
        names = ["id"]
        for part in self.parts:
            match part:
                case Leaf(name=name):
                    names.append(name)
                case Computed(columns=columns):
                    names += columns
                case ToOne(targets=targets):
                    names += (column for column, _ in targets)
        return tuple(dict.fromkeys(names))

    @cached_property
    def needs_models(self) -> bool:
        """Whether somebody's resolver wants to see the row."""
        return any(isinstance(part, Resolved) for part in self.parts)


class Selection:
    """What is asked below a field; which level that is depends on the type of what is found, and is planned then."""

    def __init__(self, planned: Callable[[GraphQLObjectType], Level]) -> None:
        self._planned = planned
        self._levels: dict[str, Level] = {}

    def level(self, of: GraphQLObjectType) -> Level:
        return self._levels.get(of.name) or self._levels.setdefault(of.name, self._planned(of))

"""Parts: what a planned selection is made of, one kind for each way of coming to a value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import EllipsisType, NoneType
from typing import TYPE_CHECKING, Any, Final

from graphql import FieldNode, GraphQLField, GraphQLOutputType, VariableNode, Visitor, visit
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField
from tortoise.models import Model

from schema.connections import ListField
from schema.reverse import ReverseField

if TYPE_CHECKING:
    from schema.execution.plan import Selection
    from schema.execution.shown import Shown
    from schema.hardened import CasegraphSchema


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
    given: "Given"
    shown: "Shown"


@dataclass(frozen=True, eq=False)
class Resolved(Part):
    """Whatever the field's own resolver gives."""

    resolve: Callable[..., Any]
    given: "Given"
    of: GraphQLOutputType
    selection: "Selection"


_COMPARED: Final = (str, int, float, NoneType, EllipsisType)


class Given:
    """The arguments of a field: those without variables are read once per plan."""

    def __init__(
        self, schema: "CasegraphSchema", definition: GraphQLField, declared: StrawberryField, node: FieldNode
    ) -> None:
        self.schema = schema
        self.definition = definition
        self.node = node
        self._arguments = declared.arguments if definition.args else []
        self._names = tuple(sorted(variables_in(node.arguments or ())))
        self._converted: Mapping[str, Any] | None = None

    def choice(self, variables: VariableValues) -> tuple[Any, ...] | None:
        """What the arguments follow from besides the document; None if that cannot be compared cheaply."""
        chosen = tuple(variables.coerced.get(name, ...) for name in self._names)
        return chosen if all(isinstance(value, _COMPARED) for value in chosen) else None

    def values(self, variables: VariableValues) -> dict[str, Any]:
        """The arguments as graphql-core hands them to a resolver."""
        if not self.definition.args:
            return {}
        return get_argument_values(self.definition, self.node, variables, hide_suggestions=True)

    def converted(self, variables: VariableValues) -> Mapping[str, Any]:
        """The arguments as strawberry hands them to a field."""
        if self._converted is not None:
            return self._converted
        converter = self.schema.schema_converter
        converted = convert_arguments(
            self.values(variables), self._arguments, converter.scalar_registry, self.schema.config
        )
        if not self._names:
            self._converted = converted
        return converted


class _Variables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.found.add(node.name.value)


def variables_in(nodes: Sequence[Any]) -> set[str]:
    """The names of the variables in some arguments."""
    visitor = _Variables()
    for node in nodes:
        visit(node, visitor)
    return visitor.found

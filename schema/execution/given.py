"""Given: the arguments of a field, read once per plan as far as they have no variables."""

from collections.abc import Mapping, Sequence
from types import EllipsisType, NoneType
from typing import Any, Final

from graphql import FieldNode, GraphQLField, VariableNode, Visitor, visit
from graphql.execution.values import VariableValues, get_argument_values
from strawberry import Schema
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

_COMPARED: Final = (str, int, float, NoneType, EllipsisType)


class Given:
    """The arguments of one field."""

    def __init__(self, schema: Schema, definition: GraphQLField, declared: StrawberryField, node: FieldNode) -> None:
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

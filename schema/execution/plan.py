"""Plans: an operation and the schema made into a tree of levels, before anything is read.

Which columns a level takes, which relations lead on from it, and what must be computed: all of it follows from what
`schema/` declares.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from graphql import GraphQLObjectType, OperationType, is_leaf_type, is_non_null_type
from graphql.execution.collect_fields import FieldDetailsList
from strawberry.types.field import StrawberryField
from tortoise.models import Model

from schema.connections import ChildrenField, ListField, RootListField
from schema.execution.chosen import Chosen, Fields, Uncovered, declaration
from schema.execution.given import Given
from schema.execution.parts import (
    Computed,
    Constant,
    Id,
    Leaf,
    Level,
    Pages,
    Part,
    Resolved,
    Reverse,
    Selection,
    ToOne,
)
from schema.execution.shown import connection_of
from schema.mirror import MIRRORS
from schema.node import IdField
from schema.relations import RelatedField
from schema.reverse import ReverseField


@dataclass(eq=False)
class Plan:
    """An operation, ready to be run for any viewer."""

    chosen: Chosen
    _selections: dict[str, Selection] = field(default_factory=dict)

    @cached_property
    def root(self) -> Level:
        """Raises Uncovered for an operation that is no query, or that asks about the schema."""
        kind = self.chosen.operation.operation
        if kind is not OperationType.QUERY:
            raise Uncovered(str(kind.value))
        of = cast(GraphQLObjectType, self.chosen.schema._schema.query_type)
        return self._level(of, self.chosen.root(of))

    def selection(self, details: FieldDetailsList) -> Selection:
        """What is asked below a root field."""
        node = details[0].node
        key = (node.alias or node.name).value
        return self._selections.get(key) or self._selections.setdefault(key, self._selection(details))

    def _selection(self, details: FieldDetailsList) -> Selection:
        return Selection(lambda of: self._level(of, self.chosen.below(details, of)))

    def _level(self, of: GraphQLObjectType, asked: Fields) -> Level:
        model = _model(of)
        return Level(model, tuple(self._part(of, model, key, details) for key, details in asked.items()))

    def _part(self, parent: GraphQLObjectType, model: type[Model] | None, key: str, details: FieldDetailsList) -> Part:
        node = details[0].node
        name = node.name.value
        if name == "__typename":
            return Constant(key, parent.name)
        if name.startswith("__"):
            raise Uncovered("introspection")
        definition = parent.fields[name]
        declared, of = declaration(definition), definition.type
        selection, given = self._selection(details), Given(self.chosen.schema, definition, declared, node)
        match declared:
            case RelatedField(targets=targets) if model and _is_plain(declared, RelatedField):
                return ToOne(key, targets, is_non_null_type(of), selection)
            case ReverseField() if model and _is_plain(declared, ReverseField):
                return Reverse(key, declared, is_non_null_type(of), selection)
            case ChildrenField() if model and _is_plain(declared, ChildrenField):
                return self._pages(key, declared, f"{declared.metadata['by']}_id", given, details)
            case RootListField() if _is_plain(declared, RootListField):
                return self._pages(key, declared, None, given, details)
            case IdField() if model:
                return Id(key)
        if model and not declared.base_resolver and "columns" in declared.metadata:
            return Computed(key, declared, declared.metadata["columns"], of, selection)
        name = declared.python_name
        if declared.is_basic_field and (model is None or name in model._meta.fields_db_projection):
            if is_leaf_type(of.of_type if is_non_null_type(of) else of):
                return Leaf(key, name, of)
            if model:
                return Computed(key, declared, (name,), of, selection)
        assert definition.resolve is not None
        return Resolved(key, definition.resolve, given, of, selection)

    def _pages(self, key: str, declared: ListField, by: str | None, given: Given, details: FieldDetailsList) -> Pages:
        shown = connection_of(self.chosen, details, given.definition)
        nodes = tuple(self._level(of, self.chosen.below(place, of)) for place, of in shown.places)
        return Pages(key, declared, by, given, shown, nodes)


def _model(of: GraphQLObjectType) -> type[Model] | None:
    """The table that a type is made of, if its objects are rows."""
    origin: Any = getattr(declaration(of), "origin", None)
    mirror = MIRRORS.get(getattr(origin, "model", None))  # type: ignore[arg-type]
    return mirror.model if mirror and mirror.type is origin else None


def _is_plain(declared: StrawberryField, kind: type[StrawberryField]) -> bool:
    """Whether a field finds its value as its kind does, and not in a way of its own."""
    return type(declared).get_result is kind.get_result

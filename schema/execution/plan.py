"""Plans: an operation and the schema made into a tree of levels, before anything is read.

A level is what is asked of the rows of one type in one place. It says which columns that takes, which relations lead on
from it, and what must be computed; all of it follows from what `schema/` declares. Fragments and directives are left
to graphql-core: a plan holds for one choice of the variables that `@skip` and `@include` look at.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    OperationDefinitionNode,
    OperationType,
    is_leaf_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetailsList, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues
from strawberry.types.field import StrawberryField
from tortoise.models import Model

from schema.connections import ChildrenField, RootListField
from schema.execution.parts import Computed, Constant, Given, Id, Leaf, Pages, Part, Resolved, Reverse, ToOne
from schema.mirror import MIRRORS, Mirror
from schema.node import IdField
from schema.relations import RelatedField
from schema.reverse import ReverseField

if TYPE_CHECKING:
    from schema.hardened import CasegraphSchema

DEFINITION = "strawberry-definition"  # under this name the library leaves its declarations in graphql-core's


class Uncovered(Exception):
    """This operation is for graphql-core; the text says why, in a word."""


@dataclass(eq=False)
class Plan:
    """An operation, ready to be run for any viewer."""

    schema: "CasegraphSchema"
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    conditions: VariableValues
    _selections: dict[str, "Selection"] = field(default_factory=dict)

    def selection(self, details: FieldDetailsList) -> "Selection":
        """What is asked below a root field."""
        node = details[0].node
        key = (node.alias or node.name).value
        known = self._selections.get(key)
        return known or self._selections.setdefault(key, Selection(self, details))

    @cached_property
    def root(self) -> "Level":
        """Raises Uncovered for an operation that is no query, or that asks about the schema."""
        if self.operation.operation is not OperationType.QUERY:
            raise Uncovered(str(self.operation.operation.value))
        core = self.schema._schema
        of = cast(GraphQLObjectType, core.query_type)
        collected = collect_fields(core, self.fragments, self.conditions, of, self.operation, True)
        return Level(self, of, collected.grouped_field_set)


@dataclass(eq=False)
class Selection:
    """What is asked below a field; which level that is depends on the type of what is found."""

    plan: Plan
    details: FieldDetailsList
    _levels: dict[str, "Level"] = field(default_factory=dict)

    def level(self, of: GraphQLObjectType) -> "Level":
        known = self._levels.get(of.name)
        if known is None:
            known = self._levels[of.name] = Level(self.plan, of, self.grouped(of))
        return known

    def grouped(self, of: GraphQLObjectType) -> dict[str, FieldDetailsList]:
        plan = self.plan
        return collect_subfields(
            plan.schema._schema, plan.fragments, plan.conditions, plan.operation, of, self.details, True
        ).grouped_field_set


@dataclass(eq=False)
class Level:
    """What is asked of the rows of the type `of`, or of other objects of that type."""

    plan: Plan
    of: GraphQLObjectType
    grouped: dict[str, FieldDetailsList]
    compiled: dict[Any, Any] = field(default_factory=dict)  # by where the values come from: see assemble.py

    @cached_property
    def mirror(self) -> Mirror | None:
        origin = getattr(self.of.extensions.get(DEFINITION), "origin", None)
        mirror = MIRRORS.get(getattr(origin, "model", None))  # type: ignore[arg-type]
        return mirror if mirror and mirror.type is origin else None

    @property
    def model(self) -> type[Model] | None:
        return self.mirror.model if self.mirror else None

    @cached_property
    def parts(self) -> Sequence[Part]:
        return tuple(self._part(key, details) for key, details in self.grouped.items())

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

    def _part(self, key: str, details: FieldDetailsList) -> Part:
        node = details[0].node
        name = node.name.value
        if name == "__typename":
            return Constant(key, self.of.name)
        if name.startswith("__"):
            raise Uncovered("introspection")
        definition: GraphQLField = self.of.fields[name]
        declared: Any = definition.extensions[DEFINITION]
        of, selection = definition.type, Selection(self.plan, details)
        given = Given(self.plan.schema, definition, declared, node)
        match declared:
            case RelatedField(targets=targets) if self.model and _is_plain(declared, RelatedField):
                return ToOne(key, targets, is_non_null_type(of), selection)
            case ReverseField() if self.model and _is_plain(declared, ReverseField):
                return Reverse(key, declared, is_non_null_type(of), selection)
            case ChildrenField() if self.model and _is_plain(declared, ChildrenField):
                by = f"{declared.metadata['by']}_id"
                return Pages(key, declared, by, given, connection_of(selection, definition))
            case RootListField() if _is_plain(declared, RootListField):
                return Pages(key, declared, None, given, connection_of(selection, definition))
            case IdField() if self.model:
                return Id(key)
        if self.model and not declared.base_resolver and "columns" in declared.metadata:
            return Computed(key, declared, declared.metadata["columns"], of, selection)
        name = declared.python_name
        if declared.is_basic_field and (self.model is None or name in self.model._meta.fields_db_projection):
            if is_leaf_type(of.of_type if is_non_null_type(of) else of):
                return Leaf(key, name, of)
            if self.model:
                return Computed(key, declared, (name,), of, selection)
        assert definition.resolve is not None
        return Resolved(key, definition.resolve, given, of, selection)


def _is_plain(declared: StrawberryField, kind: type[StrawberryField]) -> bool:
    """Whether a field finds its value as its kind does, and not in a way of its own."""
    return type(declared).get_result is kind.get_result


from schema.execution.shown import connection_of  # noqa: E402  # it needs the above

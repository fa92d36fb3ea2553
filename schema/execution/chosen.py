"""Chosen: which fields an operation asks for of a type, as graphql-core collects them.

Fragments and directives are left to graphql-core. What it collects holds for one choice of the variables that `@skip`
and `@include` look at.
"""

from dataclasses import dataclass
from typing import Any, Final, cast

from graphql import GraphQLField, GraphQLObjectType, OperationDefinitionNode
from graphql.execution.collect_fields import FieldDetailsList, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues
from strawberry import Schema

Fields = dict[str, FieldDetailsList]
"""Fields by the keys they have in the answer, in the order in which they were asked for."""

_DEFINITION: Final = "strawberry-definition"  # under this name the library leaves its declarations in graphql-core's


class Uncovered(Exception):
    """This operation is for graphql-core; the text says why, in a word."""


@dataclass(frozen=True, eq=False)
class Chosen:
    """An operation, for one choice of the variables that decide what is selected."""

    schema: Schema
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    choice: VariableValues

    def type_named(self, name: str) -> GraphQLObjectType:
        return cast(GraphQLObjectType, self.schema._schema.type_map[name])

    def root(self, of: GraphQLObjectType) -> Fields:
        """What is asked of the type `of` that the operation begins with."""
        collected = collect_fields(self.schema._schema, self.fragments, self.choice, of, self.operation, True)
        return collected.grouped_field_set

    def below(self, details: FieldDetailsList, of: GraphQLObjectType) -> Fields:
        """What is asked of the type `of` below the field that `details` ask for."""
        return collect_subfields(
            self.schema._schema, self.fragments, self.choice, self.operation, of, details, True
        ).grouped_field_set


def declaration(of: GraphQLObjectType | GraphQLField) -> Any:
    """What the library knows of a type or field of graphql-core; None for one that it did not make."""
    return of.extensions.get(_DEFINITION)

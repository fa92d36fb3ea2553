"""Whatever valid documents ask, and whatever they are given: the answer is data or a refusal, never a crash."""

import json
import random
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)

from cases.vocabulary import ErrorCode, Role
from tests import given
from tests.schema.walk import MUTATION, OBJECTS, QUERY
from tests.schema.worlds import missing

TEXTS = ["", " ", "x", "a\0b", "\ud800", "😀" * 50, "x" * 300, "%", "_", "'; DROP TABLE tenant; --", "\u202e", "null"]
NUMBERS = [0, 1, -1, 5, 100, 101, 2**31 - 1, -(2**31)]
INSTANTS = [
    "2025-06-04T12:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "2025-06-04T12:00:00+14:00",
    "2016-12-31T23:59:60Z",
    "2025-02-30T00:00:00Z",
]
EXPECTED = {ErrorCode.BAD_INPUT, ErrorCode.COST_LIMIT, ErrorCode.NOT_FOUND}
"""Codes of errors that the random questions deserve: an id of theirs may well lead nowhere."""
SCALARS: dict[str, list[Any]] = {
    "String": TEXTS,
    "Int": NUMBERS,
    "Float": [0.5, -1e300],
    "Boolean": [True, False],
    "DateTime": INSTANTS,
    "Date": ["2025-06-04", "0001-01-01", "2025-02-30"],
    "Duration": ["PT1H", "PT0S", "P999999W", "-PT1H", "P1Y"],
    "TimeZone": ["Europe/Berlin", "../etc/passwd", "Nowhere/At_All", ""],
    "Decimal": ["1.5", "NaN", "1e999"],
    "JSON": [{}, [], {"a": [1, None, "x"]}, 1, "x"],
}


class Monkey:
    """Types documents at random: fields that are there, with arguments of the right shape and any value."""

    def __init__(self, seed: int, ids: list[str]) -> None:
        self.dice = random.Random(seed)
        self.ids = [*ids, missing("Case"), "garbage", ""]
        self.variables: dict[str, Any] = {}
        self.declared: list[str] = []

    def value(self, of: Any, depth: int = 4) -> Any:
        if isinstance(of, GraphQLNonNull):
            return self.value(of.of_type, depth)
        if self.dice.random() < 0.05:
            return None
        if isinstance(of, GraphQLList):
            return [self.value(of.of_type, depth - 1) for _ in range(self.dice.randint(0, 3))] if depth > 0 else []
        if isinstance(of, GraphQLEnumType):
            return self.dice.choice([*of.values, "NO_SUCH_WORD"] if self.dice.random() < 0.1 else list(of.values))
        if isinstance(of, GraphQLInputObjectType):
            return self.object(of, depth)
        return self.dice.choice(self.ids if of.name == "ID" else SCALARS[of.name])

    def object(self, of: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
        if of.is_one_of:
            name = self.dice.choice(list(of.fields))
            return {name: self.value(of.fields[name].type, depth - 1)}
        wanted = 0.3 if depth > 0 else 0.0
        return {
            name: self.value(field.type, depth - 1)
            for name, field in of.fields.items()
            if isinstance(field.type, GraphQLNonNull) or self.dice.random() < wanted
        }

    def arguments(self, field: Any, likely: float) -> str:
        written = []
        for name, argument in field.args.items():
            if isinstance(argument.type, GraphQLNonNull) or self.dice.random() < likely:
                variable = f"v{len(self.declared)}"
                self.declared.append(f"${variable}: {argument.type}")
                self.variables[variable] = self.value(argument.type)
                written.append(f"{name}: ${variable}")
        return f"({', '.join(written)})" if written else ""

    def selection(self, of: Any, depth: int) -> str:
        if not isinstance(of, GraphQLObjectType):
            return "{ __typename ... on Node { id } }" if "id" in getattr(of, "fields", {}) else "{ __typename code }"
        chosen = []
        for name, field in of.fields.items():
            below = get_named_type(field.type)
            if is_leaf_type(below):
                if self.dice.random() < 0.5:
                    chosen.append(name)
            elif depth > 0 and self.dice.random() < 0.4:
                chosen.append(f"{name}{self.arguments(field, 0.15)} {self.selection(below, depth - 1)}")
        return f"{{ {' '.join(['__typename', *chosen])} }}"

    def document(self, kind: str, name: str) -> str:
        field = OBJECTS[kind].fields[name]
        below = get_named_type(field.type)
        asked = f"{name}{self.arguments(field, 0.5)} {self.selection(below, 4)}"
        declared = f"({', '.join(self.declared)})" if self.declared else ""
        return f"{kind.lower()}{declared} {{ {asked} }}"


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CUSTOMER])
async def test_nothing_that_can_be_asked_is_a_crash(worlds, role):
    world, _ = worlds
    by = world.admin if role is Role.ADMIN else world.customer
    ids = list((await world.one_of_each()).values())
    fields = [("Query", name) for name in QUERY] * 12 + [("Mutation", name) for name in MUTATION] * 12
    answered = 0

    for seed, (kind, name) in enumerate(fields):
        monkey = Monkey(seed, ids)
        text = monkey.document(kind, name)
        result = await given.execute(text, viewer=by, **monkey.variables)

        codes = {error.extensions["code"] for error in result.errors or ()}
        written = json.dumps(result.data or {})
        assert codes <= EXPECTED, (seed, text, monkey.variables, result.errors)
        assert '"INTERNAL"' not in written
        answered += bool(result.data)
    assert answered > len(fields) / 4

"""Operations written at random from the schema: valid ones mostly, of every shape that clients write.

Fragments, aliases, merged fields, directives, variables with defaults, pages forward and backward from cursors that are
right, wrong and broken, filters, orders, interfaces. A new field is asked for without a line here.
"""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

VALUES: Final[dict[str, list[Any]]] = {
    "String": ["acorn", "a", "", "CAS-000001", "secret", "İß😀"],
    "Int": [0, 1, 2, 5, 100, -1],
    "Float": [0.5],
    "Boolean": [True, False],
    "DateTime": ["2025-06-02T09:00:00Z", "2025-06-04T12:00:00.5+02:00", "2030-01-01T00:00:00Z"],
    "Date": ["2025-06-04"],
    "Duration": ["PT1H"],
    "TimeZone": ["Europe/Berlin"],
    "Decimal": ["1.5"],
    "JSON": [{}, [1]],
}
SIZES: Final = [0, 1, 1, 2, 2, 3, 5, 30]


@dataclass
class Operation:
    """A document, and what is sent along."""

    text: str
    variables: dict[str, Any]


@dataclass
class Author:
    """Writes one operation; `ids` are by type, `cursors` by the type of the rows."""

    schema: GraphQLSchema
    dice: Random
    ids: dict[str, str]
    cursors: dict[str, list[str]]
    declared: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    aliases: int = 0
    fields: int = 0

    def operation(self) -> Operation:
        query = self.schema.query_type
        assert query is not None
        names = self.dice.sample(sorted(query.fields), self.dice.choice([1, 1, 1, 2, 3]))
        asked = " ".join(self.asked(name, query.fields[name], self.dice.choice([2, 3, 4, 5])) for name in names)
        declared = f"({', '.join(self.declared)})" if self.declared else ""
        return Operation("\n".join([f"query Written{declared} {{ {asked} }}", *self.fragments]), self.variables)

    def often(self, likely: float) -> bool:
        return self.dice.random() < likely

    def asked(self, name: str, definition: GraphQLField, depth: int) -> str:
        """A field, with an alias, arguments and directives if it comes to that."""
        self.fields += 1
        of = get_named_type(definition.type)
        arguments = self.arguments(definition, of)
        alias = ""
        if arguments or self.often(0.1):
            self.aliases += 1
            alias = f"a{self.aliases}: "
            if self.aliases > 25 and not arguments:
                alias = ""
        below = "" if is_leaf_type(of) else f" {self.selection(of, depth - 1)}"
        return f"{alias}{name}{arguments}{self.directive()}{below}"

    def directive(self) -> str:
        if not self.often(0.06):
            return ""
        word = self.dice.choice(["skip", "include"])
        return f" @{word}(if: {self.written(GraphQLNonNull(self.schema.type_map['Boolean']), VALUES['Boolean'])})"

    def selection(self, of: Any, depth: int) -> str:
        chosen = self.members(of, depth)
        if isinstance(of, GraphQLInterfaceType | GraphQLUnionType):
            for possible in self.schema.get_possible_types(of):
                if self.often(0.5 if len(self.schema.get_possible_types(of)) < 5 else 0.15):
                    chosen.append(f"... on {possible.name}{self.directive()} {self.selection(possible, depth)}")
        elif chosen and self.often(0.15):
            chosen.append(self.fragment(of, depth))
        elif self.often(0.1):
            chosen.append(f"...{self.directive()} {{ {' '.join(self.members(of, depth) or ['__typename'])} }}")
        self.dice.shuffle(chosen)
        return f"{{ {' '.join(chosen or ['__typename'])} }}"

    def fragment(self, of: Any, depth: int) -> str:
        """A spread of a fragment, on the type itself or on something it is."""
        on = self.dice.choice([of, *of.interfaces]) if isinstance(of, GraphQLObjectType) else of
        name = f"F{len(self.fragments)}"
        self.fragments.append("")
        place = len(self.fragments) - 1
        self.fragments[place] = f"fragment {name} on {on.name} {self.selection(on, min(depth, 1))}"
        return f"...{name}{self.directive()}"

    def members(self, of: Any, depth: int) -> list[str]:
        chosen = ["__typename"] if self.often(0.15) else []
        if isinstance(of, GraphQLUnionType):
            return chosen
        is_wrapping = of.name.endswith(("Connection", "Edge")) or of.name == "PageInfo"
        for name, definition in of.fields.items():
            is_leaf = is_leaf_type(get_named_type(definition.type))
            likely = 0.6 if is_wrapping else 0.3 if is_leaf else 0.25
            if self.fields < 120 and (is_leaf or depth > 0) and self.often(likely):
                chosen.append(self.asked(name, definition, depth))
                if not definition.args and self.often(0.05):
                    chosen.append(self.asked(name, definition, depth))  # to be merged
        return chosen

    def arguments(self, definition: GraphQLField, of: Any) -> str:
        written: list[str] = []
        value: Any
        for name, argument in definition.args.items():
            if not isinstance(argument.type, GraphQLNonNull) and not self.often(0.3):
                continue
            row = of.name.removesuffix("Connection")
            match name:
                case "first" | "last":
                    if any(part.startswith(("first", "last")) for part in written) and self.often(0.95):
                        continue
                    value = self.dice.choice(SIZES) if self.often(0.97) else 101
                case "after" | "before":
                    value = self.dice.choice(self.cursors.get(row) or ["x"]) if self.often(0.9) else "bm9uZQ"
                    if self.often(0.5):
                        continue
                case _:
                    value = self.value(argument.type, definition, 2)
            written.append(f"{name}: {self.written(argument.type, [value])}")
        return f"({', '.join(written)})" if written else ""

    def written(self, of: Any, values: list[Any]) -> str:
        """One of the values, as a literal or as a variable."""
        value = self.dice.choice(values)
        if self.often(0.6):
            return literal(of, value)
        name = f"v{len(self.declared)}"
        if self.often(0.2):
            self.declared.append(f"${name}: {of} = {literal(of, value)}")
        else:
            self.declared.append(f"${name}: {of}")
            self.variables[name] = value
        return f"${name}"

    def value(self, of: Any, definition: Any, depth: int) -> Any:
        if isinstance(of, GraphQLNonNull):
            return self.value(of.of_type, definition, depth)
        if isinstance(of, GraphQLList):
            return [self.value(of.of_type, definition, depth) for _ in range(self.dice.choice([0, 1, 1, 2]))]
        if isinstance(of, GraphQLEnumType):
            return self.dice.choice(sorted(of.values))
        if isinstance(of, GraphQLInputObjectType):
            if of.is_one_of:
                name = self.dice.choice(sorted(of.fields))
                return {name: self.value(of.fields[name].type, definition, depth - 1)}
            names = [name for name in of.fields if depth > 0 or not _is_nested(of.fields[name].type)]
            wanted = {name for name in names if isinstance(of.fields[name].type, GraphQLNonNull)}
            wanted |= set(self.dice.sample(names, min(len(names), self.dice.choice([0, 1, 1, 2]))))
            return {name: self.value(of.fields[name].type, definition, depth - 1) for name in names if name in wanted}
        return self.dice.choice([*self.ids.values(), "none"] if of.name == "ID" else VALUES[of.name])


def _is_nested(of: Any) -> bool:
    return isinstance(get_named_type(of), GraphQLInputObjectType)


def literal(of: Any, value: Any) -> str:
    """A value as it stands in a document."""
    if isinstance(of, GraphQLNonNull):
        return literal(of.of_type, value)
    if isinstance(value, list) and isinstance(of, GraphQLList):
        return f"[{', '.join(literal(of.of_type, one) for one in value)}]"
    if isinstance(of, GraphQLInputObjectType):
        return f"{{{', '.join(f'{name}: {literal(of.fields[name].type, one)}' for name, one in value.items())}}}"
    if isinstance(of, GraphQLEnumType):
        return str(value)
    return "{}" if isinstance(value, dict) else json.dumps(value, ensure_ascii=False)

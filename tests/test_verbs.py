"""docs/verbs.md names only what there is: fields of the schema, paths of the server, tests of this tree."""

import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, build_schema

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "verbs.md"
QUOTED: Final = re.compile(r"`([^`]+)`")
PATHS: Final = re.compile(r'Route\("([^"]+)"')


def rows() -> list[tuple[str, ...]]:
    """The cells of every table below its head."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("|")]
    cells = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    return [row for row in cells if row[0] != "There" and not set(row[0]) <= set("-")]


@cache
def names() -> frozenset[str]:
    """Every field at the root, and every `Type.field`, argument of an input and value of an enum."""
    schema = build_schema((ROOT / "schema.graphql").read_text())
    found: set[str] = set()
    for name, of in schema.type_map.items():
        match of:
            case GraphQLEnumType():
                found |= {f"{name}.{value}" for value in of.values}
            case GraphQLObjectType() | GraphQLInterfaceType() | GraphQLInputObjectType():
                found |= {f"{name}.{field}" for field in of.fields}
    for root in (schema.query_type, schema.mutation_type, schema.subscription_type):
        assert root is not None
        found |= set(root.fields)
    return frozenset(found)


@cache
def served() -> frozenset[str]:
    return frozenset(path for file in (ROOT / "web").glob("*.py") for path in PATHS.findall(file.read_text()))


def test_it_says_a_lot():
    assert len(rows()) > 120


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_every_row_says_what_does_it_and_which_test_shows_it(row):
    assert len(row) == 3
    there, here, shown = row
    said, tests = QUOTED.findall(here), QUOTED.findall(shown)

    assert there
    assert said
    assert tests
    for name in said:
        method, _, path = name.partition(" ")
        assert path in served() if method in ("GET", "POST") else name in names(), name
    for test in tests:
        file, _, name = test.partition("::")
        assert re.search(rf"^(async )?def {name}\(", (ROOT / file).read_text(), re.M), test

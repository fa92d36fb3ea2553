"""What a document costs is known without running it, in work that grows with its text."""

import pytest
from graphql import get_introspection_query, parse

from schema.analysis import CEILING, Analysis, analyse, operations
from settings import Limits
from tests.schema.bad_requests import chain, ring
from tests.schema.transport.small_schema import endpoint

SCHEMA = endpoint().operations.schema._schema


def analysis(text: str, **variables: object) -> Analysis:
    document = parse(text)
    return analyse(SCHEMA, document, operations(document)[0], variables, page_default=25)


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        pytest.param("{ __typename }", 1, id="nothing is free"),
        pytest.param("{ echo viewer }", 1, id="leaves cost nothing"),
        pytest.param('{ node(id: "1") { id } }', 1, id="an object is one"),
        pytest.param("{ cases(first: 10) { nodes { id } } }", 1 + 10, id="a connection and its items"),
        pytest.param("{ cases(first: 10) { edges { cursor node { id } } } }", 1 + 10, id="an edge is its node"),
        pytest.param("{ cases(last: 7) { nodes { id } } }", 1 + 7, id="last counts like first"),
        pytest.param("{ cases { nodes { id } } }", 1 + 25, id="no size is the default page"),
        pytest.param("{ cases(first: null) { nodes { id } } }", 1 + 25, id="null is no size"),
        pytest.param("{ cases(first: -5) { nodes { id } } }", 1 + 25, id="a size below nothing is no size"),
        pytest.param('{ cases(first: "5") { nodes { id } } }', 1 + 25, id="a text is no size"),
        pytest.param("{ cases(first: 0) { nodes { id } } }", 1, id="an empty page"),
        pytest.param("{ cases(first: 3, last: 9) { nodes { id } } }", 1 + 9, id="the larger of both"),
        pytest.param("{ cases(first: 10) { totalCount } }", 1, id="a count is no item"),
        pytest.param("{ cases(first: 10) { nodes { team { id } } } }", 1 + 10 * 2, id="an object in every item"),
        pytest.param(
            "{ cases(first: 10) { nodes { team { cases(first: 5) { nodes { id } } } } } }",
            1 + 10 * (1 + 1 + (1 + 5)),
            id="pages in pages",
        ),
        pytest.param("{ cases(first: 2) { nodes { children { id } } } }", 1 + 2 * (1 + 10), id="a plain list is ten"),
        pytest.param("{ cases(first: 2) { nodes { clocks { id } } } }", 1 + 2 * (1 + 3), id="unless it says its size"),
        pytest.param("{ cases(first: 2) { nodes { similar { id } } } }", 1 + 2 * (1 + 7), id="a field says its cost"),
        pytest.param('mutation { openCase(input: {title: "x"}) { id } }', 10, id="a mutation is ten"),
        pytest.param(
            '{ node(id: "1") { id ... on Case { team { id } } ... on Team { cases(first: 8) { nodes { id } } } } }',
            1 + (1 + 8),
            id="the dearest branch of an interface",
        ),
        pytest.param(
            '{ node(id: "1") { ...A ...A } } fragment A on Case { team { id } }',
            1 + 2,
            id="one branch written twice adds up",
        ),
        pytest.param(
            "{ ...A ...A } fragment A on Query { cases(first: 4) { nodes { id } } }", 2 * 5, id="spreads add up"
        ),
        pytest.param(
            "{ cases(first: 4) { ...A } } fragment A on CaseConnection { nodes { id } }",
            1 + 4,
            id="page around a fragment",
        ),
        pytest.param("{ nothing { at { all } } }", 2, id="what the schema does not know"),
    ],
)
def test_cost(text, cost):
    assert analysis(text).cost == cost


def test_one_fragment_in_pages_of_two_sizes():
    text = "{ cases(first: 4) { ...A } b: cases(first: 50) { ...A } } fragment A on CaseConnection { nodes { id } }"

    assert analysis(text).cost == (1 + 4) + (1 + 50)


@pytest.mark.parametrize(
    ("variables", "cost"),
    [
        pytest.param({"n": 3}, 1 + 3, id="its value"),
        pytest.param({}, 1 + 9, id="its default"),
        pytest.param({"n": None}, 1 + 25, id="null is not its default"),
        pytest.param({"n": True}, 1 + 25, id="true is not one"),
        pytest.param({"n": 10**9}, CEILING, id="too large"),
    ],
)
def test_a_variable_sizes_a_page(variables, cost):
    found = analysis("query ($n: Int = 9) { cases(first: $n) { nodes { id } } }", **variables)

    assert (found.cost, found.sized_by) == (cost, ("n",))


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        pytest.param("{ a }", {"depth": 1, "root_fields": 1, "aliases": 0}, id="one field"),
        pytest.param("{ a { b { c } } d }", {"depth": 3, "root_fields": 2}, id="the deepest branch"),
        pytest.param(
            "{ ...F x } fragment F on Query { a { b } c }", {"depth": 2, "root_fields": 3}, id="through a spread"
        ),
        pytest.param(
            "{ a { ...F } } fragment F on Query { b { c } }", {"depth": 3, "root_fields": 1}, id="below a field"
        ),
        pytest.param("{ ... { ... { a } } }", {"depth": 1, "root_fields": 1}, id="inline fragments are no depth"),
        pytest.param(
            "{ x: a ...F ...F } fragment F on Query { y: b }", {"aliases": 3, "fragments": 1}, id="aliases expand"
        ),
        pytest.param(
            "{ a @x @y ...F @z } fragment F on Query @w { b @v }", {"directives": 5}, id="directives everywhere"
        ),
        pytest.param("query Q @x { a }", {"directives": 1}, id="directives of the operation"),
        pytest.param("{ cases(first: 10) { nodes { children { id } } } }", {"nodes": 10 * 11}, id="potential nodes"),
        pytest.param("{ __schema { __typename } }", {"introspects": True}, id="introspection"),
        pytest.param(
            "{ ...F } fragment F on Query { __type(name: 1) { name } }",
            {"introspects": True},
            id="hidden introspection",
        ),
        pytest.param("{ __typename a { __typename } }", {"introspects": False}, id="type names are no introspection"),
        pytest.param(
            "{ ...F } fragment F on Query { ...F a }", {"depth": 1, "root_fields": 1}, id="a circle adds nothing"
        ),
        pytest.param("{ ...F }", {"depth": 0, "root_fields": 0}, id="a fragment that is not there"),
    ],
)
def test_figures(text, figures):
    found = analysis(text)

    assert {name: getattr(found, name) for name in figures} == figures


def test_fragments_that_double_are_visited_once_each():
    visits = {levels: analysis(chain(levels, "__typename", 2)).visits for levels in range(8, 41)}

    steps = {visits[levels + 1] - visits[levels] for levels in range(8, 40)}
    assert steps == {2}


def test_what_doubles_for_long_saturates():
    found = analysis(chain(60, "__schema { types { name } }", 2))

    assert (found.aliases, found.cost, found.root_fields) == (CEILING, CEILING, CEILING)


@pytest.mark.parametrize("size", [1, 2, 50])
def test_circles_end(size):
    assert analysis(ring(size)).visits <= 2 * size + 1


def test_no_nesting_is_too_deep_to_be_walked():
    spreads = "".join(f"fragment F{n} on Query {{ a {{ ...F{n + 1} }} }} " for n in range(2_000))

    assert analysis("{ ...F0 } " + spreads).depth == CEILING


@pytest.mark.parametrize("everything", [False, True])
def test_the_usual_introspection_is_within_the_limits_and_cheap(everything):
    names = ("specified_by_url", "directive_is_repeatable", "schema_description", "input_value_deprecation", "one_of")
    found = analysis(get_introspection_query(**dict.fromkeys(names, everything)))

    assert found.depth <= Limits().depth
    assert found.cost < 500

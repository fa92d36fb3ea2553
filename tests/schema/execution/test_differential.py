"""Whatever is asked, by whomever: the fast path answers what graphql-core answers, byte for byte."""

from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pytest import param

from tests.schema.execution.executors import Scene, agree
from tests.schema.execution.operations import Operation

OPERATIONS = 150

# graphql-core leaves resolvers behind when another one fails; that is the reference's, and said when they are collected
pytestmark = [
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
    # where they are collected inside a named tuple's making, which knows no `__import__`, the warning itself fails
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
EXAMPLES = [
    param("{ __typename a: __typename cases { __typename nodes { __typename } } }", id="names of types"),
    param(
        "query($yes: Boolean!, $no: Boolean = false) { cases { nodes { id @skip(if: $yes) title @include(if: $no) "
        "... @include(if: $yes) { number owner @skip(if: $no) { name } } } } }",
        id="conditions",
    ),
    param(
        "{ cases { nodes { customer { id name ... on Contact { account { name } } ...A ... on Node { id } } } } } "
        "fragment A on Account { contacts(first: 1) { nodes { name cases { totalCount } } } }",
        id="rows of several types",
    ),
    param("{ cases { nodes { title owner { id } } nodes { owner { name } title } } }", id="fields that are merged"),
    param(
        "query($id: ID!) { node(id: $id) { id ... on Case { title events(last: 2) { nodes { kind } } } } }", id="node"
    ),
    param('query($id: ID!) { nodes(ids: [$id, $id, "x"]) { __typename ... on Case { team { name } } } }', id="nodes"),
    param("{ cases(first: 2, last: 2) { nodes { id } } ok: teams { totalCount } }", id="one field is refused"),
    param('{ cases { nodes { customer { name } events(after: "x") { totalCount } } } }', id="one below is refused"),
    param("{ __schema { queryType { name } } viewer { name } }", id="the schema"),
    param("{ slaKpiInstances { nodes { remaining overrun activeFor ledger { kind actor { name } } } } }", id="clocks"),
]


@settings(max_examples=OPERATIONS, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(seed=some.integers(0, 2**32), role=some.sampled_from(["admin", "agent", "customer"]))
async def test_both_executors_give_the_same_answer(world: Scene, seed: int, role: str):
    await agree(world.author(Random(seed)).operation(), world.viewers[role])


async def test_the_fast_path_takes_most_of_what_is_asked(world: Scene):
    """Otherwise the test above would hold the reference against itself."""
    reasons: Counter[str] = Counter()
    for seed in range(60):
        reasons += await agree(world.author(Random(seed)).operation(), world.viewers["admin"])

    assert reasons["taken"] > reasons.total() / 2, reasons


@pytest.mark.parametrize("text", EXAMPLES)
async def test_it_agrees_on(world: Scene, text: str):
    for viewer in (*world.viewers.values(), None):
        await agree(Operation(text, {"yes": True, "no": False, "id": world.ids["Case"]}), viewer)

"""The documents that clients of ours send, and those we show others: the fast path leaves none of them."""

from collections import Counter
from random import Random

import pytest

from tests.schema.execution.documents import asked, documents
from tests.schema.execution.executors import Scene, agree, answered, executors

TIMES = 6

# graphql-core leaves resolvers behind when another one fails; that is the reference's, and said when they are collected
pytestmark = [
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
    # where they are collected inside a named tuple's making, which knows no `__import__`, the warning itself fails
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
ALL = documents()
QUERIES = [(place, text) for place, text in ALL if text.startswith(("query", "{"))]
MUTATIONS = [(place, text) for place, text in ALL if text.startswith("mutation")]


def test_there_are_documents():
    assert {place.partition(":")[0] for place, _ in ALL} >= {"web/console/src", "README.md"}


@pytest.mark.parametrize("text", [pytest.param(text, id=place) for place, text in QUERIES])
async def test_both_executors_give_the_same_answer_to(world: Scene, text: str):
    reasons: Counter[str] = Counter()
    for seed in range(TIMES):
        for viewer in world.viewers.values():
            reasons += await agree(asked(text, world, Random(seed)), viewer)

    assert reasons.keys() <= {"taken", "refused"} or reasons["taken"], reasons


@pytest.mark.parametrize("text", [pytest.param(text, id=place) for place, text in MUTATIONS])
async def test_the_payload_is_shown_by_the_fast_path(world: Scene, text: str):
    reads = executors()[0].fast_reads
    assert reads is not None
    for seed in range(TIMES):
        before = Counter(reads.left)
        _, errors = await answered(executors()[0], asked(text, world, Random(seed)), world.viewers["admin"])

        assert errors or reads.left == before, Counter(reads.left) - before

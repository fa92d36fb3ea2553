"""A document is parsed, validated and analysed once."""

import pytest

from schema.transport import documents
from schema.transport.documents import Documents, Refusal
from settings import Limits
from tests.schema.transport.small_schema import endpoint

SCHEMA = endpoint().operations.schema._schema


@pytest.fixture
def known():
    return Documents(SCHEMA, Limits())


def refusal(known, text, name=None, **variables):
    with pytest.raises(Refusal) as refused:
        known.prepare(text, name, variables)
    return refused.value.errors


def test_the_second_time_is_the_first(known):
    first, second = (known.prepare("{ echo }", None, {}) for _ in range(2))

    assert first.document is second.document
    assert first.analysis is second.analysis


def test_a_refusal_is_remembered_too(known):
    first, second = (refusal(known, "{ nothing }") for _ in range(2))

    assert first is second


def test_an_analysis_is_kept_per_size_of_page_and_no_other_variable(known):
    text = "query ($n: Int, $t: String!) { cases(first: $n) { nodes { id } } echo(text: $t) }"
    costs = [known.prepare(text, None, {"n": n, "t": t}).analysis for n, t in ((5, "a"), (5, "b"), (9, "a"))]

    assert costs[0] is costs[1]
    assert [costs[0].cost, costs[2].cost] == [6, 10]


def test_texts_are_forgotten_before_they_fill_the_memory(known, monkeypatch):
    monkeypatch.setattr(documents, "KEPT_CHARACTERS", 100)
    first = known.prepare("{ echo }", None, {})
    known.prepare("{ echo " + " " * 95 + "}", None, {})

    assert known.prepare("{ echo }", None, {}).document is not first.document


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        pytest.param("{ echo }" + " " * 20_000, "document_characters", id="length"),
        pytest.param("{" + "echo " * 2_000 + "}", "tokens", id="tokens"),
        pytest.param("#\n" * 3_000 + "{ echo }", "tokens", id="comments"),
        pytest.param("{" + "echo " * 21 + "}", "root_fields", id="root fields"),
        pytest.param("mutation {" + "__typename " * 11 + "}", "root_fields", id="root fields of a mutation"),
        pytest.param("{" + " ".join(f"a{n}: echo" for n in range(31)) + "}", "aliases", id="aliases"),
        pytest.param("{ echo " + "@a " * 51 + "}", "directives", id="directives"),
        pytest.param("{ a " * 16 + "}" * 16, "depth", id="depth"),
        pytest.param("{ a " * 190 + "}" * 190, "depth", id="deeper than the walk goes"),
        pytest.param("{ cases(first: 5001) { nodes { id } } }", "cost", id="cost"),
        pytest.param("{ echo } " + "fragment F on Query { echo } " * 101, "fragments", id="fragments"),
    ],
)
def test_a_limit_is_named(known, text, limit):
    (error,) = refusal(known, text)

    assert error.extensions["code"] == "COST_LIMIT"
    assert error.extensions["limit"] == limit


def test_greed_is_refused_before_the_heavy_rules_run(known, monkeypatch):
    monkeypatch.setattr(documents, "validate", lambda *_, **__: pytest.fail("validated"))

    refusal(known, "{ nothing " + "@a " * 60 + "}")


def test_no_error_suggests_what_there_is(known):
    errors = [
        *refusal(known, "{ vewer }"),
        *refusal(known, "{ echo(txt: 1) }"),
        *refusal(known, "{ ... on Quer { echo } }"),
        *refusal(known, "mutation { openCase(input: {titel: 1, title: 2}) { id } }"),
    ]

    assert [error.message for error in errors if "mean" in error.message] == []


def test_there_are_never_more_errors_than_anybody_reads(known):
    assert (
        len(
            refusal(
                known,
                "{ a { "
                + " ".join(f"x{n} @y{n}" for n in range(15))
                + " } "
                + " ".join("b" * n for n in range(1, 19))
                + "}",
            )
        )
        <= 20
    )

"""What a client may read of an error, and what the log may."""

import json
import logging

import pytest
from graphql import GraphQLError

from cases.refusals import BadInput
from schema.transport.errors import LimitExceeded
from schema.transport.masking import Occasion, line, masked, plain

OCCASION = Occasion("{ a }", "Name", {})


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("Int cannot represent non-integer value: 'secret'", "Int cannot represent non-integer value"),
        (
            "Int cannot represent non 32-bit signed integer value: 9",
            "Int cannot represent non 32-bit signed integer value",
        ),
        ("Expected value of type 'Int!', found \"secret\".", "Expected value of type 'Int!'"),
        (
            "Expected value of type 'Key' to be an object, found: 'secret'.",
            "Expected value of type 'Key' to be an object",
        ),
        (
            "Expected value of type 'Date', but encountered error 'Bad: 'x''; found: 'x'.",
            "Expected value of type 'Date'",
        ),
        ("Value 'secret' does not exist in 'Priority' enum.", "Value does not exist in 'Priority' enum."),
        ("Enum 'Priority' cannot represent non-string value: 5.", "Enum 'Priority' cannot represent non-string value"),
        ('Syntax Error: Unexpected String "secret".', "Syntax Error: Unexpected String"),
        ("Cannot query field 'x' on type 'Query'.", "Cannot query field 'x' on type 'Query'."),
        ("Argument 'x' has invalid value: Expected a value.", "Argument 'x' has invalid value: Expected a value."),
    ],
)
def test_a_message_quotes_no_value(message, words):
    assert plain(message) == words


def test_a_message_is_no_novel():
    assert len(plain("Cannot query field '" + "x" * 5_000 + "'.")) == 300


def test_what_carries_a_code_passes_with_it():
    refused = GraphQLError("x", original_error=BadInput("A title is needed."), path=["openCase"])

    (error,) = masked([refused], OCCASION, 20)

    assert error.formatted == {
        "message": "A title is needed.",
        "path": ["openCase"],
        "extensions": {"code": "BAD_INPUT"},
    }


def test_a_limit_says_which():
    error = LimitExceeded(limit="depth", allowed=15, found=16)

    (found,) = masked([GraphQLError("x", original_error=error)], OCCASION, 20)

    assert found.extensions == {"code": "COST_LIMIT", "limit": "depth", "allowed": 15, "found": 16}


def test_anything_else_is_a_bug_with_a_trace_id_and_one_line_for_all(caplog):
    bugs = [GraphQLError("secret", original_error=RuntimeError("secret"), path=["a", n]) for n in range(50)]

    with caplog.at_level(logging.ERROR, logger="casegraph.errors"):
        found = masked(bugs, OCCASION, 20)

    (record,) = caplog.records
    assert len(found) == 20
    assert {error.message for error in found} == {"Internal error"}
    assert {error.formatted["extensions"]["traceId"] for error in found} == {json.loads(record.message)["traceId"]}


def test_an_error_that_a_field_could_not_be_serialised_is_a_bug():
    value = GraphQLError("Int cannot represent non 32-bit signed integer value: 1099511627776")

    (error,) = masked([GraphQLError(value.message, original_error=value, path=["count"])], OCCASION, 20)

    assert error.message == "Internal error"


def test_masking_twice_does_no_harm(caplog):
    once = masked([GraphQLError("x", original_error=RuntimeError())], OCCASION, 20)

    assert masked(once, OCCASION, 20) == once
    assert len(caplog.records) == 1


def test_the_line_is_short_and_of_plain_characters():
    error = GraphQLError("x", original_error=RuntimeError("\x1b[31m\n\u2028é" + "y" * 9_000), path=["p" * 900])

    text = line([error], Occasion("{ a }", "N" * 900, {}), "t")

    assert len(text) <= 2_000
    assert text.isascii()
    assert text.isprintable()


def test_the_line_has_no_variable_and_no_document():
    error = GraphQLError("x", original_error=RuntimeError("no such mail: ada@example.org"))
    variables = {"input": {"mails": ["ada@example.org"]}}

    text = line([error], Occasion('{ user(password: "hunter2") }', None, variables), "t")

    assert "ada@" not in text
    assert "hunter2" not in text
    assert "no such mail" in text

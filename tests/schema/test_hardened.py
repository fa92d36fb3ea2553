"""The schema class itself, also for whoever executes without a transport. Holds what it overrides in strawberry."""

import logging
from datetime import UTC, datetime

import pytest

from schema.hardened import ReservedExecutor
from tests.schema.transport.small_schema import Context, Journal, endpoint

SCHEMA = endpoint().operations.schema


def context():
    return Context(None, datetime(2026, 1, 1, tzinfo=UTC), Journal())


async def errors(query, **variables):
    result = await SCHEMA.execute(query, variable_values=variables, context_value=context())
    return [error.formatted for error in result.errors or []]


async def test_a_query():
    result = await SCHEMA.execute("{ echo }")

    assert (result.data, result.errors) == ({"echo": "0"}, None)


async def test_validation_and_limits_hold_without_a_transport():
    codes = [(await errors(query))[0]["extensions"]["code"] for query in ("{ nothing }", "{" + "echo " * 21 + "}")]

    assert codes == ["BAD_INPUT", "COST_LIMIT"]


async def test_several_operations_need_a_name():
    (error,) = await errors("query A { echo } query B { echo }")

    assert "operationName" in error["message"]


async def test_a_variable_that_cannot_be_coerced_is_not_quoted():
    (error,) = await errors("query ($n: Int!) { echo(number: $n) }", n="secret")

    assert error["message"] == "Variable '$n' has invalid value: Int cannot represent non-integer value"
    assert error["extensions"] == {"code": "BAD_INPUT"}


async def test_a_field_of_an_input_is_named_but_its_value_is_not_quoted():
    query = "mutation ($i: CaseInput!) { openCase(input: $i) { id } }"
    found = await errors(query, i={"title": 5, "dueAt": "secret", "titel": "secret"})

    assert "secret" not in str(found)
    assert "mean" not in str(found)  # "Did you mean 'title'?"
    assert {error["extensions"]["code"] for error in found} == {"BAD_INPUT"}


async def test_both_ways_through_a_one_of_are_bad_input():
    by_variable = await errors("query ($k: CaseKey!) { case(key: $k) { id } }", k={"id": "1", "number": "2"})
    by_literal = await errors('{ case(key: {id: "1", number: "2"}) { id } }')

    assert {error["extensions"]["code"] for error in [*by_variable, *by_literal]} == {"BAD_INPUT"}


async def test_a_bug_is_masked_and_logged_once(caplog):
    with caplog.at_level(logging.ERROR):
        (error,) = await errors("{ bug }")

    assert (error["message"], error["path"]) == ("Internal error", ["bug"])
    assert [record.name for record in caplog.records] == ["casegraph.errors"]


async def test_a_mistake_of_the_client_is_not_logged(caplog):
    await errors("{ nothing }")
    await errors("query ($n: Int!) { echo(number: $n) }", n="x")
    await errors("{ viewer }")

    assert caplog.records == []


async def test_many_bugs_are_no_flood():
    assert len(await errors("{ bugs }")) == 20


async def test_a_refusal_of_the_domain_passes_with_its_code():
    (error,) = await errors('{ case(key: {id: "1"}) { id } }')

    assert error["extensions"] == {"code": "NOT_FOUND"}


async def test_a_null_for_what_must_be_there_is_bad_input():
    (error,) = await errors("query ($n: Int) { echo(number: $n) }", n=None)

    assert error["extensions"]["code"] == "BAD_INPUT"


async def test_an_event_that_breaks_is_masked():
    stream = await SCHEMA.subscribe("subscription { broken }", context_value=context())
    results = [result async for result in stream]

    assert results[0].data == {"broken": 1}
    assert [error.message for error in results[-1].errors] == ["Internal error"]


async def test_execution_suggests_nothing_either(monkeypatch):
    seen = []

    class Spy(ReservedExecutor):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            seen.append(self.hide_suggestions)

    monkeypatch.setattr(SCHEMA, "execution_context_class", Spy)
    await SCHEMA.execute("{ echo }")
    async for _ in await SCHEMA.subscribe("subscription { count(to: 1) }", context_value=context()):
        pass

    assert len(seen) >= 2
    assert set(seen) == {True}


def test_the_synchronous_way_is_masked_too():
    result = SCHEMA.execute_sync("{ bug }")

    assert [error.message for error in result.errors] == ["Internal error"]


@pytest.mark.parametrize("query", ["{ nothing }", "{"])
def test_the_synchronous_way_is_validated_too(query):
    (error,) = SCHEMA.execute_sync(query).errors or []

    assert error.formatted["extensions"] == {"code": "BAD_INPUT"}


def test_the_schema_can_be_introspected_from_within():
    assert SCHEMA.introspect()["__schema"]["queryType"]["name"] == "Query"

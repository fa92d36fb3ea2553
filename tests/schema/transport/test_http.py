"""The endpoint over real HTTP."""

import asyncio
import json
from contextlib import asynccontextmanager

import httpx
import pytest
from graphql import get_introspection_query

from schema.transport.negotiation import GRAPHQL, JSON
from settings import Limits
from tests.schema.transport.serving import serving
from tests.schema.transport.small_schema import Journal, endpoint

STRICT = {"accept": GRAPHQL}


@asynccontextmanager
async def client(limits: Limits | None = None, journal: Journal | None = None, **more):
    async with (
        serving(endpoint(limits, journal, **more)) as address,
        httpx.AsyncClient(base_url=f"http://{address}") as http,
    ):
        yield http


async def ask(http, query, headers=None, **more):
    return await http.post("/graphql", json={"query": query, **more}, headers={**STRICT, **(headers or {})})


def code(response):
    return response.json()["errors"][0]["extensions"]["code"]


async def test_a_query_is_answered_in_the_type_that_is_asked_for():
    async with client() as http:
        answers = [await ask(http, "{ echo }", {"accept": accept}) for accept in (GRAPHQL, JSON, "*/*")]

    assert [answer.json() for answer in answers] == [{"data": {"echo": "0"}}] * 3
    assert [answer.headers["content-type"].partition(";")[0] for answer in answers] == [GRAPHQL, JSON, JSON]
    assert answers[0].headers["cache-control"] == "no-store"


async def test_a_refused_document_is_a_400_without_data_or_a_200_for_old_clients():
    async with client() as http:
        strict, old = [await ask(http, "{ nothing }", {"accept": accept}) for accept in (GRAPHQL, JSON)]

    assert (strict.status_code, old.status_code) == (400, 200)
    assert "data" not in strict.json()
    assert strict.json() == old.json()


async def test_half_an_answer_is_an_answer():
    async with client() as http:
        answer = await ask(http, "{ echo viewer }")

    assert answer.status_code == 200
    assert answer.json()["data"] == {"echo": "0", "viewer": None}
    assert code(answer) == "UNAUTHENTICATED"


async def test_an_answer_that_became_nothing_says_so_in_its_status():
    async with client() as http:
        answer = await ask(http, "{ me }")

    assert (answer.status_code, answer.json()["data"]) == (401, None)
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_token_says_who_asks():
    async with client() as http:
        answer = await ask(http, "{ me }", {"authorization": "Bearer agent"})

    assert answer.json() == {"data": {"me": "Ada"}}


@pytest.mark.parametrize("authorization", ["Bearer nobody", "Basic YTpi", "agent"])
async def test_a_token_that_does_not_hold_is_a_401_even_if_nobody_had_to_sign_in(authorization):
    async with client() as http:
        answer = await ask(http, "{ echo }", {"authorization": authorization, "accept": JSON})

    assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"content-type": "text/plain"}, 415, id="no json"),
        pytest.param({"content-type": "application/json", "content-encoding": "gzip"}, 415, id="compressed"),
        pytest.param({"content-type": "application/json", "accept": "text/html"}, 406, id="wants a page"),
    ],
)
async def test_content_that_does_not_fit(headers, status):
    async with client() as http:
        answer = await http.post("/graphql", content=b'{"query": "{ echo }"}', headers=headers)

    assert (answer.status_code, code(answer)) == (status, "BAD_INPUT")


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_that_is_too_long_is_not_read(declared):
    async def pieces():
        for _ in range(100):
            yield b" " * 10_000

    async with client() as http:
        answer = await http.post(
            "/graphql", content=b" " * 1_000_000 if declared else pieces(), headers={"content-type": JSON}
        )

    assert answer.status_code == 413
    assert answer.json()["errors"][0]["extensions"]["limit"] == "body_bytes"


async def test_a_query_may_be_a_get_and_a_mutation_may_not():
    async with client() as http:
        query = await http.get(
            "/graphql", params={"query": "query ($t: String!) { echo(text: $t) }", "variables": '{"t":"x"}'}
        )
        mutation = await http.get("/graphql", params={"query": 'mutation { openCase(input: {title: "x"}) { id } }'})

    assert query.json() == {"data": {"echo": "x0"}}
    assert (mutation.status_code, mutation.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_not_allowed(method):
    async with client() as http:
        answer = await http.request(method, "/graphql")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


async def test_a_subscription_does_not_come_by_post():
    async with client() as http:
        answer = await ask(http, "subscription { count }")

    assert (answer.status_code, code(answer)) == (400, "BAD_INPUT")


async def test_a_bug_is_a_500_without_its_words_only_if_nothing_is_left():
    async with client() as http:
        some, none = await ask(http, "{ bug echo }"), await ask(http, "{ surrogate }")

    assert (some.status_code, none.status_code) == (200, 500)
    assert "SELECT" not in some.text
    assert code(none) == "INTERNAL"


async def test_the_deadline_cancels_a_query_and_gives_its_context_back():
    journal = Journal()
    async with client(Limits(operation_seconds=0.05), journal) as http:
        answer = await ask(http, "{ forever }")

    assert (answer.status_code, code(answer)) == (503, "TIMEOUT")
    assert journal.cancelled.is_set()
    assert journal.open_contexts == 0


async def test_a_client_that_hangs_up_cancels_its_query():
    journal = Journal()
    async with client(journal=journal) as http:
        asking = asyncio.create_task(ask(http, "{ forever }"))
        await journal.started.wait()
        asking.cancel()

        async with asyncio.timeout(10):
            await journal.cancelled.wait()
        assert (await ask(http, "{ echo }")).status_code == 200
    assert journal.open_contexts == 0


async def test_every_operation_has_a_context_of_its_own():
    journal = Journal()
    async with client(journal=journal) as http:
        for _ in range(3):
            await ask(http, "{ echo }")
        await ask(http, "{ nothing }")

    assert (journal.contexts, journal.open_contexts) == (3, 0)


async def test_an_empty_bucket_is_a_429_and_says_when_to_come_back():
    async with client(Limits(bucket_points=20, bucket_points_per_second=1)) as http:
        agent = {"authorization": "Bearer agent"}
        first = await ask(http, "{ cases(first: 18) { nodes { id } } }", agent)
        second = await ask(http, "{ cases(first: 18) { nodes { id } } }", agent)
        other = await ask(http, "{ echo }", {"authorization": "Bearer customer"})

    assert (first.status_code, second.status_code, other.status_code) == (200, 429, 200)
    assert code(second) == "RATE_LIMITED"
    assert second.headers["retry-after"] == str(second.json()["errors"][0]["extensions"]["retryAfter"])


async def test_what_is_refused_costs_a_point():
    async with client(Limits(bucket_points=3, bucket_points_per_second=1)) as http:
        codes = [code(await ask(http, "{ nothing }")) for _ in range(4)]

    assert codes == ["BAD_INPUT", "BAD_INPUT", "BAD_INPUT", "RATE_LIMITED"]


async def test_a_long_document_costs_its_reading():
    async with client(Limits(bucket_points=100, bucket_points_per_second=1)) as http:
        codes = [code(await ask(http, "{ nothing }" + " " * 10_000)) for _ in range(2)]

    assert codes == ["BAD_INPUT", "RATE_LIMITED"]


async def test_the_cost_is_told_to_who_asks_for_it():
    async with client(Limits()) as http:
        answer = await ask(http, "{ cases(first: 9) { nodes { id } } }", {"graphql-cost": "1"})
        silent = await ask(http, "{ echo }")

    assert answer.json()["extensions"] == {"cost": {"requested": 10, "remaining": Limits().bucket_points - 10}}
    assert "extensions" not in silent.json()


@pytest.mark.parametrize(
    ("token", "environment", "status"),
    [
        pytest.param(None, "development", 200, id="anybody in development"),
        pytest.param("agent", "production", 200, id="staff in production"),
        pytest.param("customer", "production", 403, id="no customer in production"),
        pytest.param(None, "production", 401, id="nobody in production"),
    ],
)
async def test_who_may_read_the_schema(token, environment, status):
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    async with client(environment=environment) as http:
        answers = [
            await ask(http, query, headers)
            for query in (
                get_introspection_query(),
                '{ __type(name: "Query") { name } }',
                "{ ...F } fragment F on Query { x: __schema { queryType { name } } }",
            )
        ]
        name = await ask(http, "{ __typename }", headers)

    assert [answer.status_code for answer in answers] == [status] * 3
    assert name.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("token", "environment", "status"),
    [
        (None, "development", 200),
        ("agent", "production", 200),
        ("customer", "production", 406),
        (None, "production", 406),
    ],
)
async def test_who_gets_the_explorer(token, environment, status):
    headers = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    headers |= {"authorization": f"Bearer {token}"} if token else {}
    async with client(environment=environment, ide="<title>Explorer</title>") as http:
        answer = await http.get("/graphql", headers=headers | {"accept": "text/html"})

    assert answer.status_code == status
    assert ("Explorer" in answer.text) == (status == 200)


async def test_a_browser_prefers_the_explorer_and_a_program_does_not():
    async with client(ide="<title>Explorer</title>") as http:
        browser = await http.get("/graphql", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        program = await http.get("/graphql", headers={"accept": "*/*"})

    assert (browser.status_code, program.status_code) == (200, 405)


async def test_values_beyond_the_schema_do_not_come_through():
    async with client() as http:
        bodies = [b'"a\\u0000"', b"9223372036854775808", b"1e999", b'"\\ud800"']
        answers = [
            await http.post(
                "/graphql",
                content=b'{"query": "query ($t: String) { echo(text: $t) }", "variables": {"t": ' + body + b"}}",
                headers={"content-type": JSON, **STRICT},
            )
            for body in bodies
        ]

    assert [(answer.status_code, code(answer)) for answer in answers] == [(400, "BAD_INPUT")] * 4


async def test_the_largest_integer_comes_through():
    async with client() as http:
        answer = await ask(http, "query ($n: Int) { echo(number: $n) }", variables={"n": 2**31 - 1})
        beyond = await ask(http, "query ($n: Int) { echo(number: $n) }", variables={"n": 2**31})

    assert answer.json() == {"data": {"echo": str(2**31 - 1)}}
    assert code(beyond) == "BAD_INPUT"
    assert str(2**31) not in json.dumps(beyond.json())

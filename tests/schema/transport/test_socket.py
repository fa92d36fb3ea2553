"""The protocol over real sockets."""

import asyncio
import json
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from settings import Limits
from tests.schema.transport.serving import PROTOCOL, ask, heard, say, serving, talking
from tests.schema.transport.small_schema import Journal, endpoint


@asynccontextmanager
async def socket(token=None, limits=None, journal=None, **more):
    async with serving(endpoint(limits, journal, **more)) as address, talking(address, token) as ws:
        yield ws


@asynccontextmanager
async def unacknowledged(address, **more):
    async with connect(f"ws://{address}/graphql", subprotocols=[PROTOCOL], **more) as ws:
        yield ws


async def ending(ws):
    """The code and reason with which the server closes."""
    async with asyncio.timeout(10):
        with suppress(ConnectionClosed):
            while True:
                await ws.recv()
    return ws.close_code, ws.close_reason


async def no_more(app):
    """Returns when the server has no socket left, and counts none."""
    async with asyncio.timeout(10):
        while app.sockets.count:
            await asyncio.sleep(0.01)
    assert app.sockets.count_by_caller == {}


async def test_a_query_is_one_answer():
    async with socket("agent") as ws:
        await ask(ws, "query ($t: String) { me echo(text: $t) }", variables={"t": "x"})

        assert await heard(ws) == {"id": "1", "type": "next", "payload": {"data": {"me": "Ada", "echo": "x0"}}}
        assert await heard(ws) == {"id": "1", "type": "complete"}


async def test_a_mutation_is_one_answer():
    async with socket() as ws:
        await ask(ws, 'mutation { openCase(input: {title: "x"}) { title } }')

        assert (await heard(ws))["payload"] == {"data": {"openCase": {"title": "x"}}}


async def test_a_subscription_is_an_answer_per_event():
    async with socket() as ws:
        await ask(ws, "subscription { count(to: 3) }")
        answers = [await heard(ws) for _ in range(4)]

    assert [answer["payload"]["data"]["count"] for answer in answers[:3]] == [0, 1, 2]
    assert answers[3] == {"id": "1", "type": "complete"}


async def test_operations_run_beside_each_other():
    journal = Journal()
    async with socket(journal=journal) as ws:
        await ask(ws, "subscription { silence }", "waits")
        await ask(ws, "{ echo }", "runs")

        assert (await heard(ws))["id"] == "runs"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ nothing }", "BAD_INPUT"),
        ("{", "BAD_INPUT"),
        ("", "BAD_INPUT"),
        ("{" + "echo " * 21 + "}", "COST_LIMIT"),
        ("subscription { nothing }", "BAD_INPUT"),
        ("query A { echo } query B { echo }", "BAD_INPUT"),
        ("query ($n: Int!) { echo(number: $n) }", "BAD_INPUT"),
        ("subscription ($n: Int!) { count(to: $n) }", "BAD_INPUT"),
    ],
)
async def test_what_is_refused_is_an_error_and_the_socket_stays(query, code):
    async with socket() as ws:
        await ask(ws, query)
        error = await heard(ws)
        await ask(ws, "{ echo }")
        after = await heard(ws)

    assert (error["type"], error["id"]) == ("error", "1")
    assert error["payload"][0]["extensions"]["code"] == code
    assert after["payload"] == {"data": {"echo": "0"}}


async def test_a_bug_is_masked():
    async with socket() as ws:
        await ask(ws, "{ bug }")
        query = await heard(ws), await heard(ws)
        await ask(ws, "subscription { broken }")
        events = await heard(ws), await heard(ws)

    assert query[0]["payload"]["errors"][0]["message"] == "Internal error"
    assert "SELECT" not in json.dumps([query, events])


async def test_what_is_no_json_is_masked_too():
    async with socket() as ws:
        await ask(ws, "{ surrogate }")

        assert (await heard(ws))["payload"]["errors"][0]["extensions"]["code"] == "INTERNAL"


async def test_complete_stops_an_operation_and_gives_its_context_back():
    journal = Journal()
    async with socket(journal=journal) as ws:
        await ask(ws, "subscription { silence }")
        await journal.started.wait()
        await say(ws, {"id": "1", "type": "complete"})
        async with asyncio.timeout(10):
            await journal.cancelled.wait()
        await ask(ws, "{ echo }")  # the id is free again

        assert (await heard(ws))["type"] == "next"
    assert journal.open_contexts == 0


@pytest.mark.parametrize("query", ["subscription { silence }", "{ forever }"])
async def test_a_client_that_leaves_stops_its_operations(query):
    journal = Journal()
    async with serving(endpoint(journal=journal)) as address:
        async with talking(address) as ws:
            await ask(ws, query)
            await journal.started.wait()
        async with asyncio.timeout(10):
            await journal.cancelled.wait()

    assert journal.open_contexts == 0


async def test_each_operation_has_a_context_of_its_own():
    journal = Journal()
    async with socket(journal=journal) as ws:
        for _ in range(3):
            await ask(ws, "{ echo }")
            await heard(ws), await heard(ws)

    assert journal.contexts == 3


async def test_the_deadline_holds_on_sockets():
    async with socket(limits=Limits(operation_seconds=0.05)) as ws:
        await ask(ws, "{ forever }")

        assert (await heard(ws))["payload"][0]["extensions"]["code"] == "TIMEOUT"


async def test_the_bucket_holds_on_sockets_and_is_the_same_as_over_http():
    async with serving(endpoint(Limits(bucket_points=20, bucket_points_per_second=1))) as address:
        async with httpx.AsyncClient(base_url=f"http://{address}") as http:
            query = {"query": "{ cases(first: 18) { nodes { id } } }"}
            await http.post("/graphql", json=query, headers={"authorization": "Bearer agent"})
        async with talking(address, "agent") as ws:
            await ask(ws, query["query"])

            assert (await heard(ws))["payload"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_who_sends_message_after_message_is_sent_away():
    async with socket("agent", Limits(bucket_points=50, bucket_points_per_second=1)) as ws:
        with suppress(ConnectionClosed):
            for _ in range(50):
                await say(ws, {"type": "pong"})

        assert await ending(ws) == (4429, "Too many messages")


async def test_too_many_operations_at_once():
    async with socket(limits=Limits(subscriptions_per_socket=2)) as ws:
        for id_ in "abc":
            await ask(ws, "subscription { silence }", id_)
        error = await heard(ws)

    assert (error["id"], error["type"]) == ("c", "error")
    assert error["payload"][0]["extensions"]["limit"] == "subscriptions_per_socket"


async def test_ping_is_answered_before_and_after_the_welcome():
    async with serving(endpoint()) as address, unacknowledged(address) as ws:
        await say(ws, {"type": "ping"})
        assert await heard(ws) == {"type": "pong"}
        await say(ws, {"type": "connection_init"})
        assert await heard(ws) == {"type": "connection_ack"}
        await say(ws, {"type": "ping", "payload": {"a": 1}})
        await say(ws, {"type": "pong"})
        assert await heard(ws) == {"type": "pong"}


async def test_who_says_nothing_is_sent_away():
    async with serving(endpoint(Limits(socket_init_seconds=0.05))) as address, unacknowledged(address) as ws:
        assert await ending(ws) == (4408, "Connection initialisation timeout")


async def test_pings_do_not_put_it_off():
    async with serving(endpoint(Limits(socket_init_seconds=0.05))) as address, unacknowledged(address) as ws:
        with suppress(ConnectionClosed):
            while True:
                await say(ws, {"type": "ping"})
                await ws.recv()

    assert ws.close_code == 4408


async def test_nothing_runs_before_the_welcome():
    async with serving(endpoint()) as address, unacknowledged(address) as ws:
        await ask(ws, "{ echo }")

        assert await ending(ws) == (4401, "Unauthorized")


@pytest.mark.parametrize(
    ("payload", "header"),
    [
        ({"authorization": "Bearer agent"}, None),
        ({"Authorization": "bearer agent"}, None),
        ({"token": "agent"}, None),
        ({"token": "Bearer agent"}, None),
        ({"authToken": "agent", "more": 1}, None),
        ({"headers": {"Authorization": "Bearer agent"}}, None),
        ({"authorization": None, "token": "agent"}, None),
        ({}, "Bearer agent"),
        (None, "Bearer agent"),
        ({"token": "agent"}, "Bearer nobody"),
        ({"token": "agent"}, "Basic of-a-proxy"),
    ],
)
async def test_a_token_is_understood_as_clients_spell_it(payload, header):
    headers = {} if header is None else {"authorization": header}
    async with serving(endpoint()) as address, unacknowledged(address, additional_headers=headers) as ws:
        await say(ws, {"type": "connection_init", "payload": payload})
        await heard(ws)
        await ask(ws, "{ viewer }")

        assert (await heard(ws))["payload"] == {"data": {"viewer": "Ada"}}


async def test_what_a_proxy_asks_for_is_not_our_business():
    async with (
        serving(endpoint()) as address,
        unacknowledged(address, additional_headers={"authorization": "Basic x"}) as ws,
    ):
        await say(ws, {"type": "connection_init"})

        assert await heard(ws) == {"type": "connection_ack"}


@pytest.mark.parametrize(
    "payload",
    [
        {"authorization": "Bearer nobody"},
        {"Authorization": "agent"},
        {"authorization": 1},
        {"token": "nobody"},
        {"token": ""},
    ],
)
async def test_a_token_that_does_not_hold_ends_the_socket(payload):
    async with serving(endpoint()) as address, unacknowledged(address) as ws:
        await say(ws, {"type": "connection_init", "payload": payload})

        assert await ending(ws) == (4403, "Forbidden")


async def test_the_socket_ends_with_the_token():
    journal = Journal()
    async with socket("brief", journal=journal) as ws:
        await ask(ws, "subscription { silence }")

        assert await ending(ws) == (4403, "TOKEN_EXPIRED")
    assert journal.open_contexts == 0


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"type": "connection_init"}, 4429),
        ({"type": "subscribe", "id": "a", "payload": {"query": "subscription { silence }"}}, 4409),
        ({"type": "start", "id": "1", "payload": {}}, 4400),
        ({"type": "subscribe", "id": "1", "payload": {"query": "{ echo }", "variables": []}}, 4400),
        ({"type": "subscribe", "id": "1", "payload": {"query": "{ echo }" + " " * 70_000}}, 1009),
    ],
)
async def test_what_the_protocol_forbids_ends_the_socket(message, code):
    async with socket() as ws:
        await ask(ws, "subscription { silence }", "a")
        await say(ws, message)

        assert (await ending(ws))[0] == code


async def test_only_one_protocol_is_spoken():
    old = Subprotocol("graphql-ws")
    async with serving(endpoint()) as address, connect(f"ws://{address}/graphql", subprotocols=[old]) as ws:
        assert (await ending(ws))[0] == 4406


@pytest.mark.parametrize(
    "origin", ["https://foe.example", "null", "https://friend.example.foe.example", "http://127.0.0.1"]
)
async def test_a_foreign_page_opens_no_socket(origin):
    async with serving(endpoint()) as address:
        with pytest.raises(InvalidStatus) as refused:
            async with unacknowledged(address, origin=origin):
                pass

    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("origin", ["https://friend.example", "http://{}", None])
async def test_our_page_a_friend_and_a_program_do(origin):
    async with serving(endpoint()) as address, talking(address, origin=origin and origin.format(address)) as ws:
        await ask(ws, "{ echo }")

        assert (await heard(ws))["type"] == "next"


async def test_one_person_has_so_many_sockets_and_another_their_own():
    async with serving(endpoint(Limits(sockets_per_person=1))) as address, talking(address, "agent"):
        async with unacknowledged(address) as second:
            await say(second, {"type": "connection_init", "payload": {"authorization": "Bearer agent"}})
            assert await ending(second) == (4429, "Too many sockets")
        async with talking(address, "customer"):
            pass


async def test_a_socket_that_ended_makes_room():
    app = endpoint(Limits(sockets=1, sockets_per_person=1))
    async with serving(app) as address:
        async with talking(address, "agent"), unacknowledged(address) as second:
            assert await ending(second) == (1013, "Too many sockets")
        await no_more(app)
        async with talking(address, "agent") as ws:
            await ask(ws, "{ echo }")
            assert (await heard(ws))["type"] == "next"
        await no_more(app)


async def test_a_reader_that_does_not_read_holds_up_nobody_else():
    async with serving(endpoint()) as address, talking(address, "agent") as slow, talking(address, "customer") as quick:
        for id_ in "abc":
            await ask(slow, "subscription { flood }", id_)
        for _ in range(20):
            await ask(quick, "{ echo }")
            assert (await heard(quick))["payload"] == {"data": {"echo": "0"}}
            assert (await heard(quick))["type"] == "complete"


async def test_a_reader_that_never_reads_is_let_go(monkeypatch):
    monkeypatch.setattr("schema.transport.socket.SEND_SECONDS", 0.2)
    app = endpoint()
    async with serving(app) as address, talking(address) as ws:
        await ask(ws, "subscription { flood }")

        await no_more(app)


async def test_a_hundred_that_leave_in_the_middle_leave_nothing_behind():
    journal = Journal()
    app = endpoint(Limits(bucket_points=1_000_000, sockets_per_person=1_000), journal)
    async with serving(app) as address:
        for _ in range(100):
            async with talking(address, "agent") as ws:
                await ask(ws, "subscription { flood }", "a")
                await ask(ws, "{ forever }", "b")
                ws.transport.abort()
        await no_more(app)

    assert journal.open_contexts == 0

"""Whatever comes in is answered soon, with a coded error, and the server lives."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from cases.vocabulary import ErrorCode
from tests.schema.bad_requests import BadRequest, bad_messages, bad_requests
from tests.schema.transport.serving import PROTOCOL, say, serving
from tests.schema.transport.small_schema import endpoint

PATIENCE = 10  # seconds, for a machine that does other things too; nobody measures here


def complaints(status: int, errors: Any) -> str | None:
    """What is wrong with an answer to a bad request, None if nothing is."""
    if status >= 500:
        return f"status {status}"
    if not errors:
        return "no errors"
    codes = [error.get("extensions", {}).get("code") for error in errors]
    if any(code not in ErrorCode.__members__ or code == "INTERNAL" for code in codes):
        return f"codes {codes}"
    if len(errors) > 20 or any(len(error["message"]) > 300 for error in errors):
        return "too many words"
    return None


async def answer(client: httpx.AsyncClient, request: BadRequest) -> str | None:
    response = await client.request(
        request.method, "/graphql" + request.target, content=request.body, headers=request.headers
    )
    if response.status_code < 400:
        return f"status {response.status_code}: {response.text[:200]}"
    content = response.json()
    return complaints(response.status_code, content.get("errors")) or ("data" if "data" in content else None)


async def test_every_bad_request_gets_a_coded_error_and_the_server_lives():
    wrong = {}
    async with (
        serving(endpoint()) as address,
        httpx.AsyncClient(base_url=f"http://{address}", timeout=PATIENCE) as client,
    ):
        for request in bad_requests():
            complaint = await answer(client, request)
            if complaint:
                wrong[request.name] = complaint
        alive = await client.post("/graphql", json={"query": "{ __typename }"})

    assert wrong == {}
    assert alive.json() == {"data": {"__typename": "Query"}}


async def reply(address: str, frame: str | bytes) -> str | None:
    """What is wrong with what a socket does after this frame: an error for the operation and a close are both right."""
    async with connect(f"ws://{address}/graphql", subprotocols=[PROTOCOL], max_size=None) as ws:
        await say(ws, {"type": "connection_init"})
        await ws.recv()
        try:
            async with asyncio.timeout(PATIENCE):
                await ws.send(frame)
                await say(ws, {"id": "after", "type": "subscribe", "payload": {"query": "{ __typename }"}})
                while True:
                    message = json.loads(await ws.recv())
                    if message["type"] == "error":
                        return complaints(400, message["payload"])
                    if message.get("id") == "after":
                        return "nothing, as if it had been right"
                    if message["type"] == "next" and message.get("id") == "1":
                        return f"an answer: {message}"
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else 1006
            return None if code in (1009, 4400, 4429) else f"closed with {code}"


async def test_every_bad_message_ends_its_operation_or_its_socket_and_the_server_lives():
    wrong = {}
    async with serving(endpoint()) as address:
        for name, frame in bad_messages():
            complaint = await reply(address, frame)
            if complaint:
                wrong[name] = complaint
        async with httpx.AsyncClient(base_url=f"http://{address}") as client:
            alive = await client.post("/graphql", json={"query": "{ __typename }"})

    assert wrong == {}
    assert alive.json() == {"data": {"__typename": "Query"}}


def test_the_corpus_is_large_enough():
    names = [request.name for request in bad_requests()]

    assert len(names) >= 300
    assert len(bad_messages()) >= 100


@pytest.mark.parametrize(
    "kind", ["no JSON", "body", "query", "value", "syntax", "invalid", "greedy", "coercion", "accept"]
)
def test_the_corpus_has_something_of_each_kind(kind):
    assert any(request.name.startswith(kind) for request in bad_requests())

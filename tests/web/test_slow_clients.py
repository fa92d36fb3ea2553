"""Clients that take their time are sent away, and the others are not."""

import asyncio

import httpx

from tests.schema.transport.serving import serving
from tests.schema.transport.small_schema import endpoint
from web.slow_clients import BodyDeadline, SlowHeadProtocol

HEAD = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n"
SHORT, LONG = 0.1, 30.0


def app(idle=LONG, total=LONG):
    return BodyDeadline(endpoint(), idle_seconds=idle, total_seconds=total)


def head_protocol(head_seconds, head_bytes=SlowHeadProtocol.head_bytes):
    """The protocol with this deadline and this bound, for uvicorn's `http=`."""
    return type("SlowHeadProtocol", (SlowHeadProtocol,), {"head_seconds": head_seconds, "head_bytes": head_bytes})


async def everything(reader):
    async with asyncio.timeout(10):
        return await reader.read()


async def sent(address, *pieces):
    host, port = address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    for piece in pieces:
        writer.write(piece)
    return reader, writer


async def test_a_connection_that_says_nothing_is_closed():
    async with serving(app(), http=head_protocol(SHORT)) as address:
        reader, writer = await sent(address)

        assert await everything(reader) == b""
        writer.close()


async def test_a_head_without_end_is_told_that_it_is_too_large():
    async with serving(app(), http=head_protocol(LONG, head_bytes=1_000)) as address:
        reader, writer = await sent(address, b"GET / HTTP/1.1\r\nhost: x\r\nx: ", b"y" * 2_000)
        answer = await everything(reader)
        writer.close()

    assert answer.startswith(b"HTTP/1.1 431 ")


async def test_heads_are_counted_one_by_one_and_without_their_bodies():
    async with serving(app(), http=head_protocol(LONG, head_bytes=1_000)) as address, httpx.AsyncClient() as http:
        for _ in range(5):
            answer = await http.post(
                f"http://{address}/graphql", json={"query": "{ echo }"}, headers={"x": "y" * 500, "origin": "http://x"}
            )
            long = await http.post(
                f"http://{address}/graphql", json={"query": "{ echo }", "extensions": {"x": "y" * 5_000}}
            )

            assert (answer.status_code, long.status_code) == (200, 200)


async def trickling(reader, writer, drop):
    """The first the client hears while it sends drop after drop; nothing if it is cut off."""
    reading = asyncio.create_task(reader.read(1_000))
    try:
        async with asyncio.timeout(10):
            while not reading.done():
                writer.write(drop)
                await asyncio.sleep(0)
        return await reading
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def test_a_head_that_trickles_is_closed():
    async with serving(app(), http=head_protocol(SHORT)) as address:
        reader, writer = await sent(address, HEAD[:30])

        assert await trickling(reader, writer, b"x") == b""


async def test_a_second_head_on_the_same_connection_is_closed_too():
    """uvicorn's own clock between requests stops at the first byte of the next."""
    async with serving(app(), http=head_protocol(SHORT), timeout_keep_alive=1_000) as address:
        reader, writer = await sent(address, b"GET /graphql HTTP/1.1\r\nhost: x\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 405")
        writer.write(HEAD[:30])

        assert b"HTTP/1.1" not in await everything(reader)
        writer.close()


async def test_a_whole_head_stops_the_clock():
    """The answer takes longer than a head may."""
    async with serving(app(idle=3 * SHORT), http=head_protocol(SHORT)) as address:
        reader, writer = await sent(address, HEAD)

        assert (await everything(reader)).startswith(b"HTTP/1.1 408")
        writer.close()


async def test_a_body_that_stops_is_a_408_with_a_code():
    async with serving(app(idle=SHORT)) as address:
        reader, writer = await sent(address, HEAD, b'{"query"')
        answer = await everything(reader)

        assert answer.startswith(b"HTTP/1.1 408")
        assert b'"TIMEOUT"' in answer
        writer.close()


async def test_a_body_that_trickles_is_a_408():
    async with serving(app(total=SHORT)) as address:
        reader, writer = await sent(address, HEAD.replace(b"100", b"200000"))

        assert (await trickling(reader, writer, b" ")).startswith(b"HTTP/1.1 408")


async def test_an_answer_may_take_longer_than_a_body():
    async with serving(app(SHORT, SHORT)) as address, httpx.AsyncClient(base_url=f"http://{address}") as client:
        asking = asyncio.create_task(client.post("/graphql", json={"query": "{ forever }"}))
        done, _ = await asyncio.wait([asking], timeout=3 * SHORT)
        assert not done
        asking.cancel()


async def test_an_ordinary_client_notices_nothing():
    async with (
        serving(app(), http=head_protocol(LONG)) as address,
        httpx.AsyncClient(base_url=f"http://{address}") as client,
    ):
        answers = [await client.post("/graphql", json={"query": "{ echo }"}) for _ in range(3)]

    assert [answer.json() for answer in answers] == [{"data": {"echo": "0"}}] * 3

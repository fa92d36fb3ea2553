"""A real server on a free loopback port, in the loop of the test, so that a test can look inside it."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

PROTOCOL = Subprotocol("graphql-transport-ws")


class Server(uvicorn.Server):
    """uvicorn's own looks every 100 ms whether it is to end, which adds up over a hundred tests."""

    async def main_loop(self) -> None:
        await self.over.wait()

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.over = asyncio.Event()


@asynccontextmanager
async def serving(app: ASGIApp, **config: Any) -> AsyncIterator[str]:
    """Yields `host:port`. The server is up when this begins, and gone when it ends."""
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:  # by name, or asyncio does not turn Nagle off
        listener.bind(("127.0.0.1", 0))
        options = {"ws": "websockets-sansio", "ws_per_message_deflate": False, "lifespan": "off", "log_config": None}
        server = Server(uvicorn.Config(app, **{**options, **config}))
        running = asyncio.create_task(server.serve([listener]))
        while not server.started:
            await asyncio.sleep(0)
        try:
            yield "{}:{}".format(*listener.getsockname())
        finally:
            server.force_exit = True
            server.over.set()
            await running


@asynccontextmanager
async def talking(address: str, token: str | None = None, **more: Any) -> AsyncIterator[ClientConnection]:
    """A socket that has been acknowledged."""
    async with connect(f"ws://{address}/graphql", subprotocols=[PROTOCOL], close_timeout=1, **more) as ws:
        payload = {} if token is None else {"authorization": f"Bearer {token}"}
        await say(ws, {"type": "connection_init", "payload": payload})
        assert await heard(ws) == {"type": "connection_ack"}
        yield ws


async def say(ws: ClientConnection, message: object) -> None:
    await ws.send(json.dumps(message))


async def heard(ws: ClientConnection) -> Any:
    return json.loads(await ws.recv())


async def ask(ws: ClientConnection, query: str, id_: str = "1", **payload: Any) -> None:
    await say(ws, {"id": id_, "type": "subscribe", "payload": {"query": query, **payload}})

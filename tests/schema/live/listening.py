"""The whole graph on a real socket, in the loop and on the database of the test, for whoever the test signs in."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from websockets.asyncio.client import ClientConnection

from cases.viewer import Viewer
from models.database import Database
from models.wakeups import wakeups
from schema.context import Context
from schema.graph import build_schema
from schema.live.hub import Hub
from schema.live.standing import Standing
from schema.transport.errors import Unauthenticated
from schema.transport.http import GraphQLEndpoint
from schema.transport.session import Session
from settings import Limits, Settings
from tests.schema.transport.serving import ask, heard, serving, talking

SECRET = b"the secret of all cursors in tests"
PATIENCE = 10.0


@dataclass
class House:
    """A running server. `signed_in` are sessions by token."""

    address: str
    hub: Hub
    endpoint: GraphQLEndpoint
    signed_in: dict[str, Session] = field(default_factory=dict)

    @asynccontextmanager
    async def socket(self, viewer: Viewer | None, **session: Any) -> AsyncIterator[ClientConnection]:
        """A socket of the viewer that was welcomed."""
        token = f"t{len(self.signed_in)}"
        self.signed_in[token] = Session(viewer, **session)
        async with talking(self.address, token) as ws:
            yield ws

    @asynccontextmanager
    async def listening(self, viewer: Viewer | None, query: str, **variables: Any) -> AsyncIterator["Listener"]:
        """A socket of the viewer with one subscription."""
        async with self.socket(viewer) as ws:
            await ask(ws, query, variables=variables)
            yield Listener(ws)


@dataclass
class Listener:
    ws: ClientConnection

    async def message(self) -> Any:
        async with asyncio.timeout(PATIENCE):
            return await heard(self.ws)

    async def next(self) -> Any:
        """What the only field of the subscription has in the next message."""
        message = await self.message()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        (value,) = message["payload"]["data"].values()
        return value

    async def code(self) -> str:
        """With which code the subscription is refused, or ends."""
        message = await self.message()
        assert message["type"] == "error", message
        code: str = message["payload"][0]["extensions"]["code"]
        return code

    async def closed(self) -> tuple[int | None, str | None]:
        """With which code and reason the server closes the socket."""
        async with asyncio.timeout(PATIENCE):
            await self.ws.wait_closed()
        return self.ws.close_code, self.ws.close_reason


@asynccontextmanager
async def house(
    database: Database, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC), **limits: Any
) -> AsyncIterator[House]:
    """A server on the database of the test."""
    within = Limits(**{"bucket_points": 1_000_000, **limits})
    hub = Hub(within.queued_events)
    signed_in: dict[str, Session] = {}

    async def authenticate(token: str | None) -> Session:
        if token not in signed_in:
            raise Unauthenticated
        return signed_in[token]

    endpoint = GraphQLEndpoint(
        build_schema(within),
        authenticate=authenticate,
        context=lambda viewer, now: Context(viewer, now, within, SECRET, hub),
        settings=Settings(environment="test", limits=within),
        clock=clock,
        stands=Standing(clock),
    )
    async with wakeups(database) as woken, serving(endpoint) as address:
        telling = asyncio.create_task(hub.run(woken))
        try:
            yield House(address, hub, endpoint, signed_in)
        finally:
            telling.cancel()
            with suppress(asyncio.CancelledError):
                await telling

"""A mail server and a receiver of webhooks on this machine, real ones, that note down what they get."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

import uvicorn
from aiosmtpd.smtp import SMTP
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route


@dataclass
class Mailbox:
    """What came in, and what is answered: one after the other, then always that it is fine."""

    url: str = ""
    messages: list[Message] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answers:
            return self.answers.pop(0)
        self.messages.append(message_from_bytes(envelope.content))
        return "250 OK"


@asynccontextmanager
async def mailbox() -> AsyncIterator[Mailbox]:
    box = Mailbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0)
    box.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield box
    finally:
        server.close()
        await server.wait_closed()


@dataclass
class Receiver:
    """The requests that came in, with their bodies, and what is answered, as for mail."""

    url: str = ""
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    async def hook(self, request: Request) -> Response:
        status = self.answers.pop(0) if self.answers else 204
        if status == 307:
            return RedirectResponse("/hook")
        if status == 200:
            return Response(b"x" * 10_000_000)
        if status < 300:
            self.requests.append((dict(request.headers), await request.body()))
        return Response(status_code=status)


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    box = Receiver()
    app = Starlette(routes=[Route("/hook", box.hook, methods=["POST", "GET"])])
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    running = asyncio.create_task(server.serve([listening]))
    box.url = f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
    try:
        yield box
    finally:
        server.should_exit = True
        await running
        listening.close()

"""A mail server and a receiver of webhooks on this machine, real ones, that note down what they get."""

import asyncio
import socket
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any, cast

import uvicorn
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route


def nothing(id: str) -> bool:
    return False


@dataclass
class Mailbox:
    """What came in, and what is answered: one after the other, then that it is fine, or not for now if `refuses`."""

    url: str = ""
    messages: list[Message] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refuses: Callable[[str], bool] = nothing
    """Asked with the Message-ID."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answers:
            return self.answers.pop(0)
        message = message_from_bytes(envelope.content)
        if self.refuses(str(message["Message-ID"])):
            return "451 Not now"
        self.messages.append(message)
        return "250 OK"


@asynccontextmanager
async def mailbox(
    scheme: str = "smtp", tls: ssl.SSLContext | None = None, password: str | None = None
) -> AsyncIterator[Mailbox]:
    """With `tls` it encrypts, as `scheme` says; with a `password` only `casegraph` hands in mail, who knows it."""
    box = Mailbox()
    loop = asyncio.get_running_loop()
    at_once, later = (tls, None) if scheme == "smtps" else (None, tls)
    said: dict[str, Any] = {}
    if password is not None:
        known = LoginPassword(b"casegraph", password.encode())
        said = {"authenticator": lambda *asked: AuthResult(success=asked[-1] == known, handled=False)}
        said |= {"auth_required": True, "auth_require_tls": at_once is None}

    def session() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it does not know that all of the connection is encrypted (smtps)
            return SMTP(box, enable_SMTPUTF8=True, loop=loop, tls_context=later, require_starttls=bool(later), **said)

    server = await loop.create_server(session, "127.0.0.1", 0, ssl=at_once)
    box.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield box
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def silence() -> AsyncIterator[str]:
    """The address of a receiver that takes connections and never says a word."""
    talking: set[asyncio.Task[None]] = set()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talking.add(cast("asyncio.Task[None]", asyncio.current_task()))
        with suppress(asyncio.CancelledError, OSError):
            while await reader.read(1000):
                pass
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()
        for task in talking:
            task.cancel()
        await server.wait_closed()


@dataclass
class Receiver:
    """The requests that came in, with their bodies, and what is answered, as for mail."""

    url: str = ""
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    refuses: Callable[[str], bool] = nothing
    """Asked with the webhook-id."""

    async def hook(self, request: Request) -> Response:
        status = self.answers.pop(0) if self.answers else 204
        if self.refuses(request.headers.get("webhook-id", "")):
            status = 503
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

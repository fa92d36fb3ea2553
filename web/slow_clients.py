"""Clients that take their time: uvicorn waits for a request head, and for a body, as long as anybody likes.

`SlowHeadProtocol` closes a connection on which no complete head arrives in time; `BodyDeadline` answers 408 to a body
that does not. Behind a proxy both stay: the proxy may be missing.
"""

import asyncio
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

BODY: Final = b'{"errors":[{"message":"The request took too long to arrive.","extensions":{"code":"TIMEOUT"}}]}'


TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class SlowHeadProtocol(HttpToolsProtocol):
    """The head of a request has `head_seconds` to arrive, counted from the connection or the last answer on it.

    One that is not complete after `head_bytes` is answered 431: the parser keeps headers of any length.
    """

    head_seconds = 10.0
    head_bytes = 32 * 1024
    _head_timer: asyncio.TimerHandle | None = None
    _head_came_to = 0  # bytes
    _is_in_body = False  # which may still come when its answer is out

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        is_head = self._head_timer is not None and not self._is_in_body
        self._head_came_to = self._head_came_to + len(data) if is_head else 0
        if self._head_came_to > self.head_bytes and not self.transport.is_closing():
            self.transport.write(TOO_LARGE)
            self.transport.close()

    def on_headers_complete(self) -> None:
        self._head_came()
        self._is_in_body = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_in_body = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.pipeline and (self.cycle is None or self.cycle.response_complete):
            self._await_head()

    def _await_head(self) -> None:
        self._head_came()
        if not self.transport.is_closing():
            self._head_timer = self.loop.call_later(self.head_seconds, self.transport.close)

    def _head_came(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None


class TooSlow(Exception):
    """The body did not arrive in time."""


class BodyDeadline:
    """ASGI middleware: a body has `idle_seconds` for each piece and `total_seconds` for all of it."""

    def __init__(self, app: ASGIApp, *, idle_seconds: float, total_seconds: float) -> None:
        self.app = app
        self.idle_seconds = idle_seconds
        self.total_seconds = total_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.total_seconds
        is_complete = has_answered = False

        async def receive_in_time() -> Message:
            nonlocal is_complete
            if is_complete:
                return await receive()  # waiting for the client to leave takes as long as the answer does
            try:
                async with asyncio.timeout_at(min(deadline, loop.time() + self.idle_seconds)):
                    message = await receive()
            except TimeoutError:
                raise TooSlow from None
            is_complete = message["type"] == "http.disconnect" or not message.get("more_body", False)
            return message

        async def send_noticed(message: Message) -> None:
            nonlocal has_answered
            has_answered = True
            await send(message)

        try:
            await self.app(scope, receive_in_time, send_noticed)
        except TooSlow:
            if has_answered:
                raise
            await send(_start())
            await send({"type": "http.response.body", "body": BODY})


def _start() -> dict[str, Any]:
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(BODY)).encode()),
        (b"connection", b"close"),  # what is left of the body would be taken for the next request
    ]
    return {"type": "http.response.start", "status": 408, "headers": headers}

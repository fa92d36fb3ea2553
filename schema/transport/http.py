"""The `/graphql` endpoint: HTTP around the operations, and the way in for sockets.

Requests are `POST` with `application/json`, one at a time; queries (never mutations) may also be a `GET`, which changes
nothing and carries no cookie. A browser that asks for a page gets the explorer where there is one.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
from graphql import OperationType
from starlette.datastructures import Headers, QueryParams
from starlette.types import Message, Receive, Scope, Send

from schema.hardened import CasegraphSchema
from schema.transport.errors import Declined, LimitExceeded, Malformed, Unauthenticated
from schema.transport.masking import Occasion
from schema.transport.negotiation import GRAPHQL, JSON, accepted, is_json, status
from schema.transport.operation import Answer, Caller, MakeContext, Operations, refusal
from schema.transport.request import Request, parse_json, read_request
from schema.transport.session import Authenticate, Session, bearer_token
from schema.transport.socket import Sockets
from settings import Settings

BY_POST: Final = frozenset({OperationType.QUERY, OperationType.MUTATION})
BY_GET: Final = frozenset({OperationType.QUERY})


async def everybody_stands(session: Session) -> bool:
    """Where nobody can become somebody else."""
    return True


class GraphQLEndpoint:
    """An ASGI application for one path.

    `authenticate` turns a token into a session, `context` makes what resolvers get, anew for every operation; it may be
    an asynchronous context manager. `stands` says whether a session still means who it meant. `ide` is a page, or the
    file of one.
    """

    def __init__(
        self,
        schema: CasegraphSchema,
        *,
        authenticate: Authenticate,
        context: MakeContext,
        settings: Settings,
        ide: str | Path | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        stands: Callable[[Session], Awaitable[bool]] | None = None,
    ) -> None:
        self.settings = settings
        self.authenticate = authenticate
        self.operations = Operations(schema, context, settings, clock, stands or everybody_stands)
        self.sockets = Sockets(self.operations, authenticate, settings, clock)
        self.ide = ide.read_text("utf-8") if isinstance(ide, Path) else ide

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self.sockets(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if await self._is_page(scope, headers):
            await respond(send, 200, "text/html", (self.ide or "").encode())
            return
        media_type = accepted(headers.get("accept"))
        try:
            if media_type is None:
                raise Malformed(f"Answers come as {GRAPHQL} or {JSON}.", status=406)
            answer = await self._answer(scope, headers, receive)
        except Gone:
            return
        except Declined as error:
            answer, code = refusal(error), http_status(error)
            body = orjson.dumps(answer.payload())
        else:
            answer, body = self._encoded(answer)
            has_data = answer.was_executed and answer.data is not None
            code = answer.status or status(media_type, has_data=has_data, codes=answer.codes)
        await respond(send, code, media_type or JSON, body, *more_headers(answer, code))

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive) -> Answer:
        """Raises Declined for what is no request, and Gone if nobody waits for the answer any more."""
        limits = self.settings.limits
        allowed = BY_POST
        if scope["method"] == "POST":
            if not is_json(headers.get("content-type")) or headers.get("content-encoding", "identity") != "identity":
                raise Malformed(f"Requests come as {JSON} in UTF-8.", status=415)
            body = await read_body(headers, receive, limits.body_bytes)
            session = await self._session(headers)
            request = read_request(parse_json(body), limits)
        elif scope["method"] == "GET" and b"query=" in scope["query_string"]:
            allowed = BY_GET
            if len(scope["query_string"]) > limits.body_bytes:
                raise LimitExceeded(limit="body_bytes", allowed=limits.body_bytes)
            session = await self._session(headers)
            request = request_of(QueryParams(scope["query_string"]), self.settings)
        else:
            raise Malformed("Requests come by POST.", status=405)
        caller = Caller(session, (scope.get("client") or ("unknown", 0))[0])
        with_cost = headers.get("graphql-cost") == "1"
        return await while_connected(
            self.operations.answer(request, caller, allowed=allowed, with_cost=with_cost), receive
        )

    async def _session(self, headers: Headers) -> Session:
        values = headers.getlist("authorization")
        if len(values) > 1:
            raise Unauthenticated("Send one `Authorization` header.")
        return await self.authenticate(bearer_token(values[0] if values else None))

    async def _is_page(self, scope: Scope, headers: Headers) -> bool:
        """Whether a browser asks for the explorer, where and for whom there is one."""
        if self.ide is None or scope["method"] != "GET" or b"query=" in scope["query_string"]:
            return False
        if accepted(headers.get("accept"), (JSON, GRAPHQL, "text/html")) != "text/html":
            return False
        if self.settings.in_development:
            return True
        try:
            return (await self._session(headers)).is_staff
        except Unauthenticated:
            return False

    def _encoded(self, answer: Answer) -> tuple[Answer, bytes]:
        """The answer as it goes out; another if a resolver gave text that is not Unicode, or too long an integer."""
        try:
            return answer, orjson.dumps(answer.payload())
        except TypeError as error:
            crash = self.operations.crash(error, Occasion("", None, {}))
            return crash, orjson.dumps(crash.payload())


class Gone(Exception):
    """The client has hung up."""


async def read_body(headers: Headers, receive: Receive, most: int) -> bytes:
    """The body, if it is not longer than `most` bytes; a longer one is not read to its end."""
    too_long = LimitExceeded("The body is too long.", limit="body_bytes", allowed=most)
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:12]) > most:
        raise too_long
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        body += message.get("body", b"")
        if len(body) > most:
            raise too_long
        if not message.get("more_body", False):
            return bytes(body)


def request_of(parameters: QueryParams, settings: Settings) -> Request:
    """The request in the parameters of a URL; `variables` and `extensions` are JSON in there."""
    content: dict[str, object] = dict(parameters)
    for name in ("variables", "extensions"):
        if name in content:
            content[name] = parse_json(str(content[name])) if content[name] else None
    if not content.get("operationName"):
        content.pop("operationName", None)
    return read_request(content, settings.limits)


async def while_connected(work: Coroutine[Any, Any, Answer], receive: Receive) -> Answer:
    """What `work` answers. It is cancelled when the client hangs up, or when this is; raises Gone for the former."""
    answering = asyncio.create_task(work)
    watching = asyncio.create_task(hung_up(receive))
    try:
        await asyncio.wait((answering, watching), return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            raise Gone
        return await answering
    finally:
        for task in (watching, answering):
            task.cancel()
        await asyncio.gather(watching, answering, return_exceptions=True)


async def hung_up(receive: Receive) -> Message:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return message


def http_status(error: Declined) -> int:
    """The status of what was declined before it was a GraphQL request: the same in both media types."""
    if isinstance(error, Malformed):
        return error.status
    if isinstance(error, LimitExceeded):
        return 413 if error.limit == "body_bytes" else 400
    return status(GRAPHQL, has_data=False, codes=[error.code])


def more_headers(answer: Answer, code: int) -> list[tuple[bytes, bytes]]:
    """What some statuses must come with: RFC 9110, 15.5.6 and 15.5.2; RFC 6585, 4."""
    if code == 405:
        return [(b"allow", b"GET, POST")]
    if code == 401:
        return [(b"www-authenticate", b"Bearer")]
    if code == 429:
        seconds = (answer.errors[0].extensions or {}).get("retryAfter", 1)
        return [(b"retry-after", str(seconds).encode())]
    return []


async def respond(send: Send, code: int, media_type: str, body: bytes, *more: tuple[bytes, bytes]) -> None:
    headers = [
        (b"content-type", f"{media_type}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"vary", b"accept, authorization"),
        (b"x-content-type-options", b"nosniff"),
        *more,
    ]
    await send({"type": "http.response.start", "status": code, "headers": headers})
    await send({"type": "http.response.body", "body": body})

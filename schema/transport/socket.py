"""`graphql-transport-ws` over WebSocket: queries, mutations and subscriptions, as many at a time as the limits allow.

Every operation is a task of its own, and every one of them waits for the reader: a slow client holds up its own
operations and nobody else's. What a client may not even try closes the socket with a code of the protocol; what one
operation may not do is an `error` message for that operation.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Hashable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
from graphql import OperationType
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from schema.transport.documents import Refusal
from schema.transport.errors import Declined, LimitExceeded, Malformed, RateLimited, Unauthenticated
from schema.transport.operation import Answer, Caller, Operations, Revoked, occasion, refusal
from schema.transport.request import Request, parse_json, read_request
from schema.transport.session import Authenticate, Session, said_token
from settings import Settings

PROTOCOL: Final = "graphql-transport-ws"
LONGEST_ID: Final = 128
MESSAGE_POINTS: Final = 5  # of what a person may ask for; a `subscribe` costs what its document does
SEND_SECONDS: Final = 10.0  # a reader that takes nothing for so long is gone
ONCE: Final = frozenset({OperationType.QUERY, OperationType.MUTATION})


class Closing(Exception):
    """The socket is to be closed, with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Quiet(Exception):
    """Nothing was heard for as long as was waited."""


def forbidden() -> Closing:
    return Closing(4403, "Forbidden")


class Gone(Exception):
    """The client has left, or reads no more."""


@dataclass
class Sockets:
    """All sockets of this process: who may open one, and how many."""

    operations: Operations
    authenticate: Authenticate
    settings: Settings
    clock: Callable[[], datetime]
    count: int = 0
    count_by_caller: Counter[Hashable] = field(default_factory=Counter)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        if not is_same_or_allowed(Headers(scope=scope), self.settings):
            await send({"type": "websocket.close", "code": 4403})  # before it is accepted: HTTP 403
            return
        if PROTOCOL not in scope.get("subprotocols", ()):
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": 4406, "reason": "Subprotocol not acceptable"})
            return
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
        if self.count >= self.settings.limits.sockets:
            await send({"type": "websocket.close", "code": 1013, "reason": "Too many sockets"})
            return
        self.count += 1
        try:
            await Socket(self, scope, receive, send).run()
        finally:
            self.count -= 1


class Socket:
    """One client's socket, from the acceptance to the end."""

    def __init__(self, sockets: Sockets, scope: Scope, receive: Receive, send: Send) -> None:
        self.sockets = sockets
        self.operations = sockets.operations
        self.limits = sockets.settings.limits
        self.address = (scope.get("client") or ("unknown", 0))[0]
        self.handshake = Headers(scope=scope).get("authorization")
        self.receive = receive
        self.send = send
        self.running: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        try:
            await self._converse()
        except Gone:
            return
        except Closing as closing:
            await self._give({"type": "websocket.close", "code": closing.code, "reason": closing.reason})

    async def _converse(self) -> None:
        """Raises Closing or Gone; there is no other end."""
        caller = Caller(await self._initialised(), self.address)
        by_caller = self.sockets.count_by_caller
        if by_caller[caller.key] >= self.limits.sockets_per_person:
            raise Closing(4429, "Too many sockets")
        by_caller[caller.key] += 1
        try:
            await self._say({"type": "connection_ack"})
            async with asyncio.TaskGroup() as tasks:
                try:
                    await self._serve(caller, tasks)
                finally:
                    for task in self.running.values():
                        task.cancel()
        except BaseExceptionGroup as group:
            raise _first_end(group) from None
        finally:
            by_caller[caller.key] -= 1
            if not by_caller[caller.key]:
                del by_caller[caller.key]

    async def _initialised(self) -> Session:
        """The session of whoever says hello in time."""
        deadline = asyncio.get_running_loop().time() + self.limits.socket_init_seconds
        while True:
            message = await self._hear(deadline, Closing(4408, "Connection initialisation timeout"))
            match message["type"]:
                case "connection_init":
                    break
                case "ping":
                    await self._say({"type": "pong"})
                case "subscribe":
                    raise Closing(4401, "Unauthorized")
                case "pong" | "complete":
                    pass
        payload = message.get("payload")
        if payload is not None and not isinstance(payload, dict):
            raise Closing(4400, "Invalid payload")
        try:
            return await self.sockets.authenticate(said_token(payload or {}, self.handshake))
        except Unauthenticated:
            raise forbidden() from None

    async def _serve(self, caller: Caller, tasks: asyncio.TaskGroup) -> None:
        loop, expiry = asyncio.get_running_loop(), float("inf")
        if caller.session.expires_at is not None:
            expiry = loop.time() + (caller.session.expires_at - self.sockets.clock()).total_seconds()
        look = loop.time() + self.limits.standing_seconds
        while True:
            try:
                message = await self._hear(min(expiry, look), Quiet())
            except Quiet:
                if loop.time() >= expiry - 0.001:  # timers may be that early
                    raise Closing(4403, "TOKEN_EXPIRED") from None
                if not await self.operations.stands(caller.session):
                    raise forbidden() from None
                look = loop.time() + self.limits.standing_seconds
                continue
            if message["type"] != "subscribe":
                self._charge(caller)
            match message["type"]:
                case "connection_init":
                    raise Closing(4429, "Too many initialisation requests")
                case "ping":
                    await self._say({"type": "pong"})
                case "subscribe":
                    await self._start(message, caller, tasks)
                case "complete":
                    if (task := self.running.pop(_id(message), None)) is not None:
                        task.cancel()

    def _charge(self, caller: Caller) -> None:
        """What starts no operation costs something too. Raises Closing for who sends too many messages."""
        try:
            self.operations.allowance.take(caller.key, MESSAGE_POINTS, asyncio.get_running_loop().time())
        except RateLimited:
            raise Closing(4429, "Too many messages") from None

    async def _start(self, message: Mapping[str, Any], caller: Caller, tasks: asyncio.TaskGroup) -> None:
        id_, payload = _id(message), _payload(message)
        if id_ in self.running:
            raise Closing(4409, f"Subscriber for {id_[:40]} already exists")
        most = self.limits.subscriptions_per_socket
        try:
            if len(self.running) >= most:
                raise LimitExceeded(limit="subscriptions_per_socket", allowed=most, found=most + 1)
            request = read_request(payload, self.limits)
        except Declined as error:
            self._charge(caller)
            await self._answer("error", id_, refusal(error))
            return
        self.running[id_] = tasks.create_task(self._operate(id_, request, caller))

    async def _operate(self, id_: str, request: Request, caller: Caller) -> None:
        try:
            async with aclosing(self._answers(request, caller)) as answers:
                async for answer in answers:
                    if not answer.was_executed:
                        self._forget(id_)
                        await self._answer("error", id_, answer)
                        return
                    await self._answer("next", id_, answer, request)
        except Revoked:
            raise forbidden() from None
        self._forget(id_)
        await self._say({"id": id_, "type": "complete"})

    async def _answers(self, request: Request, caller: Caller) -> AsyncGenerator[Answer, None]:
        try:
            kind = self.operations.kind(request)
        except Refusal:
            kind = OperationType.QUERY  # answered, and charged, like any other refusal
        if kind is OperationType.SUBSCRIPTION:
            async with aclosing(self.operations.events(request, caller)) as events:
                async for answer in events:
                    yield answer
        else:
            if not await self.operations.stands(caller.session):
                raise Revoked
            yield await self.operations.answer(request, caller, allowed=ONCE)

    def _forget(self, id_: str) -> None:
        """Before the last message goes out: whoever reads it may use the id again."""
        if self.running.get(id_) is asyncio.current_task():
            del self.running[id_]

    async def _answer(self, type_: str, id_: str, answer: Answer, request: Request | None = None) -> None:
        if type_ == "error":
            await self._say({"id": id_, "type": type_, "payload": answer.payload()["errors"]})
            return
        try:
            encoded = answer.encoded
        except TypeError as error:  # a resolver gave what is no JSON
            crash = self.operations.crash(error, occasion(request or Request("")))
            encoded = orjson.dumps(crash.payload() | {"data": None}).decode()
        name = orjson.dumps(id_).decode()
        await self._give({"type": "websocket.send", "text": f'{{"id":{name},"type":"{type_}","payload":{encoded}}}'})

    async def _say(self, message: dict[str, Any]) -> None:
        await self._give({"type": "websocket.send", "text": orjson.dumps(message).decode()})

    async def _give(self, event: dict[str, Any]) -> None:
        """Sends, and waits until there is room. Raises Gone if the client is, or does not make room."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self.send(event)
        except OSError:  # with it TimeoutError, and what the server raises when the client has left
            raise Gone from None

    async def _hear(self, deadline: float | None, too_late: Exception) -> dict[str, Any]:
        """The next message: an object with a `type` of the protocol. Raises `too_late`, Closing or Gone."""
        try:
            async with asyncio.timeout_at(deadline):
                event = await self.receive()
        except TimeoutError:
            raise too_late from None
        if event["type"] == "websocket.disconnect":
            raise Gone
        text = event.get("text")
        if text is None:
            raise Closing(4400, "Messages are text")
        if len(text.encode("utf-8", "surrogatepass")) > self.limits.socket_message_bytes:
            raise Closing(1009, "Message too big")
        try:
            message = parse_json(text)
        except Malformed:
            raise Closing(4400, "Messages are JSON") from None
        if not isinstance(message, dict) or message.get("type") not in MESSAGES:
            raise Closing(4400, "Not a message of this protocol")
        return message


MESSAGES: Final = ("connection_init", "ping", "pong", "subscribe", "complete")


def is_same_or_allowed(headers: Headers, settings: Settings) -> bool:
    """Whether the page that opens the socket is ours or one we know. A client that is no browser names none."""
    origin = headers.get("origin")
    if origin is None:
        return True
    if origin in settings.allowed_origins:
        return True
    return origin != "null" and urlsplit(origin).netloc == headers.get("host")


def _id(message: Mapping[str, Any]) -> str:
    id_ = message.get("id")
    if not isinstance(id_, str) or not 1 <= len(id_) <= LONGEST_ID:
        raise Closing(4400, "Invalid id")
    return id_


def _payload(message: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of `subscribe` if it has the shape of one; what is in it is checked like any request."""
    payload = message.get("payload")
    if not isinstance(payload, dict) or not isinstance(payload.get("query"), str):
        raise Closing(4400, "Invalid payload")
    for name, type_ in (("variables", dict), ("extensions", dict), ("operationName", str)):
        if payload.get(name) is not None and not isinstance(payload[name], type_):
            raise Closing(4400, f"Invalid {name}")
    return payload


def _first_end(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Why a socket ends, of the reasons its tasks gave: the client being gone settles it."""
    ends = [error for error in group.exceptions if isinstance(error, Gone | Closing)]
    others = [error for error in group.exceptions if not isinstance(error, Gone | Closing)]
    if others:
        return others[0]
    return next((end for end in ends if isinstance(end, Gone)), ends[0])

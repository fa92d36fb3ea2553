"""One operation, from a checked request to an answer; the same for HTTP and WebSocket.

The order: what the document is (analysed, validated), whether this viewer may ask it (introspection), whether they may
ask it now (allowance), then execution within the deadline. A context is made for each operation and given back after.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Hashable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final, TypeAlias

import orjson
from graphql import ExecutionResult as CoreResult
from graphql import GraphQLError, OperationType
from strawberry.types import ExecutionResult

from cases.viewer import Viewer
from cases.vocabulary import ErrorCode
from models.reading import sharing
from schema.hardened import CasegraphSchema
from schema.live.happening import Happening, Last, plain
from schema.live.sharing import shared, shared_reads
from schema.transport.allowance import Allowance
from schema.transport.documents import Prepared, Refusal
from schema.transport.errors import Declined, Forbidden, Malformed, TimedOut, Unauthenticated
from schema.transport.masking import Occasion, code_of, declined, formatted
from schema.transport.request import Request
from schema.transport.session import Session
from schema.transport.subscribed import Subscribed
from settings import Settings

MakeContext: TypeAlias = Callable[[Viewer | None, datetime], AbstractAsyncContextManager[Any] | object]


MISPLACED: Final = {OperationType.MUTATION: 405, OperationType.SUBSCRIPTION: 400, OperationType.QUERY: 400}
"""What HTTP says to an operation that is well-formed but in the wrong place: a mutation in a `GET`."""


CHARACTERS_PER_POINT: Final = 200  # the worst 20,000 take some 0.3 s to validate
LOOK_POINTS: Final = 5  # to find out that what happened does not concern a subscription


class Revoked(Exception):
    """Who opened the socket is not who they were then, and has to sign in again."""


@dataclass(frozen=True)
class Caller:
    """Who asks, and who is to be charged for it: the person, or for nobody the address they come from."""

    session: Session
    address: str

    @property
    def key(self) -> Hashable:
        viewer = self.session.viewer
        if viewer is None:
            return self.address
        return (viewer.tenant_id, viewer.person_id or viewer.contact_id or viewer.name)


@dataclass(frozen=True)
class Answer:
    """What goes to the client. `was_executed` is false when nothing ran, and then there is no `data` either."""

    data: dict[str, Any] | None = None
    errors: list[GraphQLError] = field(default_factory=list)
    extensions: dict[str, Any] = field(default_factory=dict)
    was_executed: bool = True
    status: int | None = None  # where HTTP has one of its own for it
    is_last: bool = False  # of a subscription that ends with it

    @property
    def codes(self) -> list[ErrorCode]:
        return [code_of(error) for error in self.errors]

    def payload(self) -> dict[str, Any]:
        payload: dict[str, Any] = {}
        if self.errors:
            payload["errors"] = formatted(self.errors)
        if self.was_executed:
            payload["data"] = self.data
        if self.extensions:
            payload["extensions"] = self.extensions
        return payload

    @cached_property
    def encoded(self) -> str:
        """The payload as JSON; made once, however many are sent it. Raises TypeError for what is no JSON."""
        return orjson.dumps(self.payload()).decode()


def refusal(error: Exception) -> Answer:
    """The answer to what was not executed."""
    return Answer(errors=[declined(error)], was_executed=False, status=getattr(error, "status", None))


@dataclass
class Operations:
    """Executes requests against one schema."""

    schema: CasegraphSchema
    make_context: MakeContext
    settings: Settings
    clock: Callable[[], datetime]
    stands: Callable[[Session], Awaitable[bool]]
    """Whether a caller still is who they were when they signed in."""

    def __post_init__(self) -> None:
        limits = self.settings.limits
        self.allowance = Allowance(limits.bucket_points, limits.bucket_points_per_second)

    async def answer(
        self, request: Request, caller: Caller, *, allowed: frozenset[OperationType], with_cost: bool = False
    ) -> Answer:
        """Executes a query or mutation. Never raises, but for cancellation."""
        try:
            prepared, remaining = self.admit(request, caller, allowed)
        except Refusal as refused:
            return Answer(errors=refused.errors, was_executed=False)
        except Declined as error:
            return refusal(error)
        try:
            async with asyncio.timeout(self.settings.limits.operation_seconds) as deadline:
                async with self._context(caller.session.viewer) as context:
                    result = await self.schema.execute(
                        request.query,
                        variable_values=dict(request.variables),
                        context_value=context,
                        operation_name=request.operation_name,
                    )
        except TimeoutError as error:
            return refusal(TimedOut()) if deadline.expired() else self.crash(error, occasion(request))
        except Exception as error:  # a context that cannot be made; the schema itself masks what its resolvers raise
            return self.crash(error, occasion(request))
        cost = {"requested": prepared.analysis.cost, "remaining": remaining}
        return answer_of(result, {"cost": cost} if with_cost else {})

    async def events(self, request: Request, caller: Caller) -> AsyncGenerator[Answer, None]:
        """Executes a subscription: an answer per event, made for who the caller is by then.

        Every answer that is made for them costs what the document does. Who owes points hears later, and who hears too
        late has to read anew, so that many subscriptions to much are no way around the allowance.

        Raises Revoked if they are not who they were, else nothing, but for cancellation.
        """
        try:
            prepared, _ = self.admit(request, caller, frozenset({OperationType.SUBSCRIPTION}))
            subscribed = Subscribed(self.schema, request, prepared)
            named = (request.query, request.operation_name, orjson.dumps(request.variables))
            async with (
                self._context(caller.session.viewer) as context,
                aclosing(await subscribed.events(context)) as events,
            ):
                async for event in events:
                    await self._paid_up(caller)
                    happening = event if isinstance(event, Happening) else plain(event)
                    if (answer := await self._told(subscribed, named, happening, caller)) is not None:
                        yield answer
                        if answer.is_last:
                            return
        except Revoked:
            raise
        except Refusal as refused:
            yield Answer(errors=refused.errors, was_executed=False)
        except Declined as error:
            yield refusal(error)
        except Exception as error:
            yield self.crash(error, occasion(request))

    async def _told(
        self, subscribed: Subscribed, named: Hashable, happening: Happening, caller: Caller
    ) -> Answer | None:
        """What the caller is told of what happened, if it concerns them. Raises Revoked and Declined."""
        if not await self.stands(caller.session):
            raise Revoked

        def charge(points: int) -> None:
            if happening.news is not None:  # the first message is paid for already
                self.allowance.charge(caller.key, points, asyncio.get_running_loop().time())

        async def told(viewer: Viewer | None) -> Answer | None:
            async with self._context(viewer) as context:
                event = await happening.shown(context)
                charge(LOOK_POINTS if event is None else max(LOOK_POINTS, subscribed.cost))
                if event is None:
                    return None
                is_last = isinstance(event, Last)
                answer = answer_of(await subscribed.answer(event.shown if is_last else event, context), {})
                return replace(answer, is_last=is_last)

        async def in_time(viewer: Viewer | None) -> Answer | None:
            try:
                async with asyncio.timeout(self.settings.limits.operation_seconds) as deadline:
                    if happening.news is None:
                        return await told(viewer)
                    with sharing(shared_reads(happening.news.shared)):
                        return await told(viewer)
            except TimeoutError:
                if deadline.expired():
                    raise TimedOut from None
                raise

        viewer = caller.session.viewer
        if happening.news is None or not happening.alike or viewer is None:
            return await in_time(viewer)
        return await shared(happening.news.shared, named, viewer, in_time)

    async def _paid_up(self, caller: Caller) -> None:
        """Waits until the caller owes nothing."""
        loop = asyncio.get_running_loop()
        while (seconds := self.allowance.debt_seconds(caller.key, loop.time())) > 0:
            await asyncio.sleep(seconds)

    def kind(self, request: Request) -> OperationType:
        """What kind of operation is meant. Raises Refusal."""
        return self.schema.prepare(request.query, request.operation_name, request.variables).kind

    def admit(self, request: Request, caller: Caller, allowed: frozenset[OperationType]) -> tuple[Prepared, int]:
        """The operation and the points left after paying for it. Raises Refusal or Declined.

        Reading costs too, a point for so many characters: what is refused in the end had to be validated first.
        """
        cost = 1 + len(request.query) // CHARACTERS_PER_POINT
        try:
            prepared = self.schema.prepare(request.query, request.operation_name, request.variables)
            if prepared.kind not in allowed:
                raise Malformed(f"A {prepared.kind.value} cannot be sent this way.", status=MISPLACED[prepared.kind])
            if prepared.analysis.introspects:
                self._check_introspection(caller.session)
            cost = max(cost, prepared.analysis.cost)
        finally:
            remaining = self.allowance.take(caller.key, cost, asyncio.get_running_loop().time())
        return prepared, remaining

    def _check_introspection(self, session: Session) -> None:
        if self.settings.in_development or session.is_staff:
            return
        if session.viewer is None:
            raise Unauthenticated
        raise Forbidden("The schema is not for you to read.")

    @asynccontextmanager
    async def _context(self, viewer: Viewer | None) -> AsyncIterator[Any]:
        made = self.make_context(viewer, self.clock())
        if isinstance(made, AbstractAsyncContextManager):
            async with made as context:
                yield context
        else:
            yield made

    def crash(self, error: Exception, during: Occasion) -> Answer:
        """The answer to a bug outside the resolvers."""
        errors = self.schema.mask([GraphQLError(str(error), original_error=error)], during)
        return Answer(errors=errors, was_executed=False)


def answer_of(result: ExecutionResult | CoreResult, extensions: dict[str, Any]) -> Answer:
    """A result without data whose errors have no place in it was refused, not executed: coercion, for one."""
    errors = result.errors or []
    was_executed = result.data is not None or not errors or any(error.path is not None for error in errors)
    return Answer(result.data, errors, {**(result.extensions or {}), **extensions}, was_executed)


def occasion(request: Request) -> Occasion:
    return Occasion(request.query, request.operation_name, request.variables)

"""The ASGI application: which path leads where, and what stands before all of them."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute

from cases.viewer import Viewer
from models.database import open_database
from models.file_store import FileStore
from models.outbox_origin import at_home
from models.wakeups import wakeups
from schema.context import Context
from schema.graph import build_schema
from schema.live.hub import Hub
from schema.live.standing import Standing
from schema.transport.errors import Unauthenticated
from schema.transport.http import GraphQLEndpoint
from schema.transport.session import bearer_token
from settings import Settings
from web import graphiql, health, metrics, secret_files, widget_files
from web.authentication import Authenticator
from web.console_files import Console
from web.files import Files
from web.reports import ReportFiles
from web.response_headers import ResponseHeaders
from web.slow_clients import BodyDeadline


class Work(Protocol):
    """What goes on beside answering requests, until it is told to stop."""

    def __call__(self, clock: Callable[[], datetime], *, until: asyncio.Event) -> Coroutine[Any, Any, None]: ...


def build_app(settings: Settings, clock: Callable[[], datetime], work: Work | None = None) -> Starlette:
    """The server as one ASGI application. `clock` gives the present instant, aware; nothing within reads another.

    `work` runs beside it as long as it lives.
    """
    limits = settings.limits
    secret = secret_files.secret(secret_files.DEVELOPMENT_TOKENS) if settings.in_development else None
    door = Authenticator(settings, clock, development_secret=secret)
    cursor_secret = secret_files.secret(secret_files.CURSORS)
    schema = build_schema(limits, fast_reads=settings.fast_reads)
    counted = metrics.Metrics(clock(), schema.fast_reads)
    hub = Hub(limits.queued_events)

    def context(viewer: Viewer | None, now: datetime) -> Context:
        return Context(caller=viewer, now=now, limits=limits, cursor_secret=cursor_secret, hub=hub)

    endpoint = GraphQLEndpoint(
        schema,
        authenticate=door.authenticate,
        context=context,
        settings=settings,
        ide=graphiql.page(),
        clock=clock,
        stands=Standing(clock),
    )

    files = Files(FileStore(settings.files), limits, door.authenticate, clock)
    reports = ReportFiles(limits, door.authenticate, clock, endpoint.operations.allowance)

    async def measurements(request: Request) -> Response:
        """For whoever runs the server: in production that is staff, or an API key."""
        if not settings.in_development and not await _is_staff(request, door):
            return PlainTextResponse("Please sign in.", 401, headers={"WWW-Authenticate": "Bearer"})
        return PlainTextResponse(counted.text(), headers={"Content-Type": metrics.CONTENT_TYPE})

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with (
            open_database(
                settings.database_url, limits, shared=True
            ) as database,  # waits at its end for work under way
            wakeups(database) as heard,
        ):
            gc.collect()
            gc.freeze()  # code and schema stay: looking through them again and again took a fifth of a nested page
            stop = asyncio.Event()
            hub.since = await at_home(clock())
            telling = asyncio.create_task(hub.run(heard))
            worker = asyncio.create_task(work(clock, until=stop)) if work else None
            try:
                yield
            finally:
                stop.set()
                if worker is not None:
                    await worker
                telling.cancel()
                with suppress(asyncio.CancelledError):
                    await telling

    return Starlette(
        debug=False,
        lifespan=lifespan,
        routes=[
            Route("/graphql", endpoint),
            WebSocketRoute("/graphql", endpoint),
            *graphiql.routes(),
            *widget_files.routes(),
            *files.routes(),
            *reports.routes(),
            *Console().routes(),
            Route("/livez", health.livez),
            Route("/readyz", health.readyz),
            Route("/metrics", measurements),
        ],
        middleware=[
            Middleware(metrics.Measured, metrics=counted),
            Middleware(ResponseHeaders),
            Middleware(TrustedHostMiddleware, allowed_hosts=settings.allowed_hosts, www_redirect=False),
            Middleware(
                CORSMiddleware,
                allow_origins=settings.allowed_origins,
                allow_methods=("GET", "POST"),
                allow_headers=("authorization", "content-type", "graphql-cost"),
                max_age=600,
            ),
            Middleware(BodyDeadline, idle_seconds=limits.head_seconds, total_seconds=limits.body_seconds),
        ],
    )


async def _is_staff(request: Request, door: Authenticator) -> bool:
    try:
        return (await door.authenticate(bearer_token(request.headers.get("authorization")))).is_staff
    except Unauthenticated:
        return False

"""A small schema with one of everything the transport has to deal with, and a server around it on a free port."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import strawberry
from strawberry.types import Info

from cases.refusals import Unknown
from cases.viewer import Viewer
from cases.vocabulary import Role
from schema.hardened import CasegraphSchema
from schema.transport.errors import Unauthenticated
from schema.transport.http import GraphQLEndpoint
from schema.transport.session import Session
from settings import Limits, Settings

TENANT = UUID(int=1)
PEOPLE = {
    "agent": Viewer(TENANT, Role.AGENT, "Ada", person_id=UUID(int=2)),
    "customer": Viewer(TENANT, Role.CUSTOMER, "Cem", contact_id=UUID(int=3)),
}


@dataclass
class Journal:
    """What happened inside, for a test to look at and to wait for."""

    started: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    contexts: int = 0
    open_contexts: int = 0


@dataclass
class Context:
    caller: Viewer | None
    now: datetime
    journal: Journal

    @property
    def viewer(self) -> Viewer:
        if self.caller is None:
            raise Unauthenticated
        return self.caller


Asked = Info[Context, None]


@strawberry.interface
class Node:
    id: strawberry.ID


@strawberry.type
class Team(Node):
    name: str

    @strawberry.field
    def cases(self, first: int | None = None, last: int | None = None) -> "CaseConnection":
        return CaseConnection()


@strawberry.type
class Case(Node):
    title: str

    @strawberry.field
    def team(self) -> Team:
        return Team(id=strawberry.ID("1"), name="Support")

    @strawberry.field
    def children(self) -> list["Case"]:
        return []

    @strawberry.field(metadata={"size": 3})
    def clocks(self) -> list["Case"]:
        return []

    @strawberry.field(metadata={"cost": 7})
    def similar(self) -> "Case | None":
        return None


@strawberry.type
class CaseEdge:
    cursor: str
    node: Case


@strawberry.type
class CaseConnection:
    @strawberry.field
    def edges(self) -> list[CaseEdge]:
        return []

    @strawberry.field
    def nodes(self) -> list[Case]:
        return []

    @strawberry.field
    def total_count(self) -> int:
        return 0


@strawberry.input
class CaseInput:
    title: str
    priority: int | None = None
    tags: list[str] | None = None
    due_at: datetime | None = None


@strawberry.input(one_of=True)
class CaseKey:
    id: strawberry.ID | None = strawberry.UNSET
    number: str | None = strawberry.UNSET


@strawberry.type
class Query:
    @strawberry.field
    def viewer(self, info: Asked) -> str | None:
        return info.context.viewer.name

    @strawberry.field
    def me(self, info: Asked) -> str:
        return info.context.viewer.name

    @strawberry.field
    def case(self, key: CaseKey) -> Case | None:
        raise Unknown

    @strawberry.field
    def cases(self, first: int | None = None, last: int | None = None) -> CaseConnection:
        return CaseConnection()

    @strawberry.field
    def node(self, id: strawberry.ID) -> Node | None:
        return None

    @strawberry.field
    def echo(self, text: str = "", number: int = 0, tags: list[str] | None = None) -> str:
        return f"{text}{number}"

    @strawberry.field
    def bug(self, text: str = "") -> str | None:
        raise RuntimeError(f"SELECT secret FROM vault WHERE text = {text}")

    @strawberry.field
    def bugs(self) -> list[int | None]:
        return [2**40] * 100

    @strawberry.field
    def surrogate(self) -> str:
        return "\ud800"

    @strawberry.field
    async def forever(self, info: Asked) -> str:
        info.context.journal.started.set()
        try:
            await asyncio.Event().wait()
        finally:
            info.context.journal.cancelled.set()
        return "never"


@strawberry.type
class Mutation:
    @strawberry.field
    def open_case(self, input: CaseInput) -> Case:
        return Case(id=strawberry.ID("1"), title=input.title)


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, info: Asked, to: int = 3) -> AsyncGenerator[int, None]:
        for number in range(to):
            yield number

    @strawberry.subscription
    async def silence(self, info: Asked) -> AsyncGenerator[int, None]:
        info.context.journal.started.set()
        try:
            await asyncio.Event().wait()
            yield 0
        finally:
            info.context.journal.cancelled.set()

    @strawberry.subscription
    async def flood(self) -> AsyncGenerator[str, None]:
        while True:
            yield "x" * 200_000
            await asyncio.sleep(0)

    @strawberry.subscription
    async def broken(self) -> AsyncGenerator[int, None]:
        yield 1
        raise RuntimeError("SELECT secret")


async def authenticate(token: str | None) -> Session:
    """`agent` and `customer` are tokens, `brief` is one that expires in a moment; no other token holds."""
    if token is None:
        return Session()
    if token == "brief":
        return Session(PEOPLE["agent"], datetime.now(UTC) + timedelta(milliseconds=200))
    if token not in PEOPLE:
        raise Unauthenticated("This token does not hold.")
    return Session(PEOPLE[token])


def endpoint(
    limits: Limits | None = None, journal: Journal | None = None, *, environment: str = "test", ide: str | None = None
) -> GraphQLEndpoint:
    """The endpoint over the small schema."""
    limits = limits or Limits(bucket_points=1_000_000)
    journal = journal or Journal()

    @asynccontextmanager
    async def context(viewer: Viewer | None, now: datetime) -> AsyncIterator[Context]:
        journal.contexts += 1
        journal.open_contexts += 1
        try:
            yield Context(viewer, now, journal)
        finally:
            journal.open_contexts -= 1

    return GraphQLEndpoint(
        CasegraphSchema(query=Query, mutation=Mutation, subscription=Subscription, types=[Case, Team], limits=limits),
        authenticate=authenticate,
        context=context,
        settings=Settings(environment=environment, limits=limits, allowed_origins=("https://friend.example",)),
        ide=ide,
    )

"""The same nested page from PostGraphile 5: the same PostgreSQL, the same rows, the same question, in one run.

    make bench-peers        or: python -m bench.peers [seconds]

PostGraphile makes its schema from the tables, so that the question is spelled as it would be asked there. It knows no
tenants' rules and no computed state of clocks; what is deleted is left out by conditions. Both servers are one process,
each with a pool of ten connections, and are measured in turns by the same client. Owed: ahead of it with 8 connections.
"""

import asyncio
import sys
from typing import Any, Final

import orjson
import uvloop

from bench.http import CASES, CONNECTIONS, ready
from bench.load.client import each, for_seconds, post
from bench.load.machine import machine, resident_megabytes
from bench.load.servers import Server, casegraph, postgraphile
from bench.nested.pages import PAGE
from models import Tenant
from models.database import open_database
from tests.databases import database_of, fresh_name, on_server, postgres_server

TURNS: Final = 3
THEIRS: Final = """query ($tenant: UUID!) { allCases(
    first: 50, orderBy: [CREATED_AT_DESC, ROW_ID_DESC], condition: {tenantId: $tenant, deletedAt: null}
) { nodes {
    id number title status priority createdAt updatedAt
    accountByAccountId { id name email } contactByContactId { id name email } personByOwnerId { id name email }
    queueItemsByCaseId(first: 1, condition: {leftAt: null}) { nodes { id enteredAt queueByQueueId { id name } } }
    slaKpiInstancesByCaseId(first: 5, orderBy: [APPLIED_FROM_ASC]) { nodes { id kpi state failAt warnAt appliedFrom } }
    casesByParentId(first: 5, orderBy: [CREATED_AT_ASC], condition: {deletedAt: null}) { nodes {
        id number title status personByOwnerId { id name }
        slaKpiInstancesByCaseId(first: 5, orderBy: [APPLIED_FROM_ASC]) { nodes { id kpi state failAt } } } }
    articleLinksByCaseId(first: 5, orderBy: [CREATED_AT_ASC]) { nodes { id articleByArticleId { id title } } }
} } }"""


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    print(machine())
    with postgres_server() as server:
        name = fresh_name("peers")
        on_server(server, f'CREATE DATABASE "{name}"')
        measure(database_of(server, name), seconds)


def measure(url: str, seconds: float) -> None:
    token = asyncio.run(ready(url))
    tenant = asyncio.run(_tenant(url))
    with casegraph(url) as ours, postgraphile(url) as theirs:
        ways = {
            "casegraph": (ours, post(ours.url, PAGE, token=token)),
            "postgraphile": (theirs, post(theirs.url, THEIRS, tenant=tenant)),
        }
        answers = [_answer(server, request) for server, request in ways.values()]
        _compare(*answers)
        for server, request in ways.values():
            uvloop.run(for_seconds(server, request, 4, 2.0))  # both have something to warm up
        for connections in CONNECTIONS:
            for turn in range(TURNS):
                for name, (server, request) in ways.items():
                    found = uvloop.run(for_seconds(server, request, connections, seconds))
                    print(f"{name:12}  {connections:2} connections, turn {turn + 1}   {found}", flush=True)
        for name, (server, _) in ways.items():
            print(f"{name:12}  memory {resident_megabytes(server.pid):.0f} MB")


async def _tenant(url: str) -> str:
    async with open_database(url):
        return str((await Tenant.get(slug="bench")).id)


def _answer(server: Server, request: bytes) -> Any:
    (body,) = uvloop.run(each(server, [request], 1)).bodies
    return next(iter(orjson.loads(body)["data"].values()))["nodes"]


def _compare(ours: list[Any], theirs: list[Any]) -> None:
    """Raises AssertionError if they did not tell of the same rows."""
    assert len(ours) == len(theirs) == 50 <= CASES
    for one, other in zip(ours, theirs, strict=True):
        customer = other["accountByAccountId"] or other["contactByContactId"]
        assert (one["number"], one["customer"]["name"]) == (other["number"], customer["name"])
        assert one["owner"]["name"] == other["personByOwnerId"]["name"]
        assert one["queueItem"]["queue"]["name"] == other["queueItemsByCaseId"]["nodes"][0]["queueByQueueId"]["name"]
        for mine, key in (("slaKpiInstances", "slaKpiInstancesByCaseId"), ("articles", "articleLinksByCaseId")):
            assert len(one[mine]["nodes"]) == len(other[key]["nodes"])
        numbers = [child["number"] for child in one["children"]["nodes"]]
        assert numbers == [child["number"] for child in other["casesByParentId"]["nodes"]]


if __name__ == "__main__":
    main()

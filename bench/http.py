"""The same nested page over HTTP, and acts: requests a second of the real server, latencies, processor, memory.

    python -m bench.http [seconds]

One process of the server on the loopback; the client is a process beside it on the same machine, as cheap as it can be
(bench/load/client.py), and so is the database: all three share its processors. The page is that of bench/execution.py.
"""

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
import uvloop

from actions import entitling, promises
from bench.load.client import Measured, each, for_seconds, post
from bench.load.machine import machine, resident_megabytes
from bench.load.servers import Server, casegraph
from bench.nested.pages import PAGE
from bench.nested.rows import fill
from cases.vocabulary import Role
from models import Account, Tenant
from models.database import open_database
from models.migrate import migrate
from schema.ids import id_of
from settings import Settings
from tests import given, promised
from tests.databases import database_of, fresh_name, on_server, postgres_server
from web.sign_in import token_for

CASES: Final = 2_000
CONNECTIONS: Final = (1, 8, 32)
ACTS, WRITERS, CUSTOMERS = 200, 8, 20

CREATE = """mutation ($input: CreateCaseInput!) { createCase(input: $input) {
    case { id number slaKpiInstances { nodes { kpi failAt } } entitlement { name } } userErrors { message } } }"""
COMMENT = """mutation ($input: AddCommentInput!) { addComment(input: $input) {
    case { id version } message { id } userErrors { message } } }"""
RESOLVE = """mutation ($input: ResolveCaseInput!) { resolveCase(input: $input) {
    case { id status slaKpiInstances { nodes { kpi state } } } userErrors { message } } }"""


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[0].endswith("http.py") else 5.0
    print(machine())
    with postgres_server() as server:
        name = fresh_name("http")
        on_server(server, f'CREATE DATABASE "{name}"')
        measure("PostgreSQL", database_of(server, name), seconds)
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite://{Path(folder) / 'bench.sqlite3'}", seconds)


def measure(engine: str, url: str, seconds: float) -> None:
    """Prints the figures of one database."""
    token = asyncio.run(ready(url))
    for name, fast_reads in (("fast path", True), ("stock executor", False)):
        with casegraph(url, fast_reads=fast_reads) as server:
            before = resident_megabytes(server.pid)
            page = post(server.url, PAGE, token=token)
            uvloop.run(for_seconds(server, page, 2, 1.0))  # plans, statements, connections
            for connections in CONNECTIONS:
                found = uvloop.run(for_seconds(server, page, connections, seconds))
                print(f"{engine:10}  {name:14}  page, {connections:2} connections   {found}")
            after = resident_megabytes(server.pid)
            print(f"{engine:10}  {name:14}  memory {before:.0f} MB at the start, {after:.0f} MB at the end")
    with casegraph(url) as server:
        for what, found in uvloop.run(acts(server, token, url)):
            print(f"{engine:10}  {what:14}  {WRITERS} connections         {found}")


async def ready(url: str) -> str:
    """Fills a new database; gives the token of somebody who works there."""
    await migrate(url)
    async with open_database(url):
        await fill(CASES)
        settings = Settings(database_url=url)
        return await token_for(settings, "Person0@example.com", tenant=None, now=datetime.now(UTC), hours=9)


async def acts(server: Server, token: str, url: str) -> list[tuple[str, Measured]]:
    """Creates cases with a policy on a contract, comments on them, resolves them."""
    async with open_database(url):
        bought = await promises_for_bench()

    async def done(document: str, inputs: list[dict[str, Any]]) -> tuple[Measured, list[Any]]:
        found = await each(server, [post(server.url, document, token=token, input=said) for said in inputs], WRITERS)
        assert not found.refused, f"{found.refused} refused"
        answers = [next(iter(orjson.loads(body)["data"].values())) for body in found.bodies]
        assert not any(answer["userErrors"] for answer in answers), answers[0]
        return found, [answer["case"]["id"] for answer in answers]

    openings = [{"title": "It leaks", "customerId": key, "entitlementId": contract} for contract, key in bought]
    created, ids = await done(CREATE, openings * (ACTS // CUSTOMERS))
    commented, _ = await done(COMMENT, [{"caseId": key, "body": "We look into it."} for key in ids])
    resolved, _ = await done(RESOLVE, [{"caseId": key, "summary": "Tightened"} for key in ids])
    return [("createCase", created), ("addComment", commented), ("resolveCase", resolved)]


async def promises_for_bench() -> list[tuple[str, str]]:
    """Makes a default policy, and contracts for some customers of the bench's tenant: each with whose it is."""
    tenant = await Tenant.get(slug="bench")
    lead = await given.viewer(Role.MANAGER, tenant=tenant)
    items = [promised.item(kpi, minutes=600, warn=300) for kpi in ("first_response", "resolution")]
    policy = await given.sla_policy("Bench", *items, by=lead)
    await given.done(promises.set_default_sla_policy, by=lead, policy=policy)
    terms = {"allocation": "CASES", "decrement_on": "RESOLUTION", "total": "1000000"}
    terms |= {"starts_on": "2020-01-01", "ends_on": "2099-12-31"}
    bought = []
    for account in await Account.filter(tenant_id=tenant.id).limit(CUSTOMERS):
        rows = await given.done(entitling.create_entitlement, by=lead, name="Bench", customer=account, terms=terms)
        contract = rows["entitlement"]
        await given.done(entitling.activate_entitlement, by=lead, entitlement=contract)
        bought.append((id_of(contract), id_of(account)))
    return bought


if __name__ == "__main__":
    main()

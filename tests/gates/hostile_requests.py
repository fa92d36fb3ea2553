#!/usr/bin/env python
"""Whatever comes in, the real server answers within a second with a coded error, never with a 5xx, and lives.

The corpus of `tests/schema/bad_requests.py`, sent signed in and not, and requests that only this schema can be sent:
ids of other types and of nothing, cursors of another list, filters past their caps, values that no column can hold.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

import httpx

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from cases.vocabulary import ErrorCode, Role  # noqa: E402  # the project is put on the path above
from models import Account, Person, Tenant  # noqa: E402
from models.database import open_database  # noqa: E402
from schema.ids import id_of, public_id  # noqa: E402
from tests.schema.bad_requests import JSON, BadRequest, bad_requests  # noqa: E402
from tests.serving import command, migrated, serving  # noqa: E402

LONGEST_SECONDS = 1.0
FEWEST = 300

CREATE = "mutation($input: CreateCaseInput!) { createCase(input: $input) { case { id } userErrors { code path } } }"
UPDATE = "mutation($input: UpdateCaseInput!) { updateCase(input: $input) { case { id } userErrors { code path } } }"
LIST = """query($where: CaseWhere, $after: String, $first: Int) {
  cases(where: $where, after: $after, first: $first) { nodes { id } } }"""
NASTY = ["", " ", "\x00", "\ud800", "a" * 100_000, "' OR 1=1 --", "%", "../../etc/passwd", "\u202e", "💥" * 5000]
NUMBERS = [-1, 2**31, 2**63, -(2**63) - 1, 10**400, 1.5, "1", True, [], {}]


def own_requests(account: str, cursor: str) -> Iterator[BadRequest]:
    """Bad requests of this schema; `account` is a real id, `cursor` one of the list of customers."""
    for text in [
        *NASTY,
        "UmVk",
        public_id("Case", uuid4()),
        public_id("Account", uuid4()),
        account + "=",
        account[::-1],
    ]:
        yield asked(UPDATE, input={"caseId": text, "title": "x"})
        yield asked(CREATE, input={"title": "x", "customerId": text})
        yield asked(LIST, after=text)
        yield asked("query($id: ID!) { case(key: {id: $id}) { id } }", id=text)
        yield asked("query($key: CaseKey!) { case(key: $key) { id } }", key={"number": text, "id": text})
    yield asked(LIST, after=cursor)
    yield asked(LIST, after=cursor[:-2])
    for number in NUMBERS:
        yield asked(LIST, first=number)
        yield asked(UPDATE, input={"caseId": account, "satisfaction": number})
        yield asked(CREATE, input={"title": [number], "customerId": account})
    for depth in (4, 5, 10, 60):
        nested: dict[str, Any] = {"priority": {"eq": "LOW"}}
        for _ in range(depth):
            nested = {"not": nested}
        yield asked(LIST, where=nested)
    yield asked(LIST, where={"or": [{"priority": {"eq": "LOW"}}] * 51})
    yield asked(LIST, where={"id": {"in": ["x"] * 1001}})
    yield asked(LIST, where={"priority": {"eq": None}})
    yield asked(LIST, where={"title": {"contains": "\x00"}})
    for value in ("yesterday", "2026-13-01T00:00:00Z", "2026-03-02T09:00:00", "99999-01-01T00:00:00Z", 5):
        yield asked(LIST, where={"createdAt": {"gt": value}})
        yield asked(CREATE, input={"title": "x", "customerId": account, "deadline": value})
    for title in ("", " ", "x" * 129):
        yield asked(CREATE, input={"title": title, "customerId": account})
    yield asked(CREATE, input={"title": "x", "customerId": account, "description": "x" * 20_001})
    yield asked(CREATE, input={"title": "x", "customerId": account, "idempotencyKey": "k" * 256})


def asked(query: str, **variables: Any) -> BadRequest:
    body = json.dumps({"query": query, "variables": variables}).encode()
    return BadRequest(f"{query[:40]} {str(variables)[:80]}", body, JSON)


async def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        url = await asyncio.to_thread(migrated, Path(folder))
        account = await prepare(url)
        token = command(url, "token", "--person", "ada@example.org").stdout.strip()
        generous = {"bucket_points": "100000000", "bucket_points_per_second": "100000000"}
        with serving(url, **generous) as server:
            return await hold(server.url, token, account)


async def hold(url: str, token: str, account: str) -> int:
    signed_in = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=url, timeout=10) as client:
        page = {"query": "{ customers(first: 1) { edges { cursor } } }"}
        found = (await client.post("/graphql", json=page, headers=signed_in)).json()
        cursor = found["data"]["customers"]["edges"][0]["cursor"]
        wrong: list[str] = []
        slowest, sent = 0.0, 0
        nobody: dict[str, str] = {}
        strangers = [(request, nobody) for request in bad_requests()]
        friends = [(request, signed_in) for request in (*bad_requests(), *own_requests(account, cursor))]
        for request, credentials in (*strangers, *friends):
            begun = perf_counter()
            response = await client.request(
                request.method,
                "/graphql" + request.target,
                content=request.body,
                headers={**request.headers, **credentials},
            )
            took = perf_counter() - begun
            slowest, sent = max(slowest, took), sent + 1
            complaint = complaint_about(response, request) or (took > LONGEST_SECONDS and f"{took:.2f} s")
            if complaint:
                wrong.append(f"{request.name}: {complaint}")
        alive = await client.post("/graphql", json={"query": "{ viewer { name } }"}, headers=signed_in)
    print("\n".join(wrong))
    print(f"{sent} bad requests, {len(wrong)} badly answered, the slowest took {slowest:.2f} s")
    return 0 if not wrong and alive.json() == {"data": {"viewer": {"name": "Ada"}}} and sent >= FEWEST else 1


def complaint_about(response: httpx.Response, request: BadRequest) -> str | None:
    """What is wrong with an answer, None if nothing is: coded errors, user errors, or nothing there."""
    if response.status_code >= 500:
        return f"status {response.status_code}"
    content = response.json()
    codes = [error["extensions"]["code"] for error in content.get("errors", ())]
    for payload in (content.get("data") or {}).values():
        if payload is None:
            codes.append("NOT_FOUND")
        elif isinstance(payload, dict):
            codes += [error["code"] for error in payload.get("userErrors", ())]
    if not codes:
        return f"answered: {response.text[:200]}"
    return next((f"code {code}" for code in codes if code not in ErrorCode.__members__ or code == "INTERNAL"), None)


async def prepare(url: str) -> str:
    at = datetime.now(UTC)
    async with open_database(url):
        tenant = await Tenant.create(name="Besieged", slug="besieged", created_at=at)
        await Person.create(tenant=tenant, name="Ada", email="ada@example.org", role=Role.ADMIN, created_at=at)
        account = await Account.create(tenant=tenant, name="Friendly Ltd", created_at=at)
    return id_of(account)


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))

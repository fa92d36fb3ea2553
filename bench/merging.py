"""Merging 10 cases with 100 messages each into another one, beside doing so row by row.

    python -m bench.merging

On SQLite and on PostgreSQL, each started for this run. Owed: under a second on SQLite.
"""

import asyncio
import tempfile
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from actions.indexing import of_messages
from actions.merging import merge_cases
from actions.opening import create_case
from actions.perform import Call, perform
from actions.signature import Act, Reference
from cases.viewer import Viewer
from cases.vocabulary import Audience, Origin, Role
from models import Account, Case, Message, Tenant, fulltext
from models.bulk import insert
from models.database import open_database
from models.fields import uuid7
from models.fulltext import SearchWord
from models.unit_of_work import unit_of_work
from tests.databases import database_of, fresh_name, make_tables, on_server, postgres_server

LOSERS, MESSAGES = 10, 100
ROUNDS = 3
OWED_SECONDS = 1.0
NOW = datetime(2025, 6, 4, 12, tzinfo=UTC)
BODY = "Since the last cleaning the machine drips at the lower seal, and the pump sounds louder than it did before."


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(f"sqlite://{folder}/casegraph.sqlite3"))
    with postgres_server() as server:
        name = fresh_name("bench")
        on_server(server, f'CREATE DATABASE "{name}"')
        asyncio.run(measure(database_of(server, name)))


async def measure(url: str) -> None:
    engine = url.partition(":")[0]
    await make_tables(url)
    async with open_database(url):
        tenant = await Tenant.create(name="Busy", slug="busy", created_at=NOW)
        account = await Account.create(tenant=tenant, name="Acme", created_at=NOW)
        by = Viewer(tenant.id, Role.ADMIN, "Lead")
        ours = min([await merged(by, *await prepared(by, account)) for _ in range(ROUNDS)])
        theirs = await row_by_row(*await prepared(by, account))
        met = "met" if ours < OWED_SECONDS else "NOT MET"
        owed = f"   owed {OWED_SECONDS} s: {met}" if engine == "sqlite" else ""
        print(
            f"  {engine:9} {LOSERS} cases with {MESSAGES} messages each: merged in {ours:.3f} s; "
            f"their messages alone, row by row, {theirs:.3f} s: {theirs / ours:.0f} times as long{owed}"
        )


async def merged(by: Viewer, survivor: Case, losers: list[Case]) -> float:
    begun = perf_counter()
    await done(by, merge_cases, case=survivor, merged=losers)
    taken = perf_counter() - begun
    assert await Message.filter(case_id=survivor.id).count() == LOSERS * MESSAGES
    return taken


async def row_by_row(survivor: Case, losers: list[Case]) -> float:
    """Moves the messages one after the other, each with its words; the rest of a merge is left out."""

    async def work() -> None:
        for message in await Message.filter(case_id__in=[loser.id for loser in losers]):
            await SearchWord.filter(subject_id=message.case_id, document_id=message.id).delete()
            message.case_id = survivor.id
            await message.save(update_fields=["case_id"])
            await fulltext.index(of_messages([message]))

    begun = perf_counter()
    await unit_of_work(work)
    return perf_counter() - begun


async def prepared(by: Viewer, account: Account) -> tuple[Case, list[Case]]:
    """A case, and those that are to be merged into it."""
    survivor, *losers = [
        (await done(by, create_case, title="It drips", customer=account))["case"] for _ in range(LOSERS + 1)
    ]
    await unit_of_work(lambda: tell(losers))
    return survivor, losers


async def tell(cases: list[Case]) -> None:
    rows: list[dict[str, Any]] = [
        {
            **{"id": uuid7(), "tenant_id": case.tenant_id, "case_id": case.id, "created_at": NOW, "body": BODY},
            **{"audience": Audience.PUBLIC, "origin": Origin.WEB, "author_person_id": None, "author_contact_id": None},
        }
        for case in cases
        for _ in range(MESSAGES)
    ]
    await insert(Message, rows)
    await fulltext.index(of_messages([Message(**row) for row in rows]))


async def done(by: Viewer, act: Act, **said: Any) -> Any:
    return await perform(Call(act, {name: _named(one) for name, one in said.items()}, by, NOW))


def _named(value: Any) -> Any:
    if isinstance(value, list):
        return [_named(one) for one in value]
    return Reference(type(value).__name__, value.pk) if hasattr(value, "pk") else value


if __name__ == "__main__":
    main()

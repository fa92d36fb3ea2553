#!/usr/bin/env python
"""The last term has one winner, and a charge that is asked for twice is made once.

64 cases at once apply for the last term of an entitlement, from 4 processes on PostgreSQL and from 3 on SQLite, again
and again: exactly one gets it, all others hear that it is used up. Who hears that the storage is busy asks again.

Then a server is killed with SIGKILL while cases are opened on an entitlement; the same requests are sent again, with
the same idempotency keys, to the next server: each is one case, charged once.

Fails for a round without exactly one winner, for a refusal of another kind, and for one charge too many or too few.
"""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from actions import covering, entitling  # noqa: E402
from actions.opening import create_case  # noqa: E402
from actions.perform import Call, perform  # noqa: E402
from actions.signature import Reference  # noqa: E402
from cases.refusals import EntitlementExhausted, Refused, RetryLater  # noqa: E402
from cases.viewer import Viewer  # noqa: E402
from cases.vocabulary import Role  # noqa: E402
from entitlements.vocabulary import PostingKind  # noqa: E402
from models import Account, Case, Entitlement, EntitlementBalance, EntitlementPosting, Person, Tenant  # noqa: E402
from models.database import open_database  # noqa: E402
from models.errors import StatementTimeout  # noqa: E402
from schema.ids import id_of  # noqa: E402
from settings import Limits  # noqa: E402
from tests.databases import database_of, fresh_name, on_server, postgres_server  # noqa: E402
from tests.gates.durability import run, server  # noqa: E402

CONTENDERS = 64
ROUNDS = {"postgres": 100, "sqlite": 100}
PROCESSES = {"postgres": 4, "sqlite": 3}
SECONDS_AT_MOST = {"postgres": 280.0, "sqlite": 200.0}
"""The rounds end here, several times what they need; that fewer than all were run is a failure of its own."""
KILLS = 6
REQUESTS = 12

OPEN = "mutation($input: CreateCaseInput!) { createCase(input: $input) { case { id } userErrors { code message } } }"


def main() -> int:
    seed = int(os.environ.get("SEED", random.randrange(10**6)))
    print(f"seed {seed}", flush=True)
    chance, wrong = random.Random(seed), 0
    with tempfile.TemporaryDirectory() as folder:
        wrong += hold(f"sqlite://{folder}/casegraph.sqlite3", chance)
    with postgres_server() as found:
        name = fresh_name("last_term")
        on_server(found, f'CREATE DATABASE "{name}"')
        wrong += hold(database_of(found, name), chance)
    return 1 if wrong else 0


def hold(url: str, chance: random.Random) -> int:
    """Runs both parts on one database; returns how many promises were broken."""
    run("migrate", url)
    engine = url.partition(":")[0]
    wrong = asyncio.run(contend(url, engine))
    return wrong + kill(url, engine, chance)


# --- the last term ---


async def contend(url: str, engine: str) -> int:
    world = await prepare(url)
    command = [sys.executable, __file__, "contend", url]
    with ExitStack() as stack:
        workers = [
            stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            for _ in range(PROCESSES[engine])
        ]
        stack.callback(lambda: [worker.stdin.close() for worker in workers if worker.stdin])
        outcomes, rounds, wrong, begun = Counter[str](), 0, 0, time.monotonic()
        while rounds < ROUNDS[engine] and time.monotonic() - begun < SECONDS_AT_MOST[engine]:
            entitlement_id = await last_term(url, world)
            heard = one_round(workers, world, entitlement_id)
            rounds += 1
            outcomes += heard
            fair = heard["won"] == 1 and heard["exhausted"] == CONTENDERS - 1
            wrong += not (fair and await charged_once(url, entitlement_id))
    told = ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items()))
    seconds = time.monotonic() - begun
    print(f"{engine}: {rounds} rounds of {CONTENDERS} from {len(workers)} processes in {seconds:.0f} s: {told}; "
          f"{wrong} rounds wrong", flush=True)  # fmt: skip
    return wrong + (rounds < ROUNDS[engine])


async def prepare(url: str) -> dict[str, Any]:
    """A manager, a customer, and as many cases as contend."""
    at = datetime.now(UTC)
    async with open_database(url):
        tenant = await Tenant.create(name="Scarce", slug="scarce", created_at=at)
        lead = await Person.create(tenant=tenant, name="Lea", email="lea@example.org", role=Role.MANAGER, created_at=at)
        account = await Account.create(tenant=tenant, name="Thrifty Ltd", created_at=at)
        viewer = Viewer(tenant.id, Role.MANAGER, "Lea", person_id=lead.id)
        cases = [
            (await perform(Call(create_case, {"title": "Me first", "customer": named(account)}, viewer, at)))["case"]
            for _ in range(CONTENDERS)
        ]
    return {
        "tenant": str(tenant.id),
        "person": str(lead.id),
        "account": str(account.id),
        "cases": [str(case.id) for case in cases],
    }


def named(row: Any) -> Reference:
    return Reference(type(row).__name__, row.pk)


def viewer_of(world: dict[str, Any]) -> Viewer:
    return Viewer(UUID(world["tenant"]), Role.MANAGER, "Lea", person_id=UUID(world["person"]))


async def last_term(url: str, world: dict[str, Any], total: str = "1", *, restrict: bool = True) -> str:
    """A new entitlement with so much left."""
    at, viewer = datetime.now(UTC), viewer_of(world)
    terms = {"allocation": "CASES", "decrement_on": "CREATION", "starts_on": "2020-01-01", "ends_on": "2099-12-31"}
    terms |= {"total": total, "restrict": restrict}  # type: ignore[dict-item]
    said = {"name": "One left", "customer": Reference("Account", UUID(world["account"])), "terms": terms}
    async with open_database(url):
        made = (await perform(Call(entitling.create_entitlement, said, viewer, at)))["entitlement"]
        await perform(Call(entitling.activate_entitlement, {"entitlement": named(made)}, viewer, at))
    return str(made.id)


def one_round(workers: list[subprocess.Popen[str]], world: dict[str, Any], entitlement_id: str) -> Counter[str]:
    """Lets all contend at once; returns how often what was heard."""
    for number, worker in enumerate(workers):
        assert worker.stdin
        part = world["cases"][number :: len(workers)]
        worker.stdin.write(json.dumps({**world, "entitlement": entitlement_id, "cases": part}) + "\n")
        worker.stdin.flush()
    heard = Counter[str]()
    for worker in workers:
        assert worker.stdout
        heard += Counter(json.loads(worker.stdout.readline()))
    return heard


async def charged_once(url: str, entitlement_id: str) -> bool:
    async with open_database(url):
        drawn = await EntitlementPosting.filter(entitlement_id=entitlement_id, kind=PostingKind.CONSUME)
        balances = await EntitlementBalance.filter(entitlement_id=entitlement_id)
        cases = await Case.filter(entitlement_id=entitlement_id).count()
    return [line.amount for line in drawn] == [-100] and [row.remaining for row in balances] == [0] and cases == 1


async def contender(url: str) -> None:
    """One of the processes: does what each line says, and says what came of it."""
    async with open_database(url, replace(Limits(), lock_seconds=2.0)):
        for line in iter(sys.stdin.readline, ""):
            order = json.loads(line)
            heard = Counter[str]()
            await asyncio.gather(*(apply(case, order, heard) for case in order["cases"]))
            sys.stdout.write(json.dumps(heard) + "\n")
            sys.stdout.flush()


async def apply(case: str, order: dict[str, Any], heard: Counter[str]) -> None:
    said = {
        "case": Reference("Case", UUID(case)),
        "entitlement": Reference("Entitlement", UUID(order["entitlement"])),
    }
    while True:
        try:
            await perform(Call(covering.apply_entitlement, said, viewer_of(order), datetime.now(UTC)))
            heard["won"] += 1
        except EntitlementExhausted:
            heard["exhausted"] += 1
        except (RetryLater, StatementTimeout):  # both say that nothing was written
            heard["asked again"] += 1
            continue
        except Refused as refusal:
            heard[refusal.code] += 1
        return


# --- killed while charging ---


def kill(url: str, engine: str, chance: random.Random) -> int:
    """Opens cases over HTTP with keys, kills the server meanwhile, and asks again until all are acknowledged."""
    world = asyncio.run(existing(url))
    entitlement_id = asyncio.run(last_term(url, world, "1000", restrict=False))
    token = run("token", url, "--person", "lea@example.org").strip()
    with_id = asyncio.run(spelled(url, entitlement_id))
    asked: dict[str, str | None] = {}
    for number in range(KILLS):
        asked |= {f"{number} {each}": None for each in range(REQUESTS)}
        with server(url) as (process, port):
            asyncio.run(send(asked, with_id, token, port, killed=process, after=chance.randrange(1, REQUESTS)))
    in_doubt = sum(answer is None for answer in asked.values())
    before, _, _ = asyncio.run(counted(url, entitlement_id))
    written = before - (len(asked) - in_doubt)
    with server(url) as (_, port):
        asyncio.run(send(asked, with_id, token, port))
        first = dict(asked)
        asked = dict.fromkeys(asked)
        asyncio.run(send(asked, with_id, token, port))  # and once more, all of them
    lines, cases, left = asyncio.run(counted(url, entitlement_id))
    same = asked == first and None not in asked.values()
    right = same and lines == cases == len(asked) == len(set(asked.values())) and left == 100_000 - 100 * lines
    print(f"{engine}: {KILLS} kills, {len(asked)} keys, {in_doubt} in doubt ({written} written), sent again: "
          f"{cases} cases, {lines} charges, {'right' if right else 'WRONG'}", flush=True)  # fmt: skip
    return 0 if right else 1


async def existing(url: str) -> dict[str, Any]:
    async with open_database(url):
        tenant, person, account = await Tenant.get(slug="scarce"), await Person.first(), await Account.first()
    assert person
    assert account
    return {"tenant": str(tenant.id), "person": str(person.id), "account": str(account.id)}


async def spelled(url: str, entitlement_id: str) -> dict[str, str]:
    async with open_database(url):
        entitlement = await Entitlement.get(id=entitlement_id)
        account = await Account.get(id=entitlement.account_id)
    return {"entitlementId": id_of(entitlement), "customerId": id_of(account)}


async def send(
    asked: dict[str, str | None],
    said: dict[str, str],
    token: str,
    port: int,
    *,
    killed: subprocess.Popen[bytes] | None = None,
    after: int = 0,
) -> None:
    """Sends what has no answer yet, all at once; kills the server, if it is given, `after` so many answers."""

    answered: list[str] = []

    async def one(client: httpx.AsyncClient, key: str) -> None:
        given = {"title": f"Number {key}", "idempotencyKey": key, **said}
        while asked[key] is None:
            try:
                answer = await client.post("/graphql", json={"query": OPEN, "variables": {"input": given}})
            except httpx.TransportError:
                return
            made = answer.json()["data"]["createCase"]
            if made["case"]:
                asked[key] = made["case"]["id"]
                answered.append(key)
                if killed is not None and len(answered) == after:
                    os.killpg(killed.pid, signal.SIGKILL)

    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=20) as client:
        sending = [asyncio.create_task(one(client, key)) for key, answer in asked.items() if answer is None]
        await asyncio.gather(*sending)


async def counted(url: str, entitlement_id: str) -> tuple[int, int, int]:
    """Charges, cases and what is left of the entitlement."""
    async with open_database(url):
        lines = await EntitlementPosting.filter(entitlement_id=entitlement_id, kind=PostingKind.CONSUME).count()
        cases = await Case.filter(entitlement_id=entitlement_id).count()
        balances = await EntitlementBalance.filter(entitlement_id=entitlement_id)
    return lines, cases, sum(row.remaining for row in balances)


if __name__ == "__main__":
    if sys.argv[1:2] == ["contend"]:
        asyncio.run(contender(sys.argv[2]))
    else:
        raise SystemExit(main())

#!/usr/bin/env python
"""Every warning and breach is announced exactly once, whoever dies: 4 workers on PostgreSQL, 3 on SQLite.

20,000 clocks have run into their warning and their breach. Workers announce them as the real one does, but in one
transaction of twenty the process kills itself with SIGKILL somewhere in the middle, and another takes its place. At
the end each of the 40,000 announcements must be in the histories once, in order, none early; nothing may be due any
more, and every case must be what its history says.

Fails for one announcement that is lost, doubled or in the wrong place. Prints what one worker announces in a second.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, perf_counter
from uuid import UUID

import uvloop

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from actions import announcing, promises  # noqa: E402  # the project is put on the path above
from actions.clocks import evaluate, histories_of  # noqa: E402
from actions.instances import instances  # noqa: E402
from actions.perform import Call, perform  # noqa: E402
from actions.signature import Reference  # noqa: E402
from cases.conditions import Compare, Op  # noqa: E402
from cases.facts import Fact, to_payload  # noqa: E402
from cases.history import PROJECTED, Event, fold  # noqa: E402
from cases.refusals import StorageTrouble  # noqa: E402
from cases.viewer import Viewer  # noqa: E402
from cases.vocabulary import FactKind, Role, SlaSource, StatusReason  # noqa: E402
from models import Account, Case, CaseEvent, Outbox, SlaKpiInstance, SlaPolicyVersion, Tenant  # noqa: E402
from models.bulk import Values, insert  # noqa: E402
from models.database import open_database  # noqa: E402
from models.fields import uuid7  # noqa: E402
from models.reading import select  # noqa: E402
from models.unit_of_work import unit_of_work  # noqa: E402
from server import spare_what_is_loaded  # noqa: E402
from tests.databases import database_of, fresh_name, make_tables, on_server, postgres_server  # noqa: E402

CASES = 10_000
KPIS = ("first_response", "resolution")
CLOCKS = CASES * len(KPIS)
OPENINGS = 50
"""How many different instants the cases were opened at."""
NOW = datetime(2025, 6, 4, 12, tzinfo=UTC)
AT_ONCE = 100
"""How many clocks those take at once that are to die: half of what the real one takes, so that more of them do."""
DYING = 0.05
SECONDS = 150
"""After so many the gate gives up: it is stuck."""


def main() -> int:
    seed = int(os.environ.get("SEED", random.randrange(10**6)))
    print(f"seed {seed}", flush=True)
    wrong = 0
    with postgres_server() as server:
        for workers, dying in ((1, 0.0), (4, DYING)):
            name = fresh_name("timers")
            on_server(server, f'CREATE DATABASE "{name}"')
            wrong += hold(database_of(server, name), workers, dying, seed)
    with tempfile.TemporaryDirectory() as folder:
        wrong += hold(f"sqlite://{folder}/casegraph.sqlite3", 3, DYING, seed)
    return 1 if wrong else 0


def hold(url: str, workers: int, dying: float, seed: int) -> int:
    """Lets so many workers announce all there is; returns how many promises were broken."""
    asyncio.run(prepare(url))
    begun = monotonic()
    kills, rates = run(url, workers, dying, seed)
    seconds = monotonic() - begun
    wrong = asyncio.run(inspect(url))
    engine = url.partition(":")[0]
    print(
        f"{engine}, {workers} workers: {CLOCKS} due clocks in {seconds:.1f} s with {kills} killed; "
        f"a worker at work did {sum(rates) / len(rates):.0f} clocks per second; "
        + (", ".join(f"{count} {what}" for what, count in wrong.items()) or "each announced exactly once"),
        flush=True,
    )
    return sum(wrong.values()) + (dying > 0 and not kills)


def run(url: str, workers: int, dying: float, seed: int) -> tuple[int, list[float]]:
    """Keeps so many workers at work until nothing is due; how many died, and clocks per second of the others."""
    started = 0

    def start() -> "subprocess.Popen[str]":
        nonlocal started
        started += 1
        words = [sys.executable, __file__, "work", url, str(dying), str(seed + started)]
        return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=PROJECT)

    running, kills, rates = [start() for _ in range(workers)], 0, []
    late = monotonic() + SECONDS
    while running:
        process = running.pop(0)
        try:
            said, _ = process.communicate(timeout=max(1, late - monotonic()))
        except subprocess.TimeoutExpired:
            for one in (process, *running):
                one.kill()
            raise SystemExit("the workers do not come to an end") from None
        if process.returncode == -signal.SIGKILL:
            kills += 1
            running.append(start())
        elif process.returncode:
            raise SystemExit(f"a worker failed with {process.returncode}")
        elif said.strip():
            rates.append(float(said))
    return kills, rates or [0.0]


async def work(url: str, dying: float, seed: int) -> None:
    """Announces until there is nothing left, or dies; prints how many due clocks it took per second at work."""
    chance = random.Random(seed)
    taken, spent, usual = 0.0, 0.0, 0.05

    async def mortal() -> announcing.Tick:
        killer = None
        if chance.random() < dying:
            killer = threading.Timer(chance.uniform(0, usual), os.kill, (os.getpid(), signal.SIGKILL))
            killer.start()
        tick = await announcing._announce(NOW, AT_ONCE if dying else announcing.CLOCKS_AT_ONCE)
        if killer is not None:
            os.kill(os.getpid(), signal.SIGKILL)  # all is written, nothing is committed
        return tick

    async with open_database(url):
        while await SlaKpiInstance.filter(next_at__lt=NOW).exists():  # what others hold may be left when they die
            begun = perf_counter()
            try:
                tick = await unit_of_work(mortal)
            except StorageTrouble:  # busy; as the real worker, which waits longer
                tick = announcing.Tick(0, more=False)
            if not tick.announced:
                await asyncio.sleep(0.05)
                continue
            usual = perf_counter() - begun
            taken, spent = taken + tick.announced / 2, spent + usual
    if spent:
        sys.stdout.write(f"{taken / spent}\n")


async def prepare(url: str) -> None:
    """Opens the cases at some instants, each with its clocks, long enough ago for all to have run out."""
    await make_tables(url)
    async with open_database(url):
        tenant = await Tenant.create(name="Timely", slug="timely", created_at=NOW)
        account = await Account.create(tenant=tenant, name="Lasting Ltd", created_at=NOW)
        version = await policy(tenant)
        templates = [await template(tenant, account, version, number) for number in range(OPENINGS)]
        for batch in range(CASES // OPENINGS):
            await copy(templates, batch * OPENINGS)


async def policy(tenant: Tenant) -> UUID:
    lead = Viewer(tenant.id, Role.ADMIN, "Lead")
    items = [
        {"name": kpi, "kpi": kpi, "fail_after": _minutes(60 + place), "warn_after": _minutes(30 + place)}
        for place, kpi in enumerate(KPIS)
    ]
    saved = await perform(Call(promises.save_sla_policy, {"name": "All", "items": items}, lead, NOW))
    named = {"policy": Reference("SlaPolicy", next(iter(saved.values())).id)}
    await perform(Call(promises.activate_sla_policy, named, lead, NOW))
    return (await SlaPolicyVersion.get()).id


def _minutes(amount: int) -> dict[str, object]:
    return {"amount": amount, "unit": "MINUTES"}


Template = tuple[Values, Sequence[Values], Sequence[Values]]


async def template(tenant: Tenant, account: Account, version: UUID, number: int) -> Template:
    at = NOW - timedelta(hours=3, seconds=number)
    said = {"number": "", "title": "Still there?", "account_id": account.id, "status_reason": StatusReason.NEW}
    applied = {"sla_version_id": version, "sla_source": SlaSource.DEFAULT}
    events = [Event(1, at, Fact(FactKind.OPENED, said)), Event(2, at, Fact(FactKind.SLA_APPLIED, applied))]
    state = fold(events)
    rows = [
        {
            "tenant_id": tenant.id, "number": event.number, "kind": event.fact.kind, "at": at, "created_at": at,
            "cause": "gate", "payload": to_payload(event.fact), "actor_person_id": None, "actor_contact_id": None,
        }
        for event in events
    ]  # fmt: skip
    clocks = instances(tenant.id, uuid7(), await evaluate(events, state.columns, version), at)
    return {**state.columns, "tenant_id": tenant.id}, rows, clocks


async def copy(templates: Sequence[Template], first: int) -> None:
    """Writes a case like each template, under a number of its own."""
    cases: list[Values] = []
    events: list[Values] = []
    clocks: list[Values] = []
    for serial, (case, told, rows) in enumerate(templates, first + 1):
        number, key = f"CAS-{serial:06}", uuid7()
        cases.append({**case, "id": key, "number": number})
        clocks += [{**row, "id": uuid7(), "case_id": key} for row in rows]
        for event in told:
            changes = {**event["payload"]["changes"], **({"number": number} if event["number"] == 1 else {})}
            events.append({**event, "id": uuid7(), "case_id": key, "payload": {**event["payload"], "changes": changes}})

    async def write() -> None:
        await insert(Case, cases)
        await insert(CaseEvent, events)
        await insert(SlaKpiInstance, clocks)

    await unit_of_work(write)


async def inspect(url: str) -> Counter[str]:
    """What is not as it must be, with how often."""
    wrong: Counter[str] = Counter()
    async with open_database(url):
        cases = {case.id: case for case in await Case.all()}
        wrong["cases too few"] = CASES - len(cases)
        wrong["clocks still due"] = await SlaKpiInstance.filter(next_at__lt=NOW).count()
        told = Counter({row.key: len(row.payload["kinds"]) for row in await Outbox.all()})
        keys = list(cases)
        for start in range(0, len(keys), 500):
            for key, events in (await histories_of(keys[start : start + 500])).items():
                said = [event.fact.details for event in events if event.fact.kind is FactKind.SLA_ANNOUNCED]
                counts = Counter((one["kpi"], one["what"]) for one in said)
                wanted = {(kpi, what) for kpi in KPIS for what in ("WARNED", "BREACHED")}
                wrong["lost"] += len(wanted - counts.keys())
                wrong["doubled"] += counts.total() - len(counts)
                instants = [str(one["at"]) for one in said]
                wrong["out of order"] += instants != sorted(instants)
                wrong["early"] += any(instant >= NOW.isoformat() for instant in instants)
                wrong["news amiss"] += told[key] != len(said)
                state = fold(events)
                wrong["torn"] += any(getattr(cases[key], name) != state.columns[name] for name in PROJECTED)
        broken = Compare("breached_at", Op.IS_NULL, False)
        wrong["clocks that do not say so"] = CLOCKS - len(await select(SlaKpiInstance, broken, columns=("id",)))
    return +wrong


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            sys.exit(main())
        case ["work", url, dying, seed]:
            spare_what_is_loaded()
            uvloop.run(work(url, float(dying), int(seed)))

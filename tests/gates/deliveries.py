#!/usr/bin/env python
"""Everything that is to be sent arrives, whoever dies: 2 workers, killed with SIGKILL, on PostgreSQL and on SQLite.

60 cases are opened, each of which owes its customer an e-mail and a webhook a call. Workers, the real loop in processes
of their own, send them to a mail server and a receiver on this machine that refuse a third of it once. Up to eight
times, while they are at it, one of them is killed, and another takes its place. Their clocks run ten times as fast, so
that leases and pauses are over soon.

Fails for one delivery that was never asked for, is lost, is said to be sent and was not, or was given up; for a double
with another id than the first; and if it takes too long. Doubles with the same id are what at-least-once means: they
are counted and printed.
"""

import asyncio
import os
import random
import sys
import tempfile
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from time import monotonic, time
from typing import Any
from uuid import UUID

import orjson

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from actions import noting, opening  # noqa: E402  # the project is put on the path above
from actions.delivering import OPEN, Senders  # noqa: E402
from actions.notifying import cause_of  # noqa: E402
from actions.perform import Call, perform  # noqa: E402
from actions.sending.calls import calls  # noqa: E402
from actions.sending.mail import Post, mail  # noqa: E402
from actions.signature import Act, Reference  # noqa: E402
from cases.notices import Channel, DeliveryState, NoticeTrigger  # noqa: E402
from cases.viewer import Viewer  # noqa: E402
from cases.vocabulary import Role  # noqa: E402
from models import Case, Contact, Delivery, Tenant, Webhook  # noqa: E402
from models.database import open_database  # noqa: E402
from tests.databases import database_of, fresh_name, make_tables, on_server, postgres_server  # noqa: E402
from tests.mailbox import Mailbox, Receiver, mailbox, receiver  # noqa: E402
from worker import work  # noqa: E402

CASES = 60
WORKERS = 2
KILLS = 8
FEWEST_KILLS = 5
"""With fewer, because everything had arrived, the gate has shown nothing."""
BETWEEN_KILLS = (5, 25)
"""After so many further attempts a worker is killed."""
REFUSED = 0.33
NOW = datetime(2025, 6, 4, 12, tzinfo=UTC)
FASTER = 10
SECONDS = 100
"""After so many the gate gives up on a database: it is stuck."""
LOADED = ["actions.opening", "tests.databases", "tests.mailbox", "worker"]
"""What is imported once for all workers: the next one is there as soon as the last one is dead."""


def main() -> int:
    seed = int(os.environ.get("SEED", random.randrange(10**6)))
    print(f"seed {seed}", flush=True)
    os.chdir(PROJECT)
    wrong = 0
    with postgres_server() as server:
        name = fresh_name("deliveries")
        on_server(server, f'CREATE DATABASE "{name}"')
        wrong += asyncio.run(hold(database_of(server, name), seed))
    with tempfile.TemporaryDirectory() as folder:
        wrong += asyncio.run(hold(f"sqlite://{folder}/casegraph.sqlite3", seed))
    return 1 if wrong else 0


async def hold(url: str, seed: int) -> int:
    """Lets workers send all there is; returns how many promises were broken."""
    async with mailbox() as box, receiver() as hook:
        await prepare(url, hook.url)
        begun = monotonic()
        arrivals = Arrivals(random.Random(seed))
        box.refuses, hook.refuses = arrivals.refuses, arrivals.refuses
        try:
            async with asyncio.timeout(SECONDS):
                await kill_and_replace(url, box.url, arrivals)
        except TimeoutError:
            print("the workers do not come to an end", flush=True)
            arrivals.stuck = 1
        seconds = monotonic() - begun
        wrong, doubles = await inspect(url, box, hook)
    wrong["not ended in time"] += arrivals.stuck
    wrong["kills too few"] += FEWEST_KILLS - arrivals.kills
    print(
        f"{url.partition(':')[0]}: {2 * CASES} deliveries in {seconds:.1f} s with {arrivals.kills} workers killed and "
        f"{arrivals.refused} refused once; {doubles} doubles with the same id; "
        + (", ".join(f"{count} {what}" for what, count in (+wrong).items()) or "each arrived"),
        flush=True,
    )
    return (+wrong).total()


@dataclass
class Arrivals:
    """What came in so far, and what follows from it: that it is refused for now, that a worker is killed."""

    chance: random.Random
    seen: set[str] = field(default_factory=set)
    attempts: int = 0
    refused: int = 0
    kills: int = 0
    stuck: int = 0
    come: asyncio.Event = field(default_factory=asyncio.Event)

    def refuses(self, id: str) -> bool:
        """Whether this is refused: some are, when they come for the first time."""
        self.attempts += 1
        self.come.set()
        if id in self.seen:
            return False
        self.seen.add(id)
        refused = self.chance.random() < REFUSED
        self.refused += refused
        return refused

    async def more(self, count: int) -> None:
        """Waits for so many further attempts."""
        wanted = self.attempts + count
        while self.attempts < wanted:
            self.come.clear()
            await self.come.wait()


async def kill_and_replace(url: str, post: str, arrivals: Arrivals) -> None:
    """Keeps workers at work until nothing is to be sent, and kills them while they are at it."""
    context = get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    begun = time()
    running: list[Any] = []

    def start() -> Any:
        process = context.Process(target=run_worker, args=(url, post, begun), daemon=True)
        process.start()
        return process

    async def kill() -> None:
        while arrivals.kills < KILLS:
            await arrivals.more(arrivals.chance.randint(*BETWEEN_KILLS))
            await asyncio.sleep(arrivals.chance.uniform(0, 0.05))  # in the middle of whatever they do then
            place = arrivals.chance.randrange(WORKERS)
            if running[place].is_alive():
                running[place].kill()
                arrivals.kills += 1
                running[place] = start()

    try:
        running += [start() for _ in range(WORKERS)]
        killing = asyncio.create_task(kill())
        async with open_database(url):
            while await Delivery.filter(state__in=list(OPEN)).exists():
                await asyncio.sleep(0.2)
                for process in running:
                    if not process.is_alive() and process.exitcode not in (0, None):
                        raise SystemExit(f"a worker failed with {process.exitcode}")
        killing.cancel()
        with suppress(asyncio.CancelledError):
            await killing
    finally:
        for process in running:
            process.kill()
            process.join()


def run_worker(url: str, post: str, begun: float) -> None:
    """A worker as an installation has it, but for its clock; runs until it is killed."""

    async def run() -> None:
        senders = Senders(calls(private=True), mail(Post.of(post, "support@casegraph.example")))
        async with open_database(url):
            await work(
                lambda: NOW + timedelta(seconds=(time() - begun) * FASTER), until=asyncio.Event(), senders=senders
            )

    asyncio.run(run())


async def prepare(url: str, hook: str) -> None:
    """Opens the cases, for a customer who is to be told of each, and with a webhook that is told too."""
    await make_tables(url)
    async with open_database(url):
        tenant = await Tenant.create(name="Telling", slug="telling", created_at=NOW)
        bob = await Contact.create(tenant=tenant, name="Bob", email="bob@example.com", created_at=NOW)
        admin = Viewer(tenant.id, Role.ADMIN, "Lead")

        async def done(act: Act, **said: object) -> None:
            await perform(Call(act, said, admin, NOW))

        texts = {"subject": "{{case.number}}", "body": "Hello {{contact.name}}"}
        opened = {"trigger": NoticeTrigger.CASE_OPENED, "channel": Channel.EMAIL}
        await done(noting.save_notification_template, name="Opened", **opened, **texts)
        await done(noting.save_webhook, name="Hook", url=hook, allow_private=True, kinds=["OPENED"])
        for number in range(CASES):
            await done(opening.create_case, title=f"Case {number}", customer=Reference("Contact", bob.id))


async def inspect(url: str, box: Mailbox, hook: Receiver) -> tuple[Counter[str], int]:
    """What is not as it must be, with how often; and how many came twice as what they are."""
    wrong: Counter[str] = Counter()
    came = [
        *((Channel.EMAIL, str(message["Subject"]), _id(str(message["Message-ID"]))) for message in box.messages),
        *(
            (Channel.WEBHOOK, str(orjson.loads(body)["data"]["case"]["number"]), UUID(headers["webhook-id"]))
            for headers, body in hook.requests
        ),
    ]
    async with open_database(url):
        deliveries = {one.id: one for one in await Delivery.all()}
        cases = {case.id: case for case in await Case.all()}
        bob, called = await Contact.get(), await Webhook.get()
    asked = {
        (cause_of(case_id, 1), recipient, channel)
        for case_id in cases
        for recipient, channel in ((bob.id, Channel.EMAIL), (called.id, Channel.WEBHOOK))
    }
    written = Counter((one.cause, one.recipient, one.channel) for one in deliveries.values())
    wrong["cases too few"] = CASES - len(cases)
    wrong["not written"] = len(asked - written.keys())
    wrong["nobody asked for"] = len(written.keys() - asked)
    wrong["written twice"] = written.total() - len(written)
    wrong["not sent"] = sum(one.state is not DeliveryState.SENT for one in deliveries.values())
    wrong["lost"] = len(deliveries.keys() - {id for *_, id in came})
    ids: dict[tuple[Channel, str], set[UUID]] = defaultdict(set)
    for channel, number, id in came:
        ids[channel, number].add(id)
        told = deliveries.get(id)
        wrong["of nobody"] += told is None or (told.channel, cases[told.case_id].number) != (channel, number)
    wrong["doubled under another id"] = sum(len(those) - 1 for those in ids.values())
    return wrong, len(came) - len({id for *_, id in came})


def _id(message: str) -> UUID:
    return UUID(message.strip("<>").partition("@")[0])


if __name__ == "__main__":
    sys.exit(main())

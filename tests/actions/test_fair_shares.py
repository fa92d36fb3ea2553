"""Fair shares: nobody's mail waits behind what others are sent, and who takes nothing is left in peace for a while."""

import asyncio
import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from actions import noting
from actions.delivering import LEASE, SHARE, Courier, Senders, deliver
from actions.holding import IN_VAIN, LONGEST, ONE_BY_ONE, PATIENCE
from actions.sending.calls import calls
from actions.sending.mail import Post, mail
from actions.sending.parcels import NotSent, Parcel
from cases.notices import DeliveryState
from cases.vocabulary import Role
from models import Delivery, DeliveryHold, Webhook
from models.database import Database, current_database
from models.lanes import first_due, lanes_due
from tests import given
from tests.actions import notices
from tests.given import NOW, done, hours
from tests.mailbox import mailbox, receiver, silence


async def backlog(count: int, url: str = "https://hooks.example.com/", *, tenant: str = "home") -> Delivery:
    """So many deliveries to one webhook of a tenant, due now."""
    home = await given.tenant(tenant)
    by = await given.viewer(Role.ADMIN, tenant=home)
    hook = await notices.webhook(by=by, url=url, allow_private=url.startswith("http:"), kinds=["OPENED"])
    await given.case(by=by)
    first = await Delivery.get(webhook_id=hook.id)
    await notices.further(first, count - 1)
    return first


async def mail_of(tenant: str = "next") -> Delivery:
    """A mail of another tenant."""
    home = await given.tenant(tenant)
    by = await given.viewer(Role.ADMIN, tenant=home)
    await notices.template(by=by)
    await given.case(by=by, customer=await given.contact("Bob", email="bob@example.com", tenant=home))
    return await Delivery.get(tenant=home)


class Receivers:
    """Notes who was called with what, and declines as it is told to."""

    def __init__(self) -> None:
        self.took: list[Parcel] = []
        self.asked: Counter[str] = Counter()
        self.down: set[str] = set()

    async def __call__(self, parcel: Parcel, now: Any) -> None:
        self.asked[parcel.to] += 1
        if parcel.to in self.down:
            raise NotSent("HTTP 503", is_receivers=True)
        self.took.append(parcel)


async def test_a_mail_goes_out_at_once_beside_500_calls_of_a_receiver_that_never_answers(database: Database):
    async with silence() as url, mailbox() as box:
        await backlog(500, url)
        theirs = await mail_of()
        senders = Senders(calls(private=True), mail(Post.of(box.url, "support@casegraph.example")))
        async with Courier(senders) as courier, asyncio.timeout(8):  # less than the silent one is given
            ticks = 0
            while not box.messages:
                await courier.deliver(NOW)
                ticks += 1

            await courier.deliver(NOW)
        assert (await Delivery.get(id=theirs.id)).state is DeliveryState.SENT
    assert await Delivery.filter(attempts=1, webhook_id__not_isnull=True).count() == SHARE


async def test_lanes_take_turns_where_there_is_little_room(database: Database):
    called: list[str] = []

    async def call(parcel: Parcel, now: Any) -> None:
        called.append(parcel.to)

    for tenant in ("one", "two", "three"):
        await backlog(4, f"https://{tenant}.example.com/", tenant=tenant)
    async with Courier(Senders(call), at_once=1) as courier:
        while (await courier.deliver(NOW)).more or len(called) < 12:
            pass

    assert [len(set(called[start : start + 3])) for start in (0, 3, 6, 9)] == [3, 3, 3, 3]


async def test_who_takes_nothing_is_asked_by_one_delivery_at_growing_pauses(database: Database):
    receivers = Receivers()
    receivers.down = {"https://hooks.example.com/"}
    await backlog(50)
    senders, asked = Senders(receivers), []
    for _ in range(4):
        await deliver(NOW, senders=senders)
        asked.append(receivers.asked.total())
    hold = await DeliveryHold.get()
    for _ in range(2):
        await deliver(hold.held_until, senders=senders)
        asked.append(receivers.asked.total())

    assert asked == [SHARE, SHARE, SHARE, SHARE, SHARE + 1, SHARE + 1]
    later = await DeliveryHold.get()
    assert (later.failures, later.since) == (SHARE + 1, NOW)
    assert later.held_until - hold.held_until > hold.held_until - NOW > timedelta(0)
    assert await Delivery.filter(attempts=0).count() == 50 - SHARE - 1


async def test_once_it_takes_one_it_gets_all_each_once(database: Database):
    receivers = Receivers()
    receivers.down = {"https://hooks.example.com/"}
    await backlog(20)
    await deliver(NOW, senders=Senders(receivers))
    receivers.down = set()
    now = NOW + LONGEST
    while (await deliver(now, senders=Senders(receivers))).announced:
        pass

    assert len({parcel.id for parcel in receivers.took}) == len(receivers.took) == 20
    assert await DeliveryHold.all().count() == 0


async def test_one_failure_holds_nobody_up(database: Database):
    receivers = Receivers()
    receivers.down = {"https://hooks.example.com/"}
    await backlog(1)
    await deliver(NOW, senders=Senders(receivers))
    await notices.further(await Delivery.get(), 1, due_at=NOW, attempts=0)
    receivers.down = set()
    await deliver(NOW, senders=Senders(receivers))

    assert len(receivers.took) == 1
    assert ONE_BY_ONE > 1


async def test_of_several_workers_one_tries(database: Database):
    receivers = Receivers()
    receivers.down = {"https://hooks.example.com/"}
    await backlog(50)
    await deliver(NOW, senders=Senders(receivers))
    probing = NOW + LONGEST
    begun = asyncio.Event()

    async def never(parcel: Parcel, now: Any) -> None:
        receivers.asked[parcel.to] += 1
        begun.set()
        await asyncio.Event().wait()

    async with Courier(Senders(never)) as one, Courier(Senders(never)) as other:
        await one.take(probing)
        await begun.wait()
        await other.take(probing)
        await one.take(probing)
        assert receivers.asked.total() == SHARE + 1
    await deliver(probing + LEASE, senders=Senders(receivers))  # the first one died of it

    assert receivers.asked.total() == SHARE + 2


async def test_a_slow_receiver_gets_one_at_a_time(database: Database, monkeypatch):
    monkeypatch.setattr("actions.delivering.SLOW", -1.0)
    receivers = Receivers()
    await backlog(10)
    async with Courier(Senders(receivers)) as courier:
        taken = [await courier.take(NOW), (await courier.finish(NOW)).announced, await courier.take(NOW)]

    assert taken == [SHARE, SHARE, 1]


async def test_what_waited_for_too_long_for_who_takes_nothing_is_given_up_and_tried_again_by_hand(database: Database):
    receivers = Receivers()
    receivers.down = {"https://hooks.example.com/"}
    await backlog(30)
    await deliver(NOW, senders=Senders(receivers))
    await deliver(NOW + PATIENCE + hours(1), senders=Senders(receivers))

    given_up = await Delivery.filter(state=DeliveryState.GIVEN_UP)
    assert {one.last_error for one in given_up} == {IN_VAIN}
    assert len(given_up) == 29  # the one that tried goes on as any other that failed
    receivers.down = set()
    again = given_up[0]
    await done(noting.retry_delivery, by=await given.viewer(Role.MANAGER), delivery=again, now=NOW + hours(14))
    await deliver(NOW + hours(14), senders=Senders(receivers))
    assert (await Delivery.get(id=again.id)).state is DeliveryState.SENT


@pytest.mark.parametrize("by_hand", ["retry", "save"])
async def test_who_mends_it_need_not_wait_until_it_is_tried_again(database: Database, by_hand):
    receivers = Receivers()
    receivers.down = {"https://hooks.example.com/"}
    first = await backlog(30)
    await deliver(NOW, senders=Senders(receivers))
    admin = await given.viewer(Role.ADMIN)
    if by_hand == "retry":
        receivers.down = set()
        await done(noting.retry_delivery, by=admin, delivery=await Delivery.get(id=first.id))
    else:
        hook = await Webhook.get()
        await done(
            noting.save_webhook, by=admin, webhook=hook, name="Hook", url="https://other.example.com/", kinds=["OPENED"]
        )
    await deliver(NOW, senders=Senders(receivers))

    assert len(receivers.took) == SHARE


async def test_a_receiver_that_declines_a_parcel_is_not_thought_to_be_down(database: Database):
    async with receiver() as box:
        box.answers = [400] * SHARE
        await backlog(2 * SHARE, box.url)
        for _ in range(2):
            await deliver(NOW, senders=Senders(calls(private=True)))

        assert len(box.requests) == SHARE


async def test_what_is_due_is_found_by_an_index_however_much_there_is(database: Database):
    first = await backlog(3_000)
    await notices.further(first, 3_000, state=DeliveryState.SENT, lane=None)
    seen: list[tuple[str, list[Any]]] = []
    client = current_database()
    original = client.reader.execute_query

    async def execute_query(sql: str, values: Any = None) -> Any:
        seen.append((sql, values))
        return await original(sql, values)

    client.reader.execute_query = execute_query
    try:
        (lane,) = await lanes_due(NOW)
        assert len(await first_due({lane.key: SHARE}, NOW)) == SHARE
    finally:
        del client.reader.execute_query

    assert len(seen) == 2
    for sql, values in seen:
        plan = await explained(client, sql, values)
        looked_up = re.findall(r"Seq Scan on delivery\b|SCAN d\b", plan)
        assert not looked_up, plan
        assert "lane" in plan


async def explained(database: Database, sql: str, values: list[Any]) -> str:
    """How the database goes about it; knowing how long its tables are."""
    await database.writer.execute_query("ANALYZE delivery")
    if database.dialect == "sqlite":
        _, rows = await database.reader.execute_query(f"EXPLAIN QUERY PLAN {sql}", values)
        return "\n".join(row["detail"] for row in rows)
    _, rows = await database.reader.execute_query(f"EXPLAIN {sql}", values)
    return "\n".join(row[0] for row in rows)

"""Delivering: what is due is sent by one worker, tried again while that may help, and never told as sent when not."""

import asyncio
import logging
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from actions import ending, noting, talking
from actions.delivering import LEASE, WAIT_FOR_SENDER, WORN_OUT, Senders, deliver
from actions.sending.calls import calls, signature
from actions.sending.mail import Post, mail
from actions.sending.parcels import NotSent, Parcel
from cases.notices import Channel, DeliveryState, NoticeTrigger
from cases.refusals import BadInput
from cases.retrying import FIRST, MOST_ATTEMPTS
from cases.vocabulary import Audience, Role
from models import Delivery, Tenant, Webhook
from models.addresses import sqlite_path
from models.database import Database, open_database
from models.fields import uuid7
from settings import Limits
from tests import given
from tests.actions import notices
from tests.given import NOW, done, hours
from tests.mailbox import Mailbox, mailbox, receiver

SENDER = "Casegraph <support@casegraph.example>"


def posting(box: Mailbox) -> Senders:
    return Senders(calls(private=True), mail(Post.of(box.url, SENDER)))


async def asked(**said: Any) -> Delivery:
    """An e-mail to a customer that is due, about the case they opened."""
    await notices.template()
    contact = await given.contact("Bob", email="bob@example.com")
    case = await given.case("The kettle leaks", customer=contact, **said)
    return await Delivery.get(case_id=case.id)


async def now_is(delivery: Delivery) -> tuple[str, int, str | None]:
    row = await Delivery.get(id=delivery.id)
    return row.state.value, row.attempts, row.last_error


async def killed(now: datetime) -> None:
    """A worker takes what is due, and dies while it sends it."""
    begun = asyncio.Event()

    async def never(parcel: Parcel, now: datetime) -> None:
        begun.set()
        await asyncio.Event().wait()

    worker = asyncio.create_task(deliver(now, senders=Senders(calls(private=True), never)))
    await begun.wait()
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)


async def test_a_customer_gets_one_mail_in_words_of_the_template(database: Database):
    delivery = await asked()
    async with mailbox() as box:
        ticks = [await deliver(NOW, senders=posting(box)) for _ in range(2)]

        (message,) = box.messages
    assert [tick.announced for tick in ticks] == [1, 0]
    assert (message["To"], message["Subject"]) == ("bob@example.com", "CAS-000001: The kettle leaks")
    assert message["Message-ID"] == f"<{delivery.id}@casegraph.example>"
    assert str(message.get_payload()).strip() == "Dear Bob, it is active."
    assert await now_is(delivery) == ("SENT", 1, None)


async def test_what_is_refused_for_now_is_tried_again_later_with_the_same_id(database: Database):
    delivery = await asked()
    async with mailbox() as box:
        box.answers = ["451 Try again, Bob's box is full"]
        await deliver(NOW, senders=posting(box))
        assert await now_is(delivery) == ("FAILED", 1, "SMTP 451")
        await deliver(NOW + FIRST / 2, senders=posting(box))
        assert await now_is(delivery) == ("FAILED", 1, "SMTP 451")
        await deliver(NOW + FIRST, senders=posting(box))

        assert [message["Message-ID"] for message in box.messages] == [f"<{delivery.id}@casegraph.example>"]
    assert await now_is(delivery) == ("SENT", 2, None)


async def test_what_is_refused_for_good_is_given_up_and_tried_again_by_hand(database: Database):
    delivery, lead = await asked(), await given.viewer(Role.MANAGER)
    async with mailbox() as box:
        box.answers = ["550 There is no such box"]
        await deliver(NOW, senders=posting(box))
        assert await now_is(delivery) == ("GIVEN_UP", 1, "SMTP 550")
        await deliver(NOW + hours(24), senders=posting(box))
        assert box.messages == []

        await done(noting.retry_delivery, by=lead, delivery=delivery, now=NOW + hours(24))
        await deliver(NOW + hours(24), senders=posting(box))
    assert await now_is(delivery) == ("SENT", 1, None)
    with pytest.raises(BadInput):
        await done(noting.retry_delivery, by=lead, delivery=delivery)


async def test_a_server_that_is_not_there_is_tried_so_often_and_no_more(database: Database):
    delivery = await asked()
    nowhere = Senders(calls(private=True), mail(Post.of("smtp://127.0.0.1:1", SENDER)))
    for number in range(MOST_ATTEMPTS + 2):
        await deliver(NOW + hours(12 * number), senders=nowhere)

    state, attempts, error = await now_is(delivery)
    assert (state, attempts) == ("GIVEN_UP", MOST_ATTEMPTS)
    assert error is not None
    assert error.startswith("SMTP: ")


async def test_without_a_mail_server_mail_waits_and_says_so(database: Database):
    delivery = await asked()
    await deliver(NOW, senders=Senders(calls(private=False)))
    assert await now_is(delivery) == ("PENDING", 0, "No mail server is configured.")

    async with mailbox() as box:
        await deliver(NOW + WAIT_FOR_SENDER, senders=posting(box))
    assert (await now_is(delivery))[0] == "SENT"


async def test_what_a_killed_worker_held_is_taken_up_when_its_lease_is_over(database: Database):
    delivery = await asked()
    await killed(NOW)
    async with mailbox() as box:
        await deliver(NOW + LEASE / 2, senders=posting(box))
        assert box.messages == []
        await deliver(NOW + LEASE, senders=posting(box))
    assert await now_is(delivery) == ("SENT", 2, None)


async def test_what_was_sent_is_not_doubled_by_a_worker_that_dies_waiting_for_another(database: Database):
    await notices.template()
    for name in ("quick", "slow"):
        await given.case(customer=await given.contact(name, email=f"{name}@example.com"))
    quick = await Delivery.get(address="quick@example.com")
    slow = await Delivery.get(address="slow@example.com")

    async def stuck(parcel: Parcel, now: datetime) -> None:
        if parcel.to == slow.address:
            await asyncio.Event().wait()

    worker = asyncio.create_task(deliver(NOW, senders=Senders(calls(private=True), stuck)))
    async with asyncio.timeout(20):
        while (await now_is(quick))[0] != "SENT":
            await asyncio.sleep(0)
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    async with mailbox() as box:
        await deliver(NOW + LEASE, senders=posting(box))

        assert [message["To"] for message in box.messages] == [slow.address]


async def test_what_kills_each_of_its_workers_is_given_up(database: Database):
    delivery = await asked()
    for number in range(MOST_ATTEMPTS):
        await killed(NOW + LEASE * number)
    async with mailbox() as box:
        await deliver(NOW + LEASE * MOST_ATTEMPTS, senders=posting(box))

        assert box.messages == []
    assert await now_is(delivery) == ("GIVEN_UP", MOST_ATTEMPTS, WORN_OUT.reason)


async def test_a_server_that_keeps_us_talking_does_not_outlast_the_lease(database: Database):
    delivery = await asked()

    async def never(parcel: Parcel, now: datetime) -> None:
        await asyncio.Event().wait()

    await deliver(NOW, senders=Senders(calls(private=True), never, seconds=0.01))

    assert await now_is(delivery) == ("FAILED", 1, "It took too long.")
    assert timedelta(seconds=Senders(calls(private=True)).seconds) < LEASE


async def test_what_was_sent_is_not_doubled_because_the_storage_was_busy(sqlite_url: str, monkeypatch):
    """Another process keeps the file locked from the moment of sending until it could not be written down once."""
    monkeypatch.setattr("actions.delivering.PAUSE", 0.001)
    async with open_database(sqlite_url, replace(Limits(), lock_seconds=0.1)):
        delivery = await asked()
        with closing(sqlite3.connect(sqlite_path(sqlite_url), isolation_level=None)) as other:

            class Releasing(logging.Handler):
                def emit(self, record: logging.LogRecord) -> None:
                    other.execute("ROLLBACK")

            async def locking(parcel: Parcel, now: datetime) -> None:
                other.execute("BEGIN IMMEDIATE")

            monkeypatch.setattr("actions.delivering.log.handlers", [Releasing()])
            tick = await deliver(NOW, senders=Senders(calls(private=True), locking))

        assert tick.announced == 1
        assert await now_is(delivery) == ("SENT", 1, None)


async def test_workers_at_once_send_each_thing_once(database: Database):
    await notices.template()
    bob = await given.contact("Bob", email="bob@example.com")
    for _ in range(8):
        await given.case(customer=bob)
    async with mailbox() as box:
        await asyncio.gather(*(deliver(NOW, senders=posting(box), at_most=3) for _ in range(6)))
        while (await deliver(NOW, senders=posting(box))).announced:
            pass

        assert len({message["Message-ID"] for message in box.messages}) == len(box.messages) == 8


async def test_a_webhook_is_told_by_a_signed_request(database: Database):
    async with receiver() as box:
        said: dict[str, Any] = {"url": box.url, "allow_private": True, "kinds": ["OPENED"]}
        hook = await notices.webhook(**said)
        case = await given.case(external_id="A-1")
        await done(ending.cancel_case, by=await given.viewer(), case=case)
        await deliver(NOW, senders=Senders(calls(private=True)))

        ((headers, body),) = box.requests
    delivery = await Delivery.get(webhook_id=hook.id)
    told = orjson.loads(body)
    assert (told["type"], told["data"]["event"]) == ("case.opened", {"number": 1, "kind": "OPENED"})
    assert told["data"]["case"]["number"] == case.number
    assert headers["webhook-id"] == str(delivery.id)
    expected = signature(hook.secret, headers["webhook-id"], headers["webhook-timestamp"], body)
    assert headers["webhook-signature"] == expected


@pytest.mark.parametrize(
    ("answer", "state", "error"),
    [(500, "FAILED", "HTTP 500"), (307, "FAILED", "HTTP 307"), (410, "GIVEN_UP", "HTTP 410"), (200, "SENT", None)],
)
async def test_a_receiver_is_followed_nowhere_and_not_listened_to(database: Database, answer, state, error):
    async with receiver() as box:
        box.answers = [answer]
        await notices.webhook(url=box.url, allow_private=True, kinds=["OPENED"])
        delivery = await notices.delivery()
        await deliver(NOW, senders=Senders(calls(private=True)))

        assert box.requests == []
    assert await now_is(delivery) == (state, 1, error)


@pytest.mark.parametrize(("installation", "hook"), [(False, True), (True, False)])
async def test_an_address_inside_is_called_only_if_both_allow_it(database: Database, installation, hook):
    async with receiver() as box:
        await notices.webhook(url=box.url, allow_private=True, kinds=["OPENED"])
        await Webhook.filter(name="Hook").update(allow_private=hook)
        delivery = await notices.delivery()
        await deliver(NOW, senders=Senders(calls(private=installation)))

        assert box.requests == []
    assert (await now_is(delivery))[:2] == ("GIVEN_UP", 1)


@pytest.mark.parametrize(
    ("url", "allow_private"),
    [("https://10.0.0.1/", False), ("https://[::1]/", False), ("http://169.254.169.254/", True)],
)
async def test_a_webhook_at_an_address_inside_is_not_even_saved(database: Database, url, allow_private):
    with pytest.raises(BadInput) as caught:
        await notices.webhook(url=url, allow_private=allow_private)

    assert caught.value.path == ("url",)


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:127.0.0.1"], []])
async def test_a_name_that_leads_inside_is_not_called(addresses):
    asked_for = []

    async def resolve(host: str, port: int) -> list[str]:
        asked_for.append(host)
        return list(addresses)

    parcel = Parcel(uuid7(), "https://hooks.example.com/", "", "{}", "whsec_c2VjcmV0")
    with pytest.raises(NotSent) as caught:
        await calls(private=True, resolve=resolve)(parcel, NOW)

    assert (caught.value.finally_, asked_for) == (True, ["hooks.example.com"])


@pytest.mark.parametrize("wrong", ["bob@example.com\r\nBcc: eve@example.com", "bob", "", "a@b, c@d"])
async def test_an_address_that_is_none_is_given_up(wrong):
    async with mailbox() as box:
        parcel = Parcel(uuid7(), wrong, "Hello", "Hello")
        with pytest.raises(NotSent) as caught:
            await mail(Post.of(box.url, SENDER))(parcel, NOW)
        split = replace(parcel, to="bob@example.com", subject="One\r\nBcc: eve@example.com")
        with pytest.raises(NotSent):
            await mail(Post.of(box.url, SENDER))(split, NOW)

        assert (caught.value.finally_, box.messages) == (True, [])


async def test_text_messages_go_to_the_webhook_that_takes_them(database: Database):
    async with receiver() as box:
        await notices.template("Text", channel=Channel.SMS, subject="", body="{{case.number}}")
        bob = await given.contact("Bob", phone="+49 30 1")
        await given.case(customer=bob)
        await deliver(NOW, senders=Senders(calls(private=True)))
        assert (await Delivery.get()).last_error == "No webhook takes text messages."
        await notices.webhook("Texts", url=box.url, allow_private=True, channel=Channel.SMS)
        await deliver(NOW + WAIT_FOR_SENDER, senders=Senders(calls(private=True)))

        ((_, body),) = box.requests
    assert orjson.loads(body) == {"type": "sms", "data": {"to": "+49 30 1", "text": "CAS-000001"}}


async def test_customers_hear_what_is_said_to_them_and_where_their_case_stands_but_not_what_they_did(
    database: Database,
):
    by = await given.viewer()
    await notices.template("Said", NoticeTrigger.COMMENTED, body="{{comment.body}}")
    await notices.template("Moved", NoticeTrigger.STATUS_CHANGED, body="{{case.status_reason}}")
    bob = await given.contact("Bob", email="bob@example.com")
    customer = await given.viewer(Role.CUSTOMER, contact=bob)
    case = await given.case(by=customer)
    await done(talking.add_comment, by=customer, case=case, body="Hello?")
    await done(talking.add_comment, by=by, case=case, body="Psst", audience=Audience.INTERNAL)
    await done(talking.add_comment, by=by, case=case, body="{{case.title}}")
    await done(ending.resolve_case, by=by, case=case, summary="Done")
    await done(ending.reactivate_case, by=customer, case=case)

    sent = await Delivery.all().order_by("id")
    assert [one.body for one in sent] == ["{{case.title}}", "problem solved"]


async def test_notices_wait_until_quiet_hours_are_over_and_webhooks_do_not(database: Database):
    home = await given.home()
    await Tenant.filter(id=home.id).update(settings={"quiet_from_minute": 0, "quiet_until_minute": 13 * 60})
    await notices.webhook(kinds=["OPENED"])
    await notices.template()
    await given.case(customer=await given.contact("Bob", email="bob@example.com"))

    due = {one.channel: one.due_at for one in await Delivery.all()}
    assert due == {Channel.WEBHOOK: NOW, Channel.EMAIL: NOW + hours(1)}


async def test_who_leads_sees_what_was_sent_and_nobody_the_secret(database: Database):
    delivery = await asked()
    text = "{ deliveries { nodes { state address subject case { number } } } }"
    seen = (await given.answer(text, viewer=await given.viewer(Role.MANAGER)))["deliveries"]["nodes"]
    unseen = (await given.answer(text, viewer=await given.viewer()))["deliveries"]["nodes"]

    assert (seen[0]["address"], seen[0]["state"], unseen) == ("bob@example.com", "PENDING", [])
    assert delivery.state is DeliveryState.PENDING
    refused = await given.execute("{ webhooks { nodes { secret } } }", viewer=await given.viewer(Role.ADMIN))
    assert refused.errors

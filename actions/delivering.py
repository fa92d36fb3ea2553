"""Delivering: what is due is sent, by any number of workers.

A worker takes deliveries in one short transaction and puts off when they are due: that is its lease. It sends them
outside of any transaction, and writes down what became of each as soon as it knows, if it is still its own. If it is
killed in between, the lease runs out and another sends again what was not written down, with the same id: that is the
one way to a double.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, Final
from uuid import UUID

import orjson
from tortoise.expressions import F

from actions.announcing import Tick
from actions.sending.calls import calls
from actions.sending.mail import Post, mail
from actions.sending.parcels import NoSender, NotSent, Parcel, Send
from cases.conditions import All, Compare, Op
from cases.notices import Channel, DeliveryState
from cases.refusals import StorageTrouble
from cases.retrying import MOST_ATTEMPTS, next_attempt
from models.deliveries import Delivery, Webhook
from models.errors import StatementTimeout
from models.locking import locked_first
from models.reading import select
from models.statements import Order
from models.unit_of_work import unit_of_work
from settings import Settings

log = logging.getLogger(__name__)

AT_ONCE: Final = 20
LEASE: Final = timedelta(seconds=60)
SECONDS_TO_SEND: Final = 30.0
"""Less than the lease: a server that answers each command just in time must not keep one until others send it too."""
PAUSE: Final = 0.5
"""Seconds until what became of deliveries is written down again, if the storage had no time for that."""
WAIT_FOR_SENDER: Final = timedelta(minutes=15)
OPEN: Final = (DeliveryState.PENDING, DeliveryState.FAILED)
WORN_OUT: Final = NotSent("Whoever sends it does not live to tell.", finally_=True)
Outcome = tuple[Delivery, NotSent | None]
"""A delivery, and what kept it from being taken; null if nothing did."""


@dataclass(frozen=True)
class Senders:
    """What this installation can send with, in at most so many `seconds` each; without `mail`, e-mail waits."""

    call: Send
    mail: Send | None = None
    seconds: float = SECONDS_TO_SEND

    @classmethod
    def of(cls, settings: Settings) -> "Senders":
        """Raises ValueError for an address of a mail server that is none."""
        posted = mail(Post.of(settings.smtp_url, settings.mail_from)) if settings.smtp_url else None
        return cls(calls(private=settings.private_webhooks), posted)


async def deliver(now: datetime, *, senders: Senders, at_most: int = AT_ONCE) -> Tick:
    """Sends at most so many of the deliveries that are due at `now`."""
    until = monotonic() + LEASE.total_seconds()
    taken = await unit_of_work(lambda: _take(now, at_most))
    worn_out: list[Outcome] = [(one, WORN_OUT) for one in taken if one.attempts > MOST_ATTEMPTS]
    fresh = [one for one in taken if one.attempts <= MOST_ATTEMPTS]
    hooks = await _webhooks(fresh)
    sending = {asyncio.create_task(_sent(one, hooks, senders, now)) for one in fresh}
    try:
        sent = await _followed(sending, worn_out, now, until)
    finally:
        for task in sending:
            task.cancel()
        await asyncio.gather(*sending, return_exceptions=True)
    return Tick(sent, more=len(taken) == at_most)


async def _take(now: datetime, at_most: int) -> list[Delivery]:
    due = All((Compare("state", Op.IN, OPEN), Compare("due_at", Op.LTE, now)))
    taken = await locked_first(Delivery, due, order=(Order("due_at"), Order("id")), limit=at_most)
    if taken:  # counted before it is tried: what kills its worker is not tried for ever
        mine = Delivery.filter(id__in=[one.id for one in taken])
        await mine.update(due_at=now + LEASE, attempts=F("attempts") + 1)
    for one in taken:
        one.attempts += 1
    return taken


async def _followed(sending: set[asyncio.Task[Outcome]], known: list[Outcome], now: datetime, until: float) -> int:
    """Writes down what becomes of deliveries while others are still on their way; how many were taken.

    What is `known` is written first. If the storage has no time it is asked again until the lease is over: what is not
    written down is sent once more.
    """
    sent = 0
    while sending or known:
        if not known:
            await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
        done = {task for task in sending if task.done()}
        sending, known = sending - done, known + [task.result() for task in done]
        outcomes = tuple(known)
        try:
            await unit_of_work(partial(_write_down, outcomes, now))
        except (StorageTrouble, StatementTimeout):
            if monotonic() >= until:
                raise
            log.warning("what became of deliveries could not be written down and is tried again")
            await asyncio.sleep(PAUSE)
            continue
        sent += sum(trouble is None for _, trouble in outcomes)
        known = []
    return sent


async def _webhooks(taken: Sequence[Delivery]) -> Mapping[UUID, Webhook]:
    """The webhooks to be called, by key, and by tenant those that take text messages."""
    if all(one.channel is Channel.EMAIL for one in taken):
        return {}
    tenants = tuple({one.tenant_id for one in taken})
    active = All((Compare("tenant_id", Op.IN, tenants), Compare("active", Op.EQ, True)))
    found: dict[UUID, Webhook] = {}
    for hook in await select(Webhook, active, order=(Order("created_at"), Order("id"))):
        found[hook.id] = hook
        if hook.channel is Channel.SMS:
            found.setdefault(hook.tenant_id, hook)
    return found


async def _sent(one: Delivery, hooks: Mapping[UUID, Webhook], senders: Senders, now: datetime) -> Outcome:
    try:
        async with asyncio.timeout(senders.seconds):
            await _send(one, hooks, senders, now)
    except NotSent as trouble:
        return one, trouble
    except TimeoutError:
        return one, NotSent("It took too long.")
    except Exception as error:  # a mistake of ours in one of them must not keep the others from being sent
        log.exception("delivery %s cannot be sent", one.id)
        return one, NotSent(f"Internal: {type(error).__name__}")
    return one, None


async def _send(one: Delivery, hooks: Mapping[UUID, Webhook], senders: Senders, now: datetime) -> None:
    """Raises NotSent if something kept it from being taken."""
    match one.channel:
        case Channel.EMAIL:
            if senders.mail is None:
                raise NoSender("No mail server is configured.")
            await senders.mail(Parcel(one.id, one.address, one.subject, one.body), now)
        case Channel.SMS:
            hook = hooks.get(one.tenant_id)
            if hook is None:
                raise NoSender("No webhook takes text messages.")
            text = orjson.dumps({"type": "sms", "data": {"to": one.address, "text": one.body}}).decode()
            await senders.call(_parcel(one, hook, text), now)
        case Channel.WEBHOOK:
            hook = hooks.get(one.webhook_id) if one.webhook_id else None
            if hook is None:
                raise NotSent("The webhook is not there any more.", finally_=True)
            await senders.call(_parcel(one, hook, one.body), now)


def _parcel(one: Delivery, hook: Webhook, body: str) -> Parcel:
    return Parcel(one.id, hook.url, "", body, hook.secret, hook.allow_private)


async def _write_down(outcomes: Sequence[Outcome], now: datetime) -> None:
    """What became of each, unless its lease ran out and somebody else took it meanwhile."""
    alike: dict[tuple[Any, ...], list[UUID]] = defaultdict(list)
    for one, trouble in outcomes:
        alike[one.attempts, *_after(one, trouble, now).items()].append(one.id)
    for (attempts, *columns), ids in alike.items():
        mine = Delivery.filter(id__in=ids, attempts=attempts, state__in=list(OPEN))
        await mine.update(**dict(columns))


def _after(one: Delivery, trouble: NotSent | None, now: datetime) -> dict[str, Any]:
    if trouble is None:
        return {"state": DeliveryState.SENT, "sent_at": now, "last_error": None}
    if trouble is WORN_OUT:
        return {"state": DeliveryState.GIVEN_UP, "attempts": one.attempts - 1, "last_error": trouble.reason}
    if isinstance(trouble, NoSender):
        waiting = {"state": DeliveryState.PENDING, "attempts": one.attempts - 1}
        return {**waiting, "due_at": now + WAIT_FOR_SENDER, "last_error": trouble.reason}
    again_at = None if trouble.finally_ else next_attempt(one.attempts, now)
    if again_at is None:
        return {"state": DeliveryState.GIVEN_UP, "last_error": trouble.reason}
    return {"state": DeliveryState.FAILED, "due_at": again_at, "last_error": trouble.reason}

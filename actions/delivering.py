"""Delivering: what is due is sent, by any number of workers.

A worker takes deliveries in one short transaction and puts off when they are due: that is its lease. It sends them
outside of any transaction, and writes down what became of each if it is still its own. If it is killed in between, the
lease runs out and another sends them again, with the same id: that is the one way to a double.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from actions.announcing import Tick
from actions.sending.calls import calls
from actions.sending.mail import Post, mail
from actions.sending.parcels import NoSender, NotSent, Parcel, Send
from cases.conditions import All, Compare, Op
from cases.notices import Channel, DeliveryState
from cases.retrying import next_attempt
from models.deliveries import Delivery, Webhook
from models.locking import locked_first
from models.reading import select
from models.statements import Order
from models.unit_of_work import unit_of_work
from settings import Settings

log = logging.getLogger(__name__)

AT_ONCE: Final = 20
LEASE: Final = timedelta(seconds=60)
"""Longer than sending may take."""
WAIT_FOR_SENDER: Final = timedelta(minutes=15)
OPEN: Final = (DeliveryState.PENDING, DeliveryState.FAILED)


@dataclass(frozen=True)
class Senders:
    """What this installation can send with; without `mail`, e-mail waits."""

    call: Send
    mail: Send | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Senders":
        """Raises ValueError for an address of a mail server that is none."""
        posted = mail(Post.of(settings.smtp_url, settings.mail_from)) if settings.smtp_url else None
        return cls(calls(private=settings.private_webhooks), posted)


async def deliver(now: datetime, *, senders: Senders, at_most: int = AT_ONCE) -> Tick:
    """Sends at most so many of the deliveries that are due at `now`."""
    taken = await unit_of_work(lambda: _take(now, at_most))
    if not taken:
        return Tick(0, more=False)
    hooks = await _webhooks(taken)
    outcomes = await asyncio.gather(*(_sent(one, hooks, senders, now) for one in taken))
    await unit_of_work(lambda: _write_down(list(zip(taken, outcomes, strict=True)), now))
    return Tick(sum(outcome is None for outcome in outcomes), more=len(taken) == at_most)


async def _take(now: datetime, at_most: int) -> list[Delivery]:
    due = All((Compare("state", Op.IN, OPEN), Compare("due_at", Op.LTE, now)))
    taken = await locked_first(Delivery, due, order=(Order("due_at"), Order("id")), limit=at_most)
    if taken:
        await _set([one.id for one in taken], due_at=now + LEASE)
        for one in taken:  # counted before it is tried: what kills its worker is not tried for ever
            one.attempts += 1
            await Delivery.filter(id=one.id).update(attempts=one.attempts)
    return taken


async def _set(ids: Sequence[UUID], **columns: Any) -> None:
    await Delivery.filter(id__in=list(ids)).update(**columns)


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


async def _sent(one: Delivery, hooks: Mapping[UUID, Webhook], senders: Senders, now: datetime) -> NotSent | None:
    """What kept a delivery from being taken; null if nothing did."""
    try:
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
    except NotSent as trouble:
        return trouble
    except Exception as error:  # a mistake of ours in one of them must not keep the others from being sent
        log.exception("delivery %s cannot be sent", one.id)
        return NotSent(f"Internal: {type(error).__name__}")
    return None


def _parcel(one: Delivery, hook: Webhook, body: str) -> Parcel:
    return Parcel(one.id, hook.url, "", body, hook.secret, hook.allow_private)


async def _write_down(outcomes: Sequence[tuple[Delivery, NotSent | None]], now: datetime) -> None:
    """What became of each, unless its lease ran out and somebody else took it meanwhile."""
    for one, trouble in outcomes:
        mine = Delivery.filter(id=one.id, attempts=one.attempts, state__in=list(OPEN))
        await mine.update(**_after(one, trouble, now))


def _after(one: Delivery, trouble: NotSent | None, now: datetime) -> dict[str, Any]:
    if trouble is None:
        return {"state": DeliveryState.SENT, "sent_at": now, "last_error": None}
    if isinstance(trouble, NoSender):
        waiting = {"state": DeliveryState.PENDING, "attempts": one.attempts - 1}
        return {**waiting, "due_at": now + WAIT_FOR_SENDER, "last_error": trouble.reason}
    again_at = None if trouble.finally_ else next_attempt(one.attempts, now)
    if again_at is None:
        return {"state": DeliveryState.GIVEN_UP, "last_error": trouble.reason}
    return {"state": DeliveryState.FAILED, "due_at": again_at, "last_error": trouble.reason}

"""Delivering: what is due is sent, by any number of workers.

A worker takes deliveries in one short transaction and puts off when they are due: that is its lease. It sends them
outside of any transaction, and writes down what became of each as soon as it knows, if it is still its own. If it is
killed in between, the lease runs out and another sends again what was not written down, with the same id: that is the
one way to a double.

They wait in lanes, one for each receiver (`models/lanes.py`), and lanes take turns.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, Final, Self
from uuid import UUID

import orjson
from tortoise.expressions import F

from actions.announcing import Tick
from actions.holding import claimed, hold, release
from actions.sending.calls import calls
from actions.sending.mail import Post, mail
from actions.sending.parcels import NoSender, NotSent, Parcel, Send
from cases.conditions import All, Compare, Op
from cases.notices import Channel, DeliveryState
from cases.refusals import StorageTrouble
from cases.retrying import MOST_ATTEMPTS, next_attempt
from models.deliveries import Delivery, Webhook
from models.errors import StatementTimeout
from models.lanes import Lane, first_due, lanes_due
from models.locking import locked_if_free
from models.reading import select
from models.statements import Order
from models.unit_of_work import unit_of_work
from settings import Settings

log = logging.getLogger(__name__)

AT_ONCE: Final = 100
SHARE: Final = 5
"""So many of one lane at once: of tenants whose receivers all hang at the same moment, twenty fill the places."""
SLOW: Final = 2.0
"""Seconds after which a receiver is a slow one."""
LEASE: Final = timedelta(seconds=60)
SECONDS_TO_SEND: Final = 30.0
"""Less than the lease: a server that answers each command just in time must not keep one until others send it too."""
PAUSE: Final = 0.25
"""Seconds between two looks while some are under way, and until what became of them is written down again."""
WAIT_FOR_SENDER: Final = timedelta(minutes=15)
OPEN: Final = (DeliveryState.PENDING, DeliveryState.FAILED)
WORN_OUT: Final = NotSent("Whoever sends it does not live to tell.", finally_=True)


@dataclass(frozen=True)
class Outcome:
    """What became of a delivery: what kept it from being taken, null if nothing did, and how long it took."""

    delivery: Delivery
    trouble: NotSent | None
    seconds: float = 0.0

    @property
    def is_receivers(self) -> bool:
        """Whether it failed, as all else would have that is sent there."""
        return self.trouble is not None and self.trouble.is_receivers


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


class Courier:
    """Sends what is due, with at most so many deliveries under way, from all lanes in turn.

    Of a lane no more than its share is under way, and one at a time where the receiver is slow or does not take what it
    is sent: whoever keeps us waiting keeps nobody else waiting.
    """

    def __init__(self, senders: Senders, at_once: int = AT_ONCE) -> None:
        self._senders = senders
        self._at_once = at_once
        self._under_way: dict[asyncio.Task[Outcome], UUID | None] = {}
        self._known: list[Outcome] = []
        """What became of some, until it is written down."""
        self._lease_ends = 0.0
        self._slow: set[UUID | None] = set()
        self._had_their_turn: dict[UUID, float] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def deliver(self, now: datetime) -> Tick:
        """Begins to send as much of what is due at `now` as there are places for, and looks what became of others."""
        if not self._known:
            await self.take(now)
        sent = await self.note(now, at_latest=PAUSE)
        return Tick(sent, more=bool(self._under_way or self._known))

    async def finish(self, now: datetime) -> Tick:
        """Waits for all that are under way."""
        sent = 0
        while self._under_way or self._known:
            sent += await self.note(now)
        return Tick(sent, more=False)

    async def take(self, now: datetime) -> int:
        """Begins to send what is due; how many that are."""
        shares = self._shares(await lanes_due(now))
        if not shares:
            return 0
        self._lease_ends = monotonic() + LEASE.total_seconds()
        taken = await unit_of_work(partial(_take, shares, now))
        self._known += [Outcome(one, WORN_OUT) for one in taken if one.attempts > MOST_ATTEMPTS]
        fresh = [one for one in taken if one.attempts <= MOST_ATTEMPTS]
        hooks = await _webhooks(fresh)
        for one in fresh:
            self._under_way[asyncio.create_task(_sent(one, hooks, self._senders, now))] = one.lane
        return len(taken)

    def _shares(self, due: Sequence[Lane]) -> dict[Lane, int]:
        """How many of each lane may begin now: who has not had their turn for longest comes first."""
        busy, places = Counter(self._under_way.values()), self._at_once - len(self._under_way)
        turns = {lane.key: self._had_their_turn.get(lane.key, 0.0) for lane in due}
        shares: dict[Lane, int] = {}
        for lane in sorted(due, key=lambda lane: (turns[lane.key], lane.due_at)):
            share = 1 if lane.is_held or lane.key in self._slow else SHARE
            if (begin := min(share - busy[lane.key], places)) > 0:
                shares[lane] = begin
                places -= begin
                turns[lane.key] = monotonic()
        self._had_their_turn = turns
        return shares

    async def note(self, now: datetime, at_latest: float | None = None) -> int:
        """Writes down what became of deliveries as soon as it is known of one, or `at_latest` after so many seconds.

        Returns how many were sent. If the storage has no time for that it is asked again until the lease is over: what
        is not written down is sent once more.
        """
        if self._under_way and not self._known:
            await asyncio.wait(self._under_way, timeout=at_latest, return_when=asyncio.FIRST_COMPLETED)
        for task in [task for task in self._under_way if task.done()]:
            self._known.append(task.result())
            lane = self._under_way.pop(task)
            (self._slow.add if task.result().seconds > SLOW else self._slow.discard)(lane)
        if not self._known:
            return 0
        try:
            await unit_of_work(partial(_write_down, tuple(self._known), now))
        except (StorageTrouble, StatementTimeout):
            if monotonic() >= self._lease_ends:
                self._known = []
                raise
            log.warning("what became of deliveries could not be written down and is tried again")
            await asyncio.sleep(PAUSE)
            return 0
        sent = sum(one.trouble is None for one in self._known)
        self._known = []
        return sent


async def deliver(now: datetime, *, senders: Senders, at_most: int = AT_ONCE) -> Tick:
    """Sends at most so many of the deliveries that are due at `now`, and waits for them."""
    async with Courier(senders, at_most) as courier:
        taken = await courier.take(now)
        return Tick((await courier.finish(now)).announced, more=bool(taken))


async def _take(shares: Mapping[Lane, int], now: datetime) -> list[Delivery]:
    held = await claimed([lane.key for lane in shares if lane.is_held], now, now + LEASE)
    mine = {lane.key: share for lane, share in shares.items() if not lane.is_held or lane.key in held}
    if not mine:
        return []
    still_due = All((Compare("lane", Op.IS_NULL, False), Compare("due_at", Op.LTE, now)))
    taken = list((await locked_if_free(Delivery, await first_due(mine, now), still_due)).values())
    if taken:  # counted before it is tried: what kills its worker is not tried for ever
        tried = Delivery.filter(id__in=[one.id for one in taken])
        await tried.update(due_at=now + LEASE, attempts=F("attempts") + 1)
    for one in taken:
        one.attempts += 1
    return taken


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
    begun = monotonic()
    trouble = await _trouble(one, hooks, senders, now)
    return Outcome(one, trouble, monotonic() - begun)


async def _trouble(one: Delivery, hooks: Mapping[UUID, Webhook], senders: Senders, now: datetime) -> NotSent | None:
    """What kept it from being taken, if anything."""
    try:
        async with asyncio.timeout(senders.seconds):
            await _send(one, hooks, senders, now)
    except NotSent as trouble:
        return trouble
    except TimeoutError:
        return NotSent("It took too long.", is_receivers=True)
    except Exception as error:  # a mistake of ours in one of them must not keep the others from being sent
        log.exception("delivery %s cannot be sent", one.id)
        return NotSent(f"Internal: {type(error).__name__}")
    return None


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
    """What became of each, unless its lease ran out and somebody else took it meanwhile; and of their lanes."""
    alike: dict[tuple[Any, ...], list[UUID]] = defaultdict(list)
    for of in outcomes:
        alike[of.delivery.attempts, *_after(of.delivery, of.trouble, now).items()].append(of.delivery.id)
    for (attempts, *columns), ids in alike.items():
        mine = Delivery.filter(id__in=ids, attempts=attempts, state__in=list(OPEN))
        await mine.update(**dict(columns))
    failed = Counter(of.delivery.lane for of in outcomes if of.is_receivers)
    answered = {lane for of in outcomes if not of.is_receivers and (lane := of.delivery.lane) is not None}
    await release(answered)
    await hold({lane: count for lane, count in failed.items() if lane is not None and lane not in answered}, now)


def _after(one: Delivery, trouble: NotSent | None, now: datetime) -> dict[str, Any]:
    if trouble is None:
        return {"state": DeliveryState.SENT, "lane": None, "sent_at": now, "last_error": None}
    given_up = {"state": DeliveryState.GIVEN_UP, "lane": None, "last_error": trouble.reason}
    if trouble is WORN_OUT:
        return {**given_up, "attempts": one.attempts - 1}
    if isinstance(trouble, NoSender):
        waiting = {"state": DeliveryState.PENDING, "attempts": one.attempts - 1}
        return {**waiting, "due_at": now + WAIT_FOR_SENDER, "last_error": trouble.reason}
    again_at = None if trouble.finally_ else next_attempt(one.attempts, now)
    if again_at is None:
        return given_up
    return {"state": DeliveryState.FAILED, "due_at": again_at, "last_error": trouble.reason}

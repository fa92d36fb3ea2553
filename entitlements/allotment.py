"""Allotment: what an entitlement is granted, anew each period, and what becomes of the rest.

`due` says everything that the dates alone make due, however late it is asked; the worker posts it, and a reader may
add it to what is posted. Postings about no case are kept apart by their cycle alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from cases.refusals import BadInput
from cases.vocabulary import Origin
from entitlements.balance import Balance, balances
from entitlements.days import begins_at, pool_at, pool_ends_on, pools
from entitlements.postings import Account, Moment, Posting, next_cycle
from entitlements.terms import Terms
from entitlements.vocabulary import PostingKind, Trigger

GRANTED_BY: Final = frozenset({Trigger.GRANT, Trigger.AMEND})


def granted(entitlement_id: UUID, terms: Terms, posted: Iterable[Posting], moment: Moment) -> tuple[Posting, ...]:
    """What brings the grants of the current pool to what the terms say: on activation, and after an amendment.

    The first grant of an account is a GRANT, what changes it an ADJUST. Posted twice, there is nothing the second time.
    Earlier pools stay as they are; later ones are granted by `due`.
    """
    if not terms.counts:
        return ()
    lines = tuple(posted)
    return _granted(entitlement_id, terms, lines, pool_at(terms, moment.at), moment)


def due(entitlement_id: UUID, terms: Terms, posted: Iterable[Posting], at: datetime) -> tuple[Posting, ...]:
    """What the dates have made due by `at`: pools that ended give up their rest, pools that began are granted.

    Nothing before the first grant, which activation posts. What is reserved stays until it is released or spent.
    """
    lines = list(posted)
    first = min((posting.pool for posting in lines if posting.trigger in GRANTED_BY), default=None)
    if first is None:
        return ()
    already = len(lines)
    current = pool_at(terms, at)
    reached = [pool for pool in pools(terms) if first <= pool <= current]
    for ended, following in pairwise(reached):
        began_at = begins_at(following, terms.zone)
        moment = Moment(began_at, cause="period")
        lines += _granted(entitlement_id, terms, lines, following, moment, once=True)
        lines += _lapsed(entitlement_id, terms, lines, ended, following, began_at)
    return tuple(lines[already:])


def balances_at(entitlement_id: UUID, terms: Terms, posted: Iterable[Posting], at: datetime) -> dict[Account, Balance]:
    """Every account as it stood at `at`: what was posted until then, and what was due even if nobody had posted it."""
    until = [posting for posting in posted if posting.at <= at]
    return balances([*until, *due(entitlement_id, terms, until, at)], at)


def next_due_at(terms: Terms, at: datetime) -> datetime | None:
    """When the dates next make something due after `at`; null if they never do."""
    if not terms.counts:
        return None
    following = pool_ends_on(terms, pool_at(terms, at)) + timedelta(days=1)
    return begins_at(following, terms.zone) if following <= terms.ends_on else None


def adjusted(
    entitlement_id: UUID,
    terms: Terms,
    posted: Iterable[Posting],
    amount: int,
    moment: Moment,
    *,
    channel: Origin | None = None,
) -> Posting:
    """A correction by hand of the current pool, of `amount` 1/100 terms, up or down.

    Raises BadInput if nothing is counted, if the channel has no share of its own, if nothing would change, or if a
    restricted balance would go below zero.
    """
    lines = tuple(posted)
    if not terms.counts:
        raise BadInput("Coverage by dates has no balance to adjust.", path=("amount",))
    if channel is not None and channel not in terms.total_by_channel:
        raise BadInput("This channel has no share of its own.", path=("channel",))
    if amount == 0:
        raise BadInput("An adjustment changes something.", path=("amount",))
    adjustment = Posting(
        entitlement_id=entitlement_id,
        pool=pool_at(terms, moment.at),
        channel=channel,
        kind=PostingKind.ADJUST,
        amount=amount,
        trigger=Trigger.ADJUST,
        cycle=next_cycle(lines, Trigger.ADJUST),
        moment=moment,
    )
    if amount < 0 and terms.restrict and overdrawn([*lines, adjustment]):
        raise BadInput("So much is not left.", path=("amount",))
    return adjustment


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """Between which entitlements something is carried over, and the terms of each."""

    old_id: UUID
    old_terms: Terms
    new_id: UUID
    new_terms: Terms


def carried(
    renewal: Renewal, posted: Sequence[Posting], moment: Moment, *, posted_to_new: Sequence[Posting] = ()
) -> tuple[Posting, ...]:
    """What moves the rest of an old entitlement to the one that renews it: out there, in here, the same amounts.

    `posted` are the lines of the old one, `posted_to_new` of the new. What is reserved stays with the cases that
    reserved it. Asked again after it was posted, there is nothing left to carry.
    """
    if not (renewal.old_terms.counts and renewal.new_terms.counts):
        return ()
    old = pool_at(renewal.old_terms, moment.at)
    new = pool_at(renewal.new_terms, moment.at)
    out = next_cycle(posted, Trigger.CARRY)
    into = next_cycle(posted_to_new, Trigger.CARRY)
    left = _left(posted, old)
    amounts = _portioned(left, max(0, sum(left.values())))
    lines: list[Posting] = []
    for number, (tag, amount) in enumerate(amounts.items()):
        away = Posting(
            entitlement_id=renewal.old_id,
            pool=old,
            channel=tag,
            kind=PostingKind.ROLL_OVER,
            amount=-amount,
            trigger=Trigger.CARRY,
            cycle=out + number,
            moment=moment,
        )
        tag_there = renewal.new_terms.tag(tag) if tag else None
        there = replace(
            away, entitlement_id=renewal.new_id, pool=new, channel=tag_there, amount=amount, cycle=into + number
        )
        lines += [away, there]
    return tuple(lines)


def overdrawn(posted: Iterable[Posting]) -> bool:
    """Whether any account has less than is reserved of it: what a restricted entitlement never has."""
    return any(balance.available < 0 for balance in balances(posted).values())


def _granted(
    entitlement_id: UUID,
    terms: Terms,
    posted: Sequence[Posting],
    pool: date,
    moment: Moment,
    *,
    once: bool = False,
) -> tuple[Posting, ...]:
    """The lines that bring a pool's grants to what the terms say; with `once`, none if it was granted already."""
    before: dict[Origin | None, int] = {}
    for posting in posted:
        if posting.pool == pool and posting.trigger in GRANTED_BY:
            before[posting.channel] = before.get(posting.channel, 0) + posting.amount
    if once and before:
        return ()
    first = not before
    trigger = Trigger.GRANT if first else Trigger.AMEND
    wanted = terms.total_by_tag
    tags = sorted({*wanted, *before}, key=lambda tag: tag or "")
    amounts = {tag: wanted.get(tag, 0) - before.get(tag, 0) for tag in tags}
    changed = [(tag, amount) for tag, amount in amounts.items() if amount]
    if first and not changed:
        changed = [(None, 0)]  # granted, if nothing: the line says that the pool began
    return tuple(
        Posting(
            entitlement_id=entitlement_id,
            pool=pool,
            channel=tag,
            kind=PostingKind.GRANT if first else PostingKind.ADJUST,
            amount=amount,
            trigger=trigger,
            cycle=next_cycle(posted, trigger) + number,
            moment=moment,
        )
        for number, (tag, amount) in enumerate(changed)
    )


def _lapsed(
    entitlement_id: UUID,
    terms: Terms,
    posted: Sequence[Posting],
    ended: date,
    following: date,
    began_at: datetime,
) -> Iterator[Posting]:
    """The lines by which a pool that ended gives up what is left of it: some to the next, the rest to nobody."""
    left = _left(posted, ended)
    whole = max(0, sum(left.values()))
    if not whole:
        return
    # What came back after the period ended (a case reopened late) is given up then, not before.
    last_at = max((posting.at for posting in posted if posting.pool == ended), default=began_at)
    moment = Moment(max(began_at, last_at), cause="period")
    arrived = sum(
        posting.amount
        for posting in posted
        if posting.pool == following and posting.trigger is Trigger.LAPSE and posting.amount > 0
    )
    limit = whole if terms.roll_over_limit is None else max(0, terms.roll_over_limit - arrived)
    over = _portioned(left, min(whole, limit) if terms.rolls_over else 0)
    after = {tag: amount - over.get(tag, 0) for tag, amount in left.items()}
    expired = _portioned(after, whole - sum(over.values()))
    cycle = next_cycle(posted, Trigger.LAPSE)
    lines = [
        *((ended, tag, PostingKind.EXPIRE, -amount) for tag, amount in expired.items()),
        *((ended, tag, PostingKind.ROLL_OVER, -amount) for tag, amount in over.items()),
        *((following, terms.tag(tag) if tag else None, PostingKind.ROLL_OVER, amount) for tag, amount in over.items()),
    ]
    for number, (pool, tag, kind, amount) in enumerate(lines):
        yield Posting(
            entitlement_id=entitlement_id,
            pool=pool,
            channel=tag,
            kind=kind,
            amount=amount,
            trigger=Trigger.LAPSE,
            cycle=cycle + number,
            moment=moment,
        )


def _left(posted: Iterable[Posting], pool: date) -> dict[Origin | None, int]:
    """What is available in a pool, by the channel it was posted under; sums to what is available of the whole."""
    standing = balances(posting for posting in posted if posting.pool == pool)
    shares: dict[Origin | None, int] = {
        account.channel: balance.available for account, balance in standing.items() if account.channel
    }
    whole = standing[Account(pool)].available if Account(pool) in standing else 0
    return shares | {None: whole - sum(shares.values())}


def _portioned(left: Mapping[Origin | None, int], amount: int) -> dict[Origin | None, int]:
    """`amount` taken out of what is left, channel by channel; never more than a channel has."""
    taken: dict[Origin | None, int] = {}
    for tag in sorted(left, key=lambda tag: tag or ""):
        part = min(amount, max(0, left[tag]))
        if part:
            taken[tag] = part
            amount -= part
    return taken

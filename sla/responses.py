"""Responses: which message counts as an answer.

A rule says which of our messages fulfil a KPI: who sent it, for whom, through which channel. Unless a policy says
otherwise, what a member of staff tells the customer counts, and what the system says by itself (an acknowledgement, a
notice) does not.
"""

from dataclasses import dataclass
from enum import auto
from typing import Final, cast

from cases.history import Event
from cases.vocabulary import Audience, FactKind, Origin, Word


class Sender(Word):
    """Who said something."""

    CUSTOMER = auto()
    STAFF = auto()
    SYSTEM = auto()


@dataclass(frozen=True)
class Said:
    """A message as rules see it. `channel` is null where it was not recorded; `kpi` is the only one it answers to."""

    sender: Sender
    audience: Audience
    channel: Origin | None = None
    kpi: str | None = None


@dataclass(frozen=True)
class ResponseRule:
    """Which messages answer the customer. `channels` None are all of them, those not recorded too."""

    senders: frozenset[Sender] = frozenset({Sender.STAFF})
    audiences: frozenset[Audience] = frozenset({Audience.PUBLIC})
    channels: frozenset[Origin] | None = None


class Objection(Word):
    """Why a message is no answer."""

    SENDER = auto()
    AUDIENCE = auto()
    CHANNEL = auto()


STAFF_TO_CUSTOMER: Final = ResponseRule()


def said(event: Event) -> Said | None:
    """What an event says, if it says anything.

    `by_customer` in its details says that another recorded the customer's words, `automatic` that no person wrote it;
    without the latter, what neither a person nor a contact did is automatic.
    """
    details, actor = event.fact.details, event.actor
    if event.fact.kind is FactKind.RESPONSE_RECORDED:
        kpi = cast(str | None, details.get("kpi"))
        return Said(Sender.STAFF, Audience.PUBLIC, cast(Origin, details["origin"]), kpi)
    if event.fact.kind is not FactKind.COMMENTED:
        return None
    automatic = details.get("automatic", actor.person_id is None and actor.contact_id is None)
    if details.get("by_customer", actor.is_customer):
        sender = Sender.CUSTOMER
    else:
        sender = Sender.SYSTEM if automatic else Sender.STAFF
    channel = details.get("origin")
    return Said(sender, cast(Audience, details["audience"]), Origin(cast(str, channel)) if channel else None)


def objections(message: Said, rule: ResponseRule = STAFF_TO_CUSTOMER) -> tuple[Objection, ...]:
    """Every reason why the message does not count; none if it does."""
    held = {
        Objection.SENDER: message.sender in rule.senders,
        Objection.AUDIENCE: message.audience in rule.audiences,
        Objection.CHANNEL: rule.channels is None or message.channel in rule.channels,
    }
    return tuple(objection for objection, counts in held.items() if not counts)

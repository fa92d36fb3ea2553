"""Given: values for tests, read from strings.

    at("Tue 09:30")                                          half past nine on Tuesday of the week of all tests, in UTC
    history("opened 09:00, answered 09:07, resolved Tue 10:00 as INFORMATION_PROVIDED")

The week begins on Monday 2 June 2025: no holiday, no change of clocks.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from uuid import UUID

from cases import lifecycle
from cases.history import Actor, Event, Fact
from cases.standing import Standing
from cases.vocabulary import PAUSE_REASONS, STATUS_BY_REASON, Audience, FactKind, StatusReason

MONDAY: Final = datetime(2025, 6, 2, tzinfo=UTC)
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

AGENT: Final = Actor(person_id=UUID(int=0xA))
CUSTOMER: Final = Actor(contact_id=UUID(int=0xC))

PUBLIC: Final = {"audience": Audience.PUBLIC}
INTERNAL: Final = {"audience": Audience.INTERNAL}

WORDS: Final[Mapping[str, tuple[FactKind, Actor, Mapping[str, object]]]] = {
    "opened": (FactKind.OPENED, CUSTOMER, {}),
    "answered": (FactKind.COMMENTED, AGENT, PUBLIC),
    "asked": (FactKind.COMMENTED, CUSTOMER, PUBLIC),
    "noted": (FactKind.COMMENTED, AGENT, INTERNAL),
    "changed": (FactKind.CHANGED, AGENT, {}),
    "assigned": (FactKind.ASSIGNED, AGENT, {}),
    "progressed": (FactKind.PROGRESSED, AGENT, {}),
    "suspended": (FactKind.SUSPENDED, AGENT, {}),
    "resumed": (FactKind.RESUMED, AGENT, {}),
    "resolved": (FactKind.RESOLVED, AGENT, {}),
    "closed": (FactKind.CLOSED, AGENT, {}),
    "canceled": (FactKind.CANCELED, CUSTOMER, {}),
    "reactivated": (FactKind.REACTIVATED, CUSTOMER, {}),
    "deleted": (FactKind.DELETED, AGENT, {}),
}
"""The words of `history`, each with what it stands for and who does it unless the story says otherwise."""

SENTENCE: Final = re.compile(
    r"(?P<word>\w+) (?P<at>(\w{3} |\d{4}-\d\d-\d\d )?\d\d:\d\d)( as (?P<reason>\w+))?( by (?P<actor>agent|customer))?"
)


def at(text: str, zone: tzinfo = UTC) -> datetime:
    """An instant from "09:30" (that Monday), "Tue 09:30" or "2025-03-30 01:30", on the clocks of `zone`."""
    *day, clock = text.split()
    hour, minute = map(int, clock.split(":"))
    match day:
        case []:
            date = MONDAY
        case [weekday] if weekday in WEEKDAYS:
            date = MONDAY + timedelta(days=WEEKDAYS.index(weekday))
        case [written]:
            date = datetime.fromisoformat(written)
        case _:
            raise ValueError(f"no instant: {text}")
    return date.replace(hour=hour, minute=minute, tzinfo=zone)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def history(story: str) -> list[Event]:
    """The events of a case from a story such as "opened 09:00 by agent, suspended Tue 09:10 as ON_HOLD".

    Steps of the lifecycle lead to the reason after `as`, or to the one they lead to by default; a step that the
    lifecycle refuses cannot be told.
    """
    events: list[Event] = []
    standing = lifecycle.opening()
    for number, sentence in enumerate(filter(None, re.split(r",\s*", story)), start=1):
        parts = SENTENCE.fullmatch(sentence.strip())
        if parts is None or parts["word"] not in WORDS:
            raise ValueError(f"no sentence of a story: {sentence}")
        kind, actor, details = WORDS[parts["word"]]
        changes: dict[str, object] = {}
        if kind is not FactKind.OPENED:
            standing = lifecycle.step(standing, kind, StatusReason[parts["reason"]] if parts["reason"] else None)
        if kind in lifecycle.REASONS:
            changes = {"status_reason": standing.reason}
        if parts["actor"]:
            actor = {"agent": AGENT, "customer": CUSTOMER}[parts["actor"]]
        events.append(Event(number, at(parts["at"]), Fact(kind, changes, details), actor))
    return events


def events(*facts: Fact, actors: Sequence[Actor] = ()) -> list[Event]:
    """`facts` as one history, an hour apart from Monday 09:00, by the agent where `actors` do not say otherwise."""
    return [
        Event(number, at("09:00") + hours(number - 1), fact, actors[number - 1] if number <= len(actors) else AGENT)
        for number, fact in enumerate(facts, start=1)
    ]


def standing(reason: StatusReason, *, paused_from: StatusReason | None = None) -> Standing:
    """Where a case stands that has `reason`; a paused one was in progress unless `paused_from` says otherwise."""
    if reason in PAUSE_REASONS:
        paused_from = paused_from or StatusReason.IN_PROGRESS
    return Standing(STATUS_BY_REASON[reason], reason, paused_from)

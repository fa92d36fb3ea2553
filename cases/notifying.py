"""Notifying: who of the staff is told of what happens to a case.

A table says which listeners a kind of fact concerns; who they are is asked elsewhere. Nobody is told of what they did
themselves, and nobody twice of one event: where somebody listens for several reasons, the first one counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import auto
from typing import Final, Protocol, cast
from uuid import UUID

from cases.history import CaseState, Event
from cases.vocabulary import Audience, FactKind, Word


class NotificationKind(Word):
    """Why somebody is told of something that happened to a case."""

    ASSIGNED = auto()
    UNASSIGNED = auto()
    COMMENTED = auto()
    STATUS_CHANGED = auto()
    URGED = auto()
    ESCALATED = auto()
    DEESCALATED = auto()
    SLA_WARNED = auto()
    SLA_BREACHED = auto()
    SLA_LEVEL = auto()
    AUTOMATED = auto()
    MERGED = auto()
    UNMERGED = auto()


class Listener(Word):
    """Who is told, as seen from the case."""

    NEW_OWNER = "NEW_OWNER"
    FORMER_OWNER = "FORMER_OWNER"
    OWNER = "OWNER"
    RESPONSIBLE = "RESPONSIBLE"
    """The owner; of a case that nobody has, everybody in its team."""
    NAMED = "NAMED"
    """Whom an escalation level names; if it names nobody, the owner."""
    FOLLOWERS = "FOLLOWERS"


class Step(Protocol):
    """One event of a case, with the case before it (null for the first) and after it."""

    @property
    def before(self) -> CaseState | None: ...

    @property
    def event(self) -> Event: ...

    @property
    def after(self) -> CaseState: ...


@dataclass(frozen=True)
class Concern:
    """That an event concerns a listener, and what they are told of it."""

    listener: Listener
    kind: NotificationKind
    text: str = ""
    name: str = ""
    """For `NAMED`: the name."""


_STATUS: Final = (
    (Listener.OWNER, NotificationKind.STATUS_CHANGED),
    (Listener.FOLLOWERS, NotificationKind.STATUS_CHANGED),
)

TOLD: Final[Mapping[FactKind, tuple[tuple[Listener, NotificationKind], ...]]] = {
    FactKind.PROGRESSED: ((Listener.FOLLOWERS, NotificationKind.STATUS_CHANGED),),
    FactKind.SUSPENDED: ((Listener.FOLLOWERS, NotificationKind.STATUS_CHANGED),),
    FactKind.RESUMED: ((Listener.FOLLOWERS, NotificationKind.STATUS_CHANGED),),
    FactKind.RESOLVED: _STATUS,
    FactKind.CLOSED: ((Listener.FOLLOWERS, NotificationKind.STATUS_CHANGED),),
    FactKind.CANCELED: _STATUS,
    FactKind.REACTIVATED: _STATUS,
    FactKind.URGED: ((Listener.RESPONSIBLE, NotificationKind.URGED),),
    FactKind.ESCALATED: (
        (Listener.RESPONSIBLE, NotificationKind.ESCALATED),
        (Listener.FOLLOWERS, NotificationKind.ESCALATED),
    ),
    FactKind.DEESCALATED: (
        (Listener.OWNER, NotificationKind.DEESCALATED),
        (Listener.FOLLOWERS, NotificationKind.DEESCALATED),
    ),
    FactKind.MERGED: (
        (Listener.OWNER, NotificationKind.MERGED),
        (Listener.FOLLOWERS, NotificationKind.MERGED),
    ),
    FactKind.UNMERGED: (
        (Listener.OWNER, NotificationKind.UNMERGED),
        (Listener.FOLLOWERS, NotificationKind.UNMERGED),
    ),
}
"""Whom a kind of fact concerns whatever it says; `concerns` adds what depends on what it says."""

_ANNOUNCED: Final = {"WARNED": NotificationKind.SLA_WARNED, "BREACHED": NotificationKind.SLA_BREACHED}
_TEXTS: Final = ("note", "reason", "number")
"""The details that are told along: what somebody wrote for others to read, or the number of the other case."""


def concerns(step: Step) -> Iterator[Concern]:
    """Whom a step concerns, the weightiest reason first."""
    fact = step.event.fact
    if "owner_id" in fact.changes and _owner(step.before) != _owner(step.after):
        yield Concern(Listener.NEW_OWNER, NotificationKind.ASSIGNED)
        yield Concern(Listener.FORMER_OWNER, NotificationKind.UNASSIGNED)
    text = next((str(found) for name in _TEXTS if (found := fact.details.get(name))), "")
    for listener, kind in TOLD.get(fact.kind, ()):
        yield Concern(listener, kind, text)
    if fact.kind is FactKind.COMMENTED and fact.details["audience"] is Audience.PUBLIC:
        if fact.details.get("by_customer", step.event.actor.is_customer):
            yield Concern(Listener.OWNER, NotificationKind.COMMENTED)
        yield Concern(Listener.FOLLOWERS, NotificationKind.COMMENTED)
    if fact.kind is FactKind.SLA_ANNOUNCED:
        yield from _announced(fact.details)
    if fact.kind is FactKind.AUTOMATED:
        yield Concern(Listener.NAMED, NotificationKind.AUTOMATED, text, str(fact.details.get("to", "")))


def _announced(details: Mapping[str, object]) -> Iterator[Concern]:
    """What a clock ran into concerns the owner; of a level that notifies, whom it names."""
    kpi, what = str(details["kpi"]), str(details["what"])
    if what in _ANNOUNCED:
        yield Concern(Listener.OWNER, _ANNOUNCED[what], kpi)
    elif details.get("deed") == "NOTIFY":
        yield Concern(Listener.NAMED, NotificationKind.SLA_LEVEL, f"{kpi}: {details['level']}", str(details["to"]))


def listening(step: Step, listener: Listener) -> UUID | None:
    """The person a listener is as far as the case itself says; null if it does not, or there is none."""
    match listener:
        case Listener.NEW_OWNER | Listener.OWNER | Listener.RESPONSIBLE | Listener.NAMED:
            return _owner(step.after)
        case Listener.FORMER_OWNER:
            return _owner(step.before)
        case Listener.FOLLOWERS:
            return None


def _owner(state: CaseState | None) -> UUID | None:
    return None if state is None else cast(UUID | None, state.columns["owner_id"])

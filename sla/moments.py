"""Moments: a case's history as clocks see it.

Each event becomes a moment: what was signalled, how the case stood after it, and for what it waited. Clocks know
nothing else of a case, so they can be tried on anything that signals.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import auto
from typing import Final, cast

from cases.history import Actor, CaseState, Event, apply
from cases.vocabulary import PAUSE_REASONS, Audience, FactKind, Status, Word
from sla.responses import STAFF_TO_CUSTOMER, ResponseRule, Said, Sender, objections, said


class Signal(Word):
    """What starts, restarts and stops clocks."""

    OPENED = auto()
    CUSTOMER_SPOKE = auto()
    STAFF_SPOKE = auto()
    ASSIGNED = auto()
    TEAM_ASSIGNED = auto()
    RESOLVED = auto()
    CANCELED = auto()
    REOPENED = auto()
    UNMERGED = auto()


class Row(Mapping[str, object]):
    """A case's columns as attributes, with the rows its foreign keys lead to as far as they are known."""

    def __init__(self, columns: Mapping[str, object], known: Mapping[object, object] | None = None) -> None:
        self._columns = columns
        self._known = known or {}

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._columns:
            return self._columns[name]
        if (key := f"{name}_id") in self._columns:
            return self._known.get(self._columns[key])
        raise AttributeError(name)

    def __getitem__(self, name: str) -> object:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


@dataclass(frozen=True)
class Moment:
    """One event. `row` is the case after it; `waits` are the reasons for which it waits from then on."""

    at: datetime
    number: int
    row: object
    signals: frozenset[Signal] = frozenset()
    waits: frozenset[str] = frozenset()
    ended: bool = False
    actor: Actor = field(default_factory=Actor)
    announced: Mapping[tuple[str, int], datetime] = field(default_factory=dict)
    """Breaches that were announced with this event, by KPI and cycle: they stay, whatever changes later."""
    said: Said | None = None
    """What was said with it; `signals` has it as everybody's rule has it (`heard`)."""
    pinned: datetime | None = None
    """The deadline that the case had after it, set by hand."""

    def heard(self, rule: ResponseRule, kpi: str = "") -> frozenset[Signal]:
        """The signals as `kpi` hears them, where `rule` says which messages answer the customer."""
        if self.said is not None and self.said.kpi not in (None, kpi):
            return self.signals - {Signal.STAFF_SPOKE}
        if self.said is None or rule == STAFF_TO_CUSTOMER:
            return self.signals
        answered = frozenset() if objections(self.said, rule) else frozenset({Signal.STAFF_SPOKE})
        return self.signals - {Signal.STAFF_SPOKE} | answered


_SIGNALS: Final[Mapping[FactKind, Signal]] = {
    FactKind.OPENED: Signal.OPENED,
    FactKind.RESOLVED: Signal.RESOLVED,
    FactKind.CANCELED: Signal.CANCELED,
    FactKind.REACTIVATED: Signal.REOPENED,
    FactKind.MERGED: Signal.CANCELED,
    FactKind.UNMERGED: Signal.UNMERGED,
}


def moments(events: Iterable[Event], known: Mapping[object, object] | None = None) -> list[Moment]:
    """The moments of a case's history. `known` are rows that conditions may ask of, by id."""
    found: list[Moment] = []
    state: CaseState | None = None
    for event in events:
        before, state = state, apply(state, event)
        found.append(
            Moment(
                at=_at(event, found[-1].at if found else event.at),
                number=event.number,
                row=Row(state.columns, known),
                signals=frozenset(_signals(event, before, state)),
                waits=_waits(state),
                ended=state.columns["status"] is not Status.ACTIVE or state.columns["deleted_at"] is not None,
                actor=event.actor,
                announced=_announced(event),
                said=said(event),
                pinned=cast(datetime | None, state.columns["deadline"]),
            )
        )
    return found


def _at(event: Event, before: datetime) -> datetime:
    """When it counts: an answer that was given elsewhere when it was given, but not before what was known by then."""
    return max(before, cast(datetime, event.fact.details.get("answered_at", event.at)))


def _signals(event: Event, before: CaseState | None, after: CaseState) -> Iterator[Signal]:
    fact = event.fact
    if fact.kind in _SIGNALS:
        yield _SIGNALS[fact.kind]
    if fact.kind is FactKind.DELETED:
        yield Signal.CANCELED
    if (message := said(event)) is not None:
        if not objections(message):
            yield Signal.STAFF_SPOKE
        if message.sender is Sender.CUSTOMER and message.audience is Audience.PUBLIC:
            yield Signal.CUSTOMER_SPOKE
    if _gained("owner_id", before, after):
        yield Signal.ASSIGNED
    if _gained("team_id", before, after):
        yield Signal.TEAM_ASSIGNED


def _gained(column: str, before: CaseState | None, after: CaseState) -> bool:
    return after.columns[column] is not None and (before is None or before.columns[column] != after.columns[column])


def _waits(state: CaseState) -> frozenset[str]:
    reason = state.standing.reason
    return frozenset({reason.value}) if reason in PAUSE_REASONS else frozenset()


def _announced(event: Event) -> dict[tuple[str, int], datetime]:
    """The breach that an announcement tells of, with the instant at which it happened."""
    details = event.fact.details
    if event.fact.kind is not FactKind.SLA_ANNOUNCED or details["what"] != "BREACHED":
        return {}
    return {(str(details["kpi"]), cast(int, details["cycle"])): datetime.fromisoformat(str(details["at"]))}

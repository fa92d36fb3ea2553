"""What a log of snapshots says happened to an incident: events, derived from what differs from one to the next.

Values come in and go out; the rows they name are found by `imports.directory`. The rules are those of
`imports.servicenow`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import accumulate
from typing import Final, cast
from uuid import UUID

from cases.facts import Fact
from cases.history import Actor, Event
from cases.lifecycle import opening, settle
from cases.standing import WORKING_REASONS, Standing
from cases.vocabulary import PAUSE_REASONS, STATUS_BY_REASON, FactKind, Origin, Priority, Severity, Status, StatusReason
from imports import wording
from imports.incident_log import REST, Snapshot
from imports.names import Kind, Named, subject
from models.fields import uuid7

DEFAULTS: Final = {"priority": Priority.MEDIUM, "severity": Severity.NORMAL, "origin": Origin.VOICE}
"""What an incident has until the log knows better."""


ASSIGNED: Final = ("assignment_group", "assigned_to", "category", "subcategory", "caller_id")
"""What the log may change of an incident that has ended, but nobody of a case."""


@dataclass(frozen=True)
class Resolved:
    """A resolution. Only of the last one the log tells who and how: it repeats that on every line of the incident."""

    id: UUID
    at: datetime
    resolved_by: UUID | None
    closed_code: str | None = None


def history(
    snapshots: Sequence[Snapshot], number: str, ids: Mapping[Named, UUID]
) -> tuple[list[Event], list[Resolved]]:
    """The events of an incident as those of the case `number`, and its resolutions. `ids` has all that is `named`."""
    opened_at, *instants = settled(snapshots)
    told = _Told(ids)
    told.open(snapshots[0], opened_at, number)
    told.follow(snapshots[0], instants[0], is_first=True)
    for snapshot, at in zip(snapshots[1:], instants[1:], strict=True):
        told.follow(snapshot, at)
    return told.events(), told.resolutions_of(snapshots[-1])


def settled(snapshots: Sequence[Snapshot]) -> list[datetime]:
    """When it was opened and when each snapshot was taken, none of them later than one that follows."""
    recorded = [snapshots[0].opened_at, *(snapshot.updated_at for snapshot in snapshots)]
    return list(accumulate(reversed(recorded), min))[::-1]


@dataclass
class _Told:
    """A history as far as it is told."""

    ids: Mapping[Named, UUID]
    columns: dict[str, object] = field(default_factory=dict)
    standing: Standing = field(default_factory=opening)
    before: Snapshot | None = None
    _events: list[Event] = field(default_factory=list)
    _resolutions: list[Resolved] = field(default_factory=list)

    def open(self, first: Snapshot, at: datetime, number: str) -> None:
        self.columns = {
            **DEFAULTS,
            **self._known(first),
            **self._assignment(first),
            "contact_id": self._id(Kind.CONTACT, first.names["caller_id"]),
        }
        said = {
            "number": number,
            "external_id": first.number,
            "title": wording.title(first),
            "description": wording.description(first),
            "status_reason": self.standing.reason,
        }
        author = self._actor(first.names["opened_by"])
        self._happen(
            Fact(FactKind.OPENED, {**said, **self.columns}, self._details(first, first.opened_at, at)), at, author
        )
        self.before = first

    def follow(self, snapshot: Snapshot, at: datetime, *, is_first: bool = False) -> None:
        """Tells what led to `snapshot`. The first snapshot is what was opened, and at most a step on."""
        author = self._actor(snapshot.names["sys_updated_by"])
        details = {"snapshot": snapshot.mod_count} if is_first else self._details(snapshot, snapshot.updated_at, at)
        facts = list(self._facts(snapshot, at))
        if not facts and not is_first:
            if self.standing.status is Status.ACTIVE:
                facts = [Fact(FactKind.CHANGED)]
            else:
                self._add_to_last(snapshot, details)
        for fact in facts:
            self._happen(replace(fact, details={**details, **fact.details}), at, author)
            details = {"snapshot": snapshot.mod_count}
        self.before = snapshot

    def events(self) -> list[Event]:
        """The history; its last event says whether the agreed time was kept in the end."""
        *others, last = self._events
        made_sla = self.before.made_sla if self.before else None
        return [*others, replace(last, fact=replace(last.fact, details={**last.fact.details, "made_sla": made_sla}))]

    def resolutions_of(self, last: Snapshot) -> list[Resolved]:
        if not self._resolutions:
            return []
        *others, final = self._resolutions
        resolved_by = self._id(Kind.ACTOR, last.names["resolved_by"]) or final.resolved_by
        return [*others, replace(final, resolved_by=resolved_by, closed_code=last.names["closed_code"])]

    def _facts(self, snapshot: Snapshot, at: datetime) -> Iterator[Fact]:
        """What has to have happened since, in the order in which it can have."""
        target = snapshot.state
        if self.standing.status is not Status.ACTIVE and _leads_back(self.standing, target):
            yield self._step(FactKind.REACTIVATED, target if target in WORKING_REASONS else StatusReason.IN_PROGRESS)
        if self.standing.status is Status.ACTIVE:
            contact = self._id(Kind.CONTACT, snapshot.names["caller_id"]) or self.columns["contact_id"]
            yield from self._difference(FactKind.CUSTOMER_CHANGED, {"contact_id": contact})
            yield from self._difference(FactKind.ASSIGNED, self._assignment(snapshot))
            yield from self._difference(FactKind.CHANGED, self._known(snapshot))
        if target is not self.standing.reason:
            yield from self._steps_to(target, snapshot, at)

    def _steps_to(self, target: StatusReason, snapshot: Snapshot, at: datetime) -> Iterator[Fact]:
        match STATUS_BY_REASON[target]:
            case Status.ACTIVE if target in PAUSE_REASONS:
                yield self._step(FactKind.SUSPENDED, target)
            case Status.ACTIVE:
                yield self._step(FactKind.RESUMED if self.standing.is_paused else FactKind.PROGRESSED, target)
            case _:
                if self.standing.status is Status.ACTIVE:
                    resolved = Resolved(uuid7(), at, self._id(Kind.ACTOR, snapshot.names["sys_updated_by"]))
                    self._resolutions.append(resolved)
                    details = {"resolution_id": resolved.id, "billable_minutes": 0}
                    yield self._step(FactKind.RESOLVED, StatusReason.PROBLEM_SOLVED, details)
                if target is StatusReason.CLOSED:
                    yield self._step(FactKind.CLOSED, target)

    def _step(self, kind: FactKind, to: StatusReason, details: Mapping[str, object] | None = None) -> Fact:
        self.standing = settle(self.standing, kind, to)
        return Fact(kind, {"status_reason": to}, details or {})

    def _difference(self, kind: FactKind, columns: Mapping[str, object]) -> Iterator[Fact]:
        if any(self.columns[name] != value for name, value in columns.items()):
            changes = {
                name: value
                for name, value in columns.items()
                if self.columns[name] != value or kind is FactKind.ASSIGNED
            }
            self.columns |= changes
            yield Fact(kind, changes)

    def _known(self, snapshot: Snapshot) -> dict[str, object]:
        """What the snapshot says of the case, without what it does not know."""
        path = subject(snapshot)
        said = {
            "priority": snapshot.priority,
            "severity": snapshot.severity,
            "origin": snapshot.origin,
            "subject_id": self.ids[Kind.SUBJECT, path] if path else None,
        }
        first = self.before is None
        return {name: value for name, value in said.items() if value is not None or (first and name not in DEFAULTS)}

    def _assignment(self, snapshot: Snapshot) -> dict[str, object]:
        return {
            "team_id": self._id(Kind.TEAM, snapshot.names["assignment_group"]),
            "owner_id": self._id(Kind.ASSIGNEE, snapshot.names["assigned_to"]),
        }

    def _details(self, snapshot: Snapshot, recorded_at: datetime, at: datetime) -> dict[str, object]:
        details: dict[str, object] = {"snapshot": snapshot.mod_count}
        if recorded_at != at:
            details["recorded_at"] = recorded_at.isoformat().replace("+00:00", "Z")
        if self.before is None or self.before.made_sla != snapshot.made_sla:
            details["made_sla"] = snapshot.made_sla
        if also := self._also(snapshot):
            details["also"] = also
        return details

    def _also(self, snapshot: Snapshot) -> dict[str, object]:
        """What differs in columns that a case does not have; if it has ended, in those too that it could not take."""
        names = () if self.standing.status is Status.ACTIVE or _leads_back(self.standing, snapshot.state) else ASSIGNED
        now = {**dict.fromkeys(REST), **snapshot.rest, **{name: snapshot.names[name] for name in names}}
        before = {**self.before.rest, **self.before.names} if self.before else {}
        return {name: value for name, value in now.items() if before.get(name) != value}

    def _add_to_last(self, snapshot: Snapshot, details: Mapping[str, object]) -> None:
        """Nothing can happen to an ended case but what leads back: what was saved since goes to what ended it."""
        last = self._events[-1]
        repeated = [*cast(list[object], last.fact.details.get("repeated", [])), dict(details)]
        self._events[-1] = replace(last, fact=replace(last.fact, details={**last.fact.details, "repeated": repeated}))

    def _happen(self, fact: Fact, at: datetime, author: Actor) -> None:
        self._events.append(Event(len(self._events) + 1, at, fact, author))

    def _actor(self, name: str | None) -> Actor:
        return Actor(person_id=self._id(Kind.ACTOR, name))

    def _id(self, kind: Kind, name: str | None) -> UUID | None:
        return None if name is None else self.ids[kind, (name,)]


def _leads_back(standing: Standing, target: StatusReason) -> bool:
    """Whether an ended case has to be reactivated to come to `target`."""
    status = STATUS_BY_REASON[target]
    return status is Status.ACTIVE or (standing.status is Status.CLOSED and status is Status.RESOLVED)

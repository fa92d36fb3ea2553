"""History: what happened to a case, and what follows from it.

A case is the fold over its events; every column of its row is a projection of them. Nothing here decides whether
something may happen (`lifecycle`, `permissions`, `rules` do, before it is written): what is in a history happened.
A history that contradicts itself is a bug and raises ValueError.
"""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from functools import reduce
from types import MappingProxyType
from typing import Final, cast
from uuid import UUID

from cases.details import Details
from cases.facts import COLUMNS, Fact, from_payload, to_payload
from cases.lifecycle import settle
from cases.refusals import Change
from cases.standing import Standing
from cases.vocabulary import Audience, FactKind, Status, StatusReason

__all__ = [
    "PROJECTED",
    "QUIET",
    "Actor",
    "CaseState",
    "Event",
    "Fact",
    "apply",
    "changes_since",
    "fold",
    "from_payload",
    "to_payload",
]

INITIALLY: Final[Mapping[str, object]] = {
    **{field.name: field.default for field in fields(Details) if field.default is not MISSING},
    "decrement_waived": False,
    "paused_since": None,
    "resolved_at": None,
    "closed_at": None,
    "canceled_at": None,
    "deleted_at": None,
    "escalated_at": None,
    "first_answered_at": None,
    "last_customer_message_at": None,
    "message_count": 0,
    "reopen_count": 0,
    "assignment_count": 0,
}
"""The columns of a case that was just opened, where opening does not say otherwise; all others are null."""

QUIET: Final = frozenset(
    {FactKind.SLA_ANNOUNCED, FactKind.FOLLOWED, FactKind.UNFOLLOWED, FactKind.INTERNAL_RECORDED, FactKind.AUTOMATED}
)
"""Facts that change nothing anybody could have meant to keep: the case is not newer for them."""

PROJECTED: Final = (
    *dict.fromkeys((*COLUMNS, *INITIALLY)),
    *("status", "status_reason", "paused_from", "version", "created_at", "updated_at"),
)
"""Every column of a case's row but the identities of row and tenant: all of them follow from its history."""


@dataclass(frozen=True)
class Actor:
    """Who did it: staff and integrations by person, a customer by contact, the system itself by neither."""

    person_id: UUID | None = None
    contact_id: UUID | None = None

    @property
    def is_customer(self) -> bool:
        return self.contact_id is not None and self.person_id is None


@dataclass(frozen=True)
class Event:
    """A fact, and its place in the history of one case: number 1 opened it. `at` is aware."""

    number: int
    at: datetime
    fact: Fact
    actor: Actor = Actor()


@dataclass(frozen=True)
class CaseState:
    """A case as its history leaves it: every column of its row but the identities of row and tenant."""

    columns: Mapping[str, object]

    @property
    def standing(self) -> Standing:
        return Standing(
            cast(Status, self.columns["status"]),
            cast(StatusReason, self.columns["status_reason"]),
            cast(StatusReason | None, self.columns["paused_from"]),
        )

    @property
    def version(self) -> int:
        return cast(int, self.columns["version"])


def fold(events: Iterable[Event]) -> CaseState:
    """The case after all of `events`, which come in order and from the first.

    Raises ValueError for a broken history: none or not opened first, opened twice, a gap in the numbers, an instant
    before the one of the event before it, a fact that its status does not allow, anything after deletion.
    """
    state = reduce(apply, events, None)
    if state is None:
        raise ValueError("a case without history")
    return state


def apply(state: CaseState | None, event: Event) -> CaseState:
    """The case after one more event; `state` is null before the first.

    Raises ValueError as `fold` does.
    """
    if state is None:
        return _opened(event)
    columns = dict(state.columns)
    if event.number != state.version + 1:
        raise ValueError(f"event {event.number} follows event {state.version}")
    if event.at < cast(datetime, columns["updated_at"]):
        raise ValueError(f"event {event.number} happened before event {state.version}")
    if columns["deleted_at"] is not None:
        raise ValueError(f"event {event.number} happened to a deleted case")
    before, fact = state.standing, event.fact
    reason = cast(StatusReason, fact.changes.get("status_reason", before.reason))
    after = settle(before, fact.kind, reason, cast(StatusReason | None, fact.details.get("paused_from")))
    columns |= fact.changes
    columns |= _standing_columns(after)
    columns["version"] = event.number
    if fact.kind not in QUIET:  # nobody changed anything: the case is not newer for it
        columns["updated_at"] = event.at
    columns |= _projected(state.columns, before, after, event)
    return CaseState(MappingProxyType(columns))


def _opened(event: Event) -> CaseState:
    if event.fact.kind is not FactKind.OPENED or event.number != 1:
        raise ValueError("a history begins with event 1, OPENED")
    changes = event.fact.changes
    standing = Standing(Status.ACTIVE, cast(StatusReason, changes.get("status_reason", StatusReason.NEW)))
    columns = {**dict.fromkeys(COLUMNS), **INITIALLY, **changes} | _standing_columns(standing)
    columns |= {"version": 1, "created_at": event.at, "updated_at": event.at}
    return CaseState(MappingProxyType(columns))


def _standing_columns(standing: Standing) -> dict[str, object]:
    return {"status": standing.status, "status_reason": standing.reason, "paused_from": standing.paused_from}


def _projected(columns: Mapping[str, object], before: Standing, after: Standing, event: Event) -> dict[str, object]:
    """The columns that follow from what happened, rather than being said by it; those that stay are left out."""

    def more(column: str) -> dict[str, object]:
        return {column: cast(int, columns[column]) + 1}

    pause: dict[str, object] = {}
    if before.is_paused is not after.is_paused:
        pause = {"paused_since": event.at if after.is_paused else None}
    match event.fact.kind:
        case FactKind.RESOLVED:
            return pause | {"resolved_at": event.at}
        case FactKind.CLOSED:
            return {"closed_at": event.at}
        case FactKind.CANCELED:
            return pause | {"canceled_at": event.at}
        case FactKind.ESCALATED | FactKind.DEESCALATED:
            return {"escalated_at": event.at if event.fact.kind is FactKind.ESCALATED else None}
        case FactKind.RESPONSE_RECORDED if columns["first_answered_at"] is None:
            return {"first_answered_at": event.fact.details.get("answered_at", event.at)}
        case FactKind.DELETED:
            return {"deleted_at": event.at}
        case FactKind.REACTIVATED:
            return more("reopen_count") | {"resolved_at": None, "closed_at": None, "canceled_at": None}
        case FactKind.MERGED:
            return pause | _moved_messages(columns, event) | {"canceled_at": event.at}
        case FactKind.UNMERGED:
            return pause | _moved_messages(columns, event) | {"canceled_at": None}
        case FactKind.ABSORBED | FactKind.RETURNED | FactKind.SPLIT_OFF:
            return _moved_messages(columns, event)
        case FactKind.ASSIGNED | FactKind.PICKED | FactKind.RELEASED | FactKind.ROUTED if _moved_on(
            columns, event.fact
        ):
            return more("assignment_count")
        case FactKind.COMMENTED if event.fact.details["audience"] is Audience.PUBLIC:
            by_customer = event.fact.details.get("by_customer", event.actor.is_customer)
            latest = {"last_customer_message_at": event.at} if by_customer else {}
            first = {} if by_customer or columns["first_answered_at"] else {"first_answered_at": event.at}
            return more("message_count") | latest | first
        case _:
            return pause


def _moved_messages(columns: Mapping[str, object], event: Event) -> dict[str, object]:
    """Messages count where they are. When they were said answers nobody else: instants and clocks stay as they were."""
    moved = cast(int, event.fact.details.get("message_count", 0))
    return {"message_count": cast(int, columns["message_count"]) + moved}


def _moved_on(columns: Mapping[str, object], fact: Fact) -> bool:
    """Whether a case that was somebody's, or some team's, is given to others."""
    given = fact.kind is FactKind.ASSIGNED or bool(fact.changes.keys() & {"owner_id", "team_id"})
    return given and bool(columns["owner_id"] or columns["team_id"])


def changes_since(events: Iterable[Event], version: int) -> list[Change]:
    """What happened after `version`, in the order of `events`; for the refusal of an act on an older version."""
    return [
        Change(event.number, event.fact.kind, sorted(event.fact.changes)) for event in events if event.number > version
    ]

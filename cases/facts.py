"""Facts: the things that happen to a case, and their stored form.

A fact holds values as the code uses them; its payload is JSON without type tags. What reads a stored value back is its
name: the columns in `COLUMNS`, the details in `DETAILS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final, get_args, get_type_hints
from uuid import UUID

from cases.details import Details
from cases.lifecycle import REASONS
from cases.vocabulary import Audience, FactKind, Origin, Priority, SlaSource, StatusReason


def instant(text: str) -> datetime:
    """An RFC 3339 instant as an aware datetime in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _readers(of: type) -> dict[str, Callable[[Any], object]]:
    """How the stored values of a dataclass's fields are read back, by name."""
    hints = get_type_hints(of)
    plain = {field.name: (get_args(hints[field.name]) or (hints[field.name],))[0] for field in fields(of)}
    return {name: instant if kind is datetime else kind for name, kind in plain.items()}


COLUMNS: Final[Mapping[str, Callable[[Any], object]]] = {
    **_readers(Details),
    "number": str,
    "account_id": UUID,
    "contact_id": UUID,
    "owner_id": UUID,
    "team_id": UUID,
    "sla_version_id": UUID,
    "sla_source": SlaSource,
    "entitlement_id": UUID,
    "decrement_waived": bool,
    "merged_into_id": UUID,
    "stage": str,
    "parent_id": UUID,
}
"""The columns of a case that a fact may set to any value, each with how its stored value is read. Null stays null."""

MOVED: Final[Mapping[str, Callable[[Any], object]]] = {"status_reason": StatusReason}
"""The column that only facts of the lifecycle set; the status follows from the kind of the fact."""

DETAILS: Final[Mapping[str, Callable[[Any], object]]] = {
    "article_id": UUID,
    "message_id": UUID,
    "resolution_id": UUID,
    "activity_id": UUID,
    "attachment_id": UUID,
    "audience": Audience,
    "answered_at": instant,
    "origin": Origin,
    "item_id": UUID,
    "queue_id": UUID,
    "from_queue_id": UUID,
    "worker_id": UUID,
    "previous_owner_id": UUID,
    "rule_set_id": UUID,
    "queue_priority": Priority,
    "case_id": UUID,
    "merge_id": UUID,
    "from_case_id": UUID,
    "to_case_id": UUID,
    "paused_from": StatusReason,
    "child_id": UUID,
    "former_parent_id": UUID,
    "cascaded_from_id": UUID,
    "link_id": UUID,
    "other_case_id": UUID,
}
"""Details whose stored value is not what it is; details of other names are JSON values already."""


@dataclass(frozen=True)
class Fact:
    """One thing that happens to a case.

    `changes` are the columns it sets, each with its new value; `details` is what else is worth remembering of it.
    A fact that moves the status reason says where to in `changes["status_reason"]`. `COMMENTED` says in its details
    for which `audience` it was, and `by_customer` if who recorded it is not who said it (forwarded e-mail). Facts that
    move messages between cases say how many public ones came with them in `message_count`, less than zero if they went.
    """

    kind: FactKind
    changes: Mapping[str, object] = field(default_factory=dict)
    details: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        moves = self.kind in REASONS
        if moves and "status_reason" not in self.changes:
            raise ValueError(f"{self.kind} says which status reason it led to")
        settable = COLUMNS.keys() | (MOVED.keys() if moves or self.kind is FactKind.OPENED else set())
        if strange := self.changes.keys() - settable:
            raise ValueError(f"{self.kind} does not set {', '.join(sorted(strange))}")
        if self.kind is FactKind.COMMENTED and "audience" not in self.details:
            raise ValueError("COMMENTED says for which audience")


def to_payload(fact: Fact) -> dict[str, Any]:
    """What is stored of a fact beside its kind: JSON, instants in UTC as RFC 3339, enums by name, decimals as strings.

    Raises ValueError for a value that would not come back as it went: a float, a naive datetime, an identity under
    a name that `DETAILS` does not know.
    """
    payload = {
        "changes": {name: _stored(value) for name, value in fact.changes.items()},
        "details": {name: _stored(value) for name, value in fact.details.items()},
    }
    if from_payload(fact.kind, payload) != fact:
        raise ValueError(f"{fact} cannot be read back from {payload}")
    return payload


def from_payload(kind: FactKind, payload: Mapping[str, Mapping[str, Any]]) -> Fact:
    """The fact of which `to_payload` made `payload`."""
    return Fact(
        kind,
        {name: _read({**COLUMNS, **MOVED}, name, stored) for name, stored in payload["changes"].items()},
        {name: _read(DETAILS, name, stored) for name, stored in payload["details"].items()},
    )


def _stored(value: object) -> object:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case Enum():
            return value.name
        case UUID() | Decimal():
            return str(value)
        case list() | tuple():
            return [_stored(item) for item in value]
        case dict():
            return {str(name): _stored(item) for name, item in value.items()}
        case None | bool() | int() | str():
            return value
        case _:
            raise ValueError(f"{value!r} has no stored form")


def _read(readers: Mapping[str, Callable[[Any], object]], name: str, stored: object) -> object:
    return stored if stored is None or name not in readers else readers[name](stored)

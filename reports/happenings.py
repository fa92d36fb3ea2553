"""Happenings: which events of a case open, end and take it up again, as its lifecycle has them."""

from typing import Final

from cases.lifecycle import TRANSITIONS
from cases.vocabulary import FactKind, Status, StatusReason
from models.addresses import Dialect

_MOVES: Final = [(before, kind, after) for (before, kind), after in TRANSITIONS.items()]

ENDING: Final = frozenset(
    kind for before, kind, after in _MOVES if before is Status.ACTIVE and after is not Status.ACTIVE
)
"""An active case is not active after it."""
REOPENING: Final = frozenset(
    kind for before, kind, after in _MOVES if before is not Status.ACTIVE and after is Status.ACTIVE
)
"""A case that had ended is active after it."""
COMING: Final = frozenset({FactKind.OPENED}) | REOPENING
"""There is one more active case after it."""

MERGED: Final = f"'{StatusReason.MERGED.name}'"


def listed(kinds: frozenset[FactKind]) -> str:
    """Kinds of events as the right-hand side of IN."""
    quoted = (f"'{kind.value}'" for kind in sorted(kinds))
    return f"({', '.join(quoted)})"


def said(part: str, name: str, dialect: Dialect, table: str = "t0") -> str:
    """What the payload of an event says in `changes` or `details` under a name, as text."""
    if dialect == "postgres":
        return f"({table}.payload -> '{part}' ->> '{name}')"
    return f"json_extract({table}.payload, '$.{part}.{name}')"

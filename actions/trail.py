"""The trail of an act: which cases it changed, and how they stood before, for those who act on that."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cases.history import PROJECTED, CaseState, Event
from cases.queueing import Stay
from cases.refusals import StorageTrouble
from models.case import Case
from models.errors import StatementTimeout
from models.unit_of_work import part_of_work


@dataclass
class Touched:
    """A case as it is by now, and how it stood before; null for one that is new."""

    case: Case
    before: CaseState | None


@dataclass
class InHand:
    """What was read or written meanwhile of locked cases, by case: nobody else changes it."""

    histories: dict[UUID, Sequence[Event]] = field(default_factory=dict)
    stays: dict[UUID, Stay | None] = field(default_factory=dict)
    """The stay that has not ended; null for a case that is in no queue."""
    books: dict[UUID, Any] = field(default_factory=dict)
    """Those of entitlements that are open, by entitlement."""
    beside: dict[Any, dict[Any, Any]] = field(default_factory=dict)
    """Rows that cases lead to, by table and key."""

    def before_a_part(self) -> "InHand":
        """What holds again if a part is undone: books are moved by what is posted to them, and are opened anew."""
        return InHand(dict(self.histories), dict(self.stays), beside=self.beside)


@dataclass
class Trail:
    """The cases that were changed since somebody last took them, by key, in order."""

    touched: dict[UUID, Touched] = field(default_factory=dict)
    in_hand: InHand = field(default_factory=InHand)

    def taken(self) -> dict[UUID, Touched]:
        """What was changed, which begins anew."""
        taken, self.touched = self.touched, {}
        return taken


_current: ContextVar[Trail | None] = ContextVar("trail", default=None)


@contextmanager
def following() -> Iterator[Trail]:
    """Notes what is changed from now on."""
    token = _current.set(trail := Trail())
    try:
        yield trail
    finally:
        _current.reset(token)


@asynccontextmanager
async def undone_if_refused(*cases: Case) -> AsyncIterator[None]:
    """A part of the unit of work that changes `cases`: whatever raises out of it has changed nothing, here or stored.

    Trouble of the storage ends the whole unit of work.
    """
    kept = [(case, {name: getattr(case, name) for name in PROJECTED}) for case in cases]
    trail = _current.get()
    touched, held = (dict(trail.touched), trail.in_hand.before_a_part()) if trail else ({}, InHand())
    try:
        async with part_of_work():
            yield
    except (StorageTrouble, StatementTimeout):
        raise
    except Exception:
        for case, columns in kept:
            for name, value in columns.items():
                setattr(case, name, value)
        if trail:
            trail.touched, trail.in_hand = touched, held
        raise


def in_hand() -> InHand:
    """What is known of cases by now; where nobody follows, nothing ever is."""
    trail = _current.get()
    return InHand() if trail is None else trail.in_hand


def note(case: Case, before: CaseState | None) -> None:
    """Notes that a case was changed; costs nothing where nobody follows."""
    trail = _current.get()
    if trail is None:
        return
    known = trail.touched.get(case.id)
    trail.touched[case.id] = Touched(case, known.before if known else before)

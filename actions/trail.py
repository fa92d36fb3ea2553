"""The trail of an act: which cases it changed, and how they stood before, for those who act on that."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from cases.history import PROJECTED, CaseState
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
class Trail:
    """The cases that were changed since somebody last took them, by key, in order."""

    touched: dict[UUID, Touched] = field(default_factory=dict)

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
    touched = dict(trail.touched) if trail else {}
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
            trail.touched = touched
        raise


def note(case: Case, before: CaseState | None) -> None:
    """Notes that a case was changed; costs nothing where nobody follows."""
    trail = _current.get()
    if trail is None:
        return
    known = trail.touched.get(case.id)
    trail.touched[case.id] = Touched(case, known.before if known else before)

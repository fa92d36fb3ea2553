"""Hierarchy: which case may become a child of which other, and what a child gets from its parent.

Cases come as their places in the forest they are. Nothing here reads a table: whoever asks holds the cases and those
above them, so that what is decided still holds when it is written.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cases.kinship import Inheritable, ParentFault
from cases.refusals import BadInput, Refused
from cases.vocabulary import ErrorCode

Path = Sequence[str | int]


@dataclass(eq=False)
class IllegalParent(BadInput):
    """The one case cannot be the parent of the other."""

    reason: ParentFault


@dataclass(frozen=True)
class OpenChild:
    """A case that is a part of another one, and open still."""

    case_id: UUID
    number: str
    title: str


@dataclass(eq=False)
class OpenChildren(Refused):
    """The case has parts that are open; the tenant wants them to end first. Those the viewer may see are listed."""

    children: Sequence[OpenChild]
    code = ErrorCode.ILLEGAL_TRANSITION


@dataclass(frozen=True)
class Parent:
    """A case that is to get children: those above it, nearest first, and how many children it has."""

    id: UUID
    above: Sequence[UUID] = ()
    children: int = 0


@dataclass(frozen=True)
class Child:
    """A case that is to become a child: whose it is already, and how many levels are below it."""

    id: UUID
    number: str
    parent_id: UUID | None = None
    levels: int = 0


@dataclass(frozen=True)
class Bounds:
    """How many levels may be below a case, and how many children it may have."""

    depth: int
    children: int


COLUMNS: Final[Mapping[Inheritable, str]] = {
    Inheritable.DESCRIPTION: "description",
    Inheritable.TYPE: "type_id",
    Inheritable.SUBJECT: "subject_id",
    Inheritable.PRODUCT: "product_id",
    Inheritable.PRIORITY: "priority",
    Inheritable.SEVERITY: "severity",
    Inheritable.ORIGIN: "origin",
    Inheritable.DEADLINE: "deadline",
}
"""The details that a child may get from its parent, by what they are called in the settings of a tenant."""


def adding(parent: Parent, children: Sequence[Child], bounds: Bounds, path: Path = ()) -> Iterator[IllegalParent]:
    """What is wrong with making `children` children of `parent`. Those that are already change nothing."""
    new = [child for child in children if child.parent_id != parent.id]
    for place, child in enumerate(children):
        if child in new:
            yield from _adding(parent, child, bounds, (*path, place) if path else ())
    if new and parent.children + len(new) > bounds.children:
        left = max(bounds.children - parent.children, 0)
        message = f"A case may have {bounds.children} children; there is room for {left} more."
        yield IllegalParent(message, reason=ParentFault.TOO_MANY, path=path)


def _adding(parent: Parent, child: Child, bounds: Bounds, path: Path) -> Iterator[IllegalParent]:
    if child.id == parent.id:
        yield IllegalParent("A case cannot be a child of itself.", reason=ParentFault.ITSELF, path=path)
    elif child.id in parent.above:
        message = f"{child.number} is above this case; it cannot be below it too."
        yield IllegalParent(message, reason=ParentFault.CYCLE, path=path)
    elif child.parent_id is not None:
        message = f"{child.number} is a child of another case; remove it from there first."
        yield IllegalParent(message, reason=ParentFault.OTHER_PARENT, path=path)
    elif len(parent.above) + 1 + child.levels > bounds.depth:
        yield IllegalParent(_too_deep(bounds, child), reason=ParentFault.TOO_DEEP, path=path)


def _too_deep(bounds: Bounds, child: Child) -> str:
    levels = "one level" if bounds.depth == 1 else f"{bounds.depth} levels"
    return f"There is {levels} of children below a case; with {child.number} there would be more."


def removing(parent_id: UUID, child: Child, path: Path = ("child_id",)) -> Iterator[IllegalParent]:
    """What is wrong with taking `child` from the case whose it is said to be."""
    if child.parent_id != parent_id:
        yield IllegalParent(f"{child.number} is no child of this case.", reason=ParentFault.NO_CHILD, path=path)


def inherited(parent: Any, chosen: Collection[Inheritable], now: datetime) -> dict[str, Any]:
    """The details that a new child gets from `parent`, by column: its title always, no deadline that has passed."""
    found = {"title": parent.title}
    found |= {column: getattr(parent, column) for what, column in COLUMNS.items() if what in chosen}
    if (deadline := found.get("deadline")) is not None and deadline < now:
        del found["deadline"]
    return found

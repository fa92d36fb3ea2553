"""What a log names: teams, people, customers and subjects, before they are rows."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Final

from imports.incident_log import Snapshot


class Kind(Enum):
    """What a name is the name of. An assignee is somebody at work; an actor is known from the history only."""

    TEAM = auto()
    ASSIGNEE = auto()
    ACTOR = auto()
    CONTACT = auto()
    SUBJECT = auto()


Named = tuple[Kind, tuple[str, ...]]
"""Something the log names; a subject by its path from the root, everything else by one name."""

KINDS: Final = {
    "caller_id": Kind.CONTACT,
    "assignment_group": Kind.TEAM,
    "assigned_to": Kind.ASSIGNEE,
    "opened_by": Kind.ACTOR,
    "sys_updated_by": Kind.ACTOR,
    "resolved_by": Kind.ACTOR,
}


def named(snapshots: Sequence[Snapshot]) -> list[Named]:
    """Everything these snapshots name, each once, in the order of appearance."""
    found: dict[Named, None] = {}
    for snapshot in snapshots:
        for column, kind in KINDS.items():
            if (name := snapshot.names[column]) is not None:
                found[kind, (name,)] = None
        if path := subject(snapshot):
            found[Kind.SUBJECT, path] = None
    return list(found)


def subject(snapshot: Snapshot) -> tuple[str, ...]:
    """Category and subcategory. A subcategory of an unknown category is not known either."""
    category, subcategory = snapshot.names["category"], snapshot.names["subcategory"]
    if category is None:
        return ()
    return (category,) if subcategory is None else (category, subcategory)

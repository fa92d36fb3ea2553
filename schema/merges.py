"""Merges as clients see them: which case went into which, and how much went along."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import strawberry
from strawberry import auto

import models
from schema.computed import computed
from schema.derived import NAMES
from schema.mirror import mirrors
from schema.node import Node
from schema.relations import related

if TYPE_CHECKING:
    from schema.cases import Case
    from schema.people import Person


@strawberry.type(description="How many things of one kind went along with a case.")
class Moved:
    kind: str = strawberry.field(description="The type of the things, such as `Message`.")
    count: int


NAMES["Moved"] = Moved


def _counts(part: str) -> Callable[[Any, Any], list[Moved]]:
    def compute(row: Any, context: Any) -> list[Moved]:
        return [Moved(kind=kind, count=len(ids)) for kind, ids in row.manifest[part].items()]

    return compute


@mirrors(models.CaseMerge, order=("created_at",))
class CaseMerge(Node):
    survivor: "Case | None" = related()
    loser: "Case | None" = related()
    merged_by: "Person | None" = related()
    created_at: auto
    undone_at: auto
    undone_by: "Person | None" = related()
    moved: list[Moved] = computed(_counts("moved"), "manifest", description="What went along.")
    stayed: list[Moved] = computed(
        _counts("stayed"), "manifest", description="What stayed, because the survivor had it already."
    )

"""Adopting: the children of a case that goes into another one are that one's from then on; and back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from actions.family import bounds_of, parent_of, relatives
from actions.record import record
from cases.conditions import All, Compare, Op
from cases.facts import Fact
from cases.hierarchy import Child
from cases.merging import Families
from cases.viewer import Viewer
from cases.vocabulary import FactKind
from models.case import Case
from models.kin import below, levels
from models.reading import by_ids, related
from models.statements import Order

NAME = "Case.parent"
"""What children are called in a manifest."""

_UNDELETED = Compare("deleted_at", Op.IS_NULL, True)


async def survivors_too(case_ids: Collection[UUID]) -> set[UUID]:
    """The cases into which these were merged, and the families of all of them."""
    rows = await by_ids(Case, sorted(case_ids), _UNDELETED, columns=("id", "merged_into_id"))
    survivors = {row.merged_into_id for row in rows.values() if row.merged_into_id}
    return survivors | await relatives({*case_ids, *survivors})


async def children_by_parent(parent_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Case]]:
    """The children of locked cases, which are locked as well."""
    return await related(Case, "parent_id", sorted(parent_ids), _UNDELETED, order=(Order("id"),))


async def families(survivor: Case, children: Mapping[UUID, Sequence[Case]]) -> Families:
    """The survivor and the children that would come to it, as the rules of hierarchy see them."""
    known = await below([child.id for theirs in children.values() for child in theirs])
    places = {
        parent_id: [Child(child.id, child.number, levels=levels(child.id, known)) for child in theirs]
        for parent_id, theirs in children.items()
    }
    return Families(await parent_of(survivor), places, await bounds_of(survivor.tenant_id))


async def adopt(
    children: Sequence[Case], to: Case, merge_id: UUID, *, actor: Viewer, now: datetime, cause: str
) -> None:
    """Makes locked children those of another case, whatever became of them; their histories say by which merge."""
    for child in children:
        said = {"former_parent_id": child.parent_id, "merge_id": merge_id}
        fact = Fact(FactKind.PARENT_REPLACED, {"parent_id": to.id}, said)
        await record(child, [fact], actor=actor, now=now, cause=cause)


async def still_below(child_ids: Collection[UUID], parent: Case) -> list[Case]:
    """Those of the cases that are children of this one still."""
    theirs = All((_UNDELETED, Compare("parent_id", Op.EQ, parent.id)))
    found = await by_ids(Case, sorted(child_ids), theirs)
    return [found[key] for key in sorted(found)]

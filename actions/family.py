"""Family: cases become children of others, and stop being so.

Whoever makes a family larger holds the case that gets children, the children, and all that are above or below: what the
rules decide on stays as it is until it is written. That one becomes smaller meanwhile breaks no rule.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from actions.in_hand import take_in_hand
from actions.record import record
from actions.signature import locks_along
from actions.tenant_settings import settings_of
from cases import hierarchy, lifecycle, rules
from cases.conditions import All, Compare, Op
from cases.facts import Fact
from cases.hierarchy import Bounds, Child, Parent
from cases.refusals import BadInput, IllegalTransition
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import FactKind
from models.case import Case
from models.kin import above, below, chain, levels
from models.reading import by_ids, count


async def ancestors(case_ids: Collection[UUID]) -> set[UUID]:
    """All cases above these."""
    return set((await above(case_ids)).values())


async def relatives(case_ids: Collection[UUID]) -> set[UUID]:
    """All cases above and below these."""
    return {*await below(case_ids), *await ancestors(case_ids)}


async def descendants(case_ids: Collection[UUID]) -> set[UUID]:
    """All cases below these."""
    return set(await below(case_ids))


@locks_along(relatives)
async def add_child_cases(case: Case, children: list[Case], *, actor: Viewer, now: datetime) -> Case:
    """Makes cases the children of a case. Those that are already stay as they are.

    A case has one parent at most, and at most as many children and levels of them as the tenant allows.
    """
    lifecycle.step(Standing.of(case), FactKind.CHILD_ADDED)
    if not children:
        raise BadInput("Name at least one case.", path=("child_ids",))
    await check_adding(case, children)
    return await put_below(case, children, actor=actor, now=now, cause="add_child_cases")


@dataclass(frozen=True)
class Separated:
    """The case that lost a child, and the child."""

    case: Case
    child: Case


async def remove_child_case(case: Case, child: Case, *, actor: Viewer, now: datetime) -> Separated:
    """Takes a child from a case; from then on it is a case of its own, whatever has become of it."""
    lifecycle.step(Standing.of(case), FactKind.CHILD_REMOVED)
    rules.refuse(hierarchy.removing(case.id, Child(child.id, child.number, child.parent_id)))
    child = await take_out(child, actor=actor, now=now, cause="remove_child_case")
    fact = Fact(FactKind.CHILD_REMOVED, details={"child_id": child.id})
    return Separated(await record(case, [fact], actor=actor, now=now, cause="remove_child_case"), child)


async def check_adding(case: Case, children: Sequence[Case]) -> None:
    """Raises what is wrong with making locked cases children of a locked one; their relatives are locked as well."""
    for place, child in enumerate(children):
        if child.parent_id != case.id and child.id != case.id:
            _check_open(child, ("child_ids", place))
    parents = await below([child.id for child in children])
    places = [Child(child.id, child.number, child.parent_id, levels(child.id, parents)) for child in children]
    rules.refuse(hierarchy.adding(await parent_of(case), places, await bounds_of(case.tenant_id), ("child_ids",)))


async def parent_of(case: Case) -> Parent:
    """A locked case as one that is to get children."""
    theirs = All((Compare("parent_id", Op.EQ, case.id), Compare("deleted_at", Op.IS_NULL, True)))
    higher = await above([case.id]) if case.parent_id else {}
    return Parent(case.id, chain(case.id, higher), await count(Case, theirs))


async def bounds_of(tenant_id: UUID) -> Bounds:
    settings = await settings_of(tenant_id)
    return Bounds(settings.hierarchy_depth, settings.children_max)


async def put_below(case: Case, children: Sequence[Case], *, actor: Viewer, now: datetime, cause: str) -> Case:
    """Makes locked cases children of a locked one, which they may be; the histories of all tell of it."""
    new = [child for child in children if child.parent_id != case.id]
    await take_in_hand([case, *new])
    for child in new:
        await record(child, [Fact(FactKind.PARENT_SET, {"parent_id": case.id})], actor=actor, now=now, cause=cause)
    return await record(case, [child_added(child) for child in new], actor=actor, now=now, cause=cause)


async def take_out(child: Case, *, actor: Viewer, now: datetime, cause: str) -> Case:
    """Makes a locked child a case of its own."""
    fact = Fact(FactKind.PARENT_CLEARED, {"parent_id": None}, {"former_parent_id": child.parent_id})
    return await record(child, [fact], actor=actor, now=now, cause=cause)


def child_added(child: Case) -> Fact:
    return Fact(FactKind.CHILD_ADDED, details={"child_id": child.id})


async def children_of(case: Case) -> list[Case]:
    """The children of a locked case, which are locked as well."""
    parents = await below([case.id])
    theirs = [key for key, parent_id in parents.items() if parent_id == case.id]
    found = await by_ids(Case, theirs, Compare("tenant_id", Op.EQ, case.tenant_id))
    return [found[key] for key in sorted(found)]


def _check_open(child: Case, path: tuple[str | int, ...]) -> None:
    try:
        lifecycle.step(Standing.of(child), FactKind.PARENT_SET)
    except IllegalTransition as refusal:
        refusal.path, refusal.message = path, f"{child.number}: {refusal.message}"
        raise

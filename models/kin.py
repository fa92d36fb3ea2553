"""Kin: the cases above and below others, a statement per level."""

from collections.abc import Collection, Mapping
from uuid import UUID

from cases.conditions import All, Compare, Op
from models.case import Case
from models.reading import by_ids, select

_UNDELETED = Compare("deleted_at", Op.IS_NULL, True)


async def above(case_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """These cases and every case above them, as far as they have one directly above, by key; with that one."""
    found: dict[UUID, UUID] = {}
    level = set(case_ids)
    while level:
        rows = await by_ids(Case, sorted(level), _UNDELETED, columns=("id", "parent_id"))
        found |= {row.id: row.parent_id for row in rows.values() if row.parent_id}
        level = {row.parent_id for row in rows.values() if row.parent_id} - found.keys()
    return found


async def below(case_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Every case below these, by key, with the one directly above it; in the order of their levels."""
    found: dict[UUID, UUID] = {}
    level = set(case_ids)
    while level:
        of_these = All((Compare("parent_id", Op.IN, tuple(sorted(level))), _UNDELETED))
        rows = await select(Case, of_these, columns=("id", "parent_id"))
        level = {row.id for row in rows} - found.keys() - set(case_ids)
        found |= {row.id: row.parent_id for row in rows if row.id in level and row.parent_id}
    return found


def chain(case_id: UUID, parents: Mapping[UUID, UUID]) -> list[UUID]:
    """The cases above a case, nearest first, where `parents` are those of all that have one."""
    found: list[UUID] = []
    while (parent_id := parents.get(case_id)) is not None and parent_id not in found:
        found.append(case_id := parent_id)
    return found


def levels(case_id: UUID, parents: Mapping[UUID, UUID]) -> int:
    """How many levels are below a case, where `parents` are those of all that are."""
    children = [key for key, parent_id in parents.items() if parent_id == case_id]
    return 1 + max(levels(child, parents) for child in children) if children else 0

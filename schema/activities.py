"""Activities as clients see them, and the time that a case has taken."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from strawberry import auto

import models
from actions.doing import minutes_by_case
from cases.vocabulary import Role
from schema.computed import computed
from schema.context import Context
from schema.mirror import mirrors
from schema.relations import related
from schema.timeline import TimelineEntry

if TYPE_CHECKING:
    from schema.cases import Case
    from schema.people import Person


@mirrors(models.Activity, order=("created_at", "due_at", "starts_at", "ended_at"))
class Activity(TimelineEntry):
    kind: auto
    state: auto
    subject: auto
    description: auto
    due_at: auto
    starts_at: auto
    ends_at: auto
    duration_minutes: auto
    billable_minutes: auto
    created_at: auto
    updated_at: auto
    ended_at: auto
    case: "Case | None" = related()
    owner: "Person | None" = related()
    created_by: "Person | None" = related()


def minutes(place: int, description: str) -> Any:
    """A field of a case with the minutes of its completed activities: all of them (0), or those to be charged (1)."""
    return computed(_minutes(place), "id", description=description)


def _minutes(place: int) -> Callable[[Any, Context], Awaitable[int | None]]:
    async def compute(row: Any, context: Context) -> int | None:
        if context.viewer.role is Role.CUSTOMER:
            return None
        found: tuple[int, int] = await context.loader("minutes", load).load(row.id)
        return found[place]

    async def load(case_ids: list[UUID]) -> list[tuple[int, int]]:
        found = await minutes_by_case(case_ids)
        return [found[case_id] for case_id in case_ids]

    return compute

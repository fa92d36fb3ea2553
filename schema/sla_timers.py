"""Timers: `slaTimers`, the clocks that a widget shows, sent again only when they are other ones."""

from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import strawberry
from strawberry import ID, UNSET

import models
from cases.conditions import EVERYTHING, All, Compare, Condition, Op
from models.outbox import About, News
from models.reading import select
from models.statements import Order
from models.visibility import visible
from schema.connections import arguments_named
from schema.context import Context, Info
from schema.derived import NAMES
from schema.filters import condition_of, within_sight
from schema.ids import public_id
from schema.live import cursors
from schema.live.following import CURSOR, following
from schema.sla import SlaKpiInstance

REMEMBERED: Final = 1_000
"""Clocks of which a subscription knows what it sent last; of others it may send the same again."""

FIGURES: Final = (
    *("state", "warn_at", "fail_at", "breaks_at", "paused_since", "succeeded_at", "breached_at", "canceled_at"),
    *("next_at", "target_microseconds", "policy_version_id", "calendar_key"),
)
"""What a clock shows follows from these columns, and from the time."""


@strawberry.type(description="Clocks that are other ones than they were.")
class SlaTimerNews:
    cursor: str = strawberry.field(description=CURSOR)
    timers: list[SlaKpiInstance] = strawberry.field(
        description="Clocks with their `countdown`; in the first message all that are meant, those due next first.",
        metadata={"size": 100},
    )
    gone: list[ID] = strawberry.field(description="Clocks that were meant and are not any more.")
    has_more: bool = strawberry.field(description="Whether more are meant than the first message could hold.")


def sla_timers(info: Info, where: Any = UNSET, after: str | None = UNSET) -> AsyncGenerator[SlaTimerNews, None]:
    """The clocks that `where` means: first as they are, then whenever something happens to one of them.

    Nothing is sent while time just passes: a `countdown` knows when its clock rests and goes on. That one has run into
    its warning or its breach is sent when it is announced.
    """
    context: Context = info.context
    with arguments_named():
        wanted = condition_of(where, context.limits) if where else EVERYTHING
    sent = _Sent()

    async def greeting(now: Context, cursor: str) -> Any:
        most = now.limits.page_max
        rows = await _rows(now, wanted, order=(Order("fail_at"), Order("id")), limit=most + 1)
        sent.note(rows[:most])
        return SlaTimerNews(cursor=cursor, timers=rows[:most], gone=[], has_more=len(rows) > most)

    async def telling(now: Context, news: News) -> Any:
        of_case = Compare("case_id", Op.EQ, news.key)
        rows = await _rows(now, All((of_case, wanted)))
        gone = sent.missing(news.key, {row.id for row in rows})
        if wanted is not EVERYTHING and after:
            # who came back may still show one that is not meant any more
            gone |= {row.id for row in await _rows(now, of_case) if row.id not in sent.known} - {row.id for row in rows}
        other = sent.others(rows)
        sent.note(rows)
        sent.forget(gone)
        if not other and not gone:
            return None
        return SlaTimerNews(
            cursor=cursors.behind(news, now.cursor_secret),
            timers=other,
            gone=[ID(public_id("SlaKpiInstance", key)) for key in sorted(gone)],
            has_more=False,
        )

    about = About(context.viewer.tenant_id, "case")
    return following(context, about, after, greeting, telling, alike=False)  # type: ignore[return-value]


async def _rows(
    context: Context, wanted: Condition, *, order: Sequence[Order] = (Order("kpi"), Order("cycle")), limit: int = 100
) -> list[Any]:
    """The clocks that are meant, as far as they are there for the viewer."""
    model, viewer = models.SlaKpiInstance, context.viewer
    condition = All((visible(model, viewer), within_sight(wanted, model, viewer)))
    return await select(model, condition, order=order, limit=limit)


class _Sent:
    """What a subscription has sent last of each clock, in short."""

    def __init__(self) -> None:
        self.known: OrderedDict[UUID, tuple[UUID, int]] = OrderedDict()

    def note(self, rows: Iterable[Any]) -> None:
        for row in rows:
            self.known[row.id] = (row.case_id, _figures(row))
            self.known.move_to_end(row.id)
        while len(self.known) > REMEMBERED:
            self.known.popitem(last=False)

    def others(self, rows: Iterable[Any]) -> list[Any]:
        """Of these clocks, the ones that show something else than was sent."""
        return [row for row in rows if self.known.get(row.id) != (row.case_id, _figures(row))]

    def missing(self, case_id: UUID, there: set[UUID]) -> set[UUID]:
        """The clocks of a case that were sent and are not there now."""
        return {key for key, (of, _) in self.known.items() if of == case_id and key not in there}

    def forget(self, keys: Iterable[UUID]) -> None:
        for key in keys:
            self.known.pop(key, None)


def _figures(row: Any) -> int:
    return hash(tuple(getattr(row, name) for name in FIGURES))


sla_timers.__annotations__["where"] = NAMES["SlaKpiInstanceWhere"] | None

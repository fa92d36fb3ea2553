"""News of cases: `caseChanged` of one, `caseEvents` of many."""

from collections.abc import AsyncGenerator
from typing import Any, Final
from uuid import UUID

import strawberry
from strawberry import ID, UNSET

import models
from cases.conditions import EVERYTHING, All, Compare, Condition, Op
from cases.vocabulary import FactKind
from models.outbox import About, News
from models.reading import by_ids, select
from models.statements import Order
from models.visibility import visible
from models.visibility import visible_events as events_that_exist
from schema.cases import Case, CaseEvent
from schema.connections import arguments_named
from schema.context import Context, Info
from schema.derived import NAMES
from schema.filters import condition_of, within_sight
from schema.live import cursors
from schema.live.following import CURSOR, following, key_of
from schema.live.happening import Last

UNTOLD: Final = frozenset({FactKind.INTERNAL_RECORDED.value})
"""Nothing but this is nothing to those who may not see it."""


@strawberry.type(description="What happened to a case.")
class CaseNews:
    cursor: str = strawberry.field(description=CURSOR)
    case: Case | None = strawberry.field(description="The case as it is by now; null if it is not there any more.")
    events: list[CaseEvent] = strawberry.field(
        description="What happened, in order. The first message has none, and customers are shown none."
    )


def case_changed(info: Info, id: ID, after: str | None = UNSET) -> AsyncGenerator[CaseNews, None]:
    """Whatever happens to a case, with the case as it is by then; the first message shows how it is.

    A message without a case is the last one: the case is not there any more, or not for this viewer.
    """
    context: Context = info.context
    key = key_of(id, "Case")

    async def greeting(now: Context, cursor: str) -> Any:
        return _shown(cursor, await visible_case(now, key), [])

    async def refusing(now: Context, cursor: str) -> Any:
        return None if await visible_case(now, key) else _shown(cursor, None, [])

    async def telling(now: Context, news: News) -> Any:
        case = await visible_case(now, key)
        events = [] if case is None else await visible_events(now, key, news)
        if case is not None and not events and UNTOLD.issuperset(news.payload["kinds"]):
            return None
        return _shown(cursors.behind(news, now.cursor_secret), case, events)

    about = About(context.viewer.tenant_id, "case", key)
    return following(context, about, after, greeting, telling, refusing=refusing)  # type: ignore[return-value]


def case_events(info: Info, where: Any = UNSET, after: str | None = UNSET) -> AsyncGenerator[CaseNews, None]:
    """What happens to all cases, or the events of it that `where` means, with their case; for the staff.

    The first message only says from where to go on.
    """
    context: Context = info.context
    with arguments_named():
        wanted = EVERYTHING if not where else condition_of(where, context.limits)

    async def greeting(now: Context, cursor: str) -> Any:
        return CaseNews(cursor=cursor, case=None, events=[])

    async def telling(now: Context, news: News) -> Any:
        events = await visible_events(now, news.key, news, within_sight(wanted, models.CaseEvent, now.viewer))
        if not events:
            return None
        case = await visible_case(now, news.key)
        return CaseNews(cursor=cursors.behind(news, now.cursor_secret), case=case, events=events)

    about = About(context.viewer.tenant_id, "case")
    return following(context, about, after, greeting, telling)  # type: ignore[return-value]


def _shown(cursor: str, case: Any, events: Any) -> CaseNews | Last:
    news = CaseNews(cursor=cursor, case=case, events=events)
    return news if case is not None else Last(news)


async def visible_case(context: Context, key: UUID) -> Any:
    """The case, if it is there for the viewer."""
    return (await by_ids(models.Case, [key], visible(models.Case, context.viewer))).get(key)


async def visible_events(context: Context, case_id: UUID, news: News, wanted: Condition = EVERYTHING) -> Any:
    """The events of the case that the news are of, as far as they are there for the viewer."""
    told = (
        Compare("case_id", Op.EQ, case_id),
        Compare("number", Op.GTE, news.payload["from"]),
        Compare("number", Op.LTE, news.payload["to"]),
    )
    condition = All((events_that_exist(context.viewer, news.payload["kinds"]), *told, wanted))
    return await select(models.CaseEvent, condition, order=(Order("number"),))


case_events.__annotations__["where"] = NAMES["CaseEventWhere"] | None

"""News of queues: `queueChanged`, what comes into a queue, is taken and leaves."""

from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import strawberry
from strawberry import ID, UNSET

import models
from cases.conditions import All, Compare, Op
from models.outbox import About, News
from models.reading import first
from models.statements import Order
from models.visibility import visible, within_queues
from schema.case_news import visible_case, visible_events
from schema.cases import Case, CaseEvent
from schema.context import Context, Info
from schema.ids import public_id
from schema.live import cursors
from schema.live.following import CURSOR, following, key_of
from schema.live.happening import Last
from schema.queues import Queue, QueueItem


@strawberry.type(description="What happened in a queue.")
class QueueNews:
    cursor: str = strawberry.field(description=CURSOR)
    queue: Queue | None = strawberry.field(description="Null if it is not there any more, or not for this viewer.")
    case_id: ID | None = strawberry.field(
        description="Whose place in it changed; null in the first message, and where the queue itself was changed."
    )
    case: Case | None = strawberry.field(description="That case, if it is still there.")
    item: QueueItem | None = strawberry.field(
        description="Where the case is queued by now: in this queue, or in another one that the viewer sees."
    )
    events: list[CaseEvent] = strawberry.field(description="What happened to the case, in order.")


def queue_changed(info: Info, id: ID, after: str | None = UNSET) -> AsyncGenerator[QueueNews, None]:
    """Whatever comes into a queue, is moved, picked, released or leaves it, and what is changed of the queue itself.

    The first message shows the queue.

    A message without a queue is the last one: it is not there any more, or its items are not for this viewer.
    """
    context: Context = info.context
    key = key_of(id, "Queue")

    async def greeting(now: Context, cursor: str) -> Any:
        queue = await _queue(now, key)
        shown = QueueNews(cursor=cursor, queue=queue, case_id=None, case=None, item=None, events=[])
        return shown if queue is not None else Last(shown)

    async def refusing(now: Context, cursor: str) -> Any:
        return None if await _queue(now, key) else await greeting(now, cursor)

    async def telling(now: Context, news: News) -> Any:
        cursor = cursors.behind(news, now.cursor_secret)
        queue = await _queue(now, key)
        if queue is None or "case_id" not in news.payload:
            return await greeting(now, cursor)
        case_id = UUID(news.payload["case_id"])
        case = await visible_case(now, case_id)
        mine = All((visible(models.QueueItem, now.viewer), Compare("open_case_id", Op.EQ, case_id)))
        return QueueNews(
            cursor=cursor,
            queue=queue,
            case_id=ID(public_id("Case", case_id)),
            case=case,
            item=await first(models.QueueItem, mine, order=(Order("id"),)),  # type: ignore[arg-type]  # rows stand for their public types
            events=[] if case is None else await visible_events(now, case_id, news),
        )

    about = About(context.viewer.tenant_id, "queue", key)
    return following(context, about, after, greeting, telling, refusing=refusing)  # type: ignore[return-value]


async def _queue(context: Context, key: UUID) -> Any:
    """The queue, if what waits in it is there for the viewer."""
    viewer = context.viewer
    seen = All((visible(models.Queue, viewer), within_queues(viewer), Compare("id", Op.EQ, key)))
    return await first(models.Queue, seen)

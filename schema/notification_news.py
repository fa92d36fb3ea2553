"""News of notifications: `notifications`, what somebody is told, as soon as they are."""

from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import strawberry
from strawberry import UNSET

import models
from cases.conditions import All, Compare, Op
from models.outbox import About, News
from models.reading import by_ids, count
from models.visibility import visible
from schema.context import Context, Info
from schema.live import cursors
from schema.live.following import CURSOR, following
from schema.notifications import Notification

NOBODY = UUID(int=0)


@strawberry.type(description="Something that the viewer is told.")
class NotificationNews:
    cursor: str = strawberry.field(description=CURSOR)
    notification: Notification | None = strawberry.field(
        description="Null in the first message, and where something was read."
    )
    unread_count: int = strawberry.field(description="How many they have not read by now.", metadata={"cost": 1})


def notifications(info: Info, after: str | None = UNSET) -> AsyncGenerator[NotificationNews, None]:
    """What the viewer is told from now on, and that they have read of it, wherever they did.

    The first message says how much they have not read.
    """
    context: Context = info.context
    about = About(context.viewer.tenant_id, "notification", context.viewer.person_id or NOBODY)

    async def greeting(now: Context, cursor: str) -> Any:
        return NotificationNews(cursor=cursor, notification=None, unread_count=await _unread(now))

    async def telling(now: Context, news: News) -> Any:
        cursor = cursors.behind(news, now.cursor_secret)
        if "notification_id" not in news.payload:
            return await greeting(now, cursor)
        key = UUID(news.payload["notification_id"])
        found = await by_ids(models.Notification, [key], visible(models.Notification, now.viewer))
        if key not in found:
            return None
        return NotificationNews(cursor=cursor, notification=found[key], unread_count=await _unread(now))  # type: ignore[arg-type]  # rows stand for their public types

    return following(context, about, after, greeting, telling)  # type: ignore[return-value]


async def _unread(context: Context) -> int:
    unread = Compare("read_at", Op.IS_NULL, True)
    return await count(models.Notification, All((visible(models.Notification, context.viewer), unread)))

"""Following: from the arguments of a subscription to the happenings it sends, the same for all of them.

The first message shows how things stand and says from where to go on. Who comes back with `after` is sent what was
missed instead, each thing once and in order, and then what happens.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from datetime import timedelta
from typing import Any, Final, TypeAlias

from cases.refusals import Unknown
from models.fields import uuid7
from models.outbox import About, News, Place, made_at
from schema.connections import arguments_named
from schema.context import Context
from schema.ids import read_id
from schema.live import cursors
from schema.live.happening import Happening
from schema.live.hub import ResyncRequired

CURSOR: Final = "Where to go on: given as `after`, nothing is missed and nothing told twice."

Greeting: TypeAlias = Callable[[Context, str], Awaitable[Any]]
"""What the first message shows, with the cursor of where it was begun."""

Telling: TypeAlias = Callable[[Context, News], Awaitable[Any]]
"""What is told of news; None if that is nothing."""


async def following(
    context: Context,
    about: About,
    after: str | None,
    greeting: Greeting,
    telling: Telling,
    *,
    refusing: Greeting | None = None,
    alike: bool = True,
) -> AsyncGenerator[Happening, None]:
    """What a subscription sends. `refusing` gives what is sent instead to whom it does not concern, if it does not.

    If what is told is the same for all who are alike, it is found out once for them.

    Raises BadInput for a cursor that is none of ours, ResyncRequired for one that is too old or who is too slow.
    """
    assert context.hub is not None, "subscriptions are for where there is a hub"
    place = _place(context, after) if after else None
    if refusing is not None and after:
        yield Happening(lambda now: refusing(now, after))
    async with aclosing(context.hub.follow(about, place)) as told:
        async for one in told:
            if isinstance(one, Place):
                cursor = cursors.write(one, made_at(uuid7()), about.tenant_id, context.cursor_secret)
                yield Happening(lambda now, cursor=cursor: greeting(now, cursor))  # type: ignore[misc]
            else:
                yield Happening(lambda now, news=one: telling(now, news), one, alike)  # type: ignore[misc]


def _place(context: Context, after: str) -> Place:
    with arguments_named():
        place, at = cursors.read(after, context.viewer.tenant_id, context.cursor_secret, ("after",))
    assert context.hub is not None
    if made_at(uuid7()) - at > timedelta(hours=context.limits.replay_hours).total_seconds():
        raise ResyncRequired
    if at <= context.hub.since.timestamp():
        raise ResyncRequired
    return place


def key_of(public_id: str, type_name: str) -> Any:
    """The key in an id. Declined with NOT_FOUND for the id of something else."""
    parsed = read_id(public_id)
    if parsed is None or parsed[0] != type_name:
        with arguments_named():
            raise Unknown(path=("id",))
    return parsed[1]

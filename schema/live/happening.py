"""Happenings: what the resolver of a subscription gives, one for each message that may have to be sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from models.outbox import News
from schema.context import Context


@dataclass(frozen=True)
class Last:
    """What is shown, after which there is nothing more to come."""

    shown: Any


@dataclass(frozen=True)
class Happening:
    """Something that may concern a subscriber.

    `shown` gives what they are told of it, None if that is nothing: it asks anew what exists for the viewer of the
    context it gets. With `Last` the subscription ends. If `alike`, what is told depends on nothing but the request,
    the viewer and the news.
    """

    shown: Callable[[Context], Awaitable[Any]]
    news: News | None = None
    alike: bool = False


def plain(value: Any) -> Happening:
    """A happening of which everybody is told `value`."""

    async def shown(context: Context) -> Any:
        return value

    return Happening(shown)

"""Timeline: everything that happened to a case as one list, of which each viewer sees their part.

What has an entry of its own is not told twice: the event of a message, an activity or a file is left out, since the
message, the activity or the file stands at the same place.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final

import strawberry
from strawberry import UNSET
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

import models
from cases.conditions import NOTHING, All, AnyOf, Compare, Condition, Op
from cases.viewer import Viewer
from cases.vocabulary import FactKind
from models.paging import asked
from models.reading import count_by
from models.timeline import Entries, Part, Source, place_of, timelines
from models.visibility import visible
from schema.connections import Edge, PageInfo, arguments_named
from schema.context import Context
from schema.derived import NAMES
from schema.node import Node, interface


class OccurredField(StrawberryField):
    """When an entry happened: an event says it, everything else happened when it was made."""

    @property
    def is_basic_field(self) -> bool:
        return False

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        return getattr(source, "at", None) or source.created_at


def occurred_field() -> Any:
    return OccurredField(description="Where it stands in the timeline.")


@interface("Something in the timeline of a case.")
class TimelineEntry(Node):
    occurred_at: datetime = occurred_field()


@strawberry.enum(description="What stands in a timeline.")
class TimelineKind(Enum):
    EVENT = strawberry.enum_value("EVENT", description="What happened to the case.")
    CLOCK = strawberry.enum_value("CLOCK", description="What its clocks ran into.")
    POSTING = strawberry.enum_value("POSTING", description="What it took of its entitlement, and gave back.")
    MESSAGE = strawberry.enum_value("MESSAGE", description="What was said.")
    ACTIVITY = strawberry.enum_value("ACTIVITY", description="What was planned and done.")
    ATTACHMENT = strawberry.enum_value("ATTACHMENT", description="The files.")


@strawberry.enum(description="Which way a timeline runs.")
class TimelineDirection(Enum):
    OLDEST_FIRST = "OLDEST_FIRST"
    NEWEST_FIRST = "NEWEST_FIRST"


TOLD_ELSEWHERE: Final = (FactKind.COMMENTED, FactKind.ACTIVITY_CREATED, FactKind.FILE_ATTACHED)
CLOCKS: Final = (FactKind.SLA_ANNOUNCED,)

EVENTS: Final = Source(0, models.CaseEvent, "at", "number")
SOURCES: Final = {
    TimelineKind.POSTING: Source(1, models.EntitlementPosting, "at"),
    TimelineKind.MESSAGE: Source(2, models.Message),
    TimelineKind.ACTIVITY: Source(3, models.Activity),
    TimelineKind.ATTACHMENT: Source(4, models.Attachment),
}
"""The tables beside the events. Ranks never change: cursors have them."""


def sources(kinds: Sequence[TimelineKind], viewer: Viewer) -> list[tuple[Source, Condition]]:
    """The sources of these kinds, each with what of it is meant and exists for the viewer."""
    events = {
        TimelineKind.EVENT: Compare("kind", Op.NIN, (*TOLD_ELSEWHERE, *CLOCKS)),
        TimelineKind.CLOCK: Compare("kind", Op.IN, CLOCKS),
    }
    chosen: list[tuple[Source, Condition]] = [(EVENTS, AnyOf(tuple(events[kind] for kind in events if kind in kinds)))]
    chosen += [(source, All(())) for kind, source in SOURCES.items() if kind in kinds]
    within = ((source, visible(source.model, viewer), condition) for source, condition in chosen)
    return [(source, All((mine, condition))) for source, mine, condition in within if NOTHING not in (mine, condition)]


@dataclass(frozen=True)
class Told:
    """A page of a timeline as the API shows it."""

    entries: Entries
    began: bool
    secret: bytes
    total: Callable[[], Awaitable[int]]

    @property
    def nodes(self) -> Sequence[Any]:
        return self.entries.rows

    @property
    def edges(self) -> list[Edge[Any]]:
        return [Edge(cursor=cursor, node=row) for cursor, row in zip(self._cursors, self.entries.rows, strict=True)]

    @property
    def page_info(self) -> PageInfo:
        cursors = self._cursors
        return PageInfo(
            has_next_page=self.entries.has_next,
            has_previous_page=not self.began,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        )

    @property
    def _cursors(self) -> list[str]:
        return [place.cursor(self.secret) for place in self.entries.places]


class TimelineField(StrawberryField):
    """The timeline of a case; one statement per source serves all cases that ask in a turn."""

    @property
    def is_basic_field(self) -> bool:
        return False

    @property
    def arguments(self) -> list[StrawberryArgument]:
        annotations: dict[str, Any] = {
            "first": int | None,
            "after": str | None,
            "kinds": list[TimelineKind] | None,
            "direction": TimelineDirection | None,
        }
        return [
            StrawberryArgument(name, None, StrawberryAnnotation(annotation, namespace=NAMES), default=UNSET)
            for name, annotation in annotations.items()
        ]

    @arguments.setter
    def arguments(self, value: list[StrawberryArgument]) -> None:
        """The arguments are those above; copies that the library makes may set them, to no effect."""

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        context: Context = info.context
        given = {name: value for name, value in kwargs.items() if value is not UNSET and value is not None}
        kinds = tuple(given.get("kinds", TimelineKind))
        newest_first = given.get("direction") is TimelineDirection.NEWEST_FIRST
        after = given.get("after")
        with arguments_named():
            size = asked(context.limits, first=given.get("first")).size
            place = None if after is None else place_of(after, context.cursor_secret, ("after",))
        part = Part(tuple(sources(kinds, context.viewer)), size, newest_first, place)

        async def totals(keys: list[Any]) -> list[int]:
            counts = [await count_by(one.model, "case_id", keys, condition) for one, condition in part.sources]
            return [sum(of_source[key] for of_source in counts) for key in keys]

        async def load(keys: list[Any]) -> list[Told]:
            found = await timelines(keys, part)
            return [
                Told(found[key], place is None, context.cursor_secret, lambda key=key: counting.load(key))  # type: ignore[misc]  # mypy has no type for a default in a lambda
                for key in keys
            ]

        counting = context.loader(("timeline count", kinds), totals)
        return context.loader(("timeline", kinds, size, newest_first, after), load).load(source.pk)


def timeline(description: str) -> Any:
    """The field of a case with its timeline."""
    return TimelineField(description=description)

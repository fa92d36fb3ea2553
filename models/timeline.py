"""Timelines: rows of several tables in one order of time, cut into pages by where a row stands.

Each table is a source with a rank. Rows stand by their instant, within an instant by the rank of their source, within
a source by a column of its own: the number of an event, else the id. So a cursor names one place in all sources at
once, whichever of them are asked for, and a page costs each source one statement, for any number of cases.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any, Final
from uuid import UUID

from tortoise.models import Model

from cases.conditions import All, AnyOf, Compare, Condition, Op
from models import cursors
from models.columns import column
from models.reading import related
from models.statements import Order

NAME: Final = b"timeline"
"""Of all timelines, either way: a place is a place."""


@dataclass(frozen=True)
class Source:
    """A table whose rows stand in the timeline of their `case_id`."""

    rank: int
    model: type[Model]
    at: str = "created_at"
    within: str = "id"

    def place(self, row: Any) -> tuple[datetime, int, Any]:
        return getattr(row, self.at), self.rank, getattr(row, self.within)

    def order(self, newest_first: bool) -> tuple[Order, ...]:
        return Order(self.at, newest_first), Order(self.within, newest_first)

    def behind(self, place: "Place", newest_first: bool) -> Condition:
        """Holds for the rows of this source that come after the place."""
        past, reaching = (Op.LT, Op.LTE) if newest_first else (Op.GT, Op.GTE)
        if place.rank == self.rank:
            same = All((Compare(self.at, Op.EQ, place.at), Compare(self.within, past, self._read(place.within))))
            return AnyOf((Compare(self.at, past, place.at), same))
        comes_later = (self.rank > place.rank) is not newest_first
        return Compare(self.at, reaching if comes_later else past, place.at)

    def _read(self, stored: Any) -> Any:
        return column(self.model, self.within).field.to_python_value(stored)


@dataclass(frozen=True)
class Place:
    """Where a row stands, or stood."""

    at: datetime
    rank: int
    within: Any

    def cursor(self, secret: bytes) -> str:
        return cursors.write([self.at.isoformat(), self.rank, self.within], NAME, secret)


def place_of(cursor: str, secret: bytes, path: Sequence[str]) -> Place:
    """The place in a cursor. Raises BadInput, with `path`, for one of another list."""
    at, rank, within = cursors.read(cursor, NAME, secret, path)
    return Place(datetime.fromisoformat(at), rank, within)


@dataclass(frozen=True)
class Part:
    """What of a timeline is asked for: the first `size` rows behind `after` of sources, each with its condition."""

    sources: Sequence[tuple[Source, Condition]]
    size: int
    newest_first: bool = False
    after: Place | None = None


@dataclass(frozen=True)
class Entries:
    """Rows in the order of time, with their places, and whether there are more behind them."""

    rows: list[Any]
    places: list[Place]
    has_next: bool


async def timelines(case_ids: Collection[UUID], part: Part) -> dict[UUID, Entries]:
    """That part of the timeline of each case, with one statement for each source."""
    found: list[tuple[Source, dict[UUID, list[Any]]]] = []
    for source, condition in part.sources:
        within = All((condition, source.behind(part.after, part.newest_first))) if part.after else condition
        rows: dict[UUID, list[Any]] = await related(
            source.model,
            "case_id",
            case_ids,
            within,
            order=source.order(part.newest_first),
            limit_per_key=part.size + 1,  # one more than is shown: whether there is more
        )
        found.append((source, rows))
    return {case_id: _merged([(source, rows[case_id]) for source, rows in found], part) for case_id in case_ids}


def _merged(lists: Sequence[tuple[Source, list[Any]]], part: Part) -> Entries:
    placed = ([(source.place(row), row) for row in rows] for source, rows in lists)
    ordered = list(islice(merge(*placed, key=lambda pair: pair[0], reverse=part.newest_first), part.size + 1))
    shown = ordered[: part.size]
    places = [Place(*place) for place, _ in shown]
    return Entries([row for _, row in shown], places, len(ordered) > part.size)

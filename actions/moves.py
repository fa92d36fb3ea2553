"""Moves: what goes along when a case goes into another one, a line for each table.

What moves keeps its ids, instants and authors; only the case it belongs to is another. Each table costs two statements,
however many rows and cases there are. Nothing here writes history: the acts do.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from tortoise.models import Model

from cases.conditions import EVERYTHING, All, Compare, Op
from cases.vocabulary import Audience
from models import fulltext
from models.activities import Activity
from models.attachments import Attachment
from models.case import Message
from models.knowledge import ArticleLink
from models.links import CaseLink
from models.notifications import CaseFollower
from models.reading import count_by, related
from models.statements import Order
from models.unit_of_work import do_what_was_left
from models.writing import lead_to


@dataclass(frozen=True)
class Move:
    """A table whose rows go along: those that lead to the case by `key`.

    `once_per` are columns that two rows of a case do not share: what the survivor has already stays where it is, and
    so does what leads from one of the merged cases to another.
    """

    model: type[Model]
    key: str = "case"
    once_per: Sequence[str] = ()

    @property
    def name(self) -> str:
        return self.model.__name__ if self.key == "case" else f"{self.model.__name__}.{self.key}"

    @property
    def column(self) -> str:
        return f"{self.key}_id"


MOVES: Final[Sequence[Move]] = (
    Move(Message),
    Move(Activity),
    Move(Attachment),
    Move(ArticleLink, once_per=("article_id",)),
    Move(CaseFollower, once_per=("person_id",)),
    Move(CaseLink, once_per=("other_id", "kind")),
    Move(CaseLink, "other", once_per=("case_id", "kind")),
)


@dataclass
class Luggage:
    """What goes along with one case, and what stays: ids by the name of the move."""

    moving: dict[str, list[UUID]] = field(default_factory=dict)
    staying: dict[str, list[UUID]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        parts = {"moved": self.moving, "stayed": self.staying}
        return {part: {name: [str(key) for key in keys] for name, keys in ids.items()} for part, ids in parts.items()}


async def packed(case_ids: Sequence[UUID], to: UUID) -> dict[UUID, Luggage]:
    """What each of these cases would bring along to `to`, the first ones first. Writes nothing."""
    luggage = {case_id: Luggage() for case_id in case_ids}
    themselves = {to, *case_ids}
    for move in MOVES:
        places = [*case_ids, to] if move.once_per else case_ids
        order, columns = (Order("created_at"), Order("id")), ("id", move.column, *move.once_per)
        rows = await related(move.model, move.column, places, EVERYTHING, columns=columns, order=order)
        taken = {_once(move, row) for row in rows.get(to, ())}
        for case_id in case_ids:
            for row in rows[case_id]:
                once = _once(move, row)
                stays = bool(move.once_per) and (once in taken or not themselves.isdisjoint(once))
                taken.add(once)
                part = luggage[case_id].staying if stays else luggage[case_id].moving
                part.setdefault(move.name, []).append(row.pk)
    return luggage


async def brought(ids: Mapping[str, Collection[UUID]], to: UUID, *, before: Collection[UUID]) -> None:
    """Brings rows to a case, those that are at one of `before`: ids by the name of the move. Words follow messages."""
    await do_what_was_left()  # or those who follow would be looked for where they were brought to
    for move in MOVES:
        if keys := ids.get(move.name):
            which = All((Compare("id", Op.IN, tuple(keys)), Compare(move.column, Op.IN, tuple(before))))
            await lead_to(move.model, move.column, to, which)
            if move.model is Message:
                await fulltext.lead_to(keys, to, before)


async def still_there(ids: Mapping[str, Collection[UUID]], at: UUID, to: UUID) -> dict[str, list[UUID]]:
    """Those of the rows that are at the one case still, not deleted or moved on since, and not at the other already."""
    found = {}
    for move in MOVES:
        if keys := set(ids.get(move.name, ())):
            places = [at, to] if move.once_per else [at]
            columns = ("id", move.column, *move.once_per)
            rows = await related(move.model, move.column, places, EVERYTHING, columns=columns, order=(Order("id"),))
            taken = {_once(move, row) for row in rows[to]} if move.once_per else set()
            found[move.name] = [row.pk for row in rows[at] if row.pk in keys and _once(move, row) not in taken]
    return found


async def public_messages(case_ids: Collection[UUID], among: Collection[UUID] | None = None) -> dict[UUID, int]:
    """How many messages of each case the customer can read; with `among`, of these."""
    public = Compare("audience", Op.EQ, Audience.PUBLIC)
    which = public if among is None else All((public, Compare("id", Op.IN, tuple(among))))
    return await count_by(Message, "case_id", case_ids, which)


def _once(move: Move, row: Model) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in move.once_per)

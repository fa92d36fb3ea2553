"""Fetching: one statement per relation and level, for the columns that somebody asked for.

Conditions, orders and pages are those of the stock path, word for word: `visible`, `ListField.asked`, `paging.window`.
Only what becomes of the rows is different: they stay as the driver gives them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tortoise.models import Model

from cases.conditions import NOTHING, All, Condition
from models import paging, reading, statements
from models.columns import column
from models.database import Dialect
from models.paging import Asked, Listing, Order, Window
from models.statements import Keys, Statement
from models.visibility import visible
from schema.context import Context
from schema.execution.assemble import Assembler, of_objects, of_records
from schema.execution.plan import Level

Record = Any
"""A row as the driver gives it: read by position."""


@dataclass(frozen=True, eq=False)
class Shape:
    """The columns fetched for the levels that are made of the same rows. `whole` rows become models."""

    model: type[Model]
    names: tuple[str, ...]
    whole: bool

    def place(self, name: str) -> int:
        return self.names.index(name)

    def values(self, names: Sequence[str]) -> Callable[[Record], list[Any]]:
        """What reads some of the columns of a record, as a model would have them."""
        reads = [(self.place(name), column(self.model, name).field.to_python_value) for name in names]
        return lambda record: [read(record[place]) for place, read in reads]

    def assembler(self, level: Level, dialect: Dialect) -> Assembler:
        return of_objects(level, dialect) if self.whole else of_records(level, self.names, dialect)

    def rows(self, records: Sequence[Record]) -> Sequence[Any]:
        """The records as an assembler takes them."""
        if not self.whole:
            return records
        return [self.model._init_from_db(**reading.without_rank(record)) for record in records]


def shape(model: type[Model], levels: Sequence[Level], *further: str) -> Shape:
    """What is fetched for `levels`, and the columns `further`."""
    if any(level.needs_models for level in levels):
        return Shape(model, tuple(model._meta.fields_db_projection), True)
    names = (name for level in levels for name in level.columns)
    return Shape(model, tuple(dict.fromkeys(("id", *further, *names))), False)


async def by_ids(of: Shape, ids: Sequence[Any], context: Context, dialect: Dialect) -> Sequence[Record]:
    """The visible rows with these ids."""
    keys = Keys("id", ids)
    scope = visible(of.model, context.viewer)
    return await _records(statements.select(of.model, of.names, scope, dialect, keys=keys))


async def _records(statement: Statement) -> Sequence[Record]:
    return await reading.rows(statement)


@dataclass(frozen=True, eq=False)
class Reader:
    """A list, or the lists of many parents, whose keys are in the column `by`, of which one page is asked for."""

    model: type[Model]
    by: str | None
    scope: Condition
    listed: Listing
    part: Window
    dialect: Dialect

    async def records(self, of: Shape, parents: Sequence[Any]) -> dict[Any, list[Record]]:
        """Some more than the page, by parent; that of all rows is None."""
        keys = self._keys(parents, self.part.limit)
        limit = None if self.by else self.part.limit
        statement = statements.select(
            self.model, of.names, self.part.condition, self.dialect, order=self.part.order, limit=limit, keys=keys
        )
        found = await _records(statement)
        if self.by is None:
            return {None: list(found)}
        place = of.place(self.by)
        grouped: dict[Any, list[Record]] = {parent: [] for parent in parents}
        for record in found:
            grouped[record[place]].append(record)
        return grouped

    async def totals(self, parents: Sequence[Any]) -> dict[Any, int]:
        if self.by is None:
            return {None: await reading.count(self.model, self.scope)}
        keys = Keys(self.by, parents)
        found = await _records(statements.count_by(self.model, keys, self.scope, self.dialect))
        return dict.fromkeys(parents, 0) | {row[0]: row[1] for row in found}

    async def some(self, parents: Sequence[Any], beyond: Condition) -> set[Any]:
        """The parents that have rows `beyond`."""
        if beyond == NOTHING or not parents:
            return set()
        if self.by is None:
            return {None} if await reading.exists(self.model, beyond) else set()
        keys = self._keys(parents, 1)
        found = await _records(statements.select(self.model, ("id", self.by), beyond, self.dialect, keys=keys))
        return {row[1] for row in found}

    def _keys(self, parents: Sequence[Any], limit: int) -> Keys | None:
        return Keys(self.by, parents, limit) if self.by else None


def reader(
    model: type[Model],
    by: str | None,
    spelled: tuple[Condition, tuple[Order, ...], Asked],
    context: Context,
    dialect: Dialect,
) -> Reader:
    """What reads the page that a field's arguments spell. Raises BadInput for a cursor that does not belong there."""
    condition, order, asked = spelled
    scope = All((visible(model, context.viewer), condition))
    listed = paging.listing(model, tuple(order), context.cursor_secret)
    return Reader(model, by, scope, listed, paging.window(listed, scope, asked), dialect)

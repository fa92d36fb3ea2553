"""Fetching: one statement per relation and level, for the columns that somebody asked for.

Conditions, orders and pages are those of the stock path, word for word: `visible`, `ListField.asked`, `paging.window`.
Only what becomes of the rows is different: they stay as the driver gives them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tortoise.models import Model

from cases.conditions import NOTHING, All, Condition
from models import paging, reading
from models.addresses import Dialect
from models.columns import column
from models.paging import Asked, Listing, Order, Window
from models.statements import KeyedStatement, Keys, Statement, count_by, keyed, select
from models.visibility import below, visible
from schema.context import Context
from schema.execution.assemble import Assembler, of_objects, of_records
from schema.execution.parts import Level, Pages

Record = Any
"""A row as the driver gives it: read by position."""

Spelled = tuple[Condition, tuple[Order, ...], Asked]
"""What the arguments of a list say: which rows, in which order, which page of them."""


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
        return of_objects(level, dialect, is_seen=True) if self.whole else of_records(level, self.names, dialect)

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


async def _records(statement: Statement) -> Sequence[Record]:
    return await reading.rows(statement)


@dataclass(frozen=True, eq=False)
class Lookup:
    """Rows of one table by a column that tells them apart, `by`."""

    shape: Shape
    by: str
    statement: KeyedStatement

    async def records(self, keys: Sequence[Any]) -> Sequence[Record]:
        """The visible rows with these keys."""
        return await _records(self.statement.of(keys))


def lookup(model: type[Model], by: str, scope: Condition, level: Level, dialect: Dialect) -> Lookup:
    """What reads rows of `model` as far as `level` asks for them."""
    of = shape(model, [level], by)
    return Lookup(of, by, keyed(lambda keys: select(model, of.names, scope, dialect, keys=Keys(by, keys)), dialect))


@dataclass(frozen=True, eq=False)
class Reader:
    """A list, or the lists of many parents, whose keys are in the column `by`, of which one page is asked for."""

    shape: Shape
    by: str | None
    scope: Condition
    listed: Listing
    part: Window
    dialect: Dialect
    _statements: dict[Any, KeyedStatement] = field(default_factory=dict)

    @property
    def model(self) -> type[Model]:
        return self.shape.model

    async def records(self, parents: Sequence[Any]) -> dict[Any, list[Record]]:
        """Some more than the page, by parent; that of all rows is None."""
        if self.by is None:
            return {None: list(await _records(self._statement("rows", self._write_list).of_one))}
        found = await _records(self._statement("rows", self._write_lists).of(parents))
        place = self.shape.place(self.by)
        grouped: dict[Any, list[Record]] = {parent: [] for parent in parents}
        for record in found:
            grouped[record[place]].append(record)
        return grouped

    async def totals(self, parents: Sequence[Any]) -> dict[Any, int]:
        if self.by is None:
            return {None: await reading.count(self.model, self.scope)}
        found = await _records(self._statement("totals", self._write_totals).of(parents))
        return dict.fromkeys(parents, 0) | {row[0]: row[1] for row in found}

    async def some(self, parents: Sequence[Any], beyond: Condition, order: Sequence[Order]) -> set[Any]:
        """The parents that have rows `beyond`, of which those that come first in `order` are looked for."""
        if beyond == NOTHING or not parents:
            return set()
        if self.by is None:
            return {None} if await reading.exists(self.model, beyond, order=order) else set()
        columns, keys = ("id", self.by), Keys(self.by, parents, 1)
        statement = select(self.model, columns, beyond, self.dialect, order=order, keys=keys)
        return {row[1] for row in await _records(statement)}

    def _statement(self, name: str, write: Callable[[Sequence[Any]], Statement]) -> KeyedStatement:
        """The statement called so, written when it is first run."""
        return self._statements.get(name) or self._statements.setdefault(name, keyed(write, self.dialect))

    def _write_list(self, _: Sequence[Any]) -> Statement:
        part = self.part
        names = self.shape.names
        return select(self.model, names, part.condition, self.dialect, order=part.order, limit=part.limit)

    def _write_lists(self, parents: Sequence[Any]) -> Statement:
        keys, part = Keys(str(self.by), parents, self.part.limit), self.part
        return select(self.model, self.shape.names, part.condition, self.dialect, order=part.order, keys=keys)

    def _write_totals(self, parents: Sequence[Any]) -> Statement:
        return count_by(self.model, Keys(str(self.by), parents), self.scope, self.dialect)


def reader(part: Pages, under: type[Model] | None, spelled: Spelled, context: Context, dialect: Dialect) -> Reader:
    """What reads the page that a field's arguments spell. Raises BadInput for a cursor that does not belong there.

    `under` is the table of the parents if these are visible.
    """
    model, by, (condition, order, asked) = part.field.model, part.by, spelled
    scope: Condition = All((visible(model, context.viewer), condition))
    if under is not None and by is not None:
        scope = below(under, by.removesuffix("_id"), scope, context.viewer)
    listed = paging.listing(model, tuple(order), context.cursor_secret)
    further = tuple(term.column for term in listed.order) if part.shown.has_cursors else ()
    of = shape(model, part.nodes, *([by] if by else []), *further)
    return Reader(of, by, scope, listed, paging.window(listed, scope, asked), dialect)

"""Running: a plan walked level by level, each for all rows of the one above at once.

Whatever goes wrong is raised, and nothing is made of it here: the operation is then graphql-core's from the start.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any

from graphql import (
    GraphQLObjectType,
    GraphQLOutputType,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.values import VariableValues
from tortoise.models import Model

from cases.conditions import Condition
from cases.viewer import Viewer
from models.addresses import Dialect
from models.visibility import visible
from schema.connections import RootListField
from schema.context import Context
from schema.execution.assemble import Assembler, of_objects
from schema.execution.fetch import Lookup, Reader, Shape, Spelled, lookup, reader
from schema.execution.gathering import gathered, gathered_values, together
from schema.execution.leaves import NullInNonNull, of_value
from schema.execution.pages import pages
from schema.execution.parts import Computed, Pages, Part, Resolved, Reverse, Selection, ToOne
from schema.execution.plan import Plan
from schema.execution.recent import Recent
from schema.execution.shown import Page
from schema.mirror import MIRRORS


class Mistyped(Exception):
    """A resolver gave something that is not of the type the schema says."""


@dataclass
class Run:
    """One operation on its way to an answer."""

    plan: Plan
    context: Context
    variables: VariableValues
    dialect: Dialect
    readers: Recent[Any]
    """What reads rows, kept beyond this operation: for a level or a page, and a viewer."""
    info: Any = field(init=False)

    def __post_init__(self) -> None:
        self.info = SimpleNamespace(context=self.context)  # resolvers that look further raise, and are fallen back from

    async def data(self) -> dict[str, Any]:
        (answer,) = await self.members(of_objects(self.plan.root, self.dialect), [None])
        return answer

    async def members(self, of: Assembler, rows: Sequence[Any]) -> list[dict[str, Any]]:
        """What was asked of each row."""
        members = of.assemble(rows)
        if rows:
            views = [of.view(row) for row in rows] if of.level.computes else rows
            await together([self._fill(part, of, rows, views, members) for part in of.level.further])
        return members

    async def _fill(
        self, part: Part, of: Assembler, rows: Sequence[Any], views: Sequence[Any], members: Sequence[dict[str, Any]]
    ) -> None:
        match part:
            case ToOne():
                await self._to_one(part, of, rows, members)
            case Reverse(field=field):
                keys = list(map(of.key("id"), rows))
                under = of.level.model if of.is_seen else None
                scope = partial(field.scope_below, under) if under else field.scope
                await self._look_up(part, field.model, (field.by, under), scope, keys, members)
            case Pages():
                parents: Sequence[Any] = [None] * len(rows) if part.by is None else list(map(of.key("id"), rows))
                written = await self._pages(part, parents, of.level.model if of.is_seen else None)
                for key, member in zip(parents, members, strict=True):
                    member[part.key] = written[key]
            case Computed() | Resolved():
                values = await gathered_values(self._calls(part, rows, views))
                for member, value in zip(members, await self.completed(part.of, part.selection, values), strict=True):
                    member[part.key] = value
        if isinstance(part, ToOne | Reverse) and part.required and any(member[part.key] is None for member in members):
            raise NullInNonNull

    def _calls(self, part: Computed | Resolved, rows: Sequence[Any], views: Sequence[Any]) -> Iterator[Any]:
        """What the field's function gives for each row; some of it may have to be awaited."""
        info = self.info
        if isinstance(part, Computed):
            return (part.field.get_result(view, info, [], {}) for view in views)
        given = part.given.values(self.variables)
        return (part.resolve(row, info, **given) for row in rows)

    async def _to_one(self, part: ToOne, of: Assembler, rows: Sequence[Any], members: Sequence[dict[str, Any]]) -> None:
        """The rows that keys lead to; of each table those that are asked for are fetched together."""
        wanted: list[list[Any]] = []
        for name, _ in part.targets:
            keys = list(map(of.key(name), rows))
            if wanted:  # the first filled key is the one that counts
                keys = [
                    key if all(filled[place] is None for filled in wanted) else None for place, key in enumerate(keys)
                ]
            wanted.append(keys)
        await together(
            [
                self._look_up(part, model, ("id", None), partial(visible, model), keys, members)
                for (_, model), keys in zip(part.targets, wanted, strict=True)
            ]
        )

    async def _look_up(
        self,
        part: ToOne | Reverse,
        model: type[Model],
        along: tuple[str, type[Model] | None],
        scope: Callable[[Viewer], Condition],
        keys: Sequence[Any],
        members: Sequence[dict[str, Any]],
    ) -> None:
        """Fills the members with the rows of `model` that have their keys; those without a key stay as they are.

        `along` is the column of the keys, and the table of those who ask if that matters to `scope`.
        """
        by, _ = along
        different = dict.fromkeys(keys)
        different.pop(None, None)
        if different:
            level, viewer = part.selection.level(self._type_of(model)), self.context.viewer
            reads: Lookup = self.readers.get(
                (level, along, viewer, self.dialect), lambda: lookup(model, by, scope(viewer), level, self.dialect)
            )
            records = await reads.records(list(different))
            place, rows = reads.shape.place(by), reads.shape.rows(records)
            shown = await self.members(reads.shape.assembler(level, self.dialect), rows)
            found = {record[place]: one for record, one in zip(records, shown, strict=True)}
            for member, key in zip(members, keys, strict=True):
                if key is not None:
                    member[part.key] = found.get(key)

    async def _pages(self, part: Pages, parents: Sequence[Any], under: type[Model] | None) -> dict[Any, dict[str, Any]]:
        """What the answer says of the page of each parent, by its key as the driver gives it.

        `under` is the table of the parents if these are known to be visible.
        """
        reads = await self._reader(part, under)
        found = await pages(reads, part.shown, parents)
        await self._show_nodes(part, reads.shape, list(found.values()))
        return {parent: part.shown.written(page) for parent, page in found.items()}

    async def _reader(self, part: Pages, under: type[Model] | None) -> Reader:
        """What reads the page that the field's arguments spell; kept, unless something is looked up for that."""
        context, field, choice = self.context, part.field, part.given.choice(self.variables)

        def made(spelled: Spelled | None = None) -> Reader:
            asked = spelled or field.asked(context, dict(part.given.converted(self.variables)))
            return reader(part, under, asked, context, self.dialect)

        if isinstance(field, RootListField) and type(field).wanted is not RootListField.wanted:
            return made(await field.wanted(context, dict(part.given.converted(self.variables))))
        if choice is None:
            return made()
        return self.readers.get((part, under, context.viewer, context.cursor_secret, self.dialect, choice), made)

    async def _show_nodes(self, part: Pages, fetched: Shape, found: Sequence[Page]) -> None:
        """Makes the nodes of all pages at once."""
        rows = fetched.rows([record for page in found for record in page.records])
        levels = [fetched.assembler(level, self.dialect) for level in part.nodes]
        nodes = await gathered([self.members(level, rows) for level in levels])
        begin = 0
        for page in found:
            end = begin + len(page.records)
            page.nodes = [level[begin:end] for level in nodes]
            begin = end

    async def completed(self, of: GraphQLOutputType, selection: Selection, values: Sequence[Any]) -> Sequence[Any]:
        """The values as the answer has them: as GraphQL completes values, for all of a level at once."""
        if is_non_null_type(of):
            done = await self.completed(of.of_type, selection, values)
            if None in done:
                raise NullInNonNull
            return done
        if is_leaf_type(of):
            write = of_value(of)
            return [None if value is None else write(value) for value in values]
        if is_list_type(of):
            return await self._lists(of.of_type, selection, values)
        return await self._objects(of, selection, values)

    async def _lists(self, of: GraphQLOutputType, selection: Selection, values: Sequence[Any]) -> Sequence[Any]:
        if any(not isinstance(value, list | tuple) for value in values if value is not None):
            raise Mistyped
        flat = await self.completed(of, selection, [item for value in values if value is not None for item in value])
        items = iter(flat)
        return [None if value is None else [next(items) for _ in value] for value in values]

    async def _objects(self, of: Any, selection: Selection, values: Sequence[Any]) -> Sequence[Any]:
        done: list[Any] = [None] * len(values)
        places: dict[str, list[int]] = {}
        for place, value in enumerate(values):
            if value is not None:
                places.setdefault(self._name_of(of, value), []).append(place)

        async def of_type(name: str, where: list[int]) -> None:
            assembler = of_objects(selection.level(self.plan.chosen.type_named(name)), self.dialect)
            for place, one in zip(where, await self.members(assembler, [values[p] for p in where]), strict=True):
                done[place] = one

        await together([of_type(name, where) for name, where in places.items()])
        return done

    def _name_of(self, of: Any, value: Any) -> str:
        """The name of the type of an object. Raises Mistyped if that is not what the schema says."""
        core = self.plan.chosen.schema._schema
        name = of.name
        if is_abstract_type(of):
            kind = MIRRORS[type(value)].type if isinstance(value, Model) else type(value)
            name = kind.__strawberry_definition__.name  # type: ignore[attr-defined]
            if not core.is_sub_type(of, core.type_map[name]):
                raise Mistyped
        check = core.type_map[name].is_type_of  # type: ignore[attr-defined]
        if isinstance(value, Exception) or (check is not None and not check(value, self.info)):
            raise Mistyped
        return str(name)

    def _type_of(self, model: type[Model]) -> GraphQLObjectType:
        return self.plan.chosen.type_named(MIRRORS[model].type.__name__)

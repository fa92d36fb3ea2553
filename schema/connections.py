"""Connections: pages of rows, with cursors that stay right while rows come and go."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

import strawberry
from strawberry import UNSET
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case
from tortoise.models import Model

from cases.conditions import EVERYTHING, All, Condition
from cases.refusals import BadInput, Unknown
from cases.vocabulary import ErrorCode
from models.paging import Asked, Order, Page, asked, page, pages
from models.reading import count, count_by
from models.visibility import visible
from schema.context import Context
from schema.derived import NAMES
from schema.filters import condition_of, order_of, within_sight
from schema.transport.errors import Declined

N = TypeVar("N")


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="A row and its place in the list.")
class Edge(Generic[N]):
    cursor: str
    node: N


class TotalField(StrawberryField):
    """Counts the whole list, in a statement of its own, only where a client asks."""

    @property
    def is_basic_field(self) -> bool:
        return False

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        return source.total()


def total_field() -> Any:
    return TotalField(description="How many there are in all. Costs a count of its own.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[N]):
    edges: list[Edge[N]]
    nodes: list[N]
    page_info: PageInfo
    total_count: int | None = total_field()


@dataclass(frozen=True)
class Shown:
    """A page as the API shows it; `total` counts the whole list when asked."""

    page: Page[Any]
    total: Callable[[], Awaitable[int]]

    @property
    def nodes(self) -> Sequence[Any]:
        return self.page.rows

    @property
    def edges(self) -> list[Edge[Any]]:
        pairs = zip(self.page.cursors, self.page.rows, strict=True)
        return [Edge(cursor=cursor, node=row) for cursor, row in pairs]

    @property
    def page_info(self) -> PageInfo:
        cursors = self.page.cursors
        return PageInfo(
            has_next_page=self.page.has_next,
            has_previous_page=self.page.has_previous,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        )


@dataclass(eq=False)
class BadArgument(Declined):
    """An argument of a list cannot be accepted; `input` says which, and where in it."""

    input: Sequence[str] = ()
    code = ErrorCode.BAD_INPUT

    @property
    def extensions(self) -> Mapping[str, object]:
        return {"input": list(self.input)}


class UnknownArgument(BadArgument):
    """An argument names what is not there, or not for this viewer."""

    code = ErrorCode.NOT_FOUND


@contextmanager
def arguments_named() -> Iterator[None]:
    """Lets a refusal of an argument say in the error's extensions which it was, as clients spell it."""
    try:
        yield
    except (BadInput, Unknown) as refusal:
        where = [to_camel_case(str(part)) for part in refusal.path]
        raise (UnknownArgument if isinstance(refusal, Unknown) else BadArgument)(refusal.message, where) from refusal


class ListField(StrawberryField):
    """A field with the arguments of a list, over the rows of one table."""

    @property
    def is_basic_field(self) -> bool:
        return False

    @property
    def model(self) -> type[Model]:
        return cast(type[Model], self.metadata["model"]())

    @property
    def default_order(self) -> tuple[Order, ...]:
        return cast(tuple[Order, ...], self.metadata["order"])

    @property
    def arguments(self) -> list[StrawberryArgument]:
        name = self.metadata["node"]
        annotations: dict[str, Any] = {
            "first": int | None,
            "after": str | None,
            "last": int | None,
            "before": str | None,
        }
        if f"{name}Where" in NAMES:
            annotations["where"] = f"{name}Where | None"
        if f"{name}Order" in NAMES:
            annotations["order_by"] = f"list[{name}Order] | None"
        return [
            StrawberryArgument(argument, None, StrawberryAnnotation(annotation, namespace=NAMES), default=UNSET)
            for argument, annotation in annotations.items()
        ]

    @arguments.setter
    def arguments(self, value: list[StrawberryArgument]) -> None:
        """The arguments follow from the type of the rows; copies that the library makes may set them, to no effect."""

    def asked(self, context: Context, kwargs: dict[str, Any]) -> tuple[Condition, tuple[Order, ...], Asked]:
        """The condition, the ordering and the page that the arguments spell. Raises BadInput.

        They follow from the arguments, the viewer and the limits alone: the fast path asks once for all of a kind.
        """
        given = {name: value for name, value in kwargs.items() if value is not UNSET and value is not None}
        where = given.get("where")
        condition = condition_of(where, context.limits) if where is not None else EVERYTHING
        condition = within_sight(condition, self.model, context.viewer)
        order = tuple(order_of(given.get("order_by"))) or self.default_order
        cut = {name: given.get(name) for name in ("first", "last", "after", "before")}
        return condition, order, asked(context.limits, **cut)


class RootListField(ListField):
    """All visible rows of a table."""

    async def wanted(self, context: Context, kwargs: dict[str, Any]) -> tuple[Condition, tuple[Order, ...], Asked]:
        """As `asked`; where that has to be looked up, this is the place. Raises BadInput."""
        return self.asked(context, kwargs)

    async def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        context: Context = info.context
        with arguments_named():
            condition, order, part = await self.wanted(context, kwargs)
            scope = All((visible(self.model, context.viewer), condition))
            rows = await page(self.model, scope, order, part, secret=context.cursor_secret)
        return Shown(rows, lambda: count(self.model, scope))


class ChildrenField(ListField):
    """The rows of another table that point at this one; one statement serves all parents that ask in a turn."""

    def bind(self, node: str) -> None:
        """Says of which type the rows are; called once by `mirrors`."""
        self.metadata = {**self.metadata, "node": node, "model": lambda: NAMES[node].model}  # type: ignore[assignment]

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        context: Context = info.context
        with arguments_named():
            condition, order, part = self.asked(context, kwargs)
        model, column = self.model, f"{self.metadata['by']}_id"
        scope = All((visible(model, context.viewer), condition))
        asked_for = (model, column, scope, order)

        async def totals(keys: list[Any]) -> list[int]:
            found = await count_by(model, column, keys, scope)
            return [found[key] for key in keys]

        async def load(keys: list[Any]) -> list[Shown]:
            with arguments_named():
                found = await pages(model, column, keys, scope, order, part, secret=context.cursor_secret)
            return [Shown(found[key], lambda key=key: counting.load(key)) for key in keys]  # type: ignore[misc]

        counting = context.loader(("count", *asked_for), totals)
        return context.loader(("pages", *asked_for, part), load).load(source.pk)


def children(by: str, *, newest_first: bool = False, along: str = "created_at", description: str | None = None) -> Any:
    """A list of the rows of another table whose foreign key `by` points here, ordered by the column `along`."""
    return ChildrenField(metadata={"by": by, "order": (Order(along, newest_first, True),)}, description=description)


def listing(node: str, *, along: str = "created_at", newest_first: bool = False, description: str | None = None) -> Any:
    """A list of all visible rows of the type called `node`."""
    return RootListField(
        metadata={"node": node, "model": lambda: NAMES[node].model, "order": (Order(along, newest_first, True),)},
        type_annotation=StrawberryAnnotation(f"Connection[{node}]", namespace=NAMES),
        description=description,
    )


NAMES["Connection"] = Connection

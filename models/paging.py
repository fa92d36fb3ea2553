"""Pages of an ordered list: cut where a row stands, never by counting rows.

A cursor carries the values by which its row sorts, the id last, so a page begins right behind that place whatever was
inserted or deleted meanwhile: rows that stay are seen once each. The place is an ordinary condition; a page is
therefore one statement, for one list or for the lists of many parents at once. Whether there is more on the other side
of the cursor a page began at takes a second, short one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any, Generic, TypeVar

from tortoise.models import Model

from cases.conditions import NOTHING, All, AnyOf, Compare, Condition, Op
from cases.refusals import BadInput
from models import cursors, reading
from models.columns import column
from models.statements import Order as Order
from settings import Limits

M = TypeVar("M", bound=Model)
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page: the first or (`backward`) the last `size` rows of those between two cursors."""

    size: int
    backward: bool = False
    after: str | None = None
    before: str | None = None


def asked(
    limits: Limits,
    *,
    first: int | None = None,
    last: int | None = None,
    after: str | None = None,
    before: str | None = None,
) -> Asked:
    """The page a client asks for; without `first` and `last`, the first `limits.page_default` rows.

    Raises BadInput for both at once, and for a size that is negative or above `limits.page_max`.
    """
    if first is not None and last is not None:
        raise BadInput("Ask for the first rows or for the last ones, not for both.", path=("last",))
    for name, size in (("first", first), ("last", last)):
        if size is not None and not 0 <= size <= limits.page_max:
            raise BadInput(f"A page has from 0 to {limits.page_max} rows.", path=(name,))
    if last is not None:
        return Asked(last, True, after, before)
    return Asked(limits.page_default if first is None else first, False, after, before)


@dataclass(frozen=True)
class Listing:
    """A table's rows in one order, which names every row's place: the id is always its last term."""

    model: type[Model]
    order: tuple[Order, ...]
    secret: bytes

    def cursor(self, row: object) -> str:
        """Where `row` stands."""
        return self.cursor_at([getattr(row, term.column) for term in self.order])

    def cursor_at(self, values: Sequence[Any]) -> str:
        """Where a row with these values, one for each term of the order, stands."""
        terms = zip(self.order, values, strict=True)
        stored = [None if value is None else column(self.model, term.column).stored(value) for term, value in terms]
        return cursors.write(stored, self._name, self.secret)

    def behind(self, cursor: str, path: Sequence[str]) -> Condition:
        """Holds for the rows that come after the cursor's place, also when its own row is gone. Raises BadInput."""
        return _behind(self.order, self._place(cursor, path))

    def ahead_of(self, cursor: str, path: Sequence[str]) -> Condition:
        """Holds for the rows that come before the cursor's place. Raises BadInput."""
        return _behind(backwards(self.order), self._place(cursor, path))

    def from_here_on(self, cursor: str, path: Sequence[str]) -> Condition:
        """Holds for the rows that do not come before the cursor's place. Raises BadInput."""
        return _behind(self.order, self._place(cursor, path), and_there=True)

    def up_to_here(self, cursor: str, path: Sequence[str]) -> Condition:
        """Holds for the rows that do not come after the cursor's place. Raises BadInput."""
        return _behind(backwards(self.order), self._place(cursor, path), and_there=True)

    def _place(self, cursor: str, path: Sequence[str]) -> list[Any]:
        values = cursors.read(cursor, self._name, self.secret, path)
        terms = zip(self.order, values, strict=True)
        return [column(self.model, term.column).field.to_python_value(value) for term, value in terms]

    @cached_property
    def _name(self) -> bytes:
        return sha256(repr((self.model.__name__, self.order)).encode()).digest()[:8]


@lru_cache(maxsize=512)  # clients choose the order
def listing(model: type[Model], order: tuple[Order, ...], secret: bytes) -> Listing:
    """The rows of `model` in `order`, ties broken by id: the way the last term runs, so that one index serves."""
    until_id = [term.column for term in order].index("id") if "id" in {term.column for term in order} else None
    if until_id is not None:
        return Listing(model, order[: until_id + 1], secret)
    return Listing(model, (*order, Order("id", descending=bool(order) and order[-1].descending)), secret)


def backwards(order: Sequence[Order]) -> tuple[Order, ...]:
    """The order that begins at the other end."""
    return tuple(term.reversed() for term in order)


@dataclass(frozen=True)
class Page(Generic[M]):
    """Some rows in their order, whichever end they were asked from, and whether there are more on either side."""

    rows: list[M]
    has_next: bool
    has_previous: bool
    listing: Listing

    @cached_property
    def cursors(self) -> list[str]:
        """One for each row, made when somebody wants them."""
        return [self.listing.cursor(row) for row in self.rows]


@dataclass(frozen=True)
class Window:
    """What to fetch for a page: one row more than it shows, from the end it was asked from."""

    condition: Condition
    order: tuple[Order, ...]
    size: int
    backward: bool
    beyond_start: (
        Condition  # what lies on the other side of the cursor the page begins at, seen from where it was asked
    )
    beyond_end: Condition

    @property
    def limit(self) -> int:
        return self.size + 1

    @property
    def order_back(self) -> tuple[Order, ...]:
        """From the far end: what lies beyond the end is found there at once; what lies beyond the start, in `order`."""
        return backwards(self.order)

    def cut(self, rows: Sequence[M]) -> tuple[list[M], bool]:
        """The rows to show, in the list's order, out of those fetched; and whether there were more."""
        shown = list(rows[: self.size])
        return (shown[::-1] if self.backward else shown), len(rows) > self.size


def window(listed: Listing, condition: Condition, page: Asked) -> Window:
    """The part of the list that `page` names. Raises BadInput for a cursor that does not belong to it."""
    after = None if page.after is None else listed.behind(page.after, ("after",))
    before = None if page.before is None else listed.ahead_of(page.before, ("before",))
    within = All((condition, *(place for place in (after, before) if place is not None)))
    passed = NOTHING if page.after is None else All((condition, listed.up_to_here(page.after, ("after",))))
    further = NOTHING if page.before is None else All((condition, listed.from_here_on(page.before, ("before",))))
    if page.backward:
        return Window(within, backwards(listed.order), page.size, True, further, passed)
    return Window(within, listed.order, page.size, False, passed, further)


async def page(
    model: type[M],
    condition: Condition,
    order: Sequence[Order],
    asked: Asked,
    *,
    secret: bytes,
    columns: Sequence[str] | None = None,
    both_ends: bool = True,
) -> Page[M]:
    """One page of the rows for which `condition` holds.

    Without `both_ends` nobody looks beyond the cursors given: that there are rows is then concluded from the cursor,
    which is wrong only when all of them are gone.

    Raises BadInput for a cursor of another table or order, or none of ours.
    """
    listed = listing(model, tuple(order), secret)
    part = window(listed, condition, asked)
    found = await reading.select(
        model, part.condition, columns=_with_places(listed, columns), order=part.order, limit=part.limit
    )
    rows, more = part.cut(found)
    start = await _any(model, part.beyond_start, part.order, both_ends)
    end = more or await _any(model, part.beyond_end, part.order_back, both_ends)
    return _page(listed, part, rows, start, end)


async def pages(
    model: type[M],
    name: str,
    keys: Collection[Key],
    condition: Condition,
    order: Sequence[Order],
    asked: Asked,
    *,
    secret: bytes,
    columns: Sequence[str] | None = None,
    both_ends: bool = True,
) -> dict[Key, Page[M]]:
    """For each of `keys`, that page of the rows whose column `name` has it: one statement, otherwise as `page`."""
    listed = listing(model, tuple(order), secret)
    part = window(listed, condition, asked)
    wanted = _with_places(listed, columns, name)
    found = await reading.related(
        model, name, keys, part.condition, columns=wanted, order=part.order, limit_per_key=part.limit
    )
    starts = await _any_by_key(model, name, keys, part.beyond_start, part.order, both_ends)
    cut = {key: part.cut(rows) for key, rows in found.items()}
    last = [key for key in cut if not cut[key][1]]
    ends = await _any_by_key(model, name, last, part.beyond_end, part.order_back, both_ends)
    return {key: _page(listed, part, rows, key in starts, more or key in ends) for key, (rows, more) in cut.items()}


def _page(listed: Listing, part: Window, rows: list[M], start: bool, end: bool) -> Page[M]:
    has_next, has_previous = (start, end) if part.backward else (end, start)
    return Page(rows, has_next, has_previous, listed)


async def _any(model: type[Model], beyond: Condition, order: Sequence[Order], look: bool) -> bool:
    if beyond == NOTHING or not look:
        return beyond != NOTHING
    return await reading.exists(model, beyond, order=order)


async def _any_by_key(
    model: type[Model], name: str, keys: Collection[Key], beyond: Condition, order: Sequence[Order], look: bool
) -> set[Key]:
    if beyond == NOTHING or not look:
        return set(keys) if beyond != NOTHING else set()
    found = await reading.related(model, name, keys, beyond, columns=("id", name), order=order, limit_per_key=1)
    return {key for key, rows in found.items() if rows}


def _with_places(listed: Listing, columns: Sequence[str] | None, *further: str) -> Sequence[str] | None:
    """The columns wanted and those a cursor is made of."""
    if columns is None:
        return None
    return tuple(dict.fromkeys((*columns, *further, *(term.column for term in listed.order))))


def _behind(order: Sequence[Order], values: Sequence[Any], *, and_there: bool = False) -> Condition:
    """Holds for what sorts after `values`; `and_there`, also for what sorts where they do.

    Of several terms, the first is also bounded by itself: an index then starts at the place, not at the beginning.
    """
    (term, *others), (value, *further) = order, values
    past = _past(term, value, Op.LT if term.descending else Op.GT)
    reaching = _past(term, value, Op.LTE if term.descending else Op.GTE)
    if not others:
        return reaching if and_there else past
    level = Compare(term.column, Op.IS_NULL, True) if value is None else Compare(term.column, Op.EQ, value)
    place = AnyOf((past, All((level, _behind(others, further, and_there=and_there)))))
    return All((reaching, place)) if value is not None else place


def _past(term: Order, value: Any, op: Op) -> Condition:
    if value is None:
        return NOTHING if term.nulls_last else Compare(term.column, Op.IS_NULL, False)
    beyond = Compare(term.column, op, value)
    return AnyOf((beyond, Compare(term.column, Op.IS_NULL, True))) if term.nulls_last else beyond

"""Pages: the connections of a level, one statement for all rows they belong to."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tortoise.models import Model

from schema.connections import RootListField
from schema.execution.fetch import Reader, Shape, Spelled, reader
from schema.execution.gathering import gathered, together
from schema.execution.parts import Pages
from schema.execution.shown import Page, Shown

if TYPE_CHECKING:
    from schema.execution.run import Run


async def pages(run: "Run", part: Pages, keys: Sequence[Any], under: type[Model] | None) -> dict[Any, dict[str, Any]]:
    """What the answer says of the page of each parent, by its key as the driver gives it.

    `under` is the table of the parents if these are known to be visible.
    """
    reads = await _reader(run, part, under)
    shown = part.shown
    found = {parent: Page() for parent in keys}
    await _cut(reads, shown, found)
    await _show_nodes(run, reads.shape, shown, list(found.values()))
    if shown.has_cursors:
        values = reads.shape.values([term.column for term in reads.listed.order])
        for page in found.values():
            page.cursors = [reads.listed.cursor_at(values(record)) for record in _marked(page, shown)]
    return {parent: shown.written(page) for parent, page in found.items()}


async def _reader(run: "Run", part: Pages, under: type[Model] | None) -> Reader:
    """What reads the page that the field's arguments spell; kept, unless something is looked up for that."""
    context, field, choice = run.context, part.field, part.given.choice(run.variables)

    def made(spelled: Spelled | None = None) -> Reader:
        asked = spelled or field.asked(context, dict(part.given.converted(run.variables)))
        return reader(field, part.by, under, asked, context, run.dialect, part.shown)

    if isinstance(field, RootListField) and type(field).wanted is not RootListField.wanted:
        return made(await field.wanted(context, dict(part.given.converted(run.variables))))
    if choice is None:
        return made()
    return run.readers.get((part, under, context.viewer, context.cursor_secret, run.dialect, choice), made)


async def _cut(reads: Reader, shown: Shown, found: dict[Any, Page]) -> None:
    """Fills the pages with what belongs to them, and with what lies before and behind, as far as anybody asks."""
    parents, backward = list(found), reads.part.backward
    more: set[Any] = set()
    start: set[Any] = set()

    async def rows() -> None:
        for parent, records in (await reads.records(parents)).items():
            found[parent].records, goes_on = reads.part.cut(records)
            if goes_on:
                more.add(parent)

    async def totals() -> None:
        for parent, total in (await reads.totals(parents)).items():
            found[parent].total = total

    async def before() -> None:
        start.update(await reads.some(parents, reads.part.beyond_start))

    wanted = ((rows, shown.has_rows), (totals, shown.counts), (before, shown.looks_beyond))
    await together([read() for read, is_wanted in wanted if is_wanted])
    if not shown.looks_beyond:
        return
    more |= await reads.some([parent for parent in parents if parent not in more], reads.part.beyond_end)
    for parent, page in found.items():
        page.has_next, page.has_previous = (parent in more), (parent in start)
        if backward:
            page.has_next, page.has_previous = page.has_previous, page.has_next


async def _show_nodes(run: "Run", fetched: Shape, shown: Shown, found: Sequence[Page]) -> None:
    """Makes the nodes of all pages at once."""
    rows = fetched.rows([record for page in found for record in page.records])
    levels = [fetched.assembler(level, run.dialect) for level in shown.nodes]
    nodes = await gathered([run.members(level, rows) for level in levels])
    begin = 0
    for page in found:
        end = begin + len(page.records)
        page.nodes = [level[begin:end] for level in nodes]
        begin = end


def _marked(page: Page, shown: Shown) -> Sequence[Any]:
    """The records whose cursors are asked for: all of them, or the first and the last."""
    return page.records if shown.has_all_cursors or len(page.records) < 2 else (page.records[0], page.records[-1])

"""Pages: the connections of a level, one statement for all rows they belong to."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from schema.connections import RootListField
from schema.execution.fetch import Reader, Shape, reader, shape
from schema.execution.gathering import gathered, together
from schema.execution.parts import Pages
from schema.execution.shown import Page, Shown

if TYPE_CHECKING:
    from schema.execution.run import Run


async def pages(run: "Run", part: Pages, keys: Sequence[Any]) -> dict[Any, dict[str, Any]]:
    """What the answer says of the page of each parent, by its key as the driver gives it."""
    given = dict(part.given.converted(run.variables))
    if isinstance(part.field, RootListField):
        spelled = await part.field.wanted(run.context, given)
    else:
        spelled = part.field.asked(run.context, given)
    reads = reader(part.field.model, part.by, spelled, run.context, run.dialect)
    shown, parents = part.shown, list(dict.fromkeys(keys))
    ordered = tuple(term.column for term in reads.listed.order) if shown.has_cursors else ()
    fetched = shape(reads.model, shown.nodes, *([part.by] if part.by else []), *ordered)
    found = {parent: Page() for parent in parents}
    await _cut(reads, fetched, shown, found)
    await _show_nodes(run, fetched, shown, list(found.values()))
    if shown.has_cursors:
        values = fetched.values(ordered)
        for page in found.values():
            page.cursors = [reads.listed.cursor_at(values(record)) for record in _marked(page, shown)]
    return {parent: shown.written(page) for parent, page in found.items()}


async def _cut(reads: Reader, fetched: Shape, shown: Shown, found: dict[Any, Page]) -> None:
    """Fills the pages with what belongs to them, and with what lies before and behind, as far as anybody asks."""
    parents, backward = list(found), reads.part.backward
    more: set[Any] = set()
    start: set[Any] = set()

    async def rows() -> None:
        for parent, records in (await reads.records(fetched, parents)).items():
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
    if shown.looks_beyond:
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

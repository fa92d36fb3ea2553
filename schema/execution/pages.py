"""Pages: what lies on each page of a level's connections, by one statement for all rows they belong to."""

from collections.abc import Sequence
from typing import Any

from schema.execution.fetch import Reader
from schema.execution.gathering import together
from schema.execution.shown import Page, Shown


async def pages(reads: Reader, shown: Shown, parents: Sequence[Any]) -> dict[Any, Page]:
    """The page of each parent, by its key as the driver gives it. Their nodes are not made yet."""
    found = {parent: Page() for parent in parents}
    await _cut(reads, shown, found)
    if shown.has_cursors:
        values = reads.shape.values([term.column for term in reads.listed.order])
        for page in found.values():
            page.cursors = [reads.listed.cursor_at(values(record)) for record in _marked(page, shown)]
    return found


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
        start.update(await reads.some(parents, reads.part.beyond_start, reads.part.order))

    wanted = ((rows, shown.has_rows), (totals, shown.counts), (before, shown.looks_beyond))
    await together([read() for read, is_wanted in wanted if is_wanted])
    if not shown.looks_beyond:
        return
    last = [parent for parent in parents if parent not in more]
    more |= await reads.some(last, reads.part.beyond_end, reads.part.order_back)
    for parent, page in found.items():
        page.has_next, page.has_previous = (parent in more), (parent in start)
        if backward:
            page.has_next, page.has_previous = page.has_previous, page.has_next


def _marked(page: Page, shown: Shown) -> Sequence[Any]:
    """The records whose cursors are asked for: all of them, or the first and the last."""
    return page.records if shown.has_all_cursors or len(page.records) < 2 else (page.records[0], page.records[-1])

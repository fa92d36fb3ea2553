"""Flow: how many cases came and went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from cases.conditions import EVERYTHING, Condition
from cases.viewer import Viewer
from models.case import CaseEvent
from reports.dimensions import OF_CASES, Dimension, Part, check
from reports.happenings import COMING, ENDING, MERGED, REOPENING, listed, said
from reports.period import Period
from reports.report import Report
from reports.statement import Happened, buckets
from settings import Limits


@dataclass(frozen=True)
class FlowRow:
    """What happened to cases in a period. A case that was resolved, taken up again and resolved counts each time."""

    groups: tuple[Part, ...]
    opened: Annotated[int, "Cases that were opened."]
    reopened: Annotated[int, "Times that an ended case was taken up again."]
    resolved: Annotated[int, "Times that a case was resolved."]
    canceled: Annotated[int, "Times that a case was canceled; not those that were merged."]
    merged: Annotated[int, "Cases that were merged into others: they are neither resolved nor canceled."]


async def rows(
    period: Period,
    viewer: Viewer,
    *,
    by: Sequence[Dimension] = (),
    which: Condition = EVERYTHING,
    now: datetime,
    limits: Limits,
) -> list[FlowRow]:
    """How many cases were opened, taken up again, resolved, canceled and merged in the period."""
    check(by, OF_CASES, limits)
    happened = Happened(CaseEvent, "at", buckets(period, by), viewer, by, which)
    reason = said("changes", "status_reason", happened.parameters.dialect)
    happened.columns = {"kind": "t0.kind", "reason": f"COALESCE({reason}, '')"}
    happened.where = f"t0.kind IN {listed(COMING | ENDING)}"
    found = await happened.grouped(happened.summed(FIGURES), limits)
    return [FlowRow(groups, **{name: int(row[name]) for name in FIGURES}) for groups, row in found]


def _times(condition: str) -> str:
    return f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)"


FIGURES: Final = {
    "opened": _times("kind = 'OPENED'"),
    "reopened": _times(f"kind IN {listed(REOPENING)}"),
    "resolved": _times("kind = 'RESOLVED'"),
    "canceled": _times(f"kind = 'CANCELED' AND reason <> {MERGED}"),
    "merged": _times(f"kind IN {listed(ENDING)} AND reason = {MERGED}"),
}

REPORT: Final = Report("flow", FlowRow, rows)

"""Response times: how long customers waited for what they were promised, and for how much of that we were open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from cases.conditions import EVERYTHING, Condition
from cases.viewer import Viewer
from models.kpi_instances import SlaKpiInstance
from models.statements import Statement
from reports.dimensions import OF_CLOCKS, Dimension, Part, check
from reports.period import Period
from reports.report import Report
from reports.statement import Happened, buckets, microseconds_between
from settings import Limits


@dataclass(frozen=True)
class ResponseTimesRow:
    """How long it took, of what was done in a period: so many percent took no longer (nearest rank)."""

    groups: tuple[Part, ...]
    clocks: Annotated[int, "How many promises were fulfilled, in time or late."]
    business_p50: Annotated[timedelta, "Open time that ran: without pauses, nights and holidays. The middle one."]
    business_p90: Annotated[timedelta, "Nine of ten took no more open time."]
    business_p95: Annotated[timedelta, "Nineteen of twenty took no more open time."]
    wall_p50: Annotated[timedelta, "From the instant from which the promise counted until it was fulfilled."]
    wall_p90: Annotated[timedelta, "Nine of ten took no longer."]
    wall_p95: Annotated[timedelta, "Nineteen of twenty took no longer."]


PERCENTS: Final = (50, 90, 95)
KINDS: Final = ("business", "wall")


async def rows(
    period: Period,
    viewer: Viewer,
    *,
    by: Sequence[Dimension] = (Dimension.KPI,),
    which: Condition = EVERYTHING,
    now: datetime,
    limits: Limits,
) -> list[ResponseTimesRow]:
    """How long it took to fulfil the promises that were fulfilled in the period, always told apart by KPI."""
    check(by, OF_CLOCKS, limits)
    happened = Happened(SlaKpiInstance, "succeeded_at", buckets(period, by), viewer, by, which)
    happened.columns = {
        "business": "t0.active_microseconds",
        "wall": microseconds_between("t0.applied_from", "t0.succeeded_at", happened.parameters.dialect),
    }
    found = await happened.grouped(_ranked(happened), limits)
    return [_row(groups, row) for groups, row in found]


def _ranked(happened: Happened) -> Statement:
    """For each group the values of those ranks at which so many percent are done."""
    keys = happened.keys
    ranks = [f"ROW_NUMBER() OVER (PARTITION BY {keys} ORDER BY {kind}) AS {kind}_rank" for kind in KINDS]
    ranked = f"SELECT x.*, {', '.join(ranks)}, COUNT(*) OVER (PARTITION BY {keys}) AS n FROM ({happened.each()}) AS x"
    told = [
        f"MAX(CASE WHEN {kind}_rank = (n * {percent} + 99) / 100 THEN {kind} END) AS {kind}_p{percent}"
        for kind in KINDS
        for percent in PERCENTS
    ]
    text = f"SELECT {keys}, COUNT(*) AS clocks, {', '.join(told)} FROM ({ranked}) AS y GROUP BY {keys}"
    return Statement(text, happened.parameters.values)


def _row(groups: tuple[Part, ...], row: Any) -> ResponseTimesRow:
    spans = {f"{kind}_p{percent}": row[f"{kind}_p{percent}"] for kind in KINDS for percent in PERCENTS}
    return ResponseTimesRow(
        groups, int(row["clocks"]), **{name: timedelta(microseconds=int(value)) for name, value in spans.items()}
    )


REPORT: Final = Report("response_times", ResponseTimesRow, rows, always=(Dimension.KPI,))

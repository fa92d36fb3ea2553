"""SLA attainment: which promises that began in a period were kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, NamedTuple

from cases.conditions import EVERYTHING, Condition
from cases.viewer import Viewer
from models.columns import Parameters
from models.kpi_instances import SlaKpiInstance
from models.reading import rows as read
from models.statements import Statement
from reports.clocks import open_time_since
from reports.dimensions import CASE, OF_CLOCKS, Dimension, Part, check
from reports.period import Period
from reports.report import Report
from reports.statement import Happened, buckets, given
from settings import Limits
from sla.kpis import RESOLUTION


@dataclass(frozen=True)
class SlaAttainmentRow:
    """The promises that began in a period: each is kept, broken, running or canceled."""

    groups: tuple[Part, ...]
    clocks: Annotated[int, "How many promises there were."]
    met: Annotated[int, "Kept."]
    met_only_by_pausing: Annotated[int, "Of those kept, how many would have been broken had their pauses run on."]
    breached: Annotated[int, "Broken, whether they ended since or run still, announced or not."]
    running: Annotated[int, "Neither kept nor broken yet; also those that are paused."]
    canceled: Annotated[int, "Ended before they were kept or broken: the case was canceled, or another policy chosen."]
    attainment_per_mille: Annotated[
        int | None, "Of 1,000 kept or broken ones, how many were kept, rounded down; null if there are none."
    ]
    late_by_average: Annotated[timedelta | None, "By how much open time the broken ones are late; null without any."]
    late_by_max: Annotated[timedelta | None, "By how much the latest of them is."]


BREACHED: Final = "breached"
RUNNING_STATES: Final = "('IN_PROGRESS', 'NEARING_NONCOMPLIANCE', 'PAUSED')"


async def rows(
    period: Period,
    viewer: Viewer,
    *,
    by: Sequence[Dimension] = (),
    which: Condition = EVERYTHING,
    now: datetime,
    limits: Limits,
) -> list[SlaAttainmentRow]:
    """Which promises that began in the period were kept, as of now.

    A promise that ran out counts as broken from that instant on, whether or not anybody has announced it.
    """
    check(by, OF_CLOCKS, limits)
    summed = _summed(period, viewer, by, which, now)
    found = await summed.grouped(summed.summed(FIGURES), limits)
    lateness = await _late_still(period, viewer, by, which, now) if any(row["late_still"] for _, row in found) else {}
    return [_row(groups, row, lateness.get(_keys(row, by), Late())) for groups, row in found]


class Late(NamedTuple):
    """The lateness of promises that are broken and run still, in microseconds."""

    total: int = 0
    most: int = 0


FIGURES: Final = {
    "clocks": "COUNT(*)",
    "met": "SUM(met)",
    "met_only_by_pausing": "SUM(CASE WHEN met = 1 AND took > target AND pinned = 0 THEN 1 ELSE 0 END)",
    "breached": "SUM(breached)",
    "running": "SUM(CASE WHEN breached = 0 AND met = 0 AND canceled = 0 THEN 1 ELSE 0 END)",
    "canceled": "SUM(canceled)",
    "late_still": "SUM(late_still)",
    "late_total": "SUM(CASE WHEN breached = 1 AND late_still = 0 AND late > 0 THEN late ELSE 0 END)",
    "late_most": "MAX(CASE WHEN breached = 1 AND late_still = 0 AND late > 0 THEN late ELSE 0 END)",
}


def breached(now: datetime, parameters: Parameters) -> str:
    """Whether a clock is broken at `now`, as `schema.clock_figures` says it of one."""
    late = f"t0.state IN {RUNNING_STATES} AND t0.breaks_at < {given(now, parameters)}"
    return f"(t0.breached_at IS NOT NULL OR ({late}))"


def pinned() -> str:
    """Whether a deadline that was set by hand stands for the promise."""
    return f"(t0.kpi = '{RESOLUTION.name}' AND {CASE}.deadline IS NOT NULL)"


def _columns(now: datetime, parameters: Parameters) -> dict[str, str]:
    broken = breached(now, parameters)
    return {
        BREACHED: f"CASE WHEN {broken} THEN 1 ELSE 0 END",
        "met": f"CASE WHEN t0.succeeded_at IS NOT NULL AND NOT {broken} THEN 1 ELSE 0 END",
        "canceled": f"CASE WHEN t0.canceled_at IS NOT NULL AND NOT {broken} THEN 1 ELSE 0 END",
        "late_still": f"CASE WHEN {broken} AND {LATE_STILL} THEN 1 ELSE 0 END",
        "pinned": f"CASE WHEN {pinned()} THEN 1 ELSE 0 END",
        "took": "t0.active_microseconds + t0.paused_microseconds",
        "target": "t0.target_microseconds",
        "late": "t0.active_microseconds - t0.target_microseconds",
    }


LATE_STILL: Final = "t0.succeeded_at IS NULL AND t0.canceled_at IS NULL AND t0.fail_at IS NOT NULL"
"""Of a broken clock, that it gets later as time passes: only its calendar knows by how much."""


def _summed(period: Period, viewer: Viewer, by: Sequence[Dimension], which: Condition, now: datetime) -> Happened:
    happened = Happened(SlaKpiInstance, "applied_from", buckets(period, by), viewer, by, which)
    happened.columns = _columns(now, happened.parameters)
    return happened


async def _late_still(
    period: Period, viewer: Viewer, by: Sequence[Dimension], which: Condition, now: datetime
) -> dict[tuple[Any, ...], Late]:
    """By how much those that are late still are late now, by the keys of their groups."""
    late = Happened(SlaKpiInstance, "applied_from", buckets(period, by), viewer, by, which)
    late.columns = {name: f"t0.{name}" for name in ("policy_version_id", "calendar_key", "fail_at")}
    late.where = f"{breached(now, late.parameters)} AND {LATE_STILL}"
    found: dict[tuple[Any, ...], Late] = {}
    for row in await read(Statement(late.each(), late.parameters.values)):
        microseconds = await open_time_since(row, "fail_at", now) // timedelta(microseconds=1)
        before = found.get(_keys(row, by), Late())
        found[_keys(row, by)] = Late(before.total + microseconds, max(before.most, microseconds))
    return found


def _keys(row: Mapping[str, Any], by: Sequence[Dimension]) -> tuple[Any, ...]:
    return tuple(row[f"g{number}"] for number in range(len(by)))


def _row(groups: tuple[Part, ...], row: Mapping[str, Any], still: Late) -> SlaAttainmentRow:
    met, broken = int(row["met"]), int(row["breached"])
    total, most = int(row["late_total"]) + still.total, max(int(row["late_most"]), still.most)
    return SlaAttainmentRow(
        groups=groups,
        clocks=int(row["clocks"]),
        met=met,
        met_only_by_pausing=int(row["met_only_by_pausing"]),
        breached=broken,
        running=int(row["running"]),
        canceled=int(row["canceled"]),
        attainment_per_mille=met * 1000 // (met + broken) if met + broken else None,
        late_by_average=timedelta(microseconds=total // broken) if broken else None,
        late_by_max=timedelta(microseconds=most) if broken else None,
    )


REPORT: Final = Report("sla_attainment", SlaAttainmentRow, rows)

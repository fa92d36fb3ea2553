"""Backlog by age: how old the cases were that were open at the end of a period."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final

from cases.conditions import EVERYTHING, Condition
from cases.viewer import Viewer
from models.case import CaseEvent
from models.columns import Parameters
from models.reading import dialect
from models.reading import rows as read
from models.statements import Statement
from reports.backlog import ACTIVE, FOREVER, SIGN, Key
from reports.dimensions import CASE, OF_CASES, STRETCHES, Dimension, Part, check, parts, place
from reports.happenings import COMING, ENDING, listed
from reports.period import Bucket, Period
from reports.report import Report, check_length
from reports.statement import Happened, given, of_cases
from settings import Limits

BANDS: Final = {
    "under_1_day": timedelta(days=1),
    "under_3_days": timedelta(days=3),
    "under_7_days": timedelta(days=7),
    "under_14_days": timedelta(days=14),
    "under_30_days": timedelta(days=30),
}


@dataclass(frozen=True)
class BacklogAgesRow:
    """How many cases were open at the end of a period, or are now, by the time since they were opened."""

    groups: tuple[Part, ...]
    open: Annotated[int, "All of them."]
    under_1_day: Annotated[int, "Opened less than 24 hours before."]
    under_3_days: Annotated[int, "A day and more, and less than three."]
    under_7_days: Annotated[int, "Three days and more, and less than seven."]
    under_14_days: Annotated[int, "Seven days and more, and less than fourteen."]
    under_30_days: Annotated[int, "Fourteen days and more, and less than thirty."]
    older: Annotated[int, "Thirty days and more."]


async def rows(
    period: Period,
    viewer: Viewer,
    *,
    by: Sequence[Dimension] = (),
    which: Condition = EVERYTHING,
    now: datetime,
    limits: Limits,
) -> list[BacklogAgesRow]:
    """How old the cases were that were open at the end of the period; now, if it has not ended yet.

    The age is counted from when a case was opened, however often it ended and was taken up again since.
    """
    check(by, [one for one in OF_CASES if one not in STRETCHES], limits)
    at = min(period.ends_at, now)
    open_then = await _open_now(viewer, by, which, at)
    for key, change in (await _changes_since(viewer, by, which, at)).items():
        open_then[key] -= change
    groups = sorted({key[:-1] for key, count in open_then.items() if count}, key=str)
    check_length(groups, limits)
    about = await parts(by, groups, (), viewer)
    found = [_row(part, key, open_then) for part, key in zip(about, groups, strict=True)]
    return sorted(found, key=lambda row: place(row.groups))


def _row(about: tuple[Part, ...], key: Key, open_then: Counter[Key]) -> BacklogAgesRow:
    counts = [open_then[(*key, band)] for band in range(len(BANDS) + 1)]
    return BacklogAgesRow(about, sum(counts), *counts)


async def _open_now(viewer: Viewer, by: Sequence[Dimension], which: Condition, at: datetime) -> Counter[Key]:
    parameters = Parameters(dialect())
    columns = {"band": _band(at, parameters)}
    where = f"{ACTIVE} AND {CASE}.created_at < {given(at, parameters)}"
    each = of_cases(viewer, by, which, parameters, columns=columns, where=where)
    return await _counted(each, "COUNT(*)", by, parameters)


async def _changes_since(viewer: Viewer, by: Sequence[Dimension], which: Condition, at: datetime) -> Counter[Key]:
    """By how many the cases that were there already became more since, by age at that instant."""
    happened = Happened(CaseEvent, "at", [Bucket(at.date(), at, FOREVER)], viewer, by, which)
    happened.columns = {"band": _band(at, happened.parameters), "sign": SIGN}
    before = f"{CASE}.created_at < {given(at, happened.parameters)}"
    happened.where = f"t0.kind IN {listed(COMING | ENDING)} AND {before}"
    return await _counted(happened.each(), "SUM(sign)", by, happened.parameters)


def _band(at: datetime, parameters: Parameters) -> str:
    """The place of the band in which a case is at an instant, by its age."""
    bands = [
        f"WHEN {CASE}.created_at > {given(at - age, parameters)} THEN {number}"
        for number, age in enumerate(BANDS.values())
    ]
    return f"CASE {' '.join(bands)} ELSE {len(BANDS)} END"


async def _counted(each: str, figure: str, by: Sequence[Dimension], parameters: Parameters) -> Counter[Key]:
    names = [*(f"g{number}" for number in range(len(by))), "band"]
    text = f"SELECT {', '.join(names)}, {figure} AS figure FROM ({each}) AS x GROUP BY {', '.join(names)}"
    found = await read(Statement(text, parameters.values))
    return Counter({tuple(row[name] for name in names): int(row["figure"]) for row in found})


REPORT: Final = Report("backlog_ages", BacklogAgesRow, rows)

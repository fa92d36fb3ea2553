"""Backlog: how many cases were open, day by day.

How many were open at an instant is how many are now, less those that have come since, and those that have gone. So
nothing before the period has to be read, however long the tenant has been here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from cases.conditions import EVERYTHING, Condition
from cases.viewer import Viewer
from cases.vocabulary import Status
from models.case import CaseEvent
from models.columns import Parameters
from models.reading import dialect
from models.reading import rows as read
from models.statements import Statement
from reports.dimensions import CASE, OF_CASES, STRETCHES, Dimension, Part, check, parts, place
from reports.happenings import COMING, ENDING, listed
from reports.period import Bucket, Period
from reports.report import Report, check_length
from reports.statement import Happened, of_cases
from settings import Limits

ACTIVE: Final = f"{CASE}.status = '{Status.ACTIVE.value}'"
FOREVER: Final = datetime(9998, 1, 1, tzinfo=UTC)

Key = tuple[Any, ...]


@dataclass(frozen=True)
class BacklogRow:
    """How many cases were open at the end of a day, a week or a month; of the present one, how many are now."""

    groups: tuple[Part, ...]
    open: Annotated[int, "Cases that were active."]


async def rows(
    period: Period,
    viewer: Viewer,
    *,
    by: Sequence[Dimension] = (Dimension.DAY,),
    which: Condition = EVERYTHING,
    now: datetime,
    limits: Limits,
) -> list[BacklogRow]:
    """How many cases were open at the end of each day of the period, or of each week or month if these are asked for.

    Days to come are left out.
    """
    check(by, (*OF_CASES,), limits)
    cut = next(one for one in by if one in STRETCHES)
    apart = [one for one in by if one is not cut]
    buckets = [bucket for bucket in period.cut(STRETCHES[cut]) if bucket.starts_at < now]
    if not buckets:
        return []
    open_now = await _open_now(viewer, apart, which)
    changes = await _changes(viewer, apart, which, buckets)
    groups = sorted({*open_now, *(key for key, _ in changes), *([()] if not apart else [])}, key=str)
    check_length(range(len(groups) * len(buckets)), limits)
    figures = [
        ((*key[: by.index(cut)], number, *key[by.index(cut) :]), open_then)
        for key in groups
        for number, open_then in _backwards(open_now[key], [changes[key, n] for n in range(len(buckets) + 1)])
    ]
    about = await parts(by, [key for key, _ in figures], buckets, viewer)
    found = [BacklogRow(part, open_then) for part, (_, open_then) in zip(about, figures, strict=True)]
    return sorted(found, key=lambda row: place(row.groups))


def _backwards(open_now: int, changes: Sequence[int]) -> list[tuple[int, int]]:
    """How many were open at the end of each stretch, from what each changed; the last change is what came after."""
    found = []
    for number in reversed(range(len(changes) - 1)):
        open_now -= changes[number + 1]
        found.append((number, open_now))
    return found


async def _open_now(viewer: Viewer, by: Sequence[Dimension], which: Condition) -> Counter[Key]:
    parameters = Parameters(dialect())
    each = of_cases(viewer, by, which, parameters, where=ACTIVE)
    return await _counted(each, "COUNT(*)", by, parameters)


async def _changes(
    viewer: Viewer, by: Sequence[Dimension], which: Condition, buckets: Sequence[Bucket]
) -> Counter[tuple[Key, int]]:
    """By how many the open cases of each group became more in each stretch, and (one further) after the last."""
    tail = Bucket(buckets[-1].starts_on, buckets[-1].ends_at, FOREVER)
    happened = Happened(CaseEvent, "at", [*buckets, tail], viewer, by, which)
    happened.columns = {"n": "b.n", "sign": SIGN}
    happened.where = f"t0.kind IN {listed(COMING | ENDING)}"
    keys = ", ".join((*(f"g{number}" for number in range(len(by))), "n"))
    text = f"SELECT {keys}, SUM(sign) AS figure FROM ({happened.each()}) AS x GROUP BY {keys}"
    found: Counter[tuple[Key, int]] = Counter()
    for row in await read(Statement(text, happened.parameters.values)):
        found[_key(row, by), int(row["n"])] += int(row["figure"])
    return found


SIGN: Final = f"CASE WHEN t0.kind IN {listed(COMING)} THEN 1 ELSE -1 END"


async def _counted(each: str, figure: str, by: Sequence[Dimension], parameters: Parameters) -> Counter[Key]:
    keys = ", ".join(f"g{number}" for number in range(len(by))) or "g"
    text = f"SELECT {keys}, {figure} AS figure FROM ({each}) AS x GROUP BY {keys}"
    return Counter({_key(row, by): int(row["figure"]) for row in await read(Statement(text, parameters.values))})


def _key(row: Mapping[str, Any], by: Sequence[Dimension]) -> Key:
    return tuple(row[f"g{number}"] for number in range(len(by)))


REPORT: Final = Report("backlog", BacklogRow, rows, always=(Dimension.DAY,))

"""Breach forecast: which promises will be broken if nobody does anything, beside who is there to do something."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from cases.conditions import EVERYTHING, Condition
from cases.refusals import BadInput
from cases.viewer import Viewer
from models.kpi_instances import SlaKpiInstance
from models.reading import rows as read
from models.statements import Statement
from reports.backlog import FOREVER
from reports.capacity import Capacity, loads, people_of_queues, people_of_teams, together
from reports.clocks import projected_fail_at
from reports.dimensions import OF_CLOCKS, STRETCHES, Dimension, Part, check, parts, place
from reports.period import Bucket
from reports.report import Report, check_length
from reports.sla_attainment import breached
from reports.statement import Happened
from settings import Limits

HOUR: Final = timedelta(hours=1)
DEFAULT_HOURS: Final = 24
EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)

Key = tuple[Any, ...]


@dataclass(frozen=True)
class BreachForecastRow:
    """The promises of a group that fall due within an hour, and what the people of the group can do."""

    groups: tuple[Part, ...]
    starts_at: Annotated[datetime, "The hour begins here, the first one now."]
    due: Annotated[int, "Promises that fall due in it if nothing happens; in the first hour, also those overdue."]
    due_if_resumed: Annotated[int, "Paused promises that would, were they resumed now."]
    people: Annotated[int, "People of the queue or team who work here and are not away; 0 if told apart by neither."]
    unlimited: Annotated[int, "Those of them who may have as many cases as come."]
    capacity: Annotated[int, "How many open cases the others may have in all."]
    free: Annotated[int, "How many more of them they can have."]


async def rows(
    viewer: Viewer,
    *,
    by: Sequence[Dimension] = (Dimension.QUEUE,),
    which: Condition = EVERYTHING,
    hours: int = DEFAULT_HOURS,
    now: datetime,
    limits: Limits,
) -> list[BreachForecastRow]:
    """Which promises fall due in each of the next hours, by queue unless asked otherwise.

    What is broken already is not in it. Each group has a row for every hour, so that there are no gaps in a chart.
    """
    check(by, [one for one in OF_CLOCKS if one not in STRETCHES], limits)
    if not 1 <= hours <= limits.report_hours:
        raise BadInput(f"A forecast looks 1 to {limits.report_hours} hours ahead.", path=("hours",))
    due = await _due(viewer, by, which, now, hours)
    paused = await _if_resumed(viewer, by, which, now, hours)
    groups = sorted({key for key, _ in (*due, *paused)}, key=str)
    check_length(range(len(groups) * hours), limits)
    about = await parts(by, groups, (), viewer)
    can_do = await _capacities(about, viewer)
    found = [
        BreachForecastRow(
            part,
            now + number * HOUR,
            due[key, number],
            paused[key, number],
            capacity.people,
            capacity.unlimited,
            capacity.most_open,
            capacity.free,
        )
        for key, part, capacity in zip(groups, about, can_do, strict=True)
        for number in range(hours)
    ]
    return sorted(found, key=lambda row: (place(row.groups), row.starts_at))


async def _due(
    viewer: Viewer, by: Sequence[Dimension], which: Condition, now: datetime, hours: int
) -> Counter[tuple[Key, int]]:
    """How many fall due in each hour. What fell due before and is kept still is in the first: it was closed since."""
    day = now.date()
    cut = [Bucket(day, now + number * HOUR if number else EVER, now + (number + 1) * HOUR) for number in range(hours)]
    happened = _clocks("fail_at", viewer, by, which, cut)
    happened.columns = {"n": "b.n"}
    happened.where = f"{OPEN} AND {_whole(happened, now)}"
    keys = ", ".join((*(f"g{number}" for number in range(len(by))), "n"))
    text = f"SELECT {keys}, COUNT(*) AS figure FROM ({happened.each()}) AS x GROUP BY {keys}"
    found = await read(Statement(text, happened.parameters.values))
    return Counter({(_key(row, by), int(row["n"])): int(row["figure"]) for row in found})


async def _if_resumed(
    viewer: Viewer, by: Sequence[Dimension], which: Condition, now: datetime, hours: int
) -> Counter[tuple[Key, int]]:
    """How many of those that are paused, and have no due instant therefore, would fall due in each hour."""
    happened = _clocks("paused_since", viewer, by, which, [Bucket(now.date(), EVER, FOREVER)])
    figures = ("policy_version_id", "calendar_key", "target_microseconds", "active_microseconds")
    happened.columns = {name: f"t0.{name}" for name in figures}
    happened.where = f"{OPEN} AND t0.state = 'PAUSED' AND t0.fail_at IS NULL AND {_whole(happened, now)}"
    found: Counter[tuple[Key, int]] = Counter()
    for row in await read(Statement(happened.each(), happened.parameters.values)):
        fail_at = await projected_fail_at(row, now)
        if fail_at is not None and fail_at < now + hours * HOUR:
            found[_key(row, by), (fail_at - now) // HOUR] += 1
    return found


OPEN: Final = "t0.succeeded_at IS NULL AND t0.canceled_at IS NULL"


def _clocks(instant: str, viewer: Viewer, by: Sequence[Dimension], which: Condition, cut: Sequence[Bucket]) -> Happened:
    return Happened(SlaKpiInstance, instant, cut, viewer, by, which)


def _whole(happened: Happened, now: datetime) -> str:
    return f"NOT COALESCE({breached(now, happened.parameters)}, FALSE)"


async def _capacities(about: Sequence[Sequence[Part]], viewer: Viewer) -> list[Capacity]:
    """What the people of each group can do; nobody where the group is no queue and no team."""
    places = [next((part for part in groups if part.dimension in _PEOPLE and part.key), None) for groups in about]
    people: dict[Any, set[UUID]] = {}
    for dimension, people_of in _PEOPLE.items():
        ids = {part.key for part in places if part and part.dimension is dimension and isinstance(part.key, UUID)}
        people |= await people_of(ids, viewer) if ids else {}
    of_person = await loads({one for members in people.values() for one in members}, viewer)
    return [together(people.get(part.key, ()) if part else (), of_person) for part in places]


_PEOPLE: Final = {Dimension.QUEUE: people_of_queues, Dimension.TEAM: people_of_teams}


def _key(row: Any, by: Sequence[Dimension]) -> Key:
    return tuple(row[f"g{number}"] for number in range(len(by)))


REPORT: Final = Report("breach_forecast", BreachForecastRow, rows, unless_asked=(Dimension.QUEUE,))

"""Recounted: what a report must say, from the events alone and in plain Python.

Nothing here reads a projection: cases are folded and clocks replayed from their histories.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from actions.clocks import evaluate, histories_of
from cases.history import Event, fold
from cases.queueing import stays
from models import Case, SlaPolicyVersion
from reports.dimensions import Dimension, Part
from sla.clock import Clock

T = TypeVar("T")

BERLIN: Final = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Told:
    """A case that was not deleted: its history, its columns by that, and its clocks."""

    history: Sequence[Event]
    columns: dict[str, Any]
    clocks: Sequence[Clock]
    policy_id: UUID | None

    @property
    def queue_id(self) -> UUID | None:
        found = stays(self.history)
        return found[-1].queue_id if found else None


async def told() -> list[Told]:
    """Every case that was not deleted."""
    histories = await histories_of([case.id for case in await Case.all().only("id")])
    policies = {version.id: version.policy_id for version in await SlaPolicyVersion.all()}
    found = []
    for history in histories.values():
        columns = dict(fold(history).columns)
        if columns["deleted_at"] is None:
            version: Any = columns["sla_version_id"]
            clocks = (await evaluate(history, columns, version)).clocks if version else ()
            found.append(Told(history, columns, clocks, policies.get(version)))
    return found


def within(instant: datetime, first: date, end: date, zone: ZoneInfo = BERLIN) -> bool:
    """Whether an instant lies in the days from `first` until before `end`."""
    return first <= instant.astimezone(zone).date() < end


def key_of(
    dimension: Dimension, case: Told, instant: datetime, clock: Clock | None = None, zone: ZoneInfo = BERLIN
) -> Any:
    """What a report must call the group of something that happened to a case at an instant."""
    day = instant.astimezone(zone).date()
    match dimension:
        case Dimension.DAY:
            return day
        case Dimension.WEEK:
            return date.fromisocalendar(*day.isocalendar()[:2], 1)
        case Dimension.MONTH:
            return date(day.year, day.month, 1)
        case Dimension.KPI:
            assert clock is not None
            return clock.kpi.name
        case Dimension.PRIORITY:
            return case.columns["priority"]
        case Dimension.TEAM:
            return case.columns["team_id"]
        case Dimension.CUSTOMER:
            return case.columns["account_id"] or case.columns["contact_id"]
        case Dimension.POLICY:
            return case.policy_id
        case Dimension.QUEUE:
            return case.queue_id
    raise ValueError(dimension)


def grouped(things: Iterable[T], keys: Callable[[T], tuple[Any, ...]]) -> dict[tuple[Any, ...], list[T]]:
    found: dict[tuple[Any, ...], list[T]] = defaultdict(list)
    for thing in things:
        found[keys(thing)].append(thing)
    return found


def keys(groups: Sequence[Part]) -> tuple[Any, ...]:
    return tuple(part.key for part in groups)


def midnight(day: date, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def average(spans: Sequence[timedelta]) -> timedelta:
    return sum(spans, timedelta(0)) // len(spans)

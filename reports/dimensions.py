"""Dimensions: by what the figures of a report can be told apart, and how SQL says so.

What is asked of a case is asked of it as it is now: the team that has it, not the one that had it then. The queue is
the last one that it was in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import auto
from typing import Any, Final
from uuid import UUID

from tortoise.models import Model

from cases.refusals import BadInput
from cases.viewer import Viewer
from cases.vocabulary import Priority, Word
from models import conditions_sql
from models.columns import Parameters
from models.customers import Account, Contact
from models.entitlements import Entitlement
from models.people import Person, Team
from models.queues import Queue, QueueItem
from models.reading import by_ids
from models.sla import SlaPolicy
from models.visibility import visible
from reports.period import Bucket, Stretch
from settings import Limits

CASE: Final = "t10"
"""The alias of the case in every statement of a report."""


class Dimension(Word):
    """By what the figures of a report are told apart."""

    DAY = auto()
    WEEK = auto()
    MONTH = auto()
    KPI = auto()
    PRIORITY = auto()
    QUEUE = auto()
    TEAM = auto()
    CUSTOMER = auto()
    POLICY = auto()
    PERSON = auto()
    ENTITLEMENT = auto()
    REASON = auto()


STRETCHES: Final = {Dimension.DAY: Stretch.DAY, Dimension.WEEK: Stretch.WEEK, Dimension.MONTH: Stretch.MONTH}
OF_CASES: Final = (
    *STRETCHES,
    *(Dimension.PRIORITY, Dimension.QUEUE, Dimension.TEAM, Dimension.CUSTOMER, Dimension.POLICY),
)
OF_CLOCKS: Final = (*OF_CASES, Dimension.KPI)

TABLES: Final[Mapping[Dimension, Sequence[type[Model]]]] = {
    Dimension.QUEUE: (Queue,),
    Dimension.TEAM: (Team,),
    Dimension.CUSTOMER: (Account, Contact),
    Dimension.POLICY: (SlaPolicy,),
    Dimension.PERSON: (Person,),
    Dimension.ENTITLEMENT: (Entitlement,),
}
"""Where the rows of a dimension are."""


@dataclass(frozen=True)
class Part:
    """What a row is about, in one dimension: a day, a word, or a row with its table. `label` is fit for an axis.

    Without a key it is about what has none: cases of no team, say.
    """

    dimension: Dimension
    key: date | str | UUID | None
    label: str = ""
    table: type[Model] | None = None


def check(by: Sequence[Dimension], among: Sequence[Dimension], limits: Limits) -> None:
    """Raises BadInput for dimensions that a report does not have, one that is named twice, or too many."""
    for place, dimension in enumerate(by):
        if dimension not in among:
            said = ", ".join(one for one in Dimension if one in among)
            raise BadInput(f"This report has no {dimension}; it has {said}.", path=("by", place))
        if dimension in by[:place]:
            raise BadInput(f"{dimension} is named twice.", path=("by", place))
    if len([one for one in by if one in STRETCHES]) > 1:
        raise BadInput("A period is cut in one way only.", path=("by",))
    if len(by) > limits.report_dimensions:
        raise BadInput(f"A report has {limits.report_dimensions} dimensions at most.", path=("by",))


def stretch_of(by: Sequence[Dimension]) -> Stretch | None:
    """Into what the period is to be cut, if it is."""
    return next((STRETCHES[one] for one in by if one in STRETCHES), None)


def expression(dimension: Dimension, viewer: Viewer, parameters: Parameters, *, of_clocks: bool) -> str:
    """The key of a dimension in a statement over cases (`t10`), clocks (`t0`) and stretches of the period (`b`)."""
    match dimension:
        case Dimension.DAY | Dimension.WEEK | Dimension.MONTH:
            return "b.n"
        case Dimension.KPI:
            return "t0.kpi"
        case Dimension.PRIORITY:
            return f"{CASE}.priority"
        case Dimension.TEAM:
            return f"{CASE}.team_id"
        case Dimension.CUSTOMER:
            return f"COALESCE({CASE}.account_id, {CASE}.contact_id)"
        case Dimension.QUEUE:
            seen = conditions_sql.compile(visible(QueueItem, viewer), QueueItem, parameters, "t40")
            return (
                f"(SELECT t40.queue_id FROM queue_item AS t40 WHERE t40.case_id = {CASE}.id AND {seen}"
                " ORDER BY t40.entered_at DESC, t40.id DESC LIMIT 1)"
            )
        case Dimension.POLICY:
            version = "t0.policy_version_id" if of_clocks else f"{CASE}.sla_version_id"
            return f"(SELECT t50.policy_id FROM sla_policy_version AS t50 WHERE t50.id = {version})"
    raise ValueError(f"cases have no {dimension}")


async def parts(
    by: Sequence[Dimension], keys: Sequence[Sequence[Any]], buckets: Sequence[Bucket], viewer: Viewer
) -> list[tuple[Part, ...]]:
    """What each row is about, from the keys that the database gave; names take a statement for each table."""
    columns = []
    for place, dimension in enumerate(by):
        column = [_key(dimension, key[place], buckets) for key in keys]
        known = await _named(dimension, {key for key in column if isinstance(key, UUID)}, viewer)
        columns.append([_part(dimension, key, known) for key in column])
    return [tuple(column[place] for column in columns) for place in range(len(keys))]


def place(groups: Sequence[Part]) -> tuple[Any, ...]:
    """Sorts rows: by time, by priority from the highest, by name; what has no key comes last."""
    return tuple(_place(part) for part in groups)


def _place(part: Part) -> tuple[Any, ...]:
    if part.key is None:
        return (1,)
    if part.dimension is Dimension.PRIORITY:
        return (0, -list(Priority).index(Priority(str(part.key))))
    return (0, part.label.casefold(), str(part.key))


def _key(dimension: Dimension, raw: Any, buckets: Sequence[Bucket]) -> date | str | UUID | None:
    if raw is None:
        return None
    if dimension in STRETCHES:
        return buckets[int(raw)].starts_on
    if dimension is Dimension.PRIORITY:
        return list(Priority)[int(raw)]
    return str(raw) if dimension in (Dimension.KPI, Dimension.REASON) else UUID(str(raw))


async def _named(dimension: Dimension, keys: set[UUID], viewer: Viewer) -> dict[UUID, Any]:
    found: dict[UUID, Any] = {}
    for table in TABLES.get(dimension, ()):
        if missing := keys - found.keys():
            found |= await by_ids(table, missing, visible(table, viewer), columns=("id", "name"))
    return found


def _part(dimension: Dimension, key: date | str | UUID | None, known: Mapping[UUID, Any]) -> Part:
    if isinstance(key, UUID):
        row = known.get(key)
        return Part(dimension, None) if row is None else Part(dimension, key, row.name, type(row))
    return Part(dimension, key, "" if key is None else str(key))

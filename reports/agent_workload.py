"""Agent workload: what each person has, was given and has done."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from tortoise.models import Model

from cases.conditions import EVERYTHING, All, AnyOf, Compare, Condition, Op
from cases.viewer import Viewer
from cases.vocabulary import ActivityState, FactKind, Role
from models.activities import Activity
from models.case import CaseEvent
from models.kpi_instances import SlaKpiInstance
from models.people import Person
from models.reading import rows as read
from models.reading import select
from models.statements import Order, Statement
from models.visibility import visible
from reports.capacity import capacities_of, open_cases_of
from reports.dimensions import CASE, Dimension, Part
from reports.happenings import said
from reports.period import Period
from reports.report import Report, check_length
from reports.sla_attainment import breached
from reports.statement import Happened, buckets
from settings import Limits


@dataclass(frozen=True)
class AgentWorkloadRow:
    """A person's cases: how many they have now, and what became of cases in a period."""

    groups: tuple[Part, ...]
    open: Annotated[int, "Active cases that are theirs now."]
    capacity: Annotated[int | None, "How many they may have by routing; null means as many as come."]
    away: Annotated[bool, "Whether they are away now, and get nothing by routing."]
    assigned: Annotated[int, "Times that a case was given to them in the period, or taken by them."]
    resolved: Annotated[int, "Times that they resolved a case in the period, whoever's it was."]
    breached: Annotated[int, "Promises that were broken in the period, of cases that are theirs now."]
    worked_minutes: Annotated[int, "Minutes of their activities that were completed in the period."]
    billable_minutes: Annotated[int, "What of these is to be charged."]


Figures = Counter[tuple[UUID, str]]


async def rows(
    period: Period,
    viewer: Viewer,
    *,
    which: Condition = EVERYTHING,
    now: datetime,
    limits: Limits,
) -> list[AgentWorkloadRow]:
    """What each person who works here has, was given and did in the period.

    Agents are told of themselves; those who lead, and machines, of everybody. Who has left is in it if they did
    something.
    """
    figures = await _figures(period, viewer, which, now)
    mentioned = tuple({key for key, _ in figures})
    there = AnyOf((Compare("active", Op.EQ, True), Compare("id", Op.IN, mentioned)))
    people = await select(
        Person,
        All((visible(Person, viewer), there, told_of(viewer, "id"))),
        columns=("id", "name"),
        order=(Order("name"), Order("id")),
        limit=limits.report_rows + 1,
    )
    check_length(people, limits)
    keys = [person.id for person in people]
    open_cases, laid_down = await open_cases_of(keys, viewer), await capacities_of(keys, viewer)
    return [
        AgentWorkloadRow(
            groups=(Part(Dimension.PERSON, person.id, person.name, Person),),
            open=open_cases[person.id],
            capacity=laid_down[person.id].most_open if person.id in laid_down else None,
            away=person.id in laid_down and laid_down[person.id].away,
            **{name: figures[person.id, name] for name in DONE},
        )
        for person in people
    ]


DONE: Final = ("assigned", "resolved", "breached", "worked_minutes", "billable_minutes")


def told_of(viewer: Viewer, column: str) -> Condition:
    """The people of whose doings the viewer is told."""
    if viewer.role is not Role.AGENT:
        return EVERYTHING
    return Compare(column, Op.EQ, viewer.person_id)


async def _figures(period: Period, viewer: Viewer, which: Condition, now: datetime) -> Figures:
    """What the tables say of each person, by the name of the figure. Everything takes one statement of its table."""

    def of(model: type[Model], instant: str, person: str, **columns: str) -> Happened:
        happened = Happened(model, instant, buckets(period, ()), viewer, (), which)
        happened.columns = {"person": person, **columns}
        return happened

    owner = f"{CASE}.owner_id"
    given_to = of(CaseEvent, "at", "")
    given_to.columns = {"person": said("changes", "owner_id", given_to.parameters.dialect)}
    resolved = of(CaseEvent, "at", "t0.actor_person_id")
    resolved.where = f"t0.kind = '{FactKind.RESOLVED.value}'"
    announced = of(SlaKpiInstance, "breached_at", owner)
    unannounced = of(SlaKpiInstance, "fail_at", owner)
    unannounced.where = f"t0.breached_at IS NULL AND {breached(now, unannounced.parameters)}"
    done = of(Activity, "ended_at", "t0.owner_id", duration="t0.duration_minutes", billable="t0.billable_minutes")
    done.where = f"t0.state = '{ActivityState.COMPLETED.value}'"
    found: Figures = Counter()
    for happened, figures in (
        (given_to, {"assigned": "COUNT(*)"}),
        (resolved, {"resolved": "COUNT(*)"}),
        (announced, {"breached": "COUNT(*)"}),
        (unannounced, {"breached": "COUNT(*)"}),
        (done, {"worked_minutes": "SUM(duration)", "billable_minutes": "SUM(billable)"}),
    ):
        for row in await _by_person(happened, figures):
            found.update({(UUID(str(row["person"])), name): int(row[name]) for name in figures})
    return found


async def _by_person(happened: Happened, figures: dict[str, str]) -> Sequence[Any]:
    told = ", ".join(f"{text} AS {name}" for name, text in figures.items())
    text = f"SELECT person, {told} FROM ({happened.each()}) AS x WHERE person IS NOT NULL GROUP BY person"
    return await read(Statement(text, happened.parameters.values))


REPORT: Final = Report("agent_workload", AgentWorkloadRow, rows, always=(Dimension.PERSON,))

"""Announcing: what clocks have run into since somebody last looked, told once.

Any number of workers may do it at once. A worker locks the cases it takes, skipping those that others hold; replays
them from their history, so that it sees what was announced already; and writes announcements, clocks and outbox in the
same transaction. If it dies before the commit, nothing was announced and the next one finds the same.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from actions import clocks
from actions.policies import policy_of
from actions.record import Written, numbered, state_of, write_batch
from cases.conditions import EVERYTHING, Compare, Op
from cases.history import Actor, Event, apply
from models.case import Case
from models.kpi_instances import SlaKpiInstance
from models.locking import locked_if_free
from models.reading import select
from models.statements import Order
from models.unit_of_work import unit_of_work

CASES_AT_ONCE: Final = 200
CAUSE: Final = "worker"


@dataclass(frozen=True)
class Tick:
    """What one look found: announcements made, and whether there may be more to do at once."""

    announced: int
    more: bool


async def announce(now: datetime, *, at_most: int = CASES_AT_ONCE) -> Tick:
    """Announces what has happened before `now`, for at most so many cases."""
    return await unit_of_work(lambda: _announce(now, at_most))


async def _announce(now: datetime, at_most: int) -> Tick:
    due = await select(
        SlaKpiInstance,
        Compare("next_at", Op.LT, now),
        columns=("id", "case_id"),
        order=(Order("next_at"),),
        limit=at_most,
    )
    case_ids = list(dict.fromkeys(row.case_id for row in due))
    if not case_ids:
        return Tick(0, more=False)
    cases = await locked_if_free(Case, case_ids, EVERYTHING)
    histories = await clocks.histories_of(list(cases))
    batch = [await _followed(case, histories[case.id], now) for case in cases.values()]
    await write_batch(batch, CAUSE)
    return Tick(sum(len(one.events) for one in batch), more=len(due) == at_most)


async def _followed(case: Case, history: list[Event], now: datetime) -> Written:
    """A case with the announcements that are due, and its clocks after them."""
    state = state_of(case)
    if case.sla_version_id is None:
        return Written(case, (), state, ())
    policy = await policy_of(case.sla_version_id)
    known = await clocks.known_rows(policy, state.columns)
    evaluated = clocks.replayed(history, state.columns, case.sla_version_id, policy, known)
    events = numbered(clocks.announcements(evaluated, now), state.version, now, Actor())
    for event in events:
        state = apply(state, event)
    if events:
        evaluated = clocks.replayed([*history, *events], state.columns, case.sla_version_id, policy, known)
    return Written(case, events, state, clocks.instances_of(case.tenant_id, case.id, evaluated, now))

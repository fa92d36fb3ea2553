"""Announcing: what clocks have run into since somebody last looked, told once.

Any number of workers may do it at once. A worker locks the cases it takes, skipping those that others hold; replays
them from their history, so that it sees what was announced already; and writes announcements, clocks and outbox in the
same transaction. If it dies before the commit, nothing was announced and the next one finds the same.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from actions import clocks
from actions.escalating import CAUSE as ESCALATION
from actions.escalating import DEEDS, deeds_of
from actions.instances import instances
from actions.policies import Version, version_of
from actions.record import Written, numbered, record, state_of, steps_of, system_of, write_batch
from cases.conditions import Compare, Op
from cases.history import Actor, Event
from models.case import Case
from models.kpi_instances import SlaKpiInstance
from models.locking import locked_along
from models.statements import Order
from models.unit_of_work import unit_of_work

log = logging.getLogger(__name__)

CLOCKS_AT_ONCE: Final = 200
CAUSE: Final = "worker"


@dataclass(frozen=True)
class Tick:
    """What one look found: announcements made, and whether there may be more to do at once."""

    announced: int
    more: bool


async def announce(now: datetime, *, at_most: int = CLOCKS_AT_ONCE) -> Tick:
    """Announces what has happened before `now`, for the cases of at most so many clocks that are due."""
    return await unit_of_work(lambda: _announce(now, at_most))


async def _announce(now: datetime, at_most: int) -> Tick:
    due = Compare("next_at", Op.LT, now)
    taken = await locked_along(SlaKpiInstance, "case", due, order=(Order("next_at"),), limit=at_most)
    cases = list({case.id: case for case in taken}.values())
    if not cases:
        return Tick(0, more=False)
    histories = await clocks.histories_of([case.id for case in cases])
    versions = {key: await version_of(key) for key in {case.sla_version_id for case in cases} if key}
    known = await clocks.known_rows(
        (versions[case.sla_version_id].policy, state_of(case).columns) for case in cases if case.sla_version_id
    )
    batch = [
        written
        for case in cases
        if case.sla_version_id
        if (written := _followed(case, histories[case.id], versions[case.sla_version_id], known, now))
    ]
    await write_batch(batch, CAUSE)
    await _park(cases, now)
    for one in batch:
        await _escalate(one, now)
    return Tick(sum(len(one.steps) for one in batch), more=len(taken) == at_most)


async def _escalate(written: Written, now: datetime) -> None:
    """Does to the case what the levels do that were announced."""
    announced = [step.event.fact for step in written.steps if step.event.fact.details.get("deed") in DEEDS]
    if not announced:
        return
    case = await Case.get(id=written.case.id)
    deeds = await deeds_of(case, announced)
    await record(case, deeds, actor=system_of(case), now=now, cause=ESCALATION)


def _followed(
    case: Case, history: Sequence[Event], version: Version, known: dict[object, object], now: datetime
) -> Written | None:
    """A case with the announcements that are due, and its clocks after them; None if it cannot be followed.

    The case may have been written by somebody whose clock is ahead: then the announcement comes after that.
    """
    at = max(now, case.updated_at)
    try:
        state = state_of(case)
        evaluated = clocks.replayed(history, state.columns, version, known)
        due = clocks.announcements(evaluated, now)
        steps = steps_of(state, numbered(due, state.version, at, Actor()))
        evaluated = clocks.with_announcements(evaluated, due)
        rows = instances(case.tenant_id, case.id, evaluated, at)
    except Exception:  # one case that is beyond help must not keep all others waiting
        log.exception("case %s cannot be followed", case.id)
        return None
    return Written(case, steps, rows, (evaluated,))


async def _park(cases: Sequence[Case], now: datetime) -> None:
    """Looks no more for what is still due on these cases: nobody knows how to tell it.

    That is so of a KPI that cannot be evaluated, and of a promise that is there no more; the next act on the case
    looks anew.
    """
    await SlaKpiInstance.filter(case_id__in=[case.id for case in cases], next_at__lt=now).update(next_at=None)

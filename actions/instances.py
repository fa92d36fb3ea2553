"""Instances: the clocks of cases as rows, written whenever a history has grown."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from tortoise.expressions import Q

from actions.clocks import Evaluated
from models.bulk import Values, upsert
from models.fields import uuid7
from models.kpi_instances import SlaKpiInstance
from models.sla import SlaPolicy
from models.unit_of_work import do_what_was_left, leave_for_the_end
from sla.clock import Clock, End, Outcome
from sla.escalation import next_untold_at

_MICROSECOND: Final = timedelta(microseconds=1)
_LONGEST_FAULT: Final = 500
_PROMISE: Final = ("case_id", "kpi", "cycle")
"""What a row is the row of: unique."""
_KEPT: Final = ("id", "created_at")


def instances(tenant_id: UUID, case_id: UUID, evaluated: Evaluated, at: datetime) -> list[Values]:
    """The rows of a case's clocks as they stand at `at`."""
    return evaluated.each(lambda clock: _instance(tenant_id, case_id, clock, evaluated, at))


def ended_instances(
    tenant_id: UUID, case_id: UUID, before: Evaluated, after: Evaluated | None, at: datetime
) -> list[Values]:
    """The rows of the clocks that ran before and are not there after: with `at` they are canceled.

    Those of a KPI that cannot be evaluated any more stay as they are, for nobody can say that they ended.
    """
    kept = {(clock.kpi.name, clock.cycle) for clock in after.clocks} if after else set()
    faulty = after.faulty if after else {}
    gone = [
        _canceled(clock, at)
        for clock in before.clocks
        if (clock.kpi.name, clock.cycle) not in kept and clock.kpi.name not in faulty and clock.ended is None
    ]
    return instances(tenant_id, case_id, replace(before, clocks=gone), at)


async def write_instances(rows: Sequence[Values], evaluated: Iterable[Evaluated]) -> None:
    """Writes rows of clocks over those of the same promises, and reports what could not be evaluated on its policy."""
    await do_what_was_left()  # or older rows would be written over these
    await _write([(rows, evaluated)])


def leave_instances(rows: Sequence[Values], evaluated: Iterable[Evaluated]) -> None:
    """As `write_instances`, when the unit of work is about to end, once for all that is left: the last rows hold."""
    leave_for_the_end(_write, (rows, evaluated))


async def _write(left: Sequence[tuple[Sequence[Values], Iterable[Evaluated]]]) -> None:
    by_promise: dict[tuple[Any, ...], Values] = {}
    for rows, _ in left:
        for row in rows:
            first = by_promise.setdefault(tuple(row[name] for name in _PROMISE), row)
            by_promise[tuple(row[name] for name in _PROMISE)] = {**row, **{name: first[name] for name in _KEPT}}
    await upsert(SlaKpiInstance, list(by_promise.values()), _PROMISE, keep=_KEPT)
    evaluated = [one for _, each in left for one in each]
    faults = {one.version.policy_id: one.fault[:_LONGEST_FAULT] for one in evaluated if one.fault}
    for policy_id, fault in sorted(faults.items()):
        # Only what is news: otherwise every case of a faulty policy would wait for the one that was written before it.
        await SlaPolicy.filter(Q(fault=None) | ~Q(fault=fault), id=policy_id).update(fault=fault)


def _instance(tenant_id: UUID, case_id: UUID, clock: Clock, evaluated: Evaluated, at: datetime) -> Values:
    """The row of a clock as it stands at `at`.

    The target of a deadline set by hand is the open time until it: nothing else would say what is left.
    """
    ended = clock.ended
    active = clock.active_for(at)
    target = clock.target if clock.pinned is None else active + clock.remaining(at)
    return {
        "id": uuid7(),
        "tenant_id": tenant_id,
        "created_at": at,
        "case_id": case_id,
        "kpi": clock.kpi.name,
        "cycle": clock.cycle,
        "item": clock.item.name,
        "policy_version_id": evaluated.version.id,
        "calendar_key": clock.item.calendar,
        "calendar_version_id": evaluated.version.calendar_versions.get(clock.item.calendar or ""),
        "state": clock.state(at),
        "as_of": at,
        "applied_from": clock.started_at,
        "warn_at": clock.warn_at(at),
        "fail_at": clock.fail_at(at),
        "breaks_at": clock.breaks_at(at),
        "paused_since": clock.spans[-1].start if clock.is_paused(at) else None,
        "target_microseconds": target // _MICROSECOND,
        "active_microseconds": active // _MICROSECOND,
        "paused_microseconds": clock.paused_for(at) // _MICROSECOND,
        "succeeded_at": ended.at if ended and ended.outcome is Outcome.FULFILLED else None,
        "breached_at": clock.breached_at(at),
        "canceled_at": ended.at if ended and ended.outcome is Outcome.DROPPED else None,
        "next_at": next_untold_at(clock, at, evaluated.told_of(clock)),
    }


def _canceled(clock: Clock, at: datetime) -> Clock:
    *spans, last = clock.spans
    end = max(at, last.start)
    return replace(clock, spans=(*spans, replace(last, end=end)), ended=End(end, Outcome.DROPPED))

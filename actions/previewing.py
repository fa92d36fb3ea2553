"""Previewing: what another priority, policy or calendar would make of the clocks of cases, without writing anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from actions import clocks
from actions.policies import calendars_of, policy_of, read
from actions.versions import calendar_keys, newest_calendars
from cases.conditions import All, Compare, Condition, Op
from cases.facts import Fact
from cases.history import Actor, Event
from cases.vocabulary import FactKind, Priority
from models.case import Case
from models.reading import select
from models.sla import Calendar, SlaPolicy
from models.statements import Order
from sla.calendar import Calendar as Hours
from sla.policy import Policy
from sla.preview import Difference, differences

MOST_CASES: Final = 1000


@dataclass(frozen=True)
class Supposed:
    """What is supposed to be otherwise. What is None stays as it is."""

    priority: Priority | None = None
    policy: SlaPolicy | None = None
    calendar: Calendar | None = None
    hours: Mapping[str, Any] | None = None
    """The hours that `calendar` would have."""


@dataclass(frozen=True)
class Changed:
    """A clock of a case that is, or would be, another."""

    case: Case
    difference: Difference

    def __getattr__(self, name: str) -> Any:
        return getattr(self.difference, name)


@dataclass(frozen=True)
class Previewed:
    """The cases that were looked at, and their clocks that would be others."""

    cases: Sequence[Case]
    differences: Sequence[Changed]


async def preview(supposed: Supposed, which: Condition, now: datetime, *, first: int = 500) -> Previewed:
    """The clocks that would change for the `first` so many active cases of which `which` holds, newest first.

    `which` says what the viewer may see. Raises BadInput for hours that cannot be read.
    """
    has_promise = Compare("sla_version_id", Op.IS_NULL, False)
    wanted = which if supposed.policy else All((which, has_promise))
    cases = await select(Case, wanted, order=(Order("id", descending=True),), limit=min(first, MOST_CASES))
    histories = await clocks.histories_of([case.id for case in cases])
    hours = Hours.from_spec(supposed.hours) if supposed.hours is not None else None
    policies: dict[UUID | None, Policy] = {}
    found: list[Changed] = []
    for case in cases:
        key = case.sla_version_id
        if key not in policies:
            policies[key] = await _supposed_policy(supposed, key, hours)
        differing = await _differences(case, histories[case.id], policies[key], supposed, now)
        found.extend(Changed(case, one) for one in differing)
    return Previewed(cases, found)


async def _supposed_policy(supposed: Supposed, version_id: UUID | None, hours: Hours | None) -> Policy:
    """The policy that a case would have: another one, or its own with another calendar in it."""
    if supposed.policy is not None:
        keys = await newest_calendars(supposed.policy.tenant_id, calendar_keys(supposed.policy.spec))
        policy = read(supposed.policy.spec, await calendars_of(keys))
    else:
        assert version_id is not None, "only cases with a policy are looked at when none is supposed"
        policy = await policy_of(version_id)
    if supposed.calendar is None or hours is None:
        return policy
    key = str(supposed.calendar.id)
    return replace(policy, calendars={**policy.calendars, key: hours} if key in policy.calendars else policy.calendars)


async def _differences(
    case: Case, history: list[Event], policy: Policy, supposed: Supposed, now: datetime
) -> list[Difference]:
    columns: dict[str, Any] = dict(clocks.columns_of(case))
    before = (
        [] if case.sla_version_id is None else (await clocks.evaluate(history, columns, case.sla_version_id)).clocks
    )
    events = history
    if supposed.priority is not None and supposed.priority is not case.priority:
        changed = Fact(FactKind.CHANGED, {"priority": supposed.priority})
        events = [*history, Event(len(history) + 1, max(now, case.updated_at), changed, Actor())]
        columns["priority"] = supposed.priority
    known = await clocks.known_rows(policy, columns)
    after = clocks.replayed(events, columns, case.sla_version_id or case.id, policy, known).clocks
    return differences(before, after, now)

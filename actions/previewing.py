"""Previewing: what another priority, policy or calendar would make of the clocks of cases, without writing anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from actions import clocks
from actions.policies import Version, calendars_of, read, version_of
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
    olds = {key: await version_of(key) for key in {case.sla_version_id for case in cases} if key}
    news = {key: await _supposed(supposed, olds[key] if key else None, hours) for key in {*olds, None}}
    policies = [version.policy for version in (*olds.values(), *news.values()) if version]
    known = await clocks.known_rows((policy, clocks.columns_of(case)) for case in cases for policy in policies)
    found: list[Changed] = []
    for case in cases:
        key = case.sla_version_id
        new = news[key]
        assert new is not None, "only cases with a policy are looked at when none is supposed"
        old = olds[key] if key else None
        found.extend(
            Changed(case, one) for one in _differences(case, histories[case.id], old, new, known, supposed, now)
        )
    return Previewed(cases, found)


async def _supposed(supposed: Supposed, version: Version | None, hours: Hours | None) -> Version | None:
    """The version that a case would have: that of another policy, or its own with another calendar in it."""
    if supposed.policy is not None:
        keys = await newest_calendars(supposed.policy.tenant_id, calendar_keys(supposed.policy.spec))
        policy = read(supposed.policy.spec, await calendars_of(keys))
        version = Version(supposed.policy.id, supposed.policy.id, policy)
    if version is None or supposed.calendar is None or hours is None:
        return version
    calendars, key = version.policy.calendars, str(supposed.calendar.id)
    return replace(
        version, policy=replace(version.policy, calendars={**calendars, key: hours} if key in calendars else calendars)
    )


def _differences(
    case: Case,
    history: Sequence[Event],
    old: Version | None,
    new: Version,
    known: Mapping[object, object],
    supposed: Supposed,
    now: datetime,
) -> list[Difference]:
    columns = clocks.columns_of(case)
    before = clocks.replayed(history, columns, old, known).clocks if old else ()
    events = history
    if supposed.priority is not None and supposed.priority is not case.priority:
        changed = Fact(FactKind.CHANGED, {"priority": supposed.priority})
        events = [*history, Event(len(history) + 1, max(now, case.updated_at), changed, Actor())]
        columns["priority"] = supposed.priority
    return differences(before, clocks.replayed(events, columns, new, known).clocks, now)

"""Attainment: what our promises would have made of an imported log, beside what the log itself says of its own.

The tenant is given two policies for the resolution, with the same targets by priority: one around the clock, one in
business hours. They are active, so that they can be looked at, tried on cases and made the default, but nothing gets
them by itself: the histories that were imported are replayed under them, and nothing is written of any case.

The log's word is `made_sla` on the last event of a case. Ours is that no resolution of the case took longer than was
promised; of a case that is open still, as of its last event. The log does not say by which targets it judged.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from actions.calendars import save_calendar
from actions.clocks import columns_of, histories_of, replayed
from actions.policies import Version, version_of
from actions.promises import activate_sla_policy, save_sla_policy
from actions.promising import newest_version
from cases.conditions import All, Compare, Op
from cases.history import Event
from cases.refusals import Unknown
from cases.viewer import Viewer
from cases.vocabulary import Priority, Role
from models import Calendar, Case, SlaPolicy, Tenant
from models.reading import first, select
from models.unit_of_work import unit_of_work
from sla.clock import Clock

TARGETS: Final = {Priority.CRITICAL: 4, Priority.HIGH: 24, Priority.MEDIUM: 120, Priority.LOW: 240}
"""Hours until the resolution; around the clock as they are, in business hours a third of them: a day has eight."""
VARIANTS: Final = {"around the clock": "Imported, around the clock", "business hours": "Imported, business hours"}
CALENDAR: Final = "Imported, business hours"
WORKDAYS: Final = ("mon", "tue", "wed", "thu", "fri")
CASES_AT_ONCE: Final = 200


@dataclass(frozen=True)
class Judged:
    """A case: whether the log says that the agreed time was kept, and whether ours would have been, by variant."""

    name: str
    priority: Priority
    kept_by_log: bool
    kept: dict[str, bool]
    ran: dict[str, timedelta]


@dataclass(frozen=True)
class Attainment:
    """All cases of a priority: how many, how many were kept, and how many are judged otherwise than by the log."""

    priority: Priority
    cases: int
    kept_by_log: int
    kept: dict[str, int]
    differing: dict[str, int]


async def judge(tenant: str | None, now: datetime) -> list[Judged]:
    """The imported cases of a tenant, by their names in the log.

    Raises Unknown for a tenant that is not there, or if it is not clear which one is meant.
    """
    owner = await _tenant(tenant)
    versions = await unit_of_work(lambda: _versions(owner, now))
    own = (Compare("tenant_id", Op.EQ, owner.id), Compare("external_id", Op.IS_NULL, False))
    keys = [case.id for case in await select(Case, All(own), columns=("id",))]
    judged: list[Judged] = []
    for start in range(0, len(keys), CASES_AT_ONCE):
        some = tuple(keys[start : start + CASES_AT_ONCE])
        histories = await histories_of(some)
        for case in await select(Case, All((*own, Compare("id", Op.IN, some)))):
            judged.extend(_judged(case, histories[case.id], versions))
    return sorted(judged, key=lambda one: one.name)


def attainments(judged: Sequence[Judged]) -> list[Attainment]:
    """One row per priority, the highest first."""
    rows = []
    for priority in reversed(Priority):
        ours = [one for one in judged if one.priority is priority]
        kept = {variant: sum(one.kept[variant] for one in ours) for variant in VARIANTS}
        differing = {variant: sum(one.kept[variant] is not one.kept_by_log for one in ours) for variant in VARIANTS}
        rows.append(Attainment(priority, len(ours), sum(one.kept_by_log for one in ours), kept, differing))
    return [row for row in rows if row.cases]


def report(judged: Sequence[Judged]) -> Iterator[str]:
    """Lines: attainment per priority beside the log's own, then the cases that differ from it."""
    yield f"{'priority':10}{'cases':>7}{'log':>9}" + "".join(f"{variant:>18}{'differ':>8}" for variant in VARIANTS)
    for row in attainments(judged):
        shares = "".join(f"{row.kept[one] / row.cases:>18.1%}{row.differing[one]:>8}" for one in VARIANTS)
        yield f"{row.priority:10}{row.cases:>7}{row.kept_by_log / row.cases:>9.1%}{shares}"
    for variant in VARIANTS:
        differing = [one for one in judged if one.kept[variant] is not one.kept_by_log]
        yield f"\n{variant}: {len(differing)} of {len(judged)} cases are judged otherwise than by the log"
        for one in differing:
            target = timedelta(minutes=_minutes(variant, one.priority))
            log, ours = ("kept" if kept else "broken" for kept in (one.kept_by_log, one.kept[variant]))
            yield f"  {one.name:12} {one.priority:9} log {log:6} ours {ours:6} ran {one.ran[variant]} of {target}"


def clocks_of_case(case: Case, history: Sequence[Event], version: Version) -> Sequence[Clock]:
    """The clocks that a case would have had under a version. Its conditions ask of the case alone."""
    return replayed(history, columns_of(case), version, {}).clocks


def _judged(case: Case, history: Sequence[Event], versions: dict[str, Version]) -> Iterator[Judged]:
    word = history[-1].fact.details.get("made_sla")
    if not isinstance(word, bool):
        return
    at = history[-1].at
    clocks = {variant: clocks_of_case(case, history, version) for variant, version in versions.items()}
    yield Judged(
        name=str(case.external_id),
        priority=case.priority,
        kept_by_log=word,
        kept={variant: all(one.breached_at(at) is None for one in found) for variant, found in clocks.items()},
        ran={
            variant: max((one.active_for(at) for one in found), default=timedelta(0))
            for variant, found in clocks.items()
        },
    )


async def _versions(tenant: Tenant, now: datetime) -> dict[str, Version]:
    """The policies of both variants, made by the acts with which an administrator would if they are not there yet."""
    by = Viewer(tenant.id, Role.ADMIN, "Import")
    own = Compare("tenant_id", Op.EQ, tenant.id)
    calendar = await first(Calendar, All((own, Compare("name", Op.EQ, CALENDAR))))
    if calendar is None:
        hours = {"timezone": tenant.zone, "weekly_hours": {day: [["09:00", "17:00"]] for day in WORKDAYS}}
        calendar = await save_calendar(CALENDAR, hours, actor=by, now=now)
    found: dict[str, Version] = {}
    for variant, name in VARIANTS.items():
        policy = await first(SlaPolicy, All((own, Compare("name", Op.EQ, name))))
        if policy is None:
            policy = await save_sla_policy(name, _items(variant, calendar.id), actor=by, now=now)
            await activate_sla_policy(policy, actor=by, now=now)
        found[variant] = await version_of(await newest_version(policy))
    return found


def _items(variant: str, calendar_id: UUID) -> list[dict[str, Any]]:
    return [
        {
            "name": f"Resolution, {priority.lower()}",
            "kpi": "resolution",
            "applicable_when": {"priority": {"eq": priority.name}},
            "fail_after": {"amount": _minutes(variant, priority), "unit": "MINUTES"},
            **({"calendar": str(calendar_id)} if variant == "business hours" else {}),
        }
        for priority in reversed(Priority)
    ]


def _minutes(variant: str, priority: Priority) -> int:
    return TARGETS[priority] * (20 if variant == "business hours" else 60)


async def _tenant(slug: str | None) -> Tenant:
    if slug is not None:
        found = await Tenant.get_or_none(slug=slug)
        if found is None:
            raise Unknown(f"There is no tenant {slug}.")
        return found
    tenants = await Tenant.all().limit(2)
    if len(tenants) != 1:
        raise Unknown("There are several tenants: say which one." if tenants else "There is no tenant yet.")
    return tenants[0]

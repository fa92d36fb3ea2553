"""Promised: policies and the clocks that follow from them, for tests of the shell."""

from datetime import datetime
from typing import Any
from uuid import UUID

from actions import promises, promising
from cases.vocabulary import Role
from models import Case, CaseEvent, SlaKpiInstance, SlaPolicy
from tests import given


def item(kpi: str = "first_response", minutes: int = 60, *, name: str = "", **said: Any) -> dict[str, Any]:
    """An item named after its KPI unless `name` says otherwise; `warn` are minutes too."""
    warn = said.pop("warn", None)
    if warn is not None:
        said["warn_after"] = {"amount": warn, "unit": "MINUTES"}
    return {"name": name or kpi, "kpi": kpi, "fail_after": {"amount": minutes, "unit": "MINUTES"}, **said}


async def default(*items: dict[str, Any], name: str = "Gold") -> SlaPolicy:
    """An active policy of these items that new cases get."""
    lead = await given.viewer(Role.ADMIN)
    policy = await given.sla_policy(name, *items, by=lead)
    rows = await given.done(promises.set_default_sla_policy, by=lead, policy=policy)
    made: SlaPolicy = rows["sla_policy"]
    return made


async def changed(policy: SlaPolicy, *items: dict[str, Any], activate: bool = True) -> SlaPolicy:
    """The policy after its items were saved anew, and activated unless it stays a draft."""
    lead = await given.viewer(Role.ADMIN)
    rows = await given.done(promises.save_sla_policy, by=lead, policy=policy, name=policy.name, items=list(items))
    if activate:
        rows = await given.done(promises.activate_sla_policy, by=lead, policy=policy)
    saved: SlaPolicy = rows["sla_policy"]
    return saved


async def applied(case: Case, policy: SlaPolicy | None, now: datetime = given.NOW) -> Case:
    """The case after somebody chose the policy for it by hand, or took that back."""
    rows = await given.done(promising.apply_sla, by=await given.viewer(), case=case, policy=policy, now=now)
    chosen: Case = rows["case"]
    return chosen


async def clock(case: Case, kpi: str = "first_response", cycle: int = 1) -> SlaKpiInstance:
    return await SlaKpiInstance.get(case_id=case.id, kpi=kpi, cycle=cycle)


async def states(case: Case) -> dict[str, str]:
    """The stored states of a case's clocks, by KPI."""
    return {row.kpi: row.state.value for row in await SlaKpiInstance.filter(case_id=case.id)}


async def told(case: Case | UUID) -> list[tuple[str, str]]:
    """What was announced on a case, in order: KPI and what, or the name of the level."""
    key = case if isinstance(case, UUID) else case.id
    events = await CaseEvent.filter(case_id=key, kind="SLA_ANNOUNCED").order_by("number")
    details = [event.payload["details"] for event in events]
    return [(said["kpi"], said["level"] or said["what"]) for said in details]

"""Which policy makes promises for a case."""

from datetime import datetime
from typing import Any
from uuid import UUID

from actions.record import record
from cases import lifecycle
from cases.conditions import All, Compare, Op
from cases.facts import Fact
from cases.refusals import BadInput
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import FactKind, SlaSource
from models.case import Case
from models.people import Tenant
from models.reading import by_ids, first
from models.sla import SlaPolicy, SlaPolicyVersion

DISABLED = "sla_disabled"
"""The setting of a tenant with which policies are kept, but not applied to new cases."""


async def apply_sla(case: Case, policy: SlaPolicy | None, *, actor: Viewer, now: datetime) -> Case:
    """Lets a policy make the promises for a case, whatever made them before; all that the case paused so far counts.

    Null takes back what was chosen by hand: the default holds again, if there is one.
    """
    lifecycle.step(Standing.of(case), FactKind.SLA_APPLIED)
    if policy is None:
        changes = await default_promise(case.tenant_id)
    else:
        changes = {"sla_version_id": await newest_version(policy), "sla_source": SlaSource.HAND}
    return await record(case, _applied(case, changes), actor=actor, now=now, cause="apply_sla")


async def default_promise(tenant_id: UUID) -> dict[str, Any]:
    """The columns of a case for which nobody chose a policy: the default's newest version, or nothing."""
    default = await first(SlaPolicy, All((Compare("tenant_id", Op.EQ, tenant_id), Compare("is_default", Op.EQ, True))))
    if default is None or await _is_disabled(tenant_id):
        return {"sla_version_id": None, "sla_source": None}
    return {"sla_version_id": await newest_version(default), "sla_source": SlaSource.DEFAULT}


async def newest_version(policy: SlaPolicy) -> UUID:
    """The version that new cases get. Raises BadInput for a policy that is not active."""
    if not policy.active:
        raise BadInput("This policy is not active.", path=("policy_id",))
    wanted = All((Compare("policy_id", Op.EQ, policy.id), Compare("number", Op.EQ, policy.version)))
    version = await first(SlaPolicyVersion, wanted)
    assert version is not None, "an active policy has its newest version"
    return version.id


def _applied(case: Case, changes: dict[str, Any]) -> list[Fact]:
    differs = any(getattr(case, name) != value for name, value in changes.items())
    return [Fact(FactKind.SLA_APPLIED, changes)] if differs else []


async def _is_disabled(tenant_id: UUID) -> bool:
    tenant = (await by_ids(Tenant, [tenant_id], Compare("id", Op.EQ, tenant_id)))[tenant_id]
    return bool(tenant.settings.get(DISABLED))

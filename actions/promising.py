"""Which policy makes promises for a case."""

from datetime import datetime
from typing import Any
from uuid import UUID

from actions.record import record
from actions.tenant_settings import settings_of
from cases import lifecycle
from cases.conditions import EVERYTHING, All, Compare, Op
from cases.facts import Fact
from cases.refusals import BadInput
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import FactKind, SlaSource
from models.case import Case
from models.entitlements import Entitlement
from models.reading import by_ids, first
from models.sla import SlaPolicy, SlaPolicyVersion


async def apply_sla(case: Case, policy: SlaPolicy | None, *, actor: Viewer, now: datetime) -> Case:
    """Lets a policy make the promises for a case, whatever made them before; all that the case paused so far counts.

    Null takes back what was chosen by hand: the policy of the case's entitlement holds again, or the default, if any.
    """
    lifecycle.step(Standing.of(case), FactKind.SLA_APPLIED)
    if policy is None:
        changes = await default_promise(case.tenant_id, case.entitlement_id)
    else:
        changes = {"sla_version_id": await newest_version(policy), "sla_source": SlaSource.HAND}
    return await record(case, _applied(case, changes), actor=actor, now=now, cause="apply_sla")


async def default_promise(tenant_id: UUID, entitlement_id: UUID | None = None) -> dict[str, Any]:
    """The columns of a case for which nobody chose a policy: that of its entitlement, or the default, or nothing."""
    if (await settings_of(tenant_id)).sla_disabled:
        return {"sla_version_id": None, "sla_source": None}
    if entitlement_id is not None:
        entitlement = (await by_ids(Entitlement, [entitlement_id], EVERYTHING))[entitlement_id]
        policy_id = entitlement.sla_policy_id
        policy = (await by_ids(SlaPolicy, [policy_id], EVERYTHING))[policy_id] if policy_id else None
        if policy is not None and policy.active:
            return {"sla_version_id": await newest_version(policy), "sla_source": SlaSource.ENTITLEMENT}
    default = await first(SlaPolicy, All((Compare("tenant_id", Op.EQ, tenant_id), Compare("is_default", Op.EQ, True))))
    if default is None:
        return {"sla_version_id": None, "sla_source": None}
    return {"sla_version_id": await newest_version(default), "sla_source": SlaSource.DEFAULT}


async def promised_anew(case: Case, entitlement_id: UUID | None) -> list[Fact]:
    """What follows for the promises of a case that comes to be on this entitlement, or on none.

    Nothing, if somebody chose its policy: by hand or by a rule is stronger than by contract.
    """
    if case.sla_source in (SlaSource.HAND, SlaSource.AUTOMATION):
        return []
    return _applied(case, await default_promise(case.tenant_id, entitlement_id))


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

"""Keeping policies: saved as drafts, used from activation on, version by version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from actions.calendars import name_not_taken
from actions.policies import calendars_of, read
from actions.signature import Spelled
from actions.versions import calendar_keys, new_version, newest_calendars
from cases import rules
from cases.conditions import EVERYTHING, All, Compare, Op
from cases.refusals import BadInput, Duplicate, Several
from cases.viewer import Viewer
from models.locking import locked
from models.people import Tenant
from models.reading import exists
from models.sla import SlaPolicy
from sla.calendar import Calendar as Hours
from sla.policy_linter import lint, refuse_for


async def save_sla_policy(
    name: str,
    items: Annotated[list[dict[str, Any]], Spelled("list[SlaItemInput]")],
    description: str = "",
    waits: Annotated[list[str] | None, Spelled("list[CaseStatusReason]")] = None,
    pause_rules: Annotated[list[dict[str, Any]] | None, Spelled("list[SlaPauseRuleInput]")] = None,
    kpis: Annotated[list[dict[str, Any]] | None, Spelled("list[SlaKpiInput]")] = None,
    responses: Annotated[list[dict[str, Any]] | None, Spelled("list[SlaResponseRuleInput]")] = None,
    policy: SlaPolicy | None = None,
    *,
    actor: Viewer,
    now: datetime,
) -> SlaPolicy:
    """Saves a policy as a draft: a new one, or what an existing one is to become.

    Nothing changes for any case before it is activated.
    """
    rules.refuse(rules.text(name, 200, ("name",), required=True), rules.text(description, 2000, ("description",)))
    parts = {"waits": waits, "pause_rules": pause_rules, "kpis": kpis, "responses": responses}
    spec = {"name": name, "items": items, **{part: value for part, value in parts.items() if value is not None}}
    _check(spec, await calendars_of(await newest_calendars(actor.tenant_id, calendar_keys(spec))))
    saved = policy or SlaPolicy(tenant_id=actor.tenant_id, created_at=now, version=0)
    await _check_name(name, saved, actor)
    saved.name, saved.description, saved.spec = name, description, spec
    with name_not_taken("policy"):
        await saved.save(force_create=policy is None)
    return saved


def _check(spec: dict[str, Any], calendars: Mapping[str, Hours]) -> None:
    """Raises what cannot be accepted of a policy, with paths as the input has them: it names calendars by their ids."""
    try:
        read(spec, calendars)
    except Several as several:
        raise Several(problems=[_as_given(problem) for problem in several.problems]) from None
    except BadInput as problem:
        raise _as_given(problem) from None


def _as_given(problem: BadInput) -> BadInput:
    path = tuple("calendar_id" if part == "calendar" else part for part in problem.path)
    return BadInput(problem.message, path=path)


async def activate_sla_policy(policy: SlaPolicy, *, actor: Viewer, now: datetime) -> SlaPolicy:
    """Makes what was saved of a policy the version that cases get from now on.

    Refused for a policy without items, and for one whose items cannot work. Running clocks keep their version.
    """
    keys = await newest_calendars(policy.tenant_id, calendar_keys(policy.spec))
    refuse_for(lint(read(policy.spec, await calendars_of(keys)), now.year))
    policy.active, policy.fault = True, None
    await policy.save(update_fields=["active", "fault"])
    await new_version(policy, keys, now)
    return policy


async def deactivate_sla_policy(policy: SlaPolicy, *, actor: Viewer, now: datetime) -> SlaPolicy:
    """Takes a policy out of use. Cases that have it keep it; if it was the default, there is none."""
    policy.active, policy.is_default = False, False
    await policy.save(update_fields=["active", "is_default"])
    return policy


async def set_default_sla_policy(policy: SlaPolicy, *, actor: Viewer, now: datetime) -> SlaPolicy:
    """Makes an active policy the one that new cases get if nobody chooses another. There is one default at most."""
    if not policy.active:
        raise BadInput("Only an active policy can be the default.", path=("policy_id",))
    await locked(Tenant, [policy.tenant_id], EVERYTHING)  # or two at once would both find that there is no other
    await SlaPolicy.filter(tenant_id=policy.tenant_id, is_default=True).update(is_default=False)
    policy.is_default = True
    await policy.save(update_fields=["is_default"])
    return policy


async def _check_name(name: str, policy: SlaPolicy, actor: Viewer) -> None:
    same = (Compare("tenant_id", Op.EQ, actor.tenant_id), Compare("name", Op.EQ, name))
    if await exists(SlaPolicy, All((*same, Compare("id", Op.NIN, (policy.id,))))):
        raise Duplicate("There is a policy with this name already.", path=("name",))

"""Versions of policies: what is activated is kept as it was, with the calendars as they were."""

from datetime import datetime
from typing import Any
from uuid import UUID

from cases.conditions import All, Compare, Op
from models.locking import locked
from models.reading import by_ids, select
from models.sla import Calendar, CalendarVersion, SlaPolicy, SlaPolicyVersion
from models.unit_of_work import in_unit_of_work


async def newest_calendars(tenant_id: UUID, keys: set[str]) -> dict[str, UUID]:
    """The newest version of each of these calendars of a tenant, by key; those that are not there are left out.

    In a unit of work nobody else saves one of them before it ends: a policy would miss the version that came meanwhile.
    """
    find = locked if in_unit_of_work() else by_ids
    found: dict[str, UUID] = {}
    own = Compare("tenant_id", Op.EQ, tenant_id)
    for calendar in (await find(Calendar, [UUID(key) for key in sorted(keys) if _is_key(key)], own)).values():
        newest = All((Compare("calendar_id", Op.EQ, calendar.id), Compare("number", Op.EQ, calendar.version)))
        (version,) = await select(CalendarVersion, newest)
        found[str(calendar.id)] = version.id
    return found


async def new_version(policy: SlaPolicy, calendars: dict[str, UUID], now: datetime) -> SlaPolicyVersion:
    """Keeps the policy as it is now as its next version."""
    policy.version += 1
    version = await SlaPolicyVersion.create(
        tenant_id=policy.tenant_id,
        created_at=now,
        policy_id=policy.id,
        number=policy.version,
        spec=policy.spec,
        calendars={key: str(value) for key, value in calendars.items()},
    )
    await policy.save(update_fields=["version"])
    return version


async def new_versions_for(calendar: Calendar, version: CalendarVersion, now: datetime) -> None:
    """Gives each active policy that uses the calendar a version with the calendar's newest one."""
    active = All((Compare("tenant_id", Op.EQ, calendar.tenant_id), Compare("active", Op.EQ, True)))
    ids = [policy.id for policy in await select(SlaPolicy, active, columns=("id",))]
    for policy in (await locked(SlaPolicy, ids, active)).values():
        newest = All((Compare("policy_id", Op.EQ, policy.id), Compare("number", Op.EQ, policy.version)))
        (last,) = await select(SlaPolicyVersion, newest)
        if str(calendar.id) in last.calendars:
            policy_spec, policy.spec = policy.spec, last.spec  # what was saved and not activated stays a draft
            renewed = {key: UUID(value) for key, value in last.calendars.items()} | {str(calendar.id): version.id}
            await new_version(policy, renewed, now)
            policy.spec = policy_spec


def calendar_keys(spec: dict[str, Any]) -> set[str]:
    """The calendars that the items of a stored policy name."""
    return {item["calendar"] for item in spec.get("items", ()) if item.get("calendar")}


def _is_key(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False

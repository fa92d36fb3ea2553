"""In whose hours an entitlement is read: those of the first calendar that its policy's items name."""

from typing import Any
from uuid import UUID

from actions.configuration import tenant_of
from actions.policies import calendars_of
from actions.versions import newest_calendars
from cases.conditions import EVERYTHING
from models.entitlements import Entitlement
from models.reading import by_ids
from models.sla import Calendar as CalendarRow
from models.sla import SlaPolicy
from sla.calendar import Calendar


async def opening_hours_of(entitlement: Entitlement) -> Calendar | None:
    """The hours that burn at the plain rate; null if the entitlement has no policy, or its policy no calendar."""
    key = await _calendar_key(entitlement.tenant_id, entitlement.sla_policy_id)
    if key is None:
        return None
    newest = await newest_calendars(entitlement.tenant_id, {key})
    return (await calendars_of(newest)).get(key)


async def zone_of(tenant_id: UUID, sla_policy_id: UUID | None) -> str:
    """The zone in which the dates of an entitlement are read: the calendar's, or else the tenant's."""
    key = await _calendar_key(tenant_id, sla_policy_id)
    if key is not None:
        calendar = (await by_ids(CalendarRow, [UUID(key)], EVERYTHING)).get(UUID(key))
        if calendar is not None:
            spec: dict[str, Any] = calendar.spec
            return str(spec["timezone"])
    return (await tenant_of(tenant_id)).zone


async def _calendar_key(tenant_id: UUID, sla_policy_id: UUID | None) -> str | None:
    if sla_policy_id is None:
        return None
    policy = (await by_ids(SlaPolicy, [sla_policy_id], EVERYTHING))[sla_policy_id]
    return next((item["calendar"] for item in policy.spec.get("items", ()) if item.get("calendar")), None)

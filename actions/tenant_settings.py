"""What a tenant decided for itself: looked up by acts, changed by its administrators."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from actions.configuration import tenant_of
from actions.signature import Spelled
from cases.conditions import EVERYTHING
from cases.refusals import BadInput, Several
from cases.tenant_settings import TenantSettings, changed
from cases.viewer import Viewer
from models.locking import locked
from models.people import Tenant


async def settings_of(tenant_id: UUID) -> TenantSettings:
    """What the tenant decided."""
    return TenantSettings.of((await tenant_of(tenant_id)).settings)


async def save_tenant_settings(
    settings: Annotated[dict[str, Any], Spelled("TenantSettingsInput")], *, actor: Viewer, now: datetime
) -> Tenant:
    """Changes settings of the tenant; those that are left out stay as they are. They hold from now on."""
    tenant = (await locked(Tenant, [actor.tenant_id], EVERYTHING))[actor.tenant_id]
    try:
        tenant.settings = changed(tenant.settings, settings)
    except Several as several:
        raise Several(problems=[_placed(problem) for problem in several.problems]) from None
    except BadInput as problem:
        raise _placed(problem) from None
    await tenant.save(update_fields=["settings"])
    return tenant


def _placed(problem: BadInput) -> BadInput:
    return BadInput(problem.message, path=("settings", *problem.path))

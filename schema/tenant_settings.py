"""The settings of a tenant as clients see and spell them: made from their one declaration."""

import dataclasses
from typing import Any, get_args, get_origin

import models
from cases.tenant_settings import ABOUT, HINTS, TenantSettings
from cases.vocabulary import Role
from schema.context import Context
from schema.derived import NAMES, Member, derive_input, derive_type
from schema.enums import public_type


def settings_for(row: models.Tenant, context: Context) -> TenantSettings | None:
    """What a tenant decided; nothing for customers."""
    return None if context.viewer.role is Role.CUSTOMER else TenantSettings.of(row.settings)


def _spelled(of: Any) -> Any:
    return list[public_type(get_args(of)[0])] if get_origin(of) is tuple else public_type(of)  # type: ignore[misc]


derive_type(
    "TenantSettings",
    {name: Member(_spelled(of), ABOUT[name].sentence, default=dataclasses.MISSING) for name, of in HINTS.items()},
    "What a tenant decided for itself; where it did not, the defaults.",
)
derive_input(
    "TenantSettingsInput",
    {name: Member(_spelled(of) | None, ABOUT[name].sentence) for name, of in HINTS.items()},
    "Settings to be changed; what is left out stays as it is.",
)
PublicSettings = NAMES["TenantSettings"]

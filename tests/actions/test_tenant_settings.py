"""Who decides for a tenant, and what the decision is for everybody else."""

from typing import Any

import pytest

from actions import tenant_settings
from actions.tenant_settings import settings_of
from cases.kinship import ClosurePreference
from cases.refusals import NotPermitted
from cases.vocabulary import Role
from models import Tenant
from models.database import Database
from tests import given
from tests.given import done

SAVE = """mutation($settings: TenantSettingsInput!) { saveTenantSettings(input: {settings: $settings}) {
    tenant { settings { closurePreference childrenMax inherited } } userErrors { code path } } }"""
ASK = "{ viewer { tenant { settings { closurePreference childrenMax } } } }"


async def test_an_administrator_changes_some_settings_and_the_others_stay(database: Database):
    admin = await given.viewer(Role.ADMIN)
    await done(tenant_settings.save_tenant_settings, by=admin, settings={"children_max": 5})

    await done(tenant_settings.save_tenant_settings, by=admin, settings={"closure_preference": "CASCADE"})
    settings = await settings_of(admin.tenant_id)

    assert (settings.children_max, settings.closure_preference) == (5, ClosurePreference.CASCADE)


async def test_settings_are_of_one_tenant(sqlite_database: Database):
    other = await given.tenant("other")
    await done(tenant_settings.save_tenant_settings, by=await given.viewer(Role.ADMIN), settings={"children_max": 5})

    assert (await settings_of(other.id)).children_max == 100


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AGENT, Role.INTEGRATION, Role.CUSTOMER])
async def test_nobody_but_an_administrator_decides(sqlite_database: Database, role: Role):
    by = await given.viewer(role)
    with pytest.raises(NotPermitted):
        await done(tenant_settings.save_tenant_settings, by=by, settings={"children_max": 5})

    assert (await Tenant.get(id=by.tenant_id)).settings == {}


async def test_the_api_spells_them(database: Database):
    admin = await given.viewer(Role.ADMIN)
    said: dict[str, Any] = {"closurePreference": "RESTRICT", "inherited": ["TEAM", "ENTITLEMENT"]}

    answer = await given.answer(SAVE, viewer=admin, settings=said)

    assert answer["saveTenantSettings"] == {"tenant": {"settings": {**said, "childrenMax": 100}}, "userErrors": []}


async def test_a_refused_setting_is_named_in_the_path(sqlite_database: Database):
    answer = await given.answer(SAVE, viewer=await given.viewer(Role.ADMIN), settings={"childrenMax": 1000})

    assert answer["saveTenantSettings"]["userErrors"] == [
        {"code": "BAD_INPUT", "path": ["input", "settings", "childrenMax"]}
    ]


async def test_the_staff_see_them_and_customers_do_not(sqlite_database: Database):
    agent, customer = await given.viewer(), await given.viewer(Role.CUSTOMER)

    assert await given.answer(ASK, viewer=agent) == {
        "viewer": {"tenant": {"settings": {"closurePreference": "INDEPENDENT", "childrenMax": 100}}}
    }
    assert await given.answer(ASK, viewer=customer) == {"viewer": {"tenant": {"settings": None}}}

"""Permissions: who may do what, one sentence per rule."""

from uuid import UUID

import pytest

from cases import permissions
from cases.refusals import NotPermitted
from cases.viewer import Viewer
from cases.vocabulary import Audience, Role

ACTS = sorted(permissions.ROLES_BY_ACT)
FOR_ADMINISTRATORS = {act for act in ACTS if permissions.ROLES_BY_ACT[act] == {Role.ADMIN}}
FOR_LEADS = FOR_ADMINISTRATORS | {act for act in ACTS if permissions.ROLES_BY_ACT[act] == permissions.LEADS}


def viewer(role: Role, *scopes: str) -> Viewer:
    return Viewer(UUID(int=1), role, "Somebody", scopes=frozenset(scopes or {"*"}))


@pytest.mark.parametrize(
    ("role", "forbidden"),
    [
        pytest.param(Role.ADMIN, set(), id="an administrator may do everything"),
        pytest.param(Role.MANAGER, FOR_ADMINISTRATORS, id="a manager does all but decide for the tenant"),
        pytest.param(Role.AGENT, FOR_LEADS, id="an agent does all but what is for those who lead"),
        pytest.param(Role.INTEGRATION, FOR_LEADS, id="an integration acts as an agent"),
        pytest.param(
            Role.CUSTOMER,
            set(ACTS) - {"create_case", "add_comment", "attach_file", "urge_case", "cancel_case", "reactivate_case"},
            id="a customer asks, answers, sends files, urges, takes back and comes back",
        ),
    ],
)
def test_roles(role: Role, forbidden: set[str]) -> None:
    assert {act for act in ACTS if not permissions.may(viewer(role), act)} == forbidden


@pytest.mark.parametrize("act", ["delete_case", "save_calendar", "activate_sla_policy", "recalculate_sla"])
def test_deleting_and_promising_is_for_those_who_lead(act: str) -> None:
    assert act in FOR_LEADS


def test_deciding_for_the_tenant_is_for_its_administrators() -> None:
    assert "save_tenant_settings" in FOR_ADMINISTRATORS


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", ACTS)
def test_a_key_that_may_only_read_does_nothing(role: Role, act: str) -> None:
    assert not permissions.may(viewer(role, "read"), act)


def test_a_key_that_may_write_does_what_its_role_may() -> None:
    assert permissions.may(viewer(Role.AGENT, "write"), "resolve_case")
    assert not permissions.may(viewer(Role.AGENT, "write"), "delete_case")


def test_a_key_without_scopes_does_nothing() -> None:
    keyless = Viewer(UUID(int=1), Role.ADMIN, "Somebody", scopes=frozenset())

    assert not permissions.may(keyless, "create_case")


def test_check_refuses_what_may_denies() -> None:
    permissions.check(viewer(Role.MANAGER), "delete_case")

    with pytest.raises(NotPermitted):
        permissions.check(viewer(Role.AGENT), "delete_case")


def test_an_act_without_a_row_is_a_bug() -> None:
    with pytest.raises(KeyError):
        permissions.may(viewer(Role.ADMIN), "paint_case")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CUSTOMER])
def test_whoever_works_for_the_tenant_writes_to_both_audiences(role: Role) -> None:
    for audience in Audience:
        permissions.check_audience(viewer(role), audience)


def test_a_customer_writes_and_reads_in_public_only() -> None:
    permissions.check_audience(viewer(Role.CUSTOMER), Audience.PUBLIC)

    with pytest.raises(NotPermitted) as refusal:
        permissions.check_audience(viewer(Role.CUSTOMER), Audience.INTERNAL)
    assert refusal.value.path == ("audience",)
    assert permissions.audiences(viewer(Role.CUSTOMER)) == {Audience.PUBLIC}

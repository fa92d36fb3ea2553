"""What a tenant may decide for itself, and what it has decided if it never did."""

from typing import Any

import pytest
from pytest import param

from cases.kinship import ClosurePreference, Inheritable
from cases.refusals import BadInput, Several
from cases.tenant_settings import ABOUT, HINTS, TenantSettings, changed


def test_who_decided_nothing_has_the_defaults():
    settings = TenantSettings.of({})

    assert settings == TenantSettings()
    assert (settings.closure_preference, settings.hierarchy_depth, settings.children_max) == (
        ClosurePreference.INDEPENDENT,
        1,
        100,
    )


def test_every_setting_says_what_it_is_about():
    assert set(ABOUT) == set(HINTS)
    assert all(about.sentence.endswith(".") for about in ABOUT.values())


def test_stored_settings_are_read_as_what_they_are():
    stored = {"closure_preference": "CASCADE", "children_max": 7, "inherited": ["TEAM"], "sla_disabled": True}

    settings = TenantSettings.of(stored)

    assert settings.closure_preference is ClosurePreference.CASCADE
    assert (settings.children_max, settings.inherited, settings.sla_disabled) == (7, (Inheritable.TEAM,), True)


def test_a_setting_of_another_version_is_left_alone():
    assert TenantSettings.of({"forgotten": 3}) == TenantSettings()
    assert changed({"forgotten": 3}, {"children_max": 2}) == {"forgotten": 3, "children_max": 2}


def test_what_is_not_said_stays():
    assert changed({"children_max": 5, "hierarchy_depth": 2}, {"children_max": 2}) == {
        "children_max": 2,
        "hierarchy_depth": 2,
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        param("children_max", 0, id="no children at all"),
        param("children_max", 101, id="more children than anybody may have"),
        param("hierarchy_depth", 0, id="no level"),
        param("hierarchy_depth", 6, id="more levels than anybody may have"),
        param("children_max", True, id="a truth is no number"),
        param("sla_disabled", 1, id="a number is no truth"),
        param("sla_disabled", None, id="null"),
        param("closure_preference", "SOMETIMES", id="a word that means nothing"),
        param("closure_preference", ["CASCADE"], id="a list of words"),
        param("inherited", ["TEAM", "TEAM"], id="twice the same"),
        param("inherited", "TEAM", id="a word where a list is"),
        param("inherited", ["SHOE_SIZE"], id="what no case has"),
    ],
)
def test_what_is_no_such_setting_is_refused_under_its_name(name: str, value: Any):
    with pytest.raises(BadInput) as refused:
        changed({}, {name: value})

    assert tuple(refused.value.path) == (name,)


def test_several_problems_are_told_together():
    with pytest.raises(Several) as refused:
        changed({}, {"children_max": 0, "hierarchy_depth": 0})

    assert [tuple(problem.path) for problem in refused.value.problems] == [("children_max",), ("hierarchy_depth",)]

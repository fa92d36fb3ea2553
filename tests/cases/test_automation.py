"""Automation: what sets off a rule, and how rules are read."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from pytest import param

from cases.automation import AutomationTrigger, Deed, Rule, firing, read_deeds, read_watched, relations_read, told
from cases.case_fields import COLUMNS_BY_FIELD, CaseField
from cases.conditions import EVERYTHING, Compare, Condition, Op, Related
from cases.refusals import BadInput
from cases.vocabulary import Priority, StatusReason

URGENT = Compare("priority", Op.EQ, Priority.CRITICAL)
VERA = UUID(int=1)


def columns(**said: Any) -> dict[str, Any]:
    return {**{column: None for columns in COLUMNS_BY_FIELD.values() for column in columns}, **said}


def rule(number: int, on: AutomationTrigger, when: Condition = EVERYTHING, *watched: CaseField) -> Rule:
    return Rule(UUID(int=number), str(number), on, when, (), frozenset(watched))


CREATED = rule(1, AutomationTrigger.ON_CREATE)
UPDATED = rule(2, AutomationTrigger.ON_UPDATE)
URGENT_NOW = rule(3, AutomationTrigger.ON_UPDATE, URGENT)
OWNED = rule(4, AutomationTrigger.ON_UPDATE, EVERYTHING, CaseField.OWNER, CaseField.TEAM)
SCHEDULED = rule(5, AutomationTrigger.SCHEDULE)
RULES = (OWNED, CREATED, UPDATED, URGENT_NOW, SCHEDULED)


@pytest.mark.parametrize(
    ("before", "after", "fire"),
    [
        param(None, columns(), [1], id="a new case sets off those for new cases"),
        param(columns(), columns(title="x"), [2], id="a change those for changes"),
        param(columns(), columns(), [2], id="and so does what changes no column"),
        param(columns(), columns(priority=Priority.CRITICAL), [2, 3], id="whose condition holds, in order"),
        param(columns(), columns(team_id=VERA), [4, 2], id="and that watch what changed"),
    ],
)
def test_what_sets_off_a_rule(before, after, fire):
    found = firing(RULES, before, after, SimpleNamespace(**after), ())

    assert [one.id.int for one in found] == fire


def test_a_rule_that_has_fired_does_not_fire_again():
    assert firing(RULES, None, columns(), SimpleNamespace(**columns()), {CREATED.id}) == []


def test_relations_that_rules_ask_of_are_known_beforehand():
    gold = Related("account", Compare("name", Op.EQ, "Acme"))

    assert relations_read([rule(1, AutomationTrigger.ON_CREATE, gold), UPDATED]) == {"account"}


def test_what_a_rule_does_is_read_and_told():
    said: list[dict[str, Any]] = [
        {"set": {"priority": "HIGH", "type": str(VERA), "follow_up_in_minutes": 60}},
        {"status_reason": "ON_HOLD"},
        {"assign_person": str(VERA)},
        {"unassign": True},
        {"routing_rules": True},
        {"comment": "Look at it"},
    ]
    deeds = read_deeds(said)

    assert deeds[:3] == (
        Deed("set", {"priority": Priority.HIGH, "type": VERA, "follow_up_in_minutes": 60}),
        Deed("status_reason", StatusReason.ON_HOLD),
        Deed("assign_person", VERA),
    )
    assert [told(deed, {VERA: "Vera"}) for deed in deeds] == [
        "sets priority to HIGH, type to Vera, follow up in minutes to 60",
        "makes it on hold",
        "assigns it to Vera",
        "takes it from its owner",
        "asks the routing rules",
        "notes: Look at it",
    ]
    assert told(deeds[2], {}) == "assigns it to something that is not there"


@pytest.mark.parametrize(
    ("said", "path"),
    [
        param([], ("actions",), id="nothing"),
        param([{"unassign": True}] * 11, ("actions",), id="too much"),
        param([{}], ("actions", 0), id="no deed"),
        param([{"unassign": True, "comment": "x"}], ("actions", 0), id="two at once"),
        param([{"dance": True}], ("actions", 0), id="nothing that can be done"),
        param([{"unassign": False}], ("actions", 0, "unassign"), id="not to do something"),
        param([{"comment": " "}], ("actions", 0, "comment"), id="an empty note"),
        param([{"set": {}}], ("actions", 0, "set"), id="to set nothing"),
        param([{"set": {"title": " "}}], ("actions", 0, "set", "title"), id="an empty title"),
        param([{"set": {"follow_up_in_minutes": 0}}], ("actions", 0, "set", "follow_up_in_minutes"), id="no time"),
        param([{"queue": "x"}], ("actions", 0, "queue_id"), id="no id"),
    ],
)
def test_what_cannot_be_done_is_refused_where_it_stands(said, path):
    with pytest.raises(BadInput) as refused:
        read_deeds(said)

    assert refused.value.path == path


def test_what_is_no_field_cannot_be_watched():
    with pytest.raises(BadInput):
        read_watched(["HAIR"])

"""Stages: where a case may go from where it stands, and what it leaves a stage with."""

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest
from pytest import param

from cases.case_fields import COLUMNS_BY_FIELD, CaseField, changed, missing
from cases.details import Details
from cases.facts import COLUMNS
from cases.refusals import BadInput, Several
from cases.stages import (
    IllegalStageStep,
    MissingField,
    Stage,
    check_filled,
    check_walked,
    place,
    reachable,
    read_stages,
    step,
)

ASK, TRY, TEST, ANSWER = (
    Stage("ask", "Ask"),
    Stage("try", "Try", optional=True),
    Stage("test", "Test", optional=True),
    Stage("answer", "Answer"),
)
STAGES = (ASK, TRY, TEST, ANSWER)


def case(**columns: Any) -> SimpleNamespace:
    empty = {column: None for columns in COLUMNS_BY_FIELD.values() for column in columns}
    return SimpleNamespace(**{**empty, **columns})


@pytest.mark.parametrize(
    ("current", "keys"),
    [
        param("ask", ["try", "test", "answer"], id="to the next, and over what may be left out"),
        param("try", ["test", "answer", "ask"], id="or one back"),
        param("answer", ["test"], id="at the last only back"),
        param(None, ["ask"], id="a case that stands in none begins"),
        param("gone", ["ask"], id="and so does one whose stage is there no more"),
    ],
)
def test_where_a_case_may_go(current, keys):
    assert [stage.key for stage in reachable(STAGES, current)] == keys


@pytest.mark.parametrize(
    ("current", "to", "comes_to"),
    [
        param("ask", None, "try", id="the next if nobody says where"),
        param("ask", "answer", "answer", id="over stages that may be left out"),
        param("test", "try", "try", id="back"),
        param(None, None, "ask", id="the first"),
    ],
)
def test_a_step(current, to, comes_to):
    assert step(STAGES, current, to).key == comes_to


@pytest.mark.parametrize(
    ("stages", "current", "to", "allowed"),
    [
        param((ASK, ANSWER, TRY), "ask", "try", ["answer"], id="over a stage that may not be left out"),
        param(STAGES, "answer", "try", ["test"], id="two back"),
        param(STAGES, "answer", None, ["test"], id="there is no next"),
        param(STAGES, "ask", "ask", ["try", "test", "answer"], id="where it is"),
        param(STAGES, "ask", "gone", ["try", "test", "answer"], id="nowhere"),
        param((), None, None, [], id="no stages"),
    ],
)
def test_a_step_that_is_none_says_where_one_can_go(stages, current, to, allowed):
    with pytest.raises(IllegalStageStep) as refused:
        step(stages, current, to)

    assert (refused.value.from_, refused.value.to, refused.value.allowed) == (current, to, allowed)


def test_what_is_missing_is_said_field_by_field():
    stage = Stage("ask", "Ask", (CaseField.PRODUCT, CaseField.CUSTOMER, CaseField.DESCRIPTION, CaseField.FOLLOW_UP_AT))

    with pytest.raises(Several) as several:
        check_filled(stage, case(account_id=1, description=""))
    with pytest.raises(MissingField) as one:
        check_filled(stage, case(contact_id=1, description="x", follow_up_at=1))
    check_filled(stage, case(contact_id=1, description="x", follow_up_at=1, product_id=1))

    assert [problem.path for problem in several.value.problems] == [
        ("case_id", "product"),
        ("case_id", "description"),
        ("case_id", "follow_up_at"),
    ]
    assert (one.value.stage, one.value.field) == ("ask", CaseField.PRODUCT)


@pytest.mark.parametrize(("current", "walked"), [("answer", True), ("ask", False), (None, False), ("gone", False)])
def test_a_case_has_walked_when_nothing_is_before_it_but_what_may_be_left_out(current, walked):
    stages = (ASK, ANSWER, TRY)
    try:
        check_walked(stages, current)
    except IllegalStageStep:
        assert not walked
    else:
        assert walked


def test_a_type_without_stages_has_none_to_walk():
    check_walked((), None)


def test_stages_are_read_as_they_were_said():
    said = [{"key": "ask", "name": "Ask", "required": ["PRODUCT"], "finished_tasks": True}, {"key": "end", "name": "E"}]

    assert read_stages(said) == (Stage("ask", "Ask", (CaseField.PRODUCT,), finished_tasks=True), Stage("end", "E"))
    assert place(read_stages(said), "end") == 1


@pytest.mark.parametrize(
    ("said", "path"),
    [
        param("ask", ("stages",), id="no list"),
        param([{"key": str(n), "name": "x"} for n in range(21)], ("stages",), id="too many"),
        param(["ask"], ("stages", 0), id="no stage"),
        param([{"key": " ", "name": "x"}], ("stages", 0, "key"), id="no key"),
        param([{"key": "x" * 51, "name": "x"}], ("stages", 0, "key"), id="a key too long"),
        param([{"key": "x", "name": ""}], ("stages", 0, "name"), id="no name"),
        param([{"key": "x", "name": "x"}, {"key": "x", "name": "y"}], ("stages", 1, "key"), id="a key twice"),
        param([{"key": "x", "name": "x", "required": ["HAIR"]}], ("stages", 0, "required"), id="no such field"),
        param([{"key": "x", "name": "x", "required": ["TYPE"] * 2}], ("stages", 0, "required"), id="a field twice"),
    ],
)
def test_what_is_no_stage_is_refused_where_it_stands(said, path):
    with pytest.raises(BadInput) as refused:
        read_stages(said)

    assert refused.value.path == path


def test_every_field_has_columns_and_all_that_may_be_said_of_a_case_has_a_name():
    columns = {column for columns in COLUMNS_BY_FIELD.values() for column in columns}

    assert set(COLUMNS_BY_FIELD) == set(CaseField)
    assert {field.name for field in dataclasses.fields(Details)} <= columns
    assert columns <= {*COLUMNS, "status", "status_reason", "first_answered_at", "message_count"}


def test_a_field_is_missing_while_all_of_its_columns_are_empty():
    assert missing([CaseField.CUSTOMER, CaseField.OWNER], case(contact_id=1)) == [CaseField.OWNER]


def test_a_field_has_changed_if_one_of_its_columns_has():
    before, after = vars(case(contact_id=1)), vars(case(contact_id=2, priority=1))

    assert changed(before, after) == {CaseField.CUSTOMER, CaseField.CONTACT, CaseField.PRIORITY}

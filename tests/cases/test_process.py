"""Process: how a case type's row is read."""

import pytest

from cases.process import Process, process
from cases.refusals import BadInput
from cases.vocabulary import StatusReason

NEW, IN_PROGRESS, RESEARCHING = StatusReason.NEW, StatusReason.IN_PROGRESS, StatusReason.RESEARCHING


def test_a_type_that_says_nothing_demands_nothing():
    assert process(None, None) == Process({}, ())


def test_a_type_says_what_may_follow_and_in_which_sequence():
    read = process({"NEW": ["RESEARCHING", "CANCELED"], "RESEARCHING": []}, ["NEW", "RESEARCHING"])

    assert read.narrowing == {NEW: (RESEARCHING, StatusReason.CANCELED), RESEARCHING: ()}
    assert read.sequence == (NEW, RESEARCHING)


@pytest.mark.parametrize(
    ("moves", "sequence", "path"),
    [
        pytest.param(["NEW"], None, ("moves",), id="moves are by reason"),
        pytest.param({"OLD": []}, None, ("moves",), id="no such reason"),
        pytest.param({"NEW": ["OLD"]}, None, ("moves", "NEW"), id="no such reason to follow"),
        pytest.param({"NEW": "RESEARCHING"}, None, ("moves", "NEW"), id="several may follow"),
        pytest.param({"NEW": [["RESEARCHING"]]}, None, ("moves", "NEW"), id="a reason is a word"),
        pytest.param(None, "NEW", ("sequence",), id="a sequence has several"),
        pytest.param(None, ["NEW", 7], ("sequence",), id="a step is a word"),
        pytest.param(None, ["NEW", "ON_HOLD"], ("sequence",), id="waiting is no step of the work"),
        pytest.param(None, ["NEW", "RESEARCHING", "NEW"], ("sequence",), id="no step twice"),
    ],
)
def test_what_is_not_understood_is_refused_where_it_stands(moves, sequence, path):
    with pytest.raises(BadInput) as refusal:
        process(moves, sequence)

    assert refusal.value.path == path

"""Given: the strings that tests are written in."""

from zoneinfo import ZoneInfo

import pytest

from cases.refusals import IllegalTransition
from cases.vocabulary import Audience, FactKind, StatusReason
from tests import given
from tests.given import at, history


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("09:30", "2025-06-02T09:30:00+00:00", id="Monday if nothing else is said"),
        pytest.param("Mon 09:30", "2025-06-02T09:30:00+00:00", id="Monday"),
        pytest.param("Sun 23:59", "2025-06-08T23:59:00+00:00", id="the end of the week"),
        pytest.param("2024-02-29 00:00", "2024-02-29T00:00:00+00:00", id="any day"),
    ],
)
def test_at(text, written):
    assert at(text).isoformat() == written


def test_at_in_a_zone():
    assert at("09:30", ZoneInfo("Asia/Tokyo")) == at("00:30")


@pytest.mark.parametrize("text", ["", "Someday 09:30", "half past nine", "Mon 25:00"])
def test_what_is_no_instant(text):
    with pytest.raises(ValueError, match=r".+"):
        at(text)


def test_a_story():
    opened, answered, paused = history("opened 09:00, answered Tue 09:07 by customer, suspended Tue 10:00 as ON_HOLD")

    assert [e.number for e in (opened, answered, paused)] == [1, 2, 3]
    assert (opened.fact.kind, opened.actor) == (FactKind.OPENED, given.CUSTOMER)
    assert (answered.at, answered.actor, answered.fact.details) == (
        at("Tue 09:07"),
        given.CUSTOMER,
        {"audience": Audience.PUBLIC},
    )
    assert paused.fact.changes == {"status_reason": StatusReason.ON_HOLD}


def test_no_story():
    assert history("") == []


@pytest.mark.parametrize("story", ["opened", "painted 09:00", "opened at nine", "opened 09:00; noted 09:01"])
def test_what_is_no_story(story):
    with pytest.raises(ValueError, match="no sentence"):
        history(story)


def test_what_cannot_happen_cannot_be_told():
    with pytest.raises(IllegalTransition):
        history("opened 09:00, closed 09:10")

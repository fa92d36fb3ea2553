"""The audit of pauses: which of them to look at."""

import pytest
from pytest import param

from sla.pause_audit import kept_only_by_pausing, suspicions
from sla.replay import replay
from tests.sla.calendars import hours
from tests.sla.policies import at, clock, policy, promise, story


def looked_at(text):
    moments = story(text)
    (found,) = replay(moments, policy(promise()))
    return [
        (one.pause.start, one.took, one.customer_spoke_at)
        for one in suspicions(found, moments, at("Fri 12:00"), hours(8))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        param("opened 09:00, paused 10:00, resumed 12:00", [], id="a pause as it should be"),
        param(
            "opened 09:00, paused 10:00, asked 11:00, asked 11:30, resumed 12:00",
            [(at("10:00"), hours(2), at("11:00"))],
            id="the customer spoke in it",
        ),
        param("opened 09:00, paused 10:00, asked 12:00, resumed 12:00", [], id="the customer's message ended it"),
        param(
            "opened 09:00, paused 10:00, resumed Tue 12:00",
            [(at("10:00"), hours(10), None)],
            id="longer than the limit",
        ),
        param("opened 09:00, paused Thu 13:00", [], id="it lasts, within the limit"),
        param("opened 09:00, paused Thu 10:00", [(at("Thu 10:00"), hours(10), None)], id="it lasts too long"),
        param("opened 09:00, resolved 10:00, reopened Thu 10:00", [], id="the end of a case is no pause"),
    ],
)
def test_pauses_to_look_at(text, expected):
    assert looked_at(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        param("opened 09:00, paused 10:00, resumed 15:00, resolved 16:00", True, id="kept, but only by pausing"),
        param("opened 09:00, paused 10:00, resumed 11:00, resolved 12:00", False, id="kept anyway"),
        param("opened 09:00, paused 10:00, resumed 11:00, resolved Tue 12:00", False, id="broken anyway"),
        param("opened 09:00, paused 10:00, resumed 15:00", False, id="not over yet"),
        param("opened 09:00, paused 10:00, resumed 15:00, canceled 16:00", False, id="never kept"),
    ],
)
def test_kept_only_by_pausing(text, expected):
    assert kept_only_by_pausing(clock(text, promise())) is expected

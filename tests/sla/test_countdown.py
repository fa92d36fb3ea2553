"""Countdowns: a widget that knows only what it was sent shows what the clock says."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import param

from sla.clock import State
from sla.countdown import HOURS_SENT, Countdown, countdown
from tests.sla.calendars import calendar, hours, minutes, spec
from tests.sla.policies import at, clock, promise

SPLIT = calendar("09:00-12:00", "13:00-17:00", holidays=["2026-03-05"], zone="Europe/Vienna")


class Widget:
    """As much of a countdown as a browser would do: additions and comparisons, no calendar."""

    def __init__(self, sent: Countdown) -> None:
        self.sent = sent

    def remaining(self, now):
        passed = (min(now, part.end) - max(self.sent.at, part.start) for part in self.sent.hours if part.start < now)
        return self.sent.remaining - sum((max(one, timedelta(0)) for one in passed), timedelta(0))

    def state(self, now):
        sent = self.sent
        if sent.state in (State.SUCCEEDED, State.CANCELED, State.NONCOMPLIANT):
            return sent.state
        if sent.breaks_at is not None and now > sent.breaks_at:
            return State.NONCOMPLIANT
        if sent.state is State.PAUSED:
            return State.PAUSED
        return State.NEARING_NONCOMPLIANCE if sent.warn_at and now >= sent.warn_at else State.IN_PROGRESS


STORIES = {
    "a running clock": ("opened 10:00", None),
    "a clock that was paused": ("opened 10:00, paused 11:15, resumed 14:00", None),
    "a paused clock": ("opened 10:00, paused 11:15", None),
    "one opened at night": ("opened 03:00", None),
    "one fulfilled": ("opened 10:00, resolved 11:00", None),
    "one cancelled": ("opened 10:00, canceled 11:00", None),
    "a deadline set by hand": ("opened 10:00", at("Wed 10:30")),
    "a deadline set by hand in a pause": ("opened 10:00, paused 11:00", at("Wed 10:30")),
}


@pytest.mark.parametrize("name", STORIES)
@given(start=st.integers(0, 60 * 24 * 5), ticks=st.lists(st.integers(0, 13 * 24 * 3600), min_size=50, max_size=50))
@settings(max_examples=15, deadline=None)
def test_a_widget_agrees_with_the_clock_at_any_tick(name, start, ticks):
    text, pinned = STORIES[name]
    found = clock(text, promise(fail=600, warn=480), office=SPLIT, pinned=pinned)
    sent_at = at("14:00") + minutes(start)
    widget = Widget(countdown(found, sent_at))

    for tick in ticks:
        now = sent_at + timedelta(seconds=tick)
        assert widget.remaining(now) == found.remaining(now), now
        assert widget.state(now) is found.state(now), now


@pytest.mark.parametrize(
    ("text", "now", "running", "until", "next_from"),
    [
        param("opened 10:00", "11:00", True, "17:00", "Tue 09:00", id="until closing, and on from the opening"),
        param("opened 10:00", "17:00", False, None, "Tue 09:00", id="at closing it stands"),
        param("opened 10:00", "Sat 11:00", False, None, "2026-03-09 09:00", id="at the weekend it stands"),
        param(
            "opened 10:00, paused 11:00", "12:00", False, None, None, id="in a pause it stands, nobody knows how long"
        ),
        param("opened 10:00, resolved 11:00", "12:00", False, None, None, id="after the end it stands"),
    ],
)
def test_when_it_runs(text, now, running, until, next_from):
    sent = countdown(clock(text, promise(fail=600)), at(now))

    assert (sent.running, sent.running_until, sent.next_running_from) == (
        running,
        until and at(until),
        next_from and at(next_from),
    )


def test_around_the_clock_nothing_stops_it():
    sent = countdown(clock("opened 10:00", promise(fail=600, calendar=None)), at("11:00"))

    assert (sent.running, sent.running_until, sent.next_running_from) == (True, None, None)
    assert (len(sent.hours), sent.valid_until) == (1, at("11:00") + HOURS_SENT)


def test_a_due_instant_is_null_in_a_pause():
    sent = countdown(clock("opened 10:00, paused 11:00", promise(fail=600)), at("12:00"))

    assert (sent.state, sent.fail_at, sent.remaining, sent.valid_until) == (State.PAUSED, None, hours(9), None)


def test_a_calendar_that_stops_opening_stops_it():
    closed = {"timezone": "UTC", "weekly_hours": {}, "from": "2026-03-03"}
    ending = calendar().from_spec({"versions": [spec(), closed]})

    sent = countdown(clock("opened 10:00", promise(fail=600), office=ending), at("Wed 10:00"))

    assert (sent.running, sent.hours, sent.next_running_from, sent.remaining) == (False, (), None, hours(3))

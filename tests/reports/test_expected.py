"""What the forecast is held to: what breaks if nobody does anything."""

from tests.reports.expected import forecast
from tests.sla.policies import at, clock, promise

NOW = at("12:00")


def due(*texts, until="17:00", **more):
    clocks = [clock(text, promise(**more)) for text in texts]
    return [(one.fail_at, one.if_resumed) for one in forecast(clocks, NOW, at(until))]


def test_what_falls_due_until_then_the_next_first():
    assert due("opened 11:30", "opened 10:00", "opened 14:00") == [(at("14:00"), False), (at("15:30"), False)]


def test_until_the_instant_itself():
    assert due("opened 10:00", until="14:00") == [(at("14:00"), False)]
    assert due("opened 10:00", until="13:59") == []


def test_what_is_broken_or_over_is_not_to_come():
    assert due("opened 09:00, resolved 10:00", "opened 11:00, canceled 11:30") == []
    assert due("opened 09:00", fail=120) == []


def test_a_pause_is_supposed_to_end_now():
    assert due("opened 10:00, paused 11:00") == [(at("15:00"), True)]


def test_the_future_is_not_known():
    assert due("opened 10:00, resolved 12:30") == [(at("14:00"), False)]

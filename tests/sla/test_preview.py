"""Preview: exactly what would change, and by how much."""

from sla.clock import State
from sla.preview import Breach, differences
from tests.sla.calendars import calendar, hours
from tests.sla.policies import at, clock, promise

NOW = at("Tue 12:00")
HOLIDAY = calendar(holidays=[{"date": "2026-03-03", "name": "Founders"}])


def changes(text, before, after, **more):
    return differences([clock(text, before)], [clock(text, after, **more)], NOW)


def test_nothing_changes_nothing():
    assert changes("opened 10:00", promise(), promise()) == []


def test_a_new_holiday_moves_what_is_due_and_takes_a_breach_away():
    (found,) = changes("opened 10:00", promise(fail=480), promise(fail=480), office=HOLIDAY)

    assert (found.kpi, found.cycle, found.breach) == ("resolution", 1, Breach.LOST)
    assert (found.before.state, found.after.state) == (State.NONCOMPLIANT, State.IN_PROGRESS)
    assert (found.before.fail_at, found.after.fail_at) == (at("Tue 10:00"), at("Wed 10:00"))
    assert (found.moved_by, found.gained) == (hours(24), hours(3))


def test_a_shorter_promise_may_be_broken_at_once():
    (found,) = changes("opened Tue 10:00", promise(), promise(fail=60))

    assert (found.breach, found.gained) == (Breach.GAINED, -hours(3))


def test_a_paused_clock_is_compared_by_what_would_be():
    (found,) = changes("opened Tue 10:00, paused Tue 11:00", promise(fail=90), promise(fail=150))

    assert (found.breach, found.moved_by) == (None, hours(1))


def test_clocks_may_come_and_go():
    gone, come = differences(
        [clock("opened 09:00", promise())], [clock("opened 09:00", promise("first_response"))], NOW
    )

    assert (gone.kpi, gone.after, gone.breach) == ("resolution", None, Breach.LOST)
    assert (come.kpi, come.before, come.moved_by, come.gained) == ("first_response", None, None, None)


def test_what_is_over_changes_where_it_was_decided():
    (found,) = changes("opened 10:00, resolved 15:00", promise(), promise(fail=360))

    assert (found.before.state, found.after.state, found.breach) == (State.NONCOMPLIANT, State.SUCCEEDED, Breach.LOST)

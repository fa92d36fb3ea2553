"""The ledger: nothing is missing, nothing is counted twice, and everything says why."""

from datetime import timedelta
from itertools import pairwise
from uuid import UUID

from cases.history import Actor
from sla.ledger import EntryKind, ledger
from sla.replay import replay
from tests.sla.calendars import calendar, hours, minutes
from tests.sla.policies import OFFICE, at, clock, policy, promise, story

RUNNING, PAUSED, CLOSED, HOLIDAY = EntryKind


def rows(text, until, **more):
    found = ledger(clock(text, promise(fail=960), **more), at(until))
    return [(entry.start, entry.kind, entry.open_time) for entry in found]


def test_days_and_nights():
    assert rows("opened 08:00", "Tue 10:00") == [
        (at("08:00"), CLOSED, hours(0)),
        (at("09:00"), RUNNING, hours(8)),
        (at("17:00"), CLOSED, hours(0)),
        (at("Tue 09:00"), RUNNING, hours(1)),
    ]


def test_a_pause_says_for_what_and_takes_open_time_only():
    (before, pause, after) = ledger(
        clock("opened 10:00, paused 16:00 for=ON_HOLD, resumed Tue 09:30", promise(fail=960)), at("Tue 10:00")
    )

    assert (before.end, after.start) == (at("16:00"), at("Tue 09:30"))
    assert (pause.kind, pause.reasons, pause.open_time, pause.event) == (PAUSED, ("ON_HOLD",), hours(1.5), 2)


def test_a_pause_outside_hours_takes_nothing():
    (_, _, pause, _) = ledger(clock("opened 16:00, paused 18:00, resumed Tue 08:00", promise()), at("Tue 09:00"))

    assert (pause.kind, pause.open_time) == (PAUSED, timedelta(0))


def test_a_holiday_is_named():
    found = ledger(
        clock("opened 16:00", promise(), office=calendar(holidays=[{"date": "2026-03-03", "name": "Founders"}])),
        at("Wed 10:00"),
    )

    assert [(entry.kind, entry.holiday) for entry in found] == [
        (RUNNING, ""),
        (CLOSED, ""),
        (HOLIDAY, "Founders"),
        (CLOSED, ""),
        (RUNNING, ""),
    ]


def test_it_says_who_paused_and_by_which_hours_it_was_counted():
    moments = story("opened 10:00, paused 11:00")
    moments[1] = type(moments[1])(**{**vars(moments[1]), "actor": Actor(person_id=UUID(int=5))})
    (found,) = replay(moments, policy(promise()))

    pause = ledger(found, at("12:00"))[-1]

    assert (pause.actor.person_id, pause.calendar) == (UUID(int=5), OFFICE.digest)


def test_it_ends_with_the_clock():
    assert ledger(clock("opened 09:00, resolved 10:00", promise()), at("15:00"))[-1].end == at("10:00")


def test_before_the_start_and_at_it_there_is_nothing():
    found = clock("opened 09:00", promise())

    assert (ledger(found, at("08:00")), ledger(found, at("09:00"))) == ([], [])


def test_around_the_clock_everything_runs():
    found = clock("opened Fri 12:00", promise(calendar=None))

    assert [(entry.kind, entry.open_time) for entry in ledger(found, at("2026-03-09 12:00"))] == [(RUNNING, hours(72))]


def test_it_is_what_the_clock_says():
    found = clock("opened 08:13, paused 10:01, resumed 11:47, paused 16:59, resumed Wed 09:01", promise())
    until = at("Thu 10:10")
    entries = ledger(found, until)

    assert sum((entry.open_time for entry in entries if entry.kind is RUNNING), minutes(0)) == found.active_for(until)
    assert all(one.end == other.start for one, other in pairwise(entries))
    assert (entries[0].start, entries[-1].end) == (at("08:13"), until)

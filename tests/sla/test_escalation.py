"""Escalation: everything is told once, in order, however late and in however many rounds."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sla.escalation import Event, due_transitions, next_transition_at, next_untold_at
from sla.policy import Deed, Level
from tests.sla.calendars import hours
from tests.sla.policies import HIGH, at, clock, promise

LEVELS = (
    Level("half", Deed.NOTIFY, percent=50),
    Level("due", Deed.NOTIFY, percent=100),
    Level("late", Deed.ASSIGN, offset=hours(2), to="lead"),
)
WHOLE = promise(fail=240, warn=180, levels=LEVELS)
LATER = at("Fri 12:00")


def told(transitions):
    return [(one.kind.value, one.name, one.at) for one in transitions]


def test_after_a_long_downtime_all_of_it_is_told_in_order():
    assert told(due_transitions(clock("opened 09:00", WHOLE), None, LATER)) == [
        ("LEVEL", "half", at("11:00")),
        ("WARNED", "", at("12:00")),
        ("LEVEL", "due", at("13:00")),
        ("BREACHED", "", at("13:00")),
        ("LEVEL", "late", at("15:00")),
    ]


def test_a_breach_is_not_told_at_the_due_instant():
    found = clock("opened 09:00", promise(fail=60))
    moment = timedelta(microseconds=1)

    assert due_transitions(found, None, at("10:00")) == []
    assert told(due_transitions(found, None, at("10:00") + moment)) == [("BREACHED", "", at("10:00"))]


def test_a_breach_at_closing_is_told_after_the_opening_as_what_it_was():
    found = clock("opened 16:00", promise(fail=60))

    assert next_transition_at(found, at("16:30")) == at("Tue 09:00")
    assert due_transitions(found, None, at("Tue 09:00")) == []
    assert told(due_transitions(found, at("17:30"), at("Tue 09:01"))) == [("BREACHED", "", at("17:00"))]


def test_of_a_clock_that_has_ended_only_the_breach_is_told():
    late = clock("opened 09:00, resolved 14:00", WHOLE)
    kept = clock("opened 09:00, resolved 12:30", WHOLE)

    assert told(due_transitions(late, None, LATER)) == [("BREACHED", "", at("13:00"))]
    assert due_transitions(kept, None, LATER) == []
    assert (next_transition_at(late, LATER), next_transition_at(kept, LATER)) == (None, None)


def test_a_paused_clock_has_nothing_to_come():
    found = clock("opened 09:00, paused 11:30", WHOLE)

    assert told(due_transitions(found, None, LATER)) == [("LEVEL", "half", at("11:00"))]
    assert next_transition_at(found, at("11:30")) is None


def test_a_deadline_set_by_hand_is_missed_in_a_pause_too():
    found = clock("opened 09:00, paused 09:30", promise(), pinned=at("12:00"))

    assert told(due_transitions(found, None, at("12:01"))) == [("BREACHED", "", at("12:00"))]


def test_what_an_item_brings_with_it_is_owed_at_once():
    """Raised to a promise that was broken an hour ago: nobody was told, and nothing else is to come."""
    high = promise(fail=60, name="quick", applicable_when=HIGH)
    found = clock("opened 09:00, changed 11:00 priority=HIGH", high, promise())

    assert next_transition_at(found, at("11:00")) is None
    assert next_untold_at(found, at("11:00"), ()) == at("10:00")
    assert next_untold_at(found, at("11:00"), {(Event.BREACHED, "")}) is None


def test_what_was_told_is_not_owed():
    found = clock("opened 09:00", WHOLE)

    assert next_untold_at(found, at("12:30"), {(Event.LEVEL, "half"), (Event.WARNED, "")}) == at("13:00")
    assert next_untold_at(found, at("12:30"), {(Event.LEVEL, "half")}) == at("12:00")


ROUNDS = st.lists(st.integers(0, 60 * 120), max_size=12)


@given(ROUNDS, st.sampled_from(["opened 09:00", "opened 16:00", "opened 09:00, paused 10:00, resumed 12:00"]))
@settings(max_examples=60, deadline=None)
def test_in_any_number_of_rounds_everything_is_told_once(rounds, text):
    found = clock(text, WHOLE)
    instants = sorted({at("12:00") + timedelta(minutes=one) for one in rounds} | {at("2026-03-09 12:00")})

    told_in_rounds = [
        one
        for after, until in zip([None, *instants], instants, strict=False)
        for one in due_transitions(found, after, until)
    ]

    assert sorted(told(told_in_rounds)) == sorted(told(due_transitions(found, None, instants[-1])))


@given(ROUNDS)
@settings(max_examples=40, deadline=None)
def test_who_wakes_when_told_to_misses_nothing(rounds):
    """A worker that wakes just after each `next_transition_at` tells all there is."""
    found, now, seen = clock("opened 16:00, paused 16:30, resumed Tue 10:00", WHOLE), at("Tue 10:00"), []
    while (wake := next_transition_at(found, now)) is not None:
        following = wake + timedelta(microseconds=1)
        seen += due_transitions(found, now, following)
        now = following

    assert [one.kind for one in seen if one.kind is Event.BREACHED] == [Event.BREACHED]
    assert {one.name for one in seen} == {"", "half", "due", "late"}

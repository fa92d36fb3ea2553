"""What users of other systems complain about. The numbers are those of the project's survey of complaints."""

from dataclasses import replace

from sla.calendar import AROUND_THE_CLOCK
from sla.clock import State
from sla.escalation import Event, due_transitions, next_transition_at
from sla.kpis import KPIS, Reopening
from sla.ledger import EntryKind, ledger
from sla.replay import replay
from tests.sla.calendars import calendar, hours, minutes
from tests.sla.policies import HIGH, OFFICE, at, clock, policy, promise, story

QUICK = promise(fail=60, name="quick", applicable_when=HIGH)
SLOW = promise(fail=480, name="slow")


def test_3_a_paused_clock_stands_still_and_its_target_moves_on_resuming():
    paused = clock("opened 09:00, paused 10:00", promise())
    resumed = clock("opened 09:00, paused 10:00, resumed 12:00", promise())

    assert (paused.remaining(at("11:00")), paused.remaining(at("Fri 11:00"))) == (hours(3), hours(3))
    assert (paused.fail_at(at("11:00")), resumed.fail_at(at("12:00"))) == (None, at("15:00"))


def test_4_another_priority_or_agreement_keeps_the_pauses_so_far():
    text = "opened 09:00, paused 09:30, resumed 10:30, changed 10:40 priority=HIGH"
    raised = clock(text, QUICK, SLOW)
    (other_agreement,) = replay(story(text), policy(promise(fail=120, name="other")))

    assert (raised.item.name, raised.paused_for(at("10:40")), raised.fail_at(at("10:40"))) == (
        "quick",
        hours(1),
        at("11:00"),
    )
    assert (other_agreement.paused_for(at("10:40")), other_agreement.fail_at(at("10:40"))) == (hours(1), at("12:00"))


def test_5_a_pause_is_counted_by_the_same_hours_as_the_target():
    text = "opened 10:00, paused 16:00, resumed Tue 10:00"
    office, always = clock(text, promise()), clock(text, promise(calendar=None))

    assert (office.paused_for(at("Tue 12:00")), always.paused_for(at("Tue 12:00"))) == (hours(2), hours(18))
    assert (office.calendar, always.calendar) == (OFFICE, AROUND_THE_CLOCK)


def test_6_a_breach_hides_behind_neither_a_pause_nor_an_end():
    for text in ("paused 14:00", "resolved 14:00", "canceled 14:00", "resolved 14:00, reopened 15:00"):
        found = clock(f"opened 09:00, {text}", promise())

        assert (found.state(at("16:00")), found.breached_at(at("16:00"))) == (State.NONCOMPLIANT, at("13:00")), text
    assert clock("opened 09:00, paused 14:00", promise()).is_paused(at("16:00"))


def test_8_the_next_response_and_the_periodic_update_are_two_things():
    items = [promise("next_response", 60), promise("periodic_update", 120), promise("first_response", 30)]
    text = "opened 09:00, answered 09:20, asked 10:00, answered 10:10"

    clocks = {found.kpi.name: found for found in replay(story(text), policy(*items))}

    assert clocks["first_response"].state(at("10:10")) is State.SUCCEEDED
    assert (clocks["next_response"].ended.at, clocks["next_response"].active_for(at("11:00"))) == (
        at("10:10"),
        minutes(10),
    )
    assert clocks["periodic_update"].fail_at(at("10:10")) == at("12:10")


def test_8_nothing_escalates_after_the_answer():
    found = clock("opened 09:00, asked 10:00, answered 10:10", promise("next_response", 60, 30))

    assert (due_transitions(found, None, at("Fri 12:00")), next_transition_at(found, at("10:10"))) == ([], None)


def test_10_a_deadline_set_by_hand_is_not_moved_by_a_pause():
    text = "opened 09:00, paused 10:00, resumed 15:00"

    assert clock(text, promise(), pinned=at("16:00")).fail_at(at("15:00")) == at("16:00")
    assert clock(text, promise()).fail_at(at("15:00")) == at("Tue 10:00"), "released, it follows the promise again"


def test_11_a_second_team_does_not_inherit_what_the_first_used_up():
    first, second = replay(story("opened 09:00, handed 09:30, handed 12:30"), policy(promise("team_handling", 120)))

    assert (first.state(at("12:30")), first.breached_at(at("12:30"))) == (State.NONCOMPLIANT, at("11:30"))
    assert (second.state(at("12:30")), second.fail_at(at("12:30"))) == (State.IN_PROGRESS, at("14:30"))


def test_15_a_state_is_never_stale_and_closing_loses_no_figure():
    found = clock("opened 09:00", promise(warn=120))

    assert [found.state(at(text)) for text in ("10:59", "11:00", "13:00", "13:01")] == [
        State.IN_PROGRESS,
        State.NEARING_NONCOMPLIANCE,
        State.NEARING_NONCOMPLIANCE,
        State.NONCOMPLIANT,
    ]
    assert clock("opened 09:00, resolved 13:30", promise()).remaining(at("Fri 12:00")) == -minutes(30)


def test_15_a_case_that_is_cancelled_does_not_escalate_any_more():
    found = clock("opened 09:00, canceled 10:00", promise(warn=120))

    assert (found.state(at("Fri 12:00")), due_transitions(found, None, at("Fri 12:00"))) == (State.CANCELED, [])


def test_16_a_breach_needs_nobody_to_look():
    """Resolved late, and before anybody looked: it was late all the same, at the very instant."""
    found = clock("opened 09:00, resolved 13:01", promise())

    (told,) = due_transitions(found, None, at("Fri 12:00"))

    assert (found.breached_at(at("Fri 12:00")), told.kind, told.at) == (at("13:00"), Event.BREACHED, at("13:00"))


def test_17_a_holiday_is_named_where_it_took_time():
    office = calendar(holidays=[{"date": "2026-03-03", "name": "Founders"}])

    entries = ledger(clock("opened 16:00", promise(), office=office), at("Wed 10:00"))

    assert [entry.holiday for entry in entries if entry.kind is EntryKind.HOLIDAY] == ["Founders"]


def test_22_reopening_counts_closed_time_as_neither_work_nor_wait():
    text = "opened 09:00, resolved 10:00, reopened 15:00"
    found = clock(text, promise())

    assert (found.active_for(at("16:00")), found.fail_at(at("16:00"))) == (hours(2), at("Tue 10:00"))
    assert [entry.reasons for entry in ledger(found, at("16:00")) if entry.kind is EntryKind.PAUSED] == [("CLOSED",)]


def test_22_or_the_clock_begins_anew_or_stays_where_it_ended():
    text = "opened 09:00, resolved 10:00, reopened 15:00"

    def reopened(how):
        kpis = {**KPIS, "resolution": replace(KPIS["resolution"], reopening=how)}
        return replay(story(text), policy(promise(), kpis=kpis))

    _, anew = reopened(Reopening.NEW_CYCLE)
    (left,) = reopened(Reopening.IGNORE)

    assert (anew.cycle, anew.started_at, anew.fail_at(at("15:00"))) == (2, at("15:00"), at("Tue 11:00"))
    assert (left.state(at("16:00")), left.active_for(at("16:00"))) == (State.SUCCEEDED, hours(1))

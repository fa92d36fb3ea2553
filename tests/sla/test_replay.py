"""Replay: which clocks a history has, under which items, paused by what."""

from dataclasses import replace

import pytest
from pytest import param

from cases.conditions import Compare, Not, Op
from cases.vocabulary import Priority
from sla.clock import Outcome, State
from sla.kpis import KPIS, Kpi, Reopening
from sla.moments import Signal
from sla.replay import replay
from tests.sla.calendars import hours, minutes
from tests.sla.policies import ACTIVE, HIGH, OFFICE, RESOLVED, VENDOR, at, clock, has, policy, promise, story

LATER = at("2026-03-31 12:00")
DONE, DROPPED = Outcome.FULFILLED, Outcome.DROPPED


def cycles(text, *items, **more):
    """Each clock as what it ran and how it ended."""
    return [
        (found.cycle, found.active_for(LATER), found.ended and found.ended.outcome)
        for found in replay(story(text), policy(*items, **more))
    ]


def reopening(kpi, how):
    return {**KPIS, kpi: replace(KPIS[kpi], reopening=how)}


@pytest.mark.parametrize(
    ("kpi", "text", "expected"),
    [
        param("first_response", "opened 09:00, answered 09:07", [(1, minutes(7), DONE)], id="answered"),
        param("first_response", "opened 09:00, asked 09:05, answered 09:07", [(1, minutes(7), DONE)], id="asked again"),
        param(
            "first_response",
            "opened 09:00, answered 09:07, answered 09:30",
            [(1, minutes(7), DONE)],
            id="only the first",
        ),
        param("first_response", "opened 09:00, resolved 09:30", [(1, minutes(30), DROPPED)], id="resolved in silence"),
        param("first_response", "opened 09:00, canceled 09:30", [(1, minutes(30), DROPPED)], id="cancelled"),
        param(
            "first_response",
            "opened 09:00, answered 09:07, resolved 10:00, reopened 11:00, answered 12:00",
            [(1, minutes(7), DONE)],
            id="answered, then reopened: it stays answered",
        ),
        param(
            "first_response",
            "opened 09:00, resolved 09:30, reopened 11:00, answered 11:10",
            [(1, minutes(40), DONE)],
            id="resolved in silence, then reopened: the answer is owed still",
        ),
        param("next_response", "opened 09:00, answered 09:10", [], id="nothing asked"),
        param(
            "next_response",
            "opened 09:00, asked 10:00, asked 10:30, answered 11:00, asked 12:00, answered 12:05, answered 12:30",
            [(1, hours(1), DONE), (2, minutes(5), DONE)],
            id="each first unanswered message",
        ),
        param("next_response", "opened 09:00, asked 10:00, resolved 10:30", [(1, minutes(30), DROPPED)], id="moot"),
        param(
            "periodic_update",
            "opened 09:00, answered 10:00, asked 10:30, answered 11:30, resolved 12:00",
            [(1, hours(1), DONE), (2, minutes(30), DONE), (3, hours(1), DONE), (4, minutes(30), DROPPED)],
            id="every message begins anew",
        ),
        param(
            "periodic_update",
            "opened 09:00, resolved 10:00, reopened 11:00, answered 12:00, resolved 12:00",
            [(1, hours(1), DROPPED), (2, hours(1), DONE), (3, minutes(0), DROPPED)],
            id="reopening begins anew",
        ),
        param(
            "requester_wait",
            "opened 09:00, paused 10:00, resumed 11:00, paused 12:00 for=ON_HOLD, resumed 13:00, resolved 14:00",
            [(1, hours(4), DONE)],
            id="the requester waits unless we wait for them",
        ),
        param(
            "agent_work",
            "opened 09:00, paused 10:00, resumed 11:00, paused 12:00 for=ON_HOLD, resumed 13:00, resolved 14:00",
            [(1, hours(3), DONE)],
            id="agents work unless anybody is waited for",
        ),
        param("team_handling", "opened 09:00, resolved 10:00", [], id="no team"),
        param(
            "team_handling",
            "opened 09:00, handed 10:00, handed 12:00, resolved 13:00",
            [(1, hours(2), DONE), (2, hours(1), DONE)],
            id="each team has its own promise, from when it got the case",
        ),
        param("resolution", "opened 09:00, resolved 10:00", [(1, hours(1), DONE)], id="resolved"),
        param("resolution", "opened 09:00, canceled 10:00", [(1, hours(1), DROPPED)], id="cancelled, not resolved"),
        param("resolution", "opened 09:00, deleted 10:00", [(1, hours(1), DROPPED)], id="deleted"),
        param("resolution", "opened 09:00, resolved 10:00, deleted 11:00", [(1, hours(1), DONE)], id="deleted later"),
        param("resolution", "opened 09:00, resolved 09:00", [(1, minutes(0), DONE)], id="resolved at once"),
        param("resolution", "", [], id="no history"),
    ],
)
def test_kpi(kpi, text, expected):
    assert cycles(text, promise(kpi)) == expected


REOPENED = "opened 09:00, resolved 10:00, reopened 12:00, resolved 13:00"


@pytest.mark.parametrize(
    ("how", "text", "expected"),
    [
        param(Reopening.CONTINUE, REOPENED, [(1, hours(2), DONE)], id="continue: closed time is a pause"),
        param(Reopening.NEW_CYCLE, REOPENED, [(1, hours(1), DONE), (2, hours(1), DONE)], id="new cycle"),
        param(Reopening.IGNORE, REOPENED, [(1, hours(1), DONE)], id="ignore"),
        param(
            Reopening.IGNORE,
            "opened 09:00, resolved 10:00, reopened 12:00, resolved 13:00, reopened 14:00",
            [(1, hours(1), DONE)],
            id="ignore twice",
        ),
        param(
            Reopening.CONTINUE,
            "opened 09:00, resolved 10:00, reopened 12:00, resolved 13:00, reopened 14:00, resolved 15:00",
            [(1, hours(3), DONE)],
            id="continue twice",
        ),
        param(
            Reopening.NEW_CYCLE,
            "opened 09:00, canceled 10:00, reopened 12:00",
            [(1, hours(1), DROPPED), (2, OFFICE.open_time(at("12:00"), LATER), None)],
            id="new cycle after cancelling",
        ),
    ],
)
def test_reopening(how, text, expected):
    assert cycles(text, promise(), kpis=reopening("resolution", how)) == expected


def test_a_breach_before_the_end_stays_when_the_case_is_reopened():
    found = clock("opened 09:00, resolved 14:00, reopened 15:00", promise())

    assert (found.state(LATER), found.breached_at(at("15:00"))) == (State.NONCOMPLIANT, at("13:00"))


def test_a_reopened_clock_counts_its_closed_time_as_a_pause():
    found = clock("opened 09:00, resolved 10:00, reopened 12:00", promise())

    assert [(span.start, span.reasons) for span in found.spans] == [
        (at("09:00"), frozenset()),
        (at("10:00"), frozenset({"CLOSED"})),
        (at("12:00"), frozenset()),
    ]


QUICK = promise(fail=60, name="quick", applicable_when=HIGH)
SLOW = promise(fail=480, name="slow")


def test_an_item_that_comes_to_hold_takes_over_from_the_start_of_the_clock():
    found = clock("opened 09:00, changed 09:30 priority=HIGH", QUICK, SLOW)

    assert (found.item.name, found.fail_at(at("09:30"))) == ("quick", at("10:00"))


def test_a_sticky_item_stays():
    sticky = replace(SLOW, sticky=True)

    assert clock("opened 09:00, changed 09:30 priority=HIGH", QUICK, sticky).item.name == "slow"


def test_a_pause_is_kept_by_an_item_that_would_not_have_paused():
    found = clock(
        "opened 09:00, paused 09:10, resumed 09:40, changed 10:00 priority=HIGH", replace(QUICK, may_pause=False), SLOW
    )

    assert (found.item.name, found.active_for(at("10:00"))) == ("quick", minutes(30))


def test_a_measurement_is_dropped_where_no_promise_holds_and_taken_up_again():
    dropped = clock("opened 09:00 priority=HIGH, changed 09:20 priority=LOW", QUICK)
    again = clock("opened 09:00 priority=HIGH, changed 09:20 priority=LOW, changed 09:40 priority=HIGH", QUICK)

    assert (dropped.state(LATER), dropped.ended.at) == (State.CANCELED, at("09:20"))
    assert (again.ended, again.cycle, again.fail_at(at("09:40"))) == (None, 1, at("10:00"))


def test_what_was_not_promised_any_more_is_neither_kept_nor_broken():
    found = clock("opened 09:00 priority=HIGH, changed 09:20 priority=LOW, resolved 15:00", QUICK)

    assert (found.state(LATER), found.ended.at) == (State.CANCELED, at("09:20"))


def test_a_promise_that_begins_to_hold_later_counts_from_the_start():
    found = clock("opened 09:00, changed 11:00 priority=HIGH", QUICK)

    assert (found.started_at, found.breached_at(at("11:00"))) == (at("09:00"), at("10:00"))


def test_what_was_announced_as_broken_stays_broken_when_the_priority_falls():
    moments = story("opened 09:00 priority=HIGH, changed 10:30, changed 10:40 priority=LOW, resolved 11:00")
    moments[1] = replace(moments[1], announced={("resolution", 1): at("10:00")})

    (found,) = replay(moments, policy(QUICK, SLOW))

    assert (found.item.name, found.state(LATER), found.breached_at(LATER)) == ("slow", State.NONCOMPLIANT, at("10:00"))
    assert found.state(at("09:30")) is State.IN_PROGRESS


def test_success_by_condition():
    looked_into = has("status_reason", "IN_PROGRESS")
    found = clock("opened 09:00, paused 10:00, resumed 11:00, resolved 12:00", promise(success_when=looked_into))

    assert (found.ended.at, found.ended.outcome) == (at("11:00"), DONE)


def test_a_promise_whose_condition_held_from_the_start_is_kept_at_once():
    found = clock("opened 09:00 priority=HIGH", promise(success_when=HIGH))

    assert (found.state(at("09:00")), found.active_for(LATER)) == (State.SUCCEEDED, minutes(0))


def test_a_promise_that_takes_over_can_be_kept_already():
    high = replace(QUICK, success_when=Compare("title", Op.EQ, ""))
    found = clock("opened 09:00, changed 09:20 priority=HIGH", high, SLOW)

    assert (found.item.name, found.ended.at) == ("quick", at("09:20"))


def test_a_condition_of_success_that_the_end_does_not_bring_ends_unfulfilled():
    found = clock("opened 09:00, resolved 10:00", promise(success_when=HIGH))

    assert (found.state(LATER), found.ended.at) == (State.CANCELED, at("10:00"))


def test_success_in_a_pause_closes_it():
    found = clock("opened 09:00, paused 10:00, resolved 11:00", promise())

    assert (found.state(LATER), found.active_for(LATER), found.paused_for(LATER)) == (
        State.SUCCEEDED,
        hours(1),
        hours(1),
    )


@pytest.mark.parametrize(
    ("more", "item", "paused"),
    [
        param({}, {}, hours(2), id="the policy's reasons"),
        param({"waits": frozenset()}, {}, hours(0), id="a policy without reasons"),
        param({"waits": frozenset({"ON_HOLD"})}, {}, hours(1), id="only some reasons"),
        param({"pause_rules": {"resolution": HIGH}}, {}, hours(1), id="the KPI's rule over the policy's"),
        param(
            {"pause_rules": {"resolution": HIGH}}, {"pause_when": Not(HIGH)}, hours(5), id="the item's over the KPI's"
        ),
        param({}, {"may_pause": False}, hours(0), id="an item without pauses"),
    ],
)
def test_three_levels_of_pause_rules(more, item, paused):
    text = (
        "opened 09:00, paused 10:00, resumed 11:00, paused 12:00 for=ON_HOLD, resumed 13:00,"
        "changed 14:00 priority=HIGH, changed 15:00 priority=LOW"
    )

    assert clock(f"{text}, resolved 15:00", promise(**item), **more).paused_for(LATER) == paused


def test_reasons_are_independent():
    found = clock(
        "opened 09:00, paused 10:00 for=ON_HOLD, paused 11:00 for=ON_HOLD+SUSPENDED, paused 12:00 for=SUSPENDED,"
        "resumed 13:00",
        promise(),
    )

    assert [sorted(span.reasons) for span in found.spans] == [
        [],
        ["ON_HOLD"],
        ["ON_HOLD", "SUSPENDED"],
        ["SUSPENDED"],
        [],
    ]
    assert found.paused_for(LATER) == hours(3)


def test_moments_at_one_instant_leave_no_trace_between_them():
    found = clock("opened 09:00, paused 10:00, resumed 10:00, resolved 10:00, reopened 10:00", promise())

    assert [(span.start, span.end, span.reasons) for span in found.spans] == [(at("09:00"), None, frozenset())]


def test_a_pause_at_the_instant_of_opening():
    found = clock("opened 09:00, paused 09:00", promise())

    assert (found.started_at, found.state(at("09:00")), found.active_for(LATER)) == (
        at("09:00"),
        State.PAUSED,
        hours(0),
    )


VENDOR_WAIT = Kpi("vendor_wait", starts=frozenset(), starts_when=VENDOR, stops_when=Not(VENDOR), waits=frozenset())


def test_a_kpi_of_a_tenant_counts_what_it_says():
    text = (
        "opened 09:00, paused 10:00 for=WAITING_FOR_VENDOR, changed 10:30, resumed 11:00,"
        "paused 12:00 for=WAITING_FOR_VENDOR, canceled 12:30"
    )

    assert cycles(text, promise("vendor_wait"), kpis={**KPIS, "vendor_wait": VENDOR_WAIT}) == [
        (1, hours(1), DONE),
        (2, minutes(30), DONE),
    ]


def test_a_kpi_starts_when_its_condition_comes_to_hold_not_while_it_does():
    urgent = Kpi("urgent", starts=frozenset(), starts_when=HIGH, stops=frozenset({Signal.STAFF_SPOKE}))
    text = (
        "opened 09:00 priority=HIGH, answered 10:00, changed 10:30, changed 11:00 priority=LOW,"
        "changed 12:00 priority=HIGH, answered 12:20"
    )

    assert cycles(text, promise("urgent"), kpis={"urgent": urgent}) == [(1, hours(1), DONE), (2, minutes(20), DONE)]


def test_nothing_starts_on_a_case_that_is_over():
    survey = Kpi("survey", starts=frozenset({Signal.RESOLVED}), stops=frozenset({Signal.CUSTOMER_SPOKE}))

    assert cycles("opened 09:00, resolved 10:00", promise("survey"), kpis={"survey": survey}) == []


def test_a_kpi_may_count_from_an_instant_that_the_case_tells():
    taken = Kpi(
        "taken", starts=frozenset({Signal.ASSIGNED}), stops=frozenset({Signal.RESOLVED}), counts_from="created_at"
    )
    text = "opened 09:00, paused 10:00, resumed 11:00, assigned 12:00, resolved 13:00"

    found = clock(text, promise("taken"), kpis={"taken": taken})

    assert (found.started_at, found.active_for(LATER), found.paused_for(LATER)) == (at("09:00"), hours(3), hours(1))


def test_a_kpi_may_count_from_before_the_case_was_there():
    happened = Kpi(
        "happened", starts=frozenset({Signal.OPENED}), stops=frozenset({Signal.RESOLVED}), counts_from="deadline"
    )
    moments = story("opened 09:00, resolved 13:00", deadline=at("2026-02-27 16:30"))

    (found,) = replay(moments, policy(promise("happened", 90), kpis={"happened": happened}))

    assert (found.started_at, found.breached_at(LATER)) == (at("2026-02-27 16:30"), at("10:00"))


def test_earlier_cycles_keep_the_deadline_that_they_had():
    moments = [replace(one, pinned=at("11:00")) for one in story("opened 09:00, resolved 10:30, reopened 12:00")]
    item = promise(fail=60)

    first, second = replay(moments, policy(item, kpis=reopening("resolution", Reopening.NEW_CYCLE)), pinned=at("11:00"))

    assert (first.state(LATER), second.pinned) == (State.SUCCEEDED, None)


def test_each_kpi_has_its_own_first_item():
    items = [promise("first_response", 30, name="a", applicable_when=HIGH), promise("resolution", name="b")]

    assert [found.item.name for found in replay(story("opened 09:00"), policy(*items))] == ["b"]
    assert [found.item.name for found in replay(story("opened 09:00", priority=Priority.HIGH), policy(*items))] == [
        "a",
        "b",
    ]


def test_conditions_of_success_and_of_applicability_may_end_together():
    found = clock("opened 09:00, resolved 14:00", promise(applicable_when=ACTIVE, success_when=RESOLVED))

    assert (found.ended.outcome, found.breached_at(LATER)) == (DONE, at("13:00"))

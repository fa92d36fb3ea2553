"""Lifecycles that peers assert in their own suites, walked through our clocks."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from sla.calendar import Calendar
from sla.clock import Outcome
from sla.kpis import FIRST_RESPONSE, NEXT_RESPONSE, PERIODIC_UPDATE, RESOLUTION
from sla.moments import Moment, Signal
from sla.policy import Duration, Item, Policy
from sla.replay import replay

FILE = Path(__file__).parents[3] / "shared" / "vectors" / "sla_lifecycle.json"
KPIS = {
    "first_response": FIRST_RESPONSE,
    "next_reply": replace(NEXT_RESPONSE, name="next_reply"),
    "periodic_update": PERIODIC_UPDATE,
    "resolution": RESOLUTION,
}
SPOKEN = {"customer_message": Signal.CUSTOMER_SPOKE, "agent_message": Signal.STAFF_SPOKE}


def vectors():
    if not FILE.exists():
        return [pytest.param(None, id="absent", marks=pytest.mark.skip(reason="../shared/vectors is absent"))]
    found = json.loads(FILE.read_text())["vectors"]
    assert found, f"{FILE.name} is empty"
    return [pytest.param(vector, id=vector["id"]) for vector in found]


@pytest.mark.parametrize("vector", vectors())
def test_a_lifecycle_of_a_peers_suite_gives_the_same_figures(vector):
    for check in vector["checks"]:
        events = vector["events"][: check["after"] + 1]
        at = instant(check.get("at", events[-1]["at"])) + timedelta(minutes=check.get("offset_minutes", 0))
        clocks = clocks_after(vector, events)

        for figure, value in check.get("expect_canonical", check["expect"]).items():
            if figure == "status":
                assert shown_by_helpdesk(clocks, at) == value, check
            else:
                of_metric = [clock for clock in clocks if clock.kpi.name == check["metric"]]
                assert FIGURES[figure](of_metric, at) == expected(figure, value), (check, figure)


def clocks_after(vector, events):
    policy = vector["policy"]
    for event in events:
        policy = event["policy"] if event["type"] == "policy" else policy
    if policy is None:
        return []
    return replay(moments(events, policy), policy_of(policy, Calendar.from_spec(vector["calendar"])))


def policy_of(spec, calendar):
    items = [
        Item(name, name, Duration(minutes), calendar="hours", may_pause=name not in spec.get("not_paused", ()))
        for name, minutes in spec["targets"].items()
    ]
    waits = frozenset(spec.get("pause_states", ())) | HELD
    return Policy(items, {"hours": calendar}, KPIS, waits)


HELD = frozenset({"pause", "status", "awaiting_client", "response_state"})


def moments(events, policy):
    """Each event as a moment: states are signals where the policy says what they mean."""
    state, held, found = "", set(), []
    for number, event in enumerate(events, 1):
        signals = {SPOKEN[event["type"]]} if event["type"] in SPOKEN and event.get("public", True) else set()
        was_closed = state in policy.get("closed_states", ())
        state = event.get("state", state)
        closed = state in policy.get("closed_states", ())
        if event["type"] == "create":
            signals.add(Signal.OPENED)
        if state in policy.get("response_states", ()) and event["type"] == "state":
            signals.add(Signal.STAFF_SPOKE)
        if closed and not was_closed:
            signals.add(Signal.RESOLVED)
        if was_closed and not closed:
            signals.add(Signal.REOPENED)
        if event["type"] == "pause":
            held.add(event["reason"])
        if event["type"] == "resume":
            held.discard(event["reason"])
        waits = frozenset({state, *held})
        row = SimpleNamespace(state=state)
        found.append(Moment(instant(event["at"]), number, row, frozenset(signals), waits, closed))
    return found


def due(clocks, at):
    return clocks[-1].fail_at(at) if clocks else None


def worst(clocks, at):
    return max(clock.active_for(at) for clock in clocks if clock.ended and clock.ended.outcome is Outcome.FULFILLED)


FIGURES = {
    "due": due,
    "target_at": lambda clocks, at: clocks[-1].projected_fail_at(clocks[-1].spans[-1].start),
    "projected_at": lambda clocks, at: clocks[-1].projected_fail_at(at),
    "elapsed_minutes": lambda clocks, at: clocks[-1].active_for(at),
    "remaining_minutes": lambda clocks, at: clocks[-1].remaining(at),
    "paused_minutes": lambda clocks, at: clocks[-1].paused_for(at),
    "worst_elapsed_minutes": worst,
    "worst_remaining_minutes": lambda clocks, at: clocks[-1].target - worst(clocks, at),
    "breached": lambda clocks, at: clocks[-1].breached_at(at) is not None,
    "offset_at": lambda clocks, at: clocks[-1].reaches(clocks[-1].target),
}


def expected(figure, value):
    if figure.endswith("_minutes"):
        return timedelta(seconds=round(value * 60))
    return instant(value) if isinstance(value, str) else value


def shown_by_helpdesk(clocks, at):
    """The one word that helpdesk shows for a case: failures first, then pauses, then what is due next."""
    by_name = {clock.kpi.name: clock for clock in clocks}
    first, resolution = by_name["first_response"], by_name["resolution"]
    if any(clock.breached_at(at) for clock in clocks):
        return "Failed"
    if resolution.ended:
        return "Fulfilled"
    if resolution.is_paused(at):
        return "Paused"
    return "Resolution Due" if first.ended else "First Response Due"


def instant(text):
    return datetime.fromisoformat(text)

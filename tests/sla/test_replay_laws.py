"""Laws of replay, tried on random but legal histories under random policies."""

from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import lifecycle
from cases.conditions import EVERYTHING, Not
from cases.history import Actor, Event, Fact
from cases.standing import Standing
from cases.vocabulary import PAUSE_REASONS, Audience, FactKind, Priority, Status
from sla.clock import Clock, Outcome, State
from sla.kpis import KPIS, Reopening
from sla.ledger import EntryKind, ledger
from sla.moments import moments
from sla.policy import Deed, Duration, Item, Level, Policy, Unit
from sla.replay import replay
from tests.sla.calendars import calendar
from tests.sla.policies import ACTIVE, HIGH, RESOLVED, VENDOR, at

OFFICES = {
    "office": calendar(),
    "split": calendar("09:00-12:00", "13:00-17:30", zone="America/New_York", holidays=["2026-03-09"]),
    "night": calendar("22:00-06:00", zone="Europe/Vienna"),
}
ACTORS = (Actor(person_id=UUID(int=1)), Actor(contact_id=UUID(int=2)), Actor())
TEAMS = (None, UUID(int=7), UUID(int=8))
ZERO = timedelta(0)

STEPS = st.tuples(
    st.sampled_from(
        [FactKind.COMMENTED] * 3
        + [FactKind.SUSPENDED, FactKind.RESUMED, FactKind.CHANGED] * 2
        + [FactKind.ASSIGNED, FactKind.PROGRESSED, FactKind.RESOLVED, FactKind.CLOSED, FactKind.CANCELED]
        + [FactKind.REACTIVATED] * 2
        + [FactKind.DELETED]
    ),
    st.sampled_from([0, 0, 1, 30, 60, 240, 1000, 5000]),
    st.sampled_from(ACTORS),
    st.integers(0, 5),
)


def told(steps: list[Any]) -> list[Event]:
    """As much of the steps as the lifecycle allows."""
    standing, now = lifecycle.opening(), at("08:00")
    first = Fact(FactKind.OPENED, {"title": "x", "number": "CAS-1", "priority": Priority.MEDIUM})
    events = [Event(1, now, first, ACTORS[1])]
    for kind, minutes, actor, choice in steps:
        now += timedelta(minutes=minutes)
        if (standing.status, kind) not in lifecycle.TRANSITIONS:
            continue
        changes: dict[str, object] = {}
        details: dict[str, object] = {}
        if kind in lifecycle.REASONS:
            reasons = lifecycle.following(standing, kind)
            if not reasons:
                continue
            changes = {"status_reason": reasons[choice % len(reasons)]}
        elif kind is FactKind.CHANGED:
            changes = {"priority": list(Priority)[choice % 4]}
        elif kind is FactKind.ASSIGNED:
            changes = {"team_id": TEAMS[choice % 3]}
        elif kind is FactKind.COMMENTED:
            details = {"audience": list(Audience)[choice % 2]}
        standing = lifecycle.settle(standing, kind, changes.get("status_reason", standing.reason))  # type: ignore[arg-type]  # a reason
        events.append(Event(len(events) + 1, now, Fact(kind, changes, details), actor))
        if kind is FactKind.DELETED:
            break
    return events


HISTORIES = st.lists(STEPS, max_size=14).map(told)
CONDITIONS = st.sampled_from([EVERYTHING, EVERYTHING, HIGH, Not(HIGH), ACTIVE, VENDOR])
DURATIONS = st.builds(Duration, st.integers(1, 30), st.sampled_from(Unit)) | st.builds(Duration, st.integers(1, 2000))
LEVELS = (Level("half", Deed.NOTIFY, percent=50), Level("late", Deed.NOTIFY, offset=timedelta(hours=1)))
ITEMS = st.builds(
    Item,
    name=st.just("item"),
    kpi=st.sampled_from(sorted(KPIS)),
    fail_after=DURATIONS,
    warn_after=st.none() | DURATIONS,
    applicable_when=CONDITIONS,
    success_when=st.sampled_from([None, None, RESOLVED, HIGH]),
    pause_when=st.none() | CONDITIONS,
    may_pause=st.booleans(),
    sticky=st.booleans(),
    calendar=st.sampled_from([None, *OFFICES]),
    levels=st.just(LEVELS),
)


def of(items: list[Item], reopening: Reopening) -> Policy:
    kpis = {name: type(kpi)(**{**vars(kpi), "reopening": reopening}) for name, kpi in KPIS.items()}
    return Policy(tuple(items), OFFICES, kpis)


POLICIES = st.builds(of, st.lists(ITEMS, min_size=1, max_size=5), st.sampled_from(Reopening))
SINGLE = st.builds(
    lambda item, how: of([item], how),
    ITEMS.filter(lambda one: one.applicable_when == EVERYTHING),
    st.sampled_from(Reopening),
)
INSTANTS = st.lists(st.integers(-60, 20_000), min_size=4, max_size=4).map(
    lambda ticks: [at("08:00") + timedelta(minutes=tick) for tick in sorted(ticks)]
)
PINS = st.none() | st.integers(-100, 10_000).map(lambda tick: at("08:00") + timedelta(minutes=tick))
thorough = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(HISTORIES, POLICIES, INSTANTS, PINS)
@thorough
def test_every_clock_adds_up(history, policy, instants, pinned):
    for clock in replay(moments(history), policy, pinned=pinned):
        spans = clock.spans
        assert spans
        assert all(one.end == other.start for one, other in pairwise(spans)), "without gaps"
        assert all(span.end is None or span.end > span.start for span in spans[:-1]), "of some length"
        assert all(one.reasons != other.reasons for one, other in pairwise(spans)), "neighbours differ"
        assert spans[-1].end == (clock.ended.at if clock.ended else None)
        figures = [clock.active_for(instant) for instant in instants]
        assert figures == sorted(figures), "time runs forwards"
        for instant in instants:
            if clock.pinned is None:
                assert clock.active_for(instant) + clock.remaining(instant) == clock.target
            entries = ledger(clock, instant)
            assert sum((one.open_time for one in entries if one.kind is EntryKind.RUNNING), ZERO) == clock.active_for(
                instant
            )
            assert all(one.end == other.start for one, other in pairwise(entries))
            if entries:
                last = instant if clock.ended is None else min(instant, clock.ended.at)
                assert (entries[0].start, entries[-1].end) == (clock.started_at, last)


ENDED = {State.SUCCEEDED, State.CANCELED}
LEGAL = {
    State.IN_PROGRESS: set(State),
    State.NEARING_NONCOMPLIANCE: set(State) - {State.IN_PROGRESS},
    State.PAUSED: set(State),
    State.SUCCEEDED: {State.SUCCEEDED},
    State.CANCELED: {State.CANCELED},
    State.NONCOMPLIANT: {State.NONCOMPLIANT},
}


@given(HISTORIES, POLICIES, INSTANTS, PINS)
@thorough
def test_states_follow_one_another_legally(history, policy, instants, pinned):
    for clock in replay(moments(history), policy, pinned=pinned):
        states = [clock.state(instant) for instant in instants]

        assert all(after in LEGAL[before] for before, after in pairwise(states)), states
        for instant, state in zip(instants, states, strict=True):
            assert (state is State.NONCOMPLIANT) is (clock.breached_at(instant) is not None)
            if state is State.PAUSED:
                assert clock.is_paused(instant)
                assert clock.pinned is not None or clock.fail_at(instant) is None
            if clock.breached_at(instant) is not None:
                assert clock.breached_at(instant) < instant


@given(HISTORIES, SINGLE, PINS)
@thorough
def test_nothing_is_known_before_it_happens(history, policy, pinned):
    """What the clocks of the whole history say of an earlier instant is what those of the history so far said then."""
    if pinned is not None:
        policy = Policy([item for item in policy.items if item.kpi != "resolution"], OFFICES, policy.kpis)
    whole = {(one.kpi.name, one.cycle): one for one in replay(moments(history), policy)}
    for place in range(1, len(history)):
        now = history[place - 1].at
        if history[place].at == now:
            continue
        for then in replay(moments(history[:place]), policy):
            clock = whole[then.kpi.name, then.cycle]
            if clock.kpi.reopening is Reopening.CONTINUE and then.ended is not None and clock.ended != then.ended:
                continue  # reopening takes the end back: from then on it is a pause
            for instant in (now, (history[place].at - now) / 2 + now):
                assert shown(clock, instant) == shown(then, instant)


def shown(clock: Clock, at: Any) -> tuple[object, ...]:
    return (
        clock.state(at),
        clock.fail_at(at),
        clock.warn_at(at),
        clock.breaks_at(at),
        clock.active_for(at),
        clock.breached_at(at),
        [clock.level_at(level, at) for level in clock.item.levels],
    )


@given(HISTORIES, POLICIES)
@thorough
def test_of_a_kpi_one_cycle_runs_at_a_time(history, policy):
    clocks = replay(moments(history), policy)
    for name in {clock.kpi.name for clock in clocks}:
        cycles = [clock for clock in clocks if clock.kpi.name == name]

        assert [clock.cycle for clock in cycles] == sorted({clock.cycle for clock in cycles})
        for before, after in pairwise(cycles):
            assert before.ended is not None
            assert before.ended.at <= after.started_at


@given(HISTORIES, POLICIES)
@thorough
def test_nothing_runs_once_a_case_is_over(history, policy):
    last = moments(history)[-1]
    for clock in replay(moments(history), policy):
        if last.ended:
            assert clock.ended is not None
        if clock.ended is not None and clock.ended.outcome is Outcome.FULFILLED:
            assert any(event.at == clock.ended.at for event in history)


@given(HISTORIES)
@thorough
def test_a_pause_of_the_case_pauses_its_resolution(history):
    policy = Policy([Item("r", "resolution", Duration(10**6))])
    (clock, *_) = replay(moments(history), policy)
    walked = moments(history)
    for before, after in pairwise(walked):
        if before.at < after.at:
            standing = walked[before.number - 1].row
            waits = Standing.of(standing).is_paused or standing.status is not Status.ACTIVE
            ran = clock.active_for(after.at) - clock.active_for(before.at)

            assert ran == (ZERO if waits else after.at - before.at)
            assert (standing.status_reason in PAUSE_REASONS) <= waits

"""History: what follows from what happened."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st

from cases import lifecycle
from cases.facts import COLUMNS, instant
from cases.history import QUIET, Actor, Event, Fact, apply, changes_since, fold, from_payload, to_payload
from cases.refusals import Change, IllegalTransition
from cases.vocabulary import Audience, FactKind, Origin, Priority, Severity, SlaSource, Status, StatusReason
from tests.given import AGENT, CUSTOMER, INTERNAL, PUBLIC, at, events, history, hours

ALICE, BOB, FIRST_LINE = UUID(int=1), UUID(int=2), UUID(int=3)
OPENED = Fact(FactKind.OPENED, {"title": "Printer on fire"})


def assigned(owner_id: UUID | None = None, team_id: UUID | None = None) -> Fact:
    return Fact(FactKind.ASSIGNED, {"owner_id": owner_id, "team_id": team_id})


@pytest.mark.parametrize(
    ("story", "column", "value"),
    [
        pytest.param("opened 09:00", "status", Status.ACTIVE, id="a new case is active"),
        pytest.param("opened 09:00", "status_reason", StatusReason.NEW, id="a new case is new"),
        pytest.param("opened 09:00", "created_at", at("09:00"), id="a case is as old as its first event"),
        pytest.param("opened 09:00, noted 09:05", "created_at", at("09:00"), id="a case is created once"),
        pytest.param("opened 09:00, noted 09:05", "updated_at", at("09:05"), id="every event updates"),
        pytest.param("opened 09:00, noted 09:05, noted 09:05", "version", 3, id="the version is the last number"),
        pytest.param("opened 09:00", "first_answered_at", None, id="no answer yet"),
        pytest.param("opened 09:00, answered 09:07", "first_answered_at", at("09:07"), id="answered"),
        pytest.param(
            "opened 09:00, answered 09:07, answered 09:09", "first_answered_at", at("09:07"), id="only the first"
        ),
        pytest.param("opened 09:00, noted 09:07", "first_answered_at", None, id="a note among staff is no answer"),
        pytest.param(
            "opened 09:00, asked 09:07", "first_answered_at", None, id="the customer does not answer themselves"
        ),
        pytest.param("opened 09:00", "last_customer_message_at", None, id="opening is no message"),
        pytest.param(
            "opened 09:00, asked 09:07, asked 09:08", "last_customer_message_at", at("09:08"), id="the latest"
        ),
        pytest.param("opened 09:00, answered 09:07", "last_customer_message_at", None, id="ours is not the customer's"),
        pytest.param(
            "opened 09:00, answered 09:07, asked 09:08, noted 09:09", "message_count", 2, id="notes do not count"
        ),
        pytest.param("opened 09:00, suspended 09:10", "paused_since", at("09:10"), id="paused"),
        pytest.param("opened 09:00, suspended 09:10", "paused_from", StatusReason.NEW, id="a pause knows its step"),
        pytest.param(
            "opened 09:00, suspended 09:10, suspended 09:20 as ON_HOLD",
            "paused_since",
            at("09:10"),
            id="waiting for another is the same pause",
        ),
        pytest.param(
            "opened 09:00, suspended 09:10, noted 09:20", "paused_since", at("09:10"), id="notes do not resume"
        ),
        pytest.param("opened 09:00, suspended 09:10, resumed 09:20", "paused_since", None, id="resumed"),
        pytest.param("opened 09:00, suspended 09:10, resumed 09:20", "paused_from", None, id="nothing to resume"),
        pytest.param(
            "opened 09:00, suspended 09:10, resolved 09:20", "paused_since", None, id="resolving ends a pause"
        ),
        pytest.param(
            "opened 09:00, suspended 09:10, canceled 09:20", "paused_since", None, id="cancelling ends a pause"
        ),
        pytest.param("opened 09:00, resolved 10:00", "resolved_at", at("10:00"), id="resolved"),
        pytest.param(
            "opened 09:00, resolved 10:00, closed 11:00", "resolved_at", at("10:00"), id="closed, still resolved"
        ),
        pytest.param("opened 09:00, resolved 10:00, closed 11:00", "closed_at", at("11:00"), id="closed"),
        pytest.param("opened 09:00, canceled 10:00", "canceled_at", at("10:00"), id="cancelled"),
        pytest.param("opened 09:00, canceled 10:00", "resolved_at", None, id="cancelled is not resolved"),
        pytest.param("opened 09:00, resolved 10:00, reactivated 11:00", "resolved_at", None, id="no longer resolved"),
        pytest.param(
            "opened 09:00, resolved 10:00, closed 11:00, reactivated 12:00", "closed_at", None, id="no longer closed"
        ),
        pytest.param("opened 09:00, canceled 10:00, reactivated 11:00", "canceled_at", None, id="no longer cancelled"),
        pytest.param(
            "opened 09:00, resolved 10:00, reactivated 11:00, resolved 12:00",
            "resolved_at",
            at("12:00"),
            id="resolved again counts from then",
        ),
        pytest.param(
            "opened 09:00, resolved 10:00, reactivated 11:00, resolved 12:00, reactivated 13:00",
            "reopen_count",
            2,
            id="reopened twice",
        ),
        pytest.param("opened 09:00, resolved 10:00, deleted 11:00", "deleted_at", at("11:00"), id="deleted"),
        pytest.param("opened 09:00, deleted 11:00", "status", Status.ACTIVE, id="deletion leaves the status"),
    ],
)
def test_columns_follow_from_history(story, column, value):
    assert fold(history(story)).columns[column] == value


@pytest.mark.parametrize(
    ("facts", "count"),
    [
        pytest.param([assigned(ALICE)], 0, id="the first assignment takes it from nobody"),
        pytest.param([assigned(ALICE), assigned(BOB)], 1, id="from one to another"),
        pytest.param([assigned(team_id=FIRST_LINE), assigned(ALICE, FIRST_LINE)], 1, id="from a team to its member"),
        pytest.param([assigned(ALICE), assigned(), assigned(BOB)], 1, id="back to nobody, then to another"),
    ],
)
def test_assignments_are_counted_when_they_take_the_case_from_somebody(facts, count):
    assert fold(events(OPENED, *facts)).columns["assignment_count"] == count


def test_an_owner_given_at_opening_is_somebody_to_take_it_from():
    opened = Fact(FactKind.OPENED, {"owner_id": ALICE})

    assert fold(events(opened, assigned(BOB))).columns["assignment_count"] == 1


def test_changes_are_columns_and_the_last_one_holds():
    state = fold(
        events(
            OPENED,
            Fact(FactKind.CHANGED, {"title": "Fire", "priority": Priority.HIGH}),
            Fact(FactKind.CHANGED, {"title": "Smoke"}),
        )
    )

    assert (state.columns["title"], state.columns["priority"]) == ("Smoke", Priority.HIGH)


def test_opening_sets_what_it_says_and_leaves_the_rest_at_its_default():
    columns = fold(events(Fact(FactKind.OPENED, {"severity": Severity.OUTAGE}))).columns

    assert (columns["severity"], columns["priority"], columns["description"]) == (Severity.OUTAGE, Priority.MEDIUM, "")
    assert columns.keys() >= COLUMNS.keys()


def test_a_case_of_a_strict_type_opens_at_its_first_step():
    opened = Fact(FactKind.OPENED, {"status_reason": StatusReason.RESEARCHING})

    assert fold(events(opened)).standing.reason is StatusReason.RESEARCHING


def test_forwarded_mail_is_the_customers_word_whoever_forwards_it():
    forwarded = Fact(FactKind.COMMENTED, {}, {**PUBLIC, "by_customer": True})

    columns = fold(events(OPENED, forwarded)).columns

    assert (columns["last_customer_message_at"], columns["first_answered_at"]) == (at("10:00"), None)


@pytest.mark.parametrize(
    ("actor", "is_customer"),
    [
        pytest.param(CUSTOMER, True, id="a contact"),
        pytest.param(AGENT, False, id="a person"),
        pytest.param(Actor(), False, id="the system"),
        pytest.param(Actor(person_id=ALICE, contact_id=BOB), False, id="a person for a contact"),
    ],
)
def test_who_is_a_customer(actor, is_customer):
    assert actor.is_customer is is_customer


# --- broken histories ------------------------------------------------------------------------------------------------


def event(number: int, fact: Fact, when: str = "09:00") -> Event:
    return Event(number, at(when), fact)


NOTED = Fact(FactKind.COMMENTED, {}, INTERNAL)
DELETED = Fact(FactKind.DELETED)
SOLVED = Fact(FactKind.RESOLVED, {"status_reason": StatusReason.PROBLEM_SOLVED})


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        pytest.param([], "without history", id="nothing happened"),
        pytest.param([event(1, NOTED)], "begins with", id="not opened first"),
        pytest.param([event(0, OPENED)], "begins with", id="does not begin at 1"),
        pytest.param([event(1, OPENED), event(2, OPENED)], "OPENED does not happen", id="opened twice"),
        pytest.param([event(1, OPENED), event(3, NOTED)], "event 3 follows event 1", id="a gap"),
        pytest.param([event(1, OPENED), event(1, NOTED)], "event 1 follows event 1", id="a number twice"),
        pytest.param([event(1, OPENED, "09:01"), event(2, NOTED, "09:00")], "happened before", id="time runs back"),
        pytest.param(
            [event(1, OPENED), event(2, SOLVED), event(3, NOTED)], "does not happen", id="not in the lifecycle"
        ),
        pytest.param([event(1, OPENED), event(2, DELETED), event(3, NOTED)], "deleted", id="after deletion"),
        pytest.param(
            [event(1, OPENED), event(2, Fact(FactKind.RESOLVED, {"status_reason": StatusReason.NEW}))],
            "no reason of",
            id="a reason of another status",
        ),
    ],
)
def test_a_broken_history_is_a_bug(broken, problem):
    with pytest.raises(ValueError, match=problem):
        fold(broken)


def test_two_events_may_share_an_instant():
    assert fold([event(1, OPENED), event(2, NOTED)]).version == 2


@pytest.mark.parametrize(
    ("kind", "changes", "details"),
    [
        pytest.param(FactKind.CHANGED, {"version": 9}, {}, id="projections are not set"),
        pytest.param(FactKind.CHANGED, {"status_reason": StatusReason.NEW}, {}, id="changing moves nothing"),
        pytest.param(FactKind.CHANGED, {"titel": "x"}, {}, id="no such column"),
        pytest.param(FactKind.RESOLVED, {}, {}, id="a move says where to"),
        pytest.param(FactKind.COMMENTED, {}, {}, id="a comment says for whom"),
    ],
)
def test_impossible_facts_are_bugs(kind, changes, details):
    with pytest.raises(ValueError, match=kind):
        Fact(kind, changes, details)


# --- stored form -----------------------------------------------------------------------------------------------------


def test_a_payload_is_json_that_says_what_the_api_says():
    fact = Fact(
        FactKind.CHANGED,
        {
            "priority": Priority.HIGH,
            "owner_id": ALICE,
            "deadline": datetime(2025, 6, 2, 11, 30, tzinfo=timezone(timedelta(hours=2))),
            "external_id": None,
        },
        {"audience": Audience.PUBLIC, "note": ["as it is", 1, True, None]},
    )

    assert to_payload(fact) == {
        "changes": {
            "priority": "HIGH",
            "owner_id": "00000000-0000-0000-0000-000000000001",
            "deadline": "2025-06-02T09:30:00Z",
            "external_id": None,
        },
        "details": {"audience": "PUBLIC", "note": ["as it is", 1, True, None]},
    }


@pytest.mark.parametrize(
    ("changes", "details"),
    [
        pytest.param({}, {"share": 0.5}, id="floats lose cents"),
        pytest.param({"deadline": datetime(2025, 6, 2)}, {}, id="no zone"),  # noqa: DTZ001 - the point of the row
        pytest.param({}, {"somebody": ALICE}, id="an identity that nobody would read back"),
    ],
)
def test_what_would_not_come_back_is_not_stored(changes, details):
    with pytest.raises(ValueError, match=r"stored form|read back"):
        to_payload(Fact(FactKind.CHANGED, changes, details))


VALUES: Mapping[Callable[[Any], object], st.SearchStrategy[Any]] = {
    str: st.text('aé"\\\n🖨', max_size=5),
    int: st.integers(1, 5),
    bool: st.booleans(),
    UUID: st.uuids(),
    instant: st.datetimes(timezones=st.just(UTC)),
    Priority: st.sampled_from(Priority),
    Severity: st.sampled_from(Severity),
    Origin: st.sampled_from(Origin),
    SlaSource: st.sampled_from(SlaSource),
}
CHANGES = st.fixed_dictionaries({}, optional={column: st.none() | VALUES[reader] for column, reader in COLUMNS.items()})


@whatever(CHANGES)
def test_every_column_comes_back_as_it_went(changes):
    fact = Fact(FactKind.CHANGED, changes)

    assert from_payload(FactKind.CHANGED, to_payload(fact)) == fact


# --- laws ------------------------------------------------------------------------------------------------------------


@st.composite
def histories(draw) -> list[Event]:
    """Any story that the lifecycle lets be told."""
    told = [Event(1, at("09:00"), Fact(FactKind.OPENED, draw(CHANGES)), CUSTOMER)]
    standing = lifecycle.opening()
    for _ in range(draw(st.integers(0, 15))):
        kind = draw(st.sampled_from(FactKind))
        try:
            standing = lifecycle.step(standing, kind)
        except IllegalTransition:
            continue
        changes = {"status_reason": standing.reason} if kind in lifecycle.REASONS else {}
        if kind in (FactKind.CHANGED, FactKind.CUSTOMER_CHANGED, FactKind.ASSIGNED):
            changes = draw(CHANGES)
        details = {"audience": draw(st.sampled_from(Audience))} if kind is FactKind.COMMENTED else {}
        later = told[-1].at + hours(draw(st.integers(0, 3)))
        told.append(Event(len(told) + 1, later, Fact(kind, changes, details), draw(st.sampled_from([AGENT, CUSTOMER]))))
        if kind is FactKind.DELETED:
            break
    return told


@whatever(histories())
def test_one_event_at_a_time_is_all_events_at_once(told):
    state = None
    for number, happened in enumerate(told, start=1):
        state = apply(state, happened)

        assert state == fold(told[:number])


@whatever(histories())
def test_a_history_read_from_storage_gives_the_same_case(told):
    stored = [(e.number, e.at, e.fact.kind, to_payload(e.fact), e.actor) for e in told]

    assert fold(Event(n, when, from_payload(k, p), actor) for n, when, k, p, actor in stored) == fold(told)


@whatever(histories())
def test_columns_agree_with_each_other(told):
    state = fold(told)
    columns, standing = state.columns, state.standing

    assert columns["version"] == len(told)
    assert (columns["paused_since"] is not None) is standing.is_paused
    assert (columns["resolved_at"] is not None) is (standing.status in (Status.RESOLVED, Status.CLOSED))
    assert (columns["closed_at"] is not None) is (standing.status is Status.CLOSED)
    assert (columns["canceled_at"] is not None) is (standing.status is Status.CANCELED)
    assert columns["created_at"] == told[0].at
    # What is quiet is no change: nobody touched the case.
    assert columns["updated_at"] == [event.at for event in told if event.fact.kind not in QUIET][-1]
    assert columns["reopen_count"] == sum(e.fact.kind is FactKind.REACTIVATED for e in told)


@whatever(histories())
def test_a_refused_event_leaves_the_case_as_it_was(told):
    state = fold(told)
    columns = dict(state.columns)

    with pytest.raises(ValueError, match="follows"):
        apply(state, replace(told[-1], number=state.version + 2))
    assert state.columns == columns


@pytest.mark.parametrize("story", ["opened 09:00", "opened 09:00, noted 09:01"])
def test_nobody_writes_into_a_state(story):
    with pytest.raises(TypeError):
        fold(history(story)).columns["title"] = "mine"


# --- conflicts -------------------------------------------------------------------------------------------------------


def test_what_changed_since_a_version():
    told = events(OPENED, Fact(FactKind.CHANGED, {"title": "Fire", "priority": Priority.HIGH}), assigned(ALICE), NOTED)

    assert changes_since(told, 1) == [
        Change(2, FactKind.CHANGED, ["priority", "title"]),
        Change(3, FactKind.ASSIGNED, ["owner_id", "team_id"]),
        Change(4, FactKind.COMMENTED, []),
    ]
    assert changes_since(told, 4) == []

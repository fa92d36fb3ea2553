"""What a log of snapshots means, by examples; the rules are told in `imports.servicenow`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import pytest
from pytest import param

from cases.history import CaseState, Event, fold
from cases.vocabulary import FactKind, Status
from imports.incident_history import Resolved, history
from imports.incident_log import Snapshot
from imports.names import Kind, Named, named
from tests.imports.log_lines import line, only, snapshots


def id_of(kind: Kind, *name: str) -> UUID:
    return uuid5(UUID(int=0), f"{kind} {name}")


def told(of: Sequence[Snapshot]) -> tuple[list[Event], list[Resolved]]:
    ids: Mapping[Named, UUID] = {name: id_of(name[0], *name[1]) for name in named(of)}
    return history(of, "CAS-000001", ids)


def events(of: Sequence[Snapshot]) -> list[Event]:
    return told(of)[0]


def state(of: Sequence[Snapshot]) -> CaseState:
    return fold(events(of))


def spoken(of: Sequence[Snapshot]) -> str:
    """The events as a story: "OPENED 09:00, SUSPENDED 09:10 ON_HOLD"."""
    return ", ".join(
        " ".join(filter(None, [event.fact.kind, f"{event.at:%H:%M}", _moved_to(event)])) for event in events(of)
    )


def _moved_to(event: Event) -> str:
    moved = event.fact.kind not in (FactKind.OPENED, FactKind.RESOLVED, FactKind.CLOSED)
    return str(event.fact.changes.get("status_reason", "")) if moved else ""


@pytest.mark.parametrize(
    ("story", "happened"),
    [
        param(
            "New 09:00, Active 09:10, Resolved 10:00, Closed 11:00",
            "OPENED 09:00, PROGRESSED 09:10 IN_PROGRESS, RESOLVED 10:00, CLOSED 11:00",
            id="the usual way",
        ),
        param(
            "New 09:00, Awaiting User Info 09:10, Active 09:20, Closed 10:00",
            "OPENED 09:00, SUSPENDED 09:10 WAITING_FOR_DETAILS, RESUMED 09:20 IN_PROGRESS, RESOLVED 10:00, "
            "CLOSED 10:00",
            id="closed without having been resolved",
        ),
        param(
            "Active 09:05, Awaiting Problem 09:10, Awaiting Vendor 09:20, Awaiting Evidence 09:30, New 09:40",
            "OPENED 09:00, PROGRESSED 09:05 IN_PROGRESS, SUSPENDED 09:10 WAITING_FOR_PROBLEM, "
            "SUSPENDED 09:20 WAITING_FOR_VENDOR, SUSPENDED 09:30 WAITING_FOR_EVIDENCE, RESUMED 09:40 NEW",
            id="four pauses are four reasons, and one follows the other",
        ),
        param(
            "Resolved 09:30, Closed 10:00",
            "OPENED 09:00, RESOLVED 09:30, CLOSED 10:00",
            id="first seen when it was resolved",
        ),
        param(
            "New 09:00, Resolved 09:30, Active 10:00, Resolved 10:30, Closed 11:00",
            "OPENED 09:00, RESOLVED 09:30, REACTIVATED 10:00 IN_PROGRESS, RESOLVED 10:30, CLOSED 11:00",
            id="reopened",
        ),
        param(
            "Closed 09:30, Awaiting Vendor 10:00, Closed 11:00, Resolved 11:30",
            "OPENED 09:00, RESOLVED 09:30, CLOSED 09:30, REACTIVATED 10:00 IN_PROGRESS, "
            "SUSPENDED 10:00 WAITING_FOR_VENDOR, RESOLVED 11:00, CLOSED 11:00, REACTIVATED 11:30 IN_PROGRESS, "
            "RESOLVED 11:30",
            id="reopened into a pause, and from closed to resolved",
        ),
        param("New 09:00, New 09:10", "OPENED 09:00, CHANGED 09:10", id="saved without a difference that we see"),
        param(
            "New 09:00, Resolved 09:30, Resolved 09:40, Closed 10:00, Closed 10:10",
            "OPENED 09:00, RESOLVED 09:30, CLOSED 10:00",
            id="saved when it had ended",
        ),
        param(
            "New 11:10, New 09:52, Resolved 11:03",
            "OPENED 09:00, CHANGED 09:52, RESOLVED 11:03",
            id="an instant that is later than the next is that of the next",
        ),
        param(
            "New 07:27, Active 09:59",
            "OPENED 07:27, PROGRESSED 09:59 IN_PROGRESS",
            id="nothing changes before it is opened",
        ),
        param(
            "New 09:00, Active 09:00, Closed 09:00",
            "OPENED 09:00, PROGRESSED 09:00 IN_PROGRESS, RESOLVED 09:00, CLOSED 09:00",
            id="all in one minute",
        ),
    ],
)
def test_history(story: str, happened: str) -> None:
    assert spoken(snapshots(story)) == happened
    assert state(snapshots(story)).version == len(events(snapshots(story)))


def changes(**columns: str) -> list[tuple[FactKind, dict[str, Any]]]:
    """What a second snapshot with these columns says has happened since the first."""
    return [(event.fact.kind, dict(event.fact.changes)) for event in events(only([line(), line(**columns)]))[1:]]


def test_another_group_or_resolver_is_an_assignment() -> None:
    team_id, owner_id = id_of(Kind.TEAM, "Group 2"), id_of(Kind.ASSIGNEE, "Resolver 3")

    assert changes(assignment_group="Group 2", assigned_to="Resolver 3") == [
        (FactKind.ASSIGNED, {"team_id": team_id, "owner_id": owner_id})
    ]


def test_a_group_that_is_not_known_any_more_is_an_assignment_to_nobody_we_know() -> None:
    assert changes(assignment_group="?") == [(FactKind.ASSIGNED, {"team_id": None, "owner_id": None})]


def test_another_category_priority_or_impact_is_a_change() -> None:
    subject_id = id_of(Kind.SUBJECT, "Category 1", "Subcategory 2")
    ((kind, changed),) = changes(subcategory="Subcategory 2", priority="1 - Critical")

    assert kind is FactKind.CHANGED
    assert changed == {"priority": "CRITICAL", "subject_id": subject_id}


def test_what_becomes_unknown_stays_as_it_was() -> None:
    assert changes(priority="?", category="?", subcategory="?", caller_id="?") == [(FactKind.CHANGED, {})]


def test_another_caller_is_another_customer() -> None:
    assert changes(caller_id="Caller 2") == [
        (FactKind.CUSTOMER_CHANGED, {"contact_id": id_of(Kind.CONTACT, "Caller 2")})
    ]


def test_what_changed_with_a_reactivation_happened_after_it() -> None:
    lines = [line(), line(incident_state="Closed"), line(incident_state="Active", assignment_group="Group 2")]

    assert [event.fact.kind for event in events(only(lines))][3:] == [FactKind.REACTIVATED, FactKind.ASSIGNED]


def test_what_a_case_has_no_column_for_is_kept_in_the_details() -> None:
    _, changed = events(only([line(location="Location 1"), line(location="Location 2", sys_mod_count="7")]))

    assert changed.fact.details == {"snapshot": 7, "also": {"location": "Location 2"}, "made_sla": True}


def test_what_changed_in_an_ended_incident_is_kept_with_its_end() -> None:
    closed = line(incident_state="Closed", sys_mod_count="1")
    again = line(incident_state="Closed", sys_mod_count="2", assignment_group="Group 2")
    *_, last = events(only([line(), closed, again]))

    assert last.fact.kind is FactKind.CLOSED
    assert last.fact.details["repeated"] == [{"snapshot": 2, "also": {"assignment_group": "Group 2"}}]


def test_a_recorded_instant_that_was_not_taken_is_kept() -> None:
    _, changed, _ = events(snapshots("New 11:10, New 09:52, Resolved 11:03"))
    first, *_ = events(snapshots("New 07:27"))

    assert "recorded_at" not in changed.fact.details
    assert first.fact.details["recorded_at"] == "2016-03-01T09:00:00Z"


def test_the_last_event_says_whether_the_agreed_time_was_kept() -> None:
    lines = [line(), line(incident_state="Resolved"), line(incident_state="Closed", made_sla="FALSE")]
    opened, resolved, closed = events(only(lines))

    assert [event.fact.details.get("made_sla") for event in (opened, resolved, closed)] == [True, None, False]


def test_who_saved_a_snapshot_did_what_it_tells() -> None:
    opened, progressed = events(snapshots("New 09:00, Active 09:10"))

    assert opened.actor.person_id == id_of(Kind.ACTOR, "Opened by 1")
    assert progressed.actor.person_id == id_of(Kind.ACTOR, "Updated by 1")


def test_the_final_code_belongs_to_the_last_resolution() -> None:
    story = "New 09:00, Resolved 09:30, Active 10:00, Resolved 10:30"
    _, resolutions = told(snapshots(story, closed_code="code 6", resolved_by="Resolved by 9"))
    first, last = resolutions

    assert (first.at, first.closed_code) == (datetime(2016, 3, 1, 9, 30, tzinfo=UTC), None)
    assert (last.closed_code, last.resolved_by) == ("code 6", id_of(Kind.ACTOR, "Resolved by 9"))


def test_nothing_known_is_a_case_all_the_same() -> None:
    columns = ("caller_id", "opened_by", "category", "subcategory", "impact", "priority", "assignment_group")
    case = state(only([line(**dict.fromkeys(columns, "?"))]))

    assert case.standing.status is Status.ACTIVE
    assert case.columns["title"] == "Incident INC0000001"

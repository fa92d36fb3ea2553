"""Stays of a case in queues, folded from stories."""

from datetime import datetime
from typing import Any
from uuid import UUID

from cases.facts import Fact
from cases.history import Event
from cases.queueing import Stay, stays
from cases.vocabulary import FactKind, Priority, QueueItemState, StatusReason
from tests.given import at

DESK, BACK, ANN, VERA, ITEM, NEXT = (UUID(int=number) for number in range(1, 7))


def events(*told: tuple[FactKind, dict[str, Any]]) -> list[Event]:
    """An hour apart from Monday 09:00; the lifecycle's own facts say where they lead."""
    leads = {FactKind.RESOLVED: StatusReason.PROBLEM_SOLVED, FactKind.REACTIVATED: StatusReason.IN_PROGRESS}
    return [
        Event(
            number,
            hour(number),
            Fact(kind, {"status_reason": leads[kind]} if kind in leads else {}, details),
        )
        for number, (kind, details) in enumerate(told, 2)
    ]


def hour(number: int) -> datetime:
    return at(f"{7 + number:02}:00")


QUEUED = (FactKind.QUEUED, {"item_id": ITEM, "queue_id": DESK})
PICKED = (FactKind.PICKED, {"worker_id": ANN, "previous_owner_id": VERA})


def test_a_case_that_was_never_queued_has_no_stays():
    assert stays(events((FactKind.COMMENTED, {"audience": "PUBLIC"}))) == []


def test_a_stay_begins_when_a_case_is_queued():
    assert stays(events(QUEUED)) == [Stay(ITEM, DESK, hour(2))]


def test_whoever_picks_works_on_it_and_the_former_owner_is_remembered():
    (stay,) = stays(events(QUEUED, PICKED))

    assert (stay.worker_id, stay.worked_since, stay.previous_owner_id) == (ANN, hour(3), VERA)
    assert stay.state is QueueItemState.PICKED


def test_what_is_picked_and_removed_has_left():
    (stay,) = stays(events(QUEUED, (FactKind.PICKED, {**PICKED[1], "removed": True})))

    assert (stay.state, stay.left_at, stay.worker_id) == (QueueItemState.CLOSED, hour(3), ANN)


def test_release_makes_it_available_and_keeps_when_it_came():
    assert stays(events(QUEUED, PICKED, (FactKind.RELEASED, {}))) == [Stay(ITEM, DESK, hour(2))]


def test_a_move_goes_on_with_the_same_stay_and_waits_anew():
    moved = (FactKind.ROUTED, {"item_id": ITEM, "queue_id": BACK})

    assert stays(events(QUEUED, PICKED, moved)) == [Stay(ITEM, BACK, hour(4))]


def test_sent_to_a_team_nobody_works_on_it():
    (stay,) = stays(events(QUEUED, PICKED, (FactKind.ROUTED, {"worker_id": None})))

    assert stay.state is QueueItemState.AVAILABLE


def test_rules_that_find_nobody_leave_their_reason_and_whoever_worked_on_it():
    (stay,) = stays(events(QUEUED, PICKED, (FactKind.ROUTED, {"unassigned": "Nobody fits."})))

    assert (stay.worker_id, stay.unassigned) == (ANN, "Nobody fits.")


def test_routed_before_it_was_queued_is_no_stay_unless_it_leads_to_a_queue():
    assert stays(events((FactKind.ROUTED, {"unassigned": "Nobody fits."}))) == []
    assert stays(events((FactKind.ROUTED, {"item_id": ITEM, "queue_id": DESK}))) == [Stay(ITEM, DESK, hour(2))]


def test_a_case_that_ends_leaves_its_queue_and_a_later_stay_is_another():
    again = (FactKind.QUEUED, {"item_id": NEXT, "queue_id": BACK, "queue_priority": Priority.HIGH})

    first, second = stays(events(QUEUED, (FactKind.RESOLVED, {}), (FactKind.REACTIVATED, {}), again))

    assert (first.item_id, first.left_at) == (ITEM, hour(3))
    assert second == Stay(NEXT, BACK, hour(5), Priority.HIGH)


def test_part_by_part_leads_to_what_the_whole_leads_to():
    told = events(QUEUED, PICKED, (FactKind.RELEASED, {}), PICKED, (FactKind.UNQUEUED, {}))
    begun = None
    for event in told:
        (begun,) = stays([event], begun)

    assert [begun] == stays(told)

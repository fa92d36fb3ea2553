"""Notifying: whom an event concerns, read from a table."""

from uuid import UUID

import pytest

from actions.charging import Step
from cases.history import Actor, Event, Fact, apply
from cases.notifying import TOLD, Listener, NotificationKind, concerns, listening
from cases.vocabulary import Audience, FactKind, StatusReason
from tests.given import AGENT, CUSTOMER, at

VERA, ANN = UUID(int=1), UUID(int=2)
OPENED = Fact(FactKind.OPENED, {"number": "CAS-1", "owner_id": VERA})
SLA = {"kpi": "resolution", "cycle": 1, "level": "", "at": "2025-06-02T09:00:00+00:00"}


def step(fact: Fact, actor: Actor = AGENT) -> Step:
    """A fact that happens to a case that is Vera's."""
    before = apply(None, Event(1, at("09:00"), OPENED))
    event = Event(2, at("10:00"), fact, actor)
    return Step(before, event, apply(before, event))


def told(fact: Fact, actor: Actor = AGENT) -> list[tuple[str, str, str]]:
    return [(one.listener.value, one.kind.value, one.text) for one in concerns(step(fact, actor))]


@pytest.mark.parametrize(
    ("fact", "actor", "expected"),
    [
        pytest.param(
            Fact(FactKind.ASSIGNED, {"owner_id": ANN}),
            AGENT,
            [("NEW_OWNER", "ASSIGNED", ""), ("FORMER_OWNER", "UNASSIGNED", "")],
            id="who gets a case and who loses it",
        ),
        pytest.param(Fact(FactKind.ASSIGNED, {"owner_id": VERA}), AGENT, [], id="nobody, if nobody else gets it"),
        pytest.param(
            Fact(FactKind.PICKED, {"owner_id": ANN}),
            AGENT,
            [("NEW_OWNER", "ASSIGNED", ""), ("FORMER_OWNER", "UNASSIGNED", "")],
            id="however it comes to others",
        ),
        pytest.param(
            Fact(FactKind.COMMENTED, details={"audience": Audience.PUBLIC}),
            CUSTOMER,
            [("OWNER", "COMMENTED", ""), ("FOLLOWERS", "COMMENTED", "")],
            id="the owner hears what the customer says",
        ),
        pytest.param(
            Fact(FactKind.COMMENTED, details={"audience": Audience.PUBLIC, "by_customer": True}),
            AGENT,
            [("OWNER", "COMMENTED", ""), ("FOLLOWERS", "COMMENTED", "")],
            id="also if another recorded it",
        ),
        pytest.param(
            Fact(FactKind.COMMENTED, details={"audience": Audience.PUBLIC}),
            AGENT,
            [("FOLLOWERS", "COMMENTED", "")],
            id="followers hear what is said to the customer",
        ),
        pytest.param(
            Fact(FactKind.COMMENTED, details={"audience": Audience.INTERNAL}), AGENT, [], id="a note is no news"
        ),
        pytest.param(
            Fact(FactKind.URGED, details={"note": "Please"}),
            CUSTOMER,
            [("RESPONSIBLE", "URGED", "Please")],
            id="urging reaches whoever is responsible",
        ),
        pytest.param(
            Fact(FactKind.ESCALATED, details={"reason": "Fire"}),
            AGENT,
            [("RESPONSIBLE", "ESCALATED", "Fire"), ("FOLLOWERS", "ESCALATED", "Fire")],
            id="escalation is told with its reason",
        ),
        pytest.param(
            Fact(
                FactKind.MERGED,
                {"status_reason": StatusReason.MERGED, "merged_into_id": ANN},
                {"merge_id": ANN, "number": "CAS-2", "message_count": 0},
            ),
            AGENT,
            [("OWNER", "MERGED", "CAS-2"), ("FOLLOWERS", "MERGED", "CAS-2")],
            id="a merge is told with the case that lives on",
        ),
        pytest.param(
            Fact(FactKind.SLA_ANNOUNCED, details={**SLA, "what": "WARNED"}),
            Actor(),
            [("OWNER", "SLA_WARNED", "resolution")],
            id="a warning is for the owner",
        ),
        pytest.param(
            Fact(FactKind.SLA_ANNOUNCED, details={**SLA, "what": "BREACHED"}),
            Actor(),
            [("OWNER", "SLA_BREACHED", "resolution")],
            id="and so is a breach",
        ),
        pytest.param(
            Fact(
                FactKind.SLA_ANNOUNCED,
                details={**SLA, "what": "LEVEL", "level": "lead", "deed": "NOTIFY", "to": "a@example.com"},
            ),
            Actor(),
            [("NAMED", "SLA_LEVEL", "resolution: lead")],
            id="a level that notifies is for whom it names",
        ),
        pytest.param(
            Fact(
                FactKind.SLA_ANNOUNCED,
                details={**SLA, "what": "LEVEL", "level": "up", "deed": "RAISE_PRIORITY", "to": ""},
            ),
            Actor(),
            [],
            id="a level that does something else tells nobody",
        ),
        pytest.param(
            Fact(FactKind.SLA_ANNOUNCED, details={**SLA, "what": "LEVEL", "level": "lead"}),
            Actor(),
            [],
            id="an old announcement does not say what its level does",
        ),
    ],
)
def test_an_event_concerns(fact, actor, expected):
    assert told(fact, actor) == expected


@pytest.mark.parametrize(
    ("kind", "reason", "owner_too"),
    [
        pytest.param(FactKind.PROGRESSED, StatusReason.RESEARCHING, False, id="work"),
        pytest.param(FactKind.SUSPENDED, StatusReason.ON_HOLD, False, id="a pause"),
        pytest.param(FactKind.RESOLVED, StatusReason.PROBLEM_SOLVED, True, id="the end"),
        pytest.param(FactKind.CANCELED, StatusReason.CANCELED, True, id="no end"),
    ],
)
def test_followers_hear_where_a_case_stands_and_its_owner_when_others_end_it(kind, reason, owner_too):
    found = told(Fact(kind, {"status_reason": reason}, {"note": "So"}))

    assert ("FOLLOWERS", "STATUS_CHANGED", "So") in found
    assert (("OWNER", "STATUS_CHANGED", "So") in found) is owner_too


def test_every_kind_of_the_table_tells_each_listener_once():
    for listeners in TOLD.values():
        assert len({listener for listener, _ in listeners}) == len(listeners)


def test_a_new_owner_listens_as_after_the_step_and_a_former_one_as_before():
    moved = step(Fact(FactKind.ASSIGNED, {"owner_id": ANN}))

    assert (listening(moved, Listener.NEW_OWNER), listening(moved, Listener.FORMER_OWNER)) == (ANN, VERA)
    assert listening(moved, Listener.FOLLOWERS) is None


def test_a_case_that_is_opened_for_somebody_is_assigned_to_them():
    event = Event(1, at("09:00"), OPENED)
    (to_vera, from_nobody) = concerns(opened := Step(None, event, apply(None, event)))

    assert (listening(opened, to_vera.listener), to_vera.kind) == (VERA, NotificationKind.ASSIGNED)
    assert listening(opened, from_nobody.listener) is None

"""Moments: what clocks see of a case's history."""

from datetime import datetime
from uuid import UUID

import pytest
from pytest import param

from cases.history import Actor, Event, Fact
from cases.vocabulary import Audience, FactKind, Origin
from sla.clock import State
from sla.moments import Signal, moments
from sla.replay import replay
from sla.responses import Objection, ResponseRule, Said, Sender, objections, said
from tests.given import AGENT, CUSTOMER, history
from tests.given import at as given_at
from tests.sla.policies import at, policy, promise

SYSTEM = Actor()


def signals(story):
    return [sorted(moment.signals) for moment in moments(history(story))]


@pytest.mark.parametrize(
    ("story", "signals_of_last"),
    [
        param("opened 09:00", ["OPENED"], id="opened"),
        param("opened 09:00, answered 09:10", ["STAFF_SPOKE"], id="answered"),
        param("opened 09:00, asked 09:10", ["CUSTOMER_SPOKE"], id="asked"),
        param("opened 09:00, noted 09:10", [], id="a note among staff is no answer"),
        param("opened 09:00, suspended 09:10", [], id="a pause is no signal"),
        param("opened 09:00, resolved 09:10", ["RESOLVED"], id="resolved"),
        param("opened 09:00, resolved 09:10, closed 09:20", [], id="closing says nothing new"),
        param("opened 09:00, resolved 09:10, reactivated 09:20", ["REOPENED"], id="reactivated"),
        param("opened 09:00, canceled 09:10", ["CANCELED"], id="cancelled"),
        param("opened 09:00, deleted 09:10", ["CANCELED"], id="deleted"),
    ],
)
def test_signals(story, signals_of_last):
    assert signals(story)[-1] == signals_of_last


def test_what_is_not_for_the_customer_was_not_said_by_them_either():
    (moment,) = moments([opened(), comment(AGENT, audience=Audience.INTERNAL, by_customer=True)])[1:]

    assert moment.signals == frozenset()


def test_whose_turn_it_is():
    facts = [
        Fact(FactKind.OPENED, {"title": "x", "team_id": UUID(int=1)}),
        Fact(FactKind.ASSIGNED, {"owner_id": UUID(int=5)}),
        Fact(FactKind.ASSIGNED, {"owner_id": UUID(int=5), "team_id": UUID(int=2)}),
        Fact(FactKind.ASSIGNED, {"owner_id": None, "team_id": UUID(int=2)}),
    ]
    events = [Event(number, at("09:00"), fact, AGENT) for number, fact in enumerate(facts, 1)]

    assert [sorted(moment.signals) for moment in moments(events)] == [
        ["OPENED", "TEAM_ASSIGNED"],
        ["ASSIGNED"],
        ["TEAM_ASSIGNED"],
        [],
    ]


@pytest.mark.parametrize(
    ("story", "waits", "ended"),
    [
        param("opened 09:00", set(), False, id="open"),
        param("opened 09:00, suspended 09:10 as ON_HOLD", {"ON_HOLD"}, False, id="on hold"),
        param("opened 09:00, suspended 09:10, resumed 09:20", set(), False, id="resumed"),
        param("opened 09:00, suspended 09:10, resolved 09:20", set(), True, id="resolved in a pause"),
        param("opened 09:00, resolved 09:20, reactivated 09:30", set(), False, id="taken up again"),
        param("opened 09:00, deleted 09:20", set(), True, id="deleted, though active"),
    ],
)
def test_standing(story, waits, ended):
    last = moments(history(story))[-1]

    assert (last.waits, last.ended) == (waits, ended)


def comment(actor, **details):
    return Event(2, at("10:00"), Fact(FactKind.COMMENTED, {}, {"audience": Audience.PUBLIC, **details}), actor)


@pytest.mark.parametrize(
    ("event", "sender"),
    [
        param(comment(AGENT), Sender.STAFF, id="staff"),
        param(comment(CUSTOMER), Sender.CUSTOMER, id="the customer"),
        param(comment(SYSTEM), Sender.SYSTEM, id="the system itself"),
        param(comment(AGENT, automatic=True), Sender.SYSTEM, id="an automatic message in somebody's name"),
        param(comment(AGENT, by_customer=True), Sender.CUSTOMER, id="forwarded words of the customer"),
    ],
)
def test_who_said_it(event, sender):
    assert said(event).sender is sender


def test_what_is_no_comment_says_nothing():
    assert said(Event(1, at("09:00"), Fact(FactKind.OPENED, {"title": "x"}))) is None


PHONE = ResponseRule(channels=frozenset({Origin.VOICE}))


@pytest.mark.parametrize(
    ("message", "rule", "against"),
    [
        param(Said(Sender.STAFF, Audience.PUBLIC), ResponseRule(), (), id="counts by default"),
        param(Said(Sender.STAFF, Audience.INTERNAL), ResponseRule(), (Objection.AUDIENCE,), id="a note"),
        param(Said(Sender.SYSTEM, Audience.PUBLIC), ResponseRule(), (Objection.SENDER,), id="an acknowledgement"),
        param(Said(Sender.STAFF, Audience.PUBLIC, Origin.EMAIL), PHONE, (Objection.CHANNEL,), id="not by phone"),
        param(Said(Sender.STAFF, Audience.PUBLIC, Origin.VOICE), PHONE, (), id="by phone"),
        param(Said(Sender.STAFF, Audience.PUBLIC), PHONE, (Objection.CHANNEL,), id="by nobody knows what"),
        param(
            Said(Sender.SYSTEM, Audience.PUBLIC),
            ResponseRule(frozenset({Sender.STAFF, Sender.SYSTEM})),
            (),
            id="an acknowledgement, where it is meant to count",
        ),
    ],
)
def test_objections(message, rule, against):
    assert objections(message, rule) == against


def opened():
    return Event(1, at("09:00"), Fact(FactKind.OPENED, {"title": "x"}), CUSTOMER)


def first_response(*events, **more):
    (clock,) = replay(moments([opened(), *events]), policy(promise("first_response", 120), **more))
    return clock.state(at("10:30"))


def test_an_automatic_acknowledgement_is_no_first_response():
    assert first_response(comment(SYSTEM)) is State.IN_PROGRESS
    assert first_response(comment(AGENT)) is State.SUCCEEDED


def test_a_policy_may_let_only_calls_count():
    rules = {"first_response": PHONE}

    assert first_response(comment(AGENT, origin=Origin.EMAIL), responses=rules) is State.IN_PROGRESS
    assert first_response(comment(AGENT, origin=Origin.VOICE), responses=rules) is State.SUCCEEDED


def test_a_policy_may_let_acknowledgements_count():
    rules = {"first_response": ResponseRule(frozenset({Sender.SYSTEM, Sender.STAFF}))}

    assert first_response(comment(SYSTEM), responses=rules) is State.SUCCEEDED


def test_an_announced_breach_is_remembered_by_its_instant():
    due = given_at("10:00")
    events = history("opened 09:00")
    details = {"kpi": "resolution", "cycle": 1, "what": "BREACHED", "level": "", "at": due.isoformat()}
    told = Event(2, given_at("10:05"), Fact(FactKind.SLA_ANNOUNCED, {}, details))

    assert moments([*events, told])[-1].announced == {("resolution", 1): due}
    assert isinstance(due, datetime)


def test_a_moment_knows_the_deadline_set_by_hand():
    facts = [Fact(FactKind.OPENED, {"title": "x"}), Fact(FactKind.CHANGED, {"deadline": at("Fri 12:00")})]
    events = [Event(number, at("09:00"), fact, AGENT) for number, fact in enumerate(facts, 1)]

    assert [moment.pinned for moment in moments(events)] == [None, at("Fri 12:00")]


def test_signals_are_named_once():
    assert {signal.value for signal in Signal} == {signal.name for signal in Signal}

"""Explanations: which item made the promise, why the others did not, and what a message would do."""

from types import SimpleNamespace

from cases.conditions import All
from cases.vocabulary import Audience, Origin, Priority
from sla.explain import answers, explain
from sla.replay import replay
from sla.responses import Objection, ResponseRule, Said, Sender
from tests.sla.policies import HIGH, RESOLVED, at, has, policy, promise, story

ITEMS = [
    promise("first_response", 30, name="high", applicable_when=HIGH),
    promise("first_response", 60, name="rest"),
    promise("resolution", name="gold", applicable_when=All((HIGH, has("title", "gold")))),
]
CASE = SimpleNamespace(priority=Priority.HIGH, title="lead")


def test_the_first_that_holds_makes_the_promise():
    found = explain(CASE, policy(*ITEMS))

    assert [(one.item.name, one.held, one.chosen, one.behind and one.behind.name) for one in found] == [
        ("high", True, True, None),
        ("rest", True, False, "high"),
        ("gold", False, False, None),
    ]


def test_each_part_of_a_condition_says_what_it_saw():
    trace = explain(CASE, policy(*ITEMS))[2].trace

    assert [(part.held, part.seen) for part in trace.parts] == [(True, Priority.HIGH), (False, "lead")]


REPLY = Said(Sender.STAFF, Audience.PUBLIC, Origin.EMAIL)


def asked(message, text="opened 09:00, asked 09:30", responses=None, items=("first_response", "next_response")):
    rules = policy(*(promise(kpi) for kpi in items), promise("resolution"), responses=responses or {})
    found = answers(message, rules, replay(story(text), rules), at("10:00"))
    return [(one.kpi, one.counts, one.fulfils is not None) for one in found]


def test_what_staff_tells_the_customer_counts():
    assert asked(REPLY) == [("first_response", True, True), ("next_response", True, True)]


def test_an_answer_to_nothing_counts_and_fulfils_nothing():
    assert asked(REPLY, "opened 09:00, answered 09:10") == [
        ("first_response", True, False),
        ("next_response", True, False),
    ]


def test_a_note_an_acknowledgement_and_the_customer_do_not_count():
    for message in (
        Said(Sender.STAFF, Audience.INTERNAL),
        Said(Sender.SYSTEM, Audience.PUBLIC),
        Said(Sender.CUSTOMER, Audience.PUBLIC),
    ):
        assert asked(message) == [("first_response", False, False), ("next_response", False, False)]


def test_a_rule_may_say_otherwise_for_one_kpi():
    by_phone = {"first_response": ResponseRule(channels=frozenset({Origin.VOICE}))}

    assert asked(REPLY, responses=by_phone) == [("first_response", False, False), ("next_response", True, True)]


def test_the_reason_is_given():
    rules = policy(promise("first_response"))

    (found,) = answers(Said(Sender.SYSTEM, Audience.INTERNAL), rules, [], at("10:00"))

    assert found.objections == (Objection.SENDER, Objection.AUDIENCE)


def test_a_promise_with_its_own_condition_is_not_kept_by_talking():
    rules = policy(promise("first_response", success_when=RESOLVED))

    (found,) = answers(REPLY, rules, replay(story("opened 09:00"), rules), at("10:00"))

    assert (found.counts, found.fulfils) == (True, None)

"""Stored policies: what is written is read again, and what cannot be accepted is named by its path."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import param

from cases.conditions import All, AnyOf, Not, Related
from cases.refusals import BadInput, Several
from cases.vocabulary import Audience, Origin, Priority
from sla.kpis import KPIS, Kpi, Reopening
from sla.moments import Signal
from sla.policy import DEFAULT_WAITS, Deed, Duration, Item, Level, Policy, Unit
from sla.responses import STAFF_TO_CUSTOMER, ResponseRule, Sender
from sla.stored_policy import read_policy, read_usable, written
from tests.sla.policies import ACTIVE, FIELDS, HIGH, OFFICE, RESOLVED, has

CALENDARS = {"office": OFFICE, "unused": OFFICE}
PLAIN = {"name": "Answer", "kpi": "first_response", "fail_after": {"amount": 4, "unit": "BUSINESS_HOURS"}}


def read(*items, **more):
    return read_policy({"name": "Gold", "items": list(items), **more}, CALENDARS, FIELDS)


def test_what_is_left_out_is_as_the_code_has_it():
    policy = read(PLAIN)

    assert policy.items == (Item("Answer", "first_response", Duration(4, Unit.BUSINESS_HOURS)),)
    assert (policy.kpis, policy.waits, policy.name) == (KPIS, DEFAULT_WAITS, "Gold")
    assert policy.response_rule("first_response") == STAFF_TO_CUSTOMER


def test_null_is_as_if_left_out():
    nulls = dict.fromkeys(["warn_after", "calendar", "success_when", "may_pause", "levels"])

    assert read(PLAIN | nulls) == read(PLAIN)


def test_a_draft_may_be_empty():
    assert read().items == ()


def test_a_policy_keeps_only_the_calendars_that_it_names():
    assert read(PLAIN | {"calendar": "office"}).calendars == {"office": OFFICE}


WHOLE = Policy(
    items=(
        Item(
            "Answer",
            "first_response",
            Duration(60),
            warn_after=Duration(2, Unit.BUSINESS_HOURS),
            applicable_when=All((HIGH, Not(Related("account", has("tier", "GOLD"))))),
            success_when=RESOLVED,
            pause_when=AnyOf((ACTIVE, RESOLVED)),
            may_pause=False,
            sticky=True,
            calendar="office",
            levels=(
                Level("half", Deed.NOTIFY, percent=50, to="owner"),
                Level("late", Deed.ASSIGN, offset=-timedelta(minutes=90), to="team:night"),
            ),
        ),
        Item("Vendor", "vendor", Duration(3, Unit.BUSINESS_DAYS)),
    ),
    calendars={"office": OFFICE},
    kpis={
        **KPIS,
        "resolution": Kpi(
            "resolution",
            KPIS["resolution"].starts,
            KPIS["resolution"].stops,
            cancels=KPIS["resolution"].cancels,
            reopening=Reopening.NEW_CYCLE,
        ),
        "vendor": Kpi(
            "vendor",
            starts=frozenset(),
            cancels=frozenset({Signal.RESOLVED, Signal.CANCELED}),
            waits=frozenset({"ON_HOLD"}),
            starts_when=has("status_reason", "WAITING_FOR_VENDOR"),
            stops_when=Not(has("status_reason", "WAITING_FOR_VENDOR")),
            counts_from="created_at",
        ),
    },
    waits=frozenset({"ON_HOLD", "SUSPENDED"}),
    pause_rules={"resolution": ACTIVE},
    responses={
        "first_response": ResponseRule(
            frozenset({Sender.STAFF, Sender.SYSTEM}), frozenset({Audience.PUBLIC}), frozenset({Origin.EMAIL})
        )
    },
    name="Gold",
)


def test_a_policy_survives_being_stored():
    stored = json.loads(json.dumps(written(WHOLE)))

    assert read_policy(stored, CALENDARS, FIELDS) == WHOLE


def test_a_kpi_of_ours_can_be_changed_in_part():
    policy = read(kpis=[{"name": "resolution", "reopening": "NEW_CYCLE"}])

    assert policy.kpis["resolution"].reopening is Reopening.NEW_CYCLE
    assert policy.kpis["resolution"].stops == frozenset({Signal.RESOLVED})


def level(**more):
    return PLAIN | {"levels": [{"name": "lead", "deed": "NOTIFY", **more}]}


ITEM = ("items", 0)
LEVEL = (*ITEM, "levels", 0)


@pytest.mark.parametrize(
    ("item", "path"),
    [
        param("text", ITEM, id="an item is an object"),
        param(PLAIN | {"kpi": "speed"}, (*ITEM, "kpi"), id="unknown KPI"),
        param(PLAIN | {"kpi": None}, (*ITEM, "kpi"), id="no KPI"),
        param(PLAIN | {"name": " "}, (*ITEM, "name"), id="no name"),
        param(PLAIN | {"name": "x" * 101}, (*ITEM, "name"), id="a name too long"),
        param(PLAIN | {"name": "\ud800"}, (*ITEM, "name"), id="a name that cannot be stored"),
        param(PLAIN | {"fail_after": None}, (*ITEM, "fail_after"), id="no target"),
        param(PLAIN | {"fail_after": 5}, (*ITEM, "fail_after"), id="a target without a unit"),
        param(PLAIN | {"fail_after": {"amount": 0, "unit": "MINUTES"}}, (*ITEM, "fail_after", "amount"), id="zero"),
        param(
            PLAIN | {"fail_after": {"amount": -5, "unit": "MINUTES"}}, (*ITEM, "fail_after", "amount"), id="negative"
        ),
        param(PLAIN | {"fail_after": {"amount": True, "unit": "MINUTES"}}, (*ITEM, "fail_after", "amount"), id="true"),
        param(PLAIN | {"fail_after": {"amount": 1.5, "unit": "MINUTES"}}, (*ITEM, "fail_after", "amount"), id="halves"),
        param(
            PLAIN | {"fail_after": {"amount": 10**12, "unit": "MINUTES"}},
            (*ITEM, "fail_after", "amount"),
            id="millennia",
        ),
        param(PLAIN | {"fail_after": {"amount": 5, "unit": "DAYS"}}, (*ITEM, "fail_after", "unit"), id="unknown unit"),
        param(PLAIN | {"fail_after": {"amount": 5, "unit": []}}, (*ITEM, "fail_after", "unit"), id="no unit"),
        param(
            PLAIN | {"warn_after": {"amount": 0, "unit": "MINUTES"}}, (*ITEM, "warn_after", "amount"), id="warn at 0"
        ),
        param(PLAIN | {"calendar": "night"}, (*ITEM, "calendar"), id="unknown calendar"),
        param(PLAIN | {"calendar": ["office"]}, (*ITEM, "calendar"), id="no calendar at all"),
        param(PLAIN | {"may_pause": 1}, (*ITEM, "may_pause"), id="a number for true"),
        param(PLAIN | {"colour": "red"}, (*ITEM, "colour"), id="unknown key"),
        param(PLAIN | {"applicable_when": {"mood": {"eq": 1}}}, (*ITEM, "applicable_when", "mood"), id="unknown field"),
        param(
            PLAIN | {"success_when": {"and": [{}, {"priority": {"eq": "URGENT"}}]}},
            (*ITEM, "success_when", "and", 1, "priority", "eq"),
            id="unknown value",
        ),
        param(PLAIN | {"pause_when": []}, (*ITEM, "pause_when"), id="no condition"),
        param(PLAIN | {"levels": {}}, (*ITEM, "levels"), id="levels are a list"),
        param(level(percent=0), (*LEVEL, "percent"), id="percent too low"),
        param(level(percent=1001), (*LEVEL, "percent"), id="percent too high"),
        param(level(percent=50, offset_minutes=5), LEVEL, id="both"),
        param(level(), LEVEL, id="neither"),
        param(level(percent=50) | {"kpi": "first_response", "name": "A"}, None, id="a good level is accepted"),
        param(level(percent=50, deed="SHOUT"), (*LEVEL, "deed"), id="unknown deed"),
        param(PLAIN | {"levels": level(percent=50)["levels"] * 2}, (*ITEM, "levels", 1, "name"), id="same level twice"),
    ],
)
def test_what_is_wrong_with_an_item_is_named_by_its_path(item, path):
    if path is None:
        assert read(item).items
        return
    with pytest.raises(BadInput) as refused:
        read(item)

    assert tuple(refused.value.path) == path


@pytest.mark.parametrize(
    ("more", "path"),
    [
        param({"waits": ["NAPPING"]}, ("waits", 0), id="unknown reason"),
        param({"waits": ["IN_PROGRESS"]}, ("waits",), id="work is no pause"),
        param({"pause_rules": [{"kpi": "speed", "when": {}}]}, ("pause_rules", 0, "kpi"), id="rule of no KPI"),
        param({"pause_rules": [{"kpi": "resolution"}]}, ("pause_rules", 0, "when"), id="rule without condition"),
        param({"pause_rules": [{"kpi": "resolution", "when": {}}] * 2}, ("pause_rules", 1, "kpi"), id="two rules"),
        param({"responses": [{"kpi": "resolution"}] * 2}, ("responses", 1, "kpi"), id="two rules of response"),
        param({"responses": [{"kpi": "resolution", "senders": ["CUSTOMER"]}]}, ("responses", 0, "senders"), id="self"),
        param({"responses": [{"kpi": "resolution", "channels": ["FAX"]}]}, ("responses", 0, "channels", 0), id="fax"),
        param({"kpis": [{"name": "x"}]}, ("kpis", 0, "starts"), id="a KPI that nothing starts"),
        param({"kpis": [{"name": "x", "starts": ["BORED"]}]}, ("kpis", 0, "starts", 0), id="unknown signal"),
        param({"kpis": [{"name": "resolution"}] * 2}, ("kpis", 1, "name"), id="a KPI twice"),
        param({"kpis": [{"name": "resolution", "counts_from": "title"}]}, ("kpis", 0, "counts_from"), id="no instant"),
        param({"kpis": [{"name": "resolution", "reopening": "MAYBE"}]}, ("kpis", 0, "reopening"), id="no such policy"),
        param(
            {"kpis": [{"name": "resolution", "stops_when": {"x": 1}}]}, ("kpis", 0, "stops_when", "x"), id="condition"
        ),
        param({"items": "none"}, ("items",), id="items are a list"),
        param({"items": [PLAIN] * 101}, ("items",), id="too many items"),
        param({"items": [PLAIN, PLAIN]}, ("items", 1, "name"), id="an item of the same name"),
        param({"default": True}, ("default",), id="unknown key"),
        param({"name": 5}, ("name",), id="a name is text"),
    ],
)
def test_what_is_wrong_with_a_policy_is_named_by_its_path(more, path):
    with pytest.raises(BadInput) as refused:
        read(**more)

    assert tuple(refused.value.path) == path


def test_several_faults_are_told_at_once():
    with pytest.raises(Several) as refused:
        read(PLAIN | {"kpi": "speed"}, PLAIN, waits=["NAPPING"])

    assert [tuple(problem.path) for problem in refused.value.problems] == [("items", 0, "kpi"), ("waits", 0)]


def test_a_case_is_served_without_the_item_whose_calendar_has_gone():
    spec = {"items": [PLAIN | {"calendar": "gone"}, PLAIN | {"name": "B", "kpi": "resolution"}]}

    usable = read_usable(spec, CALENDARS, FIELDS)

    assert [item.name for item in usable.policy.items] == ["B"]
    assert [(fault.message, tuple(fault.path)) for fault in usable.faults] == [
        ("There is no such calendar.", ("items", 0, "calendar"))
    ]


def test_levels_are_read_as_they_are_meant():
    found = read(level(offset_minutes=-90, to="owner")).items[0].levels

    assert found == (Level("lead", Deed.NOTIFY, offset=-timedelta(minutes=90), to="owner"),)


def test_conditions_are_read_with_the_values_of_the_code():
    item = read(PLAIN | {"applicable_when": {"priority": {"eq": "HIGH"}}}).items[0]

    assert item.applicable_when == has("priority", Priority.HIGH)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["resolution", "MINUTES"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["name", "kpi", "fail_after", "amount", "unit", "levels", "eq", "and", "priority", "starts"]
            )
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
KEYS = ["name", "items", "waits", "pause_rules", "kpis", "responses"]


@given(st.dictionaries(st.sampled_from(KEYS), JUNK | st.lists(JUNK, max_size=3), max_size=4))
@settings(max_examples=300, deadline=None)
def test_whatever_comes_in_is_read_or_refused(spec):
    try:
        policy = read_policy(spec, CALENDARS, FIELDS)
    except (BadInput, Several):
        return

    assert read_policy(written(policy), CALENDARS, FIELDS) == policy

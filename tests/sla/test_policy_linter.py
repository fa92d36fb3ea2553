"""What is found in a policy before it is activated."""

from datetime import timedelta

import pytest
from pytest import param

from cases.conditions import EVERYTHING, NOTHING, All, AnyOf, Compare, Op
from cases.refusals import BadInput, Several
from cases.vocabulary import Priority
from sla.calendar import Calendar
from sla.kpis import KPIS, Kpi
from sla.linter import Severity
from sla.moments import Signal
from sla.policy import Deed, Duration, Level, Unit
from sla.policy_linter import PolicyFlaw, lint, refuse_for
from tests.sla.calendars import calendar, spec
from tests.sla.policies import ACTIVE, HIGH, RESOLVED, has, policy, promise

LOW = has("priority", Priority.LOW)


def found(*items, year=2026, **more):
    return [(finding.flaw, finding.path) for finding in lint(policy(*items, **more), year)]


def test_a_sound_policy_has_nothing_to_look_at():
    items = [
        promise("first_response", 60, 30, name="high", applicable_when=HIGH),
        promise("first_response", 240, 180, name="rest"),
        promise("resolution", 480, success_when=RESOLVED, levels=(Level("half", Deed.NOTIFY, percent=50),)),
    ]

    assert found(*items) == []


@pytest.mark.parametrize(
    ("items", "flaw", "path"),
    [
        param([], PolicyFlaw.EMPTY, ("items",), id="empty"),
        param(
            [promise(), promise(name="b", applicable_when=HIGH)],
            PolicyFlaw.UNREACHABLE_ITEM,
            ("items", 1, "applicable_when"),
            id="an earlier item takes all",
        ),
        param(
            [promise(applicable_when=HIGH), promise(name="b", applicable_when=HIGH)],
            PolicyFlaw.UNREACHABLE_ITEM,
            ("items", 1, "applicable_when"),
            id="an earlier item asks the same",
        ),
        param(
            [
                promise(applicable_when=HIGH),
                promise(name="b", applicable_when=LOW),
                promise(name="c", applicable_when=Compare("priority", Op.IN, (Priority.LOW, Priority.HIGH))),
            ],
            PolicyFlaw.UNREACHABLE_ITEM,
            ("items", 2, "applicable_when"),
            id="earlier items take all together",
        ),
        param(
            [promise(applicable_when=NOTHING)],
            PolicyFlaw.UNREACHABLE_ITEM,
            ("items", 0, "applicable_when"),
            id="holds for no case",
        ),
        param(
            [promise(applicable_when=ACTIVE, success_when=RESOLVED, sticky=True)],
            PolicyFlaw.SAME_FIELD_TWICE,
            ("items", 0, "success_when"),
            id="same field in both conditions",
        ),
        param(
            [promise(applicable_when=All((HIGH, ACTIVE)))],
            PolicyFlaw.VOLATILE_FIELD,
            ("items", 0, "applicable_when"),
            id="volatile",
        ),
        param(
            [promise(fail=60, warn=60)], PolicyFlaw.WARN_AFTER_FAIL, ("items", 0, "warn_after"), id="warning at fail"
        ),
        param(
            [promise(fail=479, warn_after=Duration(1, Unit.BUSINESS_DAYS))],
            PolicyFlaw.WARN_AFTER_FAIL,
            ("items", 0, "warn_after"),
            id="warning after fail, in another unit",
        ),
        param(
            [promise(may_pause=False, pause_when=HIGH)],
            PolicyFlaw.PAUSE_WITHOUT_EFFECT,
            ("items", 0, "pause_when"),
            id="a pause rule without pauses",
        ),
        param(
            [promise(levels=(Level("x", Deed.ASSIGN, percent=50),))],
            PolicyFlaw.LEVEL_TO_NOBODY,
            ("items", 0, "levels", 0, "to"),
            id="assign to nobody",
        ),
        param(
            [promise(fail=60, levels=(Level("x", Deed.NOTIFY, offset=-timedelta(hours=1)),))],
            PolicyFlaw.LEVEL_BEFORE_START,
            ("items", 0, "levels", 0, "offset_minutes"),
            id="a level before the beginning",
        ),
        param(
            [promise(fail_after=Duration(3660, Unit.BUSINESS_DAYS), calendar="office", name="x")],
            None,
            None,
            id="ten years of days are long, but fall due",
        ),
    ],
)
def test_finding(items, flaw, path):
    assert found(*items) == ([(flaw, path)] if flaw else [])


def test_items_of_other_kpis_are_no_rivals():
    assert found(promise("resolution"), promise("first_response")) == []


def test_a_promise_that_falls_due_in_centuries_is_refused():
    once = calendar("09:00-10:00", days=("mon",))

    assert found(promise(fail_after=Duration(24 * 3660, Unit.BUSINESS_HOURS)), office=once) == [
        (PolicyFlaw.NEVER_DUE, ("items", 0, "fail_after"))
    ]


def test_a_promise_that_nothing_fulfils_is_refused():
    kpis = {**KPIS, "vendor": Kpi("vendor", starts=frozenset({Signal.OPENED}))}

    assert found(promise("vendor"), kpis=kpis) == [(PolicyFlaw.NOTHING_FULFILS, ("items", 0, "success_when"))]
    assert found(promise("vendor", success_when=RESOLVED), kpis=kpis) == []


@pytest.mark.parametrize(
    ("year", "severity"),
    [
        param(2026, Severity.WARNING, id="a warning while it opens"),
        param(2027, Severity.WARNING, id="in its last year"),
        param(2028, Severity.ERROR, id="an error after that"),
    ],
)
def test_a_calendar_that_stops_opening_is_told(year, severity):
    ending = stopping_after_2027()

    findings = lint(policy(promise(), office=ending), year)

    assert [(one.flaw, one.severity) for one in findings] == [(PolicyFlaw.CALENDAR_STOPS, severity)]


def stopping_after_2027():
    closed = {"timezone": "UTC", "weekly_hours": {}, "from": "2028-01-01"}
    return Calendar.from_spec({"versions": [spec(), closed]})


def test_errors_refuse_and_warnings_do_not():
    refuse_for(lint(policy(promise(fail=60, warn=90)), 2026))
    with pytest.raises(BadInput) as refused:
        refuse_for(lint(policy(), 2026))

    assert tuple(refused.value.path) == ("items",)


def test_several_errors_are_told_at_once():
    twice = AnyOf((EVERYTHING, HIGH))
    items = [promise(applicable_when=twice), promise(name="b"), promise(name="c")]

    with pytest.raises(Several) as refused:
        refuse_for(lint(policy(*items), 2026))

    assert [tuple(problem.path)[:2] for problem in refused.value.problems] == [("items", 1), ("items", 2)]

"""Coverage: a yes must be certain, so the rows of a small world are all tried."""

from itertools import product
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import param

from cases.conditions import EVERYTHING, NOTHING, All, AnyOf, Compare, Not, Op, Related, holds
from cases.vocabulary import Priority
from sla.coverage import covers
from tests.sla.policies import HIGH, has

VALUES = ("a", "b", None)
ROWS = [
    SimpleNamespace(x=x, y=y, other=other)
    for x, y, other in product(VALUES, VALUES, [None, *(SimpleNamespace(x=x, y="a", other=None) for x in VALUES)])
]
COMPARISONS = st.one_of(
    st.builds(Compare, st.sampled_from("xy"), st.just(Op.EQ), st.sampled_from("ab")),
    st.builds(
        Compare,
        st.sampled_from("xy"),
        st.sampled_from([Op.IN, Op.NIN]),
        st.lists(st.sampled_from("ab"), max_size=2).map(tuple),
    ),
    st.builds(Compare, st.sampled_from("xy"), st.just(Op.IS_NULL), st.booleans()),
)
CONDITIONS = st.recursive(
    COMPARISONS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        inner.map(Not),
        inner.map(lambda one: Related("other", one)),
    ),
    max_leaves=6,
)


@given(CONDITIONS, CONDITIONS)
@settings(max_examples=400, deadline=None)
def test_what_is_covered_holds_nowhere_else(wide, narrow):
    if covers(wide, narrow):
        assert all(holds(wide, row) for row in ROWS if holds(narrow, row))


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        param(HIGH, HIGH, id="itself"),
        param(EVERYTHING, HIGH, id="everything covers anything"),
        param(HIGH, NOTHING, id="anything covers nothing"),
        param(HIGH, All((has("x", 1), HIGH)), id="less is asked"),
        param(AnyOf((has("x", 1), HIGH)), HIGH, id="an alternative more"),
        param(Compare("x", Op.IN, (1, 2)), has("x", 1), id="one of several"),
        param(AnyOf((has("x", 1), has("x", 2))), Compare("x", Op.IN, (1, 2)), id="several items together"),
        param(Not(HIGH), Not(Compare("priority", Op.IN, (Priority.HIGH, Priority.LOW))), id="negated"),
        param(Not(NOTHING), HIGH, id="everything in other words"),
        param(Compare("x", Op.IS_NULL, False), has("x", 1), id="what equals something is not null"),
        param(Related("account", EVERYTHING), Related("account", HIGH), id="behind a relation"),
    ],
)
def test_what_is_plain_to_see_is_seen(wide, narrow):
    assert covers(wide, narrow)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        param(HIGH, EVERYTHING, id="something does not cover everything"),
        param(has("x", 1), has("x", 2), id="another value"),
        param(has("x", 1), has("y", 1), id="another field"),
        param(Compare("x", Op.IS_NULL, False), Compare("x", Op.NIN, (1,)), id="null is not among them either"),
    ],
)
def test_what_differs_is_not_covered(wide, narrow):
    assert not covers(wide, narrow)

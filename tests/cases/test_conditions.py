"""Conditions asked of one row in memory."""

from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from types import SimpleNamespace as Row
from zoneinfo import ZoneInfo

import pytest
from pytest import param

from cases.conditions import (
    EVERYTHING,
    NOTHING,
    All,
    AnyOf,
    Compare,
    Not,
    Op,
    Related,
    Trace,
    check,
    explain,
    fields_read,
    holds,
)
from cases.refusals import BadInput
from cases.vocabulary import Priority

BERLIN = ZoneInfo("Europe/Berlin")


class Size(StrEnum):
    """Members whose order is not that of their letters."""

    SMALL = "SMALL"
    LARGE = "LARGE"


@pytest.mark.parametrize(
    ("op", "seen", "value", "held"),
    [
        # a value is compared with a value
        param(Op.EQ, "a", "a", True, id="equal"),
        param(Op.EQ, "a", "A", False, id="case matters to equality"),
        param(Op.IN, 2, [1, 2], True, id="one of several"),
        param(Op.IN, 2, [], False, id="nothing is one of none"),
        param(Op.NIN, 2, [1, 3], True, id="none of several"),
        param(Op.NIN, 2, [], True, id="everything is outside none"),
        param(Op.GT, 2, 2, False, id="greater is not equal"),
        param(Op.GTE, 2, 2, True, id="at least"),
        param(Op.LT, 1, 2, True, id="less"),
        param(Op.LTE, 3, 2, False, id="not at most"),
        # a null is compared with nothing
        param(Op.EQ, None, "a", False, id="null is not equal"),
        param(Op.EQ, None, None, False, id="not even to null"),
        param(Op.EQ, "a", None, False, id="nothing equals null"),
        param(Op.GT, 1, None, False, id="nothing is more than null"),
        param(Op.CONTAINS, "a", None, False, id="nothing contains null"),
        param(Op.LT, None, 1, False, id="null is not less"),
        param(Op.GTE, None, 1, False, id="nor more"),
        param(Op.IN, None, [1, None], False, id="null is one of none"),
        param(Op.NIN, None, [1], True, id="so it is outside every list"),
        param(Op.CONTAINS, None, "", False, id="null contains nothing"),
        param(Op.IS_NULL, None, True, True, id="null is null"),
        param(Op.IS_NULL, None, False, False, id="null is not present"),
        param(Op.IS_NULL, 0, True, False, id="zero is not null"),
        param(Op.IS_NULL, "", False, True, id="nor is the empty text"),
        # text goes by code point
        param(Op.LT, "Z", "a", True, id="capitals come first"),
        param(Op.LT, "z", "ä", True, id="accents come last"),
        param(Op.LT, "\uffff", "😀", True, id="emoji come after every other character, as in UTF-8 but not in UTF-16"),
        param(Op.CONTAINS, "The PRINTER is on fire", "printer", True, id="contains folds case"),
        param(Op.CONTAINS, "100%", "%", True, id="no character is a wildcard"),
        param(Op.CONTAINS, "100", "1_0", False, id="neither is this one"),
        param(Op.CONTAINS, "ÄRGER", "ärger", False, id="contains folds ASCII only"),
        param(Op.CONTAINS, "straße", "SS", False, id="so one letter is never two"),
        param(Op.CONTAINS, "İ", "i", False, id="and no letter of another alphabet is ours"),
        param(Op.CONTAINS, "anything", "", True, id="every text contains the empty one"),
        # enums go by their members
        param(Op.GT, Priority.CRITICAL, Priority.HIGH, True, id="critical is more than high"),
        param(Op.GT, Size.LARGE, Size.SMALL, True, id="large is more than small, whatever the letters"),
        param(Op.LT, "SMALL", Size.LARGE, True, id="a row may hold the plain word"),
        param(Op.LT, Size.SMALL, "LARGE", True, id="or the condition may"),
        param(Op.EQ, Size.SMALL, "SMALL", True, id="a word equals its member"),
        # instants go by time
        param(
            Op.EQ,
            datetime(2026, 1, 1, 12, tzinfo=UTC),
            datetime(2026, 1, 1, 13, tzinfo=timezone(timedelta(hours=1))),
            True,
            id="noon is one o'clock elsewhere",
        ),
        param(
            Op.LT,
            datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN),
            datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=BERLIN),
            True,
            id="the second 02:10 is after the first 02:30",
        ),
        param(
            Op.EQ,
            datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN),
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
            True,
            id="a repeated hour has its place in UTC",
        ),
    ],
)
def test_a_comparison(op, seen, value, held):
    assert holds(Compare("field", op, value), Row(field=seen)) is held
    assert holds(Not(Compare("field", op, value)), Row(field=seen)) is not held


def test_a_naive_datetime_is_no_instant():
    with pytest.raises(ValueError, match="naive"):
        holds(Compare("at", Op.EQ, datetime(2026, 1, 1)), Row(at=datetime(2026, 1, 1, tzinfo=UTC)))  # noqa: DTZ001 - it


YES, NO = EVERYTHING, NOTHING


@pytest.mark.parametrize(
    ("condition", "held"),
    [
        param(All(()), True, id="of no conditions all hold"),
        param(AnyOf(()), False, id="of no conditions none holds"),
        param(All((YES, YES)), True, id="all of two"),
        param(All((YES, NO)), False, id="not all of two"),
        param(AnyOf((NO, YES)), True, id="one of two"),
        param(AnyOf((NO, NO)), False, id="none of two"),
        param(Not(NO), True, id="not"),
        param(Related("owner", YES), True, id="a relation that leads somewhere"),
        param(Related("owner", Compare("name", Op.EQ, "Ada")), True, id="to what is asked for"),
        param(Related("owner", Compare("name", Op.EQ, "Bob")), False, id="to something else"),
        param(Related("parent", YES), False, id="a relation that leads nowhere"),
        param(Not(Related("parent", YES)), True, id="and its negation"),
        param(Related("owner", Related("team", Compare("name", Op.EQ, "Night"))), True, id="a relation's relation"),
    ],
)
def test_a_tree(condition, held):
    row = Row(owner=Row(name="Ada", team=Row(name="Night")), parent=None)

    assert holds(condition, row) is held
    assert explain(condition, row).held is held


def test_an_explanation_shows_every_part_and_the_value_it_saw():
    urgent, open_ = Compare("priority", Op.GTE, Priority.HIGH), Compare("status", Op.EQ, "ACTIVE")
    gold = Compare("tier", Op.EQ, "GOLD")
    account = Row(tier="TIN")
    condition = All((urgent, AnyOf((open_, Not(Related("account", gold))))))

    trace = explain(condition, Row(priority=Priority.LOW, status="CLOSED", account=account))

    assert trace == Trace(
        condition,
        held=False,
        parts=(
            Trace(urgent, held=False, seen=Priority.LOW),
            Trace(
                condition.parts[1],
                held=True,
                parts=(
                    Trace(open_, held=False, seen="CLOSED"),
                    Trace(
                        Not(Related("account", gold)),
                        held=True,
                        parts=(
                            Trace(
                                Related("account", gold),
                                held=False,
                                seen=account,
                                parts=(Trace(gold, held=False, seen="TIN"),),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    )


def test_the_fields_that_can_change_the_answer():
    condition = All(
        (
            Compare("priority", Op.EQ, 1),
            Not(AnyOf((Compare("status", Op.IS_NULL, True), Compare("priority", Op.GT, 2)))),
            Related("account", All((Compare("tier", Op.EQ, 1), Related("parent", EVERYTHING)))),
        )
    )

    assert fields_read(condition) == {"priority", "status", "account", "account.tier", "account.parent"}
    assert fields_read(EVERYTHING) == frozenset()


ONE = Compare("title", Op.EQ, "a")


@pytest.mark.parametrize(
    ("condition", "path"),
    [
        param(ONE, None, id="one comparison"),
        param(All((ONE,) * 4), None, id="as many as allowed"),
        param(All((ONE,) * 5), (), id="one more"),
        param(AnyOf((All((ONE, ONE)), All((ONE, ONE)))), None, id="the fields of one branch are one level"),
        param(Not(Not(ONE)), None, id="as deep as allowed"),
        param(Not(Not(Not(ONE))), ("not", "not", "not"), id="one level deeper"),
        param(AnyOf((ONE, AnyOf((ONE, Not(ONE))))), ("or", 1, "or", 1, "not"), id="deeper by another way"),
        param(All((All((All((All(()),)),)),)), ("and", 0, "and", 0, "and", 0), id="all within all"),
        param(Related("a", Related("b", Related("c", ONE))), ("a", "b", "c"), id="relations are levels too"),
    ],
)
def test_a_condition_has_bounds(condition, path):
    if path is None:
        check(condition, depth=2, leaves=4)
        return
    with pytest.raises(BadInput) as refused:
        check(condition, depth=2, leaves=4)
    assert refused.value.path == path

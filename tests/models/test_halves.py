"""Of rows that are known to have a value, or to have none, less needs to be asked: it comes to the same."""

from dataclasses import dataclass

import pytest

from cases.conditions import All, AnyOf, Compare, Condition, Not, Op, holds
from models.halves import assuming, is_bounded


@dataclass(frozen=True)
class Shelf:
    level: int | None
    name: str


SHELVES = [Shelf(level, name) for level in (None, 1, 2, 3) for name in ("A", "B")]
BEHIND = AnyOf((Compare("level", Op.GT, 2), Compare("level", Op.IS_NULL, True)))

CONDITIONS = [
    *(Compare("level", op, 2) for op in (Op.EQ, Op.GT, Op.GTE, Op.LT, Op.LTE)),
    *(Compare("level", op, (1, 2)) for op in (Op.IN, Op.NIN)),
    *(Compare("level", Op.IS_NULL, value) for value in (True, False)),
    Compare("name", Op.EQ, "A"),
    Not(Compare("level", Op.EQ, 2)),
    Not(BEHIND),
    All((BEHIND, Not(Compare("name", Op.EQ, "A")))),
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_it_holds_for_the_same_rows(condition: Condition):
    for shelf in SHELVES:
        left = assuming(condition, "level", null=shelf.level is None)

        assert holds(left, shelf) == holds(condition, shelf)


def test_of_rows_without_a_value_nothing_is_asked_about_it():
    assert not is_bounded(assuming(All((BEHIND, Compare("level", Op.LTE, 9))), "level", null=True), "level")
    assert is_bounded(Not(All((BEHIND,))), "level")
    assert not is_bounded(Compare("name", Op.GT, "A"), "level")

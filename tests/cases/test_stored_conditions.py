"""Conditions as JSON: what is read, what is written, what is refused and where."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pytest import param

from cases.conditions import EVERYTHING, NOTHING, All, AnyOf, Compare, Condition, Not, Op, Related
from cases.refusals import BadInput
from cases.stored_conditions import Fields, from_json, to_json
from cases.vocabulary import Priority


def even(value: object) -> int:
    if not isinstance(value, int) or value % 2:
        raise ValueError("odd")
    return value


FIELDS: Fields = {
    "title": str,
    "priority": Priority,
    "version": int,
    "is_open": bool,
    "created_at": datetime,
    "day": date,
    "owner_id": UUID,
    "weight": Decimal,
    "even": even,
    "account": {"name": str, "parent": {"name": str}},
}
TITLE, VERSION = Compare("title", Op.EQ, "a"), Compare("version", Op.GT, 1)
A_DAY = datetime(2026, 1, 31, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spec", "condition"),
    [
        param({}, EVERYTHING, id="the empty object holds everywhere"),
        param({"or": []}, NOTHING, id="no alternative holds nowhere"),
        param({"title": {"eq": "a"}}, TITLE, id="one comparison"),
        param({"title": {"eq": "a"}, "version": {"gt": 1}}, All((TITLE, VERSION)), id="two fields"),
        param(
            {"version": {"gte": 1, "lt": 5}},
            All((Compare("version", Op.GTE, 1), Compare("version", Op.LT, 5))),
            id="two comparisons of one field",
        ),
        param({"or": [{"title": {"eq": "a"}}, {}]}, AnyOf((TITLE, EVERYTHING)), id="alternatives"),
        param({"not": {"title": {"eq": "a"}}}, Not(TITLE), id="negation"),
        param({"account": {"name": {"eq": "a"}}}, Related("account", Compare("name", Op.EQ, "a")), id="a relation"),
        param({"account": {"parent": {}}}, Related("account", Related("parent", EVERYTHING)), id="its relation"),
        param({"priority": {"in": ["LOW"]}}, Compare("priority", Op.IN, (Priority.LOW,)), id="enums"),
        param({"version": {"nin": []}}, Compare("version", Op.NIN, ()), id="an empty list"),
        param({"owner_id": {"isNull": True}}, Compare("owner_id", Op.IS_NULL, True), id="null"),
        param({"title": {"contains": "x"}}, Compare("title", Op.CONTAINS, "x"), id="contains"),
        param({"is_open": {"eq": False}}, Compare("is_open", Op.EQ, False), id="a bool"),
        param({"created_at": {"lt": "2026-01-31T09:00:00Z"}}, Compare("created_at", Op.LT, A_DAY), id="an instant"),
        param({"day": {"eq": "2026-01-31"}}, Compare("day", Op.EQ, date(2026, 1, 31)), id="a day"),
        param({"owner_id": {"eq": str(UUID(int=5))}}, Compare("owner_id", Op.EQ, UUID(int=5)), id="an id"),
        param({"weight": {"eq": "1.50"}}, Compare("weight", Op.EQ, Decimal("1.50")), id="a decimal"),
        param({"even": {"eq": 2}}, Compare("even", Op.EQ, 2), id="a value read by a function"),
    ],
)
def test_what_is_written_reads_back(spec, condition):
    assert from_json(spec, FIELDS) == condition
    assert to_json(condition) == spec


@pytest.mark.parametrize(
    ("spec", "condition"),
    [
        param({"and": [{"title": {"eq": "a"}}, {"version": {"gt": 1}}]}, All((TITLE, VERSION)), id="and is an object"),
        param({"and": [{"and": [{"title": {"eq": "a"}}]}]}, TITLE, id="and of one is that one"),
        param({"priority": {"eq": Priority.HIGH}}, Compare("priority", Op.EQ, Priority.HIGH), id="a value of Python's"),
        param(
            {"created_at": {"eq": A_DAY.astimezone(timezone(timedelta(hours=5)))}},
            Compare("created_at", Op.EQ, A_DAY),
            id="an instant of Python's",
        ),
        param({"created_at": {"eq": "2026-01-31T10:00:00+01:00"}}, Compare("created_at", Op.EQ, A_DAY), id="an offset"),
        param({"weight": {"eq": 2}}, Compare("weight", Op.EQ, Decimal(2)), id="a whole decimal"),
    ],
)
def test_what_may_also_be_written(spec, condition):
    assert from_json(spec, FIELDS) == condition


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        # shape
        param(None, (), id="null is no condition"),
        param([], (), id="neither is a list"),
        param({"title": "a"}, ("title",), id="a bare value is no comparison"),
        param({"or": {}}, ("or",), id="alternatives are a list"),
        param({"or": [{}, 1]}, ("or", 1), id="of objects"),
        param({"account": {"eq": {}}}, ("account", "eq"), id="a relation is not compared"),
        # names
        param({"colour": {"eq": 1}}, ("colour",), id="an unknown field"),
        param({"and": [{"not": {"colour": {}}}]}, ("and", 0, "not", "colour"), id="an unknown field within"),
        param({"title": {"like": "a"}}, ("title", "like"), id="an unknown comparison"),
        param({"title": {"EQ": "a"}}, ("title", "EQ"), id="names are as they are written"),
        # values
        param({"title": {"eq": 1}}, ("title", "eq"), id="a number is no text"),
        param({"title": {"eq": None}}, ("title", "eq"), id="null is asked for by isNull"),
        param({"title": {"in": ["a", None]}}, ("title", "in", 1), id="in a list as well"),
        param({"title": {"in": "abc"}}, ("title", "in"), id="a text is no list"),
        param({"title": {"eq": "a\0"}}, ("title", "eq"), id="no column can hold NUL"),
        param({"title": {"eq": "\ud800"}}, ("title", "eq"), id="nor half a character"),
        param({"version": {"eq": True}}, ("version", "eq"), id="true is no number"),
        param({"version": {"eq": 1.0}}, ("version", "eq"), id="a float is no whole number"),
        param({"is_open": {"eq": 1}}, ("is_open", "eq"), id="one is not true"),
        param({"is_open": {"gt": False}}, ("is_open", "gt"), id="true is not greater"),
        param({"version": {"contains": "1"}}, ("version", "contains"), id="a number contains nothing"),
        param({"title": {"isNull": "yes"}}, ("title", "isNull"), id="null or not is a bool"),
        param({"priority": {"eq": "URGENT"}}, ("priority", "eq"), id="an unknown word"),
        param({"created_at": {"eq": "2026-01-31T09:00:00"}}, ("created_at", "eq"), id="an instant needs an offset"),
        param({"created_at": {"eq": 5}}, ("created_at", "eq"), id="a number is no instant"),
        param({"created_at": {"eq": "0001-01-01T00:00:00+14:00"}}, ("created_at", "eq"), id="before the first year"),
        param({"day": {"eq": A_DAY}}, ("day", "eq"), id="an instant is no day"),
        param({"owner_id": {"eq": "me"}}, ("owner_id", "eq"), id="no id"),
        param({"weight": {"eq": "NaN"}}, ("weight", "eq"), id="no number"),
        param({"weight": {"eq": 1.5}}, ("weight", "eq"), id="a float is no decimal"),
        param({"weight": {"eq": "x"}}, ("weight", "eq"), id="nor is a word"),
        param({"even": {"eq": 3}}, ("even", "eq"), id="what its function refuses"),
    ],
)
def test_what_cannot_be_read_is_refused_where_it_stands(spec, path):
    with pytest.raises(BadInput) as refused:
        from_json(spec, FIELDS)

    assert refused.value.path == path


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        param({"and": [{"or": [{"not": {"title": {"eq": "a"}}}]}]}, None, id="three levels"),
        param(
            {"and": [{"or": [{"not": {"not": {}}}]}]}, ("and", 0, "or", 0, "not", "not"), id="a fourth, even if empty"
        ),
        param({"account": {"parent": {"or": [{}]}}}, None, id="relations are levels"),
        param({"account": {"parent": {"or": [{"not": {}}]}}}, ("account", "parent", "or", 0, "not"), id="they count"),
        param({"or": [{"title": {"eq": "a"}}] * 5}, None, id="five comparisons"),
        param({"or": [{"title": {"eq": "a"}}] * 6}, ("or", 5, "title", "eq"), id="a sixth"),
        param({"version": {"in": [1] * 6}}, None, id="six values"),
        param({"version": {"in": [1] * 7}}, ("version", "in"), id="a seventh"),
        param({"or": [{}] * 7}, ("or",), id="seven alternatives"),
    ],
)
def test_a_condition_has_bounds(spec, path):
    if path is None:
        from_json(spec, FIELDS, depth=3, leaves=5, items=6)
        return
    with pytest.raises(BadInput) as refused:
        from_json(spec, FIELDS, depth=3, leaves=5, items=6)
    assert refused.value.path == path


LEAVES = some.sampled_from(
    [TITLE, VERSION, Compare("version", Op.LT, 9), Compare("version", Op.LT, 8), Related("account", EVERYTHING)]
)


def trees(depth):
    """Conditions as `from_json` makes them: no All within All, none of a single part."""
    if depth == 0:
        return LEAVES
    inner = some.deferred(lambda: trees(depth - 1))
    other = LEAVES | some.builds(AnyOf, some.lists(inner, max_size=3).map(tuple)) | some.builds(Not, inner)
    return other | some.builds(All, some.lists(other, min_size=2, max_size=4).map(tuple))


@given(trees(2))
def test_every_condition_can_be_stored(condition):
    stored = from_json(to_json(condition), FIELDS, depth=9, leaves=999)

    assert alike(stored) == alike(condition)


def alike(condition: Condition) -> object:
    """The condition without the order of its parts, which collisions of keys change."""
    match condition:
        case All(parts):
            return "all", sorted(map(repr, map(alike, parts)))
        case AnyOf(parts):
            return "any", [alike(part) for part in parts]
        case Not(part):
            return "not", alike(part)
        case Related(name, inner):
            return name, alike(inner)
        case Compare():
            return repr(condition)


COMPARISONS = some.sampled_from([{"title": {"eq": "a"}}, {"title": {"eq": "b"}}, {"version": {"gt": 1}}, {}])


def specs(depth):
    """JSON nested `depth` deep at most."""
    if depth == 0:
        return COMPARISONS
    inner = specs(depth - 1)
    several = some.lists(inner, max_size=2)
    further = some.fixed_dictionaries({}, optional={"and": several, "or": several, "not": inner, "account": ACCOUNT})
    return some.builds(lambda one, other: {**one, **other}, COMPARISONS, further)


ACCOUNT = some.sampled_from([{}, {"name": {"eq": "a"}}])


@given(specs(3))
def test_what_is_stored_is_within_the_bounds_that_it_came_through(spec):
    condition = from_json(spec, FIELDS, leaves=999)  # what is told here may compare more often than the 50 of a client

    assert alike(from_json(to_json(condition), FIELDS, leaves=999)) == alike(condition)

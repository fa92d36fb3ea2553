"""`where` and `orderBy`: what a client spells is what the rows are asked, in memory and in both databases."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import pytest
from graphql import get_named_type
from graphql.utilities import coerce_input_value
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st
from pytest import param
from strawberry.types.arguments import convert_argument

from actions import ending, opening
from cases.conditions import Condition, holds
from cases.vocabulary import Priority, ProductState, Role, Severity, Status, StatusReason
from models import Case
from models.database import Database
from schema.filters import condition_of
from schema.ids import id_of
from settings import Limits
from tests import given
from tests.given import NOW
from tests.schema.walk import QUERY, SCHEMA
from tests.schema.worlds import missing

TITLES: Final = ["", "a", "Leak", "leak at the SEAL", "é", "Ä ß", "100% _x_", "zzz", "😀", "'; --"]

FOUND: Final = "query($where: CaseWhere) { cases(where: $where, first: 100) { nodes { id } } }"


async def warehouse() -> tuple[Any, list[Case]]:
    """Twelve cases that differ in everything a filter can ask for."""
    by, anna, zoe = await given.viewer(), await given.person("anna"), await given.person("Zoe")
    line, acme, bob = await given.team(), await given.account("acme"), await given.contact("Bob")
    for number in range(12):
        await given.case(
            TITLES[number % 10] or "x",
            by=by,
            now=NOW + timedelta(minutes=number % 5),
            customer=[acme, bob, await given.account("Acme")][number % 3],
            owner=[anna, zoe, None][number % 3],
            team=[line, None][number % 2],
            priority=list(Priority)[number % 4],
            severity=list(Severity)[(number * 3) % 4],
            deadline=[None, NOW + timedelta(days=number)][number % 2],
            satisfaction=[None, 1, 5][number % 3],
            external_id=[None, f"X-{number}"][number % 2],
        )
    for case in (await Case.all())[:3]:
        await given.done(ending.cancel_case, by=by, case=case)
    return by, await Case.all().select_related("owner", "team", "account", "contact")


async def found(where: Mapping[str, Any], by: Any) -> list[str]:
    data = await given.answer(FOUND, viewer=by, where=where)
    return sorted(node["id"] for node in data["cases"]["nodes"])


def spelled(where: Mapping[str, Any]) -> Condition:
    """The condition behind a `where`, as the schema reads it."""
    of = SCHEMA.type_map["CaseWhere"]
    value = coerce_input_value(where, of)  # type: ignore[arg-type]
    schema = given.graph()
    public: Any = schema.get_type_by_name("CaseWhere")
    read = convert_argument(value, public.origin, schema.schema_converter.scalar_registry, schema.config)
    return condition_of(read, Limits())


WHERES: Final[list[dict[str, Any]]] = [
    {},
    {"priority": {"in": ["HIGH", "CRITICAL"]}},
    {"priority": {"gt": "LOW", "lt": "CRITICAL"}},
    {"severity": {"gte": "MAJOR"}},
    {"status": {"nin": ["ACTIVE"]}},
    {"title": {"contains": "LEAK"}},
    {"title": {"contains": "%"}},
    {"title": {"contains": "_"}},
    {"title": {"contains": "É"}},
    {"title": {"contains": ""}},
    {"title": {"gt": "a", "lte": "é"}},
    {"title": {"eq": "'; --"}},
    {"deadline": {"isNull": True}},
    {"deadline": {"isNull": False, "lt": "2025-06-08T14:00:00+02:00"}},
    {"createdAt": {"eq": "2025-06-04T14:01:00+02:00"}},
    {"satisfaction": {"nin": [5]}},
    {"satisfaction": {"in": []}},
    {"satisfaction": {"nin": []}},
    {"satisfaction": {"lte": 1}},
    {"externalId": {"eq": "X-3"}},
    {"owner": {"name": {"contains": "AN"}}},
    {"owner": {}},
    {"not": {"owner": {}}},
    {"not": {"owner": {"name": {"eq": "anna"}}}},
    {"ownerId": {"isNull": True}},
    {"ownerId": {"nin": []}},
    {"account": {"name": {"eq": "acme"}}, "team": {"name": {"isNull": False}}},
    {"or": [{"priority": {"eq": "LOW"}}, {"team": {}}]},
    {"or": []},
    {"and": []},
    {"and": [{"priority": {"eq": "LOW"}}, {"not": {"status": {"eq": "ACTIVE"}}}]},
    {"not": {"or": [{"title": {"contains": "a"}}, {"deadline": {"isNull": True}}]}},
    {"not": {"not": {"deadline": {"gt": "2025-06-01T00:00:00Z"}}}},
]


async def test_a_filter_finds_what_it_holds_for_in_memory(database: Database):
    by, cases = await warehouse()
    ids = {id_of(case) for case in cases}

    for where in WHERES:
        condition = spelled(where)
        expected = sorted(id_of(case) for case in cases if holds(condition, case))
        assert await found(where, by) == expected, where
    assert len(ids) == 12


COMPARISONS: Final = {
    "title": st.sampled_from(TITLES),
    "priority": st.sampled_from([word.value for word in Priority]),
    "status": st.sampled_from([word.value for word in Status]),
    "statusReason": st.sampled_from([word.value for word in StatusReason]),
    "satisfaction": st.integers(-(2**31), 2**31 - 1) | st.integers(0, 5),
    "createdAt": st.integers(-1, 6).map(lambda n: f"2025-06-04T12:0{max(n, 0)}:00Z"),
    "deadline": st.integers(1, 15).map(lambda n: f"2025-06-{n:02}T12:00:00Z"),
}
RANKED: Final = ("title", "priority", "satisfaction", "createdAt", "deadline")


def _comparison(name: str) -> st.SearchStrategy[dict[str, Any]]:
    values = COMPARISONS[name]
    ops: dict[str, st.SearchStrategy[Any]] = {
        "eq": values,
        "in": st.lists(values, max_size=3),
        "nin": st.lists(values, max_size=3),
        "isNull": st.booleans(),
    }
    if name in RANKED:
        ops |= dict.fromkeys(("gt", "gte", "lt", "lte"), values)
    if name == "title":
        ops["contains"] = values
    return st.fixed_dictionaries({}, optional=ops).map(lambda compared: {name: compared})


LEAVES = st.sampled_from(sorted(COMPARISONS)).flatmap(_comparison) | st.sampled_from(
    [{"owner": {"name": {"lt": "b"}}}, {"account": {}}, {"team": {"name": {"contains": "first"}}}]
)
SPECS = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.lists(below, max_size=3).map(lambda parts: {"or": parts}),
        st.lists(below, max_size=3).map(lambda parts: {"and": parts}),
        below.map(lambda part: {"not": part}),
    ),
    max_leaves=5,
)


async def test_whatever_is_asked_memory_and_database_agree(database: Database):
    by, cases = await warehouse()
    drawn_specs: list[Any] = []

    @settings(max_examples=120, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @drawn(SPECS)
    def draw(spec: Any) -> None:
        drawn_specs.append(spec)

    draw()
    agreed = 0
    for spec in drawn_specs:
        result = await given.execute(FOUND, viewer=by, where=spec)
        if result.errors:
            assert [error.extensions["code"] for error in result.errors] == ["BAD_INPUT"], spec
            continue
        ids = sorted(node["id"] for node in result.data["cases"]["nodes"])
        assert ids == sorted(id_of(case) for case in cases if holds(spelled(spec), case)), spec
        agreed += 1
    assert agreed > 60


async def refusal(where: Mapping[str, Any]) -> dict[str, Any]:
    result = await given.execute(FOUND, viewer=await given.viewer(), where=where)
    (error,) = result.errors
    return dict(error.formatted)


PERSON = {"owner": {"name": {"eq": "x"}}}


@pytest.mark.parametrize(
    "where",
    [
        param({"or": [{"not": PERSON}]}, id="a choice, a negation, a relation"),
        param({"not": {"not": {"not": {"title": {"eq": "x"}}}}}, id="three negations"),
        param({"and": [{"and": [{"and": [{"title": {"eq": "x"}}]}]}]}, id="three conjunctions"),
        param({"or": [{"or": [{"or": [{"priority": {"in": ["LOW"]}}]}]}]}, id="three choices"),
    ],
)
async def test_three_levels_are_not_too_deep(sqlite_database: Database, where):
    assert await found(where, await given.viewer()) == []


@pytest.mark.parametrize(
    ("where", "path"),
    [
        param({"or": [{"or": [{"not": PERSON}]}]}, ["where", "or", "0", "or", "0", "not", "owner"], id="a relation"),
        param({"not": {"not": {"not": {"not": {}}}}}, ["where", "not", "not", "not", "not"], id="negations"),
        param({"and": [{"and": [{"and": [{"and": [{}]}]}]}]}, ["where", *["and", "0"] * 4], id="conjunctions"),
    ],
)
async def test_four_levels_are_too_deep(sqlite_database: Database, where, path):
    error = await refusal(where)

    assert error["extensions"] == {"code": "BAD_INPUT", "input": path}


async def test_fifty_comparisons_are_possible_and_one_more_is_not(sqlite_database: Database):
    leaf = {"title": {"eq": "x"}}

    assert await found({"or": [leaf] * 50}, await given.viewer()) == []
    error = await refusal({"or": [leaf] * 51})

    assert error["extensions"]["code"] == "BAD_INPUT"
    assert error["extensions"]["input"][:2] == ["where", "or"]


async def test_a_text_may_be_as_long_as_a_pattern_can_be(database: Database):
    longest = "😀" * Limits().filter_characters

    assert await found({"title": {"contains": longest}}, await given.viewer()) == []
    error = await refusal({"title": {"contains": longest + "x"}})

    assert error["extensions"] == {"code": "BAD_INPUT", "input": ["where", "title", "contains"]}


@pytest.mark.parametrize(
    ("where", "path"),
    [
        param({"title": None}, ["where", "title"], id="no comparison"),
        param({"title": {"eq": None}}, ["where", "title", "eq"], id="a comparison with nothing"),
        param({"not": None}, ["where", "not"], id="the negation of nothing"),
        param({"owner": {"name": {"in": None}}}, ["where", "owner", "name", "in"], id="among nothing"),
        param({"deadline": {"isNull": None}}, ["where", "deadline", "isNull"], id="whether it is null or what?"),
        param({"or": [{}, {"and": None}]}, ["where", "or", "1", "and"], id="the conjunction of nothing"),
    ],
)
async def test_null_says_nothing(sqlite_database: Database, where, path):
    error = await refusal(where)

    assert error["extensions"] == {"code": "BAD_INPUT", "input": path}


@pytest.mark.parametrize(
    "where",
    [
        param({"priority": {"eq": "URGENT"}}, id="an unknown word"),
        param({"priority": {"eq": 1}}, id="a number for a word"),
        param({"nothing": {"eq": 1}}, id="an unknown field"),
        param({"title": {"like": "x"}}, id="an unknown comparison"),
        param({"satisfaction": {"eq": 2**31}}, id="a number that is no Int"),
        param({"satisfaction": {"eq": "5"}}, id="a text for a number"),
        param({"createdAt": {"eq": "2025-06-04T12:00:00"}}, id="an instant without a zone"),
        param({"createdAt": {"eq": "0001-01-01T00:00:00+14:00"}}, id="an instant before time"),
        param({"createdAt": {"eq": "yesterday"}}, id="no instant"),
        param({"title": "x"}, id="a value for a comparison"),
        param({"status": {"gt": "ACTIVE"}}, id="an order that there is not"),
        param({"description": {"contains": "x"}}, id="a long text"),
        param({"title": {"eq": "a\0"}}, id="NUL"),
        param({"title": {"contains": "\ud800"}}, id="half a surrogate pair"),
        param({"priority": {"in": ["LOW"] * 101}}, id="a hundred and one values"),
    ],
)
async def test_what_cannot_be_compared_is_bad_input(database: Database, where):
    error = await refusal(where)

    assert error["extensions"]["code"] == "BAD_INPUT"


async def test_what_is_no_id_is_the_id_of_nothing(sqlite_database: Database):
    by, cases = await warehouse()
    everything = sorted(id_of(case) for case in cases)

    for nothing in ("garbage", "", missing("Person"), id_of(cases[0])):
        assert await found({"ownerId": {"eq": nothing}}, by) == []
        assert await found({"ownerId": {"in": [nothing]}}, by) == []
        assert await found({"ownerId": {"nin": [nothing]}}, by) == everything


async def test_relations_hide_behind_filters_what_they_hide_everywhere(database: Database):
    """Asked letter by letter, a filter through a relation would spell out a row that does not exist for the viewer."""
    acme = await given.account("Acme")
    carl = await given.contact("Carl", acme)
    draft = await given.product("Secret project", state=ProductState.RETIRED)
    await given.case(customer=acme, product_id=draft)
    await given.case(customer=await given.account("Umbrella"), contact=None)
    moved = await given.case(customer=carl)
    await given.done(opening.create_case, by=await given.viewer(), title="Old", customer=carl)
    await Case.filter(id=moved.id).update(account_id=(await given.account("Former employer")).id)
    by = await given.viewer(Role.CUSTOMER, contact=carl)

    assert await found({"product": {"name": {"contains": "Secret"}}}, by) == []
    assert await found({"product": {}}, by) == []
    assert await found({"account": {"name": {"contains": "Former"}}}, by) == []
    assert len(await found({"account": {"name": {"eq": "Acme"}}}, by)) == 2
    assert len(await found({"not": {"product": {}}}, by)) == len(await found({}, by)) == 3


SORTED: Final = "query($by: [CaseOrder!]) { cases(orderBy: $by, first: 100) { nodes { number priority deadline } } }"


async def test_lists_run_as_they_are_told(database: Database):
    by, cases = await warehouse()

    async def listed(*terms: dict[str, str]) -> list[str]:
        data = await given.answer(SORTED, viewer=by, by=list(terms))
        return [node["number"] for node in data["cases"]["nodes"]]

    def sorted_by(key: Any, reverse: bool = False) -> list[str]:
        by_id = sorted(cases, key=lambda case: case.id, reverse=reverse)
        return [case.number for case in sorted(by_id, key=key, reverse=reverse)]

    rank = {priority: rank for rank, priority in enumerate(Priority)}
    last, first = given.at("2999-01-01 00:00"), given.at("1999-01-01 00:00")

    assert await listed({"priority": "ASC"}) == sorted_by(lambda case: rank[case.priority])
    assert await listed({"priority": "DESC"}) == sorted_by(lambda case: rank[case.priority], reverse=True)
    assert await listed({"deadline": "ASC"}) == sorted_by(lambda case: case.deadline or last)
    assert await listed({"deadline": "DESC"}) == sorted_by(lambda case: case.deadline or first, reverse=True)
    assert await listed({"deadline": "ASC_NULLS_FIRST"}) == sorted_by(lambda case: case.deadline or first)
    assert await listed({"deadline": "DESC_NULLS_FIRST"}) == sorted_by(lambda case: case.deadline or last, reverse=True)
    assert await listed({"priority": "ASC"}, {"createdAt": "ASC"}) == sorted_by(
        lambda case: (rank[case.priority], case.created_at)
    )
    assert await listed({"priority": "ASC"}, {"priority": "DESC"}) == await listed({"priority": "ASC"})
    assert await listed() == sorted_by(lambda case: case.created_at, reverse=True)


@pytest.mark.parametrize(
    "orders",
    [
        param([{"priority": "ASC", "deadline": "ASC"}], id="two at once"),
        param([{}], id="none"),
        param([{"priority": None}], id="no direction"),
        param([{"title": "ASC"}], id="a column that has no order"),
        param([{"priority": "UP"}], id="an unknown direction"),
        param([None], id="nothing"),
        param(["priority"], id="a name"),
    ],
)
async def test_what_is_no_order(sqlite_database: Database, orders):
    result = await given.execute(SORTED, viewer=await given.viewer(), by=orders)

    assert [error.extensions["code"] for error in result.errors or ()] == ["BAD_INPUT"]


def test_every_list_can_be_filtered():
    lists = {name for name, field in QUERY.items() if get_named_type(field.type).name.endswith("Connection")}

    assert {name for name in lists if "where" not in QUERY[name].args} == set()

"""Where reading begins: one thing by a name of its own, and who is asking."""

import pytest
from pytest import param

from cases.vocabulary import Role
from models.database import Database
from schema.ids import id_of, public_id, read_id
from tests import given
from tests.schema.worlds import MISSING, missing

CASE = "query($key: CaseKey!) { case(key: $key) { id number } }"


async def test_a_case_goes_by_its_id_its_number_and_its_external_id(database: Database):
    by, case = await given.viewer(), await given.case(external_id="X-1")

    for key in ({"id": id_of(case)}, {"number": case.number}, {"externalId": "X-1"}):
        assert (await given.answer(CASE, viewer=by, key=key))["case"] == {"id": id_of(case), "number": case.number}


@pytest.mark.parametrize(
    "key",
    [
        param({"id": ""}, id="an empty id"),
        param({"id": missing("Case")}, id="a missing id"),
        param({"id": missing("Account")}, id="an id of another type"),
        param({"id": "CAS-000001"}, id="a number for an id"),
        param({"number": ""}, id="an empty number"),
        param({"number": "cas-000001"}, id="a number in small letters"),
        param({"number": "CAS-000001\0"}, id="NUL"),
        param({"number": "\ud800"}, id="half a surrogate pair"),
        param({"externalId": ""}, id="an empty name"),
        param({"externalId": "x" * 10_000}, id="a long name"),
    ],
)
async def test_what_names_no_case(database: Database, key):
    await given.case()

    assert await given.answer(CASE, viewer=await given.viewer(), key=key) == {"case": None}


@pytest.mark.parametrize(
    "key",
    [
        param({}, id="no name"),
        param({"id": "x", "number": "y"}, id="two names"),
        param({"number": None}, id="null"),
        param({"title": "x"}, id="what is no name"),
        param(None, id="nothing"),
        param("CAS-000001", id="a text"),
    ],
)
async def test_a_case_is_looked_up_by_exactly_one_name(sqlite_database: Database, key):
    result = await given.execute(CASE, viewer=await given.viewer(), key=key)

    assert [error.extensions["code"] for error in result.errors or ()] == ["BAD_INPUT"]
    assert result.data is None


async def test_nodes_keep_the_order_in_which_they_are_asked_for(database: Database):
    by, case = await given.viewer(), await given.case()
    vera, acme = await given.person("Vera"), await given.account()
    ids = [id_of(vera), missing("Case"), id_of(case), id_of(acme), id_of(vera), "garbage"]

    data = await given.answer("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", viewer=by, ids=ids)

    assert [node and node["__typename"] for node in data["nodes"]] == [
        "Person",
        None,
        "Case",
        "Account",
        "Person",
        None,
    ]


async def test_an_id_leads_to_its_own_type_only(sqlite_database: Database):
    by, bob = await given.viewer(), await given.contact()
    text = "query($id: ID!) { account(id: $id) { id } contact(id: $id) { id } }"

    assert await given.answer(text, viewer=by, id=id_of(bob)) == {"account": None, "contact": {"id": id_of(bob)}}
    assert await given.answer(text, viewer=by, id=public_id("Account", bob.id)) == {"account": None, "contact": None}


def test_an_id_is_read_back_and_nothing_else_is():
    public = public_id("Case", MISSING)

    assert read_id(public) == ("Case", MISSING)
    for spoiled in (public + "=", public[:-1], public + "A", f" {public}", public.swapcase(), "", "=", "é", "A" * 65):
        assert read_id(spoiled) is None


QUERIES = [
    "{ viewer { name } }",
    "{ cases { nodes { id } } }",
    '{ node(id: "x") { id } }',
    '{ nodes(ids: ["x"]) { id } }',
    '{ case(key: {number: "x"}) { id } }',
]


@pytest.mark.parametrize("text", QUERIES)
async def test_nobody_is_asked_to_sign_in(sqlite_database: Database, text):
    result = await given.execute(text)

    assert [error.extensions["code"] for error in result.errors or ()] == ["UNAUTHENTICATED"]


async def test_nobody_does_nothing(sqlite_database: Database):
    text = 'mutation { createCase(input: {title: "x"}) { case { id } } }'

    result = await given.execute(text)

    assert [error.extensions["code"] for error in result.errors or ()] == ["UNAUTHENTICATED"]


VIEWER = "{ viewer { name role permitted tenant { slug } person { name } contact { name } } }"


async def test_staff_are_told_who_they_are_and_what_they_may_do(sqlite_database: Database):
    data = (await given.answer(VIEWER, viewer=await given.viewer(Role.AGENT)))["viewer"]

    assert (data["name"], data["role"], data["person"], data["contact"]) == ("Vera", "AGENT", {"name": "Vera"}, None)
    assert data["tenant"] == {"slug": "home"}
    assert "resolveCase" in data["permitted"]
    assert "deleteCase" not in data["permitted"]


async def test_customers_are_told_who_they_are_and_what_they_may_do(sqlite_database: Database):
    data = (await given.answer(VIEWER, viewer=await given.viewer(Role.CUSTOMER)))["viewer"]

    assert (data["role"], data["person"], data["contact"]) == ("CUSTOMER", None, {"name": "Carl"})
    assert data["permitted"] == ["addComment", "attachFile", "cancelCase", "createCase", "reactivateCase", "urgeCase"]


async def test_without_a_scope_there_is_nothing_to_read(sqlite_database: Database):
    await given.case()
    by = await given.viewer(Role.ADMIN, scopes="")

    data = await given.answer("{ cases { totalCount nodes { id } } viewer { permitted tenant { id } } }", viewer=by)

    assert data == {"cases": {"totalCount": 0, "nodes": []}, "viewer": {"permitted": [], "tenant": None}}

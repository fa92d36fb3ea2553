"""Acts as mutations: what their inputs take, and how refusals are shown."""

from typing import Any

import pytest
from pytest import param

from cases.vocabulary import Role, Status, StatusReason
from models import Case
from models.database import Database
from schema.ids import id_of
from schema.transport.documents import Refusal
from tests import given
from tests.schema.worlds import missing

ERRORS = """userErrors { __typename code message path
    ... on VersionConflict { expectedVersion currentVersion changes { version kind fields } }
    ... on IllegalTransition { from to allowed fromReason toReason allowedReasons } }"""


def mutation(name: str, rows: str = "case { id version title status priority owner { name } }") -> str:
    title = name[0].upper() + name[1:]
    return f"mutation($input: {title}Input!) {{ {name}(input: $input) {{ {rows} {ERRORS} }} }}"


async def sent(name: str, by: Any, said: dict[str, Any], **options: Any) -> Any:
    return (await given.answer(mutation(name, **options), viewer=by, input=said))[name]


async def test_a_mutation_answers_what_it_changed_with_all_that_belongs_to_it(database: Database):
    by, acme, vera = await given.viewer(), await given.account(), await given.person("Vera")
    opened = await sent(
        "createCase", by, {"title": "Help", "customerId": id_of(acme), "ownerId": id_of(vera), "priority": "HIGH"}
    )
    case = opened["case"]

    changed = await sent("updateCase", by, {"caseId": case["id"], "title": "Now!", "expectedVersion": 1})
    said = await sent("addComment", by, {"caseId": case["id"], "body": "Hi"}, rows="message { body case { version } }")

    assert opened["userErrors"] == changed["userErrors"] == said["userErrors"] == []
    assert (case["priority"], case["owner"]) == ("HIGH", {"name": "Vera"})
    assert (changed["case"]["title"], changed["case"]["version"]) == ("Now!", 2)
    assert said["message"] == {"body": "Hi", "case": {"version": 3}}


async def test_several_mutations_run_one_after_the_other_and_each_sees_what_the_last_one_wrote(database: Database):
    by, case = await given.viewer(), await given.case()
    text = """mutation($id: ID!) {
        first: addComment(input: {caseId: $id, body: "1"}) { case { messages { totalCount } } }
        second: addComment(input: {caseId: $id, body: "2"}) { case { messages { totalCount } } }
        third: resolveCase(input: {caseId: $id, summary: "3"}) { case { status events { totalCount } } }
        fourth: addComment(input: {caseId: $id, body: "4"}) { case { id } userErrors { code } } }"""

    data = await given.answer(text, viewer=by, id=id_of(case))

    assert [data[key]["case"]["messages"]["totalCount"] for key in ("first", "second")] == [1, 2]
    assert data["third"]["case"] == {"status": "RESOLVED", "events": {"totalCount": 4}}
    assert data["fourth"] == {"case": None, "userErrors": [{"code": "ILLEGAL_TRANSITION"}]}


def test_changing_many_cases_at_once_costs_what_many_changes_do():
    fields = " ".join(f"b{number}: bulkUpdateCases(input: {{caseIds: []}}) {{ __typename }}" for number in range(6))

    with pytest.raises(Refusal) as refused:
        given.graph().prepare(f"mutation {{ {fields} }}", None, {})

    assert [error.extensions["limit"] for error in refused.value.errors if error.extensions] == ["cost"]


async def test_refusals_name_the_place_in_the_input(sqlite_database: Database):
    by, acme = await given.viewer(), await given.account()
    eve = await given.contact("Eve", await given.account("Umbrella"))
    said = {"title": "x" * 129, "customerId": id_of(acme), "deadline": "2020-01-01T00:00:00Z", "externalId": ""}

    several = await sent("createCase", by, said)
    one = await sent("createCase", by, {"title": "x", "customerId": id_of(acme), "contactId": id_of(eve)})
    missed = await sent("createCase", by, {"title": "x", "customerId": missing("Account")})

    assert several["case"] is None
    assert [(error["code"], error["path"]) for error in several["userErrors"]] == [
        ("BAD_INPUT", ["input", "title"]),
        ("BAD_INPUT", ["input", "externalId"]),
        ("BAD_INPUT", ["input", "deadline"]),
    ]
    assert [error["path"] for error in one["userErrors"]] == [["input", "contactId"]]
    assert [(error["__typename"], error["path"]) for error in missed["userErrors"]] == [
        ("Unknown", ["input", "customerId"])
    ]


async def test_a_conflict_says_what_changed_since(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()
    await sent("updateCase", by, {"caseId": id_of(case), "title": "Theirs", "priority": "LOW"})

    answer = await sent("updateCase", by, {"caseId": id_of(case), "title": "Mine", "expectedVersion": 1})
    (conflict,) = answer["userErrors"]

    assert answer["case"] is None
    assert (conflict["__typename"], conflict["code"]) == ("VersionConflict", "VERSION_CONFLICT")
    assert (conflict["path"], conflict["expectedVersion"], conflict["currentVersion"]) == (
        ["input", "expectedVersion"],
        1,
        2,
    )
    assert conflict["changes"] == [{"version": 2, "kind": "CHANGED", "fields": ["priority", "title"]}]


async def test_the_lifecycle_says_what_would_be_possible(sqlite_database: Database):
    by, case = await given.viewer(), await given.case_that_is(Status.CANCELED)

    (refused,) = (await sent("resolveCase", by, {"caseId": id_of(case), "summary": "x"}))["userErrors"]

    assert (refused["__typename"], refused["code"], refused["path"]) == (
        "IllegalTransition",
        "ILLEGAL_TRANSITION",
        None,
    )
    assert (refused["from"], refused["to"], refused["allowed"]) == ("CANCELED", "RESOLVED", ["ACTIVE"])
    assert refused["allowedReasons"] == ["IN_PROGRESS", "RESEARCHING", "NEW"]


@pytest.mark.parametrize("name", ["title", "description", "priority", "severity", "origin"])
async def test_null_for_what_cannot_be_empty_is_refused(sqlite_database: Database, name):
    by, case = await given.viewer(), await given.case()

    answer = await sent("updateCase", by, {"caseId": id_of(case), name: None})

    assert [(error["code"], error["path"]) for error in answer["userErrors"]] == [("BAD_INPUT", ["input", name])]
    assert (await Case.get(id=case.id)).version == 1


async def test_what_is_left_out_stays_and_null_empties(sqlite_database: Database):
    by, case = await given.viewer(), await given.case(external_id="X-1", satisfaction=3)

    answer = await sent("updateCase", by, {"caseId": id_of(case), "satisfaction": None})
    kept = await Case.get(id=case.id)

    assert answer["userErrors"] == []
    assert (kept.external_id, kept.satisfaction) == ("X-1", None)


async def test_null_takes_a_case_from_its_owner_and_nothing_said_is_refused(sqlite_database: Database):
    by, case = await given.viewer(), await given.case(owner=await given.person("Vera"))

    answer = await sent("assignCase", by, {"caseId": id_of(case), "assigneeId": None})

    assert answer["case"]["owner"] is None


async def test_null_for_a_default_of_its_own_is_refused(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()

    for name in ("reason", "note"):
        answer = await sent("suspendCase", by, {"caseId": id_of(case), name: None})
        assert [error["path"] for error in answer["userErrors"]] == [["input", name]]
    answer = await sent("suspendCase", by, {"caseId": id_of(case), "expectedVersion": None, "idempotencyKey": None})
    assert answer["userErrors"] == []
    assert (await Case.get(id=case.id)).status_reason is StatusReason.SUSPENDED


@pytest.mark.parametrize(
    "said",
    [
        param({"title": None}, id="null for a title"),
        param({"title": 5}, id="a number for a title"),
        param({}, id="no title"),
        param({"title": "x", "priority": "URGENT"}, id="an unknown word"),
        param({"title": "x", "priority": None, "deadline": "tomorrow"}, id="no instant"),
        param({"title": "x", "deadline": "2030-01-01T00:00:00"}, id="an instant without a zone"),
        param({"title": "x", "satisfaction": 2**31}, id="a number that is no Int"),
        param({"title": "x", "satisfaction": 1.5}, id="half a grade"),
        param({"title": "x", "satisfaction": True}, id="a truth for a grade"),
        param({"title": "x", "number": "CAS-1"}, id="an unknown field"),
        param({"title": "x", "expectedVersion": 1}, id="a version of what is not there yet"),
        param({"title": "x", "customerId": {"id": "x"}}, id="an object for an id"),
        param([{"title": "x"}, {"title": "y"}], id="two at once"),
        param("x", id="a text"),
        param(None, id="nothing"),
    ],
)
async def test_what_is_no_input_is_bad_input_and_nothing_is_stored(sqlite_database: Database, said):
    by = await given.viewer()
    before = await given.rows_stored()

    result = await given.execute(mutation("createCase"), viewer=by, input=said)

    assert result.data is None
    assert {error.extensions["code"] for error in result.errors or ()} == {"BAD_INPUT"}
    assert await given.rows_stored() == before


async def test_a_misused_key_and_a_missing_permission_are_user_errors(sqlite_database: Database):
    by, case = await given.viewer(Role.AGENT), await given.case()
    said = {"caseId": id_of(case), "idempotencyKey": "k"}
    await sent("addComment", by, {**said, "body": "one"}, rows="message { id }")

    (mismatch,) = (await sent("addComment", by, {**said, "body": "two"}, rows="message { id }"))["userErrors"]
    (forbidden,) = (await sent("deleteCase", by, {"caseId": id_of(case)}))["userErrors"]

    assert (mismatch["code"], mismatch["path"]) == ("IDEMPOTENCY_MISMATCH", ["input", "idempotencyKey"])
    assert (forbidden["code"], forbidden["path"]) == ("FORBIDDEN", None)


async def test_a_deleted_case_is_gone_for_everybody(database: Database):
    lead, case = await given.viewer(Role.MANAGER), await given.case(external_id="X-1")

    await sent("deleteCase", lead, {"caseId": id_of(case)})
    again = await sent("deleteCase", lead, {"caseId": id_of(case)})

    assert [error["code"] for error in again["userErrors"]] == ["NOT_FOUND"]
    assert await given.answer('{ cases { totalCount } case(key: {externalId: "X-1"}) { id } }', viewer=lead) == {
        "cases": {"totalCount": 0},
        "case": None,
    }


@pytest.mark.parametrize(
    ("name", "said", "path"),
    [
        param("createCase", {"title": "Help", "description": "x" * 20_001}, "description", id="a description"),
        param("createCase", {"title": "x" * 99_000}, "title", id="a title nobody would read"),
    ],
)
async def test_a_text_that_is_too_long_is_refused_at_its_place(database: Database, name: str, said: Any, path: str):
    by, acme = await given.viewer(), await given.account()

    (error,) = (await sent(name, by, {"customerId": id_of(acme), **said}))["userErrors"]

    assert (error["code"], error["path"]) == ("BAD_INPUT", ["input", path])


async def test_remarks_on_a_resolution_may_be_a_hundred_thousand_characters(database: Database):
    by = await given.viewer()
    case = await given.case(status_reason=StatusReason.IN_PROGRESS)
    said = {"caseId": id_of(case), "summary": "Done", "remarks": "x" * 100_000}

    resolved = await sent("resolveCase", by, said, rows="resolution { remarks }")

    assert resolved["resolution"]["remarks"] == said["remarks"]

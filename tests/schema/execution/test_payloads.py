"""Payloads of mutations: shown by the fast path, and an act is done once, whoever shows what became of it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pytest import param

from actions import talking
from cases.viewer import Viewer
from models import Case, Message
from models.database import Database
from schema.hardened import CasegraphSchema
from schema.ids import id_of
from tests import given
from tests.schema.execution.executors import answered, executors
from tests.schema.execution.operations import Operation
from tests.schema.live.listening import house

SELECTION = """{ __typename id number version title customer { __typename name } owner { name }
    messages(last: 2) { totalCount nodes { body author { __typename name } } pageInfo { hasPreviousPage } }
    events(first: 3) { edges { cursor node { kind ...Said } } } slaKpiInstances { nodes { remaining
        ledger { kind } } } }"""
SAID = "fragment Said on CaseEvent { changes actor { name } }"
COMMENT = f"""mutation Say($input: AddCommentInput!, $no: Boolean = false) {{
    said: addComment(input: $input) {{ message {{ body case {{ title @include(if: $no) number }} }} case {SELECTION}
        userErrors {{ __typename message code path }} }} }} {SAID}"""


@contextmanager
def counted(schema: CasegraphSchema) -> Iterator[Counter[str]]:
    """What the fast path took and left in the block."""
    reads = schema.fast_reads
    assert reads is not None
    before, found = Counter({**reads.left, "taken": reads.taken}), Counter[str]()
    yield found
    found.update(Counter({**reads.left, "taken": reads.taken}) - before)


async def asked(text: str, by: Viewer, **variables: Any) -> Any:
    return await answered(executors()[0], Operation(text, variables), by)


async def test_a_payload_shows_what_a_query_shows_afterwards(database: Database):
    by = await given.viewer()
    case = await given.case(by=by, customer=await given.account(), owner=await given.person("Vera"))

    with counted(executors()[0]) as counts:
        data, errors = await asked(COMMENT, by, input={"caseId": id_of(case), "body": "Hello"})
    text = f"query($id: ID!) {{ case(key: {{id: $id}}) {SELECTION} }} {SAID}"
    expected, _ = await answered(executors()[1], Operation(text, {"id": id_of(case)}), by)

    assert (errors, dict(counts)) == ([], {"taken": 1})
    assert list(data["said"]) == ["message", "case", "userErrors"]
    assert data["said"]["message"] == {"body": "Hello", "case": {"number": case.number}}
    assert data["said"]["case"] == expected["case"]


async def test_a_refusal_is_shown_by_the_fast_path_too(database: Database):
    by = await given.viewer()
    stale = {"caseId": id_of(await given.case(by=by)), "body": "Hello", "expectedVersion": 99}

    with counted(executors()[0]) as counts:
        data, errors = await asked(
            "mutation($input: AddCommentInput!) { addComment(input: $input) { case { id } userErrors { __typename code "
            "path ... on VersionConflict { currentVersion } } } }",
            by,
            input=stale,
        )

    assert (errors, dict(counts)) == ([], {"taken": 1})
    assert data["addComment"]["userErrors"] == [
        {
            "__typename": "VersionConflict",
            "code": "VERSION_CONFLICT",
            "path": ["input", "expectedVersion"],
            "currentVersion": 1,
        }
    ]


@pytest.mark.parametrize(
    ("selection", "place"),
    [
        param('messages(after: "x") { totalCount }', ["messages"], id="a cursor that is none"),
        param("events(first: 101) { nodes { kind } }", ["events"], id="a page too long"),
    ],
)
async def test_an_act_is_done_once_although_its_payload_is_left_to_the_reference(database: Database, selection, place):
    by = await given.viewer()
    case = await given.case(by=by)

    with counted(executors()[0]) as counts:
        data, errors = await asked(
            f"mutation($input: AddCommentInput!) {{ addComment(input: $input) {{ message {{ body }} "
            f"case {{ number {selection} }} }} }}",
            by,
            input={"caseId": id_of(case), "body": "Hello"},
        )

    assert [error["path"] for error in errors] == [["addComment", "case", *place]]
    assert data == {"addComment": {"message": {"body": "Hello"}, "case": None}}
    assert counts["taken"] == 0
    assert counts.total() == 1
    assert await Message.filter(case_id=case.id).count() == 1


async def test_each_act_of_several_is_shown_as_it_left_the_case(database: Database):
    by = await given.viewer()
    case = await given.case(by=by)
    say = "addComment(input: {caseId: $id, body: $body}) { case { version messages { totalCount } } }"

    with counted(executors()[0]) as counts:
        data, _ = await asked(
            f"mutation($id: ID!, $body: String!) {{ a: {say} b: {say} }}", by, id=id_of(case), body="Hello"
        )

    assert counts == {"taken": 2}
    assert [shown["case"] for shown in data.values()] == [
        {"version": version, "messages": {"totalCount": version - 1}} for version in (2, 3)
    ]
    assert (await Case.get(id=case.id)).version == 3


async def test_what_a_subscription_tells_is_shown_by_the_fast_path(database: Database):
    by = await given.viewer()
    case = await given.case(by=by)
    async with house(database) as at:
        schema = at.endpoint.operations.schema
        with counted(schema) as counts:
            text = "subscription ($id: ID!) { caseChanged(id: $id) { case { title owner { name } } events { kind } } }"
            async with at.listening(by, text, id=id_of(case)) as told:
                await told.next()
                await given.done(talking.add_comment, by=by, case=case, body="Hello")
                await told.next()

    assert counts == {"taken": 2}

"""What clients say of cases and activities is what they read back."""

from datetime import timedelta
from typing import Any

import pytest

from actions import talking
from cases.vocabulary import ActivityKind, Origin, Priority, Severity
from models.database import Database
from schema.ids import id_of
from tests import given
from tests.given import NOW, done

CREATE = """mutation($input: CreateCaseInput!) { createCase(input: $input) { userErrors { code path } case {
    id title description priority severity origin deadline followUpAt satisfaction externalId
    customer { id } contact { id } owner { id } team { id } type { id } subject { id } product { id } } } }"""
PLAN = """mutation($input: CreateActivityInput!) { createActivity(input: $input) { userErrors { code path } activity {
    kind subject startsAt endsAt case { id } } } }"""


async def created(by: Any, **said: Any) -> Any:
    payload = (await given.answer(CREATE, viewer=by, input={"title": "It leaks", **said}))["createCase"]
    assert payload["userErrors"] == []
    return payload["case"]


async def test_what_is_said_of_a_new_case_reads_back(database: Database):
    by, acme = await given.viewer(), await given.account()
    rows = {
        "customer": acme,
        "contact": await given.contact(account=acme),
        "owner": (vera := await given.person("Vera")),
        "team": await given.team(members=[vera]),
        "type": await given.case_type(),
        "subject": await given.subject("Steam", parent=await given.subject("Heat")),
        "product": await given.product(),
    }
    later = (NOW + timedelta(days=1)).isoformat().replace("+00:00", "Z")
    said = {"title": "It leaks", "description": "Since Monday", "satisfaction": 4, "externalId": "X-1"}
    said |= {"deadline": later, "followUpAt": later}

    case = await created(by, **said, **{f"{name}Id": id_of(row) for name, row in rows.items()})

    assert {name: case[name] for name in said} == said
    assert {name: case[name]["id"] for name in rows} == {name: id_of(row) for name, row in rows.items()}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (name, value)
        for name, of in (("priority", Priority), ("severity", Severity), ("origin", Origin))
        for value in of
    ],
)
async def test_each_priority_severity_and_origin_can_be_said(sqlite_database: Database, name, value):
    case = await created(await given.viewer(), customerId=id_of(await given.account()), **{name: value.name})

    assert case[name] == value.name


@pytest.mark.parametrize("kind", ActivityKind)
async def test_activities_are_of_four_kinds(sqlite_database: Database, kind):
    by, case = await given.viewer(), await given.case()
    times = {"startsAt": "2025-06-05T09:00:00Z", "endsAt": "2025-06-05T09:30:00Z"}
    said = {"kind": kind.name, "subject": "Carl", **times}

    payload = (await given.answer(PLAN, viewer=by, input={"caseId": id_of(case), **said}))["createActivity"]

    assert payload == {"userErrors": [], "activity": {**said, "case": {"id": id_of(case)}}}


async def test_the_cases_of_late_come_first(database: Database):
    by = await given.viewer()
    first, second = [await given.case(title, by=by) for title in ("First", "Second")]
    await done(talking.add_comment, by=by, case=second, body="Hello", now=NOW + timedelta(minutes=1))
    await done(talking.add_comment, by=by, case=first, body="Hello", now=NOW + timedelta(minutes=2))

    data = await given.answer("{ cases(orderBy: [{updatedAt: DESC}]) { nodes { title } } }", viewer=by)

    assert [node["title"] for node in data["cases"]["nodes"]] == ["First", "Second"]

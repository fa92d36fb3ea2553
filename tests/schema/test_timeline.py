"""The timeline: everything that happened to a case, in one order, within what a viewer may see."""

from datetime import timedelta
from typing import Any

import pytest

from actions import attaching, doing, ending, talking, working
from cases.vocabulary import Audience, Role
from models import Case, CaseEvent, EntitlementPosting, Message
from models.database import Database
from tests import given
from tests.given import NOW, done
from tests.schema.test_statements import statements

TOLD = """query($id: ID!, $first: Int, $after: String, $kinds: [TimelineKind!], $direction: TimelineDirection) {
    case(key: {id: $id}) { timeline(first: $first, after: $after, kinds: $kinds, direction: $direction) {
        totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges { cursor node { id } }
        nodes { __typename id occurredAt ... on Message { body } ... on CaseEvent { kind: kind } } } } }"""


async def told(case: Case, by: Any, **said: Any) -> Any:
    return (await given.answer(TOLD, viewer=by, id=case, **said))["case"]["timeline"]


async def lively(by: Any, customer: Any) -> Case:
    """A case on which something of every kind has happened; much of it at the same instant."""
    case = await given.case(by=customer)
    await done(talking.add_comment, by=customer, case=case, body="It leaks")
    await done(talking.add_comment, by=by, case=case, body="Psst", audience=Audience.INTERNAL)
    call = await given.activity("Call", by=by, case=case)
    await given.attachment("kettle.png", by=customer, case=case)
    secret = await given.attachment("costs.pdf", by=by, case=case, audience=Audience.INTERNAL)
    later = NOW + timedelta(hours=1)
    await done(working.suspend_case, by=by, now=later, case=case)
    await done(working.resume_case, by=by, now=later, case=case)
    await done(doing.complete_activity, by=by, now=later, activity=call)
    await done(talking.add_comment, by=by, now=later, case=case, body="Fixed")
    await done(attaching.delete_attachments, by=by, now=later, attachments=[secret])
    await done(ending.resolve_case, by=by, now=later, case=case, summary="A seal")
    return case


async def test_it_tells_everything_once_in_the_order_in_which_it_happened(database: Database):
    by, carl = await given.viewer(), await given.viewer(Role.CUSTOMER)
    case = await lively(by, carl)

    found = await told(case, by)
    instants = [node["occurredAt"] for node in found["nodes"]]
    kinds = [node.get("kind", node["__typename"]) for node in found["nodes"]]

    assert instants == sorted(instants)
    assert kinds == [
        *("OPENED", "Message", "Message", "Activity", "Attachment"),
        *("SUSPENDED", "RESUMED", "ACTIVITY_COMPLETED", "FILE_DELETED", "RESOLVED", "Message"),
    ]
    assert found["totalCount"] == len(kinds)


@pytest.mark.parametrize("direction", ["OLDEST_FIRST", "NEWEST_FIRST"])
@pytest.mark.parametrize("size", [1, 2, 5])
async def test_pages_follow_one_another_without_gap_or_repetition(database: Database, direction, size):
    by, carl = await given.viewer(), await given.viewer(Role.CUSTOMER)
    case = await lively(by, carl)
    whole = [node["id"] for node in (await told(case, by, direction=direction))["nodes"]]

    seen, after = [], None
    while True:
        page = await told(case, by, first=size, after=after, direction=direction)
        seen += [node["id"] for node in page["nodes"]]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert [edge["node"]["id"] for edge in page["edges"]] == [node["id"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]

    assert seen == whole
    oldest_first = [node["id"] for node in (await told(case, by))["nodes"]]
    assert seen == (oldest_first if direction == "OLDEST_FIRST" else oldest_first[::-1])


async def test_a_page_goes_on_where_it_was_when_its_last_row_is_gone(sqlite_database: Database):
    by, carl = await given.viewer(), await given.viewer(Role.CUSTOMER)
    case = await lively(by, carl)
    whole = [node["id"] for node in (await told(case, by))["nodes"]]
    page = await told(case, by, first=2)

    await Message.filter(body="It leaks").delete()
    rest = await told(case, by, after=page["pageInfo"]["endCursor"])

    assert page["nodes"][-1]["body"] == "It leaks"
    assert [node["id"] for node in rest["nodes"]] == whole[2:]


async def test_a_cursor_holds_in_the_timeline_of_other_kinds_too(sqlite_database: Database):
    by, carl = await given.viewer(), await given.viewer(Role.CUSTOMER)
    case = await lively(by, carl)
    opened = await told(case, by, first=1)

    found = await told(case, by, kinds=["MESSAGE"], after=opened["pageInfo"]["endCursor"], first=1)

    assert [node["body"] for node in found["nodes"]] == ["It leaks"]
    assert (found["totalCount"], found["pageInfo"]["hasNextPage"]) == (3, True)


async def test_customers_are_told_what_is_public(database: Database):
    by, carl = await given.viewer(), await given.viewer(Role.CUSTOMER)
    case = await lively(by, carl)

    found = await told(case, carl)

    assert [node.get("body", node["__typename"]) for node in found["nodes"]] == ["It leaks", "Attachment", "Fixed"]
    assert found["totalCount"] == 3
    assert (await told(case, carl, kinds=["EVENT", "CLOCK", "ACTIVITY", "POSTING"]))["nodes"] == []


@pytest.mark.parametrize(
    ("kinds", "types"),
    [
        ([], set()),
        (["EVENT"], {"CaseEvent"}),
        (["ACTIVITY", "MESSAGE"], {"Activity", "Message"}),
        (["ATTACHMENT"], {"Attachment"}),
    ],
)
async def test_it_tells_of_the_kinds_that_are_asked_for(sqlite_database: Database, kinds, types):
    by, carl = await given.viewer(), await given.viewer(Role.CUSTOMER)
    case = await lively(by, carl)

    assert {node["__typename"] for node in (await told(case, by, kinds=kinds))["nodes"]} == types


async def test_clocks_are_a_kind_of_their_own(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()
    row = await CaseEvent.get(case_id=case.id, number=1)
    await CaseEvent.filter(id=row.id).update(kind="SLA_ANNOUNCED")

    assert [node["kind"] for node in (await told(case, by, kinds=["CLOCK"]))["nodes"]] == ["SLA_ANNOUNCED"]
    assert (await told(case, by, kinds=["EVENT"]))["nodes"] == []


async def test_a_cursor_of_another_list_is_refused(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()
    other = (await given.answer("{ cases { pageInfo { endCursor } } }", viewer=by))["cases"]["pageInfo"]["endCursor"]

    for cursor in (other, "x", ""):
        result = await given.execute(TOLD, viewer=by, id=case, after=cursor)
        assert result.errors[0].extensions["input"] == ["after"]


async def test_each_source_takes_one_statement_for_all_cases(database: Database):
    by, carl = await given.viewer(), await given.viewer(Role.CUSTOMER)
    for _ in range(3):
        await lively(by, carl)
    sources = 5  # events, postings, messages, activities, attachments

    with statements() as sent:
        data = await given.answer("{ cases { nodes { timeline(first: 3) { nodes { id } } } } }", viewer=by)

    assert all(len(node["timeline"]["nodes"]) == 3 for node in data["cases"]["nodes"])
    assert len(sent) == 1 + sources, sent


def test_lines_of_the_ledger_have_a_place_in_it():
    from schema.timeline import SOURCES

    assert EntitlementPosting in {source.model for source in SOURCES.values()}

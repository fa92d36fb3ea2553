"""Lists: pages from both ends, their cursors, and what is counted."""

from datetime import timedelta
from typing import Any

import pytest
from pytest import param

from actions import talking
from cases.vocabulary import Priority
from models.database import Database
from schema.ids import id_of
from tests import given
from tests.given import NOW

LIST = """query($first: Int, $after: String, $last: Int, $before: String, $by: [CaseOrder!]) {
    cases(first: $first, after: $after, last: $last, before: $before, orderBy: $by) {
        totalCount edges { cursor node { number } } nodes { number }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


async def shop(cases: int = 7) -> Any:
    by = await given.viewer()
    for number in range(cases):
        await given.case(by=by, now=NOW + timedelta(minutes=number), priority=list(Priority)[number % 3])
    return by


async def listed(viewer: Any, **arguments: Any) -> Any:
    return (await given.answer(LIST, viewer=viewer, **arguments))["cases"]


def numbers(page: Any) -> list[int]:
    assert [edge["node"] for edge in page["edges"]] == page["nodes"]
    return [int(node["number"].removeprefix("CAS-")) for node in page["nodes"]]


@pytest.mark.parametrize("order", [[], [{"priority": "DESC"}], [{"deadline": "ASC"}], [{"createdAt": "ASC"}]])
async def test_walking_from_either_end_meets_every_row_once(database: Database, order):
    by = await shop()
    everything = numbers(await listed(by, by=order, first=100))

    forward: list[int] = []
    page = await listed(by, by=order, first=3)
    while True:
        forward += numbers(page)
        if not page["pageInfo"]["hasNextPage"]:
            break
        page = await listed(by, by=order, first=3, after=page["pageInfo"]["endCursor"])
        assert page["pageInfo"]["hasPreviousPage"]
    backward: list[int] = []
    page = await listed(by, by=order, last=3)
    while True:
        backward = numbers(page) + backward
        if not page["pageInfo"]["hasPreviousPage"]:
            break
        page = await listed(by, by=order, last=3, before=page["pageInfo"]["startCursor"])
        assert page["pageInfo"]["hasNextPage"]

    assert forward == backward == everything
    assert sorted(everything) == [1, 2, 3, 4, 5, 6, 7]


async def test_a_page_says_where_it_lies_and_how_many_there_are_in_all(database: Database):
    page = await listed(await shop(), first=2)
    cursors = [edge["cursor"] for edge in page["edges"]]

    assert numbers(page) == [7, 6]  # newest first
    assert page["totalCount"] == 7
    assert page["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": cursors[0],
        "endCursor": cursors[1],
    }


async def test_an_empty_page_lies_nowhere(sqlite_database: Database):
    by = await shop(1)

    page = await listed(by, first=0)

    assert (numbers(page), page["totalCount"]) == ([], 1)
    assert page["pageInfo"]["startCursor"] is None


@pytest.mark.parametrize(
    ("arguments", "at_fault"),
    [
        param({"first": -1}, "first", id="less than nothing"),
        param({"first": 101}, "first", id="more than a hundred"),
        param({"last": 101}, "last", id="more than a hundred from the end"),
        param({"first": 1, "last": 1}, "last", id="both ends at once"),
        param({"after": "garbage"}, "after", id="no cursor"),
        param({"before": ""}, "before", id="an empty cursor"),
        param({"after": "é"}, "after", id="no ASCII"),
    ],
)
async def test_what_is_no_page(sqlite_database: Database, arguments, at_fault):
    result = await given.execute(LIST, viewer=await shop(1), **arguments)

    assert [error.extensions for error in result.errors or ()] == [{"code": "BAD_INPUT", "input": [at_fault]}]


async def test_a_cursor_belongs_to_its_list_and_order(database: Database):
    by = await shop()
    end = (await listed(by, first=2))["pageInfo"]["endCursor"]
    people = await given.answer("{ people { pageInfo { endCursor } } }", viewer=by)

    foreign = [
        {"after": end, "by": [{"priority": "ASC"}]},
        {"before": end, "by": [{"createdAt": "ASC"}]},
        {"after": people["people"]["pageInfo"]["endCursor"]},
        {"after": end[:-2] + ("AA" if end[-2:] != "AA" else "BB")},
        {"after": end + "="},
    ]
    for arguments in foreign:
        result = await given.execute(LIST, viewer=by, **arguments)
        assert [error.extensions["code"] for error in result.errors or ()] == ["BAD_INPUT"], arguments

    assert numbers(await listed(by, first=2, after=end)) == [5, 4]


async def test_a_cursor_shows_nobody_what_they_may_not_see(sqlite_database: Database):
    by = await shop()
    end = (await listed(by, first=2))["pageInfo"]["endCursor"]
    stranger = await given.viewer(tenant=await given.tenant("other"))

    page = await listed(stranger, first=2, after=end)

    assert (page["nodes"], page["totalCount"]) == ([], 0)
    assert page["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}


NESTED = """query($first: Int, $last: Int, $after: String) { cases(orderBy: [{createdAt: ASC}]) { nodes { number
    messages(first: $first, last: $last, after: $after) {
        totalCount nodes { body } pageInfo { hasNextPage hasPreviousPage endCursor } } } } }"""


async def talkative() -> Any:
    """Three cases with none, two and four messages."""
    by = await given.viewer()
    for number, messages in enumerate((0, 2, 4)):
        case = await given.case(by=by, now=NOW + timedelta(minutes=number))
        for message in range(messages):
            await given.done(
                talking.add_comment,
                by=by,
                now=NOW + timedelta(hours=1 + message),
                case=case,
                body=f"{number}.{message}",
            )
    return by


async def nested(by: Any, **arguments: Any) -> list[Any]:
    return [node["messages"] for node in (await given.answer(NESTED, viewer=by, **arguments))["cases"]["nodes"]]


def said(pages: list[Any]) -> list[list[str]]:
    return [[node["body"] for node in page["nodes"]] for page in pages]


async def test_nested_lists_are_cut_for_each_parent(database: Database):
    by = await talkative()
    first, last = await nested(by, first=2), await nested(by, last=1)

    assert said(first) == [[], ["1.0", "1.1"], ["2.0", "2.1"]]
    assert said(last) == [[], ["1.1"], ["2.3"]]
    assert [page["totalCount"] for page in first] == [page["totalCount"] for page in last] == [0, 2, 4]
    assert [page["pageInfo"]["hasNextPage"] for page in first] == [False, False, True]
    assert [page["pageInfo"]["hasPreviousPage"] for page in last] == [False, True, True]


async def test_a_nested_list_goes_on_behind_its_cursor(database: Database):
    by = await talkative()
    *_, third = await nested(by, first=2)

    *_, rest = await nested(by, first=9, after=third["pageInfo"]["endCursor"])

    assert [node["body"] for node in rest["nodes"]] == ["2.2", "2.3"]
    assert rest["pageInfo"]["hasPreviousPage"]


async def test_a_nested_list_names_the_argument_at_fault_too(sqlite_database: Database):
    result = await given.execute(NESTED, viewer=await talkative(), first=1, after="garbage")

    assert {tuple(error.extensions["input"]) for error in result.errors or ()} == {("after",)}


async def test_nested_lists_have_filters_of_their_own(database: Database):
    by = await talkative()
    text = """{ cases { nodes { number
        all: messages { totalCount } none: messages(where: {audience: {eq: INTERNAL}}) { totalCount } } } }"""

    nodes = (await given.answer(text, viewer=by))["cases"]["nodes"]

    assert sorted(node["all"]["totalCount"] for node in nodes) == [0, 2, 4]
    assert {node["none"]["totalCount"] for node in nodes} == {0}


async def test_the_list_of_a_list_of_a_list(database: Database):
    by = await given.viewer()
    acme = await given.account()
    bob = await given.contact("Bob", acme)
    case = await given.case(by=by, customer=bob)
    text = """{ customers(first: 2) { nodes { name contacts(first: 2) { nodes { name cases(first: 2) { nodes { id
        events(first: 2) { nodes { kind case { id account { id contacts { totalCount } } } } } } } } } } } }"""

    data = await given.answer(text, viewer=by)
    event = data["customers"]["nodes"][0]["contacts"]["nodes"][0]["cases"]["nodes"][0]["events"]["nodes"][0]

    assert event["case"] == {"id": id_of(case), "account": {"id": id_of(acme), "contacts": {"totalCount": 1}}}

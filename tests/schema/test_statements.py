"""How many statements an answer takes: one per relation and level, however many rows there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pytest import param

from actions import changing, talking
from cases.vocabulary import ProductKind
from models import Case, Person
from models.database import Database, current_database
from schema.ids import id_of
from tests import given


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that reads, written down on its way to the database that answers it."""
    seen: list[str] = []
    clients = {id(client): client for client in (current_database().reader, current_database().writer)}.values()
    originals = [(client, client.execute_query) for client in clients]

    def counting(original: Any) -> Any:
        async def execute_query(sql: str, values: Any = None) -> Any:
            seen.append(sql)
            return await original(sql, values)

        return execute_query

    for client, original in originals:
        client.execute_query = counting(original)
    try:
        yield seen
    finally:
        for client, _ in originals:
            del client.execute_query


async def desk(cases: int) -> Any:
    """`cases` cases that share and do not share customers, owners, teams, products and subjects."""
    by = await given.viewer()
    people = [await given.person(f"Vera {n}") for n in range(3)]
    teams = [await given.team(f"Line {n}", people) for n in range(2)]
    family = await given.product("Kitchen", ProductKind.FAMILY)
    products = [await given.product(f"Kettle {n}", family=family) for n in range(3)]
    root = await given.subject("Heat")
    subjects = [await given.subject(f"Steam {n}", parent=root) for n in range(3)]
    accounts = [await given.account(f"Acme {n}") for n in range(4)]
    contacts = [await given.contact(f"Bob {n}", accounts[0] if n else None) for n in range(3)]
    repair = await given.case_type()
    for number in range(cases):
        case = await given.case(
            by=by,
            customer=[*accounts, *contacts][number % 7],
            owner=people[number % 3],
            team=teams[number % 2],
            product_id=products[number % 3],
            subject_id=subjects[number % 3],
            type_id=repair,
        )
        for step in range(number % 4):
            await given.done(talking.add_comment, by=by, case=case, body=f"Hello {step}")
        if number % 2:
            await given.done(changing.update_case, by=by, case=case, title="Another")
    return by


PAGE = """{ cases(first: 50) { nodes {
    number title customer { id name } owner { name email } team { name } product { name } subject { name }
    events(last: 3) { nodes { number kind at } }
} } }"""

README = """{ cases(where: {status: {eq: ACTIVE}}, orderBy: [{priority: DESC}], first: 50) { totalCount nodes {
    number title customer { __typename name email } owner { name } team { name memberships(first: 5) {
        totalCount nodes { person { name } } } }
    product { name family { name } } subject { name parent { name } } type { name }
    messages(last: 2) { totalCount pageInfo { hasPreviousPage } nodes { body author { __typename name } } }
    events(last: 3) { edges { cursor node { kind actor { name } } } }
} pageInfo { endCursor } } }"""


@pytest.mark.parametrize(
    ("text", "most"),
    [
        # the page; accounts; contacts; people; teams; products; subjects; events
        param(PAGE, 8, id="a page of cases with their relations and last three events"),
        # the page, its count; accounts; contacts; people; teams; memberships, their count; members are people (a level
        # down); products, families; subjects, parents; types; messages, their count, authors (two tables); events,
        # actors (two tables)
        param(README, 21, id="the nested query of the README"),
    ],
)
async def test_there_is_one_statement_per_relation_and_level(database: Database, text, most):
    by = await desk(50)

    with statements() as sent:
        data = await given.answer(text, viewer=by)

    assert len(data["cases"]["nodes"]) == 50
    assert all(node["customer"] and node["owner"] and node["events"] for node in data["cases"]["nodes"])
    assert len(sent) <= most, sent


async def test_there_are_no_more_statements_for_many_rows_than_for_few(database: Database):
    by = await desk(7)
    with statements() as few:
        await given.answer(README, viewer=by)
    for _ in range(20):
        await given.case(by=by)

    with statements() as many:
        await given.answer(README, viewer=by)

    assert len(many) <= len(few)


async def test_many_ids_are_looked_up_together(database: Database):
    by = await desk(3)
    rows = [*await Case.all(), *await Person.all()]

    with statements() as sent:
        data = await given.answer(
            "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", viewer=by, ids=[id_of(row) for row in rows]
        )

    assert [node["id"] for node in data["nodes"]] == [id_of(row) for row in rows]
    assert len(sent) == 2, sent


async def test_a_relation_that_nobody_asks_for_costs_nothing(database: Database):
    by = await desk(3)

    with statements() as sent:
        await given.answer("{ cases { nodes { number } pageInfo { hasNextPage hasPreviousPage } } }", viewer=by)

    assert len(sent) == 1


async def test_the_counter_counts(database: Database):
    with statements() as sent:
        await given.answer("{ cases { totalCount nodes { id } } }", viewer=await given.viewer())

    assert sum("COUNT" in sql for sql in sent) == 1
    assert sum("FROM" in sql and "case" in sql for sql in sent) == 2

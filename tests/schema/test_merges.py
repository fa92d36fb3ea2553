"""Merges as clients meet them: where look-ups lead, what is shown of them, previews that write nothing."""

from typing import Any

import pytest

from actions import ending, knowing, promises, queueing
from cases.vocabulary import Role
from models.database import Database
from schema.ids import id_of
from tests import given
from tests.actions import contracts
from tests.actions.merges import full, merged
from tests.given import done

CASE = "query($key: CaseKey!) { case(key: $key) { number mergedInto { number } } }"
ITSELF = "query($key: CaseKey!) { case(key: $key, followMerges: false) { number status mergedInto { number } } }"
NODE = "query($id: ID!) { node(id: $id) { ... on Case { number statusReason mergedInto { number } } } }"
PREVIEW = """query($to: ID!, $ids: [ID!]!, $across: Boolean) {
    previewMerge(caseId: $to, mergedIds: $ids, acrossCustomers: $across) {
        possible survivor { number } refusals { __typename code path ... on CannotMerge { cases { caseId obstacle } } }
        losers { case { number } moved { kind count } stayed { kind count } endingClocks { kpi state }
            entitlement { name } returned released queue { name } } } }"""
MERGE = """mutation($input: MergeCasesInput!) { mergeCases(input: $input) {
    case { number mergedCases { nodes { number } } merges { nodes { loser { number } moved { kind count } } } }
    merges { createdAt }
    userErrors { __typename code path ... on CannotMerge { cases { caseId number obstacle } } } } }"""
CANCEL = """mutation($input: CancelCaseInput!) { cancelCase(input: $input) { userErrors {
    __typename code message ... on CaseMerged { survivor { caseId number } } } } }"""


async def shown(text: str, by: Any, **variables: Any) -> Any:
    (data,) = (await given.answer(text, viewer=by, **variables)).values()
    return data


async def test_a_merged_case_leads_to_the_last_survivor_by_id_number_and_external_id(database: Database):
    by, acme = await given.viewer(), await given.account()
    last, middle = [await given.case(by=by, customer=acme) for _ in range(2)]
    first = await given.case(by=by, customer=acme, external_id="X1")
    await merged(middle, first, by=by)
    await merged(last, middle, by=by)

    for key in ({"id": id_of(first)}, {"number": first.number}, {"externalId": "X1"}, {"id": id_of(middle)}):
        assert await shown(CASE, by, key=key) == {"number": last.number, "mergedInto": None}
    assert await shown(ITSELF, by, key={"number": first.number}) == {
        **{"number": first.number, "status": "CANCELED", "mergedInto": {"number": middle.number}},
    }
    assert await shown(NODE, by, id=first) == {
        **{"number": first.number, "statusReason": "MERGED", "mergedInto": {"number": middle.number}},
    }


async def test_a_customer_is_led_as_far_as_they_may_see(database: Database):
    by, acme = await given.viewer(), await given.account()
    carl = await given.viewer(Role.CUSTOMER, contact=await given.contact("Carl", acme))
    mine, theirs = [await given.case(by=by, customer=each) for each in (acme, await given.account("Umbrella"))]
    await merged(theirs, mine, by=by, across_customers=True)

    assert await shown(CASE, carl, key={"number": mine.number}) == {"number": mine.number, "mergedInto": None}
    assert (await shown(CASE, by, key={"number": mine.number}))["number"] == theirs.number


async def test_a_survivor_that_was_deleted_is_led_to_by_nobody(sqlite_database: Database):
    by, acme = await given.viewer(Role.MANAGER), await given.account()
    survivor, loser = [await given.case(by=by, customer=acme) for _ in range(2)]
    await merged(survivor, loser, by=by)
    await done(ending.delete_case, by=by, case=survivor)

    assert await shown(CASE, by, key={"number": loser.number}) == {"number": loser.number, "mergedInto": None}


async def test_a_merge_answers_with_what_came_from_whom(database: Database):
    by, acme = await given.viewer(), await given.account()
    survivor, loser = await given.case(by=by, customer=acme), await full(by, acme)
    said = {"caseId": id_of(survivor), "mergedIds": [id_of(loser)], "expectedVersion": 1}

    answer = await shown(MERGE, by, input=said)

    moved = [{"kind": kind, "count": n} for kind, n in (("Message", 2), ("Activity", 1), ("Attachment", 1))]
    moved.append({"kind": "ArticleLink", "count": 1})
    assert answer["userErrors"] == []
    assert answer["case"] == {
        "number": survivor.number,
        "mergedCases": {"nodes": [{"number": loser.number}]},
        "merges": {"nodes": [{"loser": {"number": loser.number}, "moved": moved}]},
    }
    assert len(answer["merges"]) == 1


async def test_a_refusal_names_each_case_and_its_obstacle(sqlite_database: Database):
    by = await given.viewer()
    mine, theirs = [await given.case(by=by, customer=await given.account(name)) for name in ("Acme", "Umbrella")]

    answer = await shown(MERGE, by, input={"caseId": id_of(mine), "mergedIds": [id_of(theirs)]})

    assert answer["userErrors"] == [
        {
            "__typename": "CannotMerge",
            "code": "ILLEGAL_TRANSITION",
            "path": ["input", "mergedIds"],
            "cases": [{"caseId": id_of(theirs), "number": theirs.number, "obstacle": "OTHER_CUSTOMER"}],
        }
    ]


async def test_an_act_on_a_merged_case_is_told_where_it_lives_on(sqlite_database: Database):
    by, acme = await given.viewer(), await given.account()
    survivor, loser = [await given.case(by=by, customer=acme) for _ in range(2)]
    await merged(survivor, loser, by=by)

    (error,) = (await shown(CANCEL, by, input={"caseId": id_of(loser)}))["userErrors"]

    assert (error["__typename"], error["code"]) == ("CaseMerged", "ILLEGAL_TRANSITION")
    assert error["survivor"] == {"caseId": id_of(survivor), "number": survivor.number}
    assert survivor.number in error["message"]


@pytest.mark.parametrize(("terms", "returned", "released"), [({}, 1, 0), ({"decrement_on": "RESOLUTION"}, 0, 1)])
async def test_a_preview_says_what_would_happen_and_writes_nothing(database: Database, terms, returned, released):
    by, acme, article = await contracts.lead(), await given.account(), await given.article()
    await done(promises.set_default_sla_policy, by=by, policy=await given.sla_policy())
    of = await contracts.contract(by=by, customer=acme, **terms)
    survivor = await given.case(by=by, customer=acme)
    await done(knowing.link_article, by=by, case=survivor, article=article)
    loser = await full(by, acme, article=article, entitlement=of)
    await done(queueing.add_to_queue, by=by, case=loser, queue=await given.queue())
    before = await given.rows_stored(), [dict(await given.stored(case)) for case in (survivor, loser)]

    answer = await shown(PREVIEW, by, to=survivor, ids=[id_of(loser)])

    assert (await given.rows_stored(), [dict(await given.stored(case)) for case in (survivor, loser)]) == before
    (told,) = answer.pop("losers")
    assert answer == {"possible": True, "survivor": {"number": survivor.number}, "refusals": []}
    assert {each["kind"]: each["count"] for each in told["moved"]} == {"Message": 2, "Activity": 1, "Attachment": 1}
    assert told["stayed"] == [{"kind": "ArticleLink", "count": 1}]
    assert (told["entitlement"], told["queue"]) == ({"name": "Support"}, {"name": "Desk"})
    assert (float(told["returned"]), float(told["released"])) == (returned, released)
    left, held = await contracts.left(of), await contracts.reserved(of)
    await merged(survivor, loser, by=by)
    gained = (await contracts.left(of) - left, held - await contracts.reserved(of))
    assert gained == (returned, released)


async def test_a_preview_says_which_clocks_would_end(database: Database):
    by, acme = await contracts.lead(), await given.account()
    await done(promises.set_default_sla_policy, by=by, policy=await given.sla_policy())
    survivor, loser = [await given.case(by=by, customer=acme) for _ in range(2)]

    answer = await shown(PREVIEW, by, to=survivor, ids=[id_of(loser)])

    assert answer["losers"][0]["endingClocks"] == [{"kpi": "first_response", "state": "IN_PROGRESS"}]


async def test_a_preview_says_what_would_be_refused(database: Database):
    by = await given.viewer()
    mine, theirs = [await given.case(by=by, customer=await given.account(name)) for name in ("Acme", "Umbrella")]
    ids = [id_of(theirs), id_of(mine)]

    answer = await shown(PREVIEW, by, to=mine, ids=ids)
    across = await shown(PREVIEW, by, to=mine, ids=ids[:1], across=True)

    assert not answer["possible"]
    assert [(error["__typename"], error["path"]) for error in answer["refusals"]] == [
        ("CannotMerge", ["input", "mergedIds"])
    ]
    assert answer["refusals"][0]["cases"] == [
        {"caseId": ids[0], "obstacle": "OTHER_CUSTOMER"},
        {"caseId": ids[1], "obstacle": "ITSELF"},
    ]
    assert (across["possible"], across["refusals"]) == (True, [])


async def test_a_preview_of_what_is_not_there_and_for_customers_is_none(sqlite_database: Database):
    by, acme = await given.viewer(), await given.account()
    carl = await given.viewer(Role.CUSTOMER, contact=await given.contact("Carl", acme))
    survivor, loser = [await given.case(by=by, customer=acme) for _ in range(2)]
    stranger = await given.viewer(tenant=await given.tenant("other"))

    assert await shown(PREVIEW, carl, to=survivor, ids=[id_of(loser)]) is None
    assert await shown(PREVIEW, stranger, to=survivor, ids=[id_of(loser)]) is None
    assert await shown(PREVIEW, by, to=survivor, ids=["garbage"]) is None

"""Contracts as clients see them: what fits and why not, how they stood, and states that are never stale."""

from datetime import timedelta
from typing import Any

from cases.vocabulary import Role
from models.database import Database
from schema.ids import id_of
from tests import given
from tests.actions.contracts import CANCEL, contract, customer_of, lead, on
from tests.given import NOW, done

CREATE = """mutation($input: CreateEntitlementInput!) { createEntitlement(input: $input) {
    entitlement { id state total zone channels { channel total } products { name } }
    userErrors { __typename code path } } }"""
FITS = """query($customer: ID!, $product: ID, $channel: Origin) {
    entitlementsFor(customerId: $customer, productId: $product, channel: $channel) {
        entitlement { name } eligible reasons { reason message } } }"""
BALANCE = """query($id: ID!, $at: DateTime) { entitlementBalance(entitlementId: $id, at: $at) {
    channel remaining available reserved used } }"""


async def test_an_entitlement_is_created_as_clients_spell_it(database: Database):
    by, acme, kettle = await lead(), await given.account(), await given.product()
    terms: dict[str, Any] = {
        "allocation": "CASES",
        "decrementOn": "CREATION",
        "startsOn": "2025-01-01",
        "endsOn": "2025-12-31",
        "total": "10.50",
        "totalByChannel": [{"channel": "VOICE", "total": "2"}],
        "productIds": [id_of(kettle)],
    }
    said = {"name": "Support", "customerId": id_of(acme), "terms": terms}
    made = (await given.answer(CREATE, viewer=by, input=said))["createEntitlement"]
    terms |= {"endsOn": "2024-01-01", "total": "-1", "productIds": []}
    refused = (await given.answer(CREATE, viewer=by, input=said))["createEntitlement"]

    assert made["userErrors"] == []
    assert made["entitlement"] | {"id": ""} == {
        "id": "",
        "state": "DRAFT",
        "total": "10.50",
        "zone": "UTC",
        "channels": [{"channel": "VOICE", "total": "2.00"}],
        "products": [{"name": "Kettle"}],
    }
    assert refused["entitlement"] is None
    assert [(error["code"], error["path"]) for error in refused["userErrors"]] == [
        ("BAD_INPUT", ["input", "terms", "endsOn"]),
        ("BAD_INPUT", ["input", "terms", "total"]),
    ]


async def test_agents_see_what_fits_and_why_the_others_do_not(database: Database):
    by, acme, kettle = await lead(), await given.account(), await given.product()
    await contract(by=by, customer=acme, name="fits")
    await contract(by=by, customer=acme, name="late", starts_on="2025-07-01")
    await contract(by=by, customer=acme, name="oven only", product_ids=[str((await given.product("Oven")).id)])
    used_up = await contract(1, by=by, customer=acme, name="used up", restrict=True)
    await on(used_up, by=by)
    await contract(by=by, customer=await given.account("Umbrella"), name="of others")

    said: dict[str, Any] = {"customer": acme, "product": kettle, "channel": "WEB"}
    found = (await given.answer(FITS, viewer=await given.viewer(), **said))["entitlementsFor"]

    told = {each["entitlement"]["name"]: [why["reason"] for why in each["reasons"]] for each in found}
    assert told == {
        "fits": [],
        "late": ["WAITING"],
        "oven only": ["OTHER_PRODUCT"],
        "used up": ["NO_TERMS_LEFT"],
    }
    assert [each["entitlement"]["name"] for each in found if each["eligible"]] == ["fits"]


async def test_a_balance_is_known_for_any_instant(database: Database):
    by = await lead()
    of = await contract(5, by=by)
    case = await on(of, by=by, now=NOW + timedelta(hours=1))
    await done(CANCEL, by=by, now=NOW + timedelta(hours=2), case=case)

    stood = []
    for hours in (-1, 0, 1, 2):
        instant = (NOW + timedelta(hours=hours)).isoformat()
        found = (await given.answer(BALANCE, viewer=by, id=of, at=instant))["entitlementBalance"]
        stood.append([each["remaining"] for each in found])

    assert stood == [[], ["5.00"], ["4.00"], ["5.00"]]


async def test_a_state_is_never_stale_and_lines_prove_the_balance(database: Database):
    by = await lead()
    of = await contract(5, by=by, ends_on="2025-06-05")
    case = await on(of, by=by)
    text = """query($id: ID!) { node(id: $id) { ... on Entitlement { state isDefault
        balances { remaining } forecast { used perDay exhaustedOn }
        postings { totalCount nodes { kind amount case { number } eventNumber } }
        cases { nodes { number decrementWaived entitlement { name } } } } } }"""

    today = (await given.answer(text, viewer=by, id=of))["node"]
    later = (await given.answer(text, viewer=by, now=NOW + timedelta(days=3), id=of))["node"]

    assert (today["state"], later["state"]) == ("ACTIVE", "EXPIRED")
    assert today["balances"] == [{"remaining": "4.00"}]
    assert [line["amount"] for line in today["postings"]["nodes"]] == ["5.00", "-1.00"]
    assert today["postings"]["nodes"][1]["case"] == {"number": case.number}
    assert today["cases"]["nodes"][0]["entitlement"] == {"name": "Support"}


async def test_customers_see_their_contracts_and_balances_but_no_lines(database: Database):
    by, acme = await lead(), await given.account()
    bob = await given.viewer(Role.CUSTOMER, contact=await given.contact("Bob", acme))
    of = await contract(5, by=by, customer=acme)
    await contract(5, by=by, customer=await given.account("Umbrella"))
    text = "{ entitlements { nodes { id balances { remaining } postings { nodes { id } } } } }"

    found = (await given.answer(text, viewer=bob))["entitlements"]["nodes"]

    assert found == [{"id": id_of(of), "balances": [{"remaining": "5.00"}], "postings": {"nodes": []}}]


async def test_used_up_is_a_refusal_of_its_own_with_what_is_left(database: Database):
    by = await lead()
    of = await contract(1, by=by, restrict=True)
    await on(of, by=by)
    text = """mutation($input: CreateCaseInput!) { createCase(input: $input) { case { id } userErrors {
        __typename code ... on EntitlementExhausted { needed available channel } } } }"""
    customer = await customer_of(of)

    said = {"title": "One more", "customerId": id_of(customer), "entitlementId": id_of(of)}
    answer = (await given.answer(text, viewer=by, input=said))["createCase"]

    assert answer == {
        "case": None,
        "userErrors": [
            {
                "__typename": "EntitlementExhausted",
                "code": "NO_TERMS_LEFT",
                "needed": "1.00",
                "available": "0.00",
                "channel": None,
            }
        ],
    }

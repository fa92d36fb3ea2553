"""Opening a case: what is kept of it, for whom it is, and what cannot be said of it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pytest import param

from actions import opening
from cases.refusals import BadInput, Duplicate, Refused, Several, Unknown
from cases.vocabulary import FactKind, Origin, Priority, ProductKind, ProductState, Role, Severity, Status, StatusReason
from models import Case, CaseEvent, Outbox
from models.database import Database
from tests import given
from tests.given import NOW, done


async def test_an_opened_case_is_a_row_an_event_and_a_word_to_the_outbox(database: Database):
    acme, by = await given.account(), await given.viewer()
    bob = await given.contact(account=acme)
    kettle, steam = await given.product(), await given.subject()
    vera, line = await given.person("Vera"), await given.team()

    rows = await done(
        opening.create_case,
        by=by,
        title="  The kettle leaks ",
        description="At the seal.",
        priority=Priority.CRITICAL,
        severity=Severity.OUTAGE,
        origin=Origin.VOICE,
        subject_id=steam,
        product_id=kettle,
        deadline=NOW,
        external_id="X-1",
        satisfaction=5,
        customer=acme,
        contact=bob,
        owner=vera,
        team=line,
    )
    case = await Case.get(id=rows["case"].id)
    event = await CaseEvent.get(case_id=case.id)
    told = await Outbox.get(key=case.id)

    assert (case.number, case.title, case.version) == ("CAS-000001", "The kettle leaks", 1)
    assert (case.priority, case.severity, case.origin) == (Priority.CRITICAL, Severity.OUTAGE, Origin.VOICE)
    assert (case.status, case.status_reason) == (Status.ACTIVE, StatusReason.NEW)
    assert (case.account_id, case.contact_id, case.owner_id, case.team_id) == (acme.id, bob.id, vera.id, line.id)
    assert (case.created_at, case.updated_at, case.deadline) == (NOW, NOW, NOW)
    assert (event.number, event.kind, event.actor_person_id, event.cause) == (
        1,
        FactKind.OPENED,
        by.person_id,
        "create_case",
    )
    assert (told.topic, told.due_at, told.payload) == ("case", NOW, {"from": 1, "to": 1, "kinds": ["OPENED"]})


async def test_numbers_of_a_tenant_follow_one_another_and_no_other_tenants(sqlite_database: Database):
    other = await given.viewer(tenant=await given.tenant("other"))

    numbers = [(await given.case()).number, (await given.case(by=other)).number, (await given.case()).number]

    assert numbers == ["CAS-000001", "CAS-000001", "CAS-000002"]


async def test_a_refused_case_leaves_no_gap_in_the_numbers(database: Database):
    await given.case(external_id="X-1")
    with pytest.raises(Duplicate):
        await given.case(external_id="X-1")

    assert (await given.case()).number == "CAS-000002"


async def test_a_contact_of_an_account_acts_for_it(sqlite_database: Database):
    acme = await given.account()
    bob = await given.contact(account=acme)

    case = await given.case(customer=bob)

    assert (case.account_id, case.contact_id) == (acme.id, bob.id)


async def test_a_contact_alone_is_the_customer(sqlite_database: Database):
    bob = await given.contact()

    case = await given.case(customer=None, contact=bob)

    assert (case.account_id, case.contact_id) == (None, bob.id)


async def test_customers_need_not_say_who_they_are(sqlite_database: Database):
    acme = await given.account()
    carl = await given.contact("Carl", acme)

    case = await given.case(by=await given.viewer(Role.CUSTOMER, contact=carl))
    event = await CaseEvent.get(case_id=case.id)

    assert (case.account_id, case.contact_id) == (acme.id, carl.id)
    assert (event.actor_person_id, event.actor_contact_id) == (None, carl.id)


async def test_customers_may_name_themselves(sqlite_database: Database):
    carl = await given.contact("Carl", await given.account())

    case = await given.case(by=await given.viewer(Role.CUSTOMER, contact=carl), contact=carl)

    assert case.contact_id == carl.id


async def test_customers_cannot_open_cases_for_others(sqlite_database: Database):
    carl = await given.viewer(Role.CUSTOMER)
    before = await given.rows_stored()
    for somebody in (await given.account("Umbrella"), await given.contact("Eve")):
        before = await given.rows_stored()
        with pytest.raises(Unknown) as refused:
            await given.case(by=carl, customer=somebody)

        assert tuple(refused.value.path) == ("customer_id",)
        assert await given.rows_stored() == before


async def test_a_retired_product_still_has_questions(sqlite_database: Database):
    kettle = await given.product(state=ProductState.RETIRED)

    assert (await given.case(product_id=kettle)).product_id == kettle.id


async def test_a_bundle_is_a_product(sqlite_database: Database):
    breakfast = await given.product(kind=ProductKind.BUNDLE)

    assert (await given.case(product_id=breakfast)).product_id == breakfast.id


@pytest.mark.parametrize(
    ("said", "path"),
    [
        param({"title": "x" * 129}, "title", id="a title of 129 characters"),
        param({"title": " \t "}, "title", id="a title of nothing to see"),
        param({"title": "nul \0"}, "title", id="a title that cannot be stored"),
        param({"description": "x" * 20_001}, "description", id="a description of 20,001 characters"),
        param({"description": "\ud800"}, "description", id="half a surrogate pair"),
        param({"deadline": NOW - timedelta(microseconds=1)}, "deadline", id="a deadline that has passed"),
        param({"satisfaction": 0}, "satisfaction", id="a grade below 1"),
        param({"satisfaction": 6}, "satisfaction", id="a grade above 5"),
        param({"external_id": ""}, "external_id", id="an empty external id"),
        param({"external_id": "x" * 101}, "external_id", id="an external id of 101 characters"),
    ],
)
async def test_what_cannot_be_said_is_refused_and_nothing_is_stored(sqlite_database: Database, said, path):
    by, acme = await given.viewer(), await given.account()
    before = await given.rows_stored()

    with pytest.raises(BadInput) as refused:
        await given.case(**{"by": by, "customer": acme, **said})

    assert tuple(refused.value.path) == (path,)
    assert await given.rows_stored() == before


@pytest.mark.parametrize(
    "said",
    [
        param({"title": "x" * 128}, id="a title of 128 characters"),
        param({"title": " " * 200 + "x"}, id="white space does not count"),
        param({"description": "😀" * 20_000}, id="a description of 20,000 characters"),
        param({"deadline": NOW}, id="a deadline now"),
    ],
)
async def test_what_lies_just_within_the_bounds_is_accepted(database: Database, said):
    case = await given.case(**said)

    kept = await given.stored(case)

    for name, value in said.items():
        assert getattr(kept, name) == (value.strip() if isinstance(value, str) else value)


@pytest.mark.parametrize(
    "columns",
    [
        param({"kind": ProductKind.FAMILY}, id="a family"),
        param({"state": ProductState.DRAFT}, id="a draft"),
    ],
)
async def test_a_case_is_about_something_that_can_be_had(sqlite_database: Database, columns):
    by, acme, thing = await given.viewer(), await given.account(), await given.product(**columns)
    before = await given.rows_stored()

    with pytest.raises(BadInput) as refused:
        await given.case(by=by, customer=acme, product_id=thing)

    assert tuple(refused.value.path) == ("product_id",)
    assert await given.rows_stored() == before


async def test_a_contact_of_another_account_is_refused(sqlite_database: Database):
    by, acme = await given.viewer(), await given.account()
    eve = await given.contact("Eve", await given.account("Umbrella"))
    alone = await given.contact("Al")
    before = await given.rows_stored()

    for stranger in (eve, alone):
        with pytest.raises(BadInput) as refused:
            await given.case(by=by, customer=acme, contact=stranger)
        assert tuple(refused.value.path) == ("contact_id",)

    assert await given.rows_stored() == before


async def test_two_contacts_cannot_both_be_the_customer(sqlite_database: Database):
    bob, eve = await given.contact("Bob"), await given.contact("Eve")

    with pytest.raises(BadInput) as refused:
        await given.case(customer=bob, contact=eve)

    assert tuple(refused.value.path) == ("contact_id",)


async def test_somebody_must_be_the_customer(sqlite_database: Database):
    with pytest.raises(BadInput) as refused:
        await given.case(customer=None)

    assert tuple(refused.value.path) == ("customer_id",)


async def test_who_has_left_gets_no_cases(sqlite_database: Database):
    with pytest.raises(BadInput) as refused:
        await given.case(owner=await given.person("Gone", active=False))

    assert tuple(refused.value.path) == ("owner_id",)


async def test_all_that_is_wrong_is_said_at_once(sqlite_database: Database):
    with pytest.raises(Several) as refused:
        await given.case(title="", deadline=NOW - timedelta(days=1), satisfaction=9)

    assert [tuple(problem.path) for problem in refused.value.problems] == [("title",), ("deadline",), ("satisfaction",)]


async def test_an_external_id_names_one_case_of_a_tenant(sqlite_database: Database):
    await given.case(external_id="X-1")
    elsewhere = await given.case(external_id="X-1", by=await given.viewer(tenant=await given.tenant("other")))

    with pytest.raises(Duplicate) as refused:
        await given.case(external_id="X-1")

    assert elsewhere.external_id == "X-1"
    assert tuple(refused.value.path) == ("external_id",)


async def test_a_case_opens_at_the_first_step_of_its_types_sequence(sqlite_database: Database):
    strict = await given.case_type(sequence=["RESEARCHING", "IN_PROGRESS"])

    case = await given.case(type_id=strict)

    assert (case.type_id, case.status_reason) == (strict.id, StatusReason.RESEARCHING)


async def test_rows_of_another_tenant_are_not_there(sqlite_database: Database):
    by, other = await given.viewer(), await given.tenant("other")
    acme = await given.account()
    foreign: dict[str, Any] = {
        "customer": await given.account(tenant=other),
        "contact": await given.contact(tenant=other),
        "owner": await given.person(tenant=other),
        "team": await given.team(tenant=other),
        "type_id": await given.case_type(tenant=other),
        "subject_id": await given.subject(tenant=other),
        "product_id": await given.product(tenant=other),
    }
    before = await given.rows_stored()

    for name, row in foreign.items():
        with pytest.raises(Unknown) as refused:
            await given.case(**{"by": by, "customer": acme, name: row})
        assert [*refused.value.path] == [name.removesuffix("_id") + "_id"]

    assert await given.rows_stored() == before


async def test_two_who_open_cases_with_one_external_id_at_once_get_one_case(database: Database):
    by, acme = await given.viewer(), await given.account()

    outcomes = await asyncio.gather(
        *(given.case(by=by, customer=acme, external_id="X-1") for _ in range(8)), return_exceptions=True
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Case"] + ["Duplicate"] * 7
    assert all(isinstance(outcome, Case | Refused) for outcome in outcomes)
    assert await Case.all().count() == 1

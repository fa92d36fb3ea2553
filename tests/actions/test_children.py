"""Opening a child: what it gets from its parent, what is said of it instead, and what it costs."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from actions import changing, children, ending, entitling, promises, tenant_settings
from cases.hierarchy import IllegalParent
from cases.kinship import Inheritable, ParentFault
from cases.refusals import BadInput, IllegalTransition, NotCovered
from cases.vocabulary import FactKind, Priority, Role, SlaSource
from models import Case, CaseEvent, CaseType, EntitlementBalance, EntitlementPosting, Person
from models.database import Database
from schema.ids import id_of
from tests import given
from tests.actions import contracts
from tests.given import NOW, done

CREATE = """mutation($input: CreateChildCaseInput!) { createChildCase(input: $input) {
    case { number children { totalCount } } child { title parent { number } customer { name } product { name } }
    possibleDuplicates { number } userErrors { code path message } } }"""


async def decide(**settings: Any) -> None:
    await done(tenant_settings.save_tenant_settings, by=await given.viewer(Role.ADMIN), settings=settings)


async def child_of(case: Case, **said: Any) -> Case:
    by = said.pop("by", None) or await given.viewer()
    child: Case = (await done(children.create_child_case, by=by, case=case, **said))["child"]
    return child


async def kinds_of(case: Case) -> list[str]:
    return [event.kind for event in await CaseEvent.filter(case_id=case.id).order_by("number")]


async def full_case() -> Case:
    """A case of which everything is said that a child may get."""
    acme = await given.account()
    vera, line = await given.person("Vera"), await given.team()
    return await given.case(
        customer=acme,
        contact=await given.contact("Bob", acme),
        description="At the seal",
        priority=Priority.HIGH,
        type_id=await given.case_type(),
        subject_id=await given.subject(),
        product_id=await given.product(),
        deadline=NOW + timedelta(days=1),
        owner=vera,
        team=line,
    )


async def test_a_child_gets_title_customer_product_and_subject_by_default(database: Database):
    parent = await full_case()

    child = await given.stored(await child_of(parent))

    assert (child.parent_id, child.title) == (parent.id, parent.title)
    assert (child.account_id, child.contact_id) == (parent.account_id, parent.contact_id)
    assert (child.product_id, child.subject_id) == (parent.product_id, parent.subject_id)
    assert (child.priority, child.type_id, child.owner_id, child.description) == (Priority.MEDIUM, None, None, "")
    assert (await kinds_of(child), (await kinds_of(parent))[-1]) == (["OPENED"], FactKind.CHILD_ADDED)


async def test_a_tenant_chooses_what_children_get(database: Database):
    await decide(inherited=[one.value for one in Inheritable])
    parent = await full_case()

    child = await child_of(parent)
    names = ("description", "type_id", "subject_id", "product_id", "priority", "severity", "origin", "deadline")

    assert [getattr(child, name) for name in names] == [getattr(parent, name) for name in names]
    assert (child.owner_id, child.team_id) == (parent.owner_id, parent.team_id)


async def test_what_is_said_is_not_taken_and_null_takes_nothing(sqlite_database: Database):
    await decide(inherited=[one.value for one in Inheritable])
    parent, umbrella = await full_case(), await given.account("Umbrella")

    child = await child_of(parent, title="The seal", customer=umbrella, product_id=None, owner=None)

    assert (child.title, child.account_id, child.contact_id) == ("The seal", umbrella.id, None)
    assert (child.product_id, child.owner_id, child.team_id) == (None, None, parent.team_id)
    assert child.subject_id == parent.subject_id


async def test_a_contact_beside_the_parents_account_is_one_of_it(sqlite_database: Database):
    parent = await full_case()
    eve = await given.contact("Eve", await given.account("Umbrella"))

    with pytest.raises(BadInput) as refused:
        await child_of(parent, contact=eve)

    assert tuple(refused.value.path) == ("contact_id",)
    assert (await child_of(parent, contact=None)).contact_id is None


async def test_the_child_of_a_private_persons_case_is_theirs(sqlite_database: Database):
    parent = await given.case(customer=await given.contact("Bob"))

    child = await child_of(parent)

    assert (child.account_id, child.contact_id) == (None, parent.contact_id)


async def test_later_changes_of_the_parent_change_no_child(sqlite_database: Database):
    parent = await full_case()
    child = await child_of(parent)

    await done(changing.update_case, by=await given.viewer(), case=parent, title="Another", product_id=None)

    kept = await given.stored(child)
    assert (kept.title, kept.product_id) == (child.title, child.product_id)


async def test_what_a_new_case_cannot_have_any_more_is_not_passed_on(sqlite_database: Database):
    await decide(inherited=[one.value for one in Inheritable])
    parent = await full_case()
    await CaseType.filter(id=parent.type_id).update(active=False)
    await Person.filter(id=parent.owner_id).update(active=False)

    child = await child_of(parent, now=NOW + timedelta(days=2))

    assert (child.type_id, child.owner_id, child.deadline) == (None, None, None)


async def taken(entitlement: Any) -> int:
    rows = await EntitlementPosting.filter(entitlement_id=entitlement.id, kind="CONSUME")
    return len(rows)


async def test_an_entitlement_is_taken_only_if_the_tenant_says_so_and_charged(database: Database):
    acme = await given.account()
    terms = await contracts.contract(10, by=await contracts.lead(), customer=acme)
    parent = await given.case(customer=acme, entitlement=terms)

    without = await child_of(parent)
    await decide(inherited=["ENTITLEMENT"])
    child, other = await child_of(parent), await child_of(parent, entitlement=None)
    foreign = await child_of(parent, customer=await given.account("Umbrella"))

    assert [one.entitlement_id for one in (without, child, other, foreign)] == [None, terms.id, None, None]
    assert await taken(terms) == 2
    assert (await EntitlementBalance.get(entitlement_id=terms.id, channel="")).remaining == 800


async def test_an_entitlement_that_fits_no_more_is_declined_and_leaves_nothing(database: Database):
    await decide(inherited=["ENTITLEMENT"])
    acme = await given.account()
    terms = await contracts.contract(10, by=await contracts.lead(), customer=acme, ends_on="2025-06-10")
    parent, by = await given.case(customer=acme, entitlement=terms), await given.viewer()
    before = await given.rows_stored()

    with pytest.raises(NotCovered):
        await child_of(parent, by=by, now=NOW + timedelta(days=30))
    after = await given.rows_stored()

    assert {name for name in after if after[name] != before[name]} <= {"Outbox", "EntitlementPosting"}
    assert await Case.filter(parent_id=parent.id).count() == 0


async def test_the_default_entitlement_and_policy_hold_for_children_as_for_all(sqlite_database: Database):
    await decide(entitlement_on_create=True)
    acme = await given.account()
    lead = await contracts.lead()
    terms = await contracts.contract(10, by=lead, customer=acme)
    await done(entitling.set_default_entitlement, by=lead, entitlement=terms)
    await done(promises.set_default_sla_policy, by=lead, policy=await given.sla_policy())
    parent = await given.case(customer=acme)

    child = await child_of(parent)

    assert (child.entitlement_id, child.sla_source) == (terms.id, SlaSource.DEFAULT)
    assert await kinds_of(child) == [FactKind.OPENED, FactKind.ENTITLEMENT_APPLIED, FactKind.SLA_APPLIED]


async def test_a_child_has_no_child_by_default_and_one_that_has_ended_gets_none(sqlite_database: Database):
    parent = await given.case()
    child = await child_of(parent)

    with pytest.raises(IllegalParent) as refused:
        await child_of(child)
    await done(ending.resolve_case, by=await given.viewer(), case=parent, summary="Done")
    with pytest.raises(IllegalTransition):
        await child_of(parent)

    assert refused.value.reason is ParentFault.TOO_DEEP
    assert refused.value.message == "There is one level of children below a case; with another there would be more."


async def test_many_at_once_open_no_more_children_than_there_may_be(database: Database):
    await decide(children_max=2)
    by, parent = await given.viewer(), await given.case()

    outcomes = await asyncio.gather(
        *(done(children.create_child_case, by=by, case=parent, title=f"Part {n}") for n in range(5)),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, IllegalParent) for outcome in outcomes) == 3
    assert await Case.filter(parent_id=parent.id).count() == 2
    assert (await given.stored(parent)).version == 3


async def test_the_api_opens_a_child_once_per_key(database: Database):
    by, parent = await given.viewer(), await full_case()
    said = {"caseId": id_of(parent), "title": "The seal", "idempotencyKey": "k"}

    first = await given.answer(CREATE, viewer=by, input=said)
    again = await given.answer(CREATE, viewer=by, input=said)

    assert first["createChildCase"]["child"] == {
        "title": "The seal",
        "parent": {"number": parent.number},
        "customer": {"name": "Acme"},
        "product": {"name": "Kettle"},
    }
    assert first["createChildCase"]["case"] == {"number": parent.number, "children": {"totalCount": 1}}
    assert again["createChildCase"]["child"] == first["createChildCase"]["child"]
    assert await Case.filter(parent_id=parent.id).count() == 1


async def test_parent_and_siblings_are_no_duplicates_of_a_child(sqlite_database: Database):
    parent = await given.case("The kettle leaks at its seal")
    by = await given.viewer()
    await child_of(parent)

    rows = await done(children.create_child_case, by=by, case=parent)

    assert list(rows["possible_duplicates"]) == []

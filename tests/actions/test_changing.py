"""Changing what is said of a case, for whom it is, and who works on it."""

from datetime import timedelta
from typing import Any

import pytest
from pytest import param

from actions import changing
from cases.refusals import BadInput, Duplicate, NotPermitted, Several, Unknown
from cases.vocabulary import FactKind, Priority, ProductKind, ProductState, Role
from models import Case, CaseEvent
from models.database import Database
from tests import given
from tests.given import NOW, done

LATER = NOW + timedelta(hours=1)


async def last_event(case: Case) -> CaseEvent:
    *_, last = await CaseEvent.filter(case_id=case.id).order_by("number")
    return last


async def test_a_change_is_an_event_that_says_only_what_differs(database: Database):
    by, case = await given.viewer(), await given.case(title="The kettle leaks", priority=Priority.LOW)

    rows = await done(
        changing.update_case,
        by=by,
        now=LATER,
        case=case,
        title=" The kettle leaks ",
        priority=Priority.HIGH,
        deadline=LATER,
    )
    kept, event = await given.stored(case), await last_event(case)

    assert rows["case"].priority == kept.priority == Priority.HIGH
    assert (kept.version, kept.updated_at, kept.deadline) == (2, LATER, LATER)
    assert (event.kind, event.number, event.at) == (FactKind.CHANGED, 2, LATER)
    assert event.payload["changes"] == {"priority": "HIGH", "deadline": "2025-06-04T13:00:00Z"}


@pytest.mark.parametrize("said", [{}, {"title": "The kettle leaks"}, {"external_id": None}])
async def test_a_change_that_changes_nothing_leaves_no_trace(sqlite_database: Database, said):
    by, case = await given.viewer(), await given.case(title="The kettle leaks")
    before = await given.rows_stored()

    rows = await done(changing.update_case, by=by, now=LATER, case=case, **said)

    assert (rows["case"].version, rows["case"].updated_at) == (1, NOW)
    assert await given.rows_stored() == before


async def test_null_empties_what_may_be_empty(sqlite_database: Database):
    case = await given.case(product_id=await given.product(), external_id="X-1", satisfaction=3)

    nothing: dict[str, Any] = dict.fromkeys(("product_id", "external_id", "satisfaction"))
    await done(changing.update_case, by=await given.viewer(), case=case, **nothing)
    kept = await given.stored(case)

    assert (kept.product_id, kept.external_id, kept.satisfaction) == (None, None, None)


async def test_a_deadline_that_has_passed_meanwhile_may_be_said_again(sqlite_database: Database):
    case = await given.case(deadline=NOW)

    rows = await done(changing.update_case, by=await given.viewer(), now=LATER, case=case, deadline=NOW, title="New")

    assert (rows["case"].title, rows["case"].deadline) == ("New", NOW)


async def test_what_cannot_be_said_is_refused_and_nothing_is_stored(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()
    family = await given.product("Kitchen", ProductKind.FAMILY)
    draft = await given.product("Toaster", state=ProductState.DRAFT)
    refusals: dict[str, list[Any]] = {
        "title": ["x" * 129, " ", "a\0b"],
        "description": ["x" * 20_001],
        "deadline": [NOW - timedelta(seconds=1)],
        "satisfaction": [0, 6, 2**31],
        "external_id": ["", "x" * 101],
        "product_id": [family, draft],
    }
    before = await given.rows_stored()

    for name, values in refusals.items():
        for value in values:
            with pytest.raises(BadInput) as refused:
                await done(changing.update_case, by=by, case=case, **{name: value})
            assert tuple(refused.value.path) == (name,)

    assert await given.rows_stored() == before
    assert (await given.stored(case)).version == 1


async def test_all_that_is_wrong_is_said_at_once(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()

    with pytest.raises(Several) as refused:
        await done(changing.update_case, by=by, case=case, title="", satisfaction=9)

    assert [tuple(problem.path) for problem in refused.value.problems] == [("title",), ("satisfaction",)]


async def test_a_taken_external_id_is_refused(database: Database):
    by, case = await given.viewer(), await given.case()
    await given.case(external_id="X-1")

    with pytest.raises(Duplicate):
        await done(changing.update_case, by=by, case=case, external_id="X-1")


async def test_a_case_keeps_its_own_external_id(sqlite_database: Database):
    case = await given.case(external_id="X-1")

    rows = await done(changing.update_case, by=await given.viewer(), case=case, external_id="X-1", title="New")

    assert (rows["case"].title, rows["case"].version) == ("New", 2)


async def test_another_customer_leaves_the_contact_of_the_former_behind(database: Database):
    acme, umbrella = await given.account(), await given.account("Umbrella")
    case = await given.case(customer=acme, contact=await given.contact("Bob", acme))

    await done(changing.change_case_customer, by=await given.viewer(), case=case, customer=umbrella)
    kept, event = await given.stored(case), await last_event(case)

    assert (kept.account_id, kept.contact_id, kept.version) == (umbrella.id, None, 2)
    assert event.kind == FactKind.CUSTOMER_CHANGED


async def test_a_contact_becomes_the_customer_with_its_account(sqlite_database: Database):
    umbrella = await given.account("Umbrella")
    eve = await given.contact("Eve", umbrella)
    case = await given.case()

    rows = await done(changing.change_case_customer, by=await given.viewer(), case=case, customer=eve)

    assert (rows["case"].account_id, rows["case"].contact_id) == (umbrella.id, eve.id)


async def test_the_same_customer_again_leaves_no_trace(sqlite_database: Database):
    by, acme = await given.viewer(), await given.account()
    case = await given.case(customer=acme)
    before = await given.rows_stored()

    await done(changing.change_case_customer, by=by, case=case, customer=acme)

    assert await given.rows_stored() == before


async def test_a_contact_of_another_account_is_refused(sqlite_database: Database):
    by, case, acme = await given.viewer(), await given.case(), await given.account()
    eve = await given.contact("Eve", await given.account("Umbrella"))
    before = await given.rows_stored()

    with pytest.raises(BadInput) as refused:
        await done(changing.change_case_customer, by=by, case=case, customer=acme, contact=eve)

    assert tuple(refused.value.path) == ("contact_id",)
    assert await given.rows_stored() == before


ASSIGNMENTS = [
    param(["Vera"], ("Vera", None), 1, id="a person"),
    param(["First line"], (None, "First line"), 1, id="a team"),
    param(["First line", "Vera"], ("Vera", "First line"), 2, id="a person takes it within the team that has it"),
    param(["First line", "Vera", "Experts"], (None, "Experts"), 3, id="another team gets it without an owner"),
    param(["First line", "Vera", None], (None, "First line"), 3, id="nobody leaves it with the team"),
    param(["Vera", None], (None, None), 2, id="nobody at all"),
    param(["Vera", "Vera"], ("Vera", None), 1, id="who has it already gets it once"),
    param([None], (None, None), 0, id="what nobody has is taken from nobody"),
]


@pytest.mark.parametrize(("to", "ends_with", "events"), ASSIGNMENTS)
async def test_assignment(sqlite_database: Database, to, ends_with, events):
    by, case = await given.viewer(), await given.case()
    rows = {
        None: None,
        "Vera": await given.person("Vera"),
        "First line": await given.team("First line"),
        "Experts": await given.team("Experts"),
    }

    for name in to:
        await done(changing.assign_case, by=by, case=case, assignee=rows[name])
    kept = await Case.get(id=case.id).select_related("owner", "team")

    assert (kept.owner and kept.owner.name, kept.team and kept.team.name) == ends_with
    assert kept.version == 1 + events


async def test_only_taking_it_from_somebody_counts_as_another_assignment(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()
    for name in ("Vera", "Wim"):
        await done(changing.assign_case, by=by, case=case, assignee=await given.person(name))

    assert (await given.stored(case)).assignment_count == 1


async def test_who_has_left_gets_no_cases(sqlite_database: Database):
    by, case, gone = await given.viewer(), await given.case(), await given.person("Gone", active=False)
    before = await given.rows_stored()

    with pytest.raises(BadInput) as refused:
        await done(changing.assign_case, by=by, case=case, assignee=gone)

    assert tuple(refused.value.path) == ("assignee_id",)
    assert await given.rows_stored() == before


async def test_a_row_of_another_kind_is_no_assignee(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()

    for row in (await given.account(), await given.contact(), case):
        with pytest.raises(Unknown) as refused:
            await done(changing.assign_case, by=by, case=case, assignee=row)
        assert tuple(refused.value.path) == ("assignee_id",)


async def test_a_case_is_followed_up_whenever_that_is_and_by_no_customer(database: Database):
    by, bob = await given.viewer(), await given.viewer(Role.CUSTOMER)
    case = await given.case(follow_up_at=NOW - timedelta(days=1))
    await done(changing.update_case, by=by, case=case, follow_up_at=LATER)

    with pytest.raises(NotPermitted) as refused:
        await given.case(by=bob, follow_up_at=LATER)
    await done(changing.update_case, by=by, case=case, follow_up_at=None)

    assert refused.value.path == ("follow_up_at",)
    assert [event.payload["changes"].get("follow_up_at") for event in await CaseEvent.all().order_by("number")] == [
        "2025-06-03T12:00:00Z",
        "2025-06-04T13:00:00Z",
        None,
    ]

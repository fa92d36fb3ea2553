"""Keeping contracts through the acts: what is refused, what is granted, what dates do, what is renewed."""

from datetime import timedelta
from typing import Any

import pytest
from pytest import param

from actions import drafting, entitling
from actions.expiring import follow_all_dates
from cases.refusals import BadInput, Duplicate, IllegalStep, Refused, Several, Unknown
from cases.vocabulary import EntitlementState, ProductState, Role
from models import Entitlement, EntitlementAmendment, Outbox
from models.database import Database
from models.fields import uuid7
from tests import given
from tests.actions.contracts import CANCEL, YEAR, contract, customer_of, draft, lead, left, lines, on
from tests.given import NOW, at, done


def paths(refused: Refused) -> list[tuple[Any, ...]]:
    problems = refused.problems if isinstance(refused, Several) else [refused]
    return [tuple(problem.path) for problem in problems]


@pytest.mark.parametrize(
    ("terms", "where"),
    [
        param({"allocation": "HOURS"}, ["decrement_on"], id="hours on creation"),
        param({"ends_on": "2024-12-31"}, ["ends_on"], id="an end before the start"),
        param({"total": "-1"}, ["total"], id="less than nothing"),
        param({"total": "1.005"}, ["total"], id="three digits"),
        param({"total": "NaN"}, ["total"], id="no number"),
        param({"total": "1E+999999"}, ["total"], id="more than can be counted"),
        param({"zone": "Mars/Olympus"}, ["zone"], id="no zone"),
        param({"total": None}, ["total"], id="null where there is none"),
        param({"overage": "REFUSE"}, ["overage"], id="refusing without restricting"),
        param({"rolls_over": True}, ["rolls_over"], id="nothing to roll over to"),
        param({"after_hours_percent": -1, "total": "-2"}, ["total", "after_hours_percent"], id="two things at once"),
    ],
)
async def test_terms_that_cannot_be_are_refused_with_their_place(database: Database, terms, where):
    by, customer = await lead(), await given.account()
    before = await given.rows_stored()

    with pytest.raises(Refused) as refused:
        await draft(**{"by": by, "customer": customer, **({"total": "1"} | terms)})

    assert [path[:2] for path in paths(refused.value)] == [("terms", name) for name in where]
    assert await given.rows_stored() == before


async def test_what_must_be_said_is_asked_for_all_at_once(sqlite_database: Database):
    by, customer = await lead(), await given.account()

    with pytest.raises(Several) as refused:
        await done(entitling.create_entitlement, by=by, name="Support", customer=customer)

    assert [path[1] for path in paths(refused.value)] == ["allocation", "decrement_on", "starts_on", "ends_on"]


async def test_contacts_of_others_drafts_and_strangers_cannot_be_listed(database: Database):
    by, acme = await lead(), await given.account()
    stranger, unready = await given.contact("Eve"), await given.product(state=ProductState.DRAFT)
    before = await given.rows_stored()

    for name, key, kind in (
        ("contact_ids", stranger.id, BadInput),
        ("product_ids", unready.id, BadInput),
        ("contact_ids", uuid7(), Unknown),
        ("product_ids", "garbage", Unknown),
    ):
        listed: dict[str, Any] = {name: [str(key)]}
        with pytest.raises(kind) as refused:
            await draft(by=by, customer=acme, **listed)
        assert tuple(refused.value.path) == ("terms", name, 0)
    assert await given.rows_stored() == before


async def test_shares_that_exceed_the_total_are_refused_when_it_is_activated(database: Database):
    by = await lead()
    of = await draft(5, by=by, total_by_channel={"VOICE": "4", "EMAIL": "2"})

    with pytest.raises(BadInput):
        await done(entitling.activate_entitlement, by=by, entitlement=of)

    assert (await Entitlement.get(id=of.id)).state is EntitlementState.DRAFT
    assert await lines(of) == []


@pytest.mark.parametrize(
    ("dates", "state"),
    [
        param({}, EntitlementState.ACTIVE, id="today"),
        param({"starts_on": "2025-06-05"}, EntitlementState.WAITING, id="from tomorrow"),
        param({"ends_on": "2025-06-04"}, EntitlementState.ACTIVE, id="its last day is included"),
        param({"ends_on": "2025-06-03"}, EntitlementState.EXPIRED, id="until yesterday"),
        param({"ends_on": "2025-06-04", "zone": "Pacific/Auckland"}, EntitlementState.EXPIRED, id="over, in its zone"),
    ],
)
async def test_activation_is_by_dates_in_their_zone(database: Database, dates, state):
    assert (await contract(by=await lead(), **dates)).state is state


async def test_dates_are_followed_and_told_by_a_worker_once(database: Database):
    of = await contract(by=await lead(), starts_on="2025-06-05", ends_on="2025-06-06")
    told: list[str] = []
    for day in ("Wed 13:00", "Thu 00:00", "Thu 00:00", "Fri 23:59", "Sat 00:00", "Sat 01:00"):
        await follow_all_dates(at(day))
        told.append((await Entitlement.get(id=of.id)).state.value)

    assert told == ["WAITING", "ACTIVE", "ACTIVE", "ACTIVE", "EXPIRED", "EXPIRED"]
    news = [row.payload["state"] for row in await Outbox.filter(topic="entitlement", key=of.id).order_by("id")]
    assert news == ["WAITING", "ACTIVE", "EXPIRED"]
    assert (await Entitlement.get(id=of.id)).next_at is None


async def test_a_new_period_is_granted_by_the_worker_or_by_whoever_comes_first(database: Database):
    by = await lead()
    monthly: dict[str, Any] = {"period": "MONTH", "rolls_over": True, "roll_over_limit": "1", "starts_on": "2025-06-01"}
    quiet = await contract(3, by=by, **monthly)
    busy = await contract(3, by=by, customer=await given.account("Umbrella"), **monthly)
    july = at("2025-07-01 00:01")

    await on(busy, by=by, now=july)
    await follow_all_dates(july)
    await follow_all_dates(july)

    expected = [("GRANT", 300), ("GRANT", 300), ("EXPIRE", -200), ("ROLL_OVER", -100), ("ROLL_OVER", 100)]
    assert sorted((kind, amount) for kind, _, amount in await lines(quiet)) == sorted(expected)
    assert (await left(quiet), await left(busy)) == (4, 3)


async def test_what_comes_back_to_a_period_that_is_over_is_given_up(database: Database):
    by = await lead()
    of = await contract(3, by=by, period="MONTH", starts_on="2025-06-01")
    case = await on(of, by=by)
    july = at("2025-07-02 09:00")
    await follow_all_dates(july)
    await done(CANCEL, by=by, now=july, case=case)
    await follow_all_dates(july)

    assert await left(of) == 3


async def test_an_active_one_is_amended_not_edited_and_what_it_was_stays_known(database: Database):
    by = await lead()
    of = await contract(5, by=by)

    with pytest.raises(IllegalStep):
        await done(entitling.edit_entitlement, by=by, entitlement=of, terms={"total": "6"})
    amended = NOW + timedelta(days=1)
    await done(entitling.amend_entitlement, by=by, now=amended, entitlement=of, terms={"total": "7.5"}, note="More")
    first, second = await EntitlementAmendment.filter(entitlement_id=of.id).order_by("number")

    assert (first.changes["total"], second.changes, second.note) == (500, {"total": 750}, "More")
    row = await Entitlement.get(id=of.id)
    assert [(await entitling.terms_in_force(row, when)).total for when in (NOW, amended)] == [500, 750]
    assert await lines(of) == [("GRANT", "GRANT", 500), ("ADJUST", "AMEND", 250)]


async def test_a_draft_is_edited_and_grants_only_what_changed_when_it_is_activated_again(database: Database):
    by = await lead()
    of = await contract(5, by=by)
    await on(of, by=by)
    await done(entitling.deactivate_entitlement, by=by, entitlement=of)
    await done(entitling.edit_entitlement, by=by, entitlement=of, terms={"total": "6"}, name="More support")
    rows = await done(entitling.activate_entitlement, by=by, entitlement=of)

    assert (rows["entitlement"].state, rows["entitlement"].name) == (EntitlementState.ACTIVE, "More support")
    assert await left(of) == 5


async def test_a_renewed_one_begins_today_and_takes_over_what_is_left_if_wanted(database: Database):
    by = await lead()
    old = await contract(5, by=by, starts_on="2025-05-01", ends_on="2025-06-04")
    await on(old, by=by)
    tomorrow = NOW + timedelta(days=1)
    renewed = [
        (await done(entitling.renew_entitlement, by=by, now=tomorrow, entitlement=old, carry_over=carry))["entitlement"]
        for carry in (True, False)
    ]
    for draft_ in renewed:
        await done(entitling.activate_entitlement, by=by, now=tomorrow, entitlement=draft_)

    assert [str(renewed[0].starts_on), str(renewed[0].ends_on)] == ["2025-06-05", "2025-07-09"]
    assert [await left(each) for each in (old, *renewed)] == [0, 9, 5]
    assert renewed[0].renewed_from_id == old.id


async def test_a_customer_has_one_default(database: Database):
    by = await lead()
    first = await contract(by=by)
    second = await contract(by=by, customer=await customer_of(first))
    for of in (first, second):
        await done(entitling.set_default_entitlement, by=by, entitlement=of)

    assert [(await Entitlement.get(id=of.id)).default_for for of in (first, second)] == [None, first.account_id]
    waiting = await contract(by=by, starts_on="2025-07-01")
    with pytest.raises(IllegalStep):
        await done(entitling.set_default_entitlement, by=by, entitlement=waiting)


async def test_a_correction_says_why_and_takes_no_more_than_is_left(database: Database):
    by = await lead()
    of = await contract(2, by=by, restrict=True)

    with pytest.raises(BadInput) as silent:
        await done(entitling.adjust_entitlement, by=by, entitlement=of, amount=1, note=" ")
    with pytest.raises(BadInput) as greedy:
        await done(entitling.adjust_entitlement, by=by, entitlement=of, amount=-3, note="Oops")
    await done(entitling.adjust_entitlement, by=by, entitlement=of, amount="-1.5", note="Oops")

    assert (tuple(silent.value.path), tuple(greedy.value.path)) == (("note",), ("amount",))
    assert str(await left(of)) == "0.50"


async def test_a_template_prefills_what_is_not_said(database: Database):
    by, acme = await lead(), await given.account()
    said: dict[str, Any] = {"name": "Yearly", "terms": {**YEAR, "total": "12", "restrict": True}}
    template = (await done(drafting.save_entitlement_template, by=by, **said))["entitlement_template"]

    rows = await done(
        entitling.create_entitlement, by=by, name="Ours", customer=acme, template=template, terms={"total": "6"}
    )
    with pytest.raises(Duplicate):
        await done(drafting.save_entitlement_template, by=by, **said)

    made = rows["entitlement"]
    assert (made.total, made.restrict, made.template_id) == (600, True, template.id)


async def test_dates_are_read_in_the_zone_of_the_policys_calendar_or_the_tenants(sqlite_database: Database):
    by = await lead()
    home = await given.tenant()
    home.zone = "Asia/Tokyo"
    await home.save(update_fields=["zone"])
    office = await given.calendar(by=await given.viewer(Role.ADMIN))
    item = {
        "name": "Answer",
        "kpi": "first_response",
        "fail_after": {"amount": 60, "unit": "MINUTES"},
        "calendar": str(office.id),
    }

    plain = await draft(by=by)
    bound = await draft(by=by, sla_policy=await given.sla_policy("Gold", item))

    assert (plain.zone, bound.zone) == ("Asia/Tokyo", "UTC")

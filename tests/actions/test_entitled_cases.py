"""What cases take of their entitlements, through the acts: the reference vectors, each cell of the table of events."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest import param

from actions import changing, entitling, merging, promises, promising, unmerging
from cases.obstacles import Misfit
from cases.refusals import BadInput, EntitlementExhausted, NotCovered, NotPermitted
from cases.vocabulary import FactKind, Origin, Role, SlaSource
from entitlements.vocabulary import PostingKind
from models import Account, Case, CaseEvent, Entitlement, EntitlementPosting
from models.database import Database
from tests import given
from tests.actions.contracts import (
    APPLY,
    CANCEL,
    DELETE,
    FLAG,
    REACTIVATE,
    REMOVE,
    RESOLVE,
    contract,
    customer_of,
    lead,
    left,
    lines,
    on,
    reserved,
)
from tests.given import NOW, done

ON_CREATION: dict[str, Any] = {}
ON_RESOLUTION: dict[str, Any] = {"decrement_on": "RESOLUTION"}
IN_HOURS: dict[str, Any] = {"decrement_on": "RESOLUTION", "allocation": "HOURS"}
LATER = NOW + timedelta(hours=1)
SECOND: dict[str, Any] = {"summary": "A new seal", "billable_minutes": 30}


async def tell(story: str, case: Case, by: Any, **rows: Any) -> None:
    """Does the acts of a story, an hour after one another."""
    now = NOW
    for word in filter(None, story.split(", ")):
        now += timedelta(hours=1)
        match word:
            case "resolved":
                await done(RESOLVE, by=by, now=now, case=case, **SECOND)
            case "canceled":
                await done(CANCEL, by=by, now=now, case=case)
            case "reactivated":
                await done(REACTIVATE, by=by, now=now, case=case)
            case "removed":
                await done(REMOVE, by=by, now=now, case=case)
            case "replaced":
                await done(APPLY, by=by, now=now, case=case, entitlement=rows["other"])
            case "moved":
                customer = await given.account("Umbrella")
                await done(changing.change_case_customer, by=by, now=now, case=case, customer=customer)
            case "flagged" | "unflagged":
                await done(FLAG, by=by, now=now, case=case, decrement=word == "unflagged", note="Our fault")
            case "merged":
                survivor = await given.case(by=by, customer=await Account.get(id=case.account_id), now=now)
                await done(merging.merge_cases, by=by, now=now, case=survivor, merged=[case])
            case "unmerged":
                await done(unmerging.unmerge_case, by=by, now=now, case=case)
            case "deleted":
                await done(DELETE, by=by, now=now, case=case)
            case _:
                raise ValueError(word)


@pytest.mark.parametrize(
    ("terms", "flagged", "story", "remaining"),
    [
        param(ON_CREATION, False, "", "9", id="E1"),
        param(ON_RESOLUTION, False, "", "10", id="E2 when it is created"),
        param(ON_RESOLUTION, False, "resolved", "9", id="E2"),
        param(IN_HOURS, False, "resolved", "9.5", id="E3"),
        param(ON_CREATION, False, "canceled", "10", id="E4 when it is canceled"),
        param(ON_CREATION, False, "canceled, reactivated", "9", id="E4"),
        param(ON_RESOLUTION, False, "resolved, reactivated", "10", id="E5 when it is reactivated"),
        param(ON_RESOLUTION, False, "resolved, reactivated, resolved", "9", id="E5"),
        param(ON_CREATION, True, "", "10", id="E6"),
        param(ON_CREATION, True, "unflagged", "10", id="E7"),
        param(ON_RESOLUTION, True, "unflagged, resolved", "9", id="E8"),
        param({"total": "0"}, False, "", "-1", id="E10"),
    ],
)
async def test_the_vectors_of_the_reference_system(database: Database, terms, flagged, story, remaining):
    by = await lead()
    of = await contract(by=by, **terms)
    case = await on(of, by=by, decrement_waived=flagged)
    await tell(story, case, by)

    assert await left(of) == Decimal(remaining)


async def test_hours_are_not_charged_on_creation(database: Database):
    by = await lead()
    before = await given.rows_stored()

    with pytest.raises(BadInput) as refused:
        await contract(by=by, allocation="HOURS", customer=None)

    assert tuple(refused.value.path) == ("terms", "decrement_on")
    assert (await given.rows_stored()) | {"Account": 0} == before | {"Account": 0}


@pytest.mark.parametrize(
    ("terms", "story", "remaining", "held", "elsewhere"),
    [
        param(ON_CREATION, "", 9, 0, 10, id="creation: applied takes one"),
        param(ON_RESOLUTION, "", 10, 1, 10, id="resolution: applied reserves one"),
        param(IN_HOURS, "", 10, 0, 10, id="hours: applied reserves nothing, for nobody knows how much"),
        param(ON_CREATION, "resolved", 9, 0, 10, id="creation: resolved takes no more"),
        param(ON_RESOLUTION, "resolved", 9, 0, 10, id="resolution: resolved takes what was reserved"),
        param(IN_HOURS, "resolved", "9.5", 0, 10, id="hours: resolved takes billable minutes"),
        param(ON_CREATION, "resolved, reactivated", 9, 0, 10, id="creation: reactivated takes no more"),
        param(ON_RESOLUTION, "resolved, reactivated", 10, 1, 10, id="resolution: reactivated gives back, and reserves"),
        param(IN_HOURS, "resolved, reactivated", 10, 0, 10, id="hours: reactivated gives back the same"),
        param(ON_CREATION, "canceled", 10, 0, 10, id="creation: canceled gives back"),
        param(ON_RESOLUTION, "canceled", 10, 0, 10, id="resolution: canceled releases"),
        param(ON_CREATION, "canceled, reactivated", 9, 0, 10, id="creation: reactivated after that takes again"),
        param(ON_RESOLUTION, "canceled, reactivated", 10, 1, 10, id="resolution: reactivated, it reserves again"),
        param(ON_CREATION, "replaced", 10, 0, 9, id="creation: replaced moves the charge"),
        param(ON_RESOLUTION, "replaced", 10, 0, 9, id="resolution: replaced releases"),
        param(ON_CREATION, "removed", 10, 0, 10, id="creation: removed gives back"),
        param(ON_RESOLUTION, "removed", 10, 0, 10, id="resolution: removed releases"),
        param(ON_CREATION, "moved", 10, 0, 10, id="creation: another customer gives back"),
        param(ON_RESOLUTION, "moved", 10, 0, 10, id="resolution: another customer releases"),
        param(ON_CREATION, "merged", 10, 0, 10, id="creation: merged into another gives back"),
        param(ON_RESOLUTION, "merged", 10, 0, 10, id="resolution: merged into another releases"),
        param(IN_HOURS, "merged", 10, 0, 10, id="hours: merged into another, it took nothing"),
        param(ON_CREATION, "merged, unmerged", 9, 0, 10, id="creation: unmerged takes again"),
        param(ON_RESOLUTION, "merged, unmerged", 10, 1, 10, id="resolution: unmerged reserves again"),
        param(ON_RESOLUTION, "merged, unmerged, resolved", 9, 0, 10, id="resolution: unmerged, it takes at the end"),
        param(ON_CREATION, "merged, deleted", 10, 0, 10, id="creation: deleted after it was merged gives nothing more"),
        param(ON_CREATION, "flagged, merged, unmerged", 10, 0, 10, id="creation: flagged, unmerged for free"),
        param(ON_CREATION, "deleted", 10, 0, 10, id="creation: deleted while open gives back"),
        param(ON_RESOLUTION, "deleted", 10, 0, 10, id="resolution: deleted while open releases"),
        param(ON_CREATION, "resolved, deleted", 9, 0, 10, id="creation: deleted after the end keeps what it took"),
        param(ON_RESOLUTION, "resolved, deleted", 9, 0, 10, id="resolution: deleted after the end keeps what it took"),
        param(ON_CREATION, "flagged", 9, 0, 10, id="creation: flagged afterwards gives nothing back"),
        param(ON_RESOLUTION, "flagged", 10, 0, 10, id="resolution: flagged releases"),
        param(ON_RESOLUTION, "flagged, resolved", 10, 0, 10, id="resolution: flagged takes nothing at the end"),
        param(ON_CREATION, "flagged, unflagged", 9, 0, 10, id="creation: the flag flipped back takes nothing twice"),
        param(ON_RESOLUTION, "flagged, unflagged", 10, 1, 10, id="resolution: the flag flipped back reserves anew"),
        param(ON_RESOLUTION, "flagged, unflagged, resolved", 9, 0, 10, id="resolution: and takes at the end"),
        param(ON_CREATION, "flagged, canceled", 10, 0, 10, id="creation: canceled gives back what was taken before"),
        param(ON_CREATION, "flagged, canceled, reactivated", 10, 0, 10, id="creation: flagged, it comes back for free"),
        param(ON_CREATION, "flagged, replaced", 10, 0, 10, id="creation: flagged, it takes nothing of another"),
    ],
)
async def test_what_an_event_does_to_the_ledger(database: Database, terms, story, remaining, held, elsewhere):
    by = await lead()
    of = await contract(by=by, **terms)
    other = await contract(by=by, name="Other", customer=await customer_of(of))
    case = await on(of, by=by)
    await tell(story, case, by, other=other)

    assert (await left(of), await reserved(of), await left(other)) == (Decimal(remaining), held, elsewhere)


async def test_a_line_says_which_event_of_which_case_it_is_for(database: Database):
    by = await lead()
    of = await contract(by=by)
    case = await on(of, by=by)
    await done(CANCEL, by=by, now=LATER, case=case)
    taken, returned = await EntitlementPosting.filter(case_id=case.id).order_by("at", "id")

    assert [event.kind for event in await CaseEvent.filter(case_id=case.id).order_by("number")] == [
        FactKind.OPENED,
        FactKind.ENTITLEMENT_APPLIED,
        FactKind.CANCELED,
    ]
    assert (taken.event_number, taken.cause, taken.actor_person_id) == (2, "create_case", by.person_id)
    assert (returned.event_number, returned.cause, returned.at) == (3, "cancel_case", LATER)
    assert (returned.kind, returned.amount, returned.cycle) == (PostingKind.REVERSE, -taken.amount, taken.cycle)


async def test_a_line_of_the_ledger_is_neither_changed_nor_deleted(database: Database):
    of = await contract(by=await lead())

    with pytest.raises(Exception, match="only ever appended"):
        await EntitlementPosting.filter(entitlement_id=of.id).update(amount=5)
    with pytest.raises(Exception, match="only ever appended"):
        await EntitlementPosting.filter(entitlement_id=of.id).delete()

    assert await lines(of) == [("GRANT", "GRANT", 1000)]


async def test_a_restricted_entitlement_refuses_what_is_not_left(database: Database):
    by = await lead()
    of = await contract(1, by=by, restrict=True)
    await on(of, by=by)
    before = await given.rows_stored()

    with pytest.raises(EntitlementExhausted) as refused:
        await on(of, by=await given.viewer())

    assert [refused.value.available, refused.value.needed] == [Decimal(0), Decimal(1)]
    after = await given.rows_stored()
    assert {name for name in after if after[name] != before[name]} <= {"Person"}
    assert await left(of) == 0


async def test_a_reservation_keeps_the_last_term_from_others(database: Database):
    by = await lead()
    of = await contract(1, by=by, restrict=True, **ON_RESOLUTION)
    first = await on(of, by=by)

    with pytest.raises(EntitlementExhausted):
        await on(of, by=by)
    await done(CANCEL, by=by, case=first)
    await on(of, by=by)

    assert (await left(of), await reserved(of)) == (1, 1)


async def test_a_channel_has_its_own_share(database: Database):
    by = await lead()
    of = await contract(10, by=by, restrict=True, total_by_channel={"VOICE": "8", "EMAIL": "1"})
    await on(of, by=by, origin=Origin.EMAIL)

    with pytest.raises(EntitlementExhausted) as refused:
        await on(of, by=by, origin=Origin.EMAIL)
    with pytest.raises(NotCovered) as uncovered:
        await on(of, by=by, origin=Origin.WEB)
    await on(of, by=by, origin=Origin.VOICE)

    assert refused.value.channel is Origin.EMAIL
    assert [why.reason for why in uncovered.value.reasons] == [Misfit.OTHER_CHANNEL]
    assert await left(of) == 8


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        param({"ends_on": "2025-06-03"}, Misfit.EXPIRED, id="expired"),
        param({"starts_on": "2025-06-05"}, Misfit.WAITING, id="not begun"),
    ],
)
async def test_what_does_not_hold_today_is_not_applied(database: Database, terms, reason):
    by = await lead()
    of = await contract(by=by, **terms)
    case = await given.case(by=by, customer=await customer_of(of))
    before = await given.rows_stored()

    with pytest.raises(NotCovered) as refused:
        await done(APPLY, by=by, case=case, entitlement=of)

    assert [why.reason for why in refused.value.reasons] == [reason]
    assert await given.rows_stored() == before


async def test_another_customers_entitlement_covers_nothing(database: Database):
    by = await lead()
    of, case = await contract(by=by), await given.case(by=by, customer=await given.account("Umbrella"))

    with pytest.raises(NotCovered) as refused:
        await done(APPLY, by=by, case=case, entitlement=of)

    assert [why.reason for why in refused.value.reasons] == [Misfit.OTHER_CUSTOMER]


@pytest.mark.parametrize("role", [Role.AGENT, Role.INTEGRATION])
async def test_only_leads_say_that_a_case_takes_nothing(sqlite_database: Database, role):
    by = await given.viewer(role)
    of = await contract(by=await lead())

    with pytest.raises(NotPermitted) as refused:
        await on(of, by=by, decrement_waived=True)
    with pytest.raises(NotPermitted):
        await done(FLAG, by=by, case=await on(of, by=by), decrement=False)

    assert tuple(refused.value.path) == ("decrement_waived",)


async def test_the_flag_says_what_becomes_of_it(sqlite_database: Database):
    by = await lead()
    case = await on(await contract(by=by), by=by)

    waived = await done(FLAG, by=by, case=case, decrement=False)
    restored = await done(FLAG, by=by, case=case, decrement=True)

    assert waived["consequence"].startswith("What the case took when it was put on the entitlement stays taken")
    assert restored["consequence"].startswith("The case is charged from now on")


# --- customers and defaults ---


async def wants(**settings: bool) -> None:
    home = await given.tenant()
    home.settings = settings
    await home.save(update_fields=["settings"])


async def default(of: Entitlement, by: Any) -> None:
    await done(entitling.set_default_entitlement, by=by, entitlement=of)


async def test_another_customer_leaves_the_entitlement_behind_and_says_so(database: Database):
    by = await lead()
    of = await contract(by=by)
    case = await on(of, by=by)

    rows = await done(changing.change_case_customer, by=by, case=case, customer=await given.account("Umbrella"))

    assert (rows["removed_entitlement"].id, rows["case"].entitlement_id) == (of.id, None)
    assert (await CaseEvent.get(case_id=case.id, number=3)).payload["changes"]["entitlement_id"] is None
    assert await left(of) == 10


async def test_another_contact_of_the_same_account_keeps_it_unless_it_is_for_others(database: Database):
    by, acme = await lead(), await given.account()
    bob, eve = await given.contact("Bob", acme), await given.contact("Eve", acme)
    for_all = await contract(by=by, customer=acme)
    for_bob = await contract(by=by, customer=acme, contact_ids=[str(bob.id)])

    kept = await on(for_all, by=by, contact=bob)
    rows = await done(changing.change_case_customer, by=by, case=kept, customer=acme, contact=eve)
    assert (rows["removed_entitlement"], rows["case"].entitlement_id) == (None, for_all.id)
    lost = await on(for_bob, by=by, contact=bob)
    rows = await done(changing.change_case_customer, by=by, case=lost, customer=acme, contact=eve)

    assert rows["removed_entitlement"].id == for_bob.id
    assert (await left(for_all), await left(for_bob)) == (9, 10)


@pytest.mark.parametrize("wanted", [True, False])
async def test_a_new_case_gets_its_customers_default_if_the_tenant_wants_that(database: Database, wanted):
    by = await lead()
    of = await contract(by=by)
    await default(of, by)
    await wants(entitlement_on_create=wanted)

    case = await given.case(by=by, customer=await customer_of(of))

    assert case.entitlement_id == (of.id if wanted else None)
    assert await left(of) == (9 if wanted else 10)


async def test_a_default_that_is_used_up_stops_no_case(database: Database):
    by = await lead()
    of = await contract(1, by=by, restrict=True)
    await default(of, by)
    await wants(entitlement_on_create=True)

    first, second = [await given.case(by=by, customer=await customer_of(of)) for _ in range(2)]

    assert (first.entitlement_id, second.entitlement_id) == (of.id, None)


async def test_another_customer_brings_their_default_if_the_tenant_wants_that(database: Database):
    by = await lead()
    old, new = await contract(by=by), await contract(by=by, customer=await given.account("Umbrella"))
    await default(new, by)
    await wants(entitlement_on_change=True)

    case = await on(old, by=by)
    rows = await done(changing.change_case_customer, by=by, case=case, customer=await customer_of(new))

    assert (rows["removed_entitlement"].id, rows["case"].entitlement_id) == (old.id, new.id)
    assert (await left(old), await left(new)) == (10, 9)


async def test_another_product_brings_the_default_unless_what_the_case_is_on_still_fits(database: Database):
    by, acme = await lead(), await given.account()
    kettle, oven = await given.product("Kettle"), await given.product("Oven")
    chosen = await contract(by=by, customer=acme, product_ids=[str(kettle.id)])
    usual = await contract(by=by, customer=acme)
    await default(usual, by)
    await wants(entitlement_on_change=True)

    case = await on(chosen, by=by, product_id=kettle)
    moved = (await done(changing.update_case, by=by, case=case, product_id=oven))["case"]
    back = (await done(changing.update_case, by=by, case=case, product_id=kettle))["case"]

    assert (moved.entitlement_id, back.entitlement_id) == (usual.id, usual.id)
    assert (await left(chosen), await left(usual)) == (10, 9)


# --- promises about time ---


async def test_an_entitlement_brings_its_policy_and_takes_it_with_it(database: Database):
    by = await lead()
    usual, gold = await given.sla_policy("Usual"), await given.sla_policy("Gold")
    await done(promises.set_default_sla_policy, by=by, policy=usual)
    of = await contract(by=by, sla_policy=gold)

    case = await on(of, by=by)
    assert case.sla_source is SlaSource.ENTITLEMENT
    off = (await done(REMOVE, by=by, case=case))["case"]
    assert off.sla_source is SlaSource.DEFAULT
    applied = (await done(APPLY, by=by, case=case, entitlement=of))["case"]
    assert applied.sla_source is SlaSource.ENTITLEMENT
    by_hand = (await done(promising.apply_sla, by=by, case=case, policy=usual))["case"]
    again = (await done(REMOVE, by=by, case=case))["case"]
    assert (by_hand.sla_source, again.sla_source) == (SlaSource.HAND, SlaSource.HAND)
    await done(APPLY, by=by, case=case, entitlement=of)
    taken_back = (await done(promising.apply_sla, by=by, case=case, policy=None))["case"]

    assert taken_back.sla_source is SlaSource.ENTITLEMENT

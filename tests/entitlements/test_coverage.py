"""Which entitlements fit a case, and why the others do not."""

from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

import pytest
from pytest import param

from cases.obstacles import Misfit
from cases.refusals import EntitlementExhausted, NotCovered
from cases.vocabulary import EntitlementState, Origin
from entitlements.balance import available, balances
from entitlements.coverage import SENTENCES, Coverage, Default, check, coverage, default_for
from entitlements.vocabulary import Allocation, DecrementOn
from tests.entitlements.ledgers import ACCOUNT, CONTACT, OTHER_CONTRACT, entitlement, ledger, terms
from tests.given import at

PRODUCT = UUID(int=0xB0B)
STRANGER = UUID(int=0xBAD)
SHARES = {Origin.VOICE: 2, Origin.EMAIL: 1}


@dataclass(frozen=True)
class Asked:
    account_id: UUID | None = ACCOUNT
    contact_id: UUID | None = None
    contact_account_id: UUID | None = None
    product_id: UUID | None = None
    origin: Origin = Origin.WEB


def misfits(of=None, asked=None, *, when="Mon 09:00", waived=False, story="", **said) -> list[Misfit]:
    contract = entitlement(of or terms(), **said)
    left = available(balances(ledger(contract.terms).tell(story).lines))
    found = coverage(contract, asked or Asked(), at(when), left, waived=waived)
    return [uncovered.reason for uncovered in found.reasons]


@pytest.mark.parametrize(
    ("said", "asked", "found"),
    [
        param({}, Asked(), [], id="the account's own"),
        param({}, Asked(account_id=STRANGER), [Misfit.OTHER_CUSTOMER], id="another account's"),
        param({}, Asked(account_id=None, contact_id=CONTACT), [Misfit.OTHER_CUSTOMER], id="a person on their own"),
        param(
            {}, Asked(account_id=None, contact_id=CONTACT, contact_account_id=ACCOUNT), [], id="a contact's account's"
        ),
        param({"account_id": None, "contact_id": CONTACT}, Asked(contact_id=CONTACT), [], id="the contact's own"),
        param({"account_id": None, "contact_id": CONTACT}, Asked(), [Misfit.OTHER_CUSTOMER], id="not that contact"),
        param({"state": EntitlementState.DRAFT}, Asked(), [Misfit.DRAFT], id="a draft"),
        param({"state": EntitlementState.CANCELED}, Asked(), [Misfit.CANCELED], id="cancelled"),
        param({"of": terms(product_ids={PRODUCT})}, Asked(product_id=PRODUCT), [], id="the product"),
        param({"of": terms(product_ids={PRODUCT})}, Asked(), [Misfit.NO_PRODUCT], id="no product"),
        param({"of": terms(product_ids={PRODUCT})}, Asked(product_id=STRANGER), [Misfit.OTHER_PRODUCT], id="another"),
        param({"of": terms(contact_ids={CONTACT})}, Asked(contact_id=CONTACT), [], id="the listed contact"),
        param({"of": terms(contact_ids={CONTACT})}, Asked(), [Misfit.NO_CONTACT], id="no contact"),
        param({"of": terms(contact_ids={CONTACT})}, Asked(contact_id=STRANGER), [Misfit.OTHER_CONTACT], id="not them"),
        param({"of": terms(total=0)}, Asked(), [], id="used up, not restricted"),
        param({"of": terms(total=0, restrict=True)}, Asked(), [Misfit.NO_TERMS_LEFT], id="used up"),
        param({"of": terms(total=0.99, restrict=True)}, Asked(), [Misfit.NO_TERMS_LEFT], id="not a whole case left"),
        param({"of": terms(total_by_channel=SHARES)}, Asked(), [], id="decision O: counted on the total only"),
        param(
            {"of": terms(total_by_channel=SHARES, restrict=True)},
            Asked(),
            [Misfit.OTHER_CHANNEL],
            id="decision O: refused if restricted",
        ),
        param({"of": terms(total_by_channel=SHARES, restrict=True)}, Asked(origin=Origin.VOICE), [], id="a channel"),
        param(
            {"of": terms(total_by_channel={Origin.VOICE: 0}, restrict=True)},
            Asked(origin=Origin.VOICE),
            [Misfit.NO_CHANNEL_TERMS_LEFT],
            id="the channel used up",
        ),
        param(
            {"state": EntitlementState.DRAFT, "of": terms(total=0, restrict=True, product_ids={PRODUCT})},
            Asked(account_id=STRANGER),
            [Misfit.DRAFT, Misfit.OTHER_CUSTOMER, Misfit.NO_PRODUCT, Misfit.NO_TERMS_LEFT],
            id="every reason is named",
        ),
    ],
)
def test_what_fits(said, asked, found):
    assert misfits(asked=asked, **said) == found


@pytest.mark.parametrize(
    ("when", "found"),
    [
        param("2024-12-31 23:59", [Misfit.WAITING], id="the day before"),
        param("2025-01-01 00:00", [], id="the first instant"),
        param("2025-12-31 23:59", [], id="the last minute"),
        param("2026-01-01 00:00", [Misfit.EXPIRED], id="the day after"),
    ],
)
def test_dates_decide_whatever_state_was_stored(when, found):
    for state in (EntitlementState.WAITING, EntitlementState.ACTIVE, EntitlementState.EXPIRED):
        assert misfits(when=when, state=state) == found


def test_a_flagged_case_does_not_mind_what_is_left():
    assert misfits(terms(total=0, restrict=True), waived=True) == []


def test_what_is_reserved_is_not_left():
    one = terms(total=1, restrict=True, decrement_on=DecrementOn.RESOLUTION)

    assert misfits(one, story="applied") == [Misfit.NO_TERMS_LEFT]


def test_a_case_needs_some_part_of_an_hour():
    said = {"allocation": Allocation.HOURS, "decrement_on": DecrementOn.RESOLUTION, "restrict": True}

    assert misfits(terms(total=0.01, **said)) == []
    assert misfits(terms(total=0, **said)) == [Misfit.NO_TERMS_LEFT]


def test_what_does_not_fit_is_refused_with_every_reason():
    contract = entitlement(terms(total=0, restrict=True), state=EntitlementState.DRAFT)
    with pytest.raises(NotCovered) as refused:
        check(contract, Asked(), at("09:00"), {})

    assert [uncovered.reason for uncovered in refused.value.reasons] == [Misfit.DRAFT, Misfit.NO_TERMS_LEFT]
    assert refused.value.message == (
        "This entitlement does not cover the case. It has not been activated. It is used up."
    )


def test_what_only_lacks_terms_is_refused_as_exhausted():
    contract = entitlement(terms(restrict=True, total_by_channel={Origin.VOICE: 0}))
    left = available(balances(ledger(contract.terms).lines))
    with pytest.raises(EntitlementExhausted) as refused:
        check(contract, Asked(origin=Origin.VOICE), at("09:00"), left)

    assert (refused.value.channel, refused.value.available, refused.value.needed) == (Origin.VOICE, Decimal(0), 1)


def test_what_fits_is_not_refused():
    check(entitlement(), Asked(), at("09:00"), {})


def test_the_default_that_fits_is_taken_and_of_two_neither():
    mine = entitlement(is_default=True)
    theirs = replace(mine, id=OTHER_CONTRACT)
    unfit = coverage(replace(theirs, state=EntitlementState.DRAFT), Asked(), at("09:00"), {})

    assert default_for([Coverage(mine, ()), unfit]) == Default(mine)
    assert default_for([Coverage(mine, ()), Coverage(theirs, ())]) == Default(None, (mine, theirs))
    assert default_for([Coverage(replace(mine, is_default=False), ())]) == Default(None)


def test_every_reason_has_a_sentence():
    assert SENTENCES.keys() == set(Misfit)

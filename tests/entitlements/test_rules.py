"""What may be said in an entitlement."""

from datetime import date
from types import SimpleNamespace
from uuid import UUID

import pytest
from pytest import param

from cases.vocabulary import Origin, ProductKind, ProductState
from entitlements.rules import activation_problems, problems, scope_problems
from entitlements.vocabulary import Allocation, DecrementOn, OveragePolicy, Period
from tests.entitlements.ledgers import ACCOUNT, CONTACT, terms

HOURS = {"allocation": Allocation.HOURS, "decrement_on": DecrementOn.RESOLUTION}
COVERAGE = {"allocation": Allocation.COVERAGE, "total": 0}
MONTHLY = {"period": Period.MONTH}


@pytest.mark.parametrize(
    ("said", "path"),
    [
        param({"allocation": Allocation.HOURS}, ("decrement_on",), id="E9: hours are not known at creation"),
        param({"ends_on": date(2024, 12, 31)}, ("ends_on",), id="the end before the start"),
        param({"ends_on": date(2126, 1, 1)}, ("ends_on",), id="for more than a hundred years"),
        param({"starts_on": date(1899, 1, 1), "ends_on": date(1950, 1, 1)}, ("starts_on",), id="long ago"),
        param({"zone": "Mars/Phobos"}, ("zone",), id="no zone"),
        param({"zone": "localtime"}, ("zone",), id="a zone that is another on each machine"),
        param({"zone": "../etc/passwd"}, ("zone",), id="a file"),
        param({"total": -0.01}, ("total",), id="a negative total"),
        param({"total": 10**12}, ("total",), id="more than can be counted"),
        param({"total_by_channel": {Origin.VOICE: -1}}, ("total_by_channel", "VOICE"), id="a negative share"),
        param({**COVERAGE, "total": 1}, ("total",), id="coverage counts nothing"),
        param({**COVERAGE, "total_by_channel": {Origin.WEB: 1}}, ("total_by_channel",), id="coverage has no shares"),
        param({**COVERAGE, "restrict": True}, ("restrict",), id="coverage is never used up"),
        param({**COVERAGE, **MONTHLY}, ("period",), id="coverage has no periods"),
        param({"restrict": True, "overage": OveragePolicy.ALLOW}, ("overage",), id="restricted and overdrawn"),
        param({"overage": OveragePolicy.REFUSE}, ("overage",), id="refused and not restricted"),
        param({"rolls_over": True}, ("rolls_over",), id="no period to roll over from"),
        param({**MONTHLY, "roll_over_limit": 5}, ("roll_over_limit",), id="a limit to nothing"),
        param({**MONTHLY, "rolls_over": True, "roll_over_limit": -1}, ("roll_over_limit",), id="a negative limit"),
        param({"after_hours_percent": 150}, ("after_hours_percent",), id="cases have no hours"),
        param({**HOURS, "after_hours_percent": -1}, ("after_hours_percent",), id="a negative rate"),
    ],
)
def test_what_cannot_be_promised(said, path):
    assert [tuple(problem.path) for problem in problems(terms(**said))] == [path]


@pytest.mark.parametrize(
    "said",
    [
        param({}, id="cases"),
        param({"total": 0}, id="nothing"),
        param({"ends_on": date(2025, 1, 1)}, id="one day"),
        param(HOURS, id="hours"),
        param(COVERAGE, id="dates"),
        param({"restrict": True, "overage": OveragePolicy.BILL}, id="restricted and billed"),
        param({**MONTHLY, "rolls_over": True, "roll_over_limit": 0}, id="a limit of nothing"),
        param({**HOURS, "after_hours_percent": 0}, id="free after hours"),
        param({"total_by_channel": {Origin.VOICE: 11}}, id="too much for the channels of a draft"),
    ],
)
def test_what_can_be_promised(said):
    assert list(problems(terms(**said))) == []


def test_channels_have_no_more_than_the_total_when_it_is_activated():
    shares = {Origin.VOICE: 8, Origin.EMAIL: 2.01}

    assert [problem.path for problem in activation_problems(terms(total_by_channel=shares))] == [("total_by_channel",)]
    assert list(activation_problems(terms(total_by_channel={Origin.VOICE: 8, Origin.EMAIL: 2}))) == []


def test_everything_that_is_wrong_is_said_at_once():
    assert len(list(problems(terms(total=-1, zone="", allocation=Allocation.HOURS)))) == 3


def contact(id: int, account_id: UUID | None) -> SimpleNamespace:
    return SimpleNamespace(id=UUID(int=id), account_id=account_id)


@pytest.mark.parametrize(
    ("said", "paths"),
    [
        param({"account_id": ACCOUNT, "contact_id": None}, [], id="an account's"),
        param({"account_id": None, "contact_id": CONTACT}, [], id="a contact's"),
        param({"account_id": None, "contact_id": None}, [("customer",)], id="nobody's"),
        param({"account_id": ACCOUNT, "contact_id": CONTACT}, [("customer",)], id="two customers'"),
        param(
            {"account_id": ACCOUNT, "contact_id": None, "contacts": [contact(1, ACCOUNT), contact(2, None)]},
            [("contact_ids", 1)],
            id="a contact of nobody",
        ),
        param(
            {"account_id": ACCOUNT, "contact_id": None, "contacts": [contact(1, UUID(int=9))]},
            [("contact_ids", 0)],
            id="a contact of another account",
        ),
    ],
)
def test_whose_an_entitlement_is(said, paths):
    assert [problem.path for problem in scope_problems(**said)] == paths


@pytest.mark.parametrize(
    ("kind", "state", "refused"),
    [
        param(ProductKind.PRODUCT, ProductState.ACTIVE, 0, id="a product"),
        param(ProductKind.PRODUCT, ProductState.DRAFT, 1, id="a draft"),
        param(ProductKind.FAMILY, ProductState.ACTIVE, 1, id="a family"),
    ],
)
def test_listed_products_can_be_had(kind, state, refused):
    products = {UUID(int=1): SimpleNamespace(kind=kind, state=state)}
    found = list(scope_problems(account_id=ACCOUNT, contact_id=None, products=products))

    assert [problem.path for problem in found] == [("product_ids", 0)] * refused

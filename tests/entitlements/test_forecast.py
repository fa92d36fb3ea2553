"""When an entitlement will be used up if it goes on like this."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from pytest import param

from entitlements.allotment import granted
from entitlements.days import begins_at
from entitlements.forecast import forecast
from entitlements.vocabulary import Allocation, Happening, Period
from tests.entitlements.ledgers import CONTRACT, Ledger, moment, terms
from tests.given import at


def used(cases: int, *, until: str = "2025-01-31 00:00", **said) -> Ledger:
    """A ledger granted on its first day, with so many cases in the days before `until`."""
    book = Ledger(terms(**said))
    book.lines += granted(CONTRACT, book.terms, [], moment(begins_at(book.terms.starts_on, book.terms.zone)))
    for number in range(cases):
        book.happen(Happening.APPLIED, UUID(int=number + 1), when=at(until) - timedelta(days=1, minutes=number))
    return book


@pytest.mark.parametrize(
    ("cases", "said", "exhausted_on"),
    [
        param(0, {}, None, id="never, if nothing is used"),
        param(5, {}, date(2025, 3, 2), id="half of it in 30 days: in another 30"),
        param(1, {}, date(2025, 10, 28), id="one a month"),
        param(1, {"total": 100}, None, id="not before its end"),
        param(10, {}, date(2025, 1, 31), id="today, if nothing is left"),
        param(12, {}, date(2025, 1, 31), id="today, if less than nothing is left"),
        param(5, {"period": Period.MONTH}, None, id="never, if each period has enough"),
        param(10, {"period": Period.QUARTER, "total": 20}, date(2025, 3, 2), id="in this period"),
    ],
)
def test_at_this_rate(cases, said, exhausted_on):
    book = used(cases, **said)

    assert forecast(CONTRACT, book.terms, book.lines, at("2025-01-31 00:00")).exhausted_on == exhausted_on


def test_what_was_given_back_was_not_used():
    book = used(5)
    book.happen(Happening.CANCELED, UUID(int=1), when=at("2025-01-30 23:00"))
    found = forecast(CONTRACT, book.terms, book.lines, at("2025-01-31 00:00"))

    assert (found.used, found.per_day) == (400, Decimal("0.13"))


def test_only_the_window_counts():
    book = used(5, until="2025-01-10 00:00")
    found = forecast(CONTRACT, book.terms, book.lines, at("2025-03-01 00:00"))

    assert (found.used, found.observed, found.exhausted_on) == (0, timedelta(days=30), None)


def test_a_young_entitlement_is_observed_since_its_grant_and_a_day_at_least():
    book = used(2, until="2025-01-03 00:00")

    assert forecast(CONTRACT, book.terms, book.lines, at("2025-01-05 00:00")).observed == timedelta(days=4)
    assert forecast(CONTRACT, book.terms, book.lines, at("2025-01-01 00:00")).observed == timedelta(days=1)


def test_what_rolls_over_helps():
    said = {"until": "2025-02-28 12:00", "starts_on": date(2025, 2, 1), "period": Period.MONTH, "total": 9.5}
    found, later = (
        forecast(CONTRACT, book.terms, book.lines, at("2025-02-28 12:00")).exhausted_on
        for book in (used(9, **said), used(9, **said, rolls_over=True))
    )

    assert (found, later) == (date(2025, 3, 30), date(2025, 3, 31))


@pytest.mark.parametrize(
    ("said", "when"),
    [
        param({"allocation": Allocation.COVERAGE, "total": 0}, "2025-01-31 00:00", id="coverage counts nothing"),
        param({}, "2026-01-31 00:00", id="what has expired is not used up any more"),
    ],
)
def test_no_forecast(said, when):
    book = used(3, **said)

    assert forecast(CONTRACT, book.terms, book.lines, at(when), window=timedelta(days=999)).exhausted_on is None

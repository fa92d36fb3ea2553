"""How many hours some work takes."""

from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st
from pytest import param

from entitlements.burn import Work, burned, half_up, weighted_minutes
from entitlements.vocabulary import Allocation, DecrementOn
from tests.entitlements.ledgers import terms
from tests.given import at

ONSITE = UUID(int=7)
PLAIN = terms(allocation=Allocation.HOURS, decrement_on=DecrementOn.RESOLUTION)


class UntilNoon:
    """Open before noon of that Monday, closed after it."""

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        return max(timedelta(0), min(end, at("12:00")) - start)


def work(minutes: int, span: str = "09:00-10:00") -> Work:
    start, end = map(at, span.split("-"))
    return Work(minutes, start, end)


@pytest.mark.parametrize(
    ("minutes", "hundredths"),
    [
        param(0, 0, id="nothing"),
        param(30, 50, id="half an hour is half a term"),
        param(60, 100, id="an hour is a term"),
        param(1, 2, id="1.67 rounds up"),
        param(2, 3, id="3.33 rounds down"),
        param(20, 33, id="a third of an hour"),
        param(40, 67, id="two thirds of an hour"),
    ],
)
def test_minutes_become_hundredths_of_an_hour(minutes, hundredths):
    assert burned([work(minutes)], PLAIN) == hundredths


@pytest.mark.parametrize(
    ("number", "rounded"), [("1/2", 1), ("3/2", 2), ("5/2", 3), ("149/100", 1), ("0", 0), ("-1/2", 0)]
)
def test_half_is_rounded_up(number, rounded):
    assert half_up(Fraction(number)) == rounded


def test_a_resolution_is_rounded_once_and_not_each_piece_of_work():
    assert burned([work(1), work(1), work(1)], PLAIN) == 5


def test_products_burn_at_their_own_rate():
    rated = terms(allocation=Allocation.HOURS, percent_by_product={ONSITE: 200})

    assert burned([work(60)], rated, product_id=ONSITE) == 200
    assert burned([work(60)], rated) == 100


@pytest.mark.parametrize(
    ("span", "hundredths"),
    [
        param("10:00-11:00", 100, id="in hours"),
        param("13:00-14:00", 200, id="after hours"),
        param("11:30-12:30", 150, id="half of it after hours"),
        param("12:00-12:00", 200, id="no span: as its start, which has just closed"),
        param("11:59-11:59", 100, id="no span: as its start, which is open still"),
    ],
)
def test_after_hours_burn_at_another_rate(span, hundredths):
    rated = terms(allocation=Allocation.HOURS, after_hours_percent=200)

    assert burned([work(60, span)], rated, hours=UntilNoon()) == hundredths
    assert burned([work(60, span)], rated) == 100


@whatever(st.integers(0, 10_000), st.integers(0, 400), st.integers(0, 400), st.integers(0, 600), st.integers(0, 300))
def test_work_burns_between_the_two_rates(minutes, percent, after, begin, length):
    start = at("08:00") + timedelta(minutes=begin)
    whole = minutes * Fraction(percent, 100)

    burn = weighted_minutes(
        Work(minutes, start, start + timedelta(minutes=length)),
        percent=percent,
        after_hours_percent=after,
        hours=UntilNoon(),
    )
    assert min(whole, whole * after / 100) <= burn <= max(whole, whole * after / 100)

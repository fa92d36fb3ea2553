"""Dates of a contract as instants, and its periods."""

from datetime import date
from itertools import islice

import pytest
from pytest import param

from entitlements.days import begins_at, ends_at, pool_at, pool_ends_on, pools, starts_at
from entitlements.vocabulary import Period
from tests.entitlements.ledgers import terms
from tests.given import at


@pytest.mark.parametrize(
    ("day", "zone", "instant"),
    [
        param(date(2025, 6, 2), "UTC", "2025-06-02 00:00", id="midnight"),
        param(date(2025, 6, 2), "Europe/Berlin", "2025-06-01 22:00", id="midnight there"),
        param(date(2025, 4, 25), "Africa/Cairo", "2025-04-24 22:00", id="no midnight: the clocks skip it"),
        param(date(2011, 12, 30), "Pacific/Apia", "2011-12-30 10:00", id="no such date: the next one begins"),
        param(date(2011, 12, 31), "Pacific/Apia", "2011-12-30 10:00", id="the one after it"),
    ],
)
def test_when_a_date_begins(day, zone, instant):
    assert begins_at(day, zone) == at(instant)


def test_the_last_date_is_included():
    one_day = terms(starts_on=date(2025, 6, 2), ends_on=date(2025, 6, 2), zone="Asia/Tokyo")

    assert (starts_at(one_day), ends_at(one_day)) == (at("2025-06-01 15:00"), at("2025-06-02 15:00"))


@pytest.mark.parametrize(
    ("said", "firsts"),
    [
        param({}, ["2025-01-01"], id="once"),
        param(
            {"period": Period.MONTH, "starts_on": date(2024, 1, 31), "ends_on": date(2024, 5, 30)},
            ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"],
            id="from the 31st, in a leap year",
        ),
        param(
            {"period": Period.QUARTER},
            ["2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01"],
            id="quarters",
        ),
        param(
            {"period": Period.YEAR, "starts_on": date(2024, 2, 29), "ends_on": date(2026, 2, 28)},
            ["2024-02-29", "2025-02-28", "2026-02-28"],
            id="from the leap day",
        ),
    ],
)
def test_periods_are_counted_from_the_start(said, firsts):
    assert [day.isoformat() for day in islice(pools(terms(**said)), 10)] == firsts


@pytest.mark.parametrize(
    ("when", "pool"),
    [
        param("2024-12-01 12:00", "2025-01-15", id="before the contract its first"),
        param("2025-02-14 23:59", "2025-01-15", id="the last minute"),
        param("2025-02-15 00:00", "2025-02-15", id="the first instant"),
        param("2027-01-01 00:00", "2025-12-15", id="after the contract its last"),
    ],
)
def test_the_pool_of_an_instant(when, pool):
    monthly = terms(period=Period.MONTH, starts_on=date(2025, 1, 15))

    assert pool_at(monthly, at(when)).isoformat() == pool


def test_a_pool_begins_at_midnight_of_the_zone():
    monthly = terms(period=Period.MONTH, zone="America/New_York")

    assert pool_at(monthly, at("2025-02-01 04:59")) == date(2025, 1, 1)
    assert pool_at(monthly, at("2025-02-01 05:00")) == date(2025, 2, 1)


def test_the_last_date_of_a_pool():
    monthly = terms(period=Period.MONTH, starts_on=date(2025, 1, 15), ends_on=date(2025, 3, 1))

    assert pool_ends_on(monthly, date(2025, 1, 15)) == date(2025, 2, 14)
    assert pool_ends_on(monthly, date(2025, 2, 15)) == date(2025, 3, 1)

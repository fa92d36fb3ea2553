"""A bucket of points per caller. Instants are seconds, given."""

import pytest

from schema.transport import allowance
from schema.transport.allowance import Allowance
from schema.transport.errors import RateLimited


def test_points_are_taken():
    bucket = Allowance(100, 10)

    assert [bucket.take("ada", 30, 0), bucket.take("ada", 70, 0)] == [70, 0]


def test_an_empty_bucket_says_when_to_come_back_and_takes_nothing():
    bucket = Allowance(100, 10)
    bucket.take("ada", 90, 0)

    with pytest.raises(RateLimited) as refused:
        bucket.take("ada", 35, 0)

    assert refused.value.retry_after == 3  # 25 points at 10 a second, rounded up
    assert bucket.take("ada", 10, 0) == 0


def test_points_come_back_with_time_but_not_beyond_the_bucket():
    bucket = Allowance(100, 10)
    bucket.take("ada", 100, 0)

    assert bucket.take("ada", 20, 3) == 10
    assert bucket.take("ada", 0, 1_000) == 100


def test_what_was_done_is_charged_even_beyond_the_bucket_and_is_a_debt_until_it_has_refilled():
    bucket = Allowance(100, 10)
    bucket.charge("ada", 150, 0)

    assert [bucket.debt_seconds("ada", now) for now in (0, 2, 5)] == [5, 3, 0]
    with pytest.raises(RateLimited):
        bucket.take("ada", 1, 4)


def test_callers_do_not_share():
    bucket = Allowance(100, 10)
    bucket.take("ada", 100, 0)

    assert bucket.take("cem", 100, 0) == 0


def test_more_than_a_bucket_needs_a_full_one_and_leaves_a_debt():
    bucket = Allowance(100, 10)

    assert bucket.take("ada", 250, 0) == -150
    with pytest.raises(RateLimited) as refused:
        bucket.take("ada", 1, 0)
    assert refused.value.retry_after == 16


def test_a_clock_that_runs_backwards_gives_nothing():
    bucket = Allowance(100, 10)
    bucket.take("ada", 100, 50)

    with pytest.raises(RateLimited):
        bucket.take("ada", 1, 0)


def test_the_caller_longest_unseen_is_forgotten(monkeypatch):
    monkeypatch.setattr(allowance, "MOST_CALLERS", 2)
    bucket = Allowance(100, 10)
    for caller in ("ada", "bob", "ada", "cem"):
        bucket.take(caller, 10, 0)

    assert [bucket.take(caller, 0, 0) for caller in ("ada", "bob")] == [80, 100]

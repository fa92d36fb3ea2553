"""What is left, proven from the postings."""

from datetime import date
from typing import Any

import pytest
from pytest import param

from cases.vocabulary import Origin
from entitlements.balance import Balance, Movement, available, balance, balances, movements
from entitlements.postings import Account, Moment, Posting
from entitlements.vocabulary import DecrementOn, Happening, PostingKind, Trigger
from tests.entitlements.ledgers import CASE, CONTRACT, ledger, moment
from tests.given import at

POOL = date(2025, 1, 1)


def posting(kind: PostingKind, amount: int, trigger: Trigger = Trigger.ADJUST, **said) -> Posting:
    plain: dict[str, Any] = {"entitlement_id": CONTRACT, "pool": POOL, "cycle": 1, "moment": moment()}
    return Posting(**plain | {"kind": kind, "amount": amount, "trigger": trigger} | said)


def test_nothing_was_ever_posted():
    assert balance([]) == Balance()
    assert Balance().utilisation_percent is None


@pytest.mark.parametrize(
    ("when", "left", "reserved"),
    [
        param("08:59", 0, 0, id="before the grant"),
        param("09:00", 1000, 0, id="at the instant of the grant"),
        param("10:00", 1000, 100, id="reserved"),
        param("11:00", 900, 0, id="spent"),
        param("12:00", 1000, 100, id="given back and reserved anew"),
    ],
)
def test_the_balance_of_any_instant(when, left, reserved):
    book = ledger(decrement_on=DecrementOn.RESOLUTION).tell("applied, resolved, reactivated")
    found = balance(book.lines, at(when))

    assert (found.remaining, found.reserved, found.available) == (left, reserved, left - reserved)


def test_a_balance_is_the_sum_of_its_postings_in_any_order():
    lines = [
        posting(PostingKind.GRANT, 1000),
        posting(PostingKind.ROLL_OVER, 200),
        posting(PostingKind.CONSUME, -300, Trigger.RESOLVE, case_id=CASE, overage=50),
        posting(PostingKind.ADJUST, -40),
        posting(PostingKind.EXPIRE, -60),
        posting(PostingKind.RESERVE, -100, Trigger.APPLY, case_id=CASE),
    ]

    assert balance(lines) == balance(reversed(lines))
    assert balance(lines) == Balance(
        granted=1000, rolled_over=200, adjusted=-40, expired=60, used=350, billed=50, reserved=100
    )
    assert balance(lines).remaining == 1000 + 200 - 300 - 40 - 60
    assert balance(lines).overage == 50


def test_a_channel_moves_its_share_and_the_whole():
    book = ledger(total_by_channel={Origin.VOICE: 4})
    lines = book.happen(Happening.APPLIED, channel=Origin.VOICE)

    assert movements(lines) == {Account(POOL): Movement(-100), Account(POOL, Origin.VOICE): Movement(-100)}
    assert available(balances(book.lines)) == {Account(POOL): 900, Account(POOL, Origin.VOICE): 300}


@pytest.mark.parametrize(
    ("story", "moved", "draws"),
    [
        param("resolved", Movement(-100, -100), False, id="what was reserved is spent: nothing more is needed"),
        param("canceled", Movement(0, -100), False, id="a release needs nothing"),
        param("", Movement(0, 100), True, id="a reservation needs it to be there"),
    ],
)
def test_what_a_batch_changes_of_a_stored_balance(story, moved, draws):
    book = ledger(decrement_on=DecrementOn.RESOLUTION)
    already = len(book.lines)
    book.tell("applied")
    if story:
        already = len(book.lines)
        book.tell(story)
    (found,) = movements(book.lines[already:]).values()

    assert found == moved
    assert found.draws is draws


@pytest.mark.parametrize(
    "wrong",
    [
        param({"kind": PostingKind.CONSUME, "amount": 1}, id="a draw takes"),
        param({"kind": PostingKind.RELEASE, "amount": -1}, id="a release gives back"),
        param({"kind": PostingKind.GRANT, "amount": -1}, id="a grant gives"),
        param({"kind": PostingKind.ADJUST, "amount": 1, "trigger": Trigger.APPLY}, id="an application has a case"),
        param({"kind": PostingKind.ADJUST, "amount": 1, "case_id": CASE}, id="an adjustment has none"),
        param({"kind": PostingKind.ADJUST, "amount": 1, "cycle": 0}, id="cycles count from 1"),
        param(
            {"kind": PostingKind.ADJUST, "amount": 1, "moment": Moment(at("09:00").replace(tzinfo=None))},
            id="an instant has a zone",
        ),
    ],
)
def test_impossible_postings_are_bugs(wrong):
    with pytest.raises(ValueError, match=r"post|about|cycles|zone"):
        posting(**wrong)

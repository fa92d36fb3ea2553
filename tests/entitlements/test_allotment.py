"""What is granted, anew each period, and what becomes of the rest."""

from datetime import date
from uuid import UUID

import pytest
from pytest import param

from cases.refusals import BadInput
from cases.vocabulary import Origin
from entitlements.allotment import Renewal, adjusted, balances_at, carried, due, granted
from entitlements.balance import balance, balances
from entitlements.postings import Account
from entitlements.vocabulary import Allocation, DecrementOn, Happening, Period, PostingKind
from tests.entitlements.ledgers import CASE, CONTRACT, OTHER_CONTRACT, Ledger, ledger, moment, terms
from tests.given import at

JANUARY, FEBRUARY, MARCH, APRIL = (date(2025, month, 1) for month in (1, 2, 3, 4))
SHARES = {Origin.VOICE: 6, Origin.EMAIL: 3}


def monthly(**said) -> Ledger:
    """A ledger of ten cases a month, granted on New Year's Day."""
    book = Ledger(terms(period=Period.MONTH, **said), now=at("2025-01-01 08:00"))
    book.lines += granted(CONTRACT, book.terms, [], moment(book.now))
    return book


def remaining(book: Ledger, when: str) -> dict[Account, int]:
    return {
        account: each.remaining for account, each in balances_at(CONTRACT, book.terms, book.lines, at(when)).items()
    }


def test_channels_get_their_shares_and_the_rest_belongs_to_none():
    standing = balances(ledger(total_by_channel=SHARES).lines)

    assert {account.channel: each.granted for account, each in standing.items()} == {
        None: 1000,
        Origin.VOICE: 600,
        Origin.EMAIL: 300,
    }


def test_nothing_is_granted_too_so_that_it_is_granted_once():
    book = ledger(total=0)

    assert [line.amount for line in book.lines] == [0]
    assert granted(CONTRACT, book.terms, book.lines, moment()) == ()


def test_a_period_begins_with_its_grant_and_ends_with_the_loss_of_the_rest():
    lines = due(CONTRACT, terms(period=Period.MONTH), monthly().lines, at("2025-02-01 00:00"))

    assert [(line.pool, line.kind, line.amount, line.at) for line in lines] == [
        (FEBRUARY, PostingKind.GRANT, 1000, at("2025-02-01 00:00")),
        (JANUARY, PostingKind.EXPIRE, -1000, at("2025-02-01 00:00")),
    ]


def test_nothing_is_due_before_the_period_begins_nor_without_a_first_grant():
    book = monthly()

    assert due(CONTRACT, book.terms, book.lines, at("2025-01-31 23:59")) == ()
    assert due(CONTRACT, book.terms, [], at("2025-02-01 00:00")) == ()


@pytest.mark.parametrize(
    ("said", "left"),
    [
        param({}, [0, 0, 1000], id="nothing rolls over"),
        param({"rolls_over": True}, [0, 0, 3000], id="everything rolls over, again and again"),
        param({"rolls_over": True, "roll_over_limit": 250}, [0, 0, 1250], id="up to a limit"),
        param({"rolls_over": True, "roll_over_limit": 0}, [0, 0, 1000], id="a limit of nothing"),
    ],
)
def test_what_rolls_over(said, left):
    assert list(remaining(monthly(**said), "2025-03-01 00:00").values()) == left


def test_shares_roll_over_to_their_channels():
    found = remaining(monthly(rolls_over=True, total_by_channel=SHARES), "2025-02-01 00:00")

    assert found[Account(FEBRUARY, Origin.VOICE)] == 1200
    assert found[Account(FEBRUARY)] == 2000
    assert all(amount == 0 for account, amount in found.items() if account.pool == JANUARY)


def test_an_overdrawn_channel_is_made_up_for_by_the_others_before_anything_rolls_over():
    book = monthly(rolls_over=True, total=2, total_by_channel={Origin.VOICE: 1})
    for number in range(1, 4):
        book.happen(Happening.APPLIED, UUID(int=number), channel=Origin.VOICE)
    book.happen(Happening.CANCELED, UUID(int=3), channel=Origin.VOICE)
    found = remaining(book, "2025-02-01 00:00")

    assert (found[Account(JANUARY)], found[Account(FEBRUARY)]) == (0, 200)


def test_an_overdrawn_period_leaves_its_overage_behind():
    book = monthly(total=0).tell("applied")
    found = remaining(book, "2025-02-01 00:00")

    assert (found[Account(JANUARY)], found[Account(FEBRUARY)]) == (-100, 0)


def test_however_late_the_periods_are_posted_they_are_posted_the_same():
    often, late = monthly(rolls_over=True), monthly(rolls_over=True)
    for day in ("2025-01-20", "2025-02-01", "2025-02-28", "2025-03-01", "2025-04-01"):
        often.lines += due(CONTRACT, often.terms, often.lines, at(f"{day} 00:00"))
    late.lines += due(CONTRACT, late.terms, late.lines, at("2025-04-01 00:00"))

    assert often.lines == late.lines
    assert due(CONTRACT, late.terms, late.lines, at("2025-04-01 00:00")) == ()


def test_what_is_posted_has_each_key_once():
    book = monthly(rolls_over=True, roll_over_limit=100, total_by_channel=SHARES).tell("applied, canceled")
    book.lines += due(CONTRACT, book.terms, book.lines, at("2025-12-31 00:00"))
    keys = [line.key for line in book.lines]

    assert len(set(keys)) == len(keys)


def test_a_balance_is_known_at_any_instant_though_nobody_posted_it():
    book = monthly()

    assert remaining(book, "2024-12-31 00:00") == {}
    assert remaining(book, "2025-01-31 23:59") == {Account(JANUARY): 1000}
    assert remaining(book, "2025-02-01 00:00") == {Account(JANUARY): 0, Account(FEBRUARY): 1000}


def test_a_reserved_term_outlives_its_period_and_is_taken_from_it():
    book = monthly(total=1, restrict=True, decrement_on=DecrementOn.RESOLUTION).tell("applied")
    assert remaining(book, "2025-02-01 00:00") == {Account(JANUARY): 100, Account(FEBRUARY): 100}
    book.happen(Happening.RESOLVED, when=at("2025-02-10 12:00"))

    assert remaining(book, "2025-02-10 12:00") == {Account(JANUARY): 0, Account(FEBRUARY): 100}
    book.happen(Happening.REACTIVATED, when=at("2025-02-11 12:00"))
    assert remaining(book, "2025-02-11 12:00") == {Account(JANUARY): 100, Account(FEBRUARY): 100}


def test_what_a_channel_reserved_stays_its_own_when_the_period_ends():
    book = monthly(decrement_on=DecrementOn.RESOLUTION, total_by_channel=SHARES)
    book.happen(Happening.APPLIED, channel=Origin.VOICE)
    found = remaining(book, "2025-02-01 00:00")

    assert (found[Account(JANUARY)], found[Account(JANUARY, Origin.VOICE)]) == (100, 100)


@pytest.mark.parametrize(("rolls_over", "left"), [(True, [0, 2000]), (False, [0, 1000])])
def test_what_comes_back_after_its_period_rolls_over_or_lapses_then(rolls_over, left):
    book = monthly(rolls_over=rolls_over).tell("applied")
    book.happen(Happening.CANCELED, CASE, when=at("2025-02-10 12:00"))

    assert list(remaining(book, "2025-02-10 12:00").values()) == left


def test_hours_are_taken_from_the_period_in_which_the_case_is_resolved():
    book = monthly(allocation=Allocation.HOURS, decrement_on=DecrementOn.RESOLUTION).tell("applied")
    book.happen(Happening.RESOLVED, when=at("2025-02-10 12:00"), burned=250)

    assert remaining(book, "2025-02-10 12:00") == {Account(JANUARY): 0, Account(FEBRUARY): 750}


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_an_adjustment_moves_the_pool_and_the_channel():
    book = ledger(total_by_channel=SHARES)
    book.lines.append(adjusted(CONTRACT, book.terms, book.lines, -50, moment(), channel=Origin.VOICE))

    assert balance(book.lines).remaining == 950
    assert balance(book.lines, channel=Origin.VOICE).remaining == 550
    assert balance(book.lines).adjusted == -50


@pytest.mark.parametrize(
    ("said", "amount", "channel", "path"),
    [
        param({}, 0, None, "amount", id="nothing"),
        param({}, 1, Origin.VOICE, "channel", id="a channel without a share"),
        param({"restrict": True}, -1001, None, "amount", id="a restricted balance below zero"),
        param({"restrict": True, "total_by_channel": SHARES}, -601, Origin.VOICE, "amount", id="a share below zero"),
        param({"allocation": Allocation.COVERAGE, "total": 0}, 1, None, "amount", id="coverage by dates"),
    ],
)
def test_what_cannot_be_adjusted(said, amount, channel, path):
    book = ledger(**said)
    with pytest.raises(BadInput) as refused:
        adjusted(CONTRACT, book.terms, book.lines, amount, moment(), channel=channel)

    assert refused.value.path == (path,)


def test_an_unrestricted_balance_may_be_adjusted_below_zero():
    book = ledger()

    assert adjusted(CONTRACT, book.terms, book.lines, -2000, moment()).amount == -2000


# --- carried over ----------------------------------------------------------------------------------------------------


def test_a_renewal_carries_over_what_is_left_once():
    book = ledger(total_by_channel=SHARES, decrement_on=DecrementOn.RESOLUTION).tell("applied")
    new = terms(total_by_channel={Origin.VOICE: 1}, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    renewal = Renewal(old_id=CONTRACT, old_terms=book.terms, new_id=OTHER_CONTRACT, new_terms=new)
    lines = carried(renewal, book.lines, moment())
    away = [line for line in lines if line.entitlement_id == CONTRACT]
    here = [line for line in lines if line.entitlement_id == OTHER_CONTRACT]

    assert (balance(here).rolled_over, balance(here, channel=Origin.VOICE).rolled_over) == (900, 600)
    assert (balance([*book.lines, *away]).remaining, balance([*book.lines, *away]).available) == (100, 0)
    assert carried(renewal, [*book.lines, *away], moment(), posted_to_new=here) == ()


def test_an_overdrawn_entitlement_carries_nothing_over():
    book = ledger(total=0).tell("applied")
    renewal = Renewal(old_id=CONTRACT, old_terms=book.terms, new_id=OTHER_CONTRACT, new_terms=terms())

    assert carried(renewal, book.lines, moment()) == ()

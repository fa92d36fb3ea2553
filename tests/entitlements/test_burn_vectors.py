"""Examples from the test suites of other systems: weighted burn, pools with overage, and what rolls over."""

import json
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cases.vocabulary import Origin
from entitlements.allotment import due, granted
from entitlements.balance import Balance, balance, balances
from entitlements.burn import Work, weighted_minutes
from entitlements.days import begins_at
from entitlements.postings import Account, Moment
from entitlements.vocabulary import Allocation, DecrementOn, Happening, OveragePolicy, Period
from sla.calendar import Calendar
from tests.entitlements.ledgers import CONTRACT, Ledger, ledger, moment, terms

FILE = Path(__file__).parents[2] / ".." / "shared" / "vectors" / "entitlement_burn.json"
HOURS = {"allocation": Allocation.HOURS, "decrement_on": DecrementOn.RESOLUTION}


def vectors(part: str) -> list[Any]:
    """The vectors of a part by id; one named skip without the folder, one failing row for a part without any."""
    if not FILE.parent.is_dir():
        return [pytest.param(None, marks=pytest.mark.skip(reason="vectors folder ../shared/vectors is absent"))]
    found = json.loads(FILE.read_text() or "{}").get(part, []) if FILE.is_file() else []
    rows = [pytest.param(vector, id=vector["id"]) for vector in found]
    return rows or [pytest.param(None, id=f"{FILE.name} has no {part}")]


@pytest.mark.parametrize("vector", vectors("weighted"))
def test_weighted_burn(vector: dict[str, Any]):
    assert vector, f"{FILE} is empty or without its weighted vectors"
    spec = dict(vector["after_hours"])
    percent = Fraction(str(spec.pop("multiplier"))) * 100
    work = Work(
        vector["billable_minutes"], datetime.fromisoformat(vector["start"]), datetime.fromisoformat(vector["end"])
    )

    minutes = weighted_minutes(
        work,
        percent=int(Fraction(str(vector["member_multiplier"])) * 100),
        after_hours_percent=int(percent),
        hours=Calendar.from_spec(spec),
    )
    assert minutes == vector["expected_minutes"]


@pytest.mark.parametrize("policy", [OveragePolicy.ALLOW, OveragePolicy.BILL])
@pytest.mark.parametrize("vector", vectors("pools"))
def test_pools(vector: dict[str, Any], policy: OveragePolicy):
    """Whether what goes beyond is billed at once or leaves the balance negative, the sums are the same."""
    assert vector, f"{FILE} is empty or without its pools"
    there = vector["total_minutes"] + vector.get("rolled_over_minutes", 0)
    book = in_minutes(there, overage=policy)

    for number, draw in enumerate(vector["draws"], start=1):
        case_id = type(CONTRACT)(int=number)
        book.happen(Happening.APPLIED, case_id)
        book.happen(Happening.RESOLVED, case_id, burned=draw["minutes"])
        assert (book.balance.used, book.balance.overage) == (draw["used"], draw["overage"])


@pytest.mark.parametrize("vector", vectors("rollover"))
def test_roll_over(vector: dict[str, Any]):
    assert vector, f"{FILE} is empty or without its roll-overs"
    (before, _), (after, ends_on) = [
        tuple(map(date.fromisoformat, vector[period])) for period in ("previous_period", "period")
    ]
    book = in_minutes(
        vector["total_minutes"],
        starts_on=before,
        ends_on=ends_on,
        period=Period.MONTH,
        rolls_over=vector["allow_rollover"],
    )
    book.lines = list(granted(book.id, book.terms, [], Moment(begins_at(before, "UTC"))))
    book.happen(Happening.APPLIED, when=begins_at(before, "UTC"))
    book.happen(Happening.RESOLVED, burned=vector["previous_used"])
    rest = due(book.id, book.terms, book.lines, begins_at(after, "UTC"))
    standing = balances([*book.lines, *rest])

    assert standing[Account(after)].rolled_over == vector["expected_rolled_over"]
    assert standing[Account(before)].remaining == 0
    assert standing[Account(after)].remaining == vector["total_minutes"] + vector["expected_rolled_over"]


def test_recomputing_gives_the_running_total():
    """Rule 'reconcile recomputes': two entries of an hour, at 1x and 2x, are 180 of 600, whatever was stored."""
    book = in_minutes(600)
    running = Balance()
    for number, minutes in enumerate((60, 120), start=1):
        book.tell("applied, resolved", type(CONTRACT)(int=number), burned=minutes)
        running = book.balance

    assert balance(reversed(book.lines)) == running
    assert (running.used, running.remaining) == (180, 420)


def test_an_unused_pool_is_listed_and_overuse_is_more_than_all_of_it():
    """Rule 'a report reads the current period's ledger': 150 of 120 is 125 %."""
    used = in_minutes(120).tell("applied, resolved", burned=150)

    assert used.balance.utilisation_percent == 125
    assert in_minutes(120).balance == Balance(granted=120)
    assert balance(used.lines, channel=Origin.VOICE) == Balance()
    assert balance(used.lines, moment("08:00").at) == Balance()


def in_minutes(total: int, **said: Any) -> Ledger:
    """A ledger of hours in which the smallest unit stands for a minute: the sums of the vectors as they are."""
    return ledger(terms(total / 100, **HOURS, **said))

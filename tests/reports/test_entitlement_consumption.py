"""Entitlement consumption: sums of the lines of the ledger, and what is left by them."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from actions.terms import posting_of, terms_of
from cases.vocabulary import EntitlementState
from entitlements.forecast import forecast
from entitlements.vocabulary import PostingKind
from models import Entitlement, EntitlementBalance, EntitlementPosting
from reports import entitlement_consumption
from reports.period import period
from settings import Limits
from tests.reports.recounted import within
from tests.seeded import NOW

HUNDRED = Decimal(100)


@pytest.mark.parametrize(
    ("first", "end"), [(date(2025, 4, 1), date(2025, 6, 5)), (date(2025, 4, 20), date(2025, 5, 20))]
)
async def test_it_says_what_the_lines_say(manager, first, end):
    days = period(first, end, "Europe/Berlin", NOW, Limits())
    found = await entitlement_consumption.rows(days, manager, now=NOW, limits=Limits())

    lines = defaultdict(list)
    for line in await EntitlementPosting.all():
        lines[line.entitlement_id].append(line)
    expected = {}
    for contract in await Entitlement.exclude(state=EntitlementState.DRAFT):
        if contract.starts_on < end and contract.ends_on >= first:
            own = lines[contract.id]
            sums = {
                kind: sum(line.amount for line in own if line.kind is kind and within(line.at, first, end))
                for kind in PostingKind
            }
            overage = {
                kind: sum(line.overage for line in own if line.kind is kind and within(line.at, first, end))
                for kind in PostingKind
            }
            held = (PostingKind.RESERVE, PostingKind.RELEASE)
            before = [line for line in own if within(line.at, date(1970, 1, 1), end)]
            expected[contract.account_id or contract.contact_id, contract.id] = {
                "granted": sums[PostingKind.GRANT] / HUNDRED,
                "rolled_over": sums[PostingKind.ROLL_OVER] / HUNDRED,
                "adjusted": sums[PostingKind.ADJUST] / HUNDRED,
                "expired": -sums[PostingKind.EXPIRE] / HUNDRED,
                "consumed": (overage[PostingKind.CONSUME] - sums[PostingKind.CONSUME]) / HUNDRED,
                "reversed": (sums[PostingKind.REVERSE] - overage[PostingKind.REVERSE]) / HUNDRED,
                "billed": sum(overage.values()) / HUNDRED,
                "remaining": sum(line.amount for line in before if line.kind not in held) / HUNDRED,
                "reserved": -sum(line.amount for line in before if line.kind in held) / HUNDRED,
            }

    told = {tuple(part.key for part in row.groups): row for row in found}
    assert {key: {name: getattr(row, name) for name in expected[key]} for key, row in told.items()} == expected
    assert sum(row.consumed for row in found) > 0
    for (_, key), row in told.items():
        contract = await Entitlement.get(id=key)
        to_come = forecast(key, terms_of(contract), map(posting_of, lines[key]), NOW)
        assert (row.used_per_day, row.exhausted_on) == (to_come.per_day, to_come.exhausted_on)
    assert any(row.exhausted_on for row in found)


async def test_what_remains_now_is_the_stored_balance(manager):
    days = period(None, None, "Europe/Berlin", NOW, Limits())
    found = await entitlement_consumption.rows(days, manager, now=NOW, limits=Limits())

    for row in found:
        stored = await EntitlementBalance.filter(entitlement_id=row.groups[1].key, channel="")
        assert row.remaining == sum(balance.remaining for balance in stored) / HUNDRED
        assert row.reserved == sum(balance.reserved for balance in stored) / HUNDRED

"""Two who change many of the same cases at once, each in another order, do not lock each other out.

PostgreSQL would tell by a deadlock, and the unit of work be run again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import pytest
from pytest import param

from actions import bulk, ending, family, tenant_settings
from actions.scheduling import look_at_cases
from cases.automation import AutomationTrigger
from cases.refusals import Refused
from cases.viewer import Viewer
from cases.vocabulary import BulkErrorPolicy, Priority, Role
from models import Case
from models.database import Database
from tests import given
from tests.actions import contracts
from tests.given import NOW, done, hours

ROUNDS = 5
later = count()
"""Each look of a scheduled rule is an hour after the one before."""
Side = Callable[[Viewer, Case, list[Case]], Awaitable[Any]]


async def forwards(by: Viewer, above: Case, cases: list[Case]) -> None:
    await done(bulk.bulk_update_cases, by=by, cases=cases, priority=Priority.CRITICAL, error_policy=SKIP)


async def backwards(by: Viewer, above: Case, cases: list[Case]) -> None:
    await done(bulk.bulk_update_cases, by=by, cases=cases[::-1], priority=Priority.LOW, error_policy=SKIP)


async def along(by: Viewer, above: Case, cases: list[Case]) -> None:
    await done(ending.resolve_case, by=by, case=above, summary="Done")


async def scheduled(by: Viewer, above: Case, cases: list[Case]) -> None:
    await look_at_cases(NOW + hours(next(later)))


SKIP = BulkErrorPolicy.SKIP_FAILED
SIDES = [
    param(forwards, backwards, id="two bulk changes"),
    param(backwards, along, id="a bulk change and an end along"),
    param(scheduled, backwards, id="a scheduled rule and a bulk change"),
    param(scheduled, along, id="a scheduled rule and an end along"),
]


@pytest.mark.parametrize(("one", "other"), SIDES)
async def test_none_waits_for_one_who_waits(
    postgres_database: Database, one: Side, other: Side, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, logger="models.unit_of_work")
    by = await given.viewer(Role.ADMIN)
    await done(tenant_settings.save_tenant_settings, by=by, settings={"closure_preference": "CASCADE"})
    trigger = AutomationTrigger.SCHEDULE
    await given.automation_rule("Look", {"escalate": "Now"}, trigger=trigger, every_minutes=5)
    for _ in range(ROUNDS):
        above, *cases = [await given.case() for _ in range(6)]
        await done(family.add_child_cases, by=by, case=above, children=cases)
        ended = await asyncio.gather(*(side(by, above, cases) for side in (one, other)), return_exceptions=True)

        assert not [came for came in ended if isinstance(came, BaseException) and not isinstance(came, Refused)]
    assert "again" not in caplog.text


async def test_families_that_draw_on_the_same_contracts_end_at_once(
    postgres_database: Database, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, logger="models.unit_of_work")
    by = await given.viewer(Role.ADMIN)
    await done(tenant_settings.save_tenant_settings, by=by, settings={"closure_preference": "CASCADE"})
    both = [await contracts.contract(100, by=by, decrement_on="RESOLUTION") for _ in range(2)]
    for _ in range(ROUNDS):
        families = []
        for order in (both, both[::-1]):
            above, *cases = [await contracts.on(contract, by=by) for contract in (order[0], *order, *order)]
            await done(family.add_child_cases, by=by, case=above, children=cases)
            families.append(above)
        await asyncio.gather(*(done(ending.resolve_case, by=by, case=above, summary="Done") for above in families))

    assert "again" not in caplog.text
    assert {await contracts.left(contract) for contract in both} == {100 - 5 * ROUNDS}

"""Two acts about the same cases at once: one wins, or both happen in some order, and nothing is half done."""

import asyncio
import random

import pytest

from models.database import Database
from models.unit_of_work import unit_of_work
from tests import given
from tests.actions.races import check, run_side
from tests.actions.work_races import ALL_RACES

ROUNDS = 6


@pytest.mark.parametrize("name", ALL_RACES)
async def test_of_two_at_once_nothing_is_half_done(database: Database, name):
    race, by, customer = ALL_RACES[name], await given.viewer(), await given.account()
    for _ in range(ROUNDS):
        ids = await unit_of_work(lambda: race.prepare(by, customer))
        order = random.sample((0, 1), 2)
        came = await asyncio.gather(*(run_side(race, side, ids, by) for side in order))

        await check(race, ids, (came[order.index(0)], came[order.index(1)]))

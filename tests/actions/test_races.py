"""Two acts about the same cases at once: one wins, or both happen in some order, and nothing is half done."""

import asyncio
import random

"""Two acts at once on a case, a few rounds each; `tests/gates/work_races.py` runs many, by two processes."""


import pytest

from models.database import Database
from models.unit_of_work import unit_of_work
from tests import given
from tests.actions.races import RACES, check, run_side

ROUNDS = 6


@pytest.mark.parametrize("name", RACES)
async def test_of_two_at_once_nothing_is_half_done(database: Database, name):
    race, by, customer = RACES[name], await given.viewer(), await given.account()
    for _ in range(ROUNDS):
        ids = await unit_of_work(lambda: race.prepare(by, customer))
        order = random.sample((0, 1), 2)
        came = await asyncio.gather(*(run_side(race, side, ids, by) for side in order))

        await check(race, ids, (came[order.index(0)], came[order.index(1)]))


from tests import races
from tests.races import RACES

ROUNDS = 3


@pytest.mark.parametrize("name", RACES)
async def test_of_two_at_once_both_are_done_in_some_order_or_one_is(database: Database, name):
    race, viewers = RACES[name], await races.world()
    for number in range(ROUNDS):
        case_id = await races.ready(race, viewers[0])
        sides = list(zip(race.sides, viewers, strict=True))
        order = [0, 1] if number % 2 else [1, 0]
        came = await asyncio.gather(*(races.run(sides[place][0], case_id, sides[place][1]) for place in order))

        await races.check(race, case_id, (came[order.index(0)], came[order.index(1)]))

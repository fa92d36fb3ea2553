"""The worker's loop: it announces, waits out trouble, survives mistakes of ours, and stops when it is told to."""

import asyncio
from datetime import datetime

from models import SlaKpiInstance
from models.database import Database
from tests import given, promised
from tests.given import NOW, hours
from tests.promised import item
from worker import work


async def test_it_announces_what_is_due_and_stops_when_told_to(database: Database):
    await promised.default(item())
    case = await given.case()
    stop = asyncio.Event()

    def clock() -> datetime:
        stop.set()
        return NOW + hours(2)

    await work(clock, until=stop)

    assert await promised.told(case) == [("first_response", "BREACHED")]


async def test_a_mistake_of_ours_does_not_end_it(database: Database, caplog, monkeypatch):
    """A clock that fails stands for any mistake: the loop goes on, and the next look announces."""
    monkeypatch.setattr("worker.PAUSE", 0.001)
    await promised.default(item())
    case = await given.case()
    stop, looks = asyncio.Event(), iter([True, False])

    def clock() -> datetime:
        if next(looks, False):
            raise ArithmeticError("a mistake")
        stop.set()
        return NOW + hours(2)

    await work(clock, until=stop)

    assert "nothing could be announced" in caplog.text
    assert await promised.told(case) == [("first_response", "BREACHED")]
    assert not await SlaKpiInstance.filter(next_at__lt=NOW + hours(2)).exists()

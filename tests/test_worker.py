"""The worker's loop: it announces, waits out trouble, survives mistakes of ours, and stops when it is told to."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime

from actions.announcing import Tick
from models import SlaKpiInstance
from models.addresses import sqlite_path
from models.database import Database, open_database
from settings import Limits
from tests import given, promised
from tests.given import NOW, hours
from tests.promised import item
from worker import STEPS, work


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
    """A clock that fails in the first look stands for any mistake: the loop goes on, and the next look announces."""
    monkeypatch.setattr("worker.PAUSE", 0.001)
    await promised.default(item())
    case = await given.case()
    stop, looks = asyncio.Event(), iter([True] * len(STEPS))

    def clock() -> datetime:
        if next(looks, False):
            raise ArithmeticError("a mistake")
        stop.set()
        return NOW + hours(2)

    await work(clock, until=stop)

    assert "announce could not be done" in caplog.text
    assert await promised.told(case) == [("first_response", "BREACHED")]
    assert not await SlaKpiInstance.filter(next_at__lt=NOW + hours(2)).exists()


async def test_trouble_of_the_storage_is_waited_out(sqlite_url: str, caplog, monkeypatch):
    """Another process keeps the file locked while the worker looks the first time, and lets go before the second."""
    monkeypatch.setattr("worker.PAUSE", 0.001)
    impatient = replace(Limits(), lock_seconds=0.1)
    async with open_database(sqlite_url, impatient):
        await promised.default(item())
        case = await given.case()
        stop, looks = asyncio.Event(), iter(["locked", *[""] * (len(STEPS) - 1), "free"])
        with closing(sqlite3.connect(sqlite_path(sqlite_url), isolation_level=None)) as other:

            def clock() -> datetime:
                look = next(looks, None)
                if look == "locked":
                    other.execute("BEGIN IMMEDIATE")
                elif look == "free":
                    other.execute("ROLLBACK")
                    stop.set()
                return NOW + hours(2)

            await work(clock, until=stop)

        assert [record.levelname for record in caplog.records if "announce could not be done" in record.message] == [
            "WARNING"
        ]
        assert await promised.told(case) == [("first_response", "BREACHED")]


async def test_a_step_that_fails_keeps_no_other_from_its_work(database: Database, caplog, monkeypatch):
    async def broken(now: datetime) -> Tick:
        raise ArithmeticError("a mistake")

    monkeypatch.setattr("worker.STEPS", (broken, *STEPS))
    await promised.default(item())
    case = await given.case()
    stop = asyncio.Event()

    def clock() -> datetime:
        stop.set()
        return NOW + hours(2)

    await work(clock, until=stop)

    assert "broken could not be done" in caplog.text
    assert await promised.told(case) == [("first_response", "BREACHED")]

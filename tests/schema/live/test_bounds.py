"""What cannot be told whole is not told in part: who is too slow or comes too late reads anew."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from actions import talking
from actions.forgetting import LONGER, forget_news
from models import Outbox
from models.database import Database
from models.fields import uuid7
from models.outbox import About, News, Place, latest, made_at, news_after
from models.wakeups import wakeups
from schema.live import cursors
from schema.live.hub import Hub, ResyncRequired
from settings import Limits
from tests import given
from tests.given import done, hours
from tests.schema.live.listening import SECRET, house
from tests.schema.live.test_case_news import EVENTS
from tests.schema.transport.serving import ask


async def test_who_does_not_keep_up_is_told_to_read_anew(sqlite_database: Database):
    by = await given.viewer()
    async with house(sqlite_database, queued_events=0) as at, at.listening(by, EVENTS) as told:
        await told.next()
        await given.case(by=by)

        assert await told.code() == "RESYNC_REQUIRED"


async def test_a_listener_who_takes_nothing_loses_their_queue_and_costs_another_nothing(database: Database):
    by = await given.viewer()
    case = await given.case(by=by)
    about = About(by.tenant_id, "case")
    hub = Hub(3)
    async with wakeups(database) as woken, asyncio.TaskGroup() as tasks:
        telling = tasks.create_task(hub.run(woken))
        async with aclosing(hub.follow(about)) as slow, aclosing(hub.follow(about)) as quick:
            assert isinstance(await anext(slow), Place)
            await anext(quick)
            seen = []
            for _ in range(5):
                await done(talking.add_comment, by=by, case=case, body="Hello")
                seen.append(await anext(quick))
            with pytest.raises(ResyncRequired):
                await anext(slow)
        telling.cancel()

    assert [news.payload["to"] for news in seen if isinstance(news, News)] == [2, 3, 4, 5, 6]
    assert hub.listeners == 0


async def test_whoever_listens_to_more_than_they_may_ask_for_has_nothing_left_to_ask_with(sqlite_database: Database):
    by = await given.viewer()
    case = await given.case(by=by)
    cost = given.graph().prepare(EVENTS, None, {}).analysis.cost
    scarce: dict[str, Any] = {"bucket_points": int(cost * 2.5), "bucket_points_per_second": 1}
    async with house(sqlite_database, **scarce) as at, at.listening(by, EVENTS) as told:
        await told.next()
        for _ in range(2):
            await done(talking.add_comment, by=by, case=case, body="Hello")
            await told.next()
        await ask(told.ws, "{ viewer { name } }", "2")

        assert await told.code() == "RATE_LIMITED"


async def test_who_comes_back_too_late_is_told_to_read_anew(sqlite_database: Database):
    by = await given.viewer()
    place = await latest()
    age = timedelta(hours=Limits().replay_hours).total_seconds()
    old, young = (
        cursors.write(place, made_at(uuid7()) - int(age + by_how_much), by.tenant_id, SECRET)
        for by_how_much in (5, -60)
    )
    async with house(sqlite_database) as at:
        async with at.listening(by, EVENTS, after=old) as told:
            assert await told.code() == "RESYNC_REQUIRED"
        async with at.listening(by, EVENTS, after=young) as told:
            case = await given.case(by=by)
            assert (await told.next())["case"]["number"] == case.number


async def test_what_nobody_can_ask_for_any_more_is_forgotten_in_small_steps(database: Database):
    by = await given.viewer()
    for _ in range(5):
        await given.case(by=by)
    before, later = datetime.now(UTC), datetime.now(UTC) + hours(Limits().replay_hours) + LONGER + hours(1)
    began = await latest()

    assert await forget_news(before) == 0
    assert [await forget_news(later, at_most=3) for _ in range(3)] == [3, 1, 0]
    assert await Outbox.all().count() == 1
    case = await given.case(by=by)
    assert [news.key for news in (await news_after(began, 10)).news] == [case.id]

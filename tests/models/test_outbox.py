"""The outbox as a log: nothing is missed, doubled or read before its time, whoever commits when."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg

from models import Outbox, Tenant
from models.bulk import insert
from models.database import Database
from models.fields import uuid7
from models.outbox import About, Place, latest, news_after
from models.unit_of_work import unit_of_work
from models.wakeups import CHANNEL, wakeups
from tests import given
from tests.given import NOW

CASE = UUID(int=1)


def row(tenant: Tenant, number: int = 0, *, topic: str = "case", key: UUID = CASE) -> dict[str, Any]:
    told = {"id": uuid7(), "tenant_id": tenant.id, "created_at": NOW, "topic": topic, "key": key}
    return {**told, "payload": {"number": number}, "attempts": 0, "due_at": NOW, "done_at": None}


async def tell(tenant: Tenant, *numbers: int, **said: Any) -> None:
    await unit_of_work(lambda: insert(Outbox, [row(tenant, number, **said) for number in numbers]))


async def numbers_after(place: Place, limit: int = 100, about: About | None = None) -> list[int]:
    batch = await news_after(place, limit, about)
    return [news.payload["number"] for news in batch.news]


async def test_what_was_told_is_read_in_order_in_however_many_pieces(database: Database):
    home = await given.home()
    begun = place = await latest()
    for number in range(7):
        await tell(home, number)
    seen, more = [], True
    while more:
        batch = await news_after(place, 3)
        seen += [news.payload["number"] for news in batch.news]
        place, more = batch.place, batch.more

    assert seen == list(range(7))
    assert await numbers_after(place) == []
    assert await numbers_after(await latest()) == []
    await tell(home, 7)
    assert await numbers_after(place) == [7]
    assert await numbers_after(begun) == list(range(8))


async def test_it_goes_on_from_each_thing_that_was_told(database: Database):
    home = await given.home()
    begun = await latest()
    await tell(home, 0, 1)
    await tell(home, 2, 3)
    batch = await news_after(begun, 100)

    for number, news in enumerate(batch.news):
        assert await numbers_after(news.place) == list(range(number + 1, 4))
        assert [news.place.includes(other) for other in batch.news] == [place <= number for place in range(4)]


async def test_only_what_it_is_about_is_read(database: Database):
    home, other = await given.home(), await given.tenant("other")
    begun, elsewhere = await latest(), uuid7()
    await tell(home, 1)
    await tell(other, 2)
    await tell(home, 3, topic="queue")
    await tell(home, 4, key=elsewhere)

    assert await numbers_after(begun, about=About(home.id, "case")) == [1, 4]
    assert await numbers_after(begun, about=About(home.id, "case", CASE)) == [1]
    assert await numbers_after(begun, about=About(other.id, "queue")) == []


async def test_who_writes_first_and_commits_last_is_not_missed(postgres_database: Database):
    home = await given.home()
    slow, quick = [await connected(postgres_database) for _ in range(2)]
    place = await latest()
    async with slow.transaction():
        await written(slow, home, 1)
        async with quick.transaction():
            await written(quick, home, 2)
        waiting = await news_after(place, 10)
    batch = await news_after(waiting.place, 10)

    assert (list(waiting.news), waiting.held_back) == ([], True)
    assert [news.payload["number"] for news in batch.news] == [1, 2]
    await slow.close(), await quick.close()


async def test_who_began_first_and_writes_last_is_not_missed(postgres_database: Database):
    """The older transaction takes the later number: the number alone would say that it was read."""
    home = await given.home()
    older, newer = [await connected(postgres_database) for _ in range(2)]
    place = await latest()
    async with older.transaction():
        await older.execute("SELECT pg_current_xact_id()")
        async with newer.transaction():
            await written(newer, home, 1)
        place = (await news_after(place, 10)).place
        await written(older, home, 2)
    seen = []
    for _ in range(2):
        batch = await news_after(place, 1)
        seen += [news.payload["number"] for news in batch.news]
        place = batch.news[-1].place

    assert seen == [1, 2]
    assert await numbers_after(place) == []
    await older.close(), await newer.close()


async def test_other_processes_are_woken_once_something_was_told(postgres_database: Database):
    home, other, woken = await given.home(), await connected(postgres_database), asyncio.Event()
    await other.add_listener(CHANNEL, lambda *_: woken.set())
    async with wakeups(postgres_database), asyncio.timeout(10):
        await tell(home, 1)
        await woken.wait()
    await other.close()


async def test_other_processes_wake_us(postgres_database: Database):
    other = await connected(postgres_database)
    async with wakeups(postgres_database) as heard, asyncio.timeout(10):
        await heard.wait(60)  # from here on it listens
        await other.execute(f"NOTIFY {CHANNEL}")
        await heard.wait(60)
    await other.close()


async def connected(database: Database) -> Any:
    return await asyncpg.connect(database.url.replace("postgres://", "postgresql://"))


async def written(connection: Any, tenant: Tenant, number: int) -> None:
    await connection.execute(
        "INSERT INTO outbox (id, tenant_id, created_at, topic, key, payload, attempts, due_at) "
        "VALUES ($1, $2, $3, 'case', $4, $5, 0, $3)",
        uuid7(),
        tenant.id,
        NOW,
        CASE,
        f'{{"number": {number}}}',
    )

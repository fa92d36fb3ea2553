"""The hub: one reader of the outbox per process, and those who listen, found by what they listen to.

Whoever listens has a queue of so many news and no more. Who does not keep up loses it, is told so
(`RESYNC_REQUIRED`), and holds up nobody: the hub never waits for a listener.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from cases.refusals import StorageTrouble
from cases.vocabulary import ErrorCode
from models.errors import StatementTimeout
from models.outbox import About, Batch, News, Place, is_ahead, latest, news_after
from models.outbox_origin import ALWAYS
from models.wakeups import Wakeups
from schema.transport.errors import Declined

log = logging.getLogger(__name__)

AT_ONCE: Final = 500
REPLAYED_AT_ONCE: Final = 100
BETWEEN_LOOKS: Final = 1.0
"""Seconds: when to look although nobody said that there is something."""
WHILE_HELD_BACK: Final = 0.01
AFTER_TROUBLE: Final = 1.0


@dataclass(eq=False)
class ResyncRequired(Declined):
    """What happened in between is not to be had any more: read anew, and subscribe from there."""

    message: str = "Something was missed: read anew what you show, and subscribe again."
    code = ErrorCode.RESYNC_REQUIRED


class Feed:
    """The queue of one listener. `place` is where it began to listen."""

    def __init__(self, about: About, place: Place, longest: int) -> None:
        self.about = about
        self.place = place
        self._longest = longest
        self._queue: deque[News] = deque()
        self._arrived = asyncio.Event()
        self._is_lost = False

    def put(self, news: News) -> None:
        if len(self._queue) >= self._longest:
            self.lose()
        if not self._is_lost:
            self._queue.append(news)
        self._arrived.set()

    def lose(self) -> None:
        """Forgets what is in it; whoever listens is told so."""
        self._is_lost = True
        self._queue.clear()
        self._arrived.set()

    async def take(self) -> News:
        """The next news. Raises ResyncRequired if some were lost."""
        while not self._queue:
            if self._is_lost:
                raise ResyncRequired
            self._arrived.clear()
            await self._arrived.wait()
        return self._queue.popleft()


class Hub:
    """Tells what the outbox says to those whom it concerns."""

    def __init__(self, longest_queue: int) -> None:
        self._longest = longest_queue
        self._feeds: dict[About, set[Feed]] = {}
        self._place: Place | None = None
        self.since = ALWAYS
        """Cursors that were given before then lead nowhere."""
        self._began = asyncio.Event()

    async def run(self, wakeups: Wakeups) -> None:
        """Reads on until it is cancelled. Trouble of the storage is waited out: nothing is skipped by that."""
        pause = 0.0
        while True:
            try:
                pause = await self._read_on()
            except (StorageTrouble, StatementTimeout) as trouble:
                log.warning("nothing can be told for a while: %r", trouble)
                pause = AFTER_TROUBLE
            except Exception:  # a bug, but nobody would start the hub again: all would fall silent
                log.exception("nothing can be told for a while")
                pause = AFTER_TROUBLE
            if pause:
                await wakeups.wait(pause)

    async def _read_on(self) -> float:
        """Tells what is new; returns for how long to wait then."""
        if not self._feeds or self._place is None:
            place = (
                await latest()
            )  # whoever begins to listen begins here; what they missed before, they read themselves
            if not self._feeds or self._place is None:
                self._place = place
                self._began.set()
            return 0.0 if self._feeds else BETWEEN_LOOKS
        batch = await news_after(self._place, AT_ONCE)
        if batch.place.until < self._place.until:  # the database is another one than it was
            self._place = batch.place
            for feed in [feed for feeds in self._feeds.values() for feed in feeds]:
                feed.lose()
            return 0.0
        self._place = batch.place
        for news in batch.news:
            self._tell(news)
        if batch.more:
            await asyncio.sleep(0)
            return 0.0
        return WHILE_HELD_BACK if batch.held_back else BETWEEN_LOOKS

    def _tell(self, news: News) -> None:
        for key in (news.key, None):
            for feed in self._feeds.get(About(news.tenant_id, news.topic, key), ()):
                feed.put(news)

    @asynccontextmanager
    async def listening(self, about: About) -> AsyncGenerator[Feed, None]:
        """A queue of all news from here on."""
        await self._began.wait()
        assert self._place is not None
        feed = Feed(about, self._place, self._longest)
        self._feeds.setdefault(about, set()).add(feed)
        try:
            yield feed
        finally:
            self._feeds[about].discard(feed)
            if not self._feeds[about]:
                del self._feeds[about]

    async def follow(self, about: About, after: Place | None = None) -> AsyncGenerator[Place | News, None]:
        """What was told behind `after` and what is told from then on: everything once, in order.

        Without `after` it begins now, and says first where that is. Raises ResyncRequired for who does not keep up, or
        was somewhere that is not there.
        """
        place = after
        if place is not None:
            if await is_ahead(place):
                raise ResyncRequired
            batch = Batch((), place, more=True)
            while batch.more:
                batch = await news_after(batch.place, REPLAYED_AT_ONCE, about)
                for news in batch.news:
                    yield news
            place = batch.place
        async with self.listening(about) as feed:
            if place is None:
                place = feed.place
                yield place
            else:  # what came between the last look and now
                batch = Batch((), place, more=True)
                while batch.more:
                    batch = await news_after(batch.place, REPLAYED_AT_ONCE, about)
                    for news in batch.news:
                        yield news
                place = batch.place
            while True:
                news = await feed.take()
                if not place.includes(news):
                    yield news

    @property
    def listeners(self) -> int:
        return sum(map(len, self._feeds.values()))

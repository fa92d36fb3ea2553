"""Chores: what piles up is tidied away by one of the workers, in pieces, and again after a while."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from actions import chores, talking
from actions.chores import do_chores
from cases.viewer import Viewer
from models import Chore, IdempotencyKey
from models.database import Database
from models.file_store import FileStore
from tests import given
from tests.given import NOW, done, hours

LATER = NOW + timedelta(days=7, seconds=1)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def laid_down(store: FileStore, by: Viewer, count: int) -> list[Path]:
    """Files that no row refers to."""
    for number in range(count):
        incoming = store.receive()
        incoming.write(b"%d" % number)
        store.keep(incoming, by.tenant_id)
    return list(store.folder.rglob("??/" + "?" * 64))


async def test_keys_of_old_requests_are_forgotten_and_those_of_late_ones_kept(database: Database, store):
    by, case = await given.viewer(), await given.case()
    await done(talking.add_comment, by=by, case=case, body="Hello", key="old")
    await done(talking.add_comment, by=by, case=case, body="Hello", key="late", now=NOW + hours(1))

    await do_chores(LATER, store)

    assert [key.key for key in await IdempotencyKey.all()] == ["late"]


async def test_a_chore_is_done_once_an_hour_however_many_workers_there_are(database: Database, store):
    ticks = [tick for _ in range(3) for tick in await asyncio.gather(*(do_chores(LATER, store) for _ in range(4)))]

    assert sum(tick.announced for tick in ticks) == len(chores.CHORES)
    assert (await do_chores(LATER + hours(0.99), store)).announced == 0
    assert (await do_chores(LATER + hours(1), store)).announced == len(chores.CHORES)
    assert await Chore.all().count() == len(chores.CHORES)


async def test_files_are_collected_in_pieces(database: Database, store, monkeypatch):
    monkeypatch.setattr(chores, "FILES_AT_ONCE", 20)
    monkeypatch.setattr(chores, "KEYS_AT_ONCE", 1)
    by, case = await given.viewer(), await given.case()
    laid_down(store, by, 30)
    await done(talking.add_comment, by=by, case=case, body="Hello", key="old")

    first = await do_chores(LATER, store)
    left = len(list(store.folder.rglob("??/" + "?" * 64)))
    ticks = [first]
    while ticks[-1].more:
        ticks.append(await do_chores(LATER, store))

    assert 0 < left < 30
    assert len(ticks) > 2
    assert not list(store.folder.rglob("??/" + "?" * 64))
    assert not await IdempotencyKey.all().exists()

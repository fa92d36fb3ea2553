"""Keeping files that came in, and collecting what nobody wants."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from actions import attaching, collecting
from actions.collecting import collect_files
from actions.uploading import Received, keep_uploads
from cases.refusals import BadInput
from cases.viewer import Viewer
from models import Attachment, Upload
from models.database import Database, current_database
from models.fields import uuid7
from models.file_store import FileStore
from models.unit_of_work import unit_of_work
from settings import Limits
from tests import given
from tests.given import NOW, done

DAY_LATER = NOW + timedelta(hours=24, seconds=1)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def received(store: FileStore, content: bytes = b"kettle", name: str = "kettle.png") -> Received:
    incoming = store.receive()
    incoming.write(content)
    return Received(incoming, name, "image/png")


async def kept(store: FileStore, by: Viewer, content: bytes = b"kettle", **said: Any) -> Upload:
    one = received(store, content)
    try:
        (upload,) = await keep_uploads([one], store, actor=by, **{"now": NOW, **said})
    finally:
        one.file.discard()
    return upload


async def forget() -> None:
    """Deletes all uploads."""

    async def delete() -> None:
        await Upload.all().delete()

    await unit_of_work(delete)


def files(store: FileStore) -> list[str]:
    return sorted(path.name for path in store.folder.rglob("*") if path.is_file())


async def test_a_file_lies_under_its_digest_and_nowhere_under_its_name(database: Database, store):
    by = await given.viewer()

    uploads = await keep_uploads(
        [received(store, b"b", "b.png"), received(store, b"a", "a.png")], store, actor=by, now=NOW
    )

    assert [upload.name for upload in uploads] == ["b.png", "a.png"]
    assert files(store) == sorted(upload.digest for upload in uploads)
    assert [store.path(by.tenant_id, upload.digest).read_bytes() for upload in uploads] == [b"b", b"a"]


async def test_the_same_content_lies_there_once_per_tenant(sqlite_database: Database, store):
    by, other = await given.viewer(), await given.viewer(tenant=await given.tenant("other"))

    for viewer in (by, by, other):
        await kept(store, viewer)

    assert len(files(store)) == 2
    assert await Upload.all().count() == 3


async def test_a_tenant_sends_so_much_a_day(sqlite_database: Database, store, monkeypatch):
    by = await given.viewer()
    monkeypatch.setattr(current_database(), "limits", Limits(upload_bytes_per_day=10))
    await given.attachment(by=by, size_bytes=3)
    await kept(store, by, b"12345")

    with pytest.raises(BadInput):
        await kept(store, by, b"123")
    await kept(store, by, b"12")
    await kept(store, by, b"123", now=DAY_LATER)

    assert await Upload.all().count() == 3


async def test_an_upload_that_nobody_attaches_is_collected_after_a_day(database: Database, store):
    by, case = await given.viewer(), await given.case()
    await kept(store, by, b"forgotten")
    attached, fresh = await kept(store, by, b"attached"), await kept(store, by, b"fresh", now=NOW + timedelta(hours=1))
    await done(attaching.attach_file, by=by, case=case, uploads=[attached])

    early = await collect_files(store, NOW + timedelta(hours=24))
    collected = await collect_files(store, DAY_LATER)

    assert (early.uploads, early.files) == (0, 0)
    assert (collected.uploads, collected.files) == (1, 1)
    assert files(store) == sorted([attached.digest, fresh.digest])
    assert [upload.id for upload in await Upload.all()] == [fresh.id]


async def test_the_file_of_a_deleted_attachment_is_collected_unless_another_has_the_same_content(
    database: Database, store
):
    by, case = await given.viewer(), await given.case()
    uploads = [await kept(store, by) for _ in range(2)]
    rows = await done(attaching.attach_file, by=by, case=case, uploads=uploads)

    counts = []
    for attachment in rows["attachments"]:
        await done(attaching.delete_attachments, by=by, attachments=[attachment])
        counts.append((await collect_files(store, NOW)).files)

    assert counts == [0, 1]
    assert files(store) == []


async def test_what_broke_off_coming_in_is_collected_after_a_day(sqlite_database: Database, store):
    old, new = store.receive(), store.receive()
    os.utime(old.path, (NOW.timestamp(), NOW.timestamp()))
    os.utime(new.path, (DAY_LATER.timestamp(), DAY_LATER.timestamp()))

    collected = await collect_files(store, DAY_LATER)
    old.discard()

    assert collected.incoming == 1
    assert files(store) == [new.path.name]
    new.discard()


async def test_a_file_for_which_somebody_writes_a_row_is_not_collected(database: Database, store, monkeypatch):
    """The collector has seen that no row refers to the file; before it removes it, the same content comes in again."""
    by = await given.viewer()
    await kept(store, by)
    await forget()
    remove, told = collecting._remove, []

    async def late(*words: Any) -> bool:
        await kept(store, by)
        told.append(await remove(*words))
        return bool(told[-1])

    monkeypatch.setattr(collecting, "_remove", late)
    await collect_files(store, NOW)

    assert told == [False]
    assert len(files(store)) == 1


async def test_whoever_removes_a_file_and_whoever_brings_it_again_wait_for_each_other(database: Database, store):
    """Many rounds of both at once: whatever wins, a row has its file."""
    by = await given.viewer()
    for _ in range(25):
        await kept(store, by)
        await forget()
        await asyncio.gather(collect_files(store, NOW), kept(store, by), collect_files(store, NOW))

        assert len(files(store)) == 1
        await forget()


async def test_an_upload_is_attached_or_collected_never_both(database: Database, store):
    by, case = await given.viewer(), await given.case()
    for number in range(10):
        upload = await kept(store, by, b"%d" % number)
        attached, _ = await asyncio.gather(
            done(attaching.attach_file, by=by, case=case, uploads=[upload]),
            collect_files(store, DAY_LATER),
            return_exceptions=True,
        )

        assert isinstance(attached, Exception) is not await Attachment.filter(digest=upload.digest).exists()
        assert (upload.digest in files(store)) is await Attachment.filter(digest=upload.digest).exists()


async def test_files_of_tenants_of_another_database_are_let_be(database: Database, store):
    """Two databases that keep their files in one folder do not take each other's."""
    await kept(store, await given.viewer())
    await forget()
    incoming = store.receive()
    incoming.write(b"theirs")
    store.keep(incoming, uuid7())

    collected = await collect_files(store, NOW)

    assert collected.files == 1
    assert files(store) == [incoming.digest]


async def test_one_person_sends_so_many_files_an_hour_and_others_still_may(database: Database, store, monkeypatch):
    by, other = await given.viewer(), await given.viewer()
    monkeypatch.setattr(current_database(), "limits", Limits(uploads_per_hour=2))
    await kept(store, by, b"1")
    await kept(store, by, b"2")

    with pytest.raises(BadInput, match="2 files"):
        await kept(store, by, b"3", now=NOW + timedelta(minutes=59))
    await kept(store, other, b"4")
    await kept(store, by, b"5", now=NOW + timedelta(minutes=61))

    assert await Upload.all().count() == 4

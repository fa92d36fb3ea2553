"""Collecting: uploads that nobody attached, and files that no row refers to, are removed.

A file is removed under the lock on its digest (`uploading.py`), so that nobody can write a row for it meanwhile.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from actions.uploading import KEPT_FOR, lock_of
from cases.conditions import EVERYTHING, All, Compare, Op
from models.attachments import Attachment, Upload
from models.file_store import FileStore
from models.locking import lock_name
from models.people import Tenant
from models.reading import select
from models.unit_of_work import unit_of_work

LEAST_PER_SHELF: Final = 10
"""As how many files a shelf counts that has fewer: it costs as much to look at."""


@dataclass(frozen=True)
class Collected:
    """What a collection removed; `position` is where the next one goes on, and empty if nothing is left to look at."""

    uploads: int
    files: int
    incoming: int
    position: str = ""


async def collect_files(store: FileStore, now: datetime, *, after: str = "", at_most: int | None = None) -> Collected:
    """Removes uploads that nobody attached within a day, files that no row refers to, and what broke off coming in.

    With `at_most` it looks at about so many files, from the shelf behind `after` on. Files of tenants that are not in
    this database are let be: they may be those of another one that keeps its files in the same folder.
    """
    before = now - KEPT_FOR

    async def forget() -> int:
        return await Upload.filter(created_at__lt=before).delete()

    uploads = 0 if after else await unit_of_work(forget)
    tenants = {tenant.id for tenant in await select(Tenant, EVERYTHING, columns=("id",))}
    files = looked_at = 0
    position = ""
    for shelf in await asyncio.to_thread(store.shelves, after):
        kept = [one for one in await asyncio.to_thread(store.kept, shelf) if one[0] in tenants]
        for tenant_id, digest in await _referred_to_by_nobody(kept):
            files += await _remove(store, tenant_id, digest)
        looked_at += max(len(kept), LEAST_PER_SHELF)
        if at_most is not None and looked_at >= at_most:
            position = shelf
            break
    broken_off = [] if position else list(store.abandoned(before.timestamp()))
    for path in broken_off:
        path.unlink(missing_ok=True)
    return Collected(uploads, files, len(broken_off), position)


async def _remove(store: FileStore, tenant_id: UUID, digest: str) -> bool:
    """Removes a file unless a row refers to it by now; says whether it did."""

    async def remove() -> bool:
        await lock_name(lock_of(tenant_id, digest))
        if not await _referred_to_by_nobody([(tenant_id, digest)]):
            return False
        store.remove(tenant_id, digest)
        return True

    return await unit_of_work(remove)


async def _referred_to_by_nobody(kept: Sequence[tuple[UUID, str]]) -> list[tuple[UUID, str]]:
    """Those of `kept`, which are of one tenant, that no row refers to.

    Uploads are asked first: a row that moves between the two answers is then seen as an attachment.
    """
    if not kept:
        return []
    digests = Compare("digest", Op.IN, tuple(digest for _, digest in kept))
    these = All((Compare("tenant_id", Op.EQ, kept[0][0]), digests))
    known: set[str] = set()
    known |= {row.digest for row in await select(Upload, these, columns=("id", "digest"))}
    known |= {row.digest for row in await select(Attachment, these, columns=("id", "digest"))}
    return [one for one in kept if one[1] not in known]

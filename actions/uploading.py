"""Uploading: a file that was received and checked gets its place and its row; and what nobody wants is collected.

A file and the rows that refer to it are in two places. Whoever brings the two together or apart, one digest at a time,
holds the lock on that digest: so the collector never removes a file for which somebody is writing a row.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tortoise.functions import Sum

from cases.refusals import BadInput
from cases.viewer import Viewer
from models.attachments import Attachment, Upload
from models.database import current_database
from models.file_store import FileStore, Incoming
from models.locking import lock_name
from models.unit_of_work import unit_of_work

KEPT_FOR: Final = timedelta(hours=24)
"""How long an upload waits to be attached."""
A_DAY: Final = timedelta(days=1)
AN_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Received:
    """A file that came in and is what its name says."""

    file: Incoming
    name: str
    media_type: str


async def keep_uploads(received: list[Received], store: FileStore, *, actor: Viewer, now: datetime) -> list[Upload]:
    """Keeps files that were received together, all or none, for whoever sent them.

    Raises BadInput if the tenant has sent more than it may in a day.
    """

    async def write() -> list[Upload]:
        await lock_name(f"uploads {actor.tenant_id}")
        await _check_pace(actor, len(received), now)
        await _check_quota(actor.tenant_id, sum(one.file.size_bytes for one in received), now)
        uploads: list[Upload] = []
        for one in sorted(received, key=lambda one: one.file.digest):  # in one order: two uploads cannot deadlock
            await lock_name(lock_of(actor.tenant_id, one.file.digest))
            store.keep(one.file, actor.tenant_id)
            uploads.append(
                await Upload.create(
                    tenant_id=actor.tenant_id,
                    name=one.name,
                    media_type=one.media_type,
                    size_bytes=one.file.size_bytes,
                    digest=one.file.digest,
                    uploader_person_id=actor.person_id,
                    uploader_contact_id=actor.contact_id,
                    created_at=now,
                )
            )
        order = [one.name for one in received]
        return sorted(uploads, key=lambda upload: order.index(upload.name))

    return await unit_of_work(write)


async def _check_pace(actor: Viewer, more: int, now: datetime) -> None:
    """Raises BadInput if somebody has sent more files within an hour than one may, with so many more."""
    limit = current_database().limits.uploads_per_hour
    sender = {"uploader_person_id": actor.person_id, "uploader_contact_id": actor.contact_id}
    lately = {"tenant_id": actor.tenant_id, "created_at__gt": now - AN_HOUR, **sender}
    sent = sum([await table.filter(**lately).count() for table in (Upload, Attachment)])
    if sent + more > limit:
        raise BadInput(f"{limit} files may be sent in an hour; please try again later.", path=("file",))


async def _check_quota(tenant_id: UUID, more_bytes: int, now: datetime) -> None:
    """Raises BadInput if the tenant got more bytes since yesterday than it may, with so many more."""
    limit = current_database().limits.upload_bytes_per_day
    for table in (Upload, Attachment):
        lately = table.filter(tenant_id=tenant_id, created_at__gt=now - A_DAY)
        (found,) = await lately.annotate(total=Sum("size_bytes")).values("total")
        more_bytes += found["total"] or 0
    if more_bytes > limit:
        raise BadInput(f"Files of {limit} bytes may be sent in a day; that is used up.", path=("file",))


def lock_of(tenant_id: UUID, digest: str) -> str:
    """The name under which a file is locked."""
    return f"file {tenant_id} {digest}"

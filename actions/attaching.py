"""Attaching: files that were sent become files of a case, and stop being so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from tortoise.functions import Sum

from actions.record import record
from actions.signature import Spelled
from cases import lifecycle
from cases.facts import Fact
from cases.permissions import check_audience
from cases.refusals import BadInput, NotPermitted, Unknown
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import AttachmentSource, Audience, FactKind
from models.attachments import Attachment, Upload
from models.case import Case
from models.database import current_database
from models.fields import uuid7
from models.locking import locked
from models.reading import by_ids
from models.visibility import visible


@dataclass(frozen=True)
class Attached:
    """A case and the files that it got, in the order in which they were named."""

    case: Case
    attachments: Annotated[list[Attachment], Spelled("list[Attachment]")]


@dataclass(frozen=True)
class Deleted:
    """The cases that had the files."""

    cases: Annotated[list[Case], Spelled("list[Case]")]


async def attach_file(
    case: Case,
    uploads: list[Upload],
    audience: Audience = Audience.PUBLIC,
    *,
    actor: Viewer,
    now: datetime,
) -> Attached:
    """Attaches files to a case that were sent to `POST /files` before: up to five at once, and 5 MiB in all on a case.

    An upload is attached once; then it is gone.
    """
    check_audience(actor, audience)
    lifecycle.step(Standing.of(case), FactKind.FILE_ATTACHED)
    limits = current_database().limits
    if not 1 <= len(uploads) <= limits.upload_files:
        raise BadInput(f"Attach from 1 to {limits.upload_files} files at once.", path=("upload_ids",))
    keys = [upload.id for upload in uploads]
    if len(await locked(Upload, keys, visible(Upload, actor))) < len(keys):  # somebody has attached one meanwhile
        raise Unknown(path=("upload_ids",))
    await _check_room(case, sum(upload.size_bytes for upload in uploads), limits.case_files_bytes)
    attachments = [_attachment(upload, case, audience, max(now, case.updated_at)) for upload in uploads]
    for attachment in attachments:
        await attachment.save(force_create=True)
    await Upload.filter(id__in=keys).delete()
    facts = [_fact(FactKind.FILE_ATTACHED, attachment) for attachment in attachments]
    return Attached(await record(case, facts, actor=actor, now=now, cause="attach_file"), attachments)


async def delete_attachments(attachments: list[Attachment], *, actor: Viewer, now: datetime) -> Deleted:
    """Deletes files of cases that were uploaded to them; what came with a message stays with it."""
    if not attachments:
        raise BadInput("Name at least one file.", path=("attachment_ids",))
    keys = [row.id for row in attachments]
    cases = await locked(Case, {row.case_id for row in attachments}, visible(Case, actor))
    found = await by_ids(Attachment, keys, visible(Attachment, actor))  # again: the locks may have had to wait
    if len(found) < len(keys) or any(row.case_id not in cases for row in found.values()):
        raise Unknown(path=("attachment_ids",))
    for case in cases.values():
        lifecycle.step(Standing.of(case), FactKind.FILE_DELETED)
    if any(row.source is not AttachmentSource.UPLOAD for row in found.values()):
        raise NotPermitted("Only files that were uploaded can be deleted.", path=("attachment_ids",))
    await Attachment.filter(id__in=keys).delete()
    changed: list[Case] = []
    for case_id, case in sorted(cases.items()):
        facts = [_fact(FactKind.FILE_DELETED, found[key]) for key in keys if found[key].case_id == case_id]
        changed.append(await record(case, facts, actor=actor, now=now, cause="delete_attachments"))
    return Deleted(changed)


async def _check_room(case: Case, more_bytes: int, limit_bytes: int) -> None:
    """Raises BadInput if the files of a locked case would be too many bytes with so many more."""
    (found,) = await Attachment.filter(case_id=case.id).annotate(total=Sum("size_bytes")).values("total")
    left = limit_bytes - (found["total"] or 0)
    if more_bytes > left:
        message = f"The files of a case may have {limit_bytes} bytes in all; {max(left, 0)} are left."
        raise BadInput(message, path=("upload_ids",))


def _attachment(upload: Upload, case: Case, audience: Audience, at: datetime) -> Attachment:
    return Attachment(
        id=uuid7(),
        tenant_id=case.tenant_id,
        case_id=case.id,
        name=upload.name,
        media_type=upload.media_type,
        size_bytes=upload.size_bytes,
        digest=upload.digest,
        audience=audience,
        uploader_person_id=upload.uploader_person_id,
        uploader_contact_id=upload.uploader_contact_id,
        created_at=at,
    )


def _fact(kind: FactKind, attachment: Attachment) -> Fact:
    return Fact(kind, details={"attachment_id": attachment.id, "name": attachment.name, "digest": attachment.digest})

"""Files of cases as clients see them. Their content comes and goes over plain HTTP: `web/files.py`."""

from typing import TYPE_CHECKING

from strawberry import auto

import models
from cases.content.kinds import SHOWN
from schema.computed import computed
from schema.ids import id_of
from schema.mirror import mirrors
from schema.relations import related
from schema.timeline import TimelineEntry

if TYPE_CHECKING:
    from schema.cases import Case
    from schema.people import Actor


@mirrors(models.Attachment, order=("name", "size_bytes", "media_type", "created_at"))
class Attachment(TimelineEntry):
    name: auto
    media_type: auto
    size_bytes: auto
    digest: auto
    source: auto
    audience: auto
    created_at: auto
    url: str = computed(
        lambda row, context: f"/files/{id_of(row)}",
        "id",
        description="Where to download it, with the same credentials.",
    )
    preview_url: str | None = computed(
        lambda row, context: f"/files/{id_of(row)}?preview=1" if row.media_type in SHOWN else None,
        "id",
        "media_type",
        description="Where to get it to be shown in place; null for what is downloaded only.",
    )
    case: "Case | None" = related()
    uploader: "Actor | None" = related("uploader_person", "uploader_contact", description="Null for the system itself.")

"""Kinds: the files that are taken, each known by its name and its content, which have to agree."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cases.content import archives, documents, images
from cases.content.fault import Fault
from cases.refusals import BadInput


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it is served as, and the check of its content, which raises Fault.

    One that is `shown` may be looked at in a browser; the others are downloaded.
    """

    media_type: str
    shown: bool
    check: Callable[[bytes], None]


PNG: Final = Kind("image/png", True, images.check_png)
JPEG: Final = Kind("image/jpeg", True, images.check_jpeg)
GIF: Final = Kind("image/gif", True, images.check_gif)
PDF: Final = Kind("application/pdf", True, documents.check_pdf)
DOC: Final = Kind("application/msword", False, documents.check_doc)
DOCX: Final = Kind(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", False, archives.check_docx
)

KIND_BY_EXTENSION: Final = {"png": PNG, "jpg": JPEG, "jpeg": JPEG, "gif": GIF, "pdf": PDF, "doc": DOC, "docx": DOCX}
SHOWN: Final = frozenset(kind.media_type for kind in KIND_BY_EXTENSION.values() if kind.shown)
"""The media types that may be shown in place."""


def kind_of(name: str, data: bytes) -> Kind:
    """The kind of a file with this name, which `names.tidied` made, and content. Raises BadInput if they disagree."""
    kind = KIND_BY_EXTENSION[name.rpartition(".")[2].lower()]
    try:
        kind.check(data)
    except Fault as fault:
        raise BadInput(str(fault), path=("file",)) from fault
    return kind

"""Public ids: opaque, typed, and safe in a URL.

An id is the URL-safe base64 of the type's name, a colon and the sixteen bytes of the row's UUID. Clients never see a
table's key, and an id of one type is no id of another.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from uuid import UUID

from tortoise.models import Model

LONGEST_ID = 64


def public_id(type_name: str, key: UUID) -> str:
    """The public id of the row `key` of the type `type_name`."""
    return urlsafe_b64encode(type_name.encode() + b":" + key.bytes).rstrip(b"=").decode()


def id_of(row: Model) -> str:
    """The public id of a row; types bear the names of their tables."""
    return public_id(type(row).__name__, row.pk)


def read_id(text: str) -> tuple[str, UUID] | None:
    """The type's name and the row's key in a public id, or None for what is not one."""
    if not text or len(text) > LONGEST_ID:
        return None
    try:
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        name, key = raw[:-17], raw[-16:]
        if raw[-17:-16] != b":" or public_id(name.decode("ascii"), UUID(bytes=key)) != text:
            return None
        return name.decode("ascii"), UUID(bytes=key)
    except (Error, ValueError):
        return None

"""Cursors of subscriptions: how far a client has read, sealed for its tenant.

A place in the outbox counts what happened to everybody, and a client is not to learn from two of them how busy others
are. So a cursor is sealed, not only signed: a version byte, sixteen bytes of HMAC-SHA256 over tenant and place, and the
place under a mask that follows from those sixteen (SIV, as in RFC 5297, with HMAC in the place of AES).
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from struct import Struct
from typing import Final
from uuid import UUID

from cases.refusals import BadInput
from models.outbox import News, Place

VERSION: Final = b"\x02"
_PLACE: Final = Struct(">QQQI")
_SEAL: Final = 16
LENGTH: Final = len(VERSION) + _SEAL + _PLACE.size


def write(place: Place, at: int, tenant_id: UUID, secret: bytes) -> str:
    """A cursor to `place`, where things were told at `at`, in seconds of the epoch."""
    plain = _PLACE.pack(place.since, place.until, place.position, at)
    seal = _seal(plain, tenant_id, secret)
    return urlsafe_b64encode(VERSION + seal + _masked(plain, seal, secret)).rstrip(b"=").decode()


def behind(news: News, secret: bytes) -> str:
    """The cursor of whoever has read this."""
    return write(news.place, news.told_at, news.tenant_id, secret)


def read(cursor: str, tenant_id: UUID, secret: bytes, path: Sequence[str]) -> tuple[Place, int]:
    """The place, and when it was the latest. Raises BadInput, with `path`, for what we have not written for them."""
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except ValueError:
        raise BadInput("This is not a cursor.", path=path) from None
    seal, masked = raw[1 : 1 + _SEAL], raw[1 + _SEAL :]
    if len(raw) != LENGTH or raw[:1] != VERSION:
        raise BadInput("This is not a cursor.", path=path)
    plain = _masked(masked, seal, secret)
    # written again, since base64 reads past what it does not know
    is_ours = hmac.compare_digest(_seal(plain, tenant_id, secret), seal)
    if not is_ours or urlsafe_b64encode(raw).rstrip(b"=").decode() != cursor:
        raise BadInput("This is not a cursor.", path=path)
    since, until, position, at = _PLACE.unpack(plain)
    return Place(since, until, position), at


def _seal(plain: bytes, tenant_id: UUID, secret: bytes) -> bytes:
    return hmac.digest(secret, b"news" + tenant_id.bytes + plain, sha256)[:_SEAL]


def _masked(text: bytes, seal: bytes, secret: bytes) -> bytes:
    mask = hmac.digest(secret, b"mask" + seal, sha256)
    return bytes(one ^ other for one, other in zip(text, mask, strict=False))

"""Cursors: a place in an ordered list, written so that only this server could have written it.

A cursor is the URL-safe base64 of a version byte, eight bytes naming the list, sixteen bytes of HMAC-SHA256 over
everything else, and the JSON of the values by which the row at that place sorts. It is signed, not secret: it says
nothing that its row did not say.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, Final

import orjson

from cases.refusals import BadInput

VERSION: Final = b"\x01"
_NAME: Final = slice(1, 9)
_SIGNATURE: Final = slice(9, 25)
_PLACE: Final = slice(25, None)


def write(values: Sequence[Any], name: bytes, secret: bytes) -> str:
    """A cursor to where `values` sort in the list called `name` (eight bytes)."""
    place = orjson.dumps(values, default=str)
    raw = VERSION + name + _signed(VERSION + name + place, secret) + place
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def read(cursor: str, name: bytes, secret: bytes, path: Sequence[str]) -> list[Any]:
    """The values in `cursor`, as JSON has them.

    Raises BadInput, with `path`, if it is none of ours or belongs to another list or order.
    """
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except ValueError:
        raise BadInput("This is not a cursor.", path=path) from None
    signed = _signed(raw[:1] + raw[_NAME] + raw[_PLACE], secret)
    # written again, since base64 reads past what it does not know
    is_ours = raw[:1] == VERSION and hmac.compare_digest(signed, raw[_SIGNATURE])
    if not is_ours or urlsafe_b64encode(raw).rstrip(b"=").decode() != cursor:
        raise BadInput("This is not a cursor.", path=path)
    if raw[_NAME] != name:
        raise BadInput("This cursor belongs to another list or order.", path=path)
    values: list[Any] = orjson.loads(raw[_PLACE])
    return values


def _signed(text: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, text, "sha256")[:16]

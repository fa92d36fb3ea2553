"""Idempotency: a request with a key has one effect, however often it is sent.

The key is written in the transaction of its effect. Of equal requests at once the first to write the key goes on; the
others wait for its transaction on the unique index, and then get the same answer. A request that was declined leaves
no key: it had no effect, and may be made again.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cases import rules
from cases.conditions import All, Compare, Op
from cases.refusals import IdempotencyMismatch
from cases.viewer import Viewer
from models.delivery import IdempotencyKey
from models.reading import first
from models.writing import insert_unless_there

LONGEST_KEY: Final = 255


@dataclass(frozen=True)
class Request:
    """A request that carries a key: what is asked, canonically, and by whom."""

    act: str
    key: str
    input_hash: str
    sender: str

    @classmethod
    def of(cls, act: str, key: str, given: Mapping[str, Any], viewer: Viewer) -> "Request":
        """Raises BadInput for a key that is none."""
        rules.refuse(rules.text(key, LONGEST_KEY, ("idempotency_key",), required=True))
        # json, not orjson: text that cannot be stored is for the act to refuse, by its place in the input
        canonical = json.dumps([act, given], default=str, sort_keys=True)
        return cls(act, key, _digest(canonical), _sender(viewer))


async def claim(request: Request, viewer: Viewer, now: datetime) -> Mapping[str, Any] | None:
    """The answer that this request got before, or None if it is made for the first time and may go on.

    Raises IdempotencyMismatch if the key was used for something else.
    """
    key = IdempotencyKey(
        tenant_id=viewer.tenant_id,
        sender=request.sender,
        key=request.key,
        act=request.act,
        input_hash=request.input_hash,
        answer={},
        created_at=now,
    )
    if await insert_unless_there(key, ("tenant_id", "sender", "key")):
        return None
    stored = await first(IdempotencyKey, _same_key(request, viewer.tenant_id))
    if stored is None or stored.input_hash != request.input_hash:
        raise IdempotencyMismatch(path=("idempotency_key",))
    answer: Mapping[str, Any] = stored.answer
    return answer


async def remember(request: Request, viewer: Viewer, answer: Mapping[str, Any]) -> None:
    """Keeps the answer, as `actions.answers` has it, for those who ask again."""
    await IdempotencyKey.filter(tenant_id=viewer.tenant_id, sender=request.sender, key=request.key).update(
        answer=dict(answer)
    )


def _sender(viewer: Viewer) -> str:
    """Who sends it, in the 64 characters of the column: the API key, else the person or contact.

    Whoever is none of these, as within the server itself, has only a name, of any length and any wording.
    """
    known = viewer.key_id or viewer.person_id or viewer.contact_id
    return str(known) if known else _digest(viewer.name)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _same_key(request: Request, tenant_id: UUID) -> All:
    return All(
        (
            Compare("tenant_id", Op.EQ, tenant_id),
            Compare("sender", Op.EQ, request.sender),
            Compare("key", Op.EQ, request.key),
        )
    )

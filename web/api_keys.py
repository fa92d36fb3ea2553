"""Keys for machines: `cg_<prefix>_<secret>`, of which only a hash is kept.

The secret is 32 random bytes, so one round of SHA-256 is enough: there is nothing to guess (unlike a password).
The prefix is looked up, the hash is compared; a key that is not there costs the same comparison.
"""

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from cases.refusals import StorageTrouble
from cases.vocabulary import Role
from models import ApiKey, Person
from models.unit_of_work import unit_of_work

START: Final = "cg_"
KEY_CHARACTERS_MAX: Final = 128
USE_NOTED_EVERY: Final = timedelta(minutes=10)

_PREFIX_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_NO_HASH = "0" * 64


async def mint(
    tenant_id: UUID,
    name: str,
    *,
    scopes: Iterable[str],
    now: datetime,
    role: Role = Role.INTEGRATION,
    person: Person | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its text, which is shown this once. With a person, the key acts in that person's role."""
    assert person is None or person.tenant_id == tenant_id, "a key acts within one tenant"
    prefix = "".join(secrets.choice(_PREFIX_ALPHABET) for _ in range(10))
    text = f"{START}{prefix}_{secrets.token_urlsafe(32)}"

    async def write() -> ApiKey:
        return await ApiKey.create(
            tenant_id=tenant_id,
            name=name,
            prefix=prefix,
            hash=_hash(text),
            role=person.role if person else role,
            person=person,
            scopes=sorted(scopes),
            expires_at=expires_at,
            created_at=now,
        )

    return await unit_of_work(write), text


async def find(text: str, now: datetime) -> ApiKey | None:
    """The key of this text if it may be used at `now`: known, not revoked, not expired, its person (if any) active."""
    if len(text) > KEY_CHARACTERS_MAX or not text.isascii() or not text.isprintable():
        return None
    prefix = text.removeprefix(START).partition("_")[0]
    key = await ApiKey.get_or_none(prefix=prefix[:16]).select_related("person")
    is_right = hmac.compare_digest(_hash(text), key.hash if key else _NO_HASH)
    if key is None or not is_right:
        return None
    if _has_come(key.revoked_at, now) or _has_come(key.expires_at, now):
        return None
    if key.person is not None and not key.person.active:
        return None
    return key


async def note_use(key: ApiKey, now: datetime) -> None:
    """Remember that the key is in use, to `USE_NOTED_EVERY`."""
    if key.last_used_at is not None and now - key.last_used_at < USE_NOTED_EVERY:
        return

    async def write() -> None:
        await ApiKey.filter(id=key.id).update(last_used_at=now)

    try:
        await unit_of_work(write)
    except StorageTrouble:
        return  # a read must not fail because nobody could note that it was made


def _has_come(instant: datetime | None, now: datetime) -> bool:
    return instant is not None and instant <= now


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()

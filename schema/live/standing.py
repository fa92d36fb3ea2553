"""Standing: whether who opened a socket still is who they were then.

Asked before every message, so all who are asked about in one turn are looked up together. Whoever has another role by
now, belongs to another account, may not come in any more or uses a key that was revoked, has to sign in again.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import models
from cases.conditions import EVERYTHING
from models.reading import by_ids
from schema.transport.session import Session

_PERSON: Final = ("id", "tenant_id", "role", "active")
_CONTACT: Final = ("id", "tenant_id", "account_id")
_KEY: Final = ("id", "revoked_at", "expires_at", "scopes", "role", "person_id")


@dataclass
class Standing:
    """Looks up who is who by now. `clock` gives the present instant."""

    clock: Callable[[], datetime]

    def __post_init__(self) -> None:
        self._asked: dict[Session, bool] = {}
        self._round: asyncio.Task[dict[Session, bool]] | None = None

    async def __call__(self, session: Session) -> bool:
        if session.viewer is None:
            return True
        if self._round is None:
            self._round = asyncio.create_task(self._look_up())
        self._asked[session] = False
        return (await asyncio.shield(self._round))[session]  # who asks no more may not stop the others' answer

    async def _look_up(self) -> dict[Session, bool]:
        await asyncio.sleep(0)  # until all have asked who do so in this turn
        asked, self._asked, self._round = self._asked, {}, None
        return dict(zip(asked, await self._all(list(asked)), strict=True))

    async def _all(self, sessions: Sequence[Session]) -> list[bool]:
        viewers = [session.viewer for session in sessions if session.viewer is not None]
        people = await by_ids(models.Person, _keys(v.person_id for v in viewers), EVERYTHING, columns=_PERSON)
        contacts = await by_ids(models.Contact, _keys(v.contact_id for v in viewers), EVERYTHING, columns=_CONTACT)
        keys = await by_ids(models.ApiKey, _keys(v.key_id for v in viewers), EVERYTHING, columns=_KEY)
        return [self._stands(session, people, contacts, keys) for session in sessions]

    def _stands(self, session: Session, people: Any, contacts: Any, keys: Any) -> bool:
        viewer = session.viewer
        assert viewer is not None
        if viewer.key_id is not None:
            key = keys.get(viewer.key_id)
            if key is None or _has_come(key.revoked_at, self.clock()) or _has_come(key.expires_at, self.clock()):
                return False
            if frozenset(key.scopes) != viewer.scopes or (key.person_id is None and key.role != viewer.role):
                return False
        if viewer.person_id is not None:
            person = people.get(viewer.person_id)
            if person is None or not person.active or person.role != viewer.role:
                return False
        if viewer.contact_id is not None:
            contact = contacts.get(viewer.contact_id)
            return contact is not None and contact.account_id == viewer.account_id
        return True


def _keys(found: Any) -> list[UUID]:
    return list(dict.fromkeys(key for key in found if key is not None))


def _has_come(instant: datetime | None, now: datetime) -> bool:
    return instant is not None and instant <= now

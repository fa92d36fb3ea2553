"""The rows of a tenant that an import refers to by name: found, or made.

People of an import get an address under `.invalid`, which nobody can have (RFC 2606), so nobody can sign in as them;
those to whom something is assigned count as active, the others are there for the history only. Names that differ in
case and punctuation only are one person. Contacts are known by an external id that begins with `servicenow:`.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cases.vocabulary import Role
from imports.names import Kind, Named
from models import Contact, Person, Subject, Team
from models.unit_of_work import after_commit

DOMAIN: Final = "servicenow.invalid"


class Directory:
    """What the tenant has by these names. Remembers what was committed, and nothing of a unit of work that was not."""

    def __init__(self, tenant_id: UUID, now: datetime) -> None:
        self._row: dict[str, Any] = {"tenant_id": tenant_id, "created_at": now}
        self._tenant_id = tenant_id
        self._known: dict[Named, UUID] = {}

    async def ids(self, named: Iterable[Named]) -> dict[Named, UUID]:
        """The ids of what is `named`, inside a unit of work that no other import runs beside."""
        found = dict.fromkeys(named, None)
        ids = {name: self._known[name] for name in found if name in self._known}
        fresh = {name: await self._id(name) for name in found if name not in ids}
        after_commit(lambda: self._known.update(fresh))
        return ids | fresh

    async def _id(self, named: Named) -> UUID:
        match named:
            case Kind.TEAM, (name,):
                return (await self._team(name)).id
            case Kind.CONTACT, (name,):
                return (await self._contact(name)).id
            case Kind.ACTOR, (name,):
                return (await self._person(name, assigned=False)).id
            case Kind.ASSIGNEE, (name,):
                return (await self._person(name, assigned=True)).id
            case _, path:
                return await self._subject(path)

    async def _team(self, name: str) -> Team:
        found = await Team.get_or_none(tenant_id=self._tenant_id, name=name)
        return found or await Team.create(**self._row, name=name)

    async def _contact(self, name: str) -> Contact:
        key = f"servicenow:{name}"[:100]
        found = await Contact.get_or_none(tenant_id=self._tenant_id, external_id=key)
        return found or await Contact.create(**self._row, name=name, external_id=key)

    async def _person(self, name: str, *, assigned: bool) -> Person:
        email = f"{_plain(name) or name.encode().hex()}@{DOMAIN}"
        found = await Person.get_or_none(tenant_id=self._tenant_id, email=email)
        if found is None:
            return await Person.create(**self._row, name=name, email=email, role=Role.AGENT, active=assigned)
        if assigned and not found.active:
            await Person.filter(id=found.id).update(active=True)
        return found

    async def _subject(self, path: tuple[str, ...]) -> UUID:
        parent_id: UUID | None = None
        for name in path:
            # A subject at the root has no parent, and nulls are never equal: only this look tells it is there.
            found = await Subject.filter(tenant_id=self._tenant_id, parent_id=parent_id, name=name).first()
            row = found or await Subject.create(**self._row, parent_id=parent_id, name=name)
            parent_id = row.id
        assert parent_id is not None, "a path has a name in it"
        return parent_id


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-")

"""Checking: the rules of a case, asked of what an act was given, with the rows they need."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from actions.asking import rows_beside
from cases import rules
from cases.conditions import All, Compare, Op
from cases.process import Process, process
from cases.refusals import BadInput, Duplicate
from models.case import Case
from models.catalogue import CaseType, Product
from models.customers import Contact
from models.people import Person
from models.reading import exists


async def check_details(said: Mapping[str, Any], *, tenant_id: UUID, now: datetime) -> None:
    """Raises what is wrong with the details said of a case, all of it at once; Duplicate for a taken external id."""
    case_type = await _row(CaseType, said.get("type_id"))
    if case_type is not None and not case_type.active:
        raise BadInput("Cases of this type are not opened any more.", path=("type_id",))
    product = await _row(Product, said.get("product_id"))
    rules.refuse(_problems(said, product, now))
    external_id = said.get("external_id")
    if external_id is not None:
        taken = All((Compare("tenant_id", Op.EQ, tenant_id), Compare("external_id", Op.EQ, external_id)))
        if await exists(Case, taken):
            raise Duplicate("There is a case with this external id already.", path=("external_id",))


async def check_customer(account_id: UUID | None, contact: Contact | None) -> None:
    """Raises BadInput unless there is a customer, and the contact is one of the account's."""
    rules.refuse(rules.customer(account_id, contact, path=("contact_id",)))


def check_assignee(person: Person | None, *, path: str) -> None:
    """Raises BadInput for somebody who has left."""
    if person is not None and not person.active:
        raise BadInput(f"{person.name} no longer works here.", path=(path,))


async def type_of(case_type_id: UUID | None) -> CaseType | None:
    """The type of a case, if it has one."""
    found: CaseType | None = await _row(CaseType, case_type_id)
    return found


async def process_of(case_type_id: UUID | None) -> Process | None:
    """What a case's type demands beyond the lifecycle; the column is null for a case without a type."""
    row = await _row(CaseType, case_type_id)
    return process(row.moves, row.sequence) if row else None


def tidied(said: Mapping[str, Any]) -> dict[str, Any]:
    """The details as they are stored: white space around a title does not count."""
    return {**said, "title": said["title"].strip()} if "title" in said else dict(said)


def _problems(said: Mapping[str, Any], product: Product | None, now: datetime) -> Iterator[BadInput]:
    if "title" in said:
        yield from rules.title(said["title"])
    if "description" in said:
        yield from rules.description(said["description"])
    yield from rules.external_id(said.get("external_id"))
    yield from rules.deadline(said.get("deadline"), now=now)
    yield from rules.satisfaction(said.get("satisfaction"))
    yield from rules.product(product, path=("product_id",))


async def _row(model: Any, key: UUID | None) -> Any:
    return None if key is None else (await rows_beside(model, [key])).get(key)

"""Splitting: what turned out to be another question becomes a case of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from actions.moves import brought, public_messages
from actions.opening import create_case
from actions.record import record
from cases import lifecycle
from cases.conditions import EVERYTHING
from cases.details import Details
from cases.facts import Fact
from cases.refusals import BadInput, Unknown
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import FactKind, Priority
from models.activities import Activity
from models.case import Case, Message
from models.customers import Account, Contact
from models.reading import by_ids

NONE_OF_THEM: Final[list[Any]] = []


@dataclass(frozen=True)
class Split:
    """The case as it is left, and the new one."""

    case: Case
    new_case: Case


async def split_case(
    case: Case,
    title: str,
    messages: list[Message] = NONE_OF_THEM,
    activities: list[Activity] = NONE_OF_THEM,
    description: str = "",
    priority: Priority | None = None,
    *,
    actor: Viewer,
    now: datetime,
) -> Split:
    """Makes a new case of messages and activities of this one, which move there.

    It is for the same customer, about the same product and subject, of the same type, and as urgent unless `priority`
    says otherwise. Opened now, it has promises of its own, its customer's default entitlement and a place by the rules
    of routing, as any new case has. Both histories name the other.
    """
    lifecycle.step(Standing.of(case), FactKind.SPLIT_OFF)
    if not messages and not activities:
        raise BadInput("Say which messages or activities are to move.", path=("message_ids",))
    _check_its_own(case, messages, "message_ids")
    _check_its_own(case, activities, "activity_ids")
    new = await _opened_beside(case, title, description, priority or case.priority, actor, now)
    moving = {"Message": _ids(messages), "Activity": _ids(activities)}
    public = (await public_messages([case.id], among=moving["Message"]))[case.id] if messages else 0
    moved = {name: len(ids) for name, ids in moving.items() if ids}
    came = {"from_case_id": case.id, "number": case.number, "message_count": public, "moved": moved}
    went = {"to_case_id": new.id, "number": new.number, "message_count": -public, "moved": moved}
    new = await record(new, [Fact(FactKind.SPLIT_OFF, {}, came)], actor=actor, now=now, cause="split_case")
    case = await record(case, [Fact(FactKind.SPLIT_OFF, {}, went)], actor=actor, now=now, cause="split_case")
    await brought(moving, new.id, before=[case.id])
    return Split(case, new)


async def _opened_beside(
    case: Case, title: str, description: str, priority: Priority, actor: Viewer, now: datetime
) -> Case:
    """A new case of the same customer, sorted as this one is."""
    details = Details(
        title=title,
        description=description,
        priority=priority,
        severity=case.severity,
        origin=case.origin,
        type_id=case.type_id,
        subject_id=case.subject_id,
        product_id=case.product_id,
    )
    account = (await by_ids(Account, _keys(case.account_id), EVERYTHING)).get(case.account_id)
    contact = (await by_ids(Contact, _keys(case.contact_id), EVERYTHING)).get(case.contact_id)
    opened = await create_case(details, account or contact, contact, actor=actor, now=max(now, case.updated_at))
    return opened.case


def _check_its_own(case: Case, rows: Iterable[Message | Activity], path: str) -> None:
    """Raises Unknown for what does not belong to the case."""
    if any(row.case_id != case.id for row in rows):
        raise Unknown("This is not on the case.", path=(path,))


def _ids(rows: Iterable[Message | Activity]) -> list[UUID]:
    return [row.id for row in rows]


def _keys(key: UUID | None) -> list[UUID]:
    return [] if key is None else [key]

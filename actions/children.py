"""Opening a child: a case that gets from its parent what is not said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from tortoise.models import Model

from actions.checking import type_of
from actions.doing import UNSAID
from actions.family import ancestors, bounds_of, child_added, parent_of
from actions.opening import open_case
from actions.record import record
from actions.signature import Changes, Spelled, locks_along
from actions.tenant_settings import settings_of
from cases import hierarchy, lifecycle, rules
from cases.conditions import EVERYTHING
from cases.details import Details
from cases.hierarchy import Child
from cases.kinship import Inheritable
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import FactKind
from models.case import Case
from models.customers import Account, Contact
from models.entitlements import Entitlement
from models.fields import uuid7
from models.people import Person, Team
from models.reading import by_ids

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class ChildOpened:
    """The parent, its new child, and other open cases of the child's customer that seem to ask the same."""

    case: Case
    child: Case
    possible_duplicates: Annotated[Sequence[Case], Spelled("list[Case]")]


@locks_along(ancestors)
async def create_child_case(
    case: Case,
    details: Changes,
    customer: Account | Contact = UNSAID,
    contact: Contact | None = UNSAID,
    owner: Person | None = UNSAID,
    team: Team | None = UNSAID,
    entitlement: Entitlement | None = UNSAID,
    decrement_waived: bool = False,
    route: bool = True,
    *,
    actor: Viewer,
    now: datetime,
) -> ChildOpened:
    """Opens a case as a child of another one, which `caseId` names.

    What is not said of it is taken from its parent: title and customer, and what the tenant has chosen beside. Null
    takes nothing. An entitlement that is taken is charged as one that is named; of another customer's case none is.
    What is not taken is as `createCase` has it. Later changes of the parent change no child.
    """
    lifecycle.step(Standing.of(case), FactKind.CHILD_ADDED)
    another = Child(uuid7(), "another")
    rules.refuse(hierarchy.adding(await parent_of(case), [another], await bounds_of(case.tenant_id)))
    chosen = (await settings_of(case.tenant_id)).inherited
    said = {**await _details(case, chosen, now), **details.values}
    if entitlement is UNSAID:
        taken = Inheritable.ENTITLEMENT in chosen and customer is UNSAID
        entitlement = await _row(Entitlement, case.entitlement_id) if taken else None
    theirs: Account | Contact | None = customer
    if customer is UNSAID:
        contact = await _row(Contact, case.contact_id) if contact is UNSAID else contact
        theirs = await _row(Account, case.account_id) or contact
    if owner is UNSAID:
        owner = await _row(Person, case.owner_id) if Inheritable.OWNER in chosen else None
        owner = owner if owner and owner.active else None
    if team is UNSAID:
        team = await _row(Team, case.team_id) if Inheritable.TEAM in chosen else None
    opened = await open_case(
        Details(**said),
        theirs,
        None if contact is UNSAID else contact,
        owner,
        team,
        entitlement,
        decrement_waived,
        route,
        parent=case,
        actor=actor,
        now=now,
        cause="create_child_case",
    )
    case = await record(case, [child_added(opened.case)], actor=actor, now=now, cause="create_child_case")
    others = [one for one in opened.possible_duplicates if case.id not in (one.id, one.parent_id)]
    return ChildOpened(case, opened.case, others)


async def _details(case: Case, chosen: Sequence[Inheritable], now: datetime) -> dict[str, Any]:
    """What a new child gets of its parent's details; a type of which cases are opened no more is not passed on."""
    found = hierarchy.inherited(case, chosen, now)
    case_type = await type_of(found.get("type_id"))
    if case_type is not None and not case_type.active:
        del found["type_id"]
    return found


async def _row(model: type[M], key: UUID | None) -> M | None:
    return None if key is None else (await by_ids(model, [key], EVERYTHING)).get(key)

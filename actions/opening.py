"""Opening a case."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from actions.applying import applied, default_on_create
from actions.candidates import note_assigned
from actions.checking import check_assignee, check_customer, check_details, tidied, type_of
from actions.finding import possible_duplicates
from actions.promising import default_promise
from actions.record import author_of, write_case
from actions.routing import fact_of, routed_on_create
from actions.signature import Spelled
from actions.staging import first_stage
from cases import lifecycle, permissions
from cases.details import Details
from cases.facts import Fact
from cases.history import Actor as Author
from cases.history import Event, fold
from cases.process import process
from cases.refusals import BadInput, NotPermitted
from cases.viewer import Viewer
from cases.vocabulary import FactKind, Role
from models.case import Case
from models.customers import Account, Contact
from models.entitlements import Entitlement
from models.people import Person, Team
from models.reading import by_ids
from models.visibility import visible
from models.writing import next_number
from sla.moments import Row


@dataclass(frozen=True)
class Opened:
    """A new case, and open ones of the same customer that seem to ask the same."""

    case: Case
    possible_duplicates: Annotated[Sequence[Case], Spelled("list[Case]")]


async def create_case(
    details: Details,
    customer: Account | Contact | None = None,
    contact: Contact | None = None,
    owner: Person | None = None,
    team: Team | None = None,
    entitlement: Entitlement | None = None,
    decrement_waived: bool = False,
    route: bool = True,
    *,
    actor: Viewer,
    now: datetime,
) -> Opened:
    """Opens a case for a customer.

    The customer is an account, or a contact; a contact of an account acts for the account. Customers who open a case
    themselves need not say who they are. Without an entitlement the customer's default is applied, if the tenant wants
    that and it fits. A case with `decrementWaived` takes nothing of its entitlement, which not everybody may say.
    `possibleDuplicates` are open cases of the customer that seem to ask the same; the new one is opened all the same.
    """
    return await open_case(
        details, customer, contact, owner, team, entitlement, decrement_waived, route, actor=actor, now=now
    )


async def open_case(
    details: Details,
    customer: Account | Contact | None,
    contact: Contact | None,
    owner: Person | None,
    team: Team | None,
    entitlement: Entitlement | None,
    decrement_waived: bool,
    route: bool,
    *,
    parent: Case | None = None,
    actor: Viewer,
    now: datetime,
    cause: str = "create_case",
) -> Opened:
    """Opens a case, below `parent` if there is one; whether it may be there is checked already."""
    if decrement_waived and not permissions.may(actor, "set_decrement_entitlement"):
        raise NotPermitted(path=("decrement_waived",))
    if actor.role is Role.CUSTOMER and details.external_id is not None:
        raise NotPermitted("Only the staff name cases after other systems.", path=("external_id",))
    if actor.role is Role.CUSTOMER and details.follow_up_at is not None:
        raise NotPermitted("When to look at a case again is for the staff to say.", path=("follow_up_at",))
    if actor.role is Role.CUSTOMER and (owner or team):
        raise NotPermitted("Who works on a case is for the staff to say.", path=("owner_id" if owner else "team_id",))
    account_id, contact = await _customer(customer, contact, actor)
    await check_customer(account_id, contact)
    said = tidied({field.name: getattr(details, field.name) for field in dataclasses.fields(details)})
    await check_details(said, tenant_id=actor.tenant_id, now=now)
    check_assignee(owner, path="owner_id")
    case_type = await type_of(details.type_id)
    standing = lifecycle.opening(process(case_type.moves, case_type.sequence) if case_type else None)
    changes: dict[str, Any] = {
        **said,
        "number": case_number(await next_number(actor.tenant_id, "case")),
        "account_id": account_id,
        "contact_id": contact and contact.id,
        "owner_id": owner and owner.id,
        "team_id": team and team.id,
        "status_reason": standing.reason,
        "stage": first_stage(case_type),
        "decrement_waived": decrement_waived,
        **({"parent_id": parent.id} if parent else {}),
    }
    events = [Event(1, now, Fact(FactKind.OPENED, changes), author_of(actor))]
    entitlement_id = entitlement.id if entitlement else await default_on_create(actor.tenant_id, changes, now)
    if entitlement_id is not None:
        events.append(Event(2, now, applied(entitlement_id), author_of(actor) if entitlement else Author()))
    promised = await default_promise(actor.tenant_id, entitlement_id)
    if promised["sla_version_id"]:
        events.append(Event(len(events) + 1, now, Fact(FactKind.SLA_APPLIED, promised)))
    route = (route or actor.role is Role.CUSTOMER) and not (owner or team)
    decision = await routed_on_create(actor.tenant_id, columns := fold(events).columns) if route else None
    if decision is not None and (routed := fact_of(decision, Row(columns), None)) is not None:
        events.append(Event(len(events) + 1, now, routed))
    case = await write_case(actor.tenant_id, events, cause=cause, silently=False)
    if decision is not None and decision.person_id is not None:
        await note_assigned(actor.tenant_id, decision.person_id, now)
    return Opened(case, await possible_duplicates(case, actor))


def case_number(serial: int) -> str:
    """How the number of a tenant's n-th case is written."""
    return f"CAS-{serial:06}"


async def _customer(
    customer: Account | Contact | None, contact: Contact | None, actor: Viewer
) -> tuple[UUID | None, Contact | None]:
    if customer is None and actor.contact_id is not None:
        found = await by_ids(Contact, [actor.contact_id], visible(Contact, actor))
        customer = found.get(actor.contact_id)
    return customer_columns(customer, contact)


def customer_columns(customer: Account | Contact | None, contact: Contact | None) -> tuple[UUID | None, Contact | None]:
    """The account and the contact of a case for this customer; a contact may be named beside an account."""
    match customer:
        case Contact():
            if contact is not None and contact.id != customer.id:
                raise BadInput("The customer is another contact already.", path=("contact_id",))
            return customer.account_id, customer
        case Account():
            return customer.id, contact
        case None:
            if contact is None:
                raise BadInput("Say who the customer is.", path=("customer_id",))
            return contact.account_id, contact

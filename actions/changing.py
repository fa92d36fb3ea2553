"""Changing what is said of a case, and whose it is."""

from dataclasses import dataclass
from datetime import datetime

from actions.applying import default_on_change, left_behind
from actions.checking import check_assignee, check_customer, check_details, tidied, type_of
from actions.opening import customer_columns
from actions.record import record
from actions.signature import Changes
from actions.staging import first_stage
from cases import lifecycle
from cases.facts import Fact
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import FactKind
from models.case import Case
from models.customers import Account, Contact
from models.entitlements import Entitlement
from models.people import Person, Team


async def update_case(case: Case, changes: Changes, *, actor: Viewer, now: datetime) -> Case:
    """Changes what is said of a case; what is left out stays as it is, and null empties what may be empty.

    A case that gets another type stands at the first stage of it.
    """
    lifecycle.step(Standing.of(case), FactKind.CHANGED)
    said = tidied(changes.values)
    different = {name: value for name, value in said.items() if getattr(case, name) != value}
    await check_details(different, tenant_id=case.tenant_id, now=now)
    if "type_id" in different:
        different["stage"] = first_stage(await type_of(different["type_id"]))
    facts = [Fact(FactKind.CHANGED, different)] if different else []
    if "product_id" in different:
        facts += await default_on_change(case, different, now)
    return await record(case, facts, actor=actor, now=now, cause="update_case")


@dataclass(frozen=True)
class CustomerChanged:
    """A case with another customer, and the entitlement that it had to leave behind, if it was on one."""

    case: Case
    removed_entitlement: Entitlement | None


async def change_case_customer(
    case: Case, customer: Account | Contact, contact: Contact | None = None, *, actor: Viewer, now: datetime
) -> CustomerChanged:
    """Gives a case to another customer. A contact of the former one is left behind, and so is the entitlement.

    `removedEntitlement` is the one that was left behind; it gets back what the case took. The new customer's default is
    applied if the tenant wants that.
    """
    lifecycle.step(Standing.of(case), FactKind.CUSTOMER_CHANGED)
    account_id, contact = customer_columns(customer, contact)
    await check_customer(account_id, contact)
    changes: dict[str, object] = {"account_id": account_id, "contact_id": contact and contact.id}
    if all(getattr(case, name) == value for name, value in changes.items()):
        return CustomerChanged(case, None)
    removed = await left_behind(case, changes, now)
    if removed is not None:
        changes["entitlement_id"] = None
    facts = [Fact(FactKind.CUSTOMER_CHANGED, changes), *await default_on_change(case, changes, now)]
    case = await record(case, facts, actor=actor, now=now, cause="change_case_customer")
    return CustomerChanged(case, removed)


async def assign_case(case: Case, assignee: Person | Team | None, *, actor: Viewer, now: datetime) -> Case:
    """Assigns a case to a person or a team.

    A person gets it within the team that has it; a team gets it without an owner. Null takes it from its owner and
    leaves it with the team.
    """
    lifecycle.step(Standing.of(case), FactKind.ASSIGNED)
    match assignee:
        case Person():
            check_assignee(assignee, path="assignee_id")
            changes = {"owner_id": assignee.id, "team_id": case.team_id}
        case Team():
            changes = {"owner_id": None, "team_id": assignee.id}
        case None:
            changes = {"owner_id": None, "team_id": case.team_id}
    differs = (case.owner_id, case.team_id) != (changes["owner_id"], changes["team_id"])
    facts = [Fact(FactKind.ASSIGNED, changes)] if differs else []
    return await record(case, facts, actor=actor, now=now, cause="assign_case")

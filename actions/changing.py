"""Changing what is said of a case, and whose it is."""

from datetime import datetime

from actions.checking import check_customer, check_details, tidied
from actions.opening import check_assignee, customer_columns
from actions.record import record
from actions.signature import Changes
from cases import lifecycle
from cases.facts import Fact
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import FactKind
from models.case import Case
from models.customers import Account, Contact
from models.people import Person, Team


async def update_case(case: Case, changes: Changes, *, actor: Viewer, now: datetime) -> Case:
    """Changes what is said of a case; what is left out stays as it is, and null empties what may be empty."""
    lifecycle.step(Standing.of(case), FactKind.CHANGED)
    said = tidied(changes.values)
    different = {name: value for name, value in said.items() if getattr(case, name) != value}
    await check_details(different, tenant_id=case.tenant_id, now=now)
    facts = [Fact(FactKind.CHANGED, different)] if different else []
    return await record(case, facts, actor=actor, now=now, cause="update_case")


async def change_case_customer(
    case: Case, customer: Account | Contact, contact: Contact | None = None, *, actor: Viewer, now: datetime
) -> Case:
    """Gives a case to another customer. A contact of the former one is left behind."""
    lifecycle.step(Standing.of(case), FactKind.CUSTOMER_CHANGED)
    account_id, contact = customer_columns(customer, contact)
    await check_customer(account_id, contact)
    changes = {"account_id": account_id, "contact_id": contact and contact.id}
    differs = any(getattr(case, name) != value for name, value in changes.items())
    facts = [Fact(FactKind.CUSTOMER_CHANGED, changes)] if differs else []
    return await record(case, facts, actor=actor, now=now, cause="change_case_customer")


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

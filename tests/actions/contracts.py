"""Contracts for tests: entitlements as managers keep them, through the acts, and what they then say of themselves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from actions import covering, ending, entitling
from cases.viewer import Viewer
from cases.vocabulary import Role
from entitlements.charging import in_terms
from models import Account, Case, Contact, Entitlement, EntitlementBalance, EntitlementPosting
from tests import given
from tests.given import NOW, done

YEAR: Mapping[str, Any] = {
    "allocation": "CASES",
    "decrement_on": "CREATION",
    "starts_on": "2025-01-01",
    "ends_on": "2025-12-31",
}


async def lead() -> Viewer:
    """Somebody who may do everything."""
    return await given.viewer(Role.MANAGER)


async def draft(
    total: float = 10, *, by: Viewer, customer: Any = None, now: datetime = NOW, **said: Any
) -> Entitlement:
    """A draft for 2025 with so many cases, charged on creation unless said otherwise."""
    beside: dict[str, Any] = {name: said.pop(name) for name in ("template", "sla_policy", "name") if name in said}
    shares = said.pop("total_by_channel", None)
    terms: dict[str, Any] = {**YEAR, "total": str(total), **said}
    if shares is not None:
        terms["total_by_channel"] = [{"channel": channel, "total": share} for channel, share in shares.items()]
    customer = customer or await given.account()
    words: dict[str, Any] = {"name": "Support", "customer": customer, "terms": terms, **beside}
    rows = await done(entitling.create_entitlement, by=by, now=now, **words)
    made: Entitlement = rows["entitlement"]
    return made


async def contract(total: float = 10, *, by: Viewer, now: datetime = NOW, **said: Any) -> Entitlement:
    """An entitlement that was activated."""
    made = await draft(total, by=by, now=now, **said)
    rows = await done(entitling.activate_entitlement, by=by, now=now, entitlement=made)
    active: Entitlement = rows["entitlement"]
    return active


async def ready_for(mutation: str, *, by: Viewer, customer: Any) -> Entitlement:
    """An entitlement that stands where the mutation can be done to it."""
    if mutation in ("editEntitlement", "activateEntitlement"):
        return await draft(by=by, customer=customer)
    ends_on = "2025-06-01" if mutation == "renewEntitlement" else "2025-12-31"
    return await contract(by=by, customer=customer, ends_on=ends_on)


async def on(entitlement: Entitlement, *, by: Viewer, now: datetime = NOW, **said: Any) -> Case:
    """A case of the entitlement's customer that is opened on it."""
    return await given.case(by=by, customer=await customer_of(entitlement), now=now, entitlement=entitlement, **said)


async def customer_of(entitlement: Entitlement) -> Account | Contact:
    """Whose it is."""
    if entitlement.account_id is not None:
        return await Account.get(id=entitlement.account_id)
    return await Contact.get(id=entitlement.contact_id)


async def left(entitlement: Entitlement) -> Any:
    """What remains, by the stored balances: a decimal, to be compared with any number."""
    return in_terms(sum(row.remaining for row in await _wholes(entitlement.id)))


async def reserved(entitlement: Entitlement) -> Any:
    return in_terms(sum(row.reserved for row in await _wholes(entitlement.id)))


async def _wholes(entitlement_id: UUID) -> list[EntitlementBalance]:
    return await EntitlementBalance.filter(entitlement_id=entitlement_id, channel="")


async def lines(entitlement: Entitlement, case: Case | None = None) -> list[tuple[str, str, int]]:
    """Kind, trigger and amount of the lines, in order; those about a case, if one is given."""
    rows = EntitlementPosting.filter(entitlement_id=entitlement.id).order_by("at", "id")
    if case is not None:
        rows = rows.filter(case_id=case.id)
    return [(row.kind.value, row.trigger.value, row.amount) for row in await rows]


RESOLVE, CANCEL, REACTIVATE, DELETE = (
    ending.resolve_case,
    ending.cancel_case,
    ending.reactivate_case,
    ending.delete_case,
)
APPLY, REMOVE, FLAG = covering.apply_entitlement, covering.remove_entitlement, covering.set_decrement_entitlement

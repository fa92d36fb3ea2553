"""Which entitlement a case comes to be on by itself: the customer's default, where the tenant wants that."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from actions.charging import Question
from actions.ledger import open_books
from actions.promising import promised_anew
from actions.tenant_settings import settings_of
from actions.terms import entitlement_of
from cases.conditions import EVERYTHING, All, Compare, Op
from cases.facts import Fact
from cases.obstacles import Misfit
from cases.vocabulary import FactKind
from entitlements.coverage import coverage, default_for
from models.case import Case
from models.entitlements import Entitlement
from models.reading import by_ids, select

NOT_THEIRS: Final = frozenset({Misfit.OTHER_CUSTOMER, Misfit.NO_CONTACT, Misfit.OTHER_CONTACT})


def applied(entitlement_id: UUID) -> Fact:
    return Fact(FactKind.ENTITLEMENT_APPLIED, {"entitlement_id": entitlement_id})


async def default_on_create(tenant_id: UUID, columns: Mapping[str, Any], now: datetime) -> UUID | None:
    """The entitlement that a new case with these columns gets, if the tenant wants that."""
    wanted = (await settings_of(tenant_id)).entitlement_on_create
    return await _default(tenant_id, columns, now) if wanted else None


async def default_on_change(case: Case, changes: Mapping[str, Any], now: datetime) -> list[Fact]:
    """What follows from changes of customer or product: another entitlement, if the tenant wants it, and its promises.

    One that somebody chose and that still fits stays.
    """
    at = max(now, case.updated_at)
    columns = {**_columns(case), **changes}
    kept: UUID | None = columns["entitlement_id"]
    facts: list[Fact] = []
    wanted = (await settings_of(case.tenant_id)).entitlement_on_change
    if wanted and not (kept and await _still_fits(kept, columns, at)):
        default = await _default(case.tenant_id, columns, at)
        if default not in (None, kept):
            facts, kept = [applied(default)], default
    if kept != case.entitlement_id:
        facts += await promised_anew(case, kept)
    return facts


async def left_behind(case: Case, changes: Mapping[str, Any], now: datetime) -> Entitlement | None:
    """The entitlement that does not go with a case to another customer: any, but for another contact of the same."""
    if case.entitlement_id is None:
        return None
    entitlement = (await by_ids(Entitlement, [case.entitlement_id], EVERYTHING))[case.entitlement_id]
    before, after = _customer(_columns(case)), _customer(changes)
    question = await Question.of({**_columns(case), **changes})
    found = coverage(entitlement_of(entitlement), question, max(now, case.updated_at), {}, waived=True)
    theirs = not any(uncovered.reason in NOT_THEIRS for uncovered in found.reasons)
    return None if before == after and theirs else entitlement


def _customer(columns: Mapping[str, Any]) -> UUID | None:
    customer: UUID | None = columns["account_id"] or columns["contact_id"]
    return customer


def _columns(case: Case) -> dict[str, Any]:
    names = ("account_id", "contact_id", "product_id", "origin", "entitlement_id", "decrement_waived")
    return {name: getattr(case, name) for name in names}


async def _still_fits(entitlement_id: UUID, columns: Mapping[str, Any], at: datetime) -> bool:
    """Whether the entitlement covers such a case, which need not take another term."""
    entitlement = (await by_ids(Entitlement, [entitlement_id], EVERYTHING))[entitlement_id]
    return coverage(entitlement_of(entitlement), await Question.of(columns), at, {}, waived=True).fits


async def _default(tenant_id: UUID, columns: Mapping[str, Any], at: datetime) -> UUID | None:
    """The customer's default if it fits, locked, so that it still fits when the case is charged."""
    question = await Question.of(columns)
    customers = {question.account_id, question.contact_account_id, question.contact_id} - {None}
    theirs = (Compare("tenant_id", Op.EQ, tenant_id), Compare("default_for", Op.IN, tuple(customers)))
    books = await open_books([row.id for row in await select(Entitlement, All(theirs), columns=("id",))], at)
    waived = columns["decrement_waived"]
    found = default_for(
        coverage(book.entitlement, question, book.instant(at), book.available, waived=waived) for book in books.values()
    )
    return found.entitlement.id if found.entitlement else None

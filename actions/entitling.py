"""Keeping contracts: drafted, activated, amended, ended and renewed. What they grant is posted here."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final
from uuid import UUID

from actions.drafting import checked_scope, drafted
from actions.ledger import Book, follow_dates, keep, lines_of, open_books, post, tell
from actions.record import author_of
from actions.signature import Spelled
from actions.terms import amendment_of, columns_of, entitlement_of, hundredths, read_said, stored, terms_of, under
from cases import rules
from cases.conditions import EVERYTHING, Compare, Op
from cases.refusals import BadInput
from cases.viewer import Viewer
from cases.vocabulary import Origin
from entitlements import lifecycle
from entitlements.allotment import Renewal, adjusted, carried
from entitlements.lifecycle import Amendment
from entitlements.postings import Moment
from entitlements.terms import Entitlement as Contract
from entitlements.terms import Terms
from entitlements.vocabulary import EntitlementAct
from models.customers import Account, Contact
from models.entitlements import Entitlement, EntitlementAmendment, EntitlementTemplate
from models.fields import uuid7
from models.reading import by_ids, select
from models.sla import SlaPolicy
from models.statements import Order

SaidTerms = Annotated[dict[str, Any], Spelled("EntitlementTermsInput")]
SomeTerms = Annotated[dict[str, Any] | None, Spelled("EntitlementTermsInput")]

AS_IT_IS: Final[Any] = object()
"""Stands for a policy of which nothing was said."""


async def create_entitlement(
    name: str,
    customer: Account | Contact,
    terms: SomeTerms = None,
    template: EntitlementTemplate | None = None,
    sla_policy: SlaPolicy | None = None,
    *,
    actor: Viewer,
    now: datetime,
) -> Entitlement:
    """Drafts an entitlement for a company or a person, blank or from a template; what is said goes before the template.

    Its dates are read in the zone of its policy's calendar, or else in the tenant's.
    """
    _check_name(name)
    policy_id = sla_policy.id if sla_policy else template.sla_policy_id if template else None
    account_id, contact_id = (customer.id, None) if isinstance(customer, Account) else (None, customer.id)
    said = await drafted(terms or {}, template.terms if template else {}, policy_id, actor)
    await checked_scope(terms or {}, said, account_id, contact_id, actor)
    return await Entitlement.create(
        id=uuid7(),
        tenant_id=actor.tenant_id,
        created_at=now,
        updated_at=now,
        name=name,
        account_id=account_id,
        contact_id=contact_id,
        sla_policy_id=policy_id,
        template_id=template and template.id,
        **columns_of(said),
    )


async def edit_entitlement(
    entitlement: Entitlement,
    terms: SomeTerms = None,
    name: str | None = None,
    sla_policy: SlaPolicy | None = AS_IT_IS,
    *,
    actor: Viewer,
    now: datetime,
) -> Entitlement:
    """Changes a draft; what is left out stays as it is. What was active already is deactivated before, or amended."""
    book = await _held(entitlement, now)
    changes = await _said(book, terms or {}, actor)
    with under("terms"):
        edited = lifecycle.edit(book.entitlement, changes, await lines_of(entitlement.id), book.instant(now))
    columns: dict[str, Any] = columns_of(edited.terms)
    if name is not None:
        _check_name(name)
        columns["name"] = name
    if sla_policy is not AS_IT_IS:
        columns["sla_policy_id"] = sla_policy and sla_policy.id
    await keep(book, book.instant(now), **columns)
    return book.row


async def activate_entitlement(entitlement: Entitlement, *, actor: Viewer, now: datetime) -> Entitlement:
    """Activates a draft: it waits, is active or has expired, as its dates have it, and its terms are granted.

    One that was renewed with `carryOver` takes over what is left of the one that it follows.
    """
    old_id = entitlement.renewed_from_id if entitlement.carry_over else None
    books = await open_books({key for key in (entitlement.id, old_id) if key}, now)
    book = books[entitlement.id]
    await _check_policy(book.row)
    moment = Moment(book.instant(now), author_of(actor), "activate_entitlement")
    before = await lines_of(entitlement.id)
    with under("entitlement_id"):
        activated, lines = lifecycle.activate(book.entitlement, before, moment)
    await post(book, lines)
    await _amended(book, stored(_all(activated.terms)), moment, "")
    await _stands(book, activated, moment.at)
    if old_id is not None:
        await _carry(books[old_id], book, moment)
    await follow_dates(book, moment.at)
    return book.row


async def deactivate_entitlement(entitlement: Entitlement, *, actor: Viewer, now: datetime) -> Entitlement:
    """Makes an entitlement a draft again, to be edited. What its cases took stays; it is nobody's default any more."""
    book = await _held(entitlement, now)
    at = book.instant(now)
    await _stands(book, lifecycle.deactivate(book.entitlement, at), at)
    return book.row


async def amend_entitlement(
    entitlement: Entitlement,
    terms: SaidTerms,
    note: str = "",
    sla_policy: SlaPolicy | None = AS_IT_IS,
    *,
    actor: Viewer,
    now: datetime,
) -> Entitlement:
    """Changes the terms of an entitlement that is active or waits, from now on. What they were stays known.

    What it grants in the current period follows at once; earlier periods stay as they are.
    """
    rules.refuse(rules.text(note, 500, ("note",)))
    book = await _held(entitlement, now)
    changes = await _said(book, terms, actor)
    moment = Moment(book.instant(now), author_of(actor), "amend_entitlement")
    number = await _next_number(entitlement.id)
    with under("terms"):
        amendment = Amendment(number=number, moment=moment, changes=changes, note=note)
        amended, lines = lifecycle.amend(book.entitlement, amendment, await lines_of(entitlement.id))
    columns = columns_of(amended.terms)
    if sla_policy is not AS_IT_IS:
        columns["sla_policy_id"] = sla_policy and sla_policy.id
    await keep(book, moment.at, **columns)
    await _check_policy(book.row)
    await post(book, lines)
    await _amended(book, stored(changes), moment, note)
    await _stands(book, amended, moment.at)
    return book.row


async def adjust_entitlement(
    entitlement: Entitlement,
    amount: Decimal,
    note: str,
    channel: Origin | None = None,
    *,
    actor: Viewer,
    now: datetime,
) -> Entitlement:
    """Corrects what is left of the current period by hand, up or down, and keeps why. `amount` is in terms."""
    rules.refuse(rules.text(note, 500, ("note",), required=True))
    book = await _held(entitlement, now)
    at = book.instant(now)
    lifecycle.check(EntitlementAct.ADJUST, book.entitlement, at)
    line = adjusted(
        entitlement.id,
        book.entitlement.terms,
        await lines_of(entitlement.id),
        hundredths(amount, ("amount",)),
        Moment(at, author_of(actor), "adjust_entitlement"),
        channel=channel,
    )
    await post(book, [line], note=note)
    return book.row


async def cancel_entitlement(entitlement: Entitlement, *, actor: Viewer, now: datetime) -> Entitlement:
    """Ends an entitlement before its time, for good. Cases that are on it stay charged as they were."""
    book = await _held(entitlement, now)
    at = book.instant(now)
    await _stands(book, lifecycle.cancel(book.entitlement, at), at)
    return book.row


async def renew_entitlement(
    entitlement: Entitlement, carry_over: bool = False, *, actor: Viewer, now: datetime
) -> Entitlement:
    """Drafts an entitlement that follows one that has expired or was canceled: as many days, from today on.

    The total is granted anew when it is activated; with `carryOver` what is left of the old one comes to it.
    """
    book = await _held(entitlement, now)
    renewed = lifecycle.renew(book.entitlement, uuid7(), book.instant(now))
    return await Entitlement.create(
        id=renewed.id,
        tenant_id=entitlement.tenant_id,
        created_at=now,
        updated_at=now,
        name=entitlement.name,
        account_id=renewed.account_id,
        contact_id=renewed.contact_id,
        sla_policy_id=entitlement.sla_policy_id,
        template_id=entitlement.template_id,
        renewed_from_id=entitlement.id,
        carry_over=carry_over,
        **columns_of(renewed.terms),
    )


async def set_default_entitlement(entitlement: Entitlement, *, actor: Viewer, now: datetime) -> Entitlement:
    """Makes an active entitlement the one that its customer's cases get by default, instead of any other."""
    book = await _held(entitlement, now)
    at = book.instant(now)
    lifecycle.check(EntitlementAct.SET_DEFAULT, book.entitlement, at)
    customer_id = entitlement.account_id or entitlement.contact_id
    others = Entitlement.filter(tenant_id=entitlement.tenant_id, default_for=customer_id)
    await others.exclude(id=entitlement.id).update(default_for=None)
    await keep(book, at, default_for=customer_id)
    return book.row


async def terms_in_force(row: Entitlement, at: datetime) -> Terms:
    """The terms of an entitlement as they were at `at`; those of a draft as they are."""
    found = await select(EntitlementAmendment, Compare("entitlement_id", Op.EQ, row.id), order=(Order("number"),))
    if not found:
        return terms_of(row)
    amendments = [amendment_of(one) for one in found]
    return lifecycle.terms_at(Terms(**amendments[0].changes), amendments, at)


async def _held(entitlement: Entitlement, now: datetime) -> Book:
    return (await open_books([entitlement.id], now))[entitlement.id]


async def _said(book: Book, said: Mapping[str, Any], actor: Viewer) -> dict[str, Any]:
    """The changes that a client says, with the rows that they name looked up."""
    with under("terms"):
        changes = read_said(said)
    await checked_scope(said, None, book.row.account_id, book.row.contact_id, actor)
    return changes


async def _stands(book: Book, contract: Contract, at: datetime) -> None:
    """Stores where a contract stands after an act."""
    columns: dict[str, Any] = {"state": contract.state, "next_at": lifecycle.next_change_at(contract, at)}
    if not contract.is_default:
        columns["default_for"] = None
    if contract.state is not book.row.state:
        await tell(book.row, at, state=contract.state)
    await keep(book, at, **columns)


async def _carry(old: Book, new: Book, moment: Moment) -> None:
    """Moves what is left of an entitlement to the one that renews it."""
    of, to = entitlement_of(old.row), entitlement_of(new.row)
    renewal = Renewal(old_id=of.id, old_terms=of.terms, new_id=to.id, new_terms=to.terms)
    lines = carried(renewal, await lines_of(of.id), moment, posted_to_new=await lines_of(to.id))
    for book in (old, new):
        await post(book, [line for line in lines if line.entitlement_id == book.row.id])


async def _amended(book: Book, changes: dict[str, Any], moment: Moment, note: str) -> None:
    await EntitlementAmendment.create(
        id=uuid7(),
        tenant_id=book.row.tenant_id,
        created_at=moment.at,
        entitlement_id=book.row.id,
        number=await _next_number(book.row.id),
        at=moment.at,
        changes=changes,
        note=note,
        actor_person_id=moment.actor.person_id,
    )


async def _next_number(entitlement_id: UUID) -> int:
    newest = await select(
        EntitlementAmendment,
        Compare("entitlement_id", Op.EQ, entitlement_id),
        order=(Order("number", descending=True),),
        limit=1,
    )
    return newest[0].number + 1 if newest else 1


def _all(terms: Terms) -> dict[str, Any]:
    return dict(vars(terms))


async def _check_policy(row: Entitlement) -> None:
    if row.sla_policy_id is None:
        return
    policy = (await by_ids(SlaPolicy, [row.sla_policy_id], EVERYTHING))[row.sla_policy_id]
    if not policy.active:
        raise BadInput("The policy of this entitlement is not active.", path=("entitlement_id",))


def _check_name(name: str) -> None:
    rules.refuse(rules.text(name, 200, ("name",), required=True))

"""Charging: what the history of a case means to the ledger, posted wherever history grows.

`record` tells it every step, so that no act can forget to charge. Which entitlement a case is on is read from its
columns before and after the step: whoever changes the column replaces, applies or removes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from actions.hours import opening_hours_of
from actions.ledger import Book, lines_of, open_books, post
from cases.conditions import EVERYTHING
from cases.history import CaseState, Event
from cases.vocabulary import FactKind, Origin, Status
from entitlements import coverage
from entitlements.burn import Work, burned
from entitlements.charging import Charge, happening, postings_for
from entitlements.postings import Moment
from entitlements.terms import PERCENT
from entitlements.vocabulary import Allocation, Happening
from models.customers import Contact
from models.reading import by_ids


@dataclass(frozen=True)
class Step:
    """One event of a case, with the case before it (null for the first) and after it."""

    before: CaseState | None
    event: Event
    after: CaseState


@dataclass(frozen=True)
class Question:
    """A case, as far as it decides what covers it."""

    account_id: UUID | None
    contact_id: UUID | None
    contact_account_id: UUID | None
    product_id: UUID | None
    origin: Origin

    @classmethod
    async def of(cls, columns: Any) -> "Question":
        """The question that a case with these columns asks."""
        account_id, contact_id = columns["account_id"], columns["contact_id"]
        account_of_contact = None
        if account_id is None and contact_id is not None:
            account_of_contact = (await by_ids(Contact, [contact_id], EVERYTHING))[contact_id].account_id
        return cls(account_id, contact_id, account_of_contact, columns["product_id"], columns["origin"])


@dataclass(frozen=True)
class Held:
    """What steps of a case mean to which entitlements, and these, locked."""

    told: Sequence[tuple[Step, UUID, Happening]]
    books: Mapping[UUID, Book]


async def hold(steps: Sequence[Step]) -> Held:
    """Locks the entitlements that these steps concern; before the case is written.

    A case that is written with its entitlement shares a lock on that row already (the foreign key is checked): two
    such transactions that then both wanted it alone would wait for each other.
    """
    told = [(step, *each) for step in steps for each in _told(step)]
    books = await open_books({entitlement_id for _, entitlement_id, _ in told}, told[-1][0].event.at) if told else {}
    return Held(told, books)


async def charge(case_id: UUID, held: Held, cause: str) -> None:
    """Posts what the steps of a case mean to the entitlements it is and was on.

    Raises NotCovered or EntitlementExhausted if the case is put on one that does not fit, or that has too little left.
    """
    for step, entitlement_id, what in held.told:
        await _tell(held.books[entitlement_id], case_id, step, what, cause)


def _told(step: Step) -> Iterator[tuple[UUID, Happening]]:
    """Which entitlements a step concerns, and how: the one it leaves first."""
    columns, kind = step.after.columns, step.event.fact.kind
    old = cast(UUID | None, step.before.columns["entitlement_id"]) if step.before else None
    new = cast(UUID | None, columns["entitlement_id"])
    if old != new:
        if old is not None:
            yield old, _leaving(kind, new)
        if new is not None:
            yield new, Happening.APPLIED
    elif new is None or step.before is None or kind is FactKind.CUSTOMER_CHANGED:
        return
    elif step.before.columns["decrement_waived"] != columns["decrement_waived"]:
        yield new, Happening.FLAGGED if columns["decrement_waived"] else Happening.UNFLAGGED
    else:
        what = happening(kind, cast(Status, step.before.columns["status"]))
        if what is not None:
            yield new, what


def _leaving(kind: FactKind, new: UUID | None) -> Happening:
    if kind is FactKind.CUSTOMER_CHANGED:
        return Happening.CUSTOMER_CHANGED
    return Happening.REMOVED if new is None else Happening.REPLACED


async def _tell(book: Book, case_id: UUID, step: Step, what: Happening, cause: str) -> None:
    columns, entitlement, event = step.after.columns, book.entitlement, step.event
    at = book.instant(event.at)
    waived = cast(bool, columns["decrement_waived"])
    if what is Happening.APPLIED:
        coverage.check(entitlement, await Question.of(columns), at, book.available, waived=waived)
    told = Charge(
        entitlement_id=entitlement.id,
        terms=entitlement.terms,
        case_id=case_id,
        channel=cast(Origin, columns["origin"]),
        waived=waived,
    )
    lines = postings_for(
        what,
        told,
        await lines_of(entitlement.id, case_id),
        book.available,
        Moment(at, event.actor, cause),
        burned=await _burned(book, step, at) if what is Happening.RESOLVED else 0,
    )
    await post(book, lines, event_number=event.number)


async def _burned(book: Book, step: Step, at: datetime) -> int:
    """What a resolution takes of hours: its billable minutes, as worked when the case was resolved."""
    terms = book.entitlement.terms
    if terms.allocation is not Allocation.HOURS:
        return 0
    minutes = cast(int, step.event.fact.details.get("billable_minutes", 0))
    hours = await opening_hours_of(book.row) if terms.after_hours_percent != PERCENT else None
    product_id = cast(UUID | None, step.after.columns["product_id"])
    return burned([Work(minutes, at, at)], terms, product_id=product_id, hours=hours)

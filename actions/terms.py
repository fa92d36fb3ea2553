"""Rows of entitlements as the values that the ledger is decided with, and terms as they are said and stored."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, Final
from uuid import UUID

from cases.history import Actor
from cases.refusals import BadInput, Refused, Several
from cases.vocabulary import Origin
from entitlements.lifecycle import Amendment
from entitlements.postings import Account, Moment, Posting
from entitlements.rules import LIMIT
from entitlements.terms import Entitlement, Terms
from entitlements.vocabulary import TERM, Allocation, DecrementOn, OveragePolicy, Period
from models.entitlements import Entitlement as EntitlementRow
from models.entitlements import EntitlementAmendment, EntitlementBalance
from models.fields import uuid7
from models.postings import EntitlementPosting

NAMES: Final = tuple(field.name for field in fields(Terms))
"""The names of all terms, which are those of the columns."""

NULLABLE: Final = frozenset({"overage", "roll_over_limit"})
MANDATORY: Final = ("allocation", "decrement_on", "starts_on", "ends_on")
"""What a new entitlement cannot do without."""
QUANTITIES: Final = frozenset({"total", "roll_over_limit"})
COLLECTIONS: Final = frozenset({"total_by_channel", "product_ids", "contact_ids", "percent_by_product"})
MOST_LISTED: Final = 100


def entitlement_of(row: EntitlementRow) -> Entitlement:
    """The row as a value."""
    return Entitlement(
        id=row.id,
        state=row.state,
        terms=terms_of(row),
        account_id=row.account_id,
        contact_id=row.contact_id,
        is_default=row.default_for is not None,
    )


def terms_of(row: EntitlementRow) -> Terms:
    """The terms of a row, as they are now."""
    return Terms(**{name: _READERS.get(name, _itself)(getattr(row, name)) for name in NAMES})


def columns_of(terms: Terms) -> dict[str, Any]:
    """The columns that keep terms: lists and mappings as JSON, the others as they are."""
    said = {name: getattr(terms, name) for name in NAMES}
    return {name: stored({name: value})[name] if name in COLLECTIONS else value for name, value in said.items()}


def stored(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Terms by name as JSON: quantities in 1/100 term, rows by their keys."""
    return {name: _stored(value) for name, value in changes.items()}


def _stored(value: Any) -> Any:
    match value:
        case frozenset():
            return sorted(str(each) for each in value)
        case Mapping():
            return {str(_stored(key)): each for key, each in value.items()}
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case _:
            return value


def read_stored(changes: Mapping[str, Any]) -> dict[str, Any]:
    """What `stored` made JSON of."""
    return {name: _READERS.get(name, _itself)(value) for name, value in changes.items()}


def _itself(value: Any) -> Any:
    return value


def _date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "allocation": Allocation,
    "decrement_on": DecrementOn,
    "overage": lambda value: OveragePolicy(value) if value else None,
    "period": Period,
    "starts_on": _date,
    "ends_on": _date,
    "total_by_channel": lambda value: {Origin(channel): share for channel, share in value.items()},
    "product_ids": lambda value: frozenset(map(UUID, value)),
    "contact_ids": lambda value: frozenset(map(UUID, value)),
    "percent_by_product": lambda value: {UUID(product): percent for product, percent in value.items()},
}


def read_said(said: Mapping[str, Any]) -> dict[str, Any]:
    """Terms as a client says them: quantities in terms with two digits, lists of `{channel, total}` and of rates.

    Raises BadInput for what cannot be a term.
    """
    found: dict[str, Any] = {}
    for name, value in said.items():
        if name not in NAMES:
            raise BadInput("There is no such term.", path=(name,))
        if value is None and name not in NULLABLE:
            raise BadInput("This cannot be null; leave it out if nothing is to change.", path=(name,))
        found[name] = value if value is None else _read(name, value)
    return found


def _read(name: str, value: Any) -> Any:
    match name:
        case _ if name in QUANTITIES:
            return hundredths(value, (name,))
        case "total_by_channel":
            shares = {share["channel"]: share["total"] for share in _few(name, value)}
            return {Origin(channel): hundredths(total, (name, channel)) for channel, total in shares.items()}
        case "percent_by_product":
            return {_key(rate["product"], name): rate["percent"] for rate in _few(name, value)}
        case "product_ids" | "contact_ids":
            return frozenset(_key(each, name) for each in _few(name, value))
        case _:
            return _READERS.get(name, _itself)(value)


def _few(name: str, listed: list[Any]) -> list[Any]:
    if len(listed) > MOST_LISTED:
        raise BadInput(f"At most {MOST_LISTED} can be listed.", path=(name,))
    return listed


def _key(value: Any, name: str) -> UUID:
    try:
        return value if isinstance(value, UUID) else UUID(value)
    except ValueError:
        return UUID(int=0)  # names no row, and is refused as a missing one is


def hundredths(value: Decimal | int | str, path: tuple[str | int, ...]) -> int:
    """A quantity of terms in 1/100 term. Raises BadInput for one with more digits, or that is none."""
    try:
        amount = Decimal(value)
        if amount.is_finite() and abs(amount) <= LIMIT // TERM:
            exact = amount.scaleb(2)
            if exact == int(exact):
                return int(exact)
    except InvalidOperation:
        pass
    raise BadInput(f"This must be a number of terms with two digits, up to {LIMIT // TERM}.", path=path)


@contextmanager
def under(*place: str, beside: Iterable[str] = ()) -> Iterator[None]:
    """Lets refusals name their place below `place` in the input, but for the names that stand `beside` it."""
    apart = frozenset(beside)
    try:
        yield
    except Several as several:
        raise Several(problems=[_below(problem, place, apart) for problem in several.problems]) from several
    except BadInput as problem:
        raise _below(problem, place, apart) from problem


def _below(problem: Any, place: tuple[str, ...], apart: frozenset[str]) -> Any:
    if not problem.path or problem.path[0] in apart:
        return problem
    refused: Refused = type(problem)(problem.message, path=(*place, *problem.path))
    return refused


def posting_of(row: EntitlementPosting) -> Posting:
    """A line as a value."""
    return Posting(
        entitlement_id=row.entitlement_id,
        pool=row.pool,
        channel=row.channel,
        kind=row.kind,
        amount=row.amount,
        overage=row.overage,
        waived=row.waived,
        case_id=row.case_id,
        trigger=row.trigger,
        cycle=row.cycle,
        moment=Moment(row.at, Actor(row.actor_person_id, row.actor_contact_id), row.cause),
    )


def row_of(posting: Posting, tenant_id: UUID, *, event_number: int | None = None, note: str = "") -> EntitlementPosting:
    """A line as a row."""
    return EntitlementPosting(
        id=uuid7(),
        tenant_id=tenant_id,
        created_at=posting.at,
        entitlement_id=posting.entitlement_id,
        pool=posting.pool,
        channel=posting.channel,
        kind=posting.kind,
        amount=posting.amount,
        overage=posting.overage,
        waived=posting.waived,
        case_id=posting.case_id,
        subject_id=posting.key.subject_id,
        trigger=posting.trigger,
        cycle=posting.cycle,
        at=posting.at,
        actor_person_id=posting.moment.actor.person_id,
        actor_contact_id=posting.moment.actor.contact_id,
        cause=posting.moment.cause,
        event_number=event_number,
        note=note,
    )


def account_of(row: EntitlementBalance) -> Account:
    """What a stored balance is the balance of."""
    return Account(row.pool, Origin(row.channel) if row.channel else None)


def amendment_of(row: EntitlementAmendment) -> Amendment:
    """A stored amendment as a value."""
    moment = Moment(row.at, Actor(row.actor_person_id))
    return Amendment(number=row.number, moment=moment, changes=read_stored(row.changes), note=row.note)

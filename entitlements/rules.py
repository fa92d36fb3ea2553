"""Rules: what may be said in an entitlement. Each yields the problems it finds; `cases.rules.refuse` raises them."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Final, Protocol
from uuid import UUID
from zoneinfo import available_timezones

from cases import rules
from cases.refusals import BadInput
from entitlements.terms import PERCENT, Terms
from entitlements.vocabulary import Allocation, DecrementOn, OveragePolicy, Period

LIMIT: Final = 10**13
"""The largest quantity, in 1/100 term: a hundred thousand million terms, as in the reference system."""
YEARS_MAX: Final = 100
PERCENTS: Final = range(0, 10_001)
YEARS: Final = range(1900, 9000)


class Contact(Protocol):
    """As much of a contact as an entitlement has to know."""

    @property
    def id(self) -> UUID: ...

    @property
    def account_id(self) -> UUID | None: ...


def problems(terms: Terms) -> Iterator[BadInput]:
    """What is wrong with terms, draft or not."""
    yield from _dates(terms)
    yield from _quantities(terms)
    yield from _policies(terms)
    yield from _burn(terms)


def activation_problems(terms: Terms) -> Iterator[BadInput]:
    """What a draft may leave open and an active entitlement may not."""
    yield from problems(terms)
    if 0 <= terms.total < sum(terms.total_by_channel.values()):
        yield BadInput("The channels have more than the total together.", path=("total_by_channel",))


def scope_problems(
    *,
    account_id: UUID | None,
    contact_id: UUID | None,
    contacts: Collection[Contact] = (),
    products: Mapping[UUID, rules.Product] | None = None,
) -> Iterator[BadInput]:
    """What is wrong with whose an entitlement is, and what it covers.

    The customer is an account or a contact; listed contacts belong to the account; listed products can be had.
    """
    if (account_id is None) is (contact_id is None):
        yield BadInput("An entitlement has one customer: an account or a contact.", path=("customer",))
    for number, contact in enumerate(contacts):
        if (contact.account_id != account_id) if account_id else (contact.id != contact_id):
            yield BadInput("This contact does not belong to the customer.", path=("contact_ids", number))
    for number, product in enumerate((products or {}).values()):
        yield from rules.product(product, path=("product_ids", number))


def _dates(terms: Terms) -> Iterator[BadInput]:
    if terms.zone not in _zones():
        yield BadInput("This is no time zone, such as Europe/Paris.", path=("zone",))
    for name, day in (("starts_on", terms.starts_on), ("ends_on", terms.ends_on)):
        if day.year not in YEARS:
            yield BadInput(f"The year must lie from {YEARS[0]} to {YEARS[-1]}.", path=(name,))
    if terms.ends_on < terms.starts_on:
        yield BadInput("The end lies before the start.", path=("ends_on",))
    elif terms.ends_on.year - terms.starts_on.year > YEARS_MAX:
        yield BadInput(f"An entitlement lasts {YEARS_MAX} years at most.", path=("ends_on",))


def _quantities(terms: Terms) -> Iterator[BadInput]:
    said: dict[rules.Path, int] = {("total",): terms.total}
    said |= {("total_by_channel", channel.value): share for channel, share in terms.total_by_channel.items()}
    if terms.roll_over_limit is not None:
        said[("roll_over_limit",)] = terms.roll_over_limit
    for path, quantity in said.items():
        if not 0 <= quantity <= LIMIT:
            yield BadInput(f"This must be a number of terms from 0 to {LIMIT // 100}.", path=path)
    if not terms.counts:
        if terms.total:
            yield BadInput("Coverage by dates counts nothing, so there is no total.", path=("total",))
        if terms.total_by_channel:
            yield BadInput("Coverage by dates counts nothing, so channels have no share.", path=("total_by_channel",))
        if terms.restrict:
            yield BadInput("Coverage by dates is never used up.", path=("restrict",))


def _policies(terms: Terms) -> Iterator[BadInput]:
    if terms.allocation is Allocation.HOURS and terms.decrement_on is DecrementOn.CREATION:
        yield BadInput("Hours are known when a case is resolved, not when it is created.", path=("decrement_on",))
    if terms.restrict and terms.overage is OveragePolicy.ALLOW:
        yield BadInput("Restricted, it cannot be overdrawn; refuse or bill what goes beyond.", path=("overage",))
    if not terms.restrict and terms.overage is OveragePolicy.REFUSE:
        yield BadInput("To refuse what goes beyond, restrict the entitlement.", path=("overage",))
    if terms.period is Period.ONCE and (terms.rolls_over or terms.roll_over_limit is not None):
        yield BadInput("There is no period after which anything could roll over.", path=("rolls_over",))
    elif terms.roll_over_limit is not None and not terms.rolls_over:
        yield BadInput("Nothing rolls over, so there is nothing to limit.", path=("roll_over_limit",))
    if terms.period is not Period.ONCE and not terms.counts:
        yield BadInput("Coverage by dates has no periods.", path=("period",))


def _burn(terms: Terms) -> Iterator[BadInput]:
    rates: dict[rules.Path, int] = {("after_hours_percent",): terms.after_hours_percent}
    rates |= {("percent_by_product", str(product)): percent for product, percent in terms.percent_by_product.items()}
    for path, percent in rates.items():
        if percent not in PERCENTS:
            yield BadInput(f"This must be a number of percent from 0 to {PERCENTS[-1]}.", path=path)
        elif percent != PERCENT and terms.allocation is not Allocation.HOURS:
            yield BadInput("Only hours burn at a rate.", path=path)


def day_problems(day: date, *, not_before: date, path: str) -> Iterator[BadInput]:
    """A date that must not have passed."""
    if day < not_before:
        yield BadInput("This date has passed already.", path=(path,))


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    """Names of places; the last ones are files beside them, another thing on each machine."""
    return frozenset(available_timezones() - {"localtime", "Factory", "posixrules"})

"""Coverage: which entitlements fit a case, and every reason why the others do not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from cases.obstacles import Misfit
from cases.refusals import NotCovered, Uncovered
from cases.vocabulary import EntitlementState, Origin
from entitlements.charging import exhausted
from entitlements.days import pool_at
from entitlements.lifecycle import state_at
from entitlements.postings import Account
from entitlements.terms import Entitlement, Terms
from entitlements.vocabulary import TERM, Allocation

SENTENCES: Final[Mapping[Misfit, str]] = {
    Misfit.DRAFT: "It has not been activated.",
    Misfit.WAITING: "It has not begun yet.",
    Misfit.EXPIRED: "It has expired.",
    Misfit.CANCELED: "It was canceled.",
    Misfit.OTHER_CUSTOMER: "It belongs to another customer.",
    Misfit.NO_CONTACT: "It is for certain contacts only, and the case names none.",
    Misfit.OTHER_CONTACT: "It is for other contacts.",
    Misfit.NO_PRODUCT: "It is for certain products only, and the case names none.",
    Misfit.OTHER_PRODUCT: "It is for other products.",
    Misfit.OTHER_CHANNEL: "It grants nothing for this channel.",
    Misfit.NO_TERMS_LEFT: "It is used up.",
    Misfit.NO_CHANNEL_TERMS_LEFT: "What it grants for this channel is used up.",
}
USED_UP: Final = frozenset({Misfit.NO_TERMS_LEFT, Misfit.NO_CHANNEL_TERMS_LEFT})
MISFIT_BY_STATE: Final = {
    EntitlementState.DRAFT: Misfit.DRAFT,
    EntitlementState.WAITING: Misfit.WAITING,
    EntitlementState.EXPIRED: Misfit.EXPIRED,
    EntitlementState.CANCELED: Misfit.CANCELED,
}


class Question(Protocol):
    """As much of a case as decides what covers it. `contact_account_id` is the account its contact belongs to."""

    @property
    def account_id(self) -> UUID | None: ...

    @property
    def contact_id(self) -> UUID | None: ...

    @property
    def contact_account_id(self) -> UUID | None: ...

    @property
    def product_id(self) -> UUID | None: ...

    @property
    def origin(self) -> Origin: ...


@dataclass(frozen=True)
class Coverage:
    """Whether an entitlement fits a case: it does if there are no `reasons` why it does not."""

    entitlement: Entitlement
    reasons: tuple[Uncovered, ...]

    @property
    def fits(self) -> bool:
        return not self.reasons


def coverage(
    entitlement: Entitlement,
    question: Question,
    at: datetime,
    available: Mapping[Account, int],
    *,
    waived: bool = False,
) -> Coverage:
    """Whether `entitlement` fits a case at `at`, with all reasons if not, in the order of `Misfit`.

    `available` says what can be drawn from its accounts, with the grants due by then. A `waived` case, flagged "do not
    decrement", takes nothing, so that it does not matter what is left.
    """
    found = [
        *_state_misfits(entitlement, at),
        *_customer_misfits(entitlement, question),
        *_product_misfits(entitlement.terms, question),
        *_quantity_misfits(entitlement.terms, question.origin, at, available, waived),
    ]
    return Coverage(entitlement, tuple(Uncovered(misfit, SENTENCES[misfit]) for misfit in found))


def check(
    entitlement: Entitlement,
    question: Question,
    at: datetime,
    available: Mapping[Account, int],
    *,
    waived: bool = False,
) -> None:
    """Raises NotCovered if the entitlement does not fit, EntitlementExhausted if all it lacks is terms."""
    reasons = coverage(entitlement, question, at, available, waived=waived).reasons
    if not reasons:
        return
    if {uncovered.reason for uncovered in reasons} <= USED_UP:
        channel = question.origin if reasons[0].reason is Misfit.NO_CHANNEL_TERMS_LEFT else None
        left = available.get(Account(pool_at(entitlement.terms, at), channel), 0)
        raise exhausted(need(entitlement.terms), left, channel)
    sentences = " ".join(uncovered.message for uncovered in reasons)
    raise NotCovered(f"This entitlement does not cover the case. {sentences}", reasons=reasons)


@dataclass(frozen=True)
class Default:
    """The customer's default for a case: null if there is none, or if several would do, which are then `contested`."""

    entitlement: Entitlement | None
    contested: tuple[Entitlement, ...] = ()


def default_for(candidates: Iterable[Coverage]) -> Default:
    """The one default that fits. Where two could pay, an account's and its contact's, neither is chosen silently."""
    fitting = tuple(
        candidate.entitlement for candidate in candidates if candidate.fits and candidate.entitlement.is_default
    )
    return Default(fitting[0]) if len(fitting) == 1 else Default(None, fitting)


def need(terms: Terms) -> int:
    """What has to be left for one more case: a term, or the smallest part of an hour."""
    return TERM if terms.allocation is Allocation.CASES else 1


def _state_misfits(entitlement: Entitlement, at: datetime) -> list[Misfit]:
    misfit = MISFIT_BY_STATE.get(state_at(entitlement, at))
    return [misfit] if misfit else []


def _customer_misfits(entitlement: Entitlement, question: Question) -> list[Misfit]:
    """The customer is the case's account or contact, or the account of a contact who asks without naming it."""
    if entitlement.account_id is not None:
        account_id = question.account_id or question.contact_account_id
        if account_id != entitlement.account_id:
            return [Misfit.OTHER_CUSTOMER]
    elif question.contact_id != entitlement.contact_id:
        return [Misfit.OTHER_CUSTOMER]
    listed = entitlement.terms.contact_ids
    if not listed or question.contact_id in listed:
        return []
    return [Misfit.NO_CONTACT if question.contact_id is None else Misfit.OTHER_CONTACT]


def _product_misfits(terms: Terms, question: Question) -> list[Misfit]:
    if not terms.product_ids or question.product_id in terms.product_ids:
        return []
    return [Misfit.NO_PRODUCT if question.product_id is None else Misfit.OTHER_PRODUCT]


def _quantity_misfits(
    terms: Terms, channel: Origin, at: datetime, available: Mapping[Account, int], waived: bool
) -> list[Misfit]:
    """What restricts. A channel without a share, while others have one, gets nothing of a restricted entitlement; of
    an unrestricted one it counts on the total only.
    """
    if not terms.counts or not terms.restrict:
        return []
    if terms.total_by_channel and channel not in terms.total_by_channel:
        return [Misfit.OTHER_CHANNEL]
    if waived:
        return []
    pool = pool_at(terms, at)
    misfits = [Misfit.NO_TERMS_LEFT] if available.get(Account(pool), 0) < need(terms) else []
    tag = terms.tag(channel)
    if tag is not None and available.get(Account(pool, tag), 0) < need(terms):
        misfits.append(Misfit.NO_CHANNEL_TERMS_LEFT)
    return misfits

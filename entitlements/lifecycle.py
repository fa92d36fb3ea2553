"""Lifecycle: where an entitlement stands at an instant, and what can be done to it there.

Dates need nobody's help: an entitlement that was activated waits, is active or has expired by the instant at which it
is looked at, whatever state was last stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from cases import rules
from cases.refusals import BadInput, IllegalStep
from cases.vocabulary import EntitlementState
from entitlements.allotment import granted, next_due_at, overdrawn
from entitlements.days import ends_at, starts_at
from entitlements.postings import Moment, Posting
from entitlements.rules import activation_problems, day_problems, problems
from entitlements.terms import Entitlement, Terms
from entitlements.vocabulary import EntitlementAct

BY_DATES: Final = frozenset({EntitlementState.WAITING, EntitlementState.ACTIVE, EntitlementState.EXPIRED})
"""The states of an entitlement that was activated: which of them it is in, its dates say."""

STATES_BY_ACT: Final[Mapping[EntitlementAct, Sequence[EntitlementState]]] = {
    EntitlementAct.EDIT: (EntitlementState.DRAFT,),
    EntitlementAct.ACTIVATE: (EntitlementState.DRAFT,),
    EntitlementAct.DEACTIVATE: (EntitlementState.WAITING, EntitlementState.ACTIVE),
    EntitlementAct.AMEND: (EntitlementState.WAITING, EntitlementState.ACTIVE),
    EntitlementAct.ADJUST: (EntitlementState.WAITING, EntitlementState.ACTIVE, EntitlementState.EXPIRED),
    EntitlementAct.CANCEL: (EntitlementState.WAITING, EntitlementState.ACTIVE),
    EntitlementAct.RENEW: (EntitlementState.EXPIRED, EntitlementState.CANCELED),
    EntitlementAct.SET_DEFAULT: (EntitlementState.ACTIVE,),
}
"""In which states an act is possible; a state that is not listed has no such step."""

FIXED: Final = frozenset({"allocation", "starts_on", "zone", "period"})
"""What never changes once something was granted: postings are counted in it."""
FIXED_WHILE_ACTIVE: Final = FIXED | {"decrement_on"}


def state_at(entitlement: Entitlement, at: datetime) -> EntitlementState:
    """Where the entitlement stands at `at`. Its last date is included, to the end of that day in its zone."""
    if entitlement.state not in BY_DATES:
        return entitlement.state
    return dated_state(entitlement.terms, at)


def dated_state(terms: Terms, at: datetime) -> EntitlementState:
    """Where an activated entitlement of these terms stands at `at`."""
    if at < starts_at(terms):
        return EntitlementState.WAITING
    return EntitlementState.ACTIVE if at < ends_at(terms) else EntitlementState.EXPIRED


def next_change_at(entitlement: Entitlement, at: datetime) -> datetime | None:
    """When dates next change the state or the ledger, after `at`: for the worker's index. Null if never."""
    if entitlement.state not in BY_DATES:
        return None
    instants = (starts_at(entitlement.terms), ends_at(entitlement.terms), next_due_at(entitlement.terms, at))
    return min((instant for instant in instants if instant is not None and instant > at), default=None)


def check(act: EntitlementAct, entitlement: Entitlement, at: datetime) -> None:
    """Raises IllegalStep if the act is not possible where the entitlement stands at `at`."""
    state = state_at(entitlement, at)
    allowed = STATES_BY_ACT[act]
    if state not in allowed:
        possible = " or ".join(each.value.lower() for each in allowed)
        raise IllegalStep(
            f"This entitlement is {state.value.lower()}; to do this it would have to be {possible}.",
            state=state,
            allowed=allowed,
        )


def activate(entitlement: Entitlement, posted: Iterable[Posting], moment: Moment) -> tuple[Entitlement, list[Posting]]:
    """The draft as its dates have it now, waiting, active or expired; and the grants to post.

    A draft that was active before is granted only what changed. Raises IllegalStep, BadInput or Several.
    """
    check(EntitlementAct.ACTIVATE, entitlement, moment.at)
    rules.refuse(activation_problems(entitlement.terms))
    before = tuple(posted)
    lines = granted(entitlement.id, entitlement.terms, before, moment)
    _refuse_overdrawn(entitlement.terms, [*before, *lines])
    return replace(entitlement, state=dated_state(entitlement.terms, moment.at)), list(lines)


def deactivate(entitlement: Entitlement, at: datetime) -> Entitlement:
    """The entitlement as a draft again, to be edited. What was posted stays. Raises IllegalStep."""
    check(EntitlementAct.DEACTIVATE, entitlement, at)
    return replace(entitlement, state=EntitlementState.DRAFT, is_default=False)


def cancel(entitlement: Entitlement, at: datetime) -> Entitlement:
    """The entitlement, ended for good. Cases that are on it stay charged as they were. Raises IllegalStep."""
    check(EntitlementAct.CANCEL, entitlement, at)
    return replace(entitlement, state=EntitlementState.CANCELED, is_default=False)


def renew(entitlement: Entitlement, new_id: UUID, at: datetime) -> Entitlement:
    """A draft for as many days as the old one had, from today in its zone on; nothing of the old one changes.

    The total is granted anew when the draft is activated; `allotment.carried` brings over what was left. Products,
    contacts and channels stay, the default mark does not. Raises IllegalStep.
    """
    check(EntitlementAct.RENEW, entitlement, at)
    old = entitlement.terms
    today = at.astimezone(ZoneInfo(old.zone)).date()
    terms = replace(old, starts_on=today, ends_on=today + (old.ends_on - old.starts_on))
    return replace(entitlement, id=new_id, state=EntitlementState.DRAFT, terms=terms, is_default=False)


def edit(entitlement: Entitlement, changes: Mapping[str, Any], posted: Iterable[Posting], at: datetime) -> Entitlement:
    """The draft with other terms. Of one that was active before, what its postings are counted in stays.

    Raises IllegalStep, BadInput or Several; ValueError for a name that is no field of Terms.
    """
    check(EntitlementAct.EDIT, entitlement, at)
    _refuse_fixed(entitlement.terms, changes, FIXED if any(True for _ in posted) else frozenset())
    terms = replace(entitlement.terms, **_known(changes))
    rules.refuse(problems(terms))
    return replace(entitlement, terms=terms)


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """A change of active terms, and its place among them: number 1 is the first. `changes` are the new values."""

    number: int
    moment: Moment
    changes: Mapping[str, Any]
    note: str = ""


def amend(
    entitlement: Entitlement, amendment: Amendment, posted: Iterable[Posting]
) -> tuple[Entitlement, list[Posting]]:
    """The entitlement with amended terms, and what to post for them in the current pool.

    An end may be moved, but not into the past. Raises IllegalStep, BadInput or Several; BadInput also if the
    entitlement is restricted and more has been used or reserved than would be granted.
    """
    at = amendment.moment.at
    check(EntitlementAct.AMEND, entitlement, at)
    _refuse_fixed(entitlement.terms, amendment.changes, FIXED_WHILE_ACTIVE)
    terms = replace(entitlement.terms, **_known(amendment.changes))
    rules.refuse(activation_problems(terms))
    if terms.ends_on != entitlement.terms.ends_on:
        today = at.astimezone(ZoneInfo(terms.zone)).date()
        rules.refuse(day_problems(terms.ends_on, not_before=today, path="ends_on"))
    before = tuple(posted)
    lines = granted(entitlement.id, terms, before, amendment.moment)
    _refuse_overdrawn(terms, [*before, *lines])
    return replace(entitlement, terms=terms, state=dated_state(terms, at)), list(lines)


def terms_at(original: Terms, amendments: Iterable[Amendment], at: datetime) -> Terms:
    """The terms as they were at `at`; amendments may come in any order."""
    terms = original
    for amendment in sorted(amendments, key=lambda amendment: amendment.number):
        if amendment.moment.at <= at:
            terms = replace(terms, **_known(amendment.changes))
    return terms


def _known(changes: Mapping[str, Any]) -> Mapping[str, Any]:
    if strange := changes.keys() - {field.name for field in fields(Terms)}:
        raise ValueError(f"terms have no {', '.join(sorted(strange))}")
    return changes


def _refuse_fixed(terms: Terms, changes: Mapping[str, Any], fixed: frozenset[str]) -> None:
    changed = sorted(name for name in fixed & changes.keys() if changes[name] != getattr(terms, name))
    rules.refuse(
        BadInput("This cannot be changed any more; please create a new one.", path=(name,)) for name in changed
    )


def _refuse_overdrawn(terms: Terms, lines: Sequence[Posting]) -> None:
    if terms.restrict and overdrawn(lines):
        raise BadInput("More than this has been used or reserved already.", path=("total",))

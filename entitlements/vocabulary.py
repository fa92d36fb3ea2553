"""The words of entitlements; those that refusals speak as well are in `cases.vocabulary`."""

from enum import auto
from typing import Final

from cases.vocabulary import Word

TERM: Final = 100
"""One term, a case or an hour, in the unit of the ledger."""


class Allocation(Word):
    """What is counted: cases, hours, or nothing at all but the dates."""

    CASES = auto()
    HOURS = auto()
    COVERAGE = auto()


class DecrementOn(Word):
    """When a case is charged. Hours are known at resolution only."""

    CREATION = auto()
    RESOLUTION = auto()


class OveragePolicy(Word):
    """What becomes of a draw beyond the balance: it is refused, makes the balance negative, or is billed."""

    REFUSE = auto()
    ALLOW = auto()
    BILL = auto()


class Period(Word):
    """How often the total is granted anew, counted from the start date: once, or every so often."""

    ONCE = auto()
    MONTH = auto()
    QUARTER = auto()
    YEAR = auto()


class PostingKind(Word):
    """What a line of the ledger does. Reservations are visible, not spent."""

    GRANT = auto()
    CONSUME = auto()
    REVERSE = auto()
    RESERVE = auto()
    RELEASE = auto()
    ADJUST = auto()
    EXPIRE = auto()
    ROLL_OVER = auto()


HOLDS: Final = frozenset({PostingKind.RESERVE, PostingKind.RELEASE})
"""Kinds that move what is reserved; all others move what remains."""


class Trigger(Word):
    """Which slot of the ledger a line fills: once per entitlement, case and cycle.

    `UNAPPLY` and `UNRESOLVE` have the cycle of what they undo, so that nothing can be undone twice.
    """

    APPLY = auto()
    UNAPPLY = auto()
    RESOLVE = auto()
    UNRESOLVE = auto()
    GRANT = auto()
    AMEND = auto()
    ADJUST = auto()
    LAPSE = auto()
    CARRY = auto()


UNDONE_BY: Final = {Trigger.APPLY: Trigger.UNAPPLY, Trigger.RESOLVE: Trigger.UNRESOLVE}
ABOUT_A_CASE: Final = frozenset({*UNDONE_BY, *UNDONE_BY.values()})


class EntitlementAct(Word):
    """What can be done to an entitlement; `entitlements.lifecycle` says in which state."""

    EDIT = auto()
    ACTIVATE = auto()
    DEACTIVATE = auto()
    AMEND = auto()
    ADJUST = auto()
    CANCEL = auto()
    RENEW = auto()
    SET_DEFAULT = auto()


class Happening(Word):
    """What happens to a case, as far as the entitlement it is on has to know."""

    APPLIED = auto()
    REPLACED = auto()
    REMOVED = auto()
    CUSTOMER_CHANGED = auto()
    RESOLVED = auto()
    CANCELED = auto()
    REACTIVATED = auto()
    MERGED = auto()
    UNMERGED = auto()
    DELETED = auto()
    FLAGGED = auto()
    UNFLAGGED = auto()

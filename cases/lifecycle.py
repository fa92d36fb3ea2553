"""Lifecycle: which step may follow where a case stands.

Two levels, both tables. `TRANSITIONS` says which facts may happen in which status; a pair that is not in it does not
happen. `REASONS` says which status reasons a fact may lead to; a case type may narrow them or demand a sequence of them
(`process`).
The diagram in ARCHITECTURE.md is printed from the first table: `python -m cases.lifecycle`.

Nothing here reads history, a clock or a table: a standing comes in, a standing goes out or a refusal is raised.
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Final

from cases.process import UNNARROWED, Process
from cases.refusals import IllegalTransition
from cases.standing import WORKING_REASONS, Standing
from cases.vocabulary import PAUSE_REASONS, STATUS_BY_REASON, FactKind, Status, StatusReason

__all__ = ["REASONS", "TRANSITIONS", "Process", "Standing", "diagram", "following", "opening", "settle", "step"]

TRANSITIONS: Final[Mapping[tuple[Status, FactKind], Status]] = {
    (Status.ACTIVE, FactKind.CHANGED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.CUSTOMER_CHANGED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.ASSIGNED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.COMMENTED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.PROGRESSED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.SUSPENDED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.RESUMED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.STAGE_ADVANCED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.RESOLVED): Status.RESOLVED,
    (Status.ACTIVE, FactKind.CANCELED): Status.CANCELED,
    (Status.RESOLVED, FactKind.CLOSED): Status.CLOSED,
    (Status.RESOLVED, FactKind.REACTIVATED): Status.ACTIVE,
    (Status.CANCELED, FactKind.REACTIVATED): Status.ACTIVE,
    (Status.CLOSED, FactKind.REACTIVATED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.SLA_APPLIED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.ENTITLEMENT_APPLIED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.ENTITLEMENT_REMOVED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.DECREMENT_WAIVED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.DECREMENT_RESTORED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.QUEUED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.PICKED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.RELEASED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.ROUTED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.UNQUEUED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.ARTICLE_LINKED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.ARTICLE_UNLINKED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.ACTIVITY_CREATED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.ACTIVITY_CHANGED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.ACTIVITY_COMPLETED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.ACTIVITY_CANCELED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.FILE_ATTACHED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.FILE_DELETED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.MERGED): Status.CANCELED,
    (Status.CANCELED, FactKind.UNMERGED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.ABSORBED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.RETURNED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.SPLIT_OFF): Status.ACTIVE,
    (Status.ACTIVE, FactKind.PARENT_SET): Status.ACTIVE,
    (Status.ACTIVE, FactKind.CHILD_ADDED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.CHILD_REMOVED): Status.ACTIVE,
    # A case whose parent is deleted, or that leaves it, is as it was but for that, whatever became of it.
    (Status.ACTIVE, FactKind.PARENT_CLEARED): Status.ACTIVE,
    (Status.RESOLVED, FactKind.PARENT_CLEARED): Status.RESOLVED,
    (Status.CANCELED, FactKind.PARENT_CLEARED): Status.CANCELED,
    (Status.CLOSED, FactKind.PARENT_CLEARED): Status.CLOSED,
    # Where the case above it went into another one, that is above it now; and back.
    (Status.ACTIVE, FactKind.PARENT_REPLACED): Status.ACTIVE,
    (Status.RESOLVED, FactKind.PARENT_REPLACED): Status.RESOLVED,
    (Status.CANCELED, FactKind.PARENT_REPLACED): Status.CANCELED,
    (Status.CLOSED, FactKind.PARENT_REPLACED): Status.CLOSED,
    # What caused or blocks another case is often over by the time somebody sees that it did.
    (Status.ACTIVE, FactKind.LINKED): Status.ACTIVE,
    (Status.RESOLVED, FactKind.LINKED): Status.RESOLVED,
    (Status.CANCELED, FactKind.LINKED): Status.CANCELED,
    (Status.CLOSED, FactKind.LINKED): Status.CLOSED,
    (Status.ACTIVE, FactKind.UNLINKED): Status.ACTIVE,
    (Status.RESOLVED, FactKind.UNLINKED): Status.RESOLVED,
    (Status.CANCELED, FactKind.UNLINKED): Status.CANCELED,
    (Status.CLOSED, FactKind.UNLINKED): Status.CLOSED,
    (Status.ACTIVE, FactKind.URGED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.ESCALATED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.DEESCALATED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.INTERNAL_RECORDED): Status.ACTIVE,
    (Status.ACTIVE, FactKind.RESPONSE_RECORDED): Status.ACTIVE,
    # Who wants to hear of a case may say so whatever became of it.
    (Status.ACTIVE, FactKind.FOLLOWED): Status.ACTIVE,
    (Status.RESOLVED, FactKind.FOLLOWED): Status.RESOLVED,
    (Status.CANCELED, FactKind.FOLLOWED): Status.CANCELED,
    (Status.CLOSED, FactKind.FOLLOWED): Status.CLOSED,
    (Status.ACTIVE, FactKind.UNFOLLOWED): Status.ACTIVE,
    (Status.RESOLVED, FactKind.UNFOLLOWED): Status.RESOLVED,
    (Status.CANCELED, FactKind.UNFOLLOWED): Status.CANCELED,
    (Status.CLOSED, FactKind.UNFOLLOWED): Status.CLOSED,
    # What a clock ran into is announced whatever became of the case meanwhile.
    (Status.ACTIVE, FactKind.SLA_ANNOUNCED): Status.ACTIVE,
    (Status.RESOLVED, FactKind.SLA_ANNOUNCED): Status.RESOLVED,
    (Status.CANCELED, FactKind.SLA_ANNOUNCED): Status.CANCELED,
    (Status.CLOSED, FactKind.SLA_ANNOUNCED): Status.CLOSED,
    # A rule may tell people of a case that has just ended.
    (Status.ACTIVE, FactKind.AUTOMATED): Status.ACTIVE,
    (Status.RESOLVED, FactKind.AUTOMATED): Status.RESOLVED,
    (Status.CANCELED, FactKind.AUTOMATED): Status.CANCELED,
    (Status.CLOSED, FactKind.AUTOMATED): Status.CLOSED,
    # Deletion is open from everywhere: spam is deleted while active, and a customer's right to erasure does not end
    # when a case is closed. The status stays for the ledger (an open case gives its term back); nothing follows.
    (Status.ACTIVE, FactKind.DELETED): Status.ACTIVE,
    (Status.RESOLVED, FactKind.DELETED): Status.RESOLVED,
    (Status.CANCELED, FactKind.DELETED): Status.CANCELED,
    (Status.CLOSED, FactKind.DELETED): Status.CLOSED,
}
"""`OPENED` is not in it: before it there is no status. See `opening`."""

REASONS: Final[Mapping[FactKind, Sequence[StatusReason]]] = {
    FactKind.PROGRESSED: WORKING_REASONS,
    FactKind.SUSPENDED: (
        StatusReason.SUSPENDED,
        StatusReason.ON_HOLD,
        StatusReason.WAITING_FOR_DETAILS,
        StatusReason.WAITING_FOR_PROBLEM,
        StatusReason.WAITING_FOR_VENDOR,
        StatusReason.WAITING_FOR_EVIDENCE,
    ),
    FactKind.RESUMED: WORKING_REASONS,
    FactKind.RESOLVED: (StatusReason.PROBLEM_SOLVED, StatusReason.INFORMATION_PROVIDED),
    # The reason MERGED is missing on purpose: only a merge leaves a survivor to point to.
    FactKind.CANCELED: (StatusReason.CANCELED,),
    FactKind.MERGED: (StatusReason.MERGED,),
    # Whichever the case had before it was merged.
    FactKind.UNMERGED: tuple(reason for reason, status in STATUS_BY_REASON.items() if status is Status.ACTIVE),
    FactKind.CLOSED: (StatusReason.CLOSED,),
    FactKind.REACTIVATED: WORKING_REASONS,
}
"""The reasons a fact may lead to, the one taken by default first. Facts that are not here leave the reason as it is."""

_BETWEEN_CASES: Final = (FactKind.MERGED, FactKind.UNMERGED)
"""Steps that take another case: nothing to suggest to somebody who has one."""


def opening(narrowed_by: Process | None = None) -> Standing:
    """Where a case stands when it was just opened: active and new, or at the first step of its type's sequence."""
    sequence = (narrowed_by or UNNARROWED).sequence
    return Standing(Status.ACTIVE, sequence[0] if sequence else StatusReason.NEW)


def step(
    standing: Standing, kind: FactKind, to: StatusReason | None = None, *, narrowed_by: Process | None = None
) -> Standing:
    """Where a case stands after a fact of `kind`.

    `to` chooses among the reasons the fact may lead to; without it the first that may follow is taken. A step to the
    reason the case already has is none. A paused case does not progress, it resumes: a pause ends in one way only.

    Raises IllegalTransition if the fact may not happen here, or may not lead to that reason.
    """
    if (standing.status, kind) not in TRANSITIONS:
        raise _illegal(standing, kind, to, narrowed_by)
    if kind not in REASONS:
        if to not in (None, standing.reason):
            raise _illegal(standing, kind, to, narrowed_by)
        return standing
    reasons = following(standing, kind, narrowed_by=narrowed_by)
    if not reasons or to not in (None, *reasons):
        raise _illegal(standing, kind, to, narrowed_by)
    return settle(standing, kind, to or reasons[0])


def following(standing: Standing, kind: FactKind, *, narrowed_by: Process | None = None) -> tuple[StatusReason, ...]:
    """The reasons to which a fact of `kind` may lead from here, the default first; none if it may not happen."""
    if (standing.status, kind) not in TRANSITIONS:
        return ()
    if (standing.reason is StatusReason.MERGED) is not (kind is FactKind.UNMERGED):
        # A merged case lives on in its survivor: reactivated, it would be the same question asked twice.
        return ()
    if kind in (FactKind.PROGRESSED, FactKind.RESUMED) and standing.is_paused is not (kind is FactKind.RESUMED):
        return ()
    process = narrowed_by or UNNARROWED
    return tuple(
        reason
        for reason in REASONS.get(kind, ())
        if reason is not standing.reason and process.permits(standing, kind, reason)
    )


def settle(
    standing: Standing, kind: FactKind, reason: StatusReason, paused_from: StatusReason | None = None
) -> Standing:
    """Where a fact that did happen leaves a case, whatever its type would say today.

    A pause ends at the step at which it began, unless `paused_from` says at which: that of a case that was merged.

    Raises ValueError if no lifecycle can have allowed it: a broken history, not a refusal.
    """
    try:
        status = TRANSITIONS[standing.status, kind]
    except KeyError:
        raise ValueError(f"{kind} does not happen to a case that is {standing.status}") from None
    return Standing(status, reason, (paused_from or standing.worked_at) if reason in PAUSE_REASONS else None)


def diagram() -> str:
    """`TRANSITIONS` as a Mermaid state diagram, in the order of the table. Deleted cases leave it."""
    kinds_by_move: dict[tuple[str, str], list[str]] = {}
    for (before, kind), after in TRANSITIONS.items():
        move = (before.value, "[*]" if kind is FactKind.DELETED else after.value)
        kinds_by_move.setdefault(move, []).append(kind.value.lower())
    moves = {("[*]", Status.ACTIVE.value): ["opened"], **kinds_by_move}
    lines = [f"    {before} --> {after}: {', '.join(kinds)}" for (before, after), kinds in moves.items()]
    return "\n".join(["stateDiagram-v2", *lines, ""])


def _illegal(
    standing: Standing, kind: FactKind, to: StatusReason | None, narrowed_by: Process | None
) -> IllegalTransition:
    reasons_by_kind: Mapping[FactKind, tuple[StatusReason, ...]] = {
        other: following(standing, other, narrowed_by=narrowed_by) for other in REASONS if other not in _BETWEEN_CASES
    }
    anywhere = tuple(dict.fromkeys(reason for reasons in reasons_by_kind.values() for reason in reasons))
    allowed = tuple(dict.fromkeys(STATUS_BY_REASON[reason] for reason in anywhere))
    allowed_reasons = reasons_by_kind.get(kind) or anywhere
    if (standing.status, kind) in TRANSITIONS:
        impossible = f"A case that is {_spoken([standing.reason])} cannot make this step."
        possible = _spoken(allowed_reasons)
    else:
        impossible = f"This is not possible while the case is {_spoken([standing.status])}."
        possible = _spoken(allowed)
    return IllegalTransition(
        f"{impossible} It can become {possible}." if possible else f"{impossible} It stays as it is.",
        from_=standing.status,
        to=STATUS_BY_REASON[REASONS[kind][0]] if kind in REASONS else standing.status,
        allowed=allowed,
        from_reason=standing.reason,
        to_reason=to,
        allowed_reasons=allowed_reasons,
    )


def _spoken(words: Sequence[Status | StatusReason]) -> str:
    """As a customer would read it: "in progress, on hold or canceled"."""
    *others, last = ("", *(word.value.lower().replace("_", " ") for word in words))
    return " or ".join(filter(None, [", ".join(others[1:]), last]))


if __name__ == "__main__":
    sys.stdout.write(diagram())

"""Putting a case on an entitlement, taking it off, and saying that it takes nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from actions.applying import applied
from actions.ledger import lines_of
from actions.promising import promised_anew
from actions.record import record
from actions.signature import Spelled
from cases import lifecycle, rules
from cases.conditions import EVERYTHING
from cases.facts import Fact
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import FactKind
from entitlements.charging import SAID
from entitlements.vocabulary import DecrementOn, Happening, PostingKind, Trigger
from models.case import Case
from models.entitlements import Entitlement
from models.reading import by_ids


async def apply_entitlement(case: Case, entitlement: Entitlement, *, actor: Viewer, now: datetime) -> Case:
    """Puts a case on an entitlement that covers it; one that it was on gets back what the case took.

    The entitlement's policy makes the promises from now on, unless somebody chose another by hand.
    """
    lifecycle.step(Standing.of(case), FactKind.ENTITLEMENT_APPLIED)
    if case.entitlement_id == entitlement.id:
        return case
    facts = [applied(entitlement.id), *await promised_anew(case, entitlement.id)]
    return await record(case, facts, actor=actor, now=now, cause="apply_entitlement")


async def remove_entitlement(case: Case, *, actor: Viewer, now: datetime) -> Case:
    """Takes a case off its entitlement, which gets back what the case took. The default policy holds again."""
    lifecycle.step(Standing.of(case), FactKind.ENTITLEMENT_REMOVED)
    if case.entitlement_id is None:
        return case
    facts = [Fact(FactKind.ENTITLEMENT_REMOVED, {"entitlement_id": None}), *await promised_anew(case, None)]
    return await record(case, facts, actor=actor, now=now, cause="remove_entitlement")


@dataclass(frozen=True)
class DecrementSet:
    """The case, and what its flag means for it from now on."""

    case: Case
    consequence: Annotated[str, Spelled("str")]


async def set_decrement_entitlement(
    case: Case, decrement: bool, note: str = "", *, actor: Viewer, now: datetime
) -> DecrementSet:
    """Says whether a case takes anything of its entitlement: false for what was our own fault.

    What was taken already stays taken, and what was not is not taken afterwards; `consequence` says what that means for
    this case.
    """
    kind = FactKind.DECREMENT_RESTORED if decrement else FactKind.DECREMENT_WAIVED
    lifecycle.step(Standing.of(case), kind)
    rules.refuse(rules.text(note, rules.COMMENT_LIMIT, ("note",)))
    facts = []
    if case.decrement_waived is decrement:
        facts = [Fact(kind, {"decrement_waived": not decrement}, {"note": note} if note else {})]
    case = await record(case, facts, actor=actor, now=now, cause="set_decrement_entitlement")
    return DecrementSet(case, await _consequence(case, decrement))


async def _consequence(case: Case, decrement: bool) -> str:
    if case.entitlement_id is None:
        return "The case is on no entitlement; what is said holds for the one that it will be on."
    what = Happening.UNFLAGGED if decrement else Happening.FLAGGED
    return SAID[what, await _rule(case.id, case.entitlement_id)]


async def _rule(case_id: UUID, entitlement_id: UUID) -> DecrementOn:
    """The rule under which a case was put on its entitlement; of one that counts nothing, its own."""
    lines = [line for line in await lines_of(entitlement_id, case_id) if line.trigger is Trigger.APPLY]
    if lines:
        last = max(lines, key=lambda line: line.cycle)
        return DecrementOn.CREATION if last.kind is PostingKind.CONSUME else DecrementOn.RESOLUTION
    return (await by_ids(Entitlement, [entitlement_id], EVERYTHING))[entitlement_id].decrement_on

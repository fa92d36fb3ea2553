"""Urging and escalating: saying that a case cannot wait."""

from datetime import datetime, timedelta
from typing import Final

from actions.notifying import members_at_work
from actions.record import record
from actions.tenant_settings import settings_of
from cases import lifecycle, rules
from cases.conditions import All, Compare, Op
from cases.facts import Fact
from cases.standing import Standing
from cases.urging import NobodyToUrge, UrgedRecently
from cases.viewer import Viewer
from cases.vocabulary import FactKind
from models.case import Case, CaseEvent
from models.people import Membership
from models.reading import exists, first
from models.statements import Order

NOTE_LIMIT: Final = 500


async def urge_case(case: Case, note: str = "", *, actor: Viewer, now: datetime) -> Case:
    """Urges whoever works on a case to see to it: its owner, or if nobody has it everybody in its team.

    Declined with `UrgedRecently` if you did so a short while ago, and with `NobodyToUrge` if nobody would hear it.
    """
    lifecycle.step(Standing.of(case), FactKind.URGED)
    rules.refuse(rules.text(note, NOTE_LIMIT, ("note",)))
    if not await _is_heard(case, actor):
        raise NobodyToUrge()
    again_at = await _again_at(case, actor)
    if again_at is not None and now < again_at:
        raise UrgedRecently(again_at=again_at)
    urged = Fact(FactKind.URGED, details={"note": note} if note else {})
    return await record(case, [urged], actor=actor, now=now, cause="urge_case")


async def escalate_case(case: Case, reason: str = "", escalated: bool = True, *, actor: Viewer, now: datetime) -> Case:
    """Raises a flag beside the title of a case, for everybody to see, or takes it down.

    Who has the case and who follows it is told. What stands so already stays so.
    """
    kind = FactKind.ESCALATED if escalated else FactKind.DEESCALATED
    lifecycle.step(Standing.of(case), kind)
    rules.refuse(rules.text(reason, NOTE_LIMIT, ("reason",), required=escalated))
    if escalated is (case.escalated_at is not None):
        return case
    fact = Fact(kind, details={"reason": reason} if reason else {})
    return await record(case, [fact], actor=actor, now=now, cause="escalate_case")


async def _is_heard(case: Case, actor: Viewer) -> bool:
    """Whether anybody but the one who urges would be told."""
    if case.owner_id is not None:
        return case.owner_id != actor.person_id
    if case.team_id is None:
        return False
    others = Compare("person_id", Op.NIN, (actor.person_id,))
    return await exists(Membership, All((members_at_work((case.team_id,)), others)))


async def _again_at(case: Case, actor: Viewer) -> datetime | None:
    """When whoever urges may do so again, if they did before."""
    mine = (
        Compare("actor_person_id", Op.EQ, actor.person_id)
        if actor.person_id
        else Compare("actor_contact_id", Op.EQ, actor.contact_id)
    )
    urged = All((Compare("case_id", Op.EQ, case.id), Compare("kind", Op.EQ, FactKind.URGED), mine))
    last = await first(CaseEvent, urged, order=(Order("number", descending=True),))
    if last is None:
        return None
    return last.at + timedelta(minutes=(await settings_of(case.tenant_id)).urge_minutes)

"""Recording what did not happen here: a note for few eyes, an answer that was given elsewhere."""

from datetime import datetime
from typing import Final

from actions.record import record
from cases import lifecycle, rules
from cases.conditions import All, Compare, Op
from cases.facts import Fact
from cases.refusals import BadInput, NotPermitted
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import Audience, FactKind, Origin, Role
from models.case import Case
from models.internal_records import InternalRecord
from models.kpi_instances import SlaKpiInstance
from models.reading import exists

BODY_LIMIT: Final = 20_000


async def add_internal_record(case: Case, body: str, *, actor: Viewer, now: datetime) -> tuple[Case, InternalRecord]:
    """Adds a record that only the case's owner and the administrators can read: whoever owns it at the time.

    It is not found by searching, and others do not see that it was written.
    """
    if actor.role is not Role.ADMIN and (actor.person_id is None or actor.person_id != case.owner_id):
        raise NotPermitted("Internal records are for the owner of the case and the administrators.")
    lifecycle.step(Standing.of(case), FactKind.INTERNAL_RECORDED)
    rules.refuse(rules.text(body, BODY_LIMIT, ("body",), required=True))
    written = await InternalRecord.create(
        tenant_id=case.tenant_id,
        case_id=case.id,
        body=body,
        author_id=actor.person_id,
        created_at=max(now, case.updated_at),
    )
    fact = Fact(FactKind.INTERNAL_RECORDED)
    return await record(case, [fact], actor=actor, now=now, cause="add_internal_record"), written


async def record_response(
    case: Case,
    origin: Origin = Origin.VOICE,
    at: datetime | None = None,
    kpi: str | None = None,
    note: str = "",
    *,
    actor: Viewer,
    now: datetime,
) -> Case:
    """Records that the customer was answered elsewhere, by telephone for example: promises of an answer are kept.

    `at` is when it was, if not just now; clocks count it there, but not before what happened on the case since, so
    that a breach that was told stays one. `kpi` keeps that promise alone.
    """
    lifecycle.step(Standing.of(case), FactKind.RESPONSE_RECORDED)
    rules.refuse(rules.text(note, 500, ("note",)), rules.text(kpi or "", 100, ("kpi",)))
    if kpi is not None and not await exists(
        SlaKpiInstance, All((Compare("case_id", Op.EQ, case.id), Compare("kpi", Op.EQ, kpi)))
    ):
        raise BadInput("No clock of this name has run on the case.", path=("kpi",))
    if at is not None and not case.created_at <= at <= now:
        raise BadInput("An answer was given after the case was opened, and not later than now.", path=("at",))
    said = {"answered_at": at, "kpi": kpi, "note": note}
    details: dict[str, object] = {"audience": Audience.PUBLIC, "origin": origin}
    details |= {name: value for name, value in said.items() if value}
    fact = Fact(FactKind.RESPONSE_RECORDED, details=details)
    return await record(case, [fact], actor=actor, now=now, cause="record_response")

"""What is said on a case."""

from datetime import datetime

from actions.indexing import of_messages
from actions.record import author_of, record
from cases import lifecycle, rules
from cases.facts import Fact
from cases.permissions import check_audience
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import Audience, FactKind, Origin
from models import fulltext
from models.case import Case, Message


async def add_comment(
    case: Case,
    body: str,
    audience: Audience = Audience.PUBLIC,
    origin: Origin = Origin.WEB,
    *,
    actor: Viewer,
    now: datetime,
) -> tuple[Case, Message]:
    """Says something on a case: to the customer, or among staff only."""
    check_audience(actor, audience)
    lifecycle.step(Standing.of(case), FactKind.COMMENTED)
    rules.refuse(rules.comment(body))
    author = author_of(actor)
    message = Message(
        tenant_id=case.tenant_id,
        case_id=case.id,
        audience=audience,
        body=body,
        origin=origin,
        author_person_id=author.person_id,
        author_contact_id=author.contact_id,
        created_at=max(now, case.updated_at),
    )
    await message.save(force_create=True)
    await fulltext.index(of_messages([message]))
    said = Fact(FactKind.COMMENTED, details={"message_id": message.id, "audience": audience, "origin": origin})
    return await record(case, [said], actor=actor, now=now, cause="add_comment"), message

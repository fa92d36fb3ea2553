"""What is sent to customers and other systems, as those clients see it who lead."""

from typing import TYPE_CHECKING

import strawberry
from strawberry import ID, auto

import models
from actions.noticing import words_of
from actions.record import state_of
from cases import notices, rules
from cases.notices import Channel
from cases.vocabulary import FactKind
from schema.connections import arguments_named
from schema.context import Context, Info
from schema.derived import NAMES
from schema.enums import public_enum
from schema.ids import read_id
from schema.mirror import mirrors
from schema.node import Node
from schema.relations import one, related

if TYPE_CHECKING:
    from schema.cases import Case

NAMES["CaseEventKind"] = public_enum(FactKind)


@mirrors(models.NotificationTemplate, order=("name", "created_at"))
class NotificationTemplate(Node):
    name: auto
    trigger: auto
    status_reason: auto
    channel: auto
    language: auto
    subject: auto
    body: auto
    active: auto
    created_at: auto


@mirrors(models.Webhook, order=("name", "created_at"))
class Webhook(Node):
    name: auto
    url: auto
    channel: auto
    kinds: list[public_enum(FactKind)]  # type: ignore[valid-type]
    allow_private: auto
    active: auto
    created_at: auto


@mirrors(models.Delivery, order=("created_at", "due_at", "sent_at"))
class Delivery(Node):
    channel: auto
    address: auto
    subject: auto
    event_number: auto
    state: auto
    attempts: auto
    due_at: auto
    last_error: auto
    sent_at: auto
    created_at: auto
    case: "Case | None" = related()
    webhook: "Webhook | None" = related()


@strawberry.type(description="What a customer would be told.")
class NotificationPreview:
    subject: str
    body: str


async def preview_notification(
    info: Info, case_id: ID, body: str, subject: str = "", comment: str = ""
) -> NotificationPreview | None:
    """What a template with these texts would tell the customer of a case; null if there is no such case.

    `comment` stands for what was said.
    """
    context: Context = info.context
    with arguments_named():
        rules.refuse(
            notices.problems(subject, body, Channel.SMS), rules.text(comment, notices.BODY_LIMIT, ("comment",))
        )
    parsed = read_id(case_id)
    case = await one(context, models.Case, parsed[1]) if parsed and parsed[0] == "Case" else None
    if case is None:
        return None
    tenant = await one(context, models.Tenant, case.tenant_id)
    contact = await one(context, models.Contact, case.contact_id) if case.contact_id else None
    account = await one(context, models.Account, case.account_id) if case.account_id else None
    customer = contact or account
    name = customer.name if customer else ""
    words = words_of(state_of(case).columns, name, tenant.name, comment)
    return NotificationPreview(subject=notices.filled(subject, words), body=notices.filled(body, words))

"""Noticing: what customers and other systems are sent of the events of cases, as rows, written with the events.

What is sent is put into words now, so that it says what was so; it is sent later (`delivering`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from actions.charging import Step
from actions.configuration import configurations_of, tenants_of
from actions.notifying import Happened, cause_of
from cases.conditions import EVERYTHING
from cases.notices import TRIGGERS, Channel, DeliveryState, NoticeTrigger, after_quiet, chosen, filled
from cases.tenant_settings import TenantSettings
from cases.vocabulary import Audience, FactKind
from models.bulk import Values
from models.case import Message
from models.customers import Account, Contact
from models.deliveries import NotificationTemplate, Webhook, lane_of
from models.fields import uuid7
from models.people import Tenant
from models.reading import by_ids


@dataclass(frozen=True)
class _Told:
    of: Happened
    step: Step
    trigger: NoticeTrigger

    def key(self, name: str) -> Any:
        return self.step.after.columns[name]


@dataclass(frozen=True)
class Addressee:
    """The customer of a case, as far as they can be told something."""

    id: UUID
    name: str
    address_by_channel: Mapping[Channel, str | None]
    language: str | None = None

    @classmethod
    def of(cls, row: Contact | Account) -> "Addressee":
        addresses = {Channel.EMAIL: row.email, Channel.SMS: row.phone}
        return cls(row.id, row.name, addresses, row.language if isinstance(row, Contact) else None)


async def deliveries_of(happened: Sequence[Happened]) -> list[Values]:
    """What is to be sent, as rows of `Delivery`: one for each event, recipient and channel."""
    if not happened:
        return []
    set_up = (await configurations_of({of.tenant_id for of in happened})).values()
    hooks = [hook for each in set_up for hook in each.webhooks if hook.channel is Channel.WEBHOOK]
    rows = [row for hook in hooks for row in _calls(hook, happened)]
    templates = [template for each in set_up for template in each.templates]
    told = [_Told(of, step, trigger) for of in happened for step in of.steps if (trigger := _trigger(step))]
    return rows + (await _notices(told, templates) if told and templates else [])


def _calls(hook: Webhook, happened: Sequence[Happened]) -> Iterator[Values]:
    """What a webhook is told: the kinds of events it is for, and the escalation levels that name it."""
    for of in happened:
        for step in of.steps:
            fact = step.event.fact
            if of.tenant_id != hook.tenant_id or fact.kind is FactKind.INTERNAL_RECORDED:
                continue
            named = fact.details.get("deed") == "WEBHOOK" and fact.details.get("to") in (hook.name, hook.url)
            if named or not hook.kinds or fact.kind.value in hook.kinds:
                yield _row(of, step, Channel.WEBHOOK, hook.id, hook.name, _said(step), webhook_id=hook.id)


def _said(step: Step) -> str:
    """What is told of an event to other systems: enough to ask for more, and nothing that anybody wrote."""
    columns, event = step.after.columns, step.event
    names = ("number", "external_id", "status", "status_reason", "priority")
    clock = {name: event.fact.details[name] for name in ("kpi", "what", "level") if name in event.fact.details}
    body = {
        "type": f"case.{event.fact.kind.value.lower()}",
        "timestamp": event.at.isoformat().replace("+00:00", "Z"),
        "data": {
            "case": {name: columns[name] for name in names},
            "event": {"number": event.number, "kind": event.fact.kind.value, **clock},
        },
    }
    return orjson.dumps(body).decode()


def _trigger(step: Step) -> NoticeTrigger | None:
    """What a step is to the customer; nothing, if they did it themselves, but for what they asked."""
    fact = step.event.fact
    trigger = TRIGGERS.get(fact.kind)
    if trigger is None or (step.event.actor.is_customer and trigger is not NoticeTrigger.CASE_OPENED):
        return None
    private = fact.kind is FactKind.COMMENTED and fact.details["audience"] is not Audience.PUBLIC
    return None if private or fact.details.get("by_customer") else trigger


async def _notices(told: Sequence[_Told], templates: Sequence[NotificationTemplate]) -> list[Values]:
    wanted = [(one, template, who) for one, template, who in await _addressed(told, templates)]
    if not wanted:
        return []
    tenants = await tenants_of({one.of.tenant_id for one, _, _ in wanted})
    said = {one.step.event.fact.details.get("message_id") for one, _, _ in wanted} - {None}
    messages = await by_ids(Message, said, EVERYTHING)
    rows = []
    for one, template, who in wanted:
        tenant = tenants[one.of.tenant_id]
        message = messages.get(one.step.event.fact.details.get("message_id"))
        words = words_of(one.step.after.columns, who.name, tenant.name, message.body if message else "")
        subject = " ".join(filled(template.subject, words).split())[:300]
        address = str(who.address_by_channel[template.channel])
        body = filled(template.body, words)
        due_at = due(one.step.event.at, tenant)
        rows.append(_row(one.of, one.step, template.channel, who.id, address, body, subject=subject, due_at=due_at))
    return rows


def words_of(columns: Mapping[str, Any], name: str, tenant: str, said: str = "") -> dict[str, str]:
    """What takes the place of the words of a template."""
    case = {word: str(columns[word]).replace("_", " ").lower() for word in ("status", "status_reason", "priority")}
    case |= {word: str(columns[word]) for word in ("number", "title")}
    words = {f"case.{word}": text for word, text in case.items()}
    return words | {"contact.name": name, "tenant.name": tenant, "comment.body": said}


def due(at: datetime, tenant: Tenant) -> datetime:
    """When a customer may be told: at once, or when the tenant's quiet hours are over."""
    settings = TenantSettings.of(tenant.settings)
    return after_quiet(at, tenant.zone, settings.quiet_from_minute, settings.quiet_until_minute)


async def _addressed(
    told: Sequence[_Told], templates: Sequence[NotificationTemplate]
) -> list[tuple[_Told, NotificationTemplate, Addressee]]:
    """Each with the templates for it, and who gets them: the contact of the case, or the account if it has none."""
    contacts = await by_ids(Contact, {one.key("contact_id") for one in told} - {None}, EVERYTHING)
    without = {one.key("account_id") for one in told if one.key("contact_id") is None} - {None}
    accounts = await by_ids(Account, without, EVERYTHING)
    found = []
    for one in told:
        row = contacts.get(one.key("contact_id")) or accounts.get(one.key("account_id"))
        if row is None:
            continue
        who = Addressee.of(row)
        theirs = [
            template
            for template in templates
            if template.tenant_id == one.of.tenant_id and who.address_by_channel.get(template.channel)
        ]
        reason = one.key("status_reason")
        found += [(one, template, who) for template in chosen(theirs, one.trigger, reason, who.language)]
    return found


def _row(
    of: Happened,
    step: Step,
    channel: Channel,
    recipient: UUID,
    address: str,
    body: str,
    *,
    webhook_id: UUID | None = None,
    **more: Any,
) -> Values:
    at = step.event.at
    return {
        "id": uuid7(),
        "tenant_id": of.tenant_id,
        "created_at": at,
        "cause": cause_of(of.case_id, step.event.number),
        "recipient": recipient,
        "channel": channel,
        "case_id": of.case_id,
        "event_number": step.event.number,
        "address": address,
        "subject": "",
        "body": body,
        "webhook_id": webhook_id,
        "state": DeliveryState.PENDING,
        "lane": lane_of(of.tenant_id, channel, webhook_id),
        "attempts": 0,
        "due_at": at,
        "last_error": None,
        "sent_at": None,
        **more,
    }

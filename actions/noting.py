"""Keeping what customers and other systems are sent: templates, webhooks, and deliveries that failed."""

import secrets
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from actions.sending.calls import SECRET_PREFIX
from actions.signature import Spelled
from cases import notices, rules
from cases.addresses import Refusable, place_of
from cases.conditions import All, Compare, Op
from cases.notices import Channel, DeliveryState, NoticeTrigger
from cases.refusals import BadInput, Duplicate
from cases.viewer import Viewer
from cases.vocabulary import FactKind, StatusReason
from models.deliveries import Delivery, DeliveryHold, NotificationTemplate, Webhook, lane_of
from models.reading import exists

NAME_LIMIT = 100


@dataclass(frozen=True)
class SavedWebhook:
    """A webhook, and what its requests are signed with: said when it is new, and never again."""

    webhook: Webhook | None
    secret: Annotated[str | None, Spelled("str")]


async def save_notification_template(
    name: str,
    trigger: NoticeTrigger,
    channel: Channel,
    body: str,
    subject: str = "",
    status_reason: StatusReason | None = None,
    language: str = "en",
    active: bool = True,
    template: NotificationTemplate | None = None,
    *,
    actor: Viewer,
    now: datetime,
) -> NotificationTemplate:
    """Saves what customers are told: a new template, or all of an existing one anew.

    Words in double braces, such as {{case.number}}, are replaced; there are case.number, case.title, case.status,
    case.status_reason, case.priority, contact.name, comment.body and tenant.name.
    """
    rules.refuse(
        rules.text(name, NAME_LIMIT, ("name",), required=True),
        notices.problems(subject, body, channel),
        rules.text(language, 35, ("language",), required=True),
    )
    if status_reason is not None and trigger is not NoticeTrigger.STATUS_CHANGED:
        raise BadInput("Only a change of status leads to a reason.", path=("status_reason",))
    saved = template or NotificationTemplate(tenant_id=actor.tenant_id, created_at=now)
    await _check_name(NotificationTemplate, name, saved)
    saved.update_from_dict(
        {
            "name": name,
            "trigger": trigger,
            "channel": channel,
            "body": body,
            "subject": subject,
            "status_reason": status_reason,
            "language": language,
            "active": active,
        }
    )
    await saved.save(force_create=template is None)
    return saved


async def delete_notification_template(
    template: NotificationTemplate, *, actor: Viewer, now: datetime
) -> NotificationTemplate:
    """Deletes a template. What was made from it is sent all the same."""
    await template.delete()
    return template


async def save_webhook(
    name: str,
    url: str,
    kinds: Annotated[list[str] | None, Spelled("list[CaseEventKind]")] = None,
    channel: Channel = Channel.WEBHOOK,
    allow_private: bool = False,
    active: bool = True,
    new_secret: bool = False,
    webhook: Webhook | None = None,
    *,
    actor: Viewer,
    now: datetime,
) -> SavedWebhook:
    """Saves an address that is told what happens to cases, or takes text messages: a new one, or an existing one anew.

    Requests are signed as Standard Webhooks are. `secret` is said when it is new; `newSecret` makes another.
    `allowPrivate` lets it be inside the installation's own network, if the installation allows that.
    """
    rules.refuse(rules.text(name, NAME_LIMIT, ("name",), required=True))
    if channel is Channel.EMAIL:
        raise BadInput("A webhook takes events or text messages.", path=("channel",))
    try:
        place_of(url, private=allow_private)
    except Refusable as refused:
        raise BadInput(str(refused), path=("url",)) from None
    saved = webhook or Webhook(tenant_id=actor.tenant_id, created_at=now)
    await _check_name(Webhook, name, saved)
    chosen = sorted({FactKind(kind).value for kind in kinds or ()})
    columns = {"url": url, "kinds": chosen, "channel": channel, "allow_private": allow_private}
    saved.update_from_dict({"name": name, **columns, "active": active})
    secret = None
    if webhook is None or new_secret:
        saved.secret = secret = SECRET_PREFIX + b64encode(secrets.token_bytes(24)).decode()
    await saved.save(force_create=webhook is None)
    await _try_again(lane_of(saved.tenant_id, channel, saved.id if channel is Channel.WEBHOOK else None))
    return SavedWebhook(saved, secret)


async def delete_webhook(webhook: Webhook, *, actor: Viewer, now: datetime) -> Webhook:
    """Deletes a webhook. What it has not been told yet it is not told any more."""
    await _try_again(webhook.id)
    await webhook.delete()
    return webhook


async def retry_delivery(delivery: Delivery, *, actor: Viewer, now: datetime) -> Delivery:
    """Tries a delivery again that failed or was given up, from now on as often as a new one.

    Whatever else is held up on its way to the same receiver is tried again with it.
    """
    if delivery.state is DeliveryState.SENT:
        raise BadInput("This was sent.", path=("delivery_id",))
    lane = lane_of(delivery.tenant_id, delivery.channel, delivery.webhook_id)
    delivery.state, delivery.attempts, delivery.due_at, delivery.lane = DeliveryState.PENDING, 0, now, lane
    await delivery.save(update_fields=["state", "attempts", "due_at", "lane"])
    await _try_again(lane)
    return delivery


async def _try_again(lane: UUID) -> None:
    """Does not wait any longer until a receiver that did not take anything may be asked again."""
    await DeliveryHold.filter(lane=lane).delete()


async def _check_name(table: type[Any], name: str, saved: Any) -> None:
    same: Sequence[Compare] = (Compare("tenant_id", Op.EQ, saved.tenant_id), Compare("name", Op.EQ, name))
    if await exists(table, All((*same, Compare("id", Op.NIN, (saved.id,))))):
        raise Duplicate("There is one with this name already.", path=("name",))

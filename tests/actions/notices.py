"""Worlds in which something is sent: templates, webhooks and what they lead to."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

from actions import noting
from actions.signature import Act
from cases.notices import Channel, NoticeTrigger
from cases.viewer import Viewer
from cases.vocabulary import Role
from models import Case, Delivery, NotificationTemplate, Webhook
from models.fields import uuid7
from tests import given
from tests.given import done


async def template(
    name: str = "Opened",
    trigger: NoticeTrigger = NoticeTrigger.CASE_OPENED,
    channel: Channel = Channel.EMAIL,
    *,
    by: Viewer | None = None,
    **said: Any,
) -> NotificationTemplate:
    """A template that tells of a case by its number."""
    texts = {"subject": "{{case.number}}: {{case.title}}", "body": "Dear {{contact.name}}, it is {{case.status}}."}
    words: dict[str, Any] = {"name": name, "trigger": trigger, "channel": channel, **texts, **said}
    rows = await done(noting.save_notification_template, by=by or await given.viewer(Role.ADMIN), **words)
    return cast(NotificationTemplate, rows["notification_template"])


async def webhook(name: str = "Hook", *, by: Viewer | None = None, **said: Any) -> Webhook:
    """A webhook that is told of everything."""
    words = {"name": name, "url": "https://hooks.example.com/cases", **said}
    rows = await done(noting.save_webhook, by=by or await given.viewer(Role.ADMIN), **words)
    return cast(Webhook, rows["webhook"])


async def delivery(**said: Any) -> Delivery:
    """What a webhook is to be told of a case that was just opened."""
    hook = await Webhook.get_or_none(name="Hook") or await webhook()
    case: Case = await given.case(**said)
    return await Delivery.get(case_id=case.id, webhook_id=hook.id)


async def further(delivery: Delivery, count: int, **columns: Any) -> None:
    """So many more deliveries like this one, due when it is, each for a cause of its own."""
    like = {name: getattr(delivery, name) for name in Delivery._meta.db_fields if name != "id"} | columns
    await Delivery.bulk_create([Delivery(**{**like, "cause": uuid7()}) for _ in range(count)])


async def _saved() -> dict[str, Any]:
    return {"name": "Opened", "trigger": NoticeTrigger.CASE_OPENED, "channel": Channel.SMS, "body": "Hello"}


async def _template() -> dict[str, Any]:
    return {"template": await template()}


async def _hooked() -> dict[str, Any]:
    return {"name": "Ours", "url": "https://hooks.example.com/cases"}


async def _webhook() -> dict[str, Any]:
    return {"webhook": await webhook()}


async def _delivery() -> dict[str, Any]:
    return {"delivery": await delivery()}


SAID: Mapping[Act, Callable[[], Awaitable[dict[str, Any]]]] = {
    noting.save_notification_template: _saved,
    noting.delete_notification_template: _template,
    noting.save_webhook: _hooked,
    noting.delete_webhook: _webhook,
    noting.retry_delivery: _delivery,
}
"""What each act about what is sent needs to be told."""

"""What customers are told without anybody writing to them, and a system that would be told as well."""

from datetime import datetime
from typing import Any, Final

from actions.noting import save_notification_template, save_webhook
from cases.notices import Channel, NoticeTrigger
from cases.viewer import Viewer
from cases.vocabulary import FactKind, StatusReason

TEMPLATES: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "We have your request",
        "trigger": NoticeTrigger.CASE_OPENED,
        "channel": Channel.EMAIL,
        "subject": "{{case.number}}: {{case.title}}",
        "body": "Dear {{contact.name}},\n\nthank you for writing. You will hear from us.\n\n{{tenant.name}}",
    },
    {
        "name": "Solved",
        "trigger": NoticeTrigger.STATUS_CHANGED,
        "channel": Channel.EMAIL,
        "subject": "{{case.number}} is solved",
        "body": "Dear {{contact.name}},\n\n“{{case.title}}” is solved. Write back if it is not.\n\n{{tenant.name}}",
        "status_reason": StatusReason.PROBLEM_SOLVED,
    },
)


async def write_notices(by: Viewer, at: datetime) -> None:
    """Keeps the templates, and an address that is switched off: nothing leaves a demo."""
    for said in TEMPLATES:
        await save_notification_template(**said, actor=by, now=at)
    kinds = [kind.value for kind in (FactKind.OPENED, FactKind.RESOLVED)]
    await save_webhook("Warehouse", "https://hooks.quellmark.example/cases", kinds, active=False, actor=by, now=at)

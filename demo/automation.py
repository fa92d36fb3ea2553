"""What the company leaves to rules: what follows from an outage, from a call, and from waiting for too long."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from actions.automation_rules import activate_automation_rule, save_automation_rule
from cases.automation import AutomationTrigger
from cases.viewer import Viewer

RULES: Final[Mapping[str, dict[str, Any]]] = {
    "An outage is urgent": {
        "trigger": AutomationTrigger.ON_UPDATE,
        "watched": ["SEVERITY"],
        "when": {"severity": {"eq": "OUTAGE"}, "priority": {"lt": "HIGH"}},
        "actions": [
            {"set": {"priority": "HIGH"}},
            {"comment": "An outage: raised to high by the rules. Call the customer within the hour."},
            {"notify": {"text": "One of your cases is an outage."}},
        ],
    },
    "Calls are followed up": {
        "trigger": AutomationTrigger.ON_CREATE,
        "when": {"origin": {"eq": "VOICE"}, "follow_up_at": {"isNull": True}},
        "actions": [{"set": {"follow_up_in_minutes": 2 * 24 * 60}}],
    },
    "Nobody waits for a week in silence": {
        "trigger": AutomationTrigger.SCHEDULE,
        "every_minutes": 60,
        "idle_minutes": 7 * 24 * 60,
        "when": {"status_reason": {"eq": "WAITING_FOR_DETAILS"}},
        "actions": [{"comment": "A week without a word from the customer: ask once more, then close."}],
    },
}
"""By name: what sets it off, for which cases, and what it does."""


async def write_automation(by: Viewer, at: datetime) -> None:
    """Keeps the rules and lets them act, by the acts with which an administrator would."""
    for name, said in RULES.items():
        await activate_automation_rule(await save_automation_rule(name, **said, actor=by, now=at), actor=by, now=at)

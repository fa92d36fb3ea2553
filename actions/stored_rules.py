"""Automation rules as values, read from their rows."""

import logging

from cases import automation
from cases.automation import AutomationTrigger, Rule
from cases.refusals import BadInput
from models.askable import askable
from models.automation import AutomationRule
from models.case import Case

log = logging.getLogger(__name__)


def readable(row: AutomationRule) -> Rule | None:
    """A stored rule; null for one that cannot be read any more, which is logged."""
    try:
        return rule_of(row)
    except BadInput as fault:
        log.error("automation rule %s is left out: %s at %s", row.id, fault.message, fault.path)
        return None


def rule_of(row: AutomationRule) -> Rule:
    """Raises BadInput for what is no rule, with the path of what is wrong."""
    return Rule(
        row.id,
        row.name,
        AutomationTrigger(row.trigger),
        automation.read_when(row.when, askable(Case)),
        automation.read_deeds(row.actions),
        automation.read_watched(row.watched),
    )

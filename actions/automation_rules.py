"""Keeping automation rules: saved, used from activation on, in an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from actions.automating import TABLES
from actions.signature import Spelled
from actions.stored_rules import rule_of
from cases import rules
from cases.automation import MINUTES, MOST_RULES, PERIODS, AutomationTrigger, Deed
from cases.conditions import All, Compare, Op
from cases.refusals import BadInput, Duplicate, Unknown
from cases.viewer import Viewer
from models.automation import AutomationRule
from models.reading import by_ids, count, exists, select
from models.statements import Order
from models.visibility import visible


async def save_automation_rule(
    name: str,
    trigger: AutomationTrigger,
    actions: Annotated[list[dict[str, Any]], Spelled("list[AutomationActionInput]")],
    when: Annotated[dict[str, Any] | None, Spelled("CaseWhere")] = None,
    watched: Annotated[list[str] | None, Spelled("list[CaseField]")] = None,
    every_minutes: int | None = None,
    idle_minutes: int | None = None,
    rule: AutomationRule | None = None,
    *,
    actor: Viewer,
    now: datetime,
) -> AutomationRule:
    """Saves a rule: a new one, which is not active yet and comes last, or all of an existing one anew.

    `when` says for which cases it acts; without it, for all. One that is set off by changes may watch some fields only.
    A scheduled one looks every so many minutes at all open cases, and acts on those that have not changed for
    `idleMinutes`; a case on which it has acted it leaves alone until something else happens to it. What is saved of an
    active rule holds from the next act on; `previewAutomation` shows what the rules make of a case.
    """
    rules.refuse(rules.text(name, 200, ("name",), required=True))
    _check_schedule(trigger, watched, every_minutes, idle_minutes)
    saved = rule or AutomationRule(tenant_id=actor.tenant_id, created_at=now)
    theirs = Compare("tenant_id", Op.EQ, actor.tenant_id)
    if rule is None:
        saved.place = await count(AutomationRule, theirs)
        if saved.place >= MOST_RULES:
            raise BadInput(f"There may be {MOST_RULES} rules.")
        last = await select(AutomationRule, theirs, order=(Order("place", descending=True),), limit=1)
        saved.place = last[0].place + 1 if last else 0
    if await exists(AutomationRule, All((theirs, Compare("name", Op.EQ, name), Compare("id", Op.NIN, (saved.id,))))):
        raise Duplicate("There is a rule with this name already.", path=("name",))
    saved.name, saved.trigger, saved.when, saved.actions = name, trigger, when or {}, actions
    saved.watched, saved.every_minutes, saved.idle_minutes = watched or [], every_minutes, idle_minutes
    await _check_rows(rule_of(saved).deeds, actor)
    _plan(saved, now)
    await saved.save(force_create=rule is None)
    return saved


async def activate_automation_rule(rule: AutomationRule, *, actor: Viewer, now: datetime) -> AutomationRule:
    """Lets a rule act, from the next act on; a scheduled one looks at once."""
    return await _set_active(rule, True, now)


async def deactivate_automation_rule(rule: AutomationRule, *, actor: Viewer, now: datetime) -> AutomationRule:
    """Takes a rule out of use. What it did stays."""
    return await _set_active(rule, False, now)


@dataclass(frozen=True)
class Reordered:
    """All rules, in the order in which they act now."""

    automation_rules: Annotated[Sequence[AutomationRule], Spelled("list[AutomationRule]")]


async def reorder_automation_rules(rules: list[AutomationRule], *, actor: Viewer, now: datetime) -> Reordered:
    """Lets rules act in this order; those that are not named come after them, as they did among themselves."""
    theirs = Compare("tenant_id", Op.EQ, actor.tenant_id)
    everything = {row.id: row for row in await select(AutomationRule, theirs, order=(Order("place"), Order("id")))}
    ordered = [everything[key] for key in dict.fromkeys([*(rule.id for rule in rules), *everything])]
    for place, row in enumerate(ordered):
        if row.place != place:
            row.place = place
            await row.save(update_fields=["place"])
    return Reordered(ordered)


async def delete_automation_rule(rule: AutomationRule, *, actor: Viewer, now: datetime) -> AutomationRule:
    """Deletes a rule. What it did stays, and so does its log, with the rule's name."""
    await rule.delete()
    return rule


async def _set_active(rule: AutomationRule, active: bool, now: datetime) -> AutomationRule:
    rule.active = active
    _plan(rule, now)
    await rule.save(update_fields=["active", "next_at", "position"])
    return rule


def _plan(rule: AutomationRule, now: datetime) -> None:
    """When a rule looks next: at once, if it is scheduled and active."""
    rule.next_at = now if rule.active and rule.trigger is AutomationTrigger.SCHEDULE else None
    rule.position = None


def _check_schedule(
    trigger: AutomationTrigger, watched: Sequence[str] | None, every_minutes: int | None, idle_minutes: int | None
) -> None:
    scheduled = trigger is AutomationTrigger.SCHEDULE
    if watched and trigger is not AutomationTrigger.ON_UPDATE:
        raise BadInput("Only a rule that is set off by changes can watch fields.", path=("watched",))
    if scheduled and every_minutes not in PERIODS:
        raise BadInput(f"Say how often it looks: {PERIODS[0]} to {PERIODS[-1]} minutes.", path=("every_minutes",))
    for name, minutes in (("every_minutes", every_minutes), ("idle_minutes", idle_minutes)):
        if minutes is not None and not scheduled:
            raise BadInput("Only a scheduled rule looks at the time.", path=(name,))
    if idle_minutes is not None and idle_minutes not in MINUTES:
        raise BadInput(f"This must be a number of minutes from {MINUTES[0]} to {MINUTES[-1]}.", path=("idle_minutes",))


async def _check_rows(deeds: Sequence[Deed], actor: Viewer) -> None:
    """Raises Unknown for a row that is not there for the viewer."""
    for number, deed in enumerate(deeds):
        of_several = isinstance(deed.said, dict)
        inside = ("actions", number, *((deed.kind,) if of_several else ()))
        for kind, value in (deed.said if of_several else {deed.kind: deed.said}).items():
            if isinstance(value, UUID) and value not in await by_ids(
                TABLES[kind], [value], visible(TABLES[kind], actor)
            ):
                raise Unknown(path=(*inside, f"{kind}_id"))

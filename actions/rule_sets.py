"""Keeping routing rules: saved, used from activation on, several sets in order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from actions.signature import Spelled
from cases import rules
from cases.conditions import All, Compare, Op
from cases.refusals import BadInput, Duplicate, Unknown
from cases.routing import PLACES, Rule, read_rules
from cases.viewer import Viewer
from models.askable import askable
from models.case import Case
from models.people import Person, Team
from models.queues import Queue, RoutingRuleSet
from models.reading import by_ids, exists
from models.visibility import visible

_TABLES: Final = dict(zip(PLACES, (Queue, Person, Team), strict=True))


async def save_routing_rule_set(
    name: str,
    items: Annotated[list[dict[str, Any]], Spelled("list[RoutingRuleInput]")],
    place: int = 0,
    rule_set: RoutingRuleSet | None = None,
    *,
    actor: Viewer,
    now: datetime,
) -> RoutingRuleSet:
    """Saves rules in order: a new set, which is not active yet, or all of an existing one anew.

    What is saved of an active set holds from the next case on. `previewRouting` shows what the rules make of a case.
    """
    rules.refuse(rules.text(name, 200, ("name",), required=True))
    if not -(2**31) <= place < 2**31:
        raise BadInput("This number is out of range.", path=("place",))
    await _check_places(read_rules(items, askable(Case)), actor)
    saved = rule_set or RoutingRuleSet(tenant_id=actor.tenant_id, created_at=now)
    same = (Compare("tenant_id", Op.EQ, actor.tenant_id), Compare("name", Op.EQ, name))
    if await exists(RoutingRuleSet, All((*same, Compare("id", Op.NIN, (saved.id,))))):
        raise Duplicate("There is a rule set with this name already.", path=("name",))
    saved.name, saved.items, saved.place = name, items, place
    await saved.save(force_create=rule_set is None)
    return saved


async def activate_routing_rule_set(rule_set: RoutingRuleSet, *, actor: Viewer, now: datetime) -> RoutingRuleSet:
    """Lets a set decide, after those that have a lower place. Several may be active."""
    if not rule_set.items:
        raise BadInput("A set without rules cannot decide anything.", path=("rule_set_id",))
    return await _set_active(rule_set, True)


async def deactivate_routing_rule_set(rule_set: RoutingRuleSet, *, actor: Viewer, now: datetime) -> RoutingRuleSet:
    """Takes a set out of use. What it did stays."""
    return await _set_active(rule_set, False)


async def _set_active(rule_set: RoutingRuleSet, active: bool) -> RoutingRuleSet:
    rule_set.active = active
    await rule_set.save(update_fields=["active"])
    return rule_set


async def _check_places(read: Sequence[Rule], actor: Viewer) -> None:
    """Raises Unknown for a place that is not there for the viewer."""
    for table_name, table in _TABLES.items():
        keys: set[UUID] = {rule.to.id for rule in read if rule.to.place == table_name}
        found = await by_ids(table, keys, visible(table, actor))
        for number, rule in enumerate(read):
            if rule.to.place == table_name and rule.to.id not in found:
                raise Unknown(path=("items", number, f"{table_name}_id"))

"""Deeds: what automation rules do to a case, each through the act that people do it by.

What is refused to people is refused here.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from actions.changing import assign_case, update_case
from actions.checking import check_assignee
from actions.promising import newest_version
from actions.queueing import add_to_queue
from actions.record import record
from actions.routing import active_sets, route
from actions.signature import Changes
from actions.stays import open_item
from actions.talking import add_comment
from actions.urging import escalate_case
from actions.working import step_to
from cases.automation import Deed
from cases.conditions import Compare, Op
from cases.facts import Fact
from cases.refusals import BadInput
from cases.viewer import Viewer
from cases.vocabulary import Audience, FactKind, Origin, SlaSource
from models.case import Case
from models.people import Person, Team
from models.queues import Queue
from models.reading import by_ids
from models.sla import SlaPolicy


@dataclass(frozen=True)
class Doing:
    """A rule at work on a locked case."""

    case: Case
    actor: Viewer
    now: datetime

    async def row(self, model: Any, key: UUID) -> Any:
        """A row that the rule names. Raises BadInput if it is there no more."""
        found = await by_ids(model, [key], Compare("tenant_id", Op.EQ, self.case.tenant_id))
        if key not in found:
            raise BadInput(f"The {model.__name__.lower()} that the rule names is not there.")
        return found[key]


async def do(deed: Deed, doing: Doing) -> bool:
    """Does it, and says whether that changed anything. Raises what the act refuses."""
    before = doing.case.version
    await _DEEDS[deed.kind](deed.said, doing)
    return doing.case.version != before


async def _set(said: Mapping[str, Any], doing: Doing) -> None:
    values = dict(said)
    for name in ("deadline", "follow_up"):
        if (minutes := values.pop(f"{name}_in_minutes", None)) is not None:
            values["follow_up_at" if name == "follow_up" else name] = doing.now + timedelta(minutes=minutes)
    for name in ("type", "subject", "product"):
        if name in values:
            values[f"{name}_id"] = values.pop(name)
    await update_case(doing.case, Changes(values), actor=doing.actor, now=doing.now)


async def _status_reason(said: Any, doing: Doing) -> None:
    if doing.case.status_reason is not said:
        await step_to(doing.case, said, actor=doing.actor, now=doing.now, cause="")


async def _assign_person(said: UUID, doing: Doing) -> None:
    await assign_case(doing.case, await doing.row(Person, said), actor=doing.actor, now=doing.now)


async def _assign_team(said: UUID, doing: Doing) -> None:
    await assign_case(doing.case, await doing.row(Team, said), actor=doing.actor, now=doing.now)


async def _unassign(said: bool, doing: Doing) -> None:
    await assign_case(doing.case, None, actor=doing.actor, now=doing.now)


async def _queue(said: UUID, doing: Doing) -> None:
    queue = await doing.row(Queue, said)
    item = await open_item(doing.case.id)
    if item is None or item.queue_id != queue.id:
        await add_to_queue(doing.case, queue, actor=doing.actor, now=doing.now)


async def _routing_rules(said: bool, doing: Doing) -> None:
    await route(doing.case, await active_sets(doing.case.tenant_id), doing.actor, doing.now)


async def _sla_policy(said: UUID, doing: Doing) -> None:
    """What somebody chose by hand is stronger than a rule."""
    case = doing.case
    if case.sla_source is SlaSource.HAND:
        return
    version_id = await newest_version(await doing.row(SlaPolicy, said))
    if (case.sla_version_id, case.sla_source) != (version_id, SlaSource.AUTOMATION):
        changes = {"sla_version_id": version_id, "sla_source": SlaSource.AUTOMATION}
        await record(case, [Fact(FactKind.SLA_APPLIED, changes)], actor=doing.actor, now=doing.now, cause="")


async def _comment(said: str, doing: Doing) -> None:
    await add_comment(doing.case, said, Audience.INTERNAL, Origin.API, actor=doing.actor, now=doing.now)


async def _escalate(said: str, doing: Doing) -> None:
    await escalate_case(doing.case, said, actor=doing.actor, now=doing.now)


async def _notify(said: Mapping[str, Any], doing: Doing) -> None:
    """What is told is an event of the case; whom it names follows from it."""
    to: dict[str, object] = {}
    if "person" in said:
        person = await doing.row(Person, said["person"])
        check_assignee(person, path="notify")
        to = {"to": person.email}
    elif "team" in said:
        to = {"to": (await doing.row(Team, said["team"])).name}
    fact = Fact(FactKind.AUTOMATED, details={"note": said["text"], **to})
    await record(doing.case, [fact], actor=doing.actor, now=doing.now, cause="")


_DEEDS: Final[Mapping[str, Callable[[Any, Doing], Awaitable[None]]]] = {
    "set": _set,
    "status_reason": _status_reason,
    "assign_person": _assign_person,
    "assign_team": _assign_team,
    "unassign": _unassign,
    "queue": _queue,
    "routing_rules": _routing_rules,
    "sla_policy": _sla_policy,
    "comment": _comment,
    "escalate": _escalate,
    "notify": _notify,
}

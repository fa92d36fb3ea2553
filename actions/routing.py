"""Routing: the active rules asked of a case, and the facts that follow from their answer."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from actions.candidates import candidates_at, note_assigned
from actions.clocks import columns_of
from actions.queueing import accepts, entering, working
from actions.record import record
from actions.signature import Spelled
from actions.stays import open_item
from cases import lifecycle, routing
from cases.conditions import EVERYTHING, All, Compare, Op
from cases.facts import Fact
from cases.refusals import BadInput, Unknown
from cases.routing import Choice, Destination, RuleSet, Verdict
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import FactKind
from models.askable import askable
from models.case import Case
from models.locking import locked
from models.people import Person, Team
from models.queues import Queue, QueueItem, RoutingRuleSet
from models.reading import by_ids, select
from models.statements import Order
from models.tables import target
from models.visibility import visible
from sla.moments import Row

log = logging.getLogger(__name__)

MOST_CASES: Final = 100
_TABLES: Final[Mapping[str, Any]] = {"queue": Queue, "person": Person, "team": Team}


@dataclass(frozen=True)
class Decision:
    """What the rules say of a case: every rule's verdict, where it goes, who gets it, or why nobody does.

    `place` is the row it goes to, null if no rule holds. `unassigned` is null where nobody was looked for.
    """

    verdicts: Sequence[Verdict]
    place: Any = None
    choice: Choice | None = None
    unassigned: str | None = None

    @property
    def chosen(self) -> Verdict | None:
        return routing.chosen(self.verdicts)

    @property
    def declined(self) -> bool:
        """Whether the place is not there, or does not take the case."""
        return self.unassigned is not None and self.choice is None

    @property
    def person_id(self) -> UUID | None:
        return self.choice.person_id if self.choice else None


@dataclass(frozen=True)
class Outcome:
    """A case and what the rules made of it; `changed` is false if it was there already, or no rule holds."""

    case: Case
    decision: Decision
    changed: bool

    @property
    def rule(self) -> str | None:
        return self.decision.chosen.rule.name if self.decision.chosen else None

    @property
    def unassigned(self) -> str | None:
        return self.decision.unassigned


@dataclass(frozen=True)
class Applied:
    """What became of each case, in the order in which they were given."""

    outcomes: Annotated[Sequence[Outcome], Spelled("list[RoutingOutcome]")]


async def apply_routing_rules(cases: list[Case], *, actor: Viewer, now: datetime) -> Applied:
    """Asks the active rule sets of active cases, at most 100, and sends each where the first rule that holds says.

    A case that nobody fits is sent there all the same, and says why nobody got it.
    """
    if len(cases) > MOST_CASES:
        raise BadInput(f"At most {MOST_CASES} cases at once.", path=("case_ids",))
    case_ids = list(dict.fromkeys(case.id for case in cases))
    held = await locked(Case, case_ids, visible(Case, actor))
    if len(held) < len(case_ids):
        raise Unknown(path=("case_ids",))
    sets = await active_sets(actor.tenant_id)
    return Applied([await route(held[case_id], sets, actor, now) for case_id in case_ids])


async def route(case: Case, sets: Sequence[RuleSet], actor: Viewer, now: datetime) -> Outcome:
    """Sends a locked case where the first rule of `sets` says that holds."""
    lifecycle.step(Standing.of(case), FactKind.ROUTED)
    decision = await decide(sets, {**columns_of(case), "id": case.id, "tenant_id": case.tenant_id})
    fact = fact_of(decision, case, await open_item(case.id))
    if fact is None:
        return Outcome(case, decision, False)
    case = await record(case, [fact], actor=actor, now=now, cause="apply_routing_rules")
    if decision.person_id is not None:
        await note_assigned(case.tenant_id, decision.person_id, now)
    return Outcome(case, decision, True)


async def active_sets(tenant_id: UUID) -> list[RuleSet]:
    """The active rule sets in order. One that cannot be read is logged and left out: cases are opened all the same."""
    theirs = All((Compare("tenant_id", Op.EQ, tenant_id), Compare("active", Op.EQ, True)))
    found: list[RuleSet] = []
    for row in await select(RoutingRuleSet, theirs, order=(Order("place"), Order("id"))):
        try:
            found.append(RuleSet(row.id, row.name, routing.read_rules(row.items, askable(Case))))
        except BadInput as fault:
            log.error("routing rule set %s is left out: %s at %s", row.id, fault.message, fault.path)
    return found


async def decide(sets: Sequence[RuleSet], columns: Mapping[str, Any]) -> Decision:
    """What the rules say of a case with these columns. Within a unit of work, what it counts on is locked."""
    known: dict[object, object] = {}
    for relation in sorted(routing.relations_read(sets)):
        if (key := columns[f"{relation}_id"]) is not None:
            known |= await by_ids(target(Case, relation), [key], EVERYTHING)
    found = routing.verdicts(sets, Row(columns, known))
    verdict = routing.chosen(found)
    if verdict is None:
        return Decision(found)
    to = verdict.rule.to
    place = (await by_ids(_TABLES[to.place], [to.id], EVERYTHING)).get(to.id)
    if place is None:
        return Decision(found, unassigned="The place that the rule names is not there.")
    if to.place == "queue" and not await accepts(place, columns["type_id"]):
        return Decision(found, place, unassigned=f"{place.name} does not take such cases.")
    if to.place == "queue" and not verdict.rule.skills:
        return Decision(found, place)  # it waits there for whoever takes it
    choice = routing.choose(await candidates_at(to, columns["id"]), verdict.rule.skills)
    nobody = routing.why_nobody(place.name, choice) if choice.person_id is None else None
    return Decision(found, place, choice, nobody)


def fact_of(decision: Decision, case: Any, item: QueueItem | None) -> Fact | None:
    """The fact that sends a case, or what is known of a new one, where the rules say; none if it is there already."""
    verdict = decision.chosen
    if verdict is None:
        return None
    changes, details = _going(verdict.rule.to, decision, case, item)
    moved = {name: value for name, value in changes.items() if getattr(case, name) != value}
    if not moved and "queue_id" not in details and decision.unassigned == (item and item.unassigned):
        return None
    told = {"rule_set_id": verdict.rule_set.id, "rule": verdict.rule.name}
    why = {"unassigned": decision.unassigned} if decision.unassigned else {}
    return Fact(FactKind.ROUTED, moved, {**details, **told, **why})


def _going(
    to: Destination, decision: Decision, case: Any, item: QueueItem | None
) -> tuple[dict[str, object], dict[str, object]]:
    """What changes of the case, and the details of its stay. A place that does not take it leaves it where it is."""
    if decision.declined:
        return {}, {}
    details: dict[str, object] = {}
    if to.place == "queue" and (item is None or item.queue_id != to.id):
        details = entering(to.id, item)
    if decision.person_id is not None:
        details |= working(case, decision.person_id) if to.place == "queue" or item is not None else {}
        changes: dict[str, object] = {"owner_id": decision.person_id}
        return changes | ({"team_id": to.id} if to.place == "team" else {}), details
    if to.place == "team":
        return {"owner_id": None, "team_id": to.id}, {"worker_id": None} if item is not None else {}
    return {}, details


async def routed_on_create(tenant_id: UUID, columns: Mapping[str, Any]) -> Decision | None:
    """What the active rules say of a case that is being opened; null if there are none."""
    sets = await active_sets(tenant_id)
    return await decide(sets, {**columns, "id": None, "tenant_id": tenant_id}) if sets else None

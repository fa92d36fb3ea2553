"""Explanations: why these promises hold for a case and not others, and whether a message would answer it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cases.conditions import Trace
from cases.conditions import explain as trace
from sla.clock import Clock
from sla.moments import Signal
from sla.policy import Item, Policy
from sla.responses import Objection, Said, objections


@dataclass(frozen=True)
class Verdict:
    """Whether an item's condition holds for a case, part by part, and whether the item makes the promise.

    An item that holds and is not chosen stands behind `behind`, the first of the same KPI that holds.
    """

    place: int
    item: Item
    held: bool
    chosen: bool
    trace: Trace
    behind: Item | None = None


def explain(row: object, policy: Policy) -> list[Verdict]:
    """What the policy's items, in order, make of a case like `row`.

    That is what would be chosen for it now; a sticky item that was chosen before stays chosen all the same.
    """
    chosen: dict[str, Item] = {}
    verdicts = []
    for place, item in enumerate(policy.items):
        found = trace(item.applicable_when, row)
        first = chosen.setdefault(item.kpi, item) if found.held else None
        behind = None if first is item else first
        verdicts.append(Verdict(place, item, found.held, first is item, found, behind))
    return verdicts


@dataclass(frozen=True)
class Answer:
    """Whether a message would count for a KPI; `fulfils` is the clock that it would fulfil, if one waits for it."""

    kpi: str
    counts: bool
    objections: tuple[Objection, ...]
    fulfils: Clock | None = None


def answers(message: Said, policy: Policy, clocks: Iterable[Clock], at: datetime) -> list[Answer]:
    """What a message said at `at` would do, for each KPI of the policy that waits for an answer at all.

    `clocks` are those of the case. An item with its own condition of success is not fulfilled by a message as such.
    """
    waiting = {clock.kpi.name: clock for clock in clocks if clock.as_of(at).ended is None}
    found = []
    for name in dict.fromkeys(item.kpi for item in policy.items):
        kpi = policy.kpis[name]
        if Signal.STAFF_SPOKE not in kpi.stops | kpi.restarts:
            continue
        against = objections(message, policy.response_rule(name))
        clock = waiting.get(name)
        listens = clock is not None and (clock.item.success_when is None or Signal.STAFF_SPOKE in kpi.restarts)
        found.append(Answer(name, not against, against, clock if listens and not against else None))
    return found

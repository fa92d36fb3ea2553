"""Escalating: what an escalation level of a promise does to its case, beside telling somebody.

A level happens once, with its announcement; what it does is written in the same unit of work, after it. What an act
said at the same time about the same thing came later, and stays.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from actions.notifying import people_named
from cases.conditions import All, Compare, Op
from cases.facts import Fact
from cases.vocabulary import FactKind, Priority, Status
from models.case import Case
from models.people import Team
from models.reading import first

CAUSE: Final = "escalation"
DEEDS: Final = ("ASSIGN", "RAISE_PRIORITY")
"""What levels do to a case."""


async def deeds_of(case: Case, announced: Iterable[Fact], said: Collection[str] = ()) -> list[Fact]:
    """The facts that follow for a case from levels that were announced; `said` are columns that were changed since."""
    done: dict[FactKind, dict[str, Any]] = {}
    if case.status is not Status.ACTIVE or case.deleted_at is not None:
        return []
    for fact in announced:
        match fact.details.get("deed"):
            case "RAISE_PRIORITY" if "priority" not in said:
                before = done.get(FactKind.CHANGED, {}).get("priority", case.priority)
                done[FactKind.CHANGED] = {"priority": _higher(before)}
            case "ASSIGN" if "owner_id" not in said:
                done[FactKind.ASSIGNED] = await _assigned(case, str(fact.details["to"]))
    return [Fact(kind, changes) for kind, changes in done.items() if _differs(case, changes)]


def _higher(priority: Priority) -> Priority:
    ranks = list(Priority)
    return ranks[min(ranks.index(priority) + 1, len(ranks) - 1)]


async def _assigned(case: Case, name: str) -> dict[str, Any]:
    """To whom the case goes: a person by e-mail address, or a team by name; if there is none, nowhere."""
    team = await first(Team, All((Compare("tenant_id", Op.EQ, case.tenant_id), Compare("name", Op.EQ, name))))
    if team is not None:
        return {"owner_id": None, "team_id": team.id}
    found = (await people_named({(case.tenant_id, name)})).get((case.tenant_id, name), [])
    return {"owner_id": found[0], "team_id": case.team_id} if found else {}


def _differs(case: Case, changes: Mapping[str, Any]) -> bool:
    return any(getattr(case, name) != value for name, value in changes.items())

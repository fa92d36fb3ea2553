"""The desk: queues for the teams, rules that fill them, what people can do, and views that they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from actions.queues import save_queue
from actions.rule_sets import activate_routing_rule_set, save_routing_rule_set
from actions.skills import save_person_capacity, save_person_skills
from actions.viewing import save_view
from cases.viewer import Viewer
from cases.vocabulary import QueueKind
from demo.catalogue import Catalogue
from demo.people import TEAMS, Staff
from models import Queue

ESCALATIONS: Final = "Escalations"
AREAS: Final[Mapping[str, Sequence[tuple[str, ...]]]] = {
    "Coffee Technicians": [("Machine", "Coffee"), ("Machine", "Electrics")],
    "Water Technicians": [("Machine", "Water")],
    "Orders and Returns": [("Order",)],
    "Billing": [("Account", "Billing")],
    "Digital Support": [("Account", "Portal")],
}
"""Which branches of the subjects a team is there for; the first line has the rest."""
SKILLS: Final[Mapping[str, str]] = {"Coffee Technicians": "coffee", "Water Technicians": "water"}
MOST_OPEN: Final = (6, 12, 9)
VIEWS: Final[Mapping[str, dict[str, Any]]] = {
    "Urgent and open": {"status": {"eq": "ACTIVE"}, "priority": {"gte": "HIGH"}},
    "Waiting for the customer": {"status_reason": {"in": ["WAITING_FOR_DETAILS", "WAITING_FOR_EVIDENCE"]}},
    "Reopened": {"status": {"eq": "ACTIVE"}, "reopen_count": {"gte": 1}},
}


@dataclass(frozen=True)
class Desk:
    """The queues, by the name of the team they are for."""

    queues: Mapping[str, Queue]


async def write_desk(by: Viewer, now: datetime, staff: Staff, catalogue: Catalogue) -> Desk:
    """Keeps queues, a set of routing rules, skills, capacities and shared views, by the acts of an administrator."""
    queues = {
        team: await save_queue(
            team,
            description=f"What {team} takes next.",
            owner=staff.people_by_team[team][0],
            members=[{"team": str(staff.teams[team].id)}],
            actor=by,
            now=now,
        )
        for team in TEAMS
    }
    leads = [{"person": str(people[0].id)} for people in staff.people_by_team.values()]
    queues[ESCALATIONS] = await save_queue(
        ESCALATIONS,
        QueueKind.PRIVATE,
        "For those who lead.",
        owner=staff.admins[0],
        members=leads,
        actor=by,
        now=now,
    )
    await _write_rules(by, now, queues, catalogue)
    await _write_abilities(by, now, staff)
    for name, where in VIEWS.items():
        await save_view(name, where, shared=True, actor=by, now=now)
    return Desk(queues)


def team_for(catalogue: Catalogue, subject_id: object) -> str:
    """The team whose branch of the subjects this one is in."""
    path = next((path for path, key in catalogue.subjects.items() if key == subject_id), ())
    return next((team for team, areas in AREAS.items() if any(path[: len(area)] == area for area in areas)), TEAMS[0])


async def _write_rules(by: Viewer, now: datetime, queues: Mapping[str, Queue], catalogue: Catalogue) -> None:
    rules: list[dict[str, Any]] = [
        {
            "name": "What stands still goes to those who lead",
            "queue": str(queues[ESCALATIONS].id),
            "when": {"severity": {"eq": "OUTAGE"}, "priority": {"eq": "CRITICAL"}},
        }
    ]
    for team in AREAS:
        subjects = [str(key) for key in catalogue.subjects.values() if team_for(catalogue, key) == team]
        rules.append(
            {"name": f"{team} by subject", "queue": str(queues[team].id), "when": {"subject_id": {"in": subjects}}}
        )
    rules.append({"name": "Everything else", "queue": str(queues[TEAMS[0]].id)})
    rule_set = await save_routing_rule_set("New cases", rules, actor=by, now=now)
    await activate_routing_rule_set(rule_set, actor=by, now=now)


async def _write_abilities(by: Viewer, now: datetime, staff: Staff) -> None:
    for team, people in staff.people_by_team.items():
        for place, person in enumerate(people[1:]):
            if team in SKILLS:
                await save_person_skills(person, [{"skill": SKILLS[team], "level": 3 - place % 3}], actor=by, now=now)
            await save_person_capacity(person, MOST_OPEN[place % len(MOST_OPEN)], away=place == 3, actor=by, now=now)

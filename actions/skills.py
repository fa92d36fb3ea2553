"""Keeping what routing knows of people: what they can do, and how much they may have."""

from datetime import datetime
from typing import Annotated, Any

from actions.signature import Spelled
from cases.refusals import BadInput
from cases.routing import read_skills
from cases.viewer import Viewer
from models.people import Person
from models.queues import PersonCapacity, PersonSkill
from models.writing import insert_unless_there


async def save_person_skills(
    person: Person,
    skills: Annotated[list[dict[str, Any]], Spelled("list[SkillInput]")],
    *,
    actor: Viewer,
    now: datetime,
) -> Person:
    """Says what a person can do and how well, all of it anew."""
    said = read_skills(skills, ("skills",))
    await PersonSkill.filter(person_id=person.id).delete()
    for skill in said:
        await PersonSkill.create(
            tenant_id=person.tenant_id, created_at=now, person_id=person.id, skill=skill.name, level=skill.level
        )
    return person


async def save_person_capacity(
    person: Person, most_open: int | None, away: bool = False, *, actor: Viewer, now: datetime
) -> PersonCapacity:
    """Says how many open cases routing may give to a person, null for any number, and whether they are away."""
    if most_open is not None and not 0 <= most_open < 2**31:
        raise BadInput("This number is out of range.", path=("most_open",))
    fresh = PersonCapacity(tenant_id=person.tenant_id, created_at=now, person_id=person.id)
    await insert_unless_there(fresh, ("person_id",))
    await PersonCapacity.filter(person_id=person.id).update(most_open=most_open, away=away)
    return await PersonCapacity.get(person_id=person.id)

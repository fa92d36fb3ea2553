"""Keeping queues: what they are called, who is in them, and what they take."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from actions.checking import check_assignee
from actions.news import tell
from actions.signature import Spelled
from cases import rules
from cases.conditions import All, Compare, Op
from cases.refusals import BadInput, Duplicate, Unknown
from cases.viewer import Viewer
from cases.vocabulary import QueueKind
from models.people import Person, Team
from models.queues import Queue, QueueMember
from models.reading import by_ids, exists
from models.visibility import visible

MOST_MEMBERS: Final = 100


async def save_queue(
    name: str,
    kind: QueueKind = QueueKind.PUBLIC,
    description: str = "",
    owner: Person | None = None,
    members: Annotated[list[dict[str, Any]] | None, Spelled("list[QueueMemberInput]")] = None,
    accepts: Annotated[list[str] | None, Spelled("list[CaseCategory]")] = None,
    active: bool = True,
    queue: Queue | None = None,
    *,
    actor: Viewer,
    now: datetime,
) -> Queue:
    """Saves a queue: a new one, or all of an existing one anew, its members too.

    A team that is a member stands for everybody who is in it at the time. Into a queue that is not active nothing new
    comes; what waits in it stays.
    """
    rules.refuse(rules.text(name, 200, ("name",), required=True), rules.text(description, 2000, ("description",)))
    check_assignee(owner, path="owner_id")
    wanted = await _members(members or [], actor)
    saved = queue or Queue(tenant_id=actor.tenant_id, created_at=now)
    same = (Compare("tenant_id", Op.EQ, actor.tenant_id), Compare("name", Op.EQ, name))
    if await exists(Queue, All((*same, Compare("id", Op.NIN, (saved.id,))))):
        raise Duplicate("There is a queue with this name already.", path=("name",))
    saved.name, saved.kind, saved.description, saved.active = name, kind, description, active
    saved.owner_id = owner.id if owner else None
    saved.accepts = sorted(set(accepts or []))
    await saved.save(force_create=queue is None)
    await _keep_members(saved, wanted, now)
    await tell(saved.tenant_id, "queue", saved.id, now)
    return saved


async def _members(said: Sequence[dict[str, Any]], actor: Viewer) -> set[tuple[str, UUID]]:
    """The members named, each as the column that says so and its value. Raises what is wrong with them."""
    if len(said) > MOST_MEMBERS:
        raise BadInput(f"A queue may have {MOST_MEMBERS} members; a team counts as one.", path=("members",))
    rules.refuse(_problems(said))
    people = await by_ids(Person, _keys(said, "person"), visible(Person, actor))
    teams = await by_ids(Team, _keys(said, "team"), visible(Team, actor))
    for number, one in enumerate(said):
        for place, found in (("person", people), ("team", teams)):
            if place in one and key_of(one[place]) not in found:
                raise Unknown(path=("members", number, f"{place}_id"))
    return {("person_id", key) for key in people} | {("team_id", key) for key in teams}


def _problems(said: Sequence[dict[str, Any]]) -> Iterator[BadInput]:
    for number, one in enumerate(said):
        if len(one) != 1:
            yield BadInput("Say one: a person or a team.", path=("members", number))


def _keys(said: Sequence[dict[str, Any]], place: str) -> set[UUID]:
    return {key for one in said if place in one and (key := key_of(one[place])) is not None}


def key_of(text: str) -> UUID | None:
    """The key that an input names a row by; what is no id names none."""
    try:
        return UUID(text)
    except ValueError:
        return None


async def _keep_members(queue: Queue, wanted: set[tuple[str, UUID]], now: datetime) -> None:
    for row in await QueueMember.filter(queue_id=queue.id):
        member = ("person_id", row.person_id) if row.person_id else ("team_id", row.team_id)
        if member not in wanted:
            await row.delete()
        wanted = wanted - {member}
    for column, key in sorted(wanted):
        member_id: dict[str, Any] = {column: key}
        await QueueMember.create(tenant_id=queue.tenant_id, created_at=now, queue_id=queue.id, **member_id)

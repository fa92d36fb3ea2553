"""Keeping views of cases: a filter and an ordering under a name."""

from datetime import datetime
from typing import Annotated, Any

from actions.signature import Spelled
from cases import rules
from cases.conditions import NOTHING, All, Compare, Condition, Op, Related
from cases.refusals import BadInput, Duplicate, NotPermitted
from cases.stored_conditions import from_json
from cases.viewer import Viewer
from cases.vocabulary import BuiltInView, QueueItemState, Role, Status
from models.askable import askable
from models.case import Case
from models.people import Membership
from models.queues import Queue
from models.reading import exists, select
from models.statements import Order
from models.views import SavedView
from models.visibility import queues_of

_RELATIONS_DEEP = 3
"""As deep as a `where` may be nested."""


async def save_view(
    name: str,
    where: Annotated[dict[str, Any], Spelled("CaseWhere")],
    order_by: Annotated[list[dict[str, str]] | None, Spelled("list[CaseOrder]")] = None,
    shared: bool = False,
    view: SavedView | None = None,
    *,
    actor: Viewer,
    now: datetime,
) -> SavedView:
    """Saves a filter and an ordering of cases under a name: a new view, or what an existing one is to become.

    A shared view is seen by all of the staff, and changed by its owner and those who lead; one without owner, by all.
    """
    rules.refuse(rules.text(name, 100, ("name",), required=True))
    if actor.person_id is None and not shared:
        raise BadInput("Only a person has views of their own; share it.", path=("shared",))
    if view is not None:
        _check_may_change(view, actor)
    saved = view or SavedView(tenant_id=actor.tenant_id, owner_id=actor.person_id, created_at=now)
    await _check_name(name, saved)
    _read(where)
    saved.update_from_dict({"name": name, "where": where, "order": order_by or [], "shared": shared})
    await saved.save(force_create=view is None)
    return saved


async def delete_view(view: SavedView, *, actor: Viewer, now: datetime) -> SavedView:
    """Deletes a saved view. A shared one is deleted by its owner or those who lead."""
    _check_may_change(view, actor)
    await view.delete()
    return view


def condition_of(view: SavedView) -> Condition:
    """Which cases a saved view means; not yet within anybody's sight.

    Raises BadInput if the view was saved for columns that there are no more.
    """
    return _read(view.where)


def order_of(view: SavedView) -> tuple[Order, ...]:
    return tuple(
        Order(column, direction.startswith("DESC"), not direction.endswith("NULLS_FIRST"))
        for term in view.order
        for column, direction in term.items()
    )


async def built_in(view: BuiltInView, viewer: Viewer) -> Condition:
    """Which cases a built-in view means for this viewer; none for somebody who is no member of staff."""
    mine = Compare("owner_id", Op.EQ, viewer.person_id)
    match view:
        case BuiltInView.MY_ACTIVE_CASES:
            return All((mine, Compare("status", Op.EQ, Status.ACTIVE)))
        case BuiltInView.MY_RESOLVED_CASES:
            return All((mine, Compare("status", Op.IN, (Status.RESOLVED, Status.CLOSED))))
        case BuiltInView.UNASSIGNED_IN_MY_TEAMS:
            places = await select(Membership, Compare("person_id", Op.EQ, viewer.person_id), columns=("id", "team_id"))
            in_my_teams = Compare("team_id", Op.IN, tuple(place.team_id for place in places))
            nobodys = Compare("owner_id", Op.IS_NULL, True)
            return All((in_my_teams, nobodys, Compare("status", Op.EQ, Status.ACTIVE)))
        case BuiltInView.AVAILABLE_IN_MY_QUEUES:
            if viewer.person_id is None:
                return NOTHING
            of_tenant = Compare("tenant_id", Op.EQ, viewer.tenant_id)
            queues = await select(Queue, All((of_tenant, queues_of(viewer.person_id))), columns=("id",))
            in_my_queues = Compare("queue_id", Op.IN, tuple(queue.id for queue in queues))
            available = Compare("state", Op.EQ, QueueItemState.AVAILABLE)
            return Related("QueueItem.case", All((in_my_queues, available))) if queues else NOTHING
        case BuiltInView.FOLLOWED_BY_ME:
            return Related("CaseFollower.case", Compare("person_id", Op.EQ, viewer.person_id))


def _read(where: dict[str, Any]) -> Condition:
    try:
        return from_json(where, askable(Case, _RELATIONS_DEEP))
    except BadInput as refusal:
        raise BadInput(refusal.message, path=("where", *refusal.path)) from None


def _check_may_change(view: SavedView, actor: Viewer) -> None:
    if view.owner_id not in (None, actor.person_id) and actor.role not in (Role.ADMIN, Role.MANAGER):
        raise NotPermitted(path=("view_id",))


async def _check_name(name: str, view: SavedView) -> None:
    of_owner = Compare("owner_id", Op.EQ, view.owner_id) if view.owner_id else Compare("owner_id", Op.IS_NULL, True)
    same = (Compare("tenant_id", Op.EQ, view.tenant_id), of_owner, Compare("name", Op.EQ, name))
    if await exists(SavedView, All((*same, Compare("id", Op.NIN, (view.id,))))):
        raise Duplicate("There is a view with this name already.", path=("name",))

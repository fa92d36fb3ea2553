"""Queues as clients see them: what waits in them, who may take it, and what routing knows of people."""

from typing import TYPE_CHECKING, Any

from strawberry import ID, auto
from strawberry.annotation import StrawberryAnnotation

import models
from cases.conditions import All, Compare, Condition, Op
from cases.vocabulary import CaseCategory, QueueItemState
from models.paging import Asked
from models.statements import Order
from schema.connections import ChildrenField, Connection, RootListField, children
from schema.context import Context
from schema.derived import NAMES, Member, derive_input, required
from schema.enums import public_enum
from schema.mirror import mirrors
from schema.node import Node
from schema.relations import related

if TYPE_CHECKING:
    from schema.cases import Case
    from schema.people import Person, Team

OLDEST_FIRST = (Order("priority", descending=True), Order("entered_at"))
"""The order in which a queue is worked through: by priority, and of equal ones whoever waits longest."""


class WaitingField(ChildrenField):
    """The items that are in a queue now, in the order in which they are to be taken."""

    def asked(self, context: Context, kwargs: dict[str, Any]) -> tuple[Condition, tuple[Order, ...], Asked]:
        condition, order, part = super().asked(context, kwargs)
        # nothing that is in a queue has left it: an index has only what has not
        there = All((Compare("state", Op.IN, self.metadata["states"]), Compare("left_at", Op.IS_NULL, True)))
        return All((there, condition)), order, part


def waiting(*states: QueueItemState, description: str) -> Any:
    return WaitingField(metadata={"by": "queue", "order": OLDEST_FIRST, "states": states}, description=description)


@mirrors(models.Queue, order=("name",))
class Queue(Node):
    name: auto
    description: auto
    kind: auto
    accepts: list[public_enum(CaseCategory)]  # type: ignore[valid-type]
    active: auto
    created_at: auto
    owner: "Person | None" = related()
    members: "Connection[QueueMember]" = children("queue")
    items: "Connection[QueueItem]" = waiting(
        QueueItemState.AVAILABLE,
        QueueItemState.PICKED,
        description="What is in it now: by priority, and of equal ones whoever waits longest first.",
    )
    available: "Connection[QueueItem]" = waiting(
        QueueItemState.AVAILABLE, description="What nobody works on yet, in the order in which it is to be taken."
    )


@mirrors(models.QueueMember)
class QueueMember(Node):
    queue: "Queue | None" = related()
    person: "Person | None" = related()
    team: "Team | None" = related()


@mirrors(models.QueueItem, order=("priority", "entered_at", "worked_since", "left_at"))
class QueueItem(Node):
    state: auto
    entered_at: auto
    priority: auto
    own_priority: auto
    worked_since: auto
    unassigned: auto
    left_at: auto
    case: "Case | None" = related()
    queue: "Queue | None" = related()
    worker: "Person | None" = related(description="Who works on it.")
    previous_owner: "Person | None" = related(description="Whose the case was before it was picked.")


@mirrors(models.RoutingRuleSet, order=("name", "place"))
class RoutingRuleSet(Node):
    name: auto
    active: auto
    place: auto
    items: auto
    created_at: auto


@mirrors(models.PersonSkill, order=("skill", "level"))
class PersonSkill(Node):
    skill: auto
    level: auto
    person: "Person | None" = related()


@mirrors(models.PersonCapacity)
class PersonCapacity(Node):
    most_open: auto
    away: auto
    last_assigned_at: auto
    person: "Person | None" = related()


def queue_items() -> Any:
    """The field for all visible items of all queues, those that have left among them."""
    return RootListField(
        metadata={"node": "QueueItem", "model": lambda: models.QueueItem, "order": OLDEST_FIRST},
        type_annotation=StrawberryAnnotation("Connection[QueueItem]", namespace=NAMES),
        description="The items of all queues, by priority and then oldest first; `state` says which are there still.",
    )


NAMES["CaseCategory"] = public_enum(CaseCategory)

derive_input(
    "QueueMemberInput",
    {"person_id": Member(ID | None), "team_id": Member(ID | None)},
    "A member of a queue: a person, or everybody who is in a team at the time.",
)
derive_input(
    "SkillInput",
    {"skill": required(str), "level": Member(int | None, "From 1, a little, to 10; 1 if left out.")},
    "Something a person can do, at least this well.",
)
derive_input(
    "RoutingRuleInput",
    {
        "name": required(str),
        "when": Member("CaseWhere | None", "For which cases it decides; without it, for all."),
        "queue_id": Member(ID | None),
        "person_id": Member(ID | None),
        "team_id": Member(ID | None),
        "skills": Member(
            "list[SkillInput] | None",
            "What whoever gets the case must be able to do. In a queue it waits for anybody if this is left out.",
        ),
    },
    "Cases, and where they go: to a queue, a person or a team. Of a team's people, or of a queue's if skills are asked "
    "for, the least loaded who has room and all skills gets the case.",
)

"""Queues in which cases wait for somebody, and the rules by which they get there."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields

from cases.vocabulary import Priority, QueueItemState, QueueKind
from models.case import Case
from models.fields import RankedEnumField, SortedCharField, UtcDateTimeField
from models.indexes import ListIndex
from models.people import Person, Team
from models.row import Row


class Queue(Row):
    """A place where cases wait for somebody to take them."""

    name = SortedCharField(max_length=200)
    description = fields.CharField(max_length=2000, default="")
    #: What waits in a private queue is seen by its members, its owner and those who lead.
    kind = fields.CharEnumField(QueueKind, max_length=8, default=QueueKind.PUBLIC)
    #: Who looks after it, and gets what nobody else can have.
    owner: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    owner_id: UUID | None
    #: The categories of cases it takes; without any, it takes all.
    accepts: fields.JSONField[list[str]] = fields.JSONField(default=list)
    #: Nothing new comes into a queue that is not used any more.
    active = fields.BooleanField(default=True)

    class Meta:
        unique_together = (("tenant", "name"),)


class QueueMember(Row):
    """A person, or everybody who is in a team at the time, as member of a queue."""

    queue: fields.ForeignKeyRelation[Queue] = fields.ForeignKeyField("models.Queue", related_name=False)
    queue_id: UUID
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True
    )
    person_id: UUID | None
    team: fields.ForeignKeyNullableRelation[Team] = fields.ForeignKeyField("models.Team", related_name=False, null=True)
    team_id: UUID | None

    class Meta:
        table = "queue_member"
        unique_together = (("queue", "person"), ("queue", "team"))


class QueueItem(Row):
    """A case's stay in queues: it follows from the history of the case."""

    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("models.Case", related_name=False)
    case_id: UUID
    #: The case as long as it is queued, then null. Unique: a case waits in one place, whoever is how fast.
    open_case_id = fields.UUIDField(null=True, unique=True)
    queue: fields.ForeignKeyRelation[Queue] = fields.ForeignKeyField(
        "models.Queue", related_name=False, on_delete=fields.RESTRICT
    )
    queue_id: UUID
    state = fields.CharEnumField(QueueItemState, max_length=12, default=QueueItemState.AVAILABLE)
    #: Since when it is in this queue.
    entered_at = UtcDateTimeField()
    #: The case's, or its own if one was given.
    priority = RankedEnumField(Priority)
    own_priority = RankedEnumField(Priority, null=True)
    #: Who works on it.
    worker: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    worker_id: UUID | None
    worked_since: datetime | None = UtcDateTimeField(null=True)
    #: Whose the case was before it was picked.
    previous_owner: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    previous_owner_id: UUID | None
    #: Why routing gave it to nobody, if it was to give it to somebody.
    unassigned = fields.CharField(max_length=500, null=True)
    left_at: datetime | None = UtcDateTimeField(null=True)

    class Meta:
        table = "queue_item"
        indexes = (
            ListIndex(fields=("queue", "state", "priority", "entered_at", "id"), down=("priority",)),
            ListIndex(
                fields=("queue", "priority", "entered_at", "id"),
                down=("priority",),
                null="left_at",
                name="queue_item_there",
            ),
            ListIndex(fields=("tenant", "priority", "entered_at", "id"), down=("priority",)),
            ListIndex(fields=("tenant", "state", "priority", "entered_at", "id"), down=("priority",)),
            ("worker", "state"),
            ("case", "entered_at", "id"),
        )


class RoutingRuleSet(Row):
    """Rules that say where new cases go: the first that holds decides. Of several active sets, by their place."""

    name = SortedCharField(max_length=200)
    active = fields.BooleanField(default=False)
    #: The set with the lowest place is asked first.
    place = fields.IntField(default=0)
    #: The rules in order: `name`, `when`, the `queue`, `person` or `team`, and `skills`.
    items: fields.JSONField[list[dict[str, Any]]] = fields.JSONField(default=list)

    class Meta:
        table = "routing_rule_set"
        unique_together = (("tenant", "name"),)


class PersonSkill(Row):
    """Something a person can do, and how well: 1 a little, 10 nobody better."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person", related_name=False)
    person_id: UUID
    skill = SortedCharField(max_length=100)
    level = fields.SmallIntField(default=1)

    class Meta:
        table = "person_skill"
        unique_together = (("person", "skill"),)


class PersonCapacity(Row):
    """How much routing may give to a person. Who picks a case themselves may have more."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person", related_name=False)
    person_id: UUID
    #: How many open cases at most; null means as many as come.
    most_open = fields.IntField(null=True)
    #: Who is away gets nothing by routing.
    away = fields.BooleanField(default=False)
    #: When routing gave them a case last; of those with equal loads, the one who has waited longest is next.
    last_assigned_at: datetime | None = UtcDateTimeField(null=True)

    class Meta:
        table = "person_capacity"
        unique_together = (("person",),)

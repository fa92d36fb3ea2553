"""Notifications as clients see them, and who follows a case."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from strawberry import UNSET, auto
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument

import models
from cases.conditions import All, Compare, Condition, Op
from models.paging import Asked
from models.reading import related as rows_by_key
from models.statements import Order
from schema.computed import computed
from schema.connections import RootListField
from schema.context import Context
from schema.derived import NAMES
from schema.mirror import mirrors
from schema.node import Node
from schema.relations import related

if TYPE_CHECKING:
    from schema.cases import Case
    from schema.people import Actor, Person


@mirrors(models.CaseFollower, order=("created_at",))
class CaseFollower(Node):
    created_at: auto
    case: "Case | None" = related()
    person: "Person | None" = related()


@mirrors(models.Notification, order=("created_at",))
class Notification(Node):
    kind: auto
    text: auto
    event_number: auto
    created_at: auto
    read_at: auto
    case: "Case | None" = related()
    recipient: "Person | None" = related()
    actor: "Actor | None" = related("actor_person", "actor_contact", description="Null for the system itself.")


class NotificationsField(RootListField):
    """What the viewer was told, the newest first."""

    @property
    def arguments(self) -> list[StrawberryArgument]:
        unread = StrawberryArgument(
            "unread_only", None, StrawberryAnnotation(bool | None, namespace=NAMES), default=UNSET
        )
        return [*super().arguments, unread]

    @arguments.setter
    def arguments(self, value: list[StrawberryArgument]) -> None:
        """As in every list, they follow from the type of the rows."""

    def asked(self, context: Context, kwargs: dict[str, Any]) -> tuple[Condition, tuple[Order, ...], Asked]:
        condition, order, part = super().asked(context, kwargs)
        if kwargs.get("unread_only") is True:
            condition = All((Compare("read_at", Op.IS_NULL, True), condition))
        return condition, order, part


def notifications() -> Any:
    """The field for the notifications of whoever asks."""
    newest_first = (Order("created_at", True),)
    return NotificationsField(
        metadata={"node": "Notification", "model": lambda: models.Notification, "order": newest_first},
        type_annotation=StrawberryAnnotation("Connection[Notification]", namespace=NAMES),
        description="What you were told, the newest first; nobody else sees it.",
    )


def followed() -> Any:
    """The field of a case that says whether the viewer follows it."""
    return computed(_followed, "id", description="Whether you follow it.")


async def _followed(row: Any, context: Context) -> bool:
    found: bool = await context.loader("followed", lambda keys: _load(keys, context.viewer.person_id)).load(row.id)
    return found


async def _load(case_ids: list[UUID], person_id: UUID | None) -> list[bool]:
    mine = Compare("person_id", Op.EQ, person_id)
    found = await rows_by_key(models.CaseFollower, "case_id", case_ids, mine, columns=("id", "case_id"))
    return [bool(found[case_id]) for case_id in case_ids]

"""What cases are to one another, as clients see it."""

from typing import TYPE_CHECKING, Any

from strawberry import auto

import models
from cases.vocabulary import Role
from schema.computed import computed
from schema.context import Context
from schema.mirror import mirrors
from schema.node import Node
from schema.relations import related

if TYPE_CHECKING:
    from schema.cases import Case
    from schema.people import Person


def _note(row: Any, context: Context) -> str | None:
    return None if context.viewer.role is Role.CUSTOMER else row.note


@mirrors(models.CaseLink, order=("created_at",))
class CaseLink(Node):
    kind: auto
    note: str | None = computed(_note, "note", description="Why; for the staff to see.")
    created_at: auto
    case: "Case | None" = related()
    other: "Case | None" = related()
    linked_by: "Person | None" = related()

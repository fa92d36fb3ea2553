"""Internal records as those few clients see them that may."""

from typing import TYPE_CHECKING

from strawberry import auto

import models
from schema.mirror import mirrors
from schema.node import Node
from schema.relations import related

if TYPE_CHECKING:
    from schema.cases import Case
    from schema.people import Person


@mirrors(models.InternalRecord, order=("created_at",))
class InternalRecord(Node):
    body: auto
    created_at: auto
    case: "Case | None" = related()
    author: "Person | None" = related()

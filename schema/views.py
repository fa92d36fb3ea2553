"""Saved views as clients see them."""

from typing import TYPE_CHECKING

from strawberry import auto

import models
from schema.mirror import mirrors
from schema.node import Node
from schema.relations import related

if TYPE_CHECKING:
    from schema.people import Person


@mirrors(models.SavedView, order=("name", "created_at"))
class SavedView(Node):
    name: auto
    where: auto
    order: auto
    shared: auto
    created_at: auto
    owner: "Person | None" = related()

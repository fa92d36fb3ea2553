"""Reverse: fields that lead to the one row of another table that points here, if there is one."""

from typing import Any, cast
from uuid import UUID

from strawberry.types.field import StrawberryField
from tortoise.models import Model

import models
from cases.conditions import EVERYTHING, All, Condition
from cases.viewer import Viewer
from models.reading import related as rows_by_key
from models.visibility import below, visible
from schema.context import Context


class ReverseField(StrawberryField):
    """Leads to the row whose column `by` has the key of this one; those that ask in a turn are served together."""

    @property
    def is_basic_field(self) -> bool:
        return False

    @property
    def model(self) -> type[Model]:
        return cast(type[Model], getattr(models, self.metadata["table"]))

    @property
    def by(self) -> str:
        return cast(str, self.metadata["by"])

    def scope(self, viewer: Viewer) -> Condition:
        """Which rows there are to lead to."""
        return All((visible(self.model, viewer), self.metadata["among"]))

    def scope_below(self, parent: type[Model], viewer: Viewer) -> Condition:
        """The same, for rows of `parent` that are known to be visible."""
        return below(parent, self.metadata["owner"], self.scope(viewer), viewer)

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        context: Context = info.context
        model, by = self.model, self.by

        async def load(keys: list[UUID]) -> list[Model | None]:
            scope = self.scope(context.viewer)
            found = await rows_by_key(model, by, keys, scope)
            return [next(iter(found[key]), None) for key in keys]

        return context.loader(("reverse", model, by), load).load(source.pk)


def reverse(
    table: str, by: str, *, among: Condition = EVERYTHING, owner: str = "", description: str | None = None
) -> Any:
    """A field that leads to the row of `table` whose column `by`, unique `among` the rows it means, points here.

    `owner` names a foreign key of `table` that leads to the same row as `by`, where there is one.
    """
    return ReverseField(metadata={"table": table, "by": by, "among": among, "owner": owner}, description=description)

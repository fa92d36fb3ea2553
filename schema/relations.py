"""Related: fields that follow a foreign key to one row, fetched in one statement for all rows that ask in a turn."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from strawberry.types.field import StrawberryField
from tortoise.models import Model

from models.reading import by_ids
from models.tables import target
from models.visibility import visible
from schema.context import Context


class RelatedField(StrawberryField):
    """Leads to the row that the first filled one of some foreign keys points at, or to nothing.

    A row that the viewer may not see is not there.
    """

    @property
    def is_basic_field(self) -> bool:
        return False

    @property
    def keys(self) -> Sequence[str]:
        """The names of the foreign keys, in the order in which they are tried."""
        return cast(Sequence[str], self.metadata["keys"]) or (self.python_name,)

    def bind(self, model: type[Model]) -> None:
        """Says which table the field is on; called once by `mirrors`."""
        targets = tuple((f"{key}_id", target(model, key)) for key in self.keys)
        self.metadata = {**self.metadata, "targets": targets}  # type: ignore[assignment]

    @property
    def targets(self) -> Sequence[tuple[str, type[Model]]]:
        """The columns to look at, each with the table it leads to."""
        return cast(Sequence[tuple[str, type[Model]]], self.metadata["targets"])

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        for column, model in self.targets:
            key = getattr(source, column)
            if key is not None:
                return one(info.context, model, key)
        return None


def related(*keys: str, description: str | None = None) -> Any:
    """A field that follows the foreign key of its own name, or the first filled one of `keys`."""
    return RelatedField(metadata={"keys": keys}, description=description)


def one(context: Context, model: type[Model], key: UUID) -> Any:
    """The visible row of `model` with this key, or None; what is asked for in one turn is fetched together."""

    async def load(keys: list[UUID]) -> list[Model | None]:
        rows = await by_ids(model, keys, visible(model, context.viewer))
        return [rows.get(key) for key in keys]

    return context.loader(("one", model), load).load(key)

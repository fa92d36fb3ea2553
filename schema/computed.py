"""Computed: fields that follow from columns of their row, and from the instant at which somebody asks."""

from collections.abc import Callable
from typing import Any

from strawberry.types.field import StrawberryField


class ComputedField(StrawberryField):
    """A field whose value a function makes from the row and the operation's context; it may be awaitable."""

    @property
    def is_basic_field(self) -> bool:
        return False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the row that the value follows from."""
        names: tuple[str, ...] = self.metadata["columns"]
        return names

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        return self.metadata["compute"](source, info.context)


def computed(compute: Callable[[Any, Any], Any], *columns: str, description: str | None = None) -> Any:
    """A field with the value `compute(row, context)`, which reads the named columns only.

    In a mirror it may stand for a column of its own name (`state: auto = computed(…)`): lists are then filtered by what
    is stored, and clients are shown what follows from it now.
    """
    return ComputedField(metadata={"compute": compute, "columns": columns}, description=description)

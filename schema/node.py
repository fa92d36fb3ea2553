"""Node: what has an id that can be looked up; and the other interfaces that types of rows share."""

from collections.abc import Callable
from typing import Any, TypeVar

import strawberry
from strawberry.types.field import StrawberryField

from schema.derived import NAMES
from schema.ids import id_of

T = TypeVar("T")


def interface(description: str) -> Callable[[type[T]], type[T]]:
    """Makes a class an interface that relations may lead to by its name."""

    def decorate(cls: type[T]) -> type[T]:
        NAMES[cls.__name__] = strawberry.interface(cls, description=description)
        return cls

    return decorate


class IdField(StrawberryField):
    """The public id of a row, made from its key."""

    @property
    def is_basic_field(self) -> bool:
        return False

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        return id_of(source)


def id_field() -> Any:
    return IdField(description="Opaque, and stable for ever.")


@interface("Anything that has an id of its own.")
class Node:
    id: strawberry.ID = id_field()

"""Types that follow from other declarations: built here, and known by name so that they can refer to one another."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass
from typing import Any

import strawberry
from strawberry import UNSET
from strawberry.annotation import StrawberryAnnotation

NAMES: dict[str, Any] = {}
"""Every public type by its name; annotations in quotes are looked up here when the schema is made."""


@dataclass(frozen=True)
class Member:
    """A field of a derived type: its annotation, and what is said of it."""

    annotation: Any
    description: str | None = None
    public: str | None = None
    default: Any = UNSET
    size: int | None = None
    """Of a plain list, how many it is taken to have when it is priced."""


def required(annotation: Any, description: str | None = None) -> Member:
    """A member that has to be given."""
    return Member(annotation, description, default=MISSING)


def derive_input(name: str, members: Mapping[str, Member], description: str, *, one_of: bool = False) -> type:
    """An input type. A member without a default may be left out, and is then `UNSET`, if its annotation allows null."""
    return _derive(name, members, lambda cls: strawberry.input(cls, name=name, description=description, one_of=one_of))


def derive_type(name: str, members: Mapping[str, Member], description: str) -> type:
    """An object type whose fields are attributes of the objects given for it."""
    return _derive(name, members, lambda cls: strawberry.type(cls, name=name, description=description))


def settle(cls: type, annotations: Mapping[str, Any]) -> None:
    """Lets the quoted annotations of `cls` be looked up among all public names, also those that come later."""
    for field in cls.__strawberry_definition__.fields:  # type: ignore[attr-defined]
        if field.python_name in annotations:
            field.type_annotation = StrawberryAnnotation(annotations[field.python_name], namespace=NAMES)


def _derive(name: str, members: Mapping[str, Member], make: Any) -> type:
    annotations = {member: spec.annotation for member, spec in members.items()}
    fields = {
        member: strawberry.field(
            name=spec.public,
            description=spec.description,
            default=spec.default,
            metadata=None if spec.size is None else {"size": spec.size},
        )
        for member, spec in members.items()
    }
    cls = make(type(name, (), {"__annotations__": dict(annotations), **fields}))
    settle(cls, annotations)
    NAMES[name] = cls
    return cls

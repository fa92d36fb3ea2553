"""Enums under their public names. Inside, a case's `Status` needs no prefix; in an API of everything it does."""

from enum import Enum
from typing import Any

import strawberry

from cases.vocabulary import CaseCategory, FactKind, Status, StatusReason

_PUBLIC_NAMES: dict[type[Enum], str] = {
    Status: "CaseStatus",
    StatusReason: "CaseStatusReason",
    FactKind: "CaseEventKind",
    CaseCategory: "CaseCategory",
}


def public_enum(enum: type[Enum]) -> type[Enum]:
    """The enum, known to GraphQL under its public name and with its docstring as description."""
    if "__strawberry_definition__" not in vars(enum):
        strawberry.enum(enum, name=_PUBLIC_NAMES.get(enum, enum.__name__), description=enum.__doc__)
    return enum


def public_type(of: Any) -> Any:
    """A plain Python type as GraphQL takes it: enums become public, everything else is known already."""
    return public_enum(of) if isinstance(of, type) and issubclass(of, Enum) else of

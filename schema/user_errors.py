"""User errors: every refusal as a GraphQL type of its own name, made from its class.

    interface UserError { message: String! code: ErrorCode! path: [String!] }

A refusal with data (`VersionConflict`, `IllegalTransition`) shows it in fields of its own.
"""

import dataclasses
import typing
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Any
from uuid import UUID

import strawberry
from strawberry.utils.str_converters import to_camel_case

from cases.refusals import NoneDone, Refused, Several
from cases.vocabulary import ErrorCode
from schema.derived import NAMES, Member, derive_type, settle
from schema.enums import public_enum
from schema.ids import public_id


@strawberry.interface(description="Why something was declined. `code` is for programs, `message` for people.")
class UserError:
    message: str
    code: public_enum(ErrorCode)  # type: ignore[valid-type]
    path: list[str] | None = strawberry.field(description="The place in the input; null means the request as a whole.")


def user_errors(refusal: Refused) -> list[UserError]:
    """The refusal as clients see it; several problems found at once are shown one by one."""
    problems = refusal.problems if isinstance(refusal, Several | NoneDone) else [refusal]
    return [_shown(problem) for problem in problems]


def public_path(refusal: Refused) -> list[str]:
    """The refusal's path as clients spell it, from the mutation's argument on."""
    return ["input", *(to_camel_case(str(part)) for part in refusal.path)] if refusal.path else []


def _shown(problem: Refused) -> UserError:
    said = {field.name: getattr(problem, field.name) for field in dataclasses.fields(problem)}
    said = {name: _spoken(value) for name, value in said.items()}
    said |= {"code": problem.code, "path": public_path(problem) or None}
    return _PUBLIC[type(problem)](**said)


def _spoken(value: Any) -> Any:
    """A refusal's data with public ids: the key in `activity_id` is that of an `Activity`."""
    if isinstance(value, list | tuple):
        return [_spoken(one) for one in value]
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    keys = {name: key for name, key in vars(value).items() if isinstance(key, UUID)}
    ids: dict[str, Any] = {name: public_id(name.removesuffix("_id").title(), key) for name, key in keys.items()}
    return dataclasses.replace(value, **ids)


def user_error_types() -> list[type]:
    """The GraphQL type of every refusal that clients can meet in `userErrors`."""
    for refusal in _all_of(Refused):
        if refusal not in (Several, NoneDone) and refusal not in _PUBLIC:
            _PUBLIC[refusal] = _public(refusal)
    return list(_PUBLIC.values())


def _public(refusal: type[Refused]) -> type:
    hints = typing.get_type_hints(refusal)
    own = [field for field in dataclasses.fields(refusal) if field.name not in ("message", "path")]
    annotations = {field.name: _annotation(hints[field.name]) for field in own}
    members = {
        field.name: strawberry.field(name=field.name.rstrip("_") or None) for field in own if "_" in field.name[-1:]
    }
    cls = type(refusal.__name__, (UserError,), {"__annotations__": annotations, "__doc__": refusal.__doc__, **members})
    public = strawberry.type(cls, name=refusal.__name__, description=(refusal.__doc__ or "").strip())
    settle(public, annotations)
    return public


def _annotation(of: Any) -> Any:
    """How a refusal's data is typed in public: enums and plain dataclasses become types of their own."""
    origin, arguments = typing.get_origin(of), typing.get_args(of)
    if of is UUID:
        return strawberry.ID
    if isinstance(of, type) and issubclass(of, Enum):
        return public_enum(of)
    if dataclasses.is_dataclass(of) and isinstance(of, type):
        return _derived(of)
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return list[_annotation(arguments[0])]  # type: ignore[misc]
    if arguments and type(None) in arguments:
        return _annotation(next(option for option in arguments if option is not type(None))) | None
    return of


def _derived(of: type) -> Any:
    if of.__name__ not in NAMES:
        hints = typing.get_type_hints(of)
        members = {name: Member(_annotation(hint), default=dataclasses.MISSING) for name, hint in hints.items()}
        derive_type(of.__name__, members, (of.__doc__ or "").strip())
    return NAMES[of.__name__]


def _all_of(cls: type[Refused]) -> Iterator[type[Refused]]:
    for below in cls.__subclasses__():
        yield below
        yield from _all_of(below)


NAMES["UserError"] = UserError
_PUBLIC: dict[type[Refused], type] = {}

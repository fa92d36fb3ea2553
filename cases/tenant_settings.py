"""Tenant settings: what each tenant decides for itself, declared once.

A setting is one line here: its type, its default, what it is about, and within which bounds it may be. How it is read
from storage, the input and the type of the API follow. Every setting has a value; none is null.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Final, Self, get_args, get_origin, get_type_hints

from cases import rules
from cases.kinship import ClosurePreference, Inheritable
from cases.refusals import BadInput

CHILDREN_LIMIT: Final = 100
DEPTH_LIMIT: Final = 5
_OF_DAY: Final = range(24 * 60)


@dataclass(frozen=True)
class About:
    """What a setting is about. `within` bounds a number, or the length of a text or a list."""

    sentence: str
    within: range | None = None


@dataclass(frozen=True, kw_only=True)
class TenantSettings:
    """What a tenant decided; where it did not, the defaults."""

    entitlement_on_create: Annotated[bool, About("Whether new cases get their customer's default entitlement.")] = False
    entitlement_on_change: Annotated[
        bool, About("Whether cases get the default entitlement when their customer or product changes.")
    ] = False
    sla_disabled: Annotated[bool, About("Whether policies are kept, but not applied to new cases by themselves.")] = (
        False
    )
    closure_preference: Annotated[
        ClosurePreference, About("What resolving or canceling a case means to its open children.")
    ] = ClosurePreference.INDEPENDENT
    hierarchy_depth: Annotated[
        int, About("How many levels of children may be below a case.", range(1, DEPTH_LIMIT + 1))
    ] = 1
    children_max: Annotated[int, About("How many children a case may have.", range(1, CHILDREN_LIMIT + 1))] = (
        CHILDREN_LIMIT
    )
    urge_minutes: Annotated[
        int, About("How many minutes somebody waits before they urge the same case again.", range(0, 24 * 60 + 1))
    ] = 15
    quiet_from_minute: Annotated[
        int, About("The minute of the day, on the tenant's clocks, at which quiet hours for customers begin.", _OF_DAY)
    ] = 0
    quiet_until_minute: Annotated[
        int, About("The one at which they end: notices wait until then. There are none if both are equal.", _OF_DAY)
    ] = 0
    inherited: Annotated[
        tuple[Inheritable, ...],
        About("What a new child gets from its parent beside title and customer, where nothing else is said."),
    ] = (Inheritable.PRODUCT, Inheritable.SUBJECT)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """The settings as a tenant's row has them. Raises BadInput for a value that is none; unknown names are left."""
        known = {name: value for name, value in stored.items() if name in HINTS}
        rules.refuse(*(_problems(name, value) for name, value in known.items()))
        return cls(**{name: _read(HINTS[name], value) for name, value in known.items()})


def changed(stored: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The stored settings with those that were `said`, in stored form: enums by name, tuples as lists.

    Raises BadInput for what cannot be accepted, under its name.
    """
    TenantSettings.of(said)
    return {**stored, **said}


HINTS: Final[Mapping[str, Any]] = get_type_hints(TenantSettings)
"""The type of each setting."""

ABOUT: Final[Mapping[str, About]] = {
    name: next(extra for extra in get_args(of) if isinstance(extra, About))
    for name, of in get_type_hints(TenantSettings, include_extras=True).items()
}


def _problems(name: str, value: Any) -> Iterator[BadInput]:
    try:
        read = _read(HINTS[name], value)
    except (KeyError, TypeError):
        yield BadInput("This setting cannot have such a value.", path=(name,))
        return
    if isinstance(read, tuple) and len(set(read)) < len(read):
        yield BadInput("This names something twice.", path=(name,))
    if isinstance(read, str):
        yield from rules.text(read, len(read), (name,))
    within = ABOUT[name].within
    measured = len(read) if isinstance(read, Sequence) else read
    if within is not None and measured not in within:
        yield BadInput(f"This has to be from {within.start} to {within.stop - 1}.", path=(name,))


def _read(of: Any, value: Any) -> Any:
    """A stored value as the code uses it. Raises TypeError or KeyError for one that does not fit the type."""
    if get_origin(of) is tuple:
        if not isinstance(value, list):
            raise TypeError(value)
        return tuple(_read(get_args(of)[0], one) for one in value)
    if issubclass(of, Enum):
        return of[value]
    if type(value) is not of:
        raise TypeError(value)
    return value

"""Shapes: values taken out of JSON that somebody else wrote, each with the path to it if it is not what is needed.

Null is what is left out. Nothing here knows of promises.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final, TypeAlias, TypeVar

from cases.refusals import BadInput

W = TypeVar("W", bound=StrEnum)
Path: TypeAlias = tuple[str | int, ...]

LONGEST_NAME: Final = 100


def entries(value: object, path: Path, known: frozenset[str]) -> dict[str, object]:
    """An object's entries without those that are null. A key that is not known is refused: it may be a misspelt one."""
    if not isinstance(value, Mapping):
        raise BadInput("An object is needed here.", path=path)
    if unknown := sorted(str(key) for key in value if key not in known):
        raise BadInput(f"There is no “{unknown[0]:.40}” here.", path=(*path, unknown[0]))
    return {str(key): one for key, one in value.items() if one is not None}


def listed(value: object, path: Path, most: int) -> Sequence[object]:
    """A list of up to `most` values; what was left out is an empty one."""
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise BadInput("A list is needed here.", path=path)
    if len(value) > most:
        raise BadInput(f"There may be {most} of these.", path=path)
    return value


def name(value: object, path: Path) -> str:
    """A text that something can be called by."""
    found = text(value, path)
    if not found.strip():
        raise BadInput("A name is needed here.", path=path)
    return found


def text(value: object, path: Path, longest: int = LONGEST_NAME) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise BadInput("A text is needed here.", path=path)
    if len(value) > longest:
        raise BadInput(f"This text may have {longest} characters.", path=path)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadInput("This text cannot be stored.", path=path) from None
    return value


def whole(value: object, path: Path, least: int, most: int) -> int:
    """A whole number from `least` to `most`."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadInput(f"A whole number from {least} to {most} is needed here.", path=path)
    return value


def flag(value: object, path: Path) -> bool:
    if not isinstance(value, bool):
        raise BadInput("True or false is needed here.", path=path)
    return value


def word(words: type[W], value: object, path: Path) -> W:
    """One of the words, by its name."""
    try:
        return words(str(value))
    except ValueError:
        raise BadInput(f"One of {', '.join(words)} is needed here.", path=path) from None


def words(kind: type[W], value: object, path: Path) -> frozenset[W]:
    """Some of the words."""
    return frozenset(word(kind, one, (*path, place)) for place, one in enumerate(listed(value, path, len(kind))))


def names(found: Iterable[StrEnum]) -> list[str]:
    """What `words` reads to these, in an order that does not depend on chance."""
    return sorted(one.value for one in found)

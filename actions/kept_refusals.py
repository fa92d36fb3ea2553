"""Refusals as JSON: what became of one of many is answered again to who asks again."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from cases.refusals import Refused


def to_json(refusal: Refused) -> list[Any]:
    return [type(refusal).__name__, msgspec.to_builtins(refusal)]


def from_json(stored: list[Any]) -> Refused:
    name, said = stored
    return msgspec.convert(said, type=_kinds()[name], strict=False)


@cache
def _kinds() -> dict[str, type[Refused]]:
    return {kind.__name__: kind for kind in _below(Refused)}


def _below(kind: type[Refused]) -> Iterator[type[Refused]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)

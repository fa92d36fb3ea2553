"""Sharing: what is found out about a thing that happened is found out once for all who would be told the same.

Two viewers would be told the same if they are equal in everything that was asked of the first while the answer was
made. That is not guessed: the answer is made for a viewer who notes what is read of them. So a colleague gets the
answer of a colleague, and whoever sees something of their own because of who they are does not. What was found out is
used for a moment only, so that a right that was taken away is not used later on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Final, TypeVar

from cases.viewer import Viewer
from models.reading import SharedReads

T = TypeVar("T")

FRESH_SECONDS: Final = 1.0
_NOT_MADE: Final = object()
_FIELDS: Final = frozenset(one.name for one in fields(Viewer))


class Watched(Viewer):
    """A viewer who notes what is read of them."""

    def __getattribute__(self, name: str) -> Any:
        if name in _FIELDS:
            object.__getattribute__(self, "seen").add(name)
        return object.__getattribute__(self, name)


def watched(viewer: Viewer) -> tuple[Watched, set[str]]:
    """The viewer, and the names of what will have been read of them."""
    seen: set[str] = set()
    made = object.__new__(Watched)
    object.__setattr__(made, "seen", seen)
    for name in _FIELDS:
        object.__setattr__(made, name, getattr(viewer, name))
    return made, seen


Values = tuple[tuple[str, Any], ...]
"""What was read of a viewer: names, sorted, with what was found."""


@dataclass
class _Variants:
    """The answers to one request, each by what was read of the viewer it was made for.

    Those who wait for an answer that is being made are those who are like its viewer in what was read last.
    """

    since: float
    found: dict[Values, Any] = field(default_factory=dict)
    looked_at: dict[tuple[str, ...], None] = field(default_factory=dict)
    making: dict[Values, asyncio.Event] = field(default_factory=dict)

    def of(self, viewer: Viewer) -> Any:
        for names in self.looked_at:
            if (answer := self.found.get(_values(viewer, names), _NOT_MADE)) is not _NOT_MADE:
                return answer
        return _NOT_MADE

    def expected(self, viewer: Viewer) -> Values:
        """What will be read of the viewer, as far as can be told; until something was, all are one."""
        return _values(viewer, next(reversed(self.looked_at), ()))


def _values(viewer: Viewer, names: Iterable[str]) -> Values:
    return tuple((name, getattr(viewer, name)) for name in names)


async def shared(known: dict[Any, Any], request: Hashable, viewer: Viewer, make: Callable[[Viewer], Awaitable[T]]) -> T:
    """What `make` gives for the viewer, or gave a moment ago for one who is the same as far as that matters.

    `known` belongs to the thing that happened, and keeps what was found out.
    """
    while True:
        now = asyncio.get_running_loop().time()
        variants: _Variants | None = known.get(request)
        if variants is None or now - variants.since > FRESH_SECONDS:
            variants = known[request] = _Variants(now)
            asyncio.get_running_loop().call_later(FRESH_SECONDS, _forget, known, request, variants)
        if (found := variants.of(viewer)) is not _NOT_MADE:
            answer: T = found
            return answer
        expected = variants.expected(viewer)
        if (others := variants.making.get(expected)) is None:
            break
        await others.wait()
    made = variants.making[expected] = asyncio.Event()
    try:
        noting, seen = watched(viewer)
        answer = await make(noting)
        names = tuple(sorted(seen))
        variants.looked_at[names] = None
        variants.found[_values(viewer, names)] = answer
        return answer
    finally:
        del variants.making[expected]
        made.set()


def _forget(known: dict[Any, Any], request: Hashable, variants: _Variants) -> None:
    """Whoever does not keep up holds on to what happened, but not to all that others were told of it."""
    if known.get(request) is variants:
        del known[request]


def shared_reads(known: dict[Any, Any]) -> SharedReads:
    """What was read about the thing that happened, a moment ago at most."""
    now = asyncio.get_running_loop().time()
    since, reads = known.get(SharedReads, (float("-inf"), None))
    if reads is None or now - since > FRESH_SECONDS:
        reads = SharedReads()
        known[SharedReads] = (now, reads)
    return reads

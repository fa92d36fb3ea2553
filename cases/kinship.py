"""Kinship: the words for what cases are to one another."""

from enum import auto
from typing import Final

from cases.vocabulary import Word


class ClosurePreference(Word):
    """What ending a case means to its open children: nothing, that they end with it, or that it cannot end yet."""

    INDEPENDENT = auto()
    CASCADE = auto()
    RESTRICT = auto()


class Inheritable(Word):
    """What a child may get from its parent when it is created. Later changes of the parent change no child."""

    DESCRIPTION = auto()
    TYPE = auto()
    SUBJECT = auto()
    PRODUCT = auto()
    PRIORITY = auto()
    SEVERITY = auto()
    ORIGIN = auto()
    DEADLINE = auto()
    OWNER = auto()
    TEAM = auto()
    ENTITLEMENT = auto()


class ParentFault(Word):
    """Why one case cannot be the parent of another."""

    ITSELF = auto()
    CYCLE = auto()
    TOO_DEEP = auto()
    TOO_MANY = auto()
    OTHER_PARENT = auto()
    NO_CHILD = auto()


class CaseLinkKind(Word):
    """What one case is to another. Seen from the other, `BLOCKS` is `BLOCKED_BY`."""

    RELATED = auto()
    DUPLICATES = auto()
    DUPLICATED_BY = auto()
    BLOCKS = auto()
    BLOCKED_BY = auto()
    CAUSES = auto()
    CAUSED_BY = auto()

    @property
    def seen_from_the_other(self) -> "CaseLinkKind":
        return _REVERSED.get(self, self)


_REVERSED: Final = {
    one: other
    for pair in (
        (CaseLinkKind.DUPLICATES, CaseLinkKind.DUPLICATED_BY),
        (CaseLinkKind.BLOCKS, CaseLinkKind.BLOCKED_BY),
        (CaseLinkKind.CAUSES, CaseLinkKind.CAUSED_BY),
    )
    for one, other in (pair, pair[::-1])
}

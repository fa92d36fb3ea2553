"""Similarity: how alike two things are that people have written about. One scorer, for cases and for articles.

A score is a whole number from 0 (nothing in common) to 100 (the same). Titles weigh most, then the words of the text,
then product and subject. A word that many have says little; how many have it comes in with `Rarity`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log2
from typing import Final, Protocol, Self
from uuid import UUID

from cases.words import words

TITLE: Final = 60
TEXT: Final = 20
PRODUCT: Final = 10
SUBJECT: Final = 10

DUPLICATE: Final = 60
"""From this score of the titles alone, two open cases of one customer may be the same question asked twice."""

LEAST: Final = 10
"""What scores less is not worth showing."""


class Titled(Protocol):
    """As much of a case as its traits need."""

    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def product_id(self) -> UUID | None: ...
    @property
    def subject_id(self) -> UUID | None: ...


@dataclass(frozen=True)
class Traits:
    """What is compared."""

    title: frozenset[str]
    text: frozenset[str] = frozenset()
    product: UUID | None = None
    subject: UUID | None = None

    @classmethod
    def of(cls, case: Titled) -> Self:
        return cls(frozenset(words(case.title)), frozenset(words(case.description)), case.product_id, case.subject_id)


@dataclass(frozen=True)
class Rarity:
    """How much a word says: all of it if nobody else has it, less the more have it, never nothing."""

    count_by_word: Mapping[str, int]

    def of(self, found: Iterable[str]) -> float:
        return sum(1 / (1 + log2(1 + self.count_by_word.get(word, 0))) for word in found)

    def rarest(self, found: Iterable[str], most: int) -> list[str]:
        """The words that say most, those first that fewest have; words that nobody has find nothing."""
        known = (word for word in set(found) if self.count_by_word.get(word, 0))
        return sorted(known, key=lambda word: (self.count_by_word[word], word))[:most]


UNWEIGHTED: Final = Rarity({})


def similarity(one: Traits, other: Traits, rarity: Rarity = UNWEIGHTED) -> int:
    """How alike two are, 0 to 100, whichever comes first. A part that one of them does not have is left out.

    Two without any word in common score 0, whatever their product.
    """
    parts = [
        (TITLE, _overlap(one.title, other.title, rarity), bool(one.title and other.title)),
        (TEXT, _overlap(one.text, other.text, rarity), bool(one.text and other.text)),
        (PRODUCT, float(one.product == other.product), None not in (one.product, other.product)),
        (SUBJECT, float(one.subject == other.subject), None not in (one.subject, other.subject)),
    ]
    if not (one.title | one.text) & (other.title | other.text):
        return 0
    possible = sum(weight for weight, _, both in parts if both)
    reached = sum(weight * share for weight, share, both in parts if both)
    return round(100 * reached / possible) if possible else 0


def is_duplicate(title: str, other: str) -> bool:
    """Whether two titles ask the same, as far as their words say."""
    return similarity(Traits(frozenset(words(title))), Traits(frozenset(words(other)))) >= DUPLICATE


def _overlap(one: frozenset[str], other: frozenset[str], rarity: Rarity) -> float:
    """The weight of the words that both have, of the weight of all: 0 to 1 (Jaccard's index, weighted)."""
    union = rarity.of(one | other)
    return rarity.of(one & other) / union if union else 0.0

"""How alike: examples, and laws that hold for any two."""

from uuid import UUID

import pytest
from hypothesis import given as random
from hypothesis import strategies as st
from pytest import param

from cases.similarity import DUPLICATE, Rarity, Traits, is_duplicate, similarity
from cases.words import words

KETTLE, STEAM = UUID(int=1), UUID(int=2)


def traits(title: str, text: str = "", product: UUID | None = None, subject: UUID | None = None) -> Traits:
    return Traits(frozenset(words(title)), frozenset(words(text)), product, subject)


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        param(traits("Kettle leaks"), traits("kettle LEAKS!"), 100, id="the same words"),
        param(traits("Kettle leaks"), traits("Toaster burns"), 0, id="no word in common"),
        param(traits(""), traits(""), 0, id="nothing is like nothing"),
        param(traits("Kettle leaks"), traits("Kettle hums"), 33, id="one word of three"),
        param(traits("Kettle leaks", "", KETTLE), traits("Toaster burns", "", KETTLE), 0, id="a product is no word"),
        param(traits("Leaks", "", KETTLE), traits("Leaks", "", STEAM), 86, id="another product"),
        param(traits("Leaks", "", KETTLE), traits("Leaks"), 100, id="a product that one does not have is left out"),
        param(traits("Leaks", "At the lid"), traits("Leaks", "On my desk"), 75, id="another text"),
        param(traits("A", "leaks"), traits("B", "leaks"), 25, id="only the text"),
    ],
)
def test_similarity(one, other, score):
    assert similarity(one, other) == score


def test_a_word_that_everybody_has_says_less():
    rarity = Rarity({"the": 5_000, "kettle": 3})
    case = traits("the kettle")

    assert similarity(case, traits("kettle hums"), rarity) > similarity(case, traits("the hums"), rarity)


def test_the_rarest_words_come_first_and_those_that_nobody_has_not_at_all():
    rarity = Rarity({"the": 5_000, "kettle": 3, "leaks": 3})

    assert rarity.rarest(["the", "leaks", "kettle", "zzz"], 3) == ["kettle", "leaks", "the"]
    assert rarity.rarest(["the", "leaks", "kettle"], 1) == ["kettle"]


@pytest.mark.parametrize(
    ("one", "other", "duplicate"),
    [
        param("The kettle leaks", "The kettle leaks!", True, id="the same"),
        param("The kettle leaks", "kettle leaks", True, id="a word less"),
        param("The kettle leaks", "The toaster leaks", False, id="another thing"),
        param("", "", False, id="nothing"),
    ],
)
def test_a_duplicate_asks_the_same(one, other, duplicate):
    assert is_duplicate(one, other) is duplicate
    assert DUPLICATE > 50


some_words = st.frozensets(st.sampled_from(["kettle", "leaks", "lid", "steam", "hums", "the", "a"]))
some_keys = st.sampled_from([None, KETTLE, STEAM])
some_traits = st.builds(Traits, some_words, some_words, some_keys, some_keys)
some_counts = st.dictionaries(st.sampled_from(["kettle", "leaks", "the", "a"]), st.integers(0, 10**6))
some_rarity = st.builds(Rarity, some_counts)


@random(some_traits, some_traits, some_rarity)
def test_any_two_are_as_alike_as_the_other_way_round(one, other, rarity):
    assert similarity(one, other, rarity) == similarity(other, one, rarity)
    assert 0 <= similarity(one, other, rarity) <= 100


@random(some_traits, some_rarity)
def test_everything_with_words_is_wholly_like_itself(one, rarity):
    assert similarity(one, one, rarity) == (100 if one.title | one.text else 0)

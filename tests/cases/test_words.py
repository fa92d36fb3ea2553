"""Words are the same whoever writes them, and any text has some or none."""

import pytest
from hypothesis import given as random
from hypothesis import strategies as st
from pytest import param

from cases.words import ASKED_WORDS, WORD_BYTES, asked, counted, snippet, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        param("The kettle LEAKS.", ["the", "kettle", "leaks"], id="case and punctuation do not count"),
        param("Résumé Żółć", ["resume", "zołc"], id="accents do not count"),
        param("Straße", ["strasse"], id="sharp s is two"),
        param("CAS-000123", ["cas", "000123"], id="a number is two words"),
        param("a_b o'clock", ["a", "b", "o", "clock"], id="underscores and apostrophes part"),
        param("kettle kettle", ["kettle", "kettle"], id="repeated words are repeated"),
        param("\uff21\uff22\uff11", ["ab1"], id="full width is plain width"),
        param("返品について", ["返品", "品に", "につ", "つい", "いて", "て"], id="unspaced scripts are cut in pairs"),
        param("iPhone修理", ["iphone", "修理", "理"], id="scripts may be mixed"),
        param("냉장고 수리", ["냉장고", "수리"], id="Korean has spaces"),
        param("", [], id="nothing"),
        param("?!* \x00 ' \" -- \ud800", [], id="signs only"),
    ],
)
def test_words(text, found):
    assert words(text) == found


def test_a_long_word_is_cut_between_characters():
    assert words("é" * 100) == ["e" * WORD_BYTES]
    assert words("я" * 100) == ["я" * (WORD_BYTES // 2)]


def test_a_question_counts_each_word_once_and_eight_at_most():
    assert asked("b a b") == ["b", "a"]
    assert len(asked(" ".join(f"word{n}" for n in range(50)))) == ASKED_WORDS


@random(st.text(st.characters(exclude_categories=())))
def test_any_text_has_words_that_can_be_stored_and_are_found_again(text):
    for word in counted(text):
        assert 0 < len(word.encode()) <= WORD_BYTES
        assert word in words(word) or not words(word)


@pytest.mark.parametrize(
    ("text", "word", "shown"),
    [
        param("short text", "text", "short text", id="a short text is shown whole"),
        param("many\n\n  lines", "lines", "many lines", id="on one line"),
        param("a " * 50 + "needle" + " b" * 50, "need", "… a a a needle b b b b b b …", id="around a word"),
        param("a " * 50, "needle", "a a a a a a a a a a a a …", id="the beginning, without a match"),
    ],
)
def test_a_snippet_shows_the_place(text, word, shown):
    found = snippet(text, [word], length=24)

    assert found == shown

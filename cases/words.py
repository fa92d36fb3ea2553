"""Words: what a text is found by, the same for what is written and for what is asked.

Case, accents and width do not count: "Résumé" is found by "resume". Scripts that are written without spaces are cut
into pairs of characters, so that "返品" is found inside "返品について". There is no stemming and there are no stop
words: a word is what stands there, whatever the language.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Final

WORD_BYTES: Final = 48
"""Longer words are cut to so many bytes of UTF-8, when they are written as when they are asked for."""

ASKED_WORDS: Final = 8
ASKED_CHARACTERS: Final = 2_000
"""So many different words of a question count; the rest of it says nothing more."""

_RUN: Final = re.compile(r"[^\W_]+")
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
# Han, Hiragana, Katakana (UAX #24); Hangul and Thai are left as they are: prefixes find them.
_UNSPACED: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]+")


def words(text: str) -> list[str]:
    """The words of `text` in their order, folded; one that occurs twice is listed twice."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", folded)))
    return [cut(word) for run in _RUN.findall(bare) for word in _parted(run)]


def counted(text: str) -> Counter[str]:
    """How often each word occurs in `text`."""
    return Counter(words(text))


def asked(text: str) -> list[str]:
    """The words that a question asks for, each once, in their order; at most `ASKED_WORDS`, however long it goes on."""
    return list(dict.fromkeys(words(text[:ASKED_CHARACTERS])))[:ASKED_WORDS]


def cut(word: str) -> str:
    """The word, or as many of its characters as `WORD_BYTES` hold."""
    return word.encode()[:WORD_BYTES].decode(errors="ignore")


def snippet(text: str, asked_for: Iterable[str], length: int = 160) -> str:
    """About `length` characters of `text` around the first word that begins with one that was asked for.

    Plain text on one line, with dots where it was cut; its beginning if no word of it was asked for.
    """
    plain = " ".join(text.split())
    if len(plain) <= length:
        return plain
    prefixes = tuple(asked_for)
    place = next((found.start() for found in _RUN.finditer(plain) if _begins(found[0], prefixes)), 0)
    start = max(0, min(place - length // 4, len(plain) - length))
    if start:
        start = plain.find(" ", start - 1, place) + 1 or start
    return f"{'… ' * bool(start)}{plain[start : start + length].strip()}{' …' * (start + length < len(plain))}"


def _begins(run: str, prefixes: tuple[str, ...]) -> bool:
    return bool(prefixes) and any(word.startswith(prefixes) for word in words(run))


def _parted(run: str) -> Iterable[str]:
    """The run itself; stretches without spaces as pairs, and their last character alone: so each begins a word."""
    place = 0
    for stretch in _UNSPACED.finditer(run):
        if stretch.start() > place:
            yield run[place : stretch.start()]
        letters = stretch[0]
        yield from (letters[at : at + 2] for at in range(len(letters)))
        place = stretch.end()
    if place < len(run):
        yield run[place:]

"""Names of files, as their senders say them and as they are kept: something to show, never a path."""

import re
import unicodedata
from typing import Final

from cases.content.kinds import KIND_BY_EXTENSION
from cases.refusals import BadInput

LONGEST: Final = 120
LONGEST_GIVEN: Final = 1000
PLAIN: Final = frozenset(" -_()[]{}+,&'@#=~!")
"""Characters beside letters, marks and digits that a name may have; all others become underscores."""
RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
"""Devices of Windows, whatever their extension."""


def tidied(given: str) -> str:
    """The last part of a path, composed (NFC), of harmless characters, at most 120 long, with one extension we take.

    Raises BadInput for a name that is made to look like another, or is none: with control characters, marks that turn
    the direction of writing, no extension or two, a stream, or a dot at its end.
    """
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", given[:LONGEST_GIVEN])[-1]).strip(" ")
    hidden = any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for character in given)
    if hidden or len(given) > LONGEST_GIVEN:
        raise _refused("This name has characters that cannot be seen.")
    if ":" in name:
        raise _refused("This name has a colon in it.")
    stem, dot, extension = name.rpartition(".")
    if not dot or not extension or not stem.strip(" .") or "." in stem:
        raise _refused("A name has one dot, before its extension.")
    if extension.lower() not in KIND_BY_EXTENSION:
        raise _refused(f"Files of these kinds are taken: {', '.join(KIND_BY_EXTENSION).upper()}.")
    if RESERVED.fullmatch(stem.strip(" ")):
        raise _refused("This name means a device to some computers.")
    kept = "".join(character if _is_plain(character) else "_" for character in stem)
    return f"{kept[: LONGEST - len(extension) - 1].strip()}.{extension}"


def _is_plain(character: str) -> bool:
    return character in PLAIN or unicodedata.category(character)[0] in "LMN"


def _refused(why: str) -> BadInput:
    return BadInput(why, path=("name",))

"""How the schema may change: in any way that old clients survive, and in others only after saying so.

A breaking change since the last release is announced in the `Unreleased` part of CHANGELOG.md by naming what it
changes, as in `Case.title`, `Query.case`, `@oneOf` or, for a whole type, `CaseKey`.
"""

import re
from collections.abc import Iterable

from graphql import build_schema, find_schema_changes
from graphql.utilities.find_schema_changes import BreakingChange

_UNRELEASED = re.compile(r"^## Unreleased\b.*?$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"\b[A-Z_]\w*\.\w+|@\w+")
_NAME = re.compile(r"\w+")


def breaking_changes(before: str, after: str) -> list[str]:
    """What a client of the one printed schema may trip over in the other, a sentence each."""
    changes = find_schema_changes(build_schema(before), build_schema(after))
    return sorted(change.description for change in changes if isinstance(change, BreakingChange))


def unannounced(changes: Iterable[str], changelog: str) -> list[str]:
    """Those of `changes` whose place the unreleased part of the changelog does not name."""
    unreleased = _UNRELEASED.search(changelog)
    text = unreleased[1] if unreleased else ""
    named = {*_PLACE.findall(text), *_NAME.findall(text)}
    return [change for change in changes if _place(change) not in named]


def _place(change: str) -> str:
    """What a sentence of `breaking_changes` is about: `Field Case.title was removed.`, `CaseKey was removed.`"""
    found = _PLACE.search(change) or _NAME.search(change)
    return found[0] if found else change

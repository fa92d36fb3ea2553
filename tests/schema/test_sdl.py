"""`schema.graphql` is what the code says, and changes only in ways that clients survive or were told of."""

import re
import subprocess
from pathlib import Path

import pytest
from graphql import build_schema as parsed
from graphql import lexicographic_sort_schema, print_schema, validate_schema
from pytest import param
from strawberry.utils.str_converters import to_camel_case

from schema.evolution import breaking_changes, unannounced
from schema.graph import printed

ROOT = Path(__file__).parents[2]
PRINTED = ROOT / "schema.graphql"


def test_the_committed_schema_is_the_one_the_code_makes():
    fresh = printed()

    assert PRINTED.read_text() == fresh, "refresh it: .venv/bin/python -m schema.graph > schema.graphql"


def test_the_committed_schema_is_valid_and_sorted():
    schema = parsed(PRINTED.read_text())

    assert validate_schema(schema) == []
    assert print_schema(schema) == print_schema(lexicographic_sort_schema(schema))


def test_descriptions_call_fields_by_their_public_names():
    spelled: list[str] = []
    for name, of in parsed(PRINTED.read_text()).type_map.items():
        fields = getattr(of, "fields", {})
        described = [of, *fields.values()]
        for word in re.findall(r"`([a-z]+_[a-z_]+)`", " ".join(one.description or "" for one in described)):
            if to_camel_case(word) in fields:
                spelled.append(f"{name}: {word}")

    assert spelled == []


def before(reference: str) -> str | None:
    """The committed schema as it was at a commit; None if there is no such commit here, or no schema in it."""
    shown = subprocess.run(["git", "show", f"{reference}:schema.graphql"], cwd=ROOT, capture_output=True, text=True)
    return shown.stdout if shown.returncode == 0 else None


def last_release() -> str:
    """The last tag, or nothing before the first one; a shallow clone may know none."""
    tag = subprocess.run(["git", "describe", "--tags", "--abbrev=0"], cwd=ROOT, capture_output=True, text=True)
    return tag.stdout.strip() or "no release"


@pytest.mark.parametrize("since", ["the last release", "HEAD~1", "HEAD"])
def test_no_client_is_broken_without_a_word_in_the_changelog(since):
    """In a shallow clone without tags only `HEAD` is there: what is about to be committed is still compared."""
    was = before(last_release() if since == "the last release" else since)
    changes = breaking_changes(was, PRINTED.read_text()) if was else []

    assert unannounced(changes, (ROOT / "CHANGELOG.md").read_text()) == []


BEFORE = """
type Query { case(id: ID): Case cases: [Case!]! }
type Case { title: String status: Status }
enum Status { OPEN CLOSED }
input Key { id: ID }
"""


@pytest.mark.parametrize(
    ("was", "becomes", "place"),
    [
        param("title: String", "", "Case.title", id="a field goes"),
        param("title: String", "title: Int", "Case.title", id="a field changes its type"),
        param("OPEN CLOSED", "OPEN", "Status.CLOSED", id="a word of an enum goes"),
        param("case(id: ID)", "case(id: ID!)", "Query.case", id="an argument becomes necessary"),
        param("input Key { id: ID }", "", "Key", id="a type goes"),
        param("input Key { id: ID }", "input Key { id: ID number: Int! }", "Key.number", id="an input asks for more"),
    ],
)
def test_a_breaking_change_is_announced_by_naming_its_place(was, becomes, place):
    changes = breaking_changes(BEFORE, BEFORE.replace(was, becomes))

    assert len(changes) == 1
    assert (
        unannounced(changes, "# Changelog\n\n## Unreleased\n\n### Added\n- Much.\n\n## 1.0.0\n- `" + place + "`\n")
        == changes
    )
    assert unannounced(changes, f"# Changelog\n\n## Unreleased\n\n### Removed\n- `{place}`, which nobody used.\n") == []
    assert unannounced(changes, "# Changelog without anything") == changes


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        param("title: String", "title: String number: Int", id="a new field"),
        param("OPEN CLOSED", "OPEN CLOSED PAUSED", id="a new word"),
        param("case(id: ID)", "case(id: ID, number: Int)", id="a new argument that may be left out"),
        param("title: String", "title: String!", id="a field that is never null again"),
    ],
)
def test_what_clients_survive_needs_no_word(was, becomes):
    assert breaking_changes(BEFORE, BEFORE.replace(was, becomes)) == []

"""What holds for every file of the project, whoever wrote it."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINES_MAX = 350
LINES_MAX_OF_TESTS = 450  # tables of examples, a line each

LONG_FOR_A_REASON = frozenset(
    {
        "demo/topics.py",  # what the people of the demo data say: texts, no code
    }
)
GENERATED = ROOT / "models" / "migrations"


def committed(*patterns: str) -> list[Path]:
    """Files that belong to the project and are there: known to git, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def places(pattern: str, files: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in files
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_no_lock_says_where_packages_come_from():
    locks = [*committed("*.lock", "*.in", "*package-lock.json", "*.npmrc", "*.toml", "Makefile")]
    registry = r"""(?i)(?<!no-emit-)index-url|find-links|trusted-host|registry\s*=|"resolved"|^\s*--?\w*index"""

    assert locks
    assert places(registry, locks) == []
    assert [place for place in places(r"https?://", [p for p in locks if p.suffix != ".json"])] == []


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-node"])
def test_every_locked_python_package_has_its_hash(name):
    text = (ROOT / f"{name}.lock").read_text()
    packages = re.findall(r"(?m)^[\w.\[\],-]+==[^\n]*\\\n\s+--hash=sha256:[0-9a-f]{64}", text)

    assert packages
    assert len(packages) == len(re.findall(r"(?m)^[^\s#]", text))


@pytest.mark.parametrize("folder", ["web/ide", "web/console", "tests/clients", "tests/console"])
def test_every_locked_node_package_has_its_hash(folder):
    text = (ROOT / folder / "package-lock.json").read_text()
    entries, hashes = re.findall(r'(?m)^    "node_modules/', text), re.findall(r'"integrity": "sha512-', text)

    assert entries
    assert len(entries) == len(hashes)


def test_no_file_knows_on_which_machine_it_was_written():
    texts = [path for path in committed() if path.suffix not in {".png", ".webp", ".jpg", ".gif", ".pdf", ".sqlite3"}]
    foreign = r"(?<![\w.$}])/(?:work|root|Users)/\w|/home/\w+/"

    assert places(foreign, [path for path in texts if path != Path(__file__)]) == []


def test_a_file_is_short_enough_to_be_read_at_once():
    long = {
        str(path.relative_to(ROOT)): count
        for path in committed("*.py", "*.ts", "*.tsx", "*.js", "*.mjs")
        if GENERATED not in path.parents
        and (count := len(path.read_text("utf-8").splitlines()))
        > (LINES_MAX_OF_TESTS if path.is_relative_to(ROOT / "tests") else LINES_MAX)
    }

    assert {name: count for name, count in long.items() if name not in LONG_FOR_A_REASON} == {}


def test_no_file_is_a_drawer_for_everything():
    drawers = {"utils", "util", "helpers", "helper", "common", "base", "manager", "service", "services", "misc"}

    assert [str(path.relative_to(ROOT)) for path in committed("*.py") if drawers & {*path.parts, path.stem}] == []


def test_schema_modules_do_without_postponed_annotations():
    assert places(r"^from __future__ import annotations", committed("schema/*.py")) == []  # would hide strawberry.auto


def test_every_ignored_check_says_why():
    # E402 needs none: a program beside the tests puts the project on its path before it imports from it
    bare = r"#\s*noqa(?!:)|#\s*type:\s*ignore(?!\[)|#\s*noqa:(?!\s*E402)[A-Z0-9, ]+$"

    ours = [path for path in committed("*.py") if path != Path(__file__) and GENERATED not in path.parents]

    assert places(bare, ours) == []

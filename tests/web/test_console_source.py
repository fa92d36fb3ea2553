"""The source of the console: its types hold against the printed schema, and its own tests pass."""

import subprocess
from pathlib import Path

import pytest

from tests.web.node import node

CONSOLE = Path(__file__).parents[2] / "web" / "console"


def run(*command: str) -> subprocess.CompletedProcess[str]:
    if not (CONSOLE / "node_modules").is_dir():
        pytest.fail("this test needs the packages of web/console: run `make console`, which installs them")
    return subprocess.run([node(), *command], cwd=CONSOLE, capture_output=True, text=True, timeout=180)


def test_every_operation_fits_the_schema_and_every_type_holds():
    for command in (["codegen.mjs"], ["node_modules/typescript/bin/tsc", "--noEmit"]):
        done = run(*command)

        assert done.returncode == 0, done.stdout + done.stderr


def test_its_own_tests_pass():
    done = run("node_modules/vitest/vitest.mjs", "run")

    assert done.returncode == 0, done.stdout + done.stderr

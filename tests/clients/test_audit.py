"""The audit of the graphql-http project: every rule of GraphQL over HTTP that it knows."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import migrated, serving

HERE = Path(__file__).parent
PATH = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))


def node() -> str:
    """The node of this machine, or the one that `make` put beside our Python."""
    found = shutil.which("node", path=PATH)
    if found is None or not (HERE / "node_modules").is_dir():
        pytest.fail("this test needs node and the packages of tests/clients: run `make test`, which installs both")
    return found


def test_every_audit_of_graphql_http_passes(tmp_path):
    with serving(migrated(tmp_path)) as server:
        run = subprocess.run(
            [node(), "audit.mjs", f"{server.url}/graphql"], cwd=HERE, capture_output=True, text=True, timeout=120
        )
    results = [line.split("\t") for line in run.stdout.splitlines()]

    assert [result for result in results if result[0] != "ok"] == [], run.stderr
    assert len(results) >= 61

"""Node, for the tests of what runs in browsers: that of this machine, or the one that `make` put beside our Python."""

import os
import shutil
import sys
from pathlib import Path

import pytest

PATH = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))


def node() -> str:
    found = shutil.which("node", path=PATH)
    if found is None:
        pytest.fail("this test needs Node: run `make test`, which installs it")
    return found

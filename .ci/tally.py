"""Prints how many tests passed and failed, from pytest's report FILE and its exit STATUS.

A run that ended badly without a failed test (nothing collected, killed) counts as one failure.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree

report, status = Path(sys.argv[1]), int(sys.argv[2])
suites = ElementTree.parse(report).iter("testsuite") if report.is_file() else []
counts = [[int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")] for suite in suites]
tests, failures, errors, skipped = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0, 0)
failed = failures + errors
print(tests - failed - skipped, max(failed, 1) if status else failed)  # noqa: T201  its answer to the shell

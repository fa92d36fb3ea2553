"""Prints how many tests passed and failed, from pytest's report FILE and its exit STATUS; after --names, which failed.

A run that ended badly without a failed test (nothing collected, killed) counts as one failure.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree

report, status = Path(sys.argv[1]), int(sys.argv[2])
suites = list(ElementTree.parse(report).iter("testsuite")) if report.is_file() else []
bad = [
    (case, fault)
    for suite in suites
    for case in suite.iter("testcase")
    for fault in (*case.findall("failure"), *case.findall("error"))
]
total, skipped = (sum(int(suite.get(key, 0)) for suite in suites) for key in ("tests", "skipped"))

if "--names" in sys.argv:
    for case, fault in bad:
        why = (fault.get("message") or "").partition("\n")[0]
        print(f"  {case.get('classname')}::{case.get('name')}: {why[:300]}")
    if not bad:
        print(f"  the run of the tests, with status {status}")
else:
    passed = total - len(bad) - skipped
    print(passed, max(len(bad), 1) if status else len(bad))

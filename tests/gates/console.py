#!/usr/bin/env python
"""The console in a browser, on the real server with demo data: what an agent does all day, and how every page looks.

Needs Chromium: that of this machine, or Debian's, which is installed where `CI` is set and that is allowed. Without one
nothing is walked, and the last line says so. `--screens FOLDER` writes the pictures.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.serving import ROOT, command, migrated, serving

HERE = ROOT / "tests" / "console"
PATH = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
WALKS = [f"{name}.test.mjs" for name in ("walk", "acts", "customer", "keeping", "promises", "looks")]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--screens", type=Path, help="where to write pictures of every page")
    options.add_argument("walks", nargs="*", default=WALKS)
    asked = options.parse_args()
    browser, node = chromium(), shutil.which("node", path=PATH)
    if browser is None:
        print("NOT WALKED: there is no Chromium on this machine, and none could be installed")
        return 0
    if node is None or not (HERE / "node_modules").is_dir() or not (ROOT / "web/console/dist/index.html").is_file():
        print("this gate needs Node, the packages of tests/console and the built console: run `make test`")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        url = migrated(Path(folder))
        command(url, "demo", "--if-empty").check_returncode()
        with serving(url, bucket_points="100000000", bucket_points_per_second="100000000") as server:
            environment = {
                **os.environ,
                "CHROMIUM": browser,
                "CONSOLE_URL": server.url,
                "CONSOLE_TOKENS": tokens(url),
                **({"CONSOLE_SCREENS": str(asked.screens.resolve())} if asked.screens else {}),
            }
            walk = [node, "--test", "--test-concurrency=1", "--test-reporter=spec", *asked.walks]
            return subprocess.run(walk, cwd=HERE, env=environment).returncode


def chromium() -> str | None:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None and os.environ.get("CI") and shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Debian's Chromium", flush=True)
        install = "apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium fonts-dejavu-core"
        subprocess.run(["sh", "-c", install], stdout=subprocess.DEVNULL)
        found = shutil.which("chromium")
    return found


def tokens(url: str) -> str:
    """A token for each role, as JSON: what `serve` prints for the people of the demo data."""
    announce = "import asyncio, server, settings; asyncio.run(server.announce(settings.from_environment()))"
    run = subprocess.run(
        [sys.executable, "-c", announce],
        cwd=ROOT,
        env={**os.environ, "CASEGRAPH_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.findall(r"^ +([A-Z]+) +.*\n.*#token=(\S+)$", run.stdout, re.MULTILINE)
    return "{" + ", ".join(f'"{role}": "{token}"' for role, token in found) + "}"


if __name__ == "__main__":
    raise SystemExit(main())

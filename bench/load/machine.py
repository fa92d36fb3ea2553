"""On what, and when, something was measured."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path


def machine() -> str:
    """A line for the head of a table of figures."""
    name = platform.processor() or platform.machine()
    if (cpu := Path("/proc/cpuinfo")).exists():
        models = [line.partition(":")[2].strip() for line in cpu.read_text().splitlines() if "model name" in line]
        name = models[0] if models else name
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    python = f"Python {platform.python_version()}"
    return f"{os.cpu_count()} x {name}, {python}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load {load}"


def resident_megabytes(pid: int) -> float:
    """How much memory a process has; 0 where that is not told."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    lines = [line.split() for line in status.read_text().splitlines() if line.startswith("VmRSS")]
    return int(lines[0][1]) / 1024


def cpu_seconds(pid: int) -> float:
    """How long a process has had a processor, with all its threads; 0 where that is not told."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

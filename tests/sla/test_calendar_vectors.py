"""Examples from the test suites of other systems; where we answer otherwise, the vector says so and why."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sla.calendar import Calendar

FOLDER = Path(__file__).parents[2] / ".." / "shared" / "vectors"
FILES = ("business_time.json", "business_time_more.json")


def vectors() -> list[Any]:
    """Every vector with its id; one named skip without the folder, one failing row for a file without vectors."""
    if not FOLDER.is_dir():
        absent = pytest.mark.skip(reason="vectors folder ../shared/vectors is absent")
        return [pytest.param(None, marks=absent, id="absent")]
    rows: list[Any] = []
    for name in FILES:
        path = FOLDER / name
        found = json.loads(path.read_text()) if path.is_file() else []
        rows += [pytest.param(vector, id=vector["id"]) for vector in found]
        if not found:
            rows.append(pytest.param(name, id=f"{name} is empty"))
    return rows


def answer(vector: dict[str, Any]) -> object:
    calendar = Calendar.from_spec({key: vector[key] for key in ("timezone", "weekly_hours", "holidays")})
    start = datetime.fromisoformat(vector["start"])
    match vector["op"]:
        case "add":
            return calendar.after(start, timedelta(minutes=vector["minutes"]))
        case "sub":
            return calendar.before(start, timedelta(minutes=vector["minutes"]))
        case "between":
            return calendar.open_time(start, datetime.fromisoformat(vector["end"])) / timedelta(minutes=1)
        case "is_open":
            return calendar.is_open(start)
        case "next_open":
            return calendar.next_opening(start)
        case "prev_close":
            return calendar.previous_close(start)
        case "close_of":
            return calendar.close_of(start)
        case "periods":
            end = datetime.fromisoformat(vector["end"])
            return [[period.start, period.end] for period in calendar.periods(start, end)]
        case unknown:
            return pytest.fail(f"no such operation: {unknown}")


def read(value: object) -> object:
    match value:
        case str():
            return datetime.fromisoformat(value)
        case list():
            return [read(each) for each in value]
        case _:
            return value


@pytest.mark.parametrize("vector", vectors())
def test_vector(vector: Any) -> None:
    if isinstance(vector, str):
        pytest.fail(f"{vector} in ../shared/vectors has no vectors")

    assert answer(vector) == read(vector.get("expected_canonical", vector["expected"]))


def day_based() -> list[Any]:
    path = FOLDER / "sla_lifecycle.json"
    if not path.is_file():
        absent = pytest.mark.skip(reason="vectors folder ../shared/vectors is absent")
        return [pytest.param(None, marks=absent, id="absent")]
    found = json.loads(path.read_text())["day_based"]
    return [pytest.param(each, id=each["source"].split("laProvider ")[1]) for each in found if "pauses" not in each]


@pytest.mark.parametrize("vector", day_based())
def test_business_days(vector: Any) -> None:
    """A target in working days keeps the time of day, or goes to the close, and skips closed days."""
    calendar = Calendar.from_spec(vector["calendar"])
    at_close = vector.get("end_of_day", False)
    due = calendar.after_days(datetime.fromisoformat(vector["start"]), vector["days"], at_close=at_close)

    assert due == datetime.fromisoformat(vector["expected"])
    match vector.get("escalation"):
        case {"minutes": minutes, "expected": expected}:
            assert calendar.before(due, timedelta(minutes=-minutes)) == datetime.fromisoformat(expected)
        case {"days": days, "expected": expected}:
            assert calendar.after_days(due, days, at_close=at_close) == datetime.fromisoformat(expected)

"""Policies, histories and clocks for the tests of promises. The week begins on Monday 2 March 2026."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final

from cases.conditions import Compare, Condition, Op
from cases.vocabulary import Origin, Priority, Status, StatusReason
from sla.calendar import Calendar
from sla.clock import Clock
from sla.moments import Moment, Signal
from sla.policy import Duration, Item, Policy, Unit
from sla.replay import replay
from tests.sla.calendars import calendar

OFFICE: Final = calendar()
MONDAY: Final = datetime(2026, 3, 2, tzinfo=UTC)
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MINUTES: Final = Unit.MINUTES

FIELDS: Final[dict[str, Any]] = {
    "priority": Priority,
    "status": Status,
    "status_reason": StatusReason,
    "origin": Origin,
    "title": str,
    "deadline": datetime,
    "created_at": datetime,
    "last_customer_message_at": datetime,
    "account": {"tier": str},
}
"""What conditions may ask of a case in these tests."""

SIGNALS: Final = {
    "opened": {Signal.OPENED},
    "asked": {Signal.CUSTOMER_SPOKE},
    "answered": {Signal.STAFF_SPOKE},
    "assigned": {Signal.ASSIGNED},
    "handed": {Signal.TEAM_ASSIGNED},
    "resolved": {Signal.RESOLVED},
    "canceled": {Signal.CANCELED},
    "deleted": {Signal.CANCELED},
    "reopened": {Signal.REOPENED},
}
STANDINGS: Final = {
    "opened": StatusReason.NEW,
    "resolved": StatusReason.PROBLEM_SOLVED,
    "canceled": StatusReason.CANCELED,
    "deleted": StatusReason.CANCELED,
    "reopened": StatusReason.IN_PROGRESS,
    "resumed": StatusReason.IN_PROGRESS,
}
ENDS: Final = {"resolved": Status.RESOLVED, "canceled": Status.CANCELED, "deleted": Status.CANCELED}
SENTENCE: Final = re.compile(r"(?P<word>\w+) (?P<at>(\w{3} |\d{4}-\d\d-\d\d )?\d\d:\d\d)(?P<to>( \w+=[\w+]+)*)")


def at(text: str) -> datetime:
    """`at("09:30")` on Monday, `at("Tue 09:30")`, `at("2026-03-09 09:30")`, all in UTC."""
    *day, clock = text.split()
    hour, minute = map(int, clock.split(":"))
    if not day:
        date = MONDAY
    elif day[0] in WEEKDAYS:
        date = MONDAY + timedelta(days=WEEKDAYS.index(day[0]))
    else:
        date = datetime.fromisoformat(day[0]).replace(tzinfo=UTC)
    return date + timedelta(hours=hour, minutes=minute)


def story(text: str, **columns: object) -> list[Moment]:
    """Moments from "opened 09:00, paused 10:00, resumed 11:00 priority=LOW, resolved Tue 12:00".

    `paused` waits for details unless it says `for=ON_HOLD`; any word may change columns.
    """
    row: dict[str, Any] = {"priority": Priority.MEDIUM, "title": "", "account": None, "origin": Origin.WEB, **columns}
    found: list[Moment] = []
    waits: frozenset[str] = frozenset()
    ended = False
    for number, sentence in enumerate(filter(None, re.split(r",\s*", text)), start=1):
        parts = SENTENCE.fullmatch(sentence.strip())
        assert parts, sentence
        word, changes = parts["word"], dict(pair.split("=") for pair in parts["to"].split())
        if word == "paused":
            waits = frozenset(changes.pop("for", "WAITING_FOR_DETAILS").split("+"))
            row["status_reason"] = StatusReason(min(waits))
        if word in STANDINGS:
            waits, row["status_reason"] = frozenset(), STANDINGS[word]
        if word in ENDS or word == "reopened":
            ended = word in ENDS
        if word == "opened":
            row["created_at"] = at(parts["at"])
        row["status"] = ENDS[word] if word in ENDS else row["status"] if ended else Status.ACTIVE
        row |= {key: Priority(value) if key == "priority" else value for key, value in changes.items()}
        signals = frozenset(SIGNALS.get(word, set()))
        found.append(Moment(at(parts["at"]), number, SimpleNamespace(**row), signals, waits, ended))
    return found


def promise(kpi: str = "resolution", fail: int = 240, warn: int | None = None, **more: Any) -> Item:
    """A promise of so many minutes of office hours; `calendar=None` is around the clock."""
    return Item(
        **{
            "name": kpi,
            "kpi": kpi,
            "fail_after": Duration(fail),
            "warn_after": Duration(warn) if warn is not None else None,
            "calendar": "office",
            **more,
        }
    )


def policy(*items: Item, office: Calendar = OFFICE, **more: Any) -> Policy:
    return Policy(items, {"office": office}, **more)


def clock(text: str, *items: Item, office: Calendar = OFFICE, pinned: datetime | None = None, **more: Any) -> Clock:
    """The last clock of a story under these promises."""
    return replay(story(text), policy(*items, office=office, **more), pinned=pinned)[-1]


def has(field: str, value: object) -> Condition:
    return Compare(field, Op.EQ, value)


HIGH: Final = has("priority", Priority.HIGH)
ACTIVE: Final = has("status", Status.ACTIVE)
RESOLVED: Final = has("status", Status.RESOLVED)
VENDOR: Final = has("status_reason", StatusReason.WAITING_FOR_VENDOR)

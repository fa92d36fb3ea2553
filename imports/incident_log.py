"""The audit log of ServiceNow incidents, as a file: a snapshot of an incident on each line. What it means is not here.

Lines that cannot be read are handed on as `Rejected`, with the reason; the others are checked values. Times of the log
are day-first, on the clocks of one zone, without seconds.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final, TypeVar

from cases.refusals import BadInput
from cases.rules import text
from cases.vocabulary import Origin, Priority, Severity, StatusReason

UNKNOWN: Final = "?"
TIME: Final = "%d-%m-%Y %H:%M"
LONGEST: Final = 100
"""Characters of a value; the longest name that every table has room for."""

STATES: Final = {
    "New": StatusReason.NEW,
    "Active": StatusReason.IN_PROGRESS,
    "Awaiting User Info": StatusReason.WAITING_FOR_DETAILS,
    "Awaiting Problem": StatusReason.WAITING_FOR_PROBLEM,
    "Awaiting Vendor": StatusReason.WAITING_FOR_VENDOR,
    "Awaiting Evidence": StatusReason.WAITING_FOR_EVIDENCE,
    "Resolved": StatusReason.PROBLEM_SOLVED,
    "Closed": StatusReason.CLOSED,
}
PRIORITIES: Final = {
    "1 - Critical": Priority.CRITICAL,
    "2 - High": Priority.HIGH,
    "3 - Moderate": Priority.MEDIUM,
    "4 - Low": Priority.LOW,
    "5 - Planning": Priority.LOW,
}
IMPACTS: Final = {"1 - High": Severity.MAJOR, "2 - Medium": Severity.NORMAL, "3 - Low": Severity.MINOR}
CHANNELS: Final = {
    "Phone": Origin.VOICE,
    "IVR": Origin.VOICE,
    "Email": Origin.EMAIL,
    "Self service": Origin.SELF_SERVICE,
    "Direct opening": Origin.API,
}
TRUTHS: Final = {"TRUE": True, "FALSE": False}

NAMES: Final = (
    *("number", "caller_id", "opened_by", "sys_updated_by", "category", "subcategory", "assignment_group"),
    *("assigned_to", "closed_code", "resolved_by"),
)
REST: Final = (
    *("location", "u_symptom", "cmdb_ci", "urgency", "knowledge", "u_priority_confirmation", "problem_id", "rfc"),
    *("vendor", "caused_by"),
)
"""Columns that no column of a case answers to; they are kept in the details of events."""
COLUMNS: Final = (
    *(*NAMES, *REST, "incident_state", "sys_mod_count", "made_sla", "opened_at", "sys_updated_at"),
    *("contact_type", "impact", "priority"),
)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An incident as it was after one change of it. What the log does not know is None; instants are in UTC."""

    line: int
    row: Sequence[str]
    number: str
    mod_count: int | None
    state: StatusReason
    opened_at: datetime
    updated_at: datetime
    made_sla: bool | None
    priority: Priority | None
    severity: Severity | None
    origin: Origin | None
    names: Mapping[str, str | None]
    rest: Mapping[str, str]


@dataclass(frozen=True)
class Rejected:
    """A line that cannot be read. `line` counts from 1, the header."""

    line: int
    reason: str
    row: Sequence[str]


def read(lines: Iterable[str], zone: tzinfo) -> Iterator[Snapshot | Rejected]:
    """The lines of a log in their order, the header first.

    Raises BadInput if it has no header, or the header lacks a column.
    """
    rows = csv.reader(lines)
    try:
        header = next(rows, [])
    except csv.Error as error:
        raise BadInput(f"This is no log of incidents: {error}.") from None
    if missing := [name for name in COLUMNS if name not in header]:
        raise BadInput(f"This is no log of incidents: it lacks {', '.join(missing)}.")
    while True:
        row: list[str] = []
        try:
            row = next(rows)
            yield _snapshot(rows.line_num, header, row, zone)
        except StopIteration:
            return
        except (ValueError, csv.Error) as problem:
            yield Rejected(rows.line_num, str(problem), row)


def incidents(read: Iterable[Snapshot | Rejected]) -> Iterator[list[Snapshot] | Rejected]:
    """The snapshots of each incident together. They stand together in the log, so no more than one incident is held.

    A snapshot that comes when its incident has ended in the file already is rejected.
    """
    ended: set[str] = set()
    one: list[Snapshot] = []
    for item in read:
        if isinstance(item, Rejected):
            yield item
            continue
        if item.number in ended:
            yield Rejected(item.line, f"{item.number} has other lines further up, but not directly", item.row)
            continue
        if one and item.number != one[0].number:
            ended.add(one[0].number)
            yield one
            one = []
        one.append(item)
    if one:
        yield one


def _snapshot(line: int, header: Sequence[str], row: Sequence[str], zone: tzinfo) -> Snapshot:
    """Raises ValueError, with the reason."""
    if len(row) != len(header):
        raise ValueError(f"{len(row)} columns where the header has {len(header)}")
    values = {name: _value(name, cell) for name, cell in zip(header, row, strict=True)}
    number = values["number"]
    if number is None:
        raise ValueError("no number")
    return Snapshot(
        line=line,
        row=row,
        number=number,
        mod_count=_count("sys_mod_count", values),
        state=_required("incident_state", _word("incident_state", values, STATES)),
        opened_at=_instant("opened_at", values, zone),
        updated_at=_instant("sys_updated_at", values, zone),
        made_sla=_word("made_sla", values, TRUTHS),
        priority=_word("priority", values, PRIORITIES),
        severity=_word("impact", values, IMPACTS),
        origin=_word("contact_type", values, CHANNELS),
        names={name: values[name] for name in NAMES},
        rest={name: value for name in REST if (value := values[name]) is not None},
    )


def _value(name: str, cell: str) -> str | None:
    """Without white space around or doubled in it (the log has both); None for what is not known."""
    value = " ".join(cell.split())
    for problem in text(value, LONGEST, ()):
        raise ValueError(f"{name}: {problem.message}")
    return None if value in ("", UNKNOWN) else value


def _word(name: str, values: Mapping[str, str | None], words: Mapping[str, Value]) -> Value | None:
    value = values[name]
    if value is not None and value not in words:
        raise ValueError(f"{name}: {value!r} is none of {', '.join(words)}")
    return None if value is None else words[value]


def _count(name: str, values: Mapping[str, str | None]) -> int | None:
    value = values[name]
    if value is not None and not (value.isascii() and value.isdigit() and len(value) < 10):
        raise ValueError(f"{name}: {value!r} is no number")
    return None if value is None else int(value)


def _instant(name: str, values: Mapping[str, str | None], zone: tzinfo) -> datetime:
    value = _required(name, values[name])
    try:
        return datetime.strptime(value, TIME).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{name}: {value!r} is no time like 29-02-2016 01:23") from None


def _required(name: str, value: Value | None) -> Value:
    if value is None:
        raise ValueError(f"{name}: nothing there")
    return value

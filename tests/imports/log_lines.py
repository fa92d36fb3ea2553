"""Lines of a log of incidents, made from what a test is about."""

import csv
import io
from datetime import UTC
from typing import Final

from imports.incident_log import Rejected, Snapshot, incidents, read

HEADER: Final = (
    *("number", "incident_state", "active", "reassignment_count", "reopen_count", "sys_mod_count", "made_sla"),
    *("caller_id", "opened_by", "opened_at", "sys_created_by", "sys_created_at", "sys_updated_by", "sys_updated_at"),
    *("contact_type", "location", "category", "subcategory", "u_symptom", "cmdb_ci", "impact", "urgency", "priority"),
    *("assignment_group", "assigned_to", "knowledge", "u_priority_confirmation", "notify", "problem_id", "rfc"),
    *("vendor", "caused_by", "closed_code", "resolved_by", "resolved_at", "closed_at"),
)
USUAL: Final = {
    **dict.fromkeys(HEADER, "?"),
    "number": "INC0000001",
    "incident_state": "New",
    "sys_mod_count": "0",
    "made_sla": "TRUE",
    "caller_id": "Caller 1",
    "opened_by": "Opened by 1",
    "opened_at": "01-03-2016 09:00",
    "sys_updated_by": "Updated by 1",
    "sys_updated_at": "01-03-2016 09:00",
    "contact_type": "Phone",
    "category": "Category 1",
    "subcategory": "Subcategory 1",
    "impact": "2 - Medium",
    "priority": "3 - Moderate",
    "assignment_group": "Group 1",
}


def line(**columns: str) -> str:
    """A line of the log, usual but for these columns."""
    assert columns.keys() <= USUAL.keys()
    return written([*{**USUAL, **columns}.values()])


def written(cells: list[str] | tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def log(*lines: str) -> list[str]:
    return [written(HEADER), *lines]


def snapshots(story: str, **columns: str) -> list[Snapshot]:
    """The snapshots of one incident from a story such as "New 09:00, Active 09:10, Closed 10:00", on 1 March 2016."""
    lines = []
    for count, step in enumerate(story.split(", ")):
        state, _, clock = step.rpartition(" ")
        when = {"sys_updated_at": f"01-03-2016 {clock}"}
        lines.append(line(**{"incident_state": state, "sys_mod_count": str(count), **when, **columns}))
    return only(lines)


def only(lines: list[str]) -> list[Snapshot]:
    """The snapshots of the one incident in these lines."""
    (one,) = incidents(read(log(*lines), UTC))
    assert not isinstance(one, Rejected)
    return one

"""The words of a case that was an incident. The log has none: they are put together from what it knows."""

from typing import Final

from cases.rules import TITLE_LIMIT
from imports.incident_log import Snapshot

SAID: Final = {
    "Location": "location",
    "Symptom": "u_symptom",
    "Configuration item": "cmdb_ci",
    "Problem": "problem_id",
    "Change": "rfc",
}


def title(snapshot: Snapshot) -> str:
    """The most particular that is known of the incident."""
    parts = [snapshot.names["subcategory"] or snapshot.names["category"], snapshot.rest.get("u_symptom")]
    return (": ".join(filter(None, parts)) or f"Incident {snapshot.number}")[:TITLE_LIMIT]


def description(snapshot: Snapshot) -> str:
    lines = [f"{label}: {value}" for label, name in SAID.items() if (value := snapshot.rest.get(name)) is not None]
    return "\n".join([f"Incident {snapshot.number}, imported from ServiceNow.", *lines])

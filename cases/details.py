"""Details: what may be said of a case when it is opened, and changed later.

A field stands here once. The inputs of the API, the columns a fact may set and how they are read back follow from it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.vocabulary import Origin, Priority, Severity


@dataclass(frozen=True, kw_only=True)
class Details:
    """The names are those of the case's columns; the defaults are those of a new case."""

    title: str
    description: str = ""
    priority: Priority = Priority.MEDIUM
    severity: Severity = Severity.NORMAL
    origin: Origin = Origin.WEB
    type_id: UUID | None = None
    subject_id: UUID | None = None
    product_id: UUID | None = None
    deadline: datetime | None = None
    follow_up_at: datetime | None = None
    external_id: str | None = None
    satisfaction: int | None = None

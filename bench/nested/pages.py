"""The page that is measured: 50 cases with everything around them."""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import orjson

from cases.viewer import Viewer
from cases.vocabulary import Role
from models.fields import uuid7

ANSWERED_AT: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
PAGE: Final = """{ cases(first: 50) { nodes {
    id number title status priority createdAt updatedAt
    customer { id name email } owner { id name email } queueItem { id enteredAt queue { id name } }
    slaKpiInstances(first: 5) { nodes { id kpi state failAt warnAt appliedFrom } }
    children(first: 5) { nodes { id number title status owner { id name }
        slaKpiInstances(first: 5) { nodes { id kpi state failAt } } } }
    articles(first: 5) { nodes { id article { id title } } }
} } }"""


def viewer_of(tenant_id: UUID) -> Viewer:
    return Viewer(tenant_id, Role.ADMIN, "bench", person_id=uuid7())


def fields_in(answer: bytes) -> int:
    """How many leaves an answer has."""

    def leaves(value: Any) -> int:
        match value:
            case dict():
                return sum(map(leaves, value.values()))
            case list():
                return sum(map(leaves, value))
            case _:
                return 1

    return leaves(orjson.loads(answer))

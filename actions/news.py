"""News: the rows of the outbox from which subscriptions learn that something is other than it was."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from models.bulk import Values, insert
from models.delivery import Outbox
from models.fields import uuid7


def news(tenant_id: UUID, topic: str, key: UUID, payload: Mapping[str, Any], at: datetime) -> Values:
    """A row that tells those who listen to this key of a topic."""
    return {
        "id": uuid7(),
        "tenant_id": tenant_id,
        "created_at": at,
        "topic": topic,
        "key": key,
        "payload": payload,
        "attempts": 0,
        "due_at": at,
        "done_at": None,
    }


async def tell(tenant_id: UUID, topic: str, key: UUID, at: datetime) -> None:
    """Tells them to look again, where no event of a case does."""
    await insert(Outbox, [news(tenant_id, topic, key, {}, at)])

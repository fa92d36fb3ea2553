"""Payloads of events in public: names as clients spell them, and ids instead of keys."""

from typing import Any
from uuid import UUID

from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

import models
from models.tables import target
from schema.ids import public_id

_ROWS_BY_DETAIL = {
    "activity_id": models.Activity,
    "article_id": models.Article,
    "attachment_id": models.Attachment,
    "case_id": models.Case,
    "merge_id": models.CaseMerge,
    "from_case_id": models.Case,
    "to_case_id": models.Case,
    "message_id": models.Message,
    "resolution_id": models.Resolution,
    "item_id": models.QueueItem,
    "queue_id": models.Queue,
    "from_queue_id": models.Queue,
    "worker_id": models.Person,
    "previous_owner_id": models.Person,
    "rule_set_id": models.RoutingRuleSet,
    "child_id": models.Case,
    "former_parent_id": models.Case,
    "cascaded_from_id": models.Case,
    "link_id": models.CaseLink,
    "other_case_id": models.Case,
}


class PayloadField(StrawberryField):
    """One part of an event's payload."""

    @property
    def is_basic_field(self) -> bool:
        return False

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        return public_payload(source.payload[self.metadata["part"]])


def payload_part(part: str, description: str) -> Any:
    """A field that shows `changes` or `details` of an event's payload."""
    return PayloadField(metadata={"part": part, "columns": ("payload",)}, description=description)


def public_payload(stored: dict[str, Any]) -> dict[str, Any]:
    """The payload as clients read it: `{"account_id": "0193…"}` becomes `{"accountId": "QWNj…"}`."""
    return {to_camel_case(name): _public(name, value) for name, value in stored.items()}


def _public(name: str, value: Any) -> Any:
    if value is None or not name.endswith("_id") or name == "external_id":
        return value
    model = _ROWS_BY_DETAIL.get(name) or target(models.Case, name.removesuffix("_id"))
    return public_id(model.__name__, UUID(value))

"""Plain: structured inputs as the JSON that acts keep.

Names stay Python's, what was left out is left out, rows are named by their keys, a `where` becomes a stored condition.
"""

import dataclasses
from datetime import date, datetime
from enum import Enum
from typing import Any

from strawberry import UNSET

from cases.stored_conditions import to_json
from schema.filters import condition_of
from schema.ids import read_id
from schema.scalars import write_instant
from settings import Limits


def plain(value: Any, limits: Limits) -> Any:
    """The JSON of a given input. Raises BadInput where a condition says nothing sensible."""
    match value:
        case Enum():
            return value.name
        case datetime():
            return write_instant(value)
        case date():
            return value.isoformat()
        case list():
            return [plain(one, limits) for one in value]
        case _ if not dataclasses.is_dataclass(value) or isinstance(value, type):
            return value
        case _ if type(value).__name__.endswith("Where"):
            return to_json(condition_of(value, limits))
        case _ if hasattr(value, "plain"):
            return value.plain()
    given = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return {
        name.rstrip("_").removesuffix("_id"): _key(one) if name.endswith("_id") else plain(one, limits)
        for name, one in given.items()
        if one is not UNSET and one is not None
    }


def _key(public_id: str) -> str:
    """The key of a row; of what is no id, the text itself, which no row has."""
    parsed = read_id(public_id)
    return str(parsed[1]) if parsed else public_id

"""Asking of rows beside cases, such as types and customers: an act reads each once, however many cases lead to it."""

from collections.abc import Collection
from typing import Any, Final, TypeVar

from tortoise.models import Model

from actions.trail import in_hand
from cases.conditions import EVERYTHING
from models.catalogue import CaseType, Product, Subject
from models.customers import Account, Contact
from models.people import Team
from models.reading import by_ids

M = TypeVar("M", bound=Model)

STEADY: Final[frozenset[type[Model]]] = frozenset({Account, CaseType, Contact, Product, Subject, Team})
"""The tables that no act changes which also changes cases; rows of all others are read each time."""


async def rows_beside(model: type[M], keys: Collection[Any]) -> dict[Any, M]:
    """The rows of these ids, by id; those that are steady as they were when the act first asked."""
    if model not in STEADY:
        return await by_ids(model, keys, EVERYTHING)
    known = in_hand().beside.setdefault(model, {})
    known |= await by_ids(model, set(keys) - known.keys(), EVERYTHING)
    return {key: known[key] for key in keys if key in known}

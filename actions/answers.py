"""Answers as they are kept with an idempotency key, and given again to who asks again: rows as they are by then.

Kept are the ids of rows and of lists of rows, numbers, plain words, and what became of each of many (`Kept`); of a row
that the act itself took away, what it was. What is said only once is not said again: there null is the answer.
"""

import json
import typing
from collections.abc import Mapping
from typing import Any, Final, Protocol, Self, runtime_checkable
from uuid import UUID

from tortoise.models import Model

from actions.signature import Act, answers, is_row
from cases.conditions import All, Compare, Condition, Op
from cases.viewer import Viewer
from models.case import Case
from models.columns import columns
from models.reading import by_ids
from models.tables import named
from models.visibility import visible

TAKING_AWAY: Final = frozenset(
    {"delete_automation_rule", "delete_case", "delete_notification_template", "delete_view", "delete_webhook"}
)
"""Acts that answer with a row that from then on exists for nobody, and never changes again."""

SAID_ONCE: Final = frozenset({"secret"})
"""Answers and columns that are not kept."""


@runtime_checkable
class Kept(Protocol):
    """Something that was answered of one of many, and can be answered again."""

    def kept(self) -> Any:
        """It, as JSON."""

    @classmethod
    async def again(cls, stored: list[Any], viewer: Viewer) -> list[Self]:
        """All of them, by what was kept of each."""


def kept(act: Act, said: Mapping[str, Any]) -> dict[str, Any]:
    """What `answered_again` needs of the answers of an act, as JSON."""
    taken_away = act.__name__ in TAKING_AWAY
    return {name: _kept(value, taken_away) for name, value in said.items() if name not in SAID_ONCE}


def _kept(value: Any, taken_away: bool) -> Any:
    match value:
        case Case():
            return str(value.pk)
        case Model() if taken_away:
            was = {each.name: getattr(value, each.name) for each in columns(type(value)) if each.name not in SAID_ONCE}
            return {"was": json.loads(json.dumps(was, default=str))}
        case Model():
            return str(value.pk)
        case list() | tuple() if all(isinstance(one, Model) for one in value):
            return {"rows": [[type(one).__name__, str(one.pk)] for one in value]}
        case list() | tuple() if all(isinstance(one, Kept) for one in value):
            return {"each": [one.kept() for one in value]}
        case str() | int():
            return value
    return None


async def answered_again(act: Act, stored: Mapping[str, Any], viewer: Viewer) -> Mapping[str, Any]:
    """The answers of an act done before, by name; a row that has gone since is null, or missing from its list."""
    said: dict[str, Any] = {}
    for name, of in answers(act).items():
        value = stored.get(name)
        match value:
            case {"was": was}:
                said[name] = _as_it_was(of, was)
            case {"rows": rows}:
                said[name] = await _rows(rows, viewer)
            case {"each": each}:
                said[name] = await _kind(of).again(each, viewer)
            case str() if is_row(of):
                said[name] = (await by_ids(of, [UUID(value)], _shown(of, act, viewer))).get(UUID(value))
            case _:
                said[name] = value
    return said


def _as_it_was(model: type[Model], stored: Mapping[str, Any]) -> Model:
    row = model(**{name: "" for name in SAID_ONCE & model._meta.fields_map.keys()})
    for each in columns(model):
        if each.name in stored:
            setattr(row, each.name, each.field.to_python_value(stored[each.name]))
    return row


def _kind(of: Any) -> Any:
    """What an answer spelled as a list is a list of."""
    return typing.get_args(typing.get_args(of)[0])[0]


async def _rows(stored: list[list[str]], viewer: Viewer) -> list[Model]:
    if not stored:
        return []
    model, keys = named(stored[0][0]), [UUID(key) for _, key in stored]
    found = await by_ids(model, keys, visible(model, viewer))
    return [found[key] for key in keys if key in found]


def _shown(model: type[Model], act: Act, viewer: Viewer) -> Condition:
    """What exists for the viewer, and the case that their act took away: its row is there still."""
    if model is not Case or act.__name__ not in TAKING_AWAY:
        return visible(model, viewer)
    own = Compare("tenant_id", Op.EQ, viewer.tenant_id)
    return All((own, Compare("deleted_at", Op.IS_NULL, False)))

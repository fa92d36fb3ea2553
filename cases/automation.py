"""Automation: what a tenant's rules do about a case that was opened or changed, or that stands as it stands.

A rule says what sets it off, for which cases, and what it does. Of rules that are set off by the same act, all act, in
their order. What they do may set off others, but no rule twice for one case and one act, and only so deep.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import auto
from typing import Any, Final
from uuid import UUID

from cases import rules
from cases.case_fields import CaseField, changed
from cases.conditions import Condition, fields_read, holds
from cases.refusals import BadInput
from cases.stored_conditions import Fields, from_json
from cases.vocabulary import Origin, Priority, Severity, StatusReason, Word

MOST_RULES: Final = 100
MOST_ACTIONS: Final = 10
DEEPEST: Final = 5
"""How deep rules may set off one another."""
PERIODS: Final = range(5, 7 * 24 * 60 + 1)
"""Minutes between two looks of a scheduled rule."""
TEXT_LIMIT: Final = 500
MINUTES: Final = range(1, 366 * 24 * 60 + 1)


class AutomationTrigger(Word):
    """What sets off a rule: a new case, a change of one, or the passing of time."""

    ON_CREATE = auto()
    ON_UPDATE = auto()
    SCHEDULE = auto()


class AutomationOutcome(Word):
    """What came of a rule that was set off: it acted, found nothing to change, could not, or was too deep."""

    DONE = auto()
    NOTHING_TO_DO = auto()
    FAILED = auto()
    STOPPED = auto()


@dataclass(frozen=True)
class Deed:
    """One thing that a rule does: `kind` is a word of `DEEDS`, `said` what it is told."""

    kind: str
    said: Any


@dataclass(frozen=True)
class Rule:
    """`watched` are the fields of which one must have changed; if none is named, any change will do."""

    id: UUID
    name: str
    trigger: AutomationTrigger
    when: Condition
    deeds: tuple[Deed, ...]
    watched: frozenset[CaseField] = frozenset()


def firing(
    among: Iterable[Rule],
    before: Mapping[str, object] | None,
    after: Mapping[str, object],
    row: object,
    fired: Collection[UUID],
) -> list[Rule]:
    """The rules that a change sets off, in order: from `before`, null for a new case, to `after`.

    `row` is the case as it is now, with the rows its relations lead to. Those that have `fired` do not fire again.
    """
    return [
        rule for rule in among if rule.id not in fired and is_set_off(rule, before, after) and holds(rule.when, row)
    ]


def is_set_off(rule: Rule, before: Mapping[str, object] | None, after: Mapping[str, object]) -> bool:
    """Whether a change sets off a rule, wherever its condition holds."""
    if before is None:
        return rule.trigger is AutomationTrigger.ON_CREATE
    if rule.trigger is not AutomationTrigger.ON_UPDATE:
        return False
    return not rule.watched or bool(rule.watched & changed(before, after))


def relations_read(among: Iterable[Rule]) -> frozenset[str]:
    """The relations of a case that some rule asks of."""
    fields = frozenset[str]().union(*(fields_read(rule.when) for rule in among))
    return frozenset(name.split(".")[0] for name in fields if "." in name)


CHANGES: Final[Mapping[str, Any]] = {
    "title": str,
    "priority": Priority,
    "severity": Severity,
    "origin": Origin,
    "type": UUID,
    "subject": UUID,
    "product": UUID,
    "deadline_in_minutes": MINUTES,
    "follow_up_in_minutes": MINUTES,
}
"""What `set` may set, and how it is written."""

DEEDS: Final[Mapping[str, Any]] = {
    "set": CHANGES,
    "status_reason": StatusReason,
    "assign_person": UUID,
    "assign_team": UUID,
    "unassign": bool,
    "queue": UUID,
    "routing_rules": bool,
    "sla_policy": UUID,
    "comment": str,
    "escalate": str,
    "notify": str,
}
"""What rules can do, and what each deed is told."""


def read_watched(said: Sequence[str]) -> frozenset[CaseField]:
    """Raises BadInput for what is no field."""
    try:
        return frozenset(CaseField(name) for name in said)
    except ValueError:
        raise BadInput("There is no such field.", path=("watched",)) from None


def read_when(said: object, fields: Fields) -> Condition:
    """Raises BadInput, with its path from `when` on, for what is no condition."""
    try:
        return from_json(said, fields)
    except BadInput as fault:
        raise BadInput(fault.message, path=("when", *fault.path)) from None


def read_deeds(said: Sequence[Mapping[str, Any]]) -> tuple[Deed, ...]:
    """What a rule does, from what is stored of it. Raises BadInput, with its path from `actions` on."""
    if not 0 < len(said) <= MOST_ACTIONS:
        raise BadInput(f"A rule does something, and at most {MOST_ACTIONS} things.", path=("actions",))
    return tuple(_deed(one, ("actions", number)) for number, one in enumerate(said))


def _deed(said: Mapping[str, Any], path: rules.Path) -> Deed:
    if len(said) != 1 or not said.keys() <= DEEDS.keys():
        raise BadInput("Say one thing that is to be done.", path=path)
    ((kind, value),) = said.items()
    inside = (*path, kind)
    match kind:
        case "set":
            if not value or not value.keys() <= CHANGES.keys():
                raise BadInput("Say what is to be set.", path=inside)
            return Deed(kind, {name: _read(CHANGES[name], one, (*inside, name)) for name, one in value.items()})
        case "comment":
            rules.refuse(rules.comment(value, inside))
        case "escalate":
            rules.refuse(rules.text(value, TEXT_LIMIT, inside, required=True))
        case "notify":
            return Deed(kind, _notice(value, inside))
        case "unassign" | "routing_rules" if value is not True:
            raise BadInput("Say true, or leave it out.", path=inside)
    return Deed(kind, _read(DEEDS[kind], value, inside))


def _notice(said: Mapping[str, Any], path: rules.Path) -> dict[str, Any]:
    """Whom a rule tells what. Without anybody it is whoever has the case."""
    rules.refuse(rules.text(said.get("text", ""), TEXT_LIMIT, (*path, "text"), required=True))
    whom = [name for name in ("person", "team") if name in said]
    if len(whom) > 1:
        raise BadInput("Say one: a person or a team.", path=path)
    return {"text": said["text"], **{name: _read(UUID, said[name], (*path, name)) for name in whom}}


def _read(kind: Any, value: Any, path: rules.Path) -> Any:
    if isinstance(kind, range):
        if value not in kind:
            raise BadInput(f"This must be a number from {kind[0]} to {kind[-1]}.", path=path)
        return value
    if path[-1] == "title":
        rules.refuse(rules.title(value, path))
    try:
        return kind(value)
    except ValueError:
        raise BadInput("There is no such thing.", path=(*path[:-1], f"{path[-1]}_id")) from None


def told(deed: Deed, names: Mapping[UUID, str]) -> str:
    """What a deed does, in words; `names` are those of the rows it may name."""
    name = names.get(deed.said, "something that is not there") if isinstance(deed.said, UUID) else ""
    match deed.kind:
        case "set":
            return f"sets {', '.join(f'{_word(key)} to {_value(value, names)}' for key, value in deed.said.items())}"
        case "status_reason":
            return f"makes it {_word(deed.said)}"
        case "assign_person" | "assign_team":
            return f"assigns it to {name}"
        case "unassign":
            return "takes it from its owner"
        case "queue":
            return f"puts it into {name}"
        case "routing_rules":
            return "asks the routing rules"
        case "sla_policy":
            return f"applies {name}"
        case "escalate":
            return f"escalates it: {deed.said}"
        case "notify":
            whom = next(
                (names.get(deed.said[one], "nobody") for one in ("person", "team") if one in deed.said), "its owner"
            )
            return f"tells {whom}: {deed.said['text']}"
        case _:
            return f"notes: {deed.said}"


def _word(key: str) -> str:
    return key.lower().replace("_", " ")


def _value(value: object, names: Mapping[UUID, str]) -> str:
    return names.get(value, "something that is not there") if isinstance(value, UUID) else str(value)

"""Stages: the steps that cases of a type go through, and what has to be said of a case before it leaves one.

A case goes to the next stage, over stages that may be left out, or one back; it begins at the first. A case that stands
in none, because its type had none then or has that one no more, goes to the first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cases import rules
from cases.case_fields import CaseField, missing
from cases.refusals import BadInput, Refused, Several
from cases.vocabulary import ErrorCode

MOST_STAGES: Final = 20
KEY_LIMIT: Final = 50
NAME_LIMIT: Final = 100


@dataclass(eq=False)
class MissingField(BadInput):
    """A stage asks for a field of the case that is empty; `stage` is its key. There is one for each such field."""

    stage: str = ""
    field: CaseField = CaseField.TITLE


@dataclass(eq=False)
class IllegalStageStep(Refused):
    """The case cannot go to that stage, or not end, from the stage it is at; `allowed` are the keys of those it can."""

    from_: str | None
    to: str | None
    allowed: Sequence[str]
    code = ErrorCode.ILLEGAL_TRANSITION


@dataclass(frozen=True)
class Stage:
    """One step of the process. What it demands is demanded of whoever wants to leave it for a later one."""

    key: str
    name: str
    required: tuple[CaseField, ...] = ()
    finished_tasks: bool = False
    optional: bool = False


def read_stages(stored: object) -> tuple[Stage, ...]:
    """The stages that a case type's column describes, in order. Raises BadInput with the path of what is wrong."""
    if not isinstance(stored, list | tuple):
        raise BadInput("This must be a list of stages.", path=("stages",))
    if len(stored) > MOST_STAGES:
        raise BadInput(f"A process may have {MOST_STAGES} stages.", path=("stages",))
    stages = tuple(_stage(one, ("stages", number)) for number, one in enumerate(stored))
    keys = [stage.key for stage in stages]
    for number, key in enumerate(keys):
        if key in keys[:number]:
            raise BadInput("Another stage has this key.", path=("stages", number, "key"))
    return stages


def _stage(said: Any, path: rules.Path) -> Stage:
    if not isinstance(said, Mapping):
        raise BadInput("This is no stage.", path=path)
    key, name = said.get("key", ""), said.get("name", "")
    rules.refuse(
        rules.text(key, KEY_LIMIT, (*path, "key"), required=True),
        rules.text(name, NAME_LIMIT, (*path, "name"), required=True),
    )
    required = said.get("required", [])
    if len(set(required)) < len(required):
        raise BadInput("A field is there twice.", path=(*path, "required"))
    try:
        fields = tuple(CaseField(one) for one in required)
    except ValueError:
        raise BadInput("There is no such field.", path=(*path, "required")) from None
    return Stage(key, name, fields, bool(said.get("finished_tasks")), bool(said.get("optional")))


def place(stages: Sequence[Stage], key: str | None) -> int | None:
    """Where the stage of this key stands, from 0; null if there is none."""
    return next((number for number, stage in enumerate(stages) if stage.key == key), None)


def reachable(stages: Sequence[Stage], current: str | None) -> list[Stage]:
    """The stages to which a case may go from `current`: the next first, those behind optional ones, then one back."""
    here = place(stages, current)
    if here is None:
        return list(stages[:1])
    ahead: list[Stage] = []
    for stage in stages[here + 1 :]:
        ahead.append(stage)
        if not stage.optional:
            break
    return ahead + list(stages[here - 1 : here] if here else [])


def step(stages: Sequence[Stage], current: str | None, to: str | None) -> Stage:
    """The stage to which a case goes from `current`: `to`, or the next.

    Raises IllegalStageStep if it cannot go there.
    """
    here, possible = place(stages, current), reachable(stages, current)
    ahead = possible if here is None else [stage for stage in possible if (place(stages, stage.key) or 0) > here]
    wanted = next(iter(ahead), None) if to is None else next((one for one in possible if one.key == to), None)
    if wanted is None:
        told = _spoken(possible)
        raise IllegalStageStep(
            f"From here the case can go to {told}." if told else "There is no stage to which the case can go.",
            path=("to",),
            from_=current,
            to=to,
            allowed=[stage.key for stage in possible],
        )
    return wanted


def is_ahead(stages: Sequence[Stage], current: str | None, wanted: Stage) -> bool:
    """Whether going to `wanted` means leaving `current` behind."""
    here = place(stages, current)
    return here is not None and (place(stages, wanted.key) or 0) > here


def check_filled(stage: Stage, case: object) -> None:
    """Raises MissingField for a field that the stage asks for and that is empty, Several if there are more."""
    lacking = [
        MissingField(
            f"{stage.name} asks for the {field.lower().replace('_', ' ')} of the case.",
            path=("case_id", field.lower()),
            stage=stage.key,
            field=field,
        )
        for field in missing(stage.required, case)
    ]
    if len(lacking) > 1:
        raise Several(problems=lacking)
    if lacking:
        raise lacking[0]


def check_walked(stages: Sequence[Stage], current: str | None) -> None:
    """Raises IllegalStageStep for a case that has stages before it still, unless all of them may be left out."""
    here = place(stages, current)
    if not stages or (here is not None and all(stage.optional for stage in stages[here + 1 :])):
        return
    raise IllegalStageStep(
        f"Such cases are resolved at the stage {stages[-1].name}.",
        path=("case_id",),
        from_=current,
        to=None,
        allowed=[stage.key for stage in reachable(stages, current)],
    )


def _spoken(stages: Sequence[Stage]) -> str:
    *others, last = ["", *(stage.name for stage in stages)]
    return " or ".join(filter(None, [", ".join(others[1:]), last]))

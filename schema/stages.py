"""Stages as clients see them: those of a type, and the one at which a case stands."""

from collections.abc import Awaitable
from itertools import chain
from typing import Any

import strawberry

import models
from cases.case_fields import COLUMNS_BY_FIELD, CaseField, missing
from cases.stages import Stage, place, read_stages
from cases.vocabulary import Role, StatusReason
from schema.computed import computed
from schema.context import Context
from schema.derived import Member, derive_input, required
from schema.enums import public_enum
from schema.relations import one

Field = public_enum(CaseField)
Reason = public_enum(StatusReason)


@strawberry.type(description="One step of the process of a case type.")
class CaseTypeStage:
    key: str
    name: str
    required: list[Field]  # type: ignore[valid-type]
    finished_tasks: bool = strawberry.field(description="Whether it is left only once the tasks of the case are done.")
    optional: bool = strawberry.field(description="Whether it may be left out.")


@strawberry.type(description="Reasons that may follow a reason.")
class CaseTypeMove:
    from_: Reason = strawberry.field(name="from")  # type: ignore[valid-type]
    to: list[Reason]  # type: ignore[valid-type]


@strawberry.type(description="The stage at which a case stands.")
class CaseStage:
    key: str
    name: str
    index: int | None = strawberry.field(description="From 0; null if its type has no such stage any more.")
    missing_fields: list[Field] | None = strawberry.field(  # type: ignore[valid-type]
        description="What has to be filled before the case can go on; for the staff to see."
    )


def type_stages() -> Any:
    """The field of a case type that shows its stages."""
    return computed(lambda row, context: [_shown(stage) for stage in read_stages(row.stages)], "stages")


def type_moves() -> Any:
    """The field of a case type that shows how it narrows the lifecycle."""
    return computed(
        lambda row, context: [CaseTypeMove(from_=key, to=to) for key, to in (row.moves or {}).items()], "moves"
    )


def case_stage() -> Any:
    """The field of a case that shows its stage."""
    columns = dict.fromkeys(chain(("type_id", "stage"), *COLUMNS_BY_FIELD.values()))
    return computed(_stage, *columns, description="At which stage of its type it stands; null if it has none.")


async def _stage(row: Any, context: Context) -> CaseStage | None:
    if row.stage is None or row.type_id is None:
        return None
    loaded: Awaitable[Any] = one(context, models.CaseType, row.type_id)
    case_type = await loaded
    stages = read_stages(case_type.stages) if case_type else ()
    index = place(stages, row.stage)
    stage = stages[index] if index is not None else Stage(row.stage, row.stage)
    lacking = None if context.viewer.role is Role.CUSTOMER else missing(stage.required, row)
    return CaseStage(key=stage.key, name=stage.name, index=index, missing_fields=lacking)


def _shown(stage: Stage) -> CaseTypeStage:
    return CaseTypeStage(
        key=stage.key,
        name=stage.name,
        required=list(stage.required),
        finished_tasks=stage.finished_tasks,
        optional=stage.optional,
    )


derive_input(
    "CaseTypeMoveInput",
    {"from_": Member(Reason, public="from", default=required(Reason).default), "to": required(list[Reason])},  # type: ignore[valid-type]
    "Reasons that may follow a reason, and no others; what is not named is not narrowed.",
)
derive_input(
    "StageInput",
    {
        "key": required(str, "By which cases and clients know it; keep it when the name changes."),
        "name": required(str),
        "required": Member(list[Field] | None, "What has to be filled before a case leaves it for a later one."),  # type: ignore[valid-type]
        "finished_tasks": Member(bool | None, "Whether the tasks of the case have to be done before it is left."),
        "optional": Member(bool | None, "Whether it may be left out."),
    },
    "One step of the process of a case type.",
)

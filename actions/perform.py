"""Perform: the one door through which everything that changes something goes.

    permission → idempotency → visible rows, locked → expected version → the act → automation → the answer kept

All but the first happen in one unit of work. What an act refuses leaves nothing behind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.models import Model

from actions.answers import answered_again, kept
from actions.automating import automate
from actions.configuration import looking_once
from actions.idempotency import Request, claim, remember
from actions.redirects import merged_away
from actions.signature import Act, Parameter, Reference, along, arguments, named_answers, parameters
from actions.trail import following
from cases import permissions
from cases.conditions import EVERYTHING, All, Compare, Op
from cases.history import QUIET
from cases.refusals import BadInput, Change, Unknown, VersionConflict
from cases.viewer import Viewer
from cases.vocabulary import FactKind
from models.case import Case, CaseEvent
from models.database import current_database
from models.locking import locked
from models.reading import by_ids, exists, select
from models.statements import Order
from models.unit_of_work import do_what_was_left, unit_of_work
from models.visibility import visible

Rows = Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """An act somebody wants done: with what, by whom, when, and on what condition.

    `given` are values by parameter; rows are given as `Reference`s.
    """

    act: Act
    given: Mapping[str, Any]
    viewer: Viewer
    now: datetime
    expected_version: int | None = None
    idempotency_key: str | None = None


async def perform(call: Call) -> Rows:
    """Does what is asked and returns the rows that answer it, by the names of `signature.answers`.

    Raises Refused if it is declined; then nothing has changed.
    """
    name = call.act.__name__
    permissions.check(call.viewer, name)
    request = None
    if call.idempotency_key is not None:
        asked = {**call.given, "expected_version": call.expected_version}
        request = Request.of(name, call.idempotency_key, asked, call.viewer)
    return await unit_of_work(lambda: _perform(call, request))


async def _perform(call: Call, request: Request | None) -> Rows:
    if request is not None and (stored := await claim(request, call.viewer, call.now)) is not None:
        return await answered_again(call.act, stored, call.viewer)
    held = await _held(call)
    values = {parameter.name: await _taken(parameter, call, held) for parameter in _given(call)}
    with following() as trail, looking_once():
        result = await call.act(**arguments(call.act, values), actor=call.viewer, now=call.now)
        moved_on = await automate(trail, call.viewer.tenant_id, call.now)
        await do_what_was_left()
    named = named_answers(call.act, result)
    if moved_on:
        named = {name: await _by_now(row) for name, row in named.items()}
    if request is not None:
        await remember(request, call.viewer, kept(call.act, named))
    return named


async def _by_now(answer: Any) -> Any:
    """An answer after rules have acted on it; what is no row stays as it is."""
    if not isinstance(answer, Model):
        return answer
    return (await by_ids(type(answer), [answer.pk], EVERYTHING)).get(answer.pk, answer)


def _given(call: Call) -> list[Parameter]:
    """The parameters that were given, the subject first: a case is locked before anything else."""
    given = [parameter for parameter in parameters(call.act) if parameter.name in call.given]
    return sorted(given, key=lambda parameter: not parameter.is_subject)


async def _held(call: Call) -> Mapping[UUID, Case]:
    """The case that the act changes and all others that it is told of, locked in one order, whichever is which.

    Those that it changes without being told of them are locked with them.
    """
    given = _given(call)
    if not any(parameter.is_subject for parameter in given):
        return {}
    named = [call.given[parameter.name] for parameter in given if Case in parameter.rows]
    references = [one for each in named for one in (each if isinstance(each, list) else [each])]
    keys = {one.key for one in references if isinstance(one, Reference) and one.type_name == Case.__name__}
    if (find := along(call.act)) is not None and (more := set(await find(keys)) - keys):
        await locked(Case, keys | more, Compare("tenant_id", Op.EQ, call.viewer.tenant_id))
    return await locked(Case, keys, visible(Case, call.viewer))


async def _taken(parameter: Parameter, call: Call, held: Mapping[UUID, Case]) -> Any:
    """What the act gets for a parameter. Raises Unknown for a row that is not there, or not for this viewer."""
    value = call.given[parameter.name]
    if parameter.many:
        return await _all_taken(parameter, value, call, held)
    if not isinstance(value, Reference):
        return value
    model = next((model for model in parameter.rows if model.__name__ == value.type_name), None)
    if model is None:
        raise Unknown(path=(parameter.public,))
    found = held if model is Case and held else await by_ids(model, [value.key], visible(model, call.viewer))
    row = found.get(value.key)
    if row is None:
        raise Unknown(path=(parameter.public,))
    if isinstance(row, Case) and parameter.is_subject:
        await _check_standing(row, call)
    return row.pk if parameter.by_key else row


async def _check_standing(case: Case, call: Call) -> None:
    """Raises CaseMerged for an act that is for the survivor, VersionConflict for one on an older version."""
    if case.merged_into_id is not None and call.act.__name__ not in permissions.ON_A_MERGED_CASE:
        raise await merged_away(case, call.viewer)
    if call.expected_version not in (None, case.version):
        await _check_version(case, call.expected_version or 0, call.viewer)


async def _all_taken(parameter: Parameter, named: list[Reference], call: Call, held: Mapping[UUID, Case]) -> list[Any]:
    """The rows of a list, in its order. Raises Unknown if one of them is not there, BadInput if one is named twice.

    Where the parameter is lenient, null stands for one that is not there.
    """
    (model,) = parameter.rows
    limits = current_database().limits
    if len(named) > (limits.bulk_cases if parameter.lenient else limits.input_list):
        raise BadInput("This list is too long.", path=(parameter.public,))
    keys = [one.key for one in named if one.type_name == model.__name__]
    if model is Case and held:
        rows: Mapping[UUID, Any] = {key: held[key] for key in keys if key in held}
    else:
        rows = await by_ids(model, keys, visible(model, call.viewer))
    if len(set(keys)) < len(keys):
        raise BadInput("This list names something twice.", path=(parameter.public,))
    if parameter.lenient:
        return [rows.get(one.key) if one.type_name == model.__name__ else None for one in named]
    if len(keys) < len(named) or len(rows) < len(keys):
        raise Unknown(path=(parameter.public,))
    return [rows[key] for key in keys]


async def _check_version(case: Case, expected: int, viewer: Viewer) -> None:
    """Raises VersionConflict if anything happened since the expected version, but what changes nothing.

    An announcement, or that somebody follows, changes nothing that a client could have meant to keep.
    """
    since = All((Compare("case_id", Op.EQ, case.id), Compare("number", Op.GT, expected)))
    acts = All((since, Compare("kind", Op.NIN, tuple(QUIET))))
    if expected < case.version and not await exists(CaseEvent, acts):
        return
    told = All((visible(CaseEvent, viewer), since))  # the version is for everybody to see, what led to it is not
    events = await select(CaseEvent, told, order=(Order("number"),), limit=100)
    raise VersionConflict(
        f"The case is at version {case.version}; you expected {expected}.",
        path=("expected_version",),
        expected_version=expected,
        current_version=case.version,
        changes=[Change(event.number, FactKind(event.kind), sorted(event.payload["changes"])) for event in events],
    )

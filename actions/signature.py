"""What an act asks for, read from its signature.

    async def assign_case(case: Case, *, assignee: Person | Team, actor: Viewer, now: datetime) -> Case

takes two references to rows, which `perform` turns into rows the viewer can see, and gets `actor` and `now` from it.
"""

import dataclasses
import inspect
import re
import typing
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, cast
from uuid import UUID

from tortoise.models import Model

from cases.details import Details
from models.case import Case
from models.tables import target

Act = Callable[..., Awaitable[Any]]
A = TypeVar("A", bound=Callable[..., Awaitable[Any]])

REQUIRED: Final = inspect.Parameter.empty
_ONE_OF: Final = {"children": "child"}
_GIVEN_BY_PERFORM: Final = ("actor", "now")


@dataclass(frozen=True)
class Changes:
    """What is to change of a case: only the columns that were named, with their new values."""

    values: Mapping[str, Any]


@dataclass(frozen=True)
class Spelled:
    """How clients spell a value that is JSON for the act: a GraphQL annotation."""

    annotation: str


@dataclass(frozen=True)
class Reference:
    """A row as a client names it: by type and key. Whether there is one, for this viewer, is not said."""

    type_name: str
    key: UUID


@dataclass(frozen=True)
class Parameter:
    """One thing an act asks for. `rows` are the tables a reference may lead to; none means a plain value.

    Of `many`, a list is given; of a `lenient` one, the act gets null for each row that is not there. A default other
    than `REQUIRED` says that it may be left out; `nullable`, that null means something.
    """

    name: str
    of: Any
    rows: tuple[type[Model], ...]
    nullable: bool
    default: Any
    spelled: str = ""
    many: bool = False
    lenient: bool = False

    @property
    def public(self) -> str:
        """The name under which an input carries it: `case_id` for `case`, `upload_ids` for `uploads`."""
        if self.many:
            return f"{_ONE_OF.get(self.name, re.sub('ies$', 'y', self.name).removesuffix('s'))}_ids"
        return f"{self.name}_id" if self.rows and not self.by_key else self.name

    @property
    def by_key(self) -> bool:
        """Whether the act takes the row's key, rather than the row."""
        return self.of is UUID

    @property
    def may_be_left_out(self) -> bool:
        return self.default is not REQUIRED

    @property
    def is_subject(self) -> bool:
        """Whether the act changes this row: the one whose version a client may expect, and that is locked."""
        return self.name == "case"


Along = Callable[[Collection[UUID]], Awaitable[Collection[UUID]]]


def locks_along(find: Along) -> Callable[[A], A]:
    """Says which further cases an act changes, or must see unchanged: `find` names them, given those it is told.

    All of them are locked at once, in the order of their ids, so that two such acts never wait for each other.
    """

    def mark(act: A) -> A:
        act.along = find  # type: ignore[attr-defined]
        return act

    return mark


def along(act: Act) -> Along | None:
    """What `locks_along` said of an act."""
    return cast(Along | None, getattr(act, "along", None))


def parameters(act: Act) -> Sequence[Parameter]:
    """What `act` asks of its caller, in order; details and changes appear as their fields."""
    found: list[Parameter] = []
    for name, annotation in _annotations(act).items():
        default = inspect.signature(act).parameters[name].default
        if annotation in (Details, Changes):
            found.extend(_of_details(partial=annotation is Changes))
        else:
            found.append(_parameter(name, annotation, default))
    return found


def arguments(act: Act, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of `parameters(act)` as the act takes them: with its details or changes in one."""
    taken = dict(given)
    for name, annotation in _annotations(act).items():
        if annotation in (Details, Changes):
            names = [field.name for field in dataclasses.fields(Details)]
            said = {key: taken.pop(key) for key in names if key in taken}
            taken[name] = Details(**said) if annotation is Details else Changes(said)
    return taken


def answers(act: Act) -> dict[str, Any]:
    """What an act returns, by the names under which clients get it: tables, or `Spelled` values.

    A row goes by the name of its table, several come in a tuple; a dataclass says the names itself.
    """
    result = typing.get_type_hints(act, include_extras=True)["return"]
    if dataclasses.is_dataclass(result):
        return {name: _present(of) for name, of in typing.get_type_hints(result, include_extras=True).items()}
    models = typing.get_args(result) if typing.get_origin(result) is tuple else (result,)
    return {_snake(model.__name__): model for model in models if model is not NoneType}


def _present(of: Any) -> Any:
    """What an answer is when it is there: `Row` of `Row | None`."""
    if typing.get_origin(of) not in (UnionType, typing.Union):
        return of
    return next(option for option in typing.get_args(of) if option is not NoneType)


def named_answers(act: Act, result: Any) -> dict[str, Any]:
    """The result of an act by the names of `answers`."""
    names = answers(act)
    if dataclasses.is_dataclass(result):
        return {name: getattr(result, name) for name in names}
    return dict(zip(names, result if isinstance(result, tuple) else (result,), strict=True))


def spelled(of: Any) -> str:
    """The GraphQL annotation of an answer that is a value."""
    return next(extra.annotation for extra in typing.get_args(of) if isinstance(extra, Spelled))


def is_row(of: Any) -> bool:
    """Whether an answer is a row, rather than a value."""
    return isinstance(of, type) and issubclass(of, Model)


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@cache
def _annotations(act: Act) -> dict[str, Any]:
    hints = typing.get_type_hints(act, include_extras=True)
    return {name: of for name, of in hints.items() if name not in (*_GIVEN_BY_PERFORM, "return")}


def _of_details(*, partial: bool) -> list[Parameter]:
    hints = typing.get_type_hints(Details)
    found: list[Parameter] = []
    for field in dataclasses.fields(Details):
        default = None if partial else REQUIRED if field.default is dataclasses.MISSING else field.default
        parameter = _parameter(field.name, hints[field.name], default)
        if parameter.by_key:
            parameter = dataclasses.replace(parameter, rows=(target(Case, field.name.removesuffix("_id")),))
        found.append(parameter)
    return found


def _parameter(name: str, annotation: Any, default: Any) -> Parameter:
    if typing.get_origin(annotation) is typing.Annotated:
        of, spelled = typing.get_args(annotation)
        return Parameter(name, of, (), "None" in spelled.annotation, default, spelled.annotation)
    if typing.get_origin(annotation) is list:
        (of,) = typing.get_args(annotation)
        lenient = NoneType in typing.get_args(of)
        return Parameter(name, annotation, (_present(of),), False, default, many=True, lenient=lenient)
    optional = typing.get_origin(annotation) in (UnionType, typing.Union)
    options = typing.get_args(annotation) if optional else (annotation,)
    plain = tuple(option for option in options if option is not NoneType)
    rows = tuple(option for option in plain if isinstance(option, type) and issubclass(option, Model))
    return Parameter(name, plain[0], rows, NoneType in options, default)

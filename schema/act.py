"""Acts as mutations: the input and the payload follow from the act's signature, so that nobody writes a field twice.

    resolve_case = act(ending.resolve_case)

is `resolveCase(input: ResolveCaseInput!): ResolveCasePayload!`. A row the act takes is given by its id, what the act
refuses comes back in `userErrors`, and every input has `idempotencyKey` and, if it is about a case, `expectedVersion`.
"""

import dataclasses
import inspect
from typing import Any, Final, cast
from uuid import UUID

from strawberry import ID, UNSET
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from actions.perform import Call, perform
from actions.signature import Act, Parameter, Reference, answers, is_row, parameters, spelled
from cases.refusals import BadInput, Refused
from schema.context import Context
from schema.derived import NAMES, Member, derive_input, derive_type
from schema.enums import public_type
from schema.ids import read_id
from schema.plain import plain
from schema.user_errors import user_errors
from settings import Limits

NO_ROW: Final = ("", UUID(int=0))


class ActField(StrawberryField):
    """A mutation that performs one act."""

    @property
    def is_basic_field(self) -> bool:
        return False

    @property
    def act(self) -> Act:
        return cast(Act, self.metadata["act"])

    @property
    def arguments(self) -> list[StrawberryArgument]:
        annotation = StrawberryAnnotation(f"{_title(self.act)}Input", namespace=NAMES)
        return [StrawberryArgument("input", None, annotation)]

    @arguments.setter
    def arguments(self, value: list[StrawberryArgument]) -> None:
        """The argument follows from the act; the library's copies of a field may set it, to no effect."""

    async def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        context: Context = info.context
        given = kwargs["input"]
        try:
            rows = await perform(
                Call(
                    self.act,
                    _read(self.act, given, context.limits),
                    context.viewer,
                    context.now,
                    expected_version=_plain(given, "expected_version"),
                    idempotency_key=_plain(given, "idempotency_key"),
                )
            )
        except Refused as refusal:
            rows, errors = dict.fromkeys(answers(self.act)), user_errors(refusal)
        else:
            errors = []
        context.forget()
        return NAMES[f"{_title(self.act)}Payload"](**rows, user_errors=errors)


def act(function: Act, *, cost: int | None = None) -> Any:
    """The mutation that performs `function`. Without `cost` it is priced as a single change."""
    name = _title(function)
    description = inspect.getdoc(function) or ""
    members = {parameter.public: _member(parameter) for parameter in parameters(function)}
    if any(parameter.is_subject for parameter in parameters(function)):
        members["expected_version"] = Member(
            int | None, "Declines with VERSION_CONFLICT if the case is at another version by now."
        )
    members["idempotency_key"] = Member(
        str | None,
        "A name for this request, unique per sender. Sent again with the same key, it has its effect once and is "
        "answered again, with rows as they are by then; null is what is said once only, or how something was decided.",
    )
    derive_input(f"{name}Input", members, f"What `{to_camel_case(function.__name__)}` asks for.")
    payload = {
        key: Member(f"{of.__name__ if is_row(of) else spelled(of)} | None", default=dataclasses.MISSING)
        for key, of in answers(function).items()
    }
    payload["user_errors"] = Member("list[UserError]", default=dataclasses.MISSING)
    derive_type(f"{name}Payload", payload, f"What became of `{to_camel_case(function.__name__)}`.")
    annotation = StrawberryAnnotation(f"{name}Payload", namespace=NAMES)
    metadata = {"act": function} if cost is None else {"act": function, "cost": cost}
    return ActField(metadata=metadata, type_annotation=annotation, description=description)


def _title(function: Act) -> str:
    return "".join(part.title() for part in function.__name__.split("_"))


def _member(parameter: Parameter) -> Member:
    required = not parameter.may_be_left_out
    if parameter.spelled:
        spelled = parameter.spelled if required else f"{parameter.spelled} | None"
        return Member(spelled, default=dataclasses.MISSING if required else UNSET)
    of = list[ID] if parameter.many else ID if parameter.rows else public_type(parameter.of)
    annotation = of if required and not parameter.nullable else of | None
    return Member(annotation, default=dataclasses.MISSING if required and not parameter.nullable else UNSET)


def _read(function: Act, given: Any, limits: Limits) -> dict[str, Any]:
    """The given values by parameter. Raises BadInput for a null that means nothing, Unknown for an id that is none."""
    values: dict[str, Any] = {}
    for parameter in parameters(function):
        value = getattr(given, parameter.public)
        if value is UNSET and not parameter.may_be_left_out:
            value = None  # nullable, and nothing said: the same as null
        if value is UNSET:
            continue
        if value is None and not parameter.nullable:
            raise BadInput("This cannot be null; leave it out if nothing is to change.", path=(parameter.public,))
        if value is not None and (parameter.rows or parameter.spelled):
            value = _named(value) if parameter.rows else plain(value, limits)
        values[parameter.name] = value
    return values


def _named(value: Any) -> Any:
    return [_reference(text) for text in value] if isinstance(value, list) else _reference(value)


def _reference(text: str) -> Reference:
    """The row an id names. What is no id names no row, so that it is refused when, and as, a missing row would be."""
    return Reference(*(read_id(text) or NO_ROW))


def _plain(given: Any, name: str) -> Any:
    value = getattr(given, name, UNSET)
    return None if value is UNSET else value

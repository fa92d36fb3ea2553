"""Which errors a client may read, and in which words.

A client reads what was said on purpose: syntax and validation errors, input that could not be coerced (without the
input), and exceptions that carry an `ErrorCode` of their own. Everything else is a bug: the client gets a trace id,
the log gets one line. Neither gets a variable's value.
"""

import hashlib
import json
import logging
import re
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from graphql import GraphQLError, Node, VariableDefinitionNode
from graphql.language import ArgumentNode, ValueNode
from strawberry.exceptions import StrawberryInputCoercionError

from cases.vocabulary import ErrorCode

log: Final = logging.getLogger("casegraph.errors")

LONGEST_LINE: Final = 2_000
LONGEST_MESSAGE: Final = 300
FRAMES: Final = 12

ECHO: Final = re.compile(
    r"""
    (?:, \s but \s encountered \s error \s | ; \s found: | , \s found: | , \s found \s ) .*   # ... found: 'the value'.
    | (?P<kept> cannot \s represent \s [^:]{0,60} | Unexpected \s (?:Block)?String ) [:\s] .*   # ... value: the value
    """,
    re.VERBOSE | re.DOTALL,
)
NAMED_VALUE: Final = re.compile(r"""\bValue \s (['"]).*\1 \s does""", re.VERBOSE | re.DOTALL)


@dataclass(frozen=True)
class Occasion:
    """What was being answered when an error came up; for the log."""

    document: str
    operation_name: str | None
    variables: Mapping[str, Any]


def masked(errors: Iterable[GraphQLError], occasion: Occasion, most: int) -> list[GraphQLError]:
    """At most `most` errors as a client may read them, each with a code. Bugs are logged, all of them in one line.

    What was masked before passes unchanged, so that masking twice does no harm.
    """
    readable, bugs, trace_id = [], [], uuid4().hex
    for index, error in enumerate(errors):
        passed = _readable(error)
        if passed is None:
            bugs.append(error)
            passed = _like(error, "Internal error", {"code": ErrorCode.INTERNAL, "traceId": trace_id})
        if index < most:
            readable.append(passed)
    if bugs:
        log.error(line(bugs, occasion, trace_id))
    return readable


def refused(error: GraphQLError) -> GraphQLError:
    """A syntax or validation error as the client may read it, with what our scalars say of a literal."""
    said = next((cause for cause in _causes(error) if isinstance(getattr(cause, "code", None), ErrorCode)), None)
    message = plain(error.message) if said is None else str(getattr(said, "message", said))
    return _like(error, message, {"code": ErrorCode.BAD_INPUT})


def declined(error: Exception) -> GraphQLError:
    """An exception with a code of its own as a top-level error."""
    return GraphQLError(str(getattr(error, "message", error)), extensions=_extensions(error))


def code_of(error: GraphQLError) -> ErrorCode:
    return ErrorCode((error.extensions or {}).get("code", ErrorCode.INTERNAL))


def formatted(errors: Iterable[GraphQLError]) -> list[dict[str, Any]]:
    return [dict(error.formatted) for error in errors]


def plain(message: str) -> str:
    """A message of the GraphQL library without the values it quotes, and not longer than anybody reads."""
    message = NAMED_VALUE.sub("Value does", ECHO.sub(lambda match: match["kept"] or "", message))
    return message if len(message) <= LONGEST_MESSAGE else message[: LONGEST_MESSAGE - 1] + "…"


def _readable(error: GraphQLError) -> GraphQLError | None:
    """The error in its client's words; None if it is a bug."""
    if isinstance((error.extensions or {}).get("code"), ErrorCode):
        return error
    chain = list(_causes(error))
    for cause in chain:
        if isinstance(getattr(cause, "code", None), ErrorCode):
            message = str(getattr(cause, "message", cause))
            if _at_variable(error.nodes):
                message = plain(error.message.partition(": ")[0]) + ": " + message
            return _like(error, message, _extensions(cause))
    if error.path is None and _at_variable(error.nodes):
        return _like(error, _without_value(error), {"code": ErrorCode.BAD_INPUT})
    if isinstance(chain[-1], StrawberryInputCoercionError):
        return _like(error, plain(chain[-1].message), {"code": ErrorCode.BAD_INPUT})
    if isinstance(chain[-1], GraphQLError) and (error.path is None or _at_input(chain[-1].nodes)):
        return _like(error, plain(error.message), {"code": ErrorCode.BAD_INPUT})
    return None


def _causes(error: BaseException) -> Iterable[BaseException]:
    """The error and what it wraps, outermost first."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.original_error if isinstance(seen, GraphQLError) else None


def _at_variable(nodes: Sequence[Node] | None) -> bool:
    return bool(nodes) and isinstance(nodes[0], VariableDefinitionNode)  # type: ignore[index]


def _at_input(nodes: Sequence[Node] | None) -> bool:
    """Whether an error points at something the client wrote, rather than at a field that was being answered."""
    return bool(nodes) and isinstance(nodes[0], ArgumentNode | ValueNode)  # type: ignore[index]


def _without_value(error: GraphQLError) -> str:
    """`Variable '$input' has invalid value at .title: ...` with only the part after the colon made plain."""
    place, _, reason = error.message.partition(": ")
    return f"{place}: {plain(reason)}"


def _extensions(error: BaseException) -> dict[str, Any]:
    more = getattr(error, "extensions", None)
    return {"code": error.code, **(more if isinstance(more, Mapping) else {})}  # type: ignore[attr-defined]


def _like(error: GraphQLError, message: str, extensions: dict[str, Any]) -> GraphQLError:
    """Another message at the same place."""
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )


def line(bugs: Sequence[GraphQLError], occasion: Occasion, trace_id: str) -> str:
    """One line of JSON in ASCII of at most `LONGEST_LINE` characters, so that no value can forge another line.

    Names the document by its hash. What an exception says may quote a variable: those are cut out.
    """
    first = bugs[0]
    *_, cause = _causes(first)
    frames = traceback.extract_tb(cause.__traceback__)[-FRAMES:]
    entry = {
        "event": "internal_error",
        "traceId": trace_id,
        "document": hashlib.sha256(occasion.document.encode("utf-8", "replace")).hexdigest()[:16],
        "operation": (occasion.operation_name or "")[:100],
        "path": ".".join(map(str, first.path or ()))[:200],
        "count": len(bugs),
        "error": type(cause).__name__,
        "message": _scrubbed(str(cause)[:5_000], occasion.variables)[:400],
        "at": [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames],
    }
    while len(text := json.dumps(entry, ensure_ascii=True)) > LONGEST_LINE:
        entry["at"] = entry["at"][1:] if entry["at"] else entry["at"]  # type: ignore[index]
        entry["message"] = str(entry["message"])[: len(str(entry["message"])) // 2]
        entry["operation"] = entry["path"] = ""
    return text


def _scrubbed(text: str, values: object) -> str:
    """The text without any string of three or more characters that the client sent as a variable."""
    rest = [values]
    while rest:
        value = rest.pop()
        if isinstance(value, str):
            text = text.replace(value, "…") if len(value) > 2 else text
        elif isinstance(value, Mapping):
            rest += value.values()
        elif isinstance(value, list):
            rest += value
    return text

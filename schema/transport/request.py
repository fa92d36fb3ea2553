"""A GraphQL request, checked as far as it can be without a schema.

The order of the checks is the order of their price: size, JSON (and with it UTF-8), shape, values, text length.
Over a WebSocket the same shape comes inside a message, so everything here is of no protocol.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from schema.transport.errors import LimitExceeded, Malformed
from settings import Limits

SMALLEST_INTEGER: Final = -(2**63)
LARGEST_INTEGER: Final = 2**63 - 1
LONGEST_LIST: Final = 1_000
LONGEST_NAME: Final = 200


@dataclass(frozen=True)
class Request:
    """`variables` are as the client sent them: plain JSON, not yet coerced."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)


def parse_json(body: bytes | str) -> object:
    """Raises Malformed for whatever is not JSON in UTF-8, or nests beyond any use."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:  # the library's message quotes nothing, but says more than a client needs
        raise Malformed("The body is not JSON.") from None


def read_request(content: object, limits: Limits) -> Request:
    """The request in a decoded JSON value.

    Raises Malformed if it has not the shape of one or holds a value that no schema can take, LimitExceeded if the
    document is too long.
    """
    if isinstance(content, list):
        raise Malformed("Batches are not supported: send one request at a time.")
    if not isinstance(content, dict):
        raise Malformed("The body must be a JSON object.")
    query = content.get("query")
    if not isinstance(query, str) or not query.strip():
        raise Malformed("`query` must be a GraphQL document.")
    name = content.get("operationName")
    if name is not None and not isinstance(name, str):
        raise Malformed("`operationName` must be a string.")
    variables = _object(content, "variables")
    extensions = _object(content, "extensions")
    check_values(variables, limits)
    check_values(extensions, limits)
    if len(query) > limits.document_characters:
        raise LimitExceeded(limit="document_characters", allowed=limits.document_characters, found=len(query))
    if "\0" in query or (name and ("\0" in name or len(name) > LONGEST_NAME)):
        raise Malformed("The document holds a character that is not text.")
    return Request(query, name or None, variables, extensions)


def _object(content: Mapping[str, object], name: str) -> Mapping[str, Any]:
    value = content.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Malformed(f"`{name}` must be an object.")
    return value


def check_values(value: object, limits: Limits) -> None:
    """Refuse what no schema could take, wherever it is.

    Integers beyond 64 bits arrive as floats, so the bound is for floats too, and leaves out the one that is its edge.
    Lone surrogates do not get past the JSON parser.
    """
    rest = [(value, 1)]
    while rest:
        value, depth = rest.pop()
        if isinstance(value, str):
            _check_text(value, limits)
        elif isinstance(value, int | float):
            if not SMALLEST_INTEGER <= value <= LARGEST_INTEGER or (isinstance(value, float) and abs(value) >= 2**63):
                raise Malformed("A number is out of range.")
        elif isinstance(value, list | dict):
            if depth > limits.json_depth:
                raise Malformed("The values are nested too deeply.")
            if isinstance(value, list):
                if len(value) > LONGEST_LIST:
                    raise Malformed("A list is too long.")
                rest += [(item, depth + 1) for item in value]
            else:
                for key in value:
                    _check_text(key, limits)
                rest += [(item, depth + 1) for item in value.values()]


def _check_text(text: str, limits: Limits) -> None:
    if "\0" in text:
        raise Malformed("A text holds a NUL character.")
    if len(text) > limits.text_characters:
        raise Malformed("A text is too long.")

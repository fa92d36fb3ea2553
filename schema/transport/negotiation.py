"""Which content comes in, which content goes out, and with which status.

RFC 9110 (12.5.1 Accept, 8.3 Content-Type) and the GraphQL-over-HTTP draft. The draft's newest text wants 422 for
validation; its audit and its clients want 400, so that is what the table says.
"""

from collections.abc import Iterable
from typing import Final

from cases.vocabulary import ErrorCode

GRAPHQL: Final = "application/graphql-response+json"
JSON: Final = "application/json"
OFFERED: Final = (JSON, GRAPHQL)
"""In the order of our preference: who does not say gets what every client understands."""

STATUS_BY_CODE: Final[dict[ErrorCode, int]] = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.RETRY_LATER: 503,
    ErrorCode.STORAGE_UNAVAILABLE: 503,
    ErrorCode.OUTCOME_UNKNOWN: 503,
    ErrorCode.TIMEOUT: 503,
    ErrorCode.INTERNAL: 500,
}
"""For answers without data, in `application/graphql-response+json`. What is not here is 400."""


def status(media_type: str, *, has_data: bool, codes: Iterable[ErrorCode]) -> int:
    """A well-formed answer is 200 in `application/json`, whatever it says; otherwise the first error decides."""
    if media_type == JSON or has_data:
        return 200
    return next((STATUS_BY_CODE.get(code, 400) for code in codes), 200)


def accepted(accept: str | None, offered: tuple[str, ...] = OFFERED) -> str | None:
    """The offered media type the client likes best, or None if it takes none of them.

    Its own quality decides, the more specific range over the less specific; between equals a type named in full comes
    before one that a wildcard lets in, and then our order.
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = [parsed for part in accept.split(",")[:50] if (parsed := _media_range(part)) is not None]
    best: tuple[float, int] = (0.0, 0)
    choice = None
    for media_type in offered:
        matches = [(specific, quality) for name, specific, quality in ranges if _covers(name, media_type)]
        if not matches:
            continue
        specific, quality = max(matches)
        if quality > 0 and (quality, specific) > best:
            best, choice = (quality, specific), media_type
    return choice


def is_json(content_type: str | None) -> bool:
    """Whether a body so described is JSON in UTF-8. Nothing but `application/json` will do: CSRF rests on that."""
    if content_type is None:
        return False
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    if media_type != JSON:
        return False
    charsets = [p.partition("=")[2].strip('" ') for p in parameters if p.partition("=")[0].strip() == "charset"]
    return all(charset in ("utf-8", "utf8") for charset in charsets)


def _covers(media_range: str, media_type: str) -> bool:
    return media_range in (media_type, media_type.partition("/")[0] + "/*", "*/*")


def _media_range(text: str) -> tuple[str, int, float] | None:
    """The range, how specific it is (0 to 2) and its quality; None if it is none."""
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    main, slash, sub = name.partition("/")
    if not (main and slash and sub) or (main == "*" and sub != "*"):
        return None
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                quality = float(value)
            except ValueError:
                return None
            if not 0 <= quality <= 1:
                return None
    return name, (main != "*") + (sub != "*"), quality

"""What credentials stand for, and until when."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from cases.viewer import Viewer
from cases.vocabulary import Role
from schema.transport.errors import Unauthenticated

LONGEST_TOKEN: Final = 8 * 1024
TOKEN_NAMES: Final = ("token", "authToken", "accessToken")


@dataclass(frozen=True)
class Session:
    """A verified caller, or nobody (`viewer` None). `expires_at` is aware; None means that it does not."""

    viewer: Viewer | None = None
    expires_at: datetime | None = None

    @property
    def is_staff(self) -> bool:
        return self.viewer is not None and self.viewer.role is not Role.CUSTOMER


Authenticate: TypeAlias = Callable[[str | None], Awaitable[Session]]
"""Takes the raw token or API key, None if there was none. Raises Unauthenticated for one that does not hold."""


def bearer_token(authorization: str | None) -> str | None:
    """The token of an `Authorization` value, None if there is no value.

    Raises Unauthenticated for another scheme or an absurd length: RFC 6750, 2.1.
    """
    if authorization is None:
        return None
    scheme, _, token = authorization.strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
        raise Unauthenticated("These credentials are not a bearer token.")
    return token


def said_token(payload: Mapping[str, Any], handshake: str | None) -> str | None:
    """The token that comes with a `connection_init`; whoever brings none there may have sent it with the handshake.

    Clients spell it as a header, `{authorization: "Bearer …"}` in any case, also in `headers`, or as `{token: "…"}`.
    No page can set the header of a handshake, so that it is as good, but a proxy may have one of its own there. Raises
    Unauthenticated for what is no token.
    """
    inner = payload.get("headers")
    for said in (payload, inner if isinstance(inner, Mapping) else {}):
        for name, value in said.items():
            if value is None or not (name.lower() == "authorization" or name in TOKEN_NAMES):
                continue
            if not isinstance(value, str):
                raise Unauthenticated
            is_bare = name in TOKEN_NAMES and value.strip() and " " not in value.strip()
            return bearer_token(f"Bearer {value}" if is_bare else value)
    return bearer_token(handshake) if (handshake or "").lower().startswith("bearer ") else None

"""What credentials stand for, and until when."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from cases.viewer import Viewer
from cases.vocabulary import Role
from schema.transport.errors import Unauthenticated

LONGEST_TOKEN: Final = 8 * 1024


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

"""Why a request was declined before, around or instead of its resolvers.

    Declined
    ├── Unauthenticated   UNAUTHENTICATED   nobody is signed in, or the credentials do not hold
    ├── Malformed         BAD_INPUT         not a request: its bytes, its JSON, its shape, a value no schema can take
    ├── Forbidden         FORBIDDEN         signed in, but this is not for them
    ├── LimitExceeded     COST_LIMIT        more than one document may ask for, and which limit said so
    ├── RateLimited       RATE_LIMITED      more than one caller may ask for now, and when to come back
    └── TimedOut          TIMEOUT           the deadline passed

They become top-level errors. What the domain declines is a `cases.refusals.Refused` and becomes a `userError`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from cases.vocabulary import ErrorCode


@dataclass(eq=False)
class Declined(Exception):
    """`message` is fit for the client; `extensions` are added beside the code."""

    message: str

    code: ClassVar[ErrorCode]

    def __post_init__(self) -> None:
        super().__init__(self.message)

    @property
    def extensions(self) -> Mapping[str, object]:
        return {}


@dataclass(eq=False)
class Unauthenticated(Declined):
    """Nobody is signed in, or the credentials do not hold."""

    message: str = "Please sign in."
    code = ErrorCode.UNAUTHENTICATED


@dataclass(eq=False)
class Malformed(Declined):
    """This is not a request that could be understood. `status` is what HTTP says to it, in every media type."""

    status: int = 400
    code = ErrorCode.BAD_INPUT


@dataclass(eq=False)
class Forbidden(Declined):
    """Signed in, but this is not for them."""

    code = ErrorCode.FORBIDDEN


@dataclass(eq=False)
class LimitExceeded(Declined):
    """One document asks for too much. `found` is None where counting stopped at the limit."""

    message: str = "This asks for too much at once."
    limit: str = ""
    allowed: int = 0
    found: int | None = None
    code = ErrorCode.COST_LIMIT

    @property
    def extensions(self) -> Mapping[str, object]:
        return {"limit": self.limit, "allowed": self.allowed, "found": self.found}


@dataclass(eq=False)
class RateLimited(Declined):
    """The caller asks for too much in too short a time; `retry_after` is in seconds, rounded up."""

    message: str = "Too many requests in a short time."
    retry_after: int = 1
    code = ErrorCode.RATE_LIMITED

    @property
    def extensions(self) -> Mapping[str, object]:
        return {"retryAfter": self.retry_after}


@dataclass(eq=False)
class TimedOut(Declined):
    """The deadline of the operation passed. A mutation may still be written, as a whole or not at all."""

    message: str = "This took too long and was stopped."
    code = ErrorCode.TIMEOUT

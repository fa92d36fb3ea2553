"""Parcels: what is sent, and how sending fails."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Parcel:
    """Something to be sent. `id` is the same at every attempt, so that receivers can tell doubles."""

    id: UUID
    to: str
    subject: str
    body: str
    secret: str = ""
    private: bool = False
    """Whether it may go to an address of the installation's own network."""


Send = Callable[[Parcel, datetime], Awaitable[None]]
"""Sends a parcel, or raises NotSent."""


class NotSent(Exception):
    """It was not taken. `reason` repeats nothing that the other side said; `finally_` means that it never will be.

    `is_receivers` means that it is not about this parcel: the receiver takes nothing for now.
    """

    def __init__(self, reason: str, *, finally_: bool = False, is_receivers: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.finally_ = finally_
        self.is_receivers = is_receivers


class NoSender(NotSent):
    """There is nothing to send it with yet."""

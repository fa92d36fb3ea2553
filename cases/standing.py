"""Standing: where a case stands at one instant, and nothing about what may follow."""

from dataclasses import dataclass
from typing import Final, Protocol, Self

from cases.vocabulary import PAUSE_REASONS, STATUS_BY_REASON, Status, StatusReason

WORKING_REASONS: Final = (StatusReason.IN_PROGRESS, StatusReason.RESEARCHING, StatusReason.NEW)
"""Reasons of an active case on which somebody works, or soon will; the others of `ACTIVE` are pauses."""


class Row(Protocol):
    """As much of a case's row as says where it stands."""

    @property
    def status(self) -> Status: ...

    @property
    def status_reason(self) -> StatusReason: ...

    @property
    def paused_from(self) -> StatusReason | None: ...


@dataclass(frozen=True)
class Standing:
    """Where a case stands. `paused_from` is the reason it had before it was paused, and null unless it is paused."""

    status: Status
    reason: StatusReason
    paused_from: StatusReason | None = None

    def __post_init__(self) -> None:
        if STATUS_BY_REASON[self.reason] is not self.status:
            raise ValueError(f"{self.reason} is no reason of {self.status}")
        if (self.paused_from is not None) is not self.is_paused or self.paused_from in PAUSE_REASONS:
            raise ValueError(f"{self.reason} cannot have been paused from {self.paused_from}")

    @classmethod
    def of(cls, case: Row) -> Self:
        return cls(case.status, case.status_reason, case.paused_from)

    @property
    def is_paused(self) -> bool:
        return self.reason in PAUSE_REASONS

    @property
    def worked_at(self) -> StatusReason:
        """The reason that counts as a step of the work: while paused, the one to return to."""
        return self.paused_from or self.reason

"""Refusals: what is understood and declined.

    Refused
    ├── BadInput              BAD_INPUT              a value that cannot be accepted, with its path
    │   ├── MissingField      BAD_INPUT              a stage asks for a field of the case that is empty
    │   └── IllegalParent     BAD_INPUT              the one case cannot be the parent of the other; says why
    ├── Several               BAD_INPUT              more than one such value: its problems are answered one by one
    ├── NoneDone              BAD_INPUT              none of several was done; its problems are answered one by one
    ├── Unknown               NOT_FOUND              not there, or not there for this viewer: the two look alike
    ├── NotPermitted          FORBIDDEN              visible, but not theirs to do
    ├── VersionConflict       VERSION_CONFLICT       somebody was faster; says what changed since
    ├── IllegalTransition     ILLEGAL_TRANSITION     the lifecycle has no such step from here
    ├── CaseMerged            ILLEGAL_TRANSITION     the case lives on in another one; says in which
    ├── CannotMerge           ILLEGAL_TRANSITION     cases that do not go into this one; says every reason
    ├── CannotUnmerge         ILLEGAL_TRANSITION     a merge that cannot be undone; says why
    ├── IllegalStep           ILLEGAL_TRANSITION     an entitlement in this state has no such step
    ├── NotCovered            NOT_COVERED            the entitlement does not fit the case; says every reason
    ├── EntitlementExhausted  NO_TERMS_LEFT          it fits, but too little is left of it
    ├── NotQueued             ILLEGAL_TRANSITION     the case is in no queue
    ├── AlreadyPicked         ILLEGAL_TRANSITION     somebody works on the queue's item; says who
    ├── NotPicked             ILLEGAL_TRANSITION     nobody works on it
    ├── AlreadyQueued         DUPLICATE              the case is in this queue already
    ├── IllegalStageStep      ILLEGAL_TRANSITION     the case cannot go to that stage of its type from here
    ├── NobodyToUrge          ILLEGAL_TRANSITION     nobody would hear it
    ├── UrgedRecently         RETRY_LATER            urged a short while ago; says when it is possible again
    ├── IllegalActivityStep   ILLEGAL_TRANSITION     the activity has ended
    ├── OpenActivities        OPEN_ACTIVITIES        something is to be done still; says what
    ├── OpenChildren          ILLEGAL_TRANSITION     parts of the case are open still; says which
    ├── Duplicate             DUPLICATE              a name or key that is taken
    ├── IdempotencyMismatch   IDEMPOTENCY_MISMATCH   the key was used with another input
    └── StorageTrouble        (below)                nothing wrong with the request
        ├── RetryLater        RETRY_LATER            busy; nothing was written
        ├── StorageUnavailable STORAGE_UNAVAILABLE   full, read-only or gone; nothing was written
        └── OutcomeUnknown    OUTCOME_UNKNOWN        the connection broke while committing; repeat with the same key

Anything else that is raised is a bug and rises. Each class becomes a GraphQL type of the same name implementing
`UserError`; the annotated fields below `message`, `code` and `path` are its data. Those about families of cases stand
in `hierarchy`, those about urging in `urging`, beside the rules that raise them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from cases.obstacles import MergeObstacle, Misfit, UnmergeObstacle
from cases.vocabulary import (
    ActivityKind,
    ActivityState,
    EntitlementState,
    ErrorCode,
    FactKind,
    Origin,
    Status,
    StatusReason,
)


@dataclass(eq=False)
class Refused(Exception):
    """The request was understood and declined. `message` is fit for the customer.

    `path` names the place in the input, outermost first, in Python names; empty means the request as a whole.
    """

    message: str
    path: Sequence[str | int] = field(default=(), kw_only=True)

    code: ClassVar[ErrorCode]

    def __post_init__(self) -> None:
        super().__init__(self.message)


@dataclass(eq=False)
class BadInput(Refused):
    """A value cannot be accepted; `path` says which."""

    code = ErrorCode.BAD_INPUT


@dataclass(eq=False)
class Several(Refused):
    """More than one value cannot be accepted. Clients meet its `problems`, so that they can be put right in one go."""

    message: str = "Several values cannot be accepted."
    problems: Sequence[BadInput] = ()
    code = ErrorCode.BAD_INPUT


@dataclass(eq=False)
class NoneDone(Refused):
    """Of several things that were to be done together none was. Clients meet its `problems`, each with its place."""

    message: str = "Nothing was done."
    problems: Sequence[Refused] = ()
    code = ErrorCode.BAD_INPUT


@dataclass(eq=False)
class Unknown(Refused):
    """No such thing, or none that this viewer may know of."""

    message: str = "There is no such thing."
    code = ErrorCode.NOT_FOUND


@dataclass(eq=False)
class NotPermitted(Refused):
    """The viewer may see this, but not do that."""

    message: str = "You may not do this."
    code = ErrorCode.FORBIDDEN


@dataclass(frozen=True)
class Change:
    """One thing that happened since the version the client knew."""

    version: int
    kind: FactKind
    fields: Sequence[str]


@dataclass(eq=False)
class VersionConflict(Refused):
    """The case is not at the version the client expected; `changes` lists what happened since, oldest first."""

    expected_version: int
    current_version: int
    changes: Sequence[Change]
    code = ErrorCode.VERSION_CONFLICT


@dataclass(eq=False)
class IllegalTransition(Refused):
    """The lifecycle has no such step from where the case stands; `allowed` are the statuses that can follow."""

    from_: Status
    to: Status
    allowed: Sequence[Status]
    from_reason: StatusReason
    to_reason: StatusReason | None = None
    allowed_reasons: Sequence[StatusReason] = ()
    code = ErrorCode.ILLEGAL_TRANSITION


@dataclass(frozen=True)
class NamedCase:
    """A case, by its id and its number."""

    case_id: UUID
    number: str


@dataclass(eq=False)
class CaseMerged(Refused):
    """The case was merged into another one and is read-only; `survivor` is the one in which it lives on."""

    survivor: NamedCase | None = None
    code = ErrorCode.ILLEGAL_TRANSITION


@dataclass(frozen=True)
class Unmergeable:
    """One reason why a case does not go into another one; `message` is fit for the customer."""

    case_id: UUID
    number: str
    obstacle: MergeObstacle
    message: str


@dataclass(eq=False)
class CannotMerge(Refused):
    """Some cases do not go into this one, for all of these reasons. None was merged."""

    cases: Sequence[Unmergeable]
    code = ErrorCode.ILLEGAL_TRANSITION


@dataclass(eq=False)
class CannotUnmerge(Refused):
    """The merge cannot be undone. `survivor` is the case that the other one went into, if it is there."""

    obstacle: UnmergeObstacle
    survivor: NamedCase | None = None
    code = ErrorCode.ILLEGAL_TRANSITION


@dataclass(eq=False)
class IllegalStep(Refused):
    """An entitlement in this state has no such step; `allowed` are the states in which it has."""

    state: EntitlementState
    allowed: Sequence[EntitlementState]
    code = ErrorCode.ILLEGAL_TRANSITION


@dataclass(frozen=True)
class Uncovered:
    """One reason why an entitlement does not fit a case; `message` is fit for the customer."""

    reason: Misfit
    message: str


@dataclass(eq=False)
class NotCovered(Refused):
    """The entitlement does not fit the case, for all of these reasons."""

    reasons: Sequence[Uncovered]
    code = ErrorCode.NOT_COVERED


@dataclass(eq=False)
class EntitlementExhausted(Refused):
    """The entitlement fits, but less than `needed` is left of it. Both are in terms: cases or hours.

    `channel` is the one whose own share is used up, and null if it is the whole.
    """

    needed: Decimal
    available: Decimal
    channel: Origin | None = None
    code = ErrorCode.NO_TERMS_LEFT


@dataclass(eq=False)
class NotQueued(Refused):
    """The case is in no queue."""

    message: str = "The case is in no queue."
    code = ErrorCode.ILLEGAL_TRANSITION


@dataclass(eq=False)
class AlreadyPicked(Refused):
    """Somebody was faster: `worker` works on it since `pickedAt`."""

    worker: str
    picked_at: datetime
    code = ErrorCode.ILLEGAL_TRANSITION


@dataclass(eq=False)
class NotPicked(Refused):
    """Nobody works on it, so that nobody can put it back."""

    message: str = "Nobody works on this; it waits in its queue."
    code = ErrorCode.ILLEGAL_TRANSITION


@dataclass(eq=False)
class AlreadyQueued(Refused):
    """The case is in this queue already, since `enteredAt`."""

    queue: str
    entered_at: datetime
    code = ErrorCode.DUPLICATE


@dataclass(eq=False)
class IllegalActivityStep(Refused):
    """An activity that has ended has no such step."""

    state: ActivityState
    code = ErrorCode.ILLEGAL_TRANSITION


@dataclass(frozen=True)
class OpenActivity:
    """Something that is to be done about a case still."""

    activity_id: UUID
    kind: ActivityKind
    subject: str
    due_at: datetime | None


@dataclass(eq=False)
class OpenActivities(Refused):
    """The case has open activities, those due first first; say what is to become of them with `openActivities`."""

    activities: Sequence[OpenActivity]
    code = ErrorCode.OPEN_ACTIVITIES


@dataclass(eq=False)
class Duplicate(Refused):
    """The name or key is taken."""

    code = ErrorCode.DUPLICATE


@dataclass(eq=False)
class IdempotencyMismatch(Refused):
    """This idempotency key was used before with another input."""

    message: str = "This idempotency key was used with another input."
    code = ErrorCode.IDEMPOTENCY_MISMATCH


@dataclass(eq=False)
class StorageTrouble(Refused):
    """The request is fine; the storage is not."""

    code = ErrorCode.STORAGE_UNAVAILABLE


@dataclass(eq=False)
class RetryLater(StorageTrouble):
    """Busy. Nothing was written; the same request may be sent again."""

    message: str = "Busy at the moment; nothing was written. Please send the request again."
    code = ErrorCode.RETRY_LATER


@dataclass(eq=False)
class StorageUnavailable(StorageTrouble):
    """The storage is full, read-only or out of reach. Nothing was written."""

    message: str = "The storage cannot be written at the moment; nothing was written."
    code = ErrorCode.STORAGE_UNAVAILABLE


@dataclass(eq=False)
class OutcomeUnknown(StorageTrouble):
    """The connection broke while committing: the act may or may not have happened."""

    message: str = "It is not known whether this was written. Send it again with the same idempotency key."
    code = ErrorCode.OUTCOME_UNKNOWN

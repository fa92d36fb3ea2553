"""The words of the trade, each used for one thing everywhere.

Enums here are what the code decides on; what a tenant configures (case types, subjects, products) are rows.
Values are their own names, so that a stored value reads like the API.
"""

from enum import StrEnum, auto
from typing import Final


class Word(StrEnum):
    """An enum whose values are its names."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[str]) -> str:
        return name


class Role(Word):
    """What a viewer is to the tenant, from which follows what they may do."""

    ADMIN = auto()
    MANAGER = auto()
    AGENT = auto()
    CUSTOMER = auto()
    INTEGRATION = auto()


class Status(Word):
    """Where a case stands. Everything but `ACTIVE` is read-only until the case is reactivated."""

    ACTIVE = auto()
    RESOLVED = auto()
    CANCELED = auto()
    CLOSED = auto()


class StatusReason(Word):
    """Why a case stands where it stands; each reason belongs to one status."""

    NEW = auto()
    IN_PROGRESS = auto()
    RESEARCHING = auto()
    ON_HOLD = auto()
    WAITING_FOR_DETAILS = auto()
    WAITING_FOR_PROBLEM = auto()
    WAITING_FOR_VENDOR = auto()
    WAITING_FOR_EVIDENCE = auto()
    SUSPENDED = auto()
    PROBLEM_SOLVED = auto()
    INFORMATION_PROVIDED = auto()
    CANCELED = auto()
    MERGED = auto()
    CLOSED = auto()


STATUS_BY_REASON: Final[dict[StatusReason, Status]] = {
    StatusReason.NEW: Status.ACTIVE,
    StatusReason.IN_PROGRESS: Status.ACTIVE,
    StatusReason.RESEARCHING: Status.ACTIVE,
    StatusReason.ON_HOLD: Status.ACTIVE,
    StatusReason.WAITING_FOR_DETAILS: Status.ACTIVE,
    StatusReason.WAITING_FOR_PROBLEM: Status.ACTIVE,
    StatusReason.WAITING_FOR_VENDOR: Status.ACTIVE,
    StatusReason.WAITING_FOR_EVIDENCE: Status.ACTIVE,
    StatusReason.SUSPENDED: Status.ACTIVE,
    StatusReason.PROBLEM_SOLVED: Status.RESOLVED,
    StatusReason.INFORMATION_PROVIDED: Status.RESOLVED,
    StatusReason.CANCELED: Status.CANCELED,
    StatusReason.MERGED: Status.CANCELED,
    StatusReason.CLOSED: Status.CLOSED,
}

PAUSE_REASONS: Final = frozenset(
    {
        StatusReason.ON_HOLD,
        StatusReason.WAITING_FOR_DETAILS,
        StatusReason.WAITING_FOR_PROBLEM,
        StatusReason.WAITING_FOR_VENDOR,
        StatusReason.WAITING_FOR_EVIDENCE,
        StatusReason.SUSPENDED,
    }
)
"""Reasons that mean somebody waits. `suspend_case` sets one of them, `resume_case` ends it."""


class Priority(Word):
    """How soon, lowest first: the order of the members is the order of sorting."""

    LOW = auto()
    MEDIUM = auto()
    HIGH = auto()
    CRITICAL = auto()


class Severity(Word):
    """How bad, mildest first: the order of the members is the order of sorting."""

    MINOR = auto()
    NORMAL = auto()
    MAJOR = auto()
    OUTAGE = auto()


class Origin(Word):
    """The channel through which a case came in."""

    VOICE = auto()
    EMAIL = auto()
    WEB = auto()
    WHATSAPP = auto()
    WEBCHAT = auto()
    API = auto()
    SOCIAL = auto()
    SELF_SERVICE = auto()


class Audience(Word):
    """Who may read a message."""

    PUBLIC = auto()
    INTERNAL = auto()


class ProductKind(Word):
    FAMILY = auto()
    PRODUCT = auto()
    BUNDLE = auto()


class ProductState(Word):
    DRAFT = auto()
    ACTIVE = auto()
    RETIRED = auto()


class CaseCategory(Word):
    """The fixed meaning behind a tenant's own case type."""

    QUESTION = auto()
    PROBLEM = auto()
    REQUEST = auto()


class ActivityKind(Word):
    """What kind of doing an activity is."""

    TASK = auto()
    PHONE_CALL = auto()
    EMAIL = auto()
    APPOINTMENT = auto()


class ActivityState(Word):
    """Where an activity stands. It ends once, and is not taken up again."""

    OPEN = auto()
    COMPLETED = auto()
    CANCELED = auto()


class OpenActivitiesRule(Word):
    """What becomes of activities that are open when their case ends."""

    COMPLETE = auto()
    CANCEL = auto()


class BulkErrorPolicy(Word):
    """What becomes of many cases when some of them refuse: nothing is done, or the rest is."""

    ALL_OR_NOTHING = auto()
    SKIP_FAILED = auto()


class AttachmentSource(Word):
    """How a file came to a case."""

    UPLOAD = auto()
    NOTE = auto()
    EMAIL = auto()
    CONVERSATION = auto()


class FactKind(Word):
    """What can happen to a case; its history is made of nothing else."""

    OPENED = auto()
    CHANGED = auto()
    CUSTOMER_CHANGED = auto()
    ASSIGNED = auto()
    COMMENTED = auto()
    PROGRESSED = auto()
    SUSPENDED = auto()
    RESUMED = auto()
    STAGE_ADVANCED = auto()
    RESOLVED = auto()
    CLOSED = auto()
    CANCELED = auto()
    REACTIVATED = auto()
    DELETED = auto()
    SLA_APPLIED = auto()
    SLA_ANNOUNCED = auto()
    ENTITLEMENT_APPLIED = auto()
    ENTITLEMENT_REMOVED = auto()
    DECREMENT_WAIVED = auto()
    DECREMENT_RESTORED = auto()
    ARTICLE_LINKED = auto()
    ARTICLE_UNLINKED = auto()
    QUEUED = auto()
    PICKED = auto()
    RELEASED = auto()
    ROUTED = auto()
    UNQUEUED = auto()
    ACTIVITY_CREATED = auto()
    ACTIVITY_CHANGED = auto()
    ACTIVITY_COMPLETED = auto()
    ACTIVITY_CANCELED = auto()
    FILE_ATTACHED = auto()
    FILE_DELETED = auto()
    MERGED = auto()
    ABSORBED = auto()
    UNMERGED = auto()
    RETURNED = auto()
    SPLIT_OFF = auto()
    AUTOMATED = auto()
    PARENT_REPLACED = auto()
    PARENT_SET = auto()
    PARENT_CLEARED = auto()
    CHILD_ADDED = auto()
    CHILD_REMOVED = auto()
    LINKED = auto()
    UNLINKED = auto()
    FOLLOWED = auto()
    UNFOLLOWED = auto()
    URGED = auto()
    ESCALATED = auto()
    DEESCALATED = auto()
    INTERNAL_RECORDED = auto()
    RESPONSE_RECORDED = auto()


class SlaSource(Word):
    """Who chose the policy that holds for a case, strongest first: a weaker choice does not replace a stronger one."""

    HAND = auto()
    AUTOMATION = auto()
    ENTITLEMENT = auto()
    DEFAULT = auto()


class ArticleState(Word):
    """Where an article stands. Customers see published ones only; an archived one has had its time."""

    DRAFT = auto()
    PUBLISHED = auto()
    ARCHIVED = auto()


class Source(Word):
    """Where words that can be searched for stand. The position of a member is stored: append only."""

    CASE = auto()
    PUBLIC = auto()
    INTERNAL = auto()
    ARTICLE = auto()


class BuiltInView(Word):
    """Views of cases that everybody has without saving them."""

    MY_ACTIVE_CASES = auto()
    MY_RESOLVED_CASES = auto()
    UNASSIGNED_IN_MY_TEAMS = auto()
    AVAILABLE_IN_MY_QUEUES = auto()
    FOLLOWED_BY_ME = auto()


class EntitlementState(Word):
    """Where an entitlement stands. An activated one waits, is active or has expired by its dates alone."""

    DRAFT = auto()
    WAITING = auto()
    ACTIVE = auto()
    EXPIRED = auto()
    CANCELED = auto()


class QueueKind(Word):
    """Who sees what waits in a queue: the whole staff, or its members and those who lead."""

    PUBLIC = auto()
    PRIVATE = auto()


class QueueItemState(Word):
    """Where a case stands in its queue: waiting for somebody, worked on by somebody, or gone from it."""

    AVAILABLE = auto()
    PICKED = auto()
    CLOSED = auto()


class ErrorCode(Word):
    """Every code a client can meet, in `userErrors` or in `errors[].extensions.code`. The list is closed."""

    UNAUTHENTICATED = auto()
    FORBIDDEN = auto()
    NOT_FOUND = auto()
    BAD_INPUT = auto()
    VERSION_CONFLICT = auto()
    ILLEGAL_TRANSITION = auto()
    OPEN_ACTIVITIES = auto()
    DUPLICATE = auto()
    NO_TERMS_LEFT = auto()
    NOT_COVERED = auto()
    IDEMPOTENCY_MISMATCH = auto()
    RETRY_LATER = auto()
    STORAGE_UNAVAILABLE = auto()
    OUTCOME_UNKNOWN = auto()
    COST_LIMIT = auto()
    RATE_LIMITED = auto()
    TIMEOUT = auto()
    RESYNC_REQUIRED = auto()
    INTERNAL = auto()

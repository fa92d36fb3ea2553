"""Activities: what may be said of one, and what its case owes to those who plan them.

Minutes count when the work was done: the totals of a case are those of its completed activities.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from cases import rules
from cases.refusals import BadInput, IllegalActivityStep, OpenActivities, OpenActivity
from cases.vocabulary import ActivityKind, ActivityState

SUBJECT_LIMIT: Final = 200
DESCRIPTION_LIMIT: Final = 20_000
MINUTES: Final = range(366 * 24 * 60 + 1)
"""Of one activity: up to a year."""


class Activity(Protocol):
    """As much of an activity as has to be known to say what may become of it."""

    @property
    def id(self) -> UUID: ...

    @property
    def kind(self) -> ActivityKind: ...

    @property
    def state(self) -> ActivityState: ...

    @property
    def subject(self) -> str: ...

    @property
    def description(self) -> str: ...

    @property
    def due_at(self) -> datetime | None: ...

    @property
    def starts_at(self) -> datetime | None: ...

    @property
    def ends_at(self) -> datetime | None: ...

    @property
    def duration_minutes(self) -> int: ...

    @property
    def billable_minutes(self) -> int: ...


def problems(activity: Activity) -> Iterator[BadInput]:
    """What is wrong with an activity. More may be billed than was worked: minimum charges exist."""
    yield from rules.text(activity.subject, SUBJECT_LIMIT, ("subject",), required=True)
    yield from rules.text(activity.description, DESCRIPTION_LIMIT, ("description",))
    if activity.ends_at is not None and activity.starts_at is None:
        yield BadInput("What ends begins: say when.", path=("starts_at",))
    if activity.starts_at is not None and activity.ends_at is not None and activity.ends_at < activity.starts_at:
        yield BadInput("This ends before it begins.", path=("ends_at",))
    if activity.kind is ActivityKind.APPOINTMENT and activity.starts_at is None:
        yield BadInput("An appointment has a time: say when it begins.", path=("starts_at",))
    for name in ("duration_minutes", "billable_minutes"):
        if getattr(activity, name) not in MINUTES:
            yield BadInput(f"This must be a number of minutes from 0 to {MINUTES[-1]}.", path=(name,))


def check_open(activity: Activity) -> None:
    """Raises IllegalActivityStep for an activity that has ended: what was done, or not done, stays so."""
    if activity.state is not ActivityState.OPEN:
        word = activity.state.value.lower()
        raise IllegalActivityStep(f"This activity is {word}; it stays as it is.", state=activity.state)


def refuse_open(activities: Sequence[Activity]) -> None:
    """Raises OpenActivities if there are any; they come in the order in which they are named."""
    if activities:
        raise OpenActivities(
            "Something is to be done still.",
            path=("open_activities",),
            activities=[OpenActivity(one.id, one.kind, one.subject, one.due_at) for one in activities],
        )

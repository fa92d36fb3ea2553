"""Linter of policies: what is wrong, or probably not meant, before a policy is activated.

Errors are what can never work; a policy with one is not activated. Warnings work as written, but tend to surprise.
What cannot even be read is refused when it is saved (`sla.stored_policy`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import auto
from typing import Final

from cases.conditions import NOTHING, AnyOf, fields_read
from cases.refusals import BadInput, Several
from cases.vocabulary import Word
from sla.clock import open_time_of
from sla.coverage import covers
from sla.linter import Severity
from sla.policy import Deed, Item, Policy
from sla.refusals import BadCalendar, BeyondHorizon
from sla.shapes import Path


class PolicyFlaw(Word):
    """Kinds of findings in a policy."""

    EMPTY = auto()
    UNREACHABLE_ITEM = auto()
    NEVER_DUE = auto()
    CALENDAR_STOPS = auto()
    NOTHING_FULFILS = auto()
    WARN_AFTER_FAIL = auto()
    SAME_FIELD_TWICE = auto()
    VOLATILE_FIELD = auto()
    PAUSE_WITHOUT_EFFECT = auto()
    LEVEL_TO_NOBODY = auto()
    LEVEL_BEFORE_START = auto()


@dataclass(frozen=True)
class PolicyFinding:
    """One thing to look at, and where."""

    flaw: PolicyFlaw
    message: str
    path: Path = ()
    severity: Severity = Severity.WARNING


VOLATILE: Final = frozenset(
    {"status", "status_reason", "paused_from", "paused_since", "owner", "owner_id", "team", "team_id"}
    | {"updated_at", "version", "message_count", "reopen_count", "assignment_count"}
    | {"first_answered_at", "last_customer_message_at", "resolved_at", "closed_at", "canceled_at"}
)
"""Fields that change as a matter of course while a case is worked on: an item that asks of them comes and goes."""

_SAMPLED_DAYS: Final = 7
_NOTHING: Final = timedelta(0)


def lint(policy: Policy, year: int) -> tuple[PolicyFinding, ...]:
    """What to look at in a policy that is to be used from `year` on. Nothing is raised."""
    if not policy.items:
        return (_error(PolicyFlaw.EMPTY, "A policy without items promises nothing.", ("items",)),)
    return tuple(
        finding
        for place, item in enumerate(policy.items)
        for finding in (
            *_reach(item, policy.items[:place], place),
            *_end(item, policy, place),
            *_time(item, policy, place, year),
            *_conditions(item, place),
            *_levels(item, place),
        )
    )


def refuse_for(findings: Iterable[PolicyFinding]) -> None:
    """Raises BadInput for an error among the findings, Several for several."""
    problems = [BadInput(found.message, path=found.path) for found in findings if found.severity is Severity.ERROR]
    if len(problems) > 1:
        raise Several(problems=problems)
    if problems:
        raise problems[0]


def _reach(item: Item, earlier: Sequence[Item], place: int) -> Iterator[PolicyFinding]:
    rivals = [other for other in earlier if other.kpi == item.kpi]
    path: Path = ("items", place, "applicable_when")
    if covers(NOTHING, item.applicable_when):
        yield _error(PolicyFlaw.UNREACHABLE_ITEM, "This condition holds for no case.", path)
    elif covers(AnyOf(tuple(other.applicable_when for other in rivals)), item.applicable_when):
        names = ", ".join(f"“{other.name}”" for other in rivals)
        yield _error(PolicyFlaw.UNREACHABLE_ITEM, f"No case gets here: {names} above take them all.", path)


def _end(item: Item, policy: Policy, place: int) -> Iterator[PolicyFinding]:
    kpi = policy.kpis[item.kpi]
    if item.success_when is None and kpi.stops_when is None and not kpi.stops | kpi.restarts:
        message = "Nothing fulfils this promise: say when it is fulfilled, here or in the KPI."
        yield _error(PolicyFlaw.NOTHING_FULFILS, message, ("items", place, "success_when"))


def _time(item: Item, policy: Policy, place: int, year: int) -> Iterator[PolicyFinding]:
    calendar = policy.calendar_of(item)
    path: Path = ("items", place)
    if calendar.stops_after is not None:
        message = f"This calendar does not open any more after {calendar.stops_after}."
        severity = Severity.ERROR if calendar.stops_after < year else Severity.WARNING
        yield PolicyFinding(PolicyFlaw.CALENDAR_STOPS, message, (*path, "calendar"), severity)
        if severity is Severity.ERROR:
            return
    starts = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(_SAMPLED_DAYS)]
    try:
        targets = [open_time_of(item.fail_after, start, calendar) for start in starts]
        for start, target in zip(starts, targets, strict=True):
            calendar.after(start, target)
    except (BadCalendar, BeyondHorizon) as fault:
        yield _error(PolicyFlaw.NEVER_DUE, f"This promise would never fall due: {fault.message}", (*path, "fail_after"))
        return
    if item.warn_after is not None:
        warnings = [open_time_of(item.warn_after, start, calendar) for start in starts]
        if any(warning >= target for warning, target in zip(warnings, targets, strict=True)):
            message = "The warning comes no sooner than the promise falls due."
            yield PolicyFinding(PolicyFlaw.WARN_AFTER_FAIL, message, (*path, "warn_after"))
    for number, level in enumerate(item.levels):
        if level.offset is not None and any(target + level.offset <= _NOTHING for target in targets):
            message = "This level lies before the beginning: it would be reached at once."
            yield PolicyFinding(PolicyFlaw.LEVEL_BEFORE_START, message, (*path, "levels", number, "offset_minutes"))


def _conditions(item: Item, place: int) -> Iterator[PolicyFinding]:
    path: Path = ("items", place)
    asked = fields_read(item.applicable_when)
    fulfilled_by = fields_read(item.success_when) if item.success_when is not None else frozenset()
    if same := sorted(asked & fulfilled_by):
        message = f"“{same[0]}” decides both where this applies and when it is fulfilled."
        yield PolicyFinding(PolicyFlaw.SAME_FIELD_TWICE, message, (*path, "success_when"))
    if (volatile := sorted(asked & VOLATILE)) and not item.sticky:
        message = f"“{volatile[0]}” changes while a case is worked on, and the promise with it, unless it is sticky."
        yield PolicyFinding(PolicyFlaw.VOLATILE_FIELD, message, (*path, "applicable_when"))
    if item.pause_when is not None and not item.may_pause:
        message = "This promise is never paused, so the condition has no effect."
        yield PolicyFinding(PolicyFlaw.PAUSE_WITHOUT_EFFECT, message, (*path, "pause_when"))


def _levels(item: Item, place: int) -> Iterator[PolicyFinding]:
    for number, level in enumerate(item.levels):
        if level.deed in (Deed.ASSIGN, Deed.WEBHOOK) and not level.to:
            message = "Say to whom." if level.deed is Deed.ASSIGN else "Say which address to call."
            yield _error(PolicyFlaw.LEVEL_TO_NOBODY, message, ("items", place, "levels", number, "to"))


def _error(flaw: PolicyFlaw, message: str, path: Path) -> PolicyFinding:
    return PolicyFinding(flaw, message, path, Severity.ERROR)

"""Many cases at once, each as if it was changed alone: by the same acts, with the same refusals, clocks and charges.

The whole request is one unit of work, so that its idempotency key, its effect and its answer are kept together. Within
it every case is a part that can be undone alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from actions.changing import assign_case, update_case
from actions.doing import UNSAID
from actions.in_hand import take_in_hand
from actions.kept_refusals import from_json, to_json
from actions.queueing import add_to_queue
from actions.redirects import merged_away
from actions.signature import Changes, Spelled
from actions.stays import open_item
from actions.trail import undone_if_refused
from actions.working import step_to
from cases.refusals import BadInput, NoneDone, Refused, Unknown
from cases.viewer import Viewer
from cases.vocabulary import BulkErrorPolicy, StatusReason
from models.case import Case
from models.locking import locked
from models.people import Person, Team
from models.queues import Queue
from models.reading import by_ids
from models.visibility import visible


@dataclass(frozen=True)
class Outcome:
    """What became of one case, which is null if it was not there. `index` is its place in the request."""

    index: int
    case: Case | None
    refusals: Sequence[Refused] = ()

    @property
    def ok(self) -> bool:
        return not self.refusals

    @property
    def version(self) -> int | None:
        return self.case.version if self.case else None

    def kept(self) -> Any:
        return [self.index, self.case and str(self.case.id), [to_json(refusal) for refusal in self.refusals]]

    @classmethod
    async def again(cls, stored: list[Any], viewer: Viewer) -> list["Outcome"]:
        cases = await by_ids(Case, [UUID(key) for _, key, _ in stored if key], visible(Case, viewer))
        return [
            cls(index, cases.get(UUID(key)) if key else None, [from_json(refusal) for refusal in refusals])
            for index, key, refusals in stored
        ]


@dataclass(frozen=True)
class Done:
    """What became of each case, in the order in which they were given."""

    outcomes: Annotated[Sequence[Outcome], Spelled("list[BulkOutcome]")]


@dataclass(frozen=True)
class _Patch:
    """What is to become of every case."""

    changes: Changes
    assignee: Person | Team | None
    status_reason: StatusReason | None
    queue: Queue | None
    actor: Viewer
    now: datetime


class _NotMeant(Exception):
    """Undoes what was done to see whether it can be done."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self.outcomes = outcomes


async def bulk_update_cases(
    cases: list[Case | None],
    changes: Changes,
    assignee: Person | Team | None = UNSAID,
    status_reason: StatusReason | None = None,
    queue: Queue | None = None,
    error_policy: BulkErrorPolicy = BulkErrorPolicy.ALL_OR_NOTHING,
    dry_run: bool = False,
    *,
    actor: Viewer,
    now: datetime,
) -> Done:
    """Changes many cases alike, at most 200: what is said of them, who has them, where they stand or wait.

    Of each it is as if it was changed alone. What one of them refuses is refused with its place in `caseIds`, and
    nothing is done; with `SKIP_FAILED` the others are changed, and `outcomes` says what became of each. With `dryRun`
    everything is tried and nothing written. `statusReason` moves active cases on, into a pause, or out of one.
    """
    skipping = error_policy is BulkErrorPolicy.SKIP_FAILED
    if not cases:
        raise BadInput("Name at least one case.", path=("case_ids",))
    if not skipping and None in cases:
        raise Unknown(path=("case_ids",))
    held = await locked(Case, [case.id for case in cases if case], visible(Case, actor))
    await take_in_hand(held.values())
    patch = _Patch(changes, assignee, status_reason, queue, actor, now)
    try:
        if not dry_run:
            return Done(await _all_changed(cases, held, patch, skipping))
        async with undone_if_refused(*held.values()):
            raise _NotMeant(await _all_changed(cases, held, patch, skipping))
    except _NotMeant as tried:
        return Done(tried.outcomes)


async def _all_changed(
    cases: Sequence[Case | None], held: dict[UUID, Case], patch: _Patch, skipping: bool
) -> list[Outcome]:
    """Raises NoneDone if some refuse, and these are not to be skipped."""
    outcomes = [await _changed(index, held.get(case.id) if case else None, patch) for index, case in enumerate(cases)]
    refused = [refusal for outcome in outcomes for refusal in outcome.refusals]
    if refused and not skipping:
        raise NoneDone(problems=refused)
    return outcomes


async def _changed(index: int, case: Case | None, patch: _Patch) -> Outcome:
    place = ("case_ids", index)
    if case is None:
        return Outcome(index, None, [Unknown(path=place)])
    try:
        async with undone_if_refused(case):
            await _change(case, patch)
    except Refused as refusal:
        problems = list(getattr(refusal, "problems", ())) or [refusal]
        for problem in problems:
            problem.path = (*place, *problem.path)
        return Outcome(index, case, problems)
    return Outcome(index, case)


async def _change(case: Case, patch: _Patch) -> None:
    """What is done to each, in an order in which nothing gets in the way of what follows."""
    actor, now = patch.actor, patch.now
    if case.merged_into_id is not None:
        raise await merged_away(case, actor)
    await update_case(case, patch.changes, actor=actor, now=now)
    if patch.assignee is not UNSAID:
        await assign_case(case, patch.assignee, actor=actor, now=now)
    if patch.queue is not None:
        item = await open_item(case.id)
        if item is None or item.queue_id != patch.queue.id:
            await add_to_queue(case, patch.queue, actor=actor, now=now)
    if patch.status_reason not in (None, case.status_reason):
        await step_to(case, patch.status_reason, actor=actor, now=now, cause="bulk_update_cases")

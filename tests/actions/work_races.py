"""Races of the work on one case: whoever ends it, pauses it, gives it to somebody or moves it between queues.

Those of two who want the same item of a queue are in `tests/gates/queue_races.py`.
`ALL_RACES` are these and those of `races.py`.
"""

from collections.abc import Mapping
from typing import Any, Final

from actions import changing, ending, queueing, staging, talking, working
from actions.signature import Act, Changes, Reference
from cases.viewer import Viewer
from cases.vocabulary import Priority, StatusReason
from models import Account, Case, CaseType, Person, Queue
from tests.actions.races import RACES, Ids, Race, Side, on, three
from tests.given import NOW


async def one(by: Viewer, customer: Account) -> Ids:
    """A case, two queues for it, and somebody to have it."""
    of: dict[str, Any] = {"tenant_id": by.tenant_id}
    made: dict[str, Any] = {**of, "created_at": NOW}
    desk = await Queue.get_or_none(name="Desk", **of) or await Queue.create(name="Desk", **made)
    back = await Queue.get_or_none(name="Back", **of) or await Queue.create(name="Back", **made)
    vera = await Person.get(id=by.person_id)
    return {"a": (await three(by, customer))["a"], "desk": desk.id, "back": back.id, "vera": vera.id}


async def suspended(by: Viewer, customer: Account) -> Ids:
    ids = await one(by, customer)
    await working.suspend_case(await Case.get(id=ids["a"]), actor=by, now=NOW)
    return ids


async def queued(by: Viewer, customer: Account) -> Ids:
    ids = await one(by, customer)
    desk = await Queue.get(id=ids["desk"])
    await queueing.add_to_queue(await Case.get(id=ids["a"]), desk, actor=by, now=NOW)
    return ids


async def staged(by: Viewer, customer: Account) -> Ids:
    """At the first of two stages."""
    ids = await one(by, customer)
    of: dict[str, Any] = {"tenant_id": by.tenant_id, "name": "Staged"}
    stages = [{"key": "ask", "name": "Ask"}, {"key": "answer", "name": "Answer"}]
    words: dict[str, Any] = {**of, "category": "PROBLEM", "stages": stages, "created_at": NOW}
    of_type = await CaseType.get_or_none(**of) or await CaseType.create(**words)
    case = await Case.get(id=ids["a"])
    await changing.update_case(case, Changes({"type_id": of_type.id}), actor=by, now=NOW)
    return ids


def to(act: Act, **named: tuple[str, str]) -> Side:
    """An act that names rows: each by its type and its name among the ids."""

    def side(ids: Ids) -> tuple[Act, dict[str, Any]]:
        rows = {name: Reference(type_name, ids[key]) for name, (type_name, key) in named.items()}
        return act, {"case": Reference("Case", ids["a"]), **rows}

    return side


RESOLVE: Final = on("a", ending.resolve_case, summary="Done")
SUSPEND, RESUME = on("a", working.suspend_case), on("a", working.resume_case)
ADVANCE: Final = on("a", staging.advance_stage)
ADD: Final = to(queueing.add_to_queue, queue=("Queue", "desk"))

BOTH: Final = ("done", "done")
OR_TOO_LATE: Final = [BOTH, ("IllegalTransition", "done")]
ONE: Final = [("done", "IllegalTransition"), ("IllegalTransition", "done")]

WORK_RACES: Final[Mapping[str, Race]] = {
    "assign / resolve": Race(one, (to(changing.assign_case, assignee=("Person", "vera")), RESOLVE), OR_TOO_LATE),
    "comment / resolve": Race(one, (on("a", talking.add_comment, body="Wait"), RESOLVE), OR_TOO_LATE),
    "change / resolve": Race(one, (on("a", changing.update_case, priority=Priority.HIGH), RESOLVE), OR_TOO_LATE),
    "add to a queue / resolve": Race(one, (ADD, RESOLVE), OR_TOO_LATE),
    "resolve / resolve": Race(one, (RESOLVE, RESOLVE), ONE),
    "resolve / cancel": Race(one, (RESOLVE, on("a", ending.cancel_case)), ONE),
    "suspend / suspend": Race(one, (SUSPEND, SUSPEND), ONE),
    "resume / resume": Race(suspended, (RESUME, RESUME), ONE),
    "suspend / resume": Race(suspended, (on("a", working.suspend_case, reason=StatusReason.ON_HOLD), RESUME), [BOTH]),
    "advance / advance": Race(staged, (ADVANCE, ADVANCE), [("done", "IllegalStageStep"), ("IllegalStageStep", "done")]),
    "route / remove from the queue": Race(
        queued,
        (to(queueing.route_queue_item, to=("Queue", "back")), on("a", queueing.remove_from_queue)),
        [BOTH, ("NotQueued", "done")],
    ),
}

ALL_RACES: Final[Mapping[str, Race]] = {**RACES, **WORK_RACES}

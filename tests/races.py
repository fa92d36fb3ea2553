"""Races for one case: two acts at once, and what may come of them.

Both are done in some order, or one is and the other hears why not; in between there is nothing. After each round the
case is the fold of its events, waits in one queue at most, and its item is the fold of its stays.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from actions import changing, ending, queueing, staging, talking, working
from actions.clocks import history_of
from actions.perform import Call, perform
from actions.record import state_of
from actions.signature import Act, Reference
from actions.stays import columns_of
from cases.history import fold
from cases.queueing import stays
from cases.refusals import Refused
from cases.viewer import Viewer
from cases.vocabulary import Priority, Role, StatusReason
from models import Account, Case, CaseType, Person, Queue, QueueItem
from tests import given
from tests.given import NOW, done

BOTH: Final = ("done", "done")


@dataclass(frozen=True)
class Side:
    """One of two acts that are done at once; rows are named by their names, to be known in other processes too."""

    act: Act
    said: Mapping[str, Any]


@dataclass(frozen=True)
class Race:
    """Two acts at once on a case that is `ready`, and the pairs of outcomes that are right."""

    sides: tuple[Side, Side]
    right: Sequence[tuple[str, str]]
    ready: Callable[[Case, Viewer], Awaitable[Any]] | None = None


def side(act: Act, **said: Any) -> Side:
    return Side(act, said)


async def suspended(case: Case, by: Viewer) -> None:
    await done(working.suspend_case, by=by, case=case)


async def queued(case: Case, by: Viewer) -> None:
    await done(queueing.add_to_queue, by=by, case=case, queue=await Queue.get(name="Desk"))


async def staged(case: Case, by: Viewer) -> None:
    await done(changing.update_case, by=by, case=case, type_id=await CaseType.get(name="Staged"))


VERA = ("Person", "Vera")
DESK, BACK = ("Queue", "Desk"), ("Queue", "Back")
RESOLVE = side(ending.resolve_case, summary="Done")
TOO_LATE = ("IllegalTransition", "done")
FIRST_COME = [("done", "IllegalTransition"), ("IllegalTransition", "done")]

RACES: Final[Mapping[str, Race]] = {
    "assign / resolve": Race((side(changing.assign_case, assignee=VERA), RESOLVE), [BOTH, TOO_LATE]),
    "comment / resolve": Race((side(talking.add_comment, body="Wait"), RESOLVE), [BOTH, TOO_LATE]),
    "add to queue / resolve": Race((side(queueing.add_to_queue, queue=DESK), RESOLVE), [BOTH, TOO_LATE]),
    "change / resolve": Race((side(changing.update_case, priority=Priority.HIGH), RESOLVE), [BOTH, TOO_LATE]),
    "resolve / resolve": Race((RESOLVE, RESOLVE), FIRST_COME),
    "resolve / cancel": Race((RESOLVE, side(ending.cancel_case)), FIRST_COME),
    "suspend / suspend": Race((side(working.suspend_case), side(working.suspend_case)), FIRST_COME),
    "resume / resume": Race((side(working.resume_case), side(working.resume_case)), FIRST_COME, suspended),
    "suspend / resume": Race(
        (side(working.suspend_case, reason=StatusReason.ON_HOLD), side(working.resume_case)), [BOTH], suspended
    ),
    "advance / advance": Race(
        (side(staging.advance_stage), side(staging.advance_stage)),
        [("done", "IllegalStageStep"), ("IllegalStageStep", "done")],
        staged,
    ),
    "add / add, two queues": Race(
        (side(queueing.add_to_queue, queue=DESK), side(queueing.add_to_queue, queue=BACK)), [BOTH]
    ),
    "route / remove": Race(
        (side(queueing.route_queue_item, to=BACK), side(queueing.remove_from_queue)),
        [BOTH, ("NotQueued", "done")],
        queued,
    ),
}


async def world() -> list[Viewer]:
    """The two who race, with all that they race for: a promise runs, and a rule notes what changes."""
    await given.queue("Desk")
    await given.queue("Back")
    await given.person("Vera")
    await given.account("Acme")
    stages = [{"key": "ask", "name": "Ask"}, {"key": "answer", "name": "Answer"}]
    await given.case_type("Staged", stages=stages)
    await given.automation_rule("Noted", watched=["PRIORITY"])
    return [await given.viewer(Role.MANAGER) for _ in range(2)]


async def ready(race: Race, by: Viewer) -> UUID:
    """A case for one round."""
    case = await given.case(by=by, customer=await Account.get(name="Acme"))
    if race.ready is not None:
        await race.ready(case, by)
    return case.id


async def run(of: Side, case_id: UUID, by: Viewer) -> str:
    """What came of one side: `done`, or the name of the refusal."""
    said = {name: await _named(value) for name, value in of.said.items()}
    try:
        await perform(Call(of.act, {"case": Reference("Case", case_id), **said}, by, NOW))
    except Refused as refusal:
        return type(refusal).__name__
    return "done"


async def _named(value: Any) -> Any:
    match value:
        case ("Person", name):
            return Reference("Person", (await Person.filter(name=name).order_by("id").first()).id)  # type: ignore[union-attr]
        case ("Queue", name):
            return Reference("Queue", (await Queue.get(name=name)).id)
        case _:
            return value


async def check(race: Race, case_id: UUID, came: tuple[str, str]) -> None:
    """Raises AssertionError for outcomes that are not right, or a case that is in between."""
    assert came in race.right, came
    row, history = await Case.get(id=case_id), await history_of(case_id)
    items = {item.id: item for item in await QueueItem.filter(case_id=case_id)}
    folded = {stay.item_id: columns_of(stay, row.priority) for stay in stays(history)}
    assert fold(history).columns == state_of(row).columns
    assert sum(item.open_case_id is not None for item in items.values()) <= 1
    assert folded == {key: {name: getattr(item, name) for name in folded[key]} for key, item in items.items()}

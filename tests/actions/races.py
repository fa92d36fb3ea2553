"""Races: two acts about the same cases at the same instant, and what may come of them.

Each race is one line of `RACES`: how its cases are made, what the two do, which outcomes there may be. The suite runs
some rounds of each (`test_races.py`), the gate many, from two processes (`tests/gates/case_races.py`).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from actions import ending, merging, talking, unmerging
from actions.clocks import history_of
from actions.perform import Call, perform
from actions.record import author_of, write_case
from actions.signature import Act, Reference
from actions.stays import columns_of
from cases.facts import Fact
from cases.history import PROJECTED, Event, fold
from cases.queueing import stays
from cases.refusals import Refused
from cases.viewer import Viewer
from cases.vocabulary import Audience, FactKind
from models import Account, Activity, Case, CaseMerge, Message, QueueItem
from models.fields import uuid7
from tests.given import NOW

Ids = Mapping[str, UUID]
Outcomes = tuple[str, str]
Side = Callable[[Ids], tuple[Act, dict[str, Any]]]


@dataclass(frozen=True)
class Race:
    """Two acts at once. `allowed` are the outcomes: of each side `done`, or the refusal it met.

    Its cases are made in the unit of work of whoever asks, so that many of them cost one.
    """

    prepare: Callable[[Viewer, Account], Awaitable[Ids]]
    sides: tuple[Side, Side]
    allowed: Sequence[Outcomes]


def merge(survivor: str, *losers: str) -> Side:
    def side(ids: Ids) -> tuple[Act, dict[str, Any]]:
        return merging.merge_cases, {"case": _case(ids[survivor]), "merged": [_case(ids[one]) for one in losers]}

    return side


def on(name: str, act: Act, **said: Any) -> Side:
    def side(ids: Ids) -> tuple[Act, dict[str, Any]]:
        return act, {"case": _case(ids[name]), **said}

    return side


async def three(by: Viewer, customer: Account) -> Ids:
    """Three cases, on each of which something was said."""
    return {name: case.id for name, case in (await _told(by, customer)).items()}


async def b_in_a(by: Viewer, customer: Account) -> Ids:
    """Of three cases, b was merged into a."""
    cases = await _told(by, customer)
    await merging.merge_cases(cases["a"], [cases["b"]], actor=by, now=NOW)
    return {name: case.id for name, case in cases.items()}


async def _told(by: Viewer, customer: Account) -> dict[str, Case]:
    cases = {}
    for name in ("a", "b", "c"):
        key = uuid7()
        opened = Fact(FactKind.OPENED, {"number": str(key)[-20:], "title": name, "account_id": customer.id})
        said = Fact(FactKind.COMMENTED, {}, {"message_id": key, "audience": Audience.PUBLIC})
        events = [Event(1, NOW, opened, author_of(by)), Event(2, NOW, said, author_of(by))]
        cases[name] = await write_case(by.tenant_id, events, "race")
        message: dict[str, Any] = {"audience": Audience.PUBLIC, "body": "Hello", "created_at": NOW}
        await Message.create(id=key, tenant_id=by.tenant_id, case_id=cases[name].id, **message)
    return cases


RESOLVE = {"summary": "Done"}
RACES: Mapping[str, Race] = {
    "merge a into b / b into a": Race(
        three, (merge("b", "a"), merge("a", "b")), [("done", "CaseMerged"), ("CaseMerged", "done")]
    ),
    "merge c into a / c into b": Race(
        three, (merge("a", "c"), merge("b", "c")), [("done", "CannotMerge"), ("CannotMerge", "done")]
    ),
    "merge b into a / a into c": Race(
        three, (merge("a", "b"), merge("c", "a")), [("done", "done"), ("CaseMerged", "done")]
    ),
    "merge b into a / resolve b": Race(
        three,
        (merge("a", "b"), on("b", ending.resolve_case, **RESOLVE)),
        [("done", "CaseMerged"), ("CannotMerge", "done")],
    ),
    "merge b into a / resolve a": Race(
        three,
        (merge("a", "b"), on("a", ending.resolve_case, **RESOLVE)),
        [("done", "done"), ("IllegalTransition", "done")],
    ),
    "merge b into a / say something on b": Race(
        three, (merge("a", "b"), on("b", talking.add_comment, body="Wait")), [("done", "done"), ("done", "CaseMerged")]
    ),
    "unmerge b / merge a into c": Race(
        b_in_a,
        (on("b", unmerging.unmerge_case), merge("c", "a")),
        [("done", "done"), ("CannotUnmerge", "done")],
    ),
    "unmerge b / unmerge b": Race(
        b_in_a,
        (on("b", unmerging.unmerge_case), on("b", unmerging.unmerge_case)),
        [("done", "IllegalTransition"), ("IllegalTransition", "done")],
    ),
}
"""Add a line for another race."""


async def run_side(race: Race, side: int, ids: Ids, by: Viewer) -> str:
    """What came of one side: `done`, or the name of the refusal."""
    act, said = race.sides[side](ids)
    try:
        await perform(Call(act, said, by, NOW))
    except Refused as refusal:
        return type(refusal).__name__
    return "done"


async def check(race: Race, ids: Ids, outcomes: Outcomes) -> None:
    """Nothing else may have come of it, and nothing is half done."""
    assert outcomes in race.allowed, outcomes
    for case in await Case.filter(id__in=list(ids.values())):
        history = await history_of(case.id)
        folded = dict(fold(history).columns)
        assert {name: getattr(case, name) for name in PROJECTED} == folded
        items = {item.id: item for item in await QueueItem.filter(case_id=case.id)}
        assert sum(item.open_case_id is not None for item in items.values()) <= 1
        waited = {stay.item_id: columns_of(stay, case.priority) for stay in stays(history)}
        assert waited == {key: {name: getattr(item, name) for name in waited[key]} for key, item in items.items()}
        merges = await CaseMerge.filter(merged_case_id=case.id)
        assert [each.survivor_id for each in merges] == ([case.merged_into_id] if case.merged_into_id else [])
        assert await Message.filter(case_id=case.id, audience="PUBLIC").count() == case.message_count
        if case.merged_into_id is not None:
            assert not await Message.filter(case_id=case.id).count()
            assert not await Activity.filter(case_id=case.id).count()


def _case(key: UUID) -> Reference:
    return Reference("Case", key)

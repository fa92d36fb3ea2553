"""Announcing: each thing that time did is told once, in its order, whoever looks and however late."""

import asyncio

import pytest

from actions import ending, promising
from actions.announcing import Tick, announce
from actions.clocks import evaluate, history_of, with_announcements
from actions.record import state_of
from cases.vocabulary import Role
from models import Case, CaseEvent, Outbox, SlaKpiInstance, SlaPolicy, SlaPolicyVersion
from models.database import Database
from tests import given, promised
from tests.given import NOW, hours, minutes
from tests.promised import clock, item, told

LEVELS = [{"name": "lead", "deed": "NOTIFY", "percent": 75}]


async def test_nothing_is_told_early_and_each_thing_once(database: Database):
    await promised.default(item(minutes=60, warn=30, levels=LEVELS))
    case = await given.case()

    at = [(await announce(NOW + minutes(passed))).announced for passed in (0, 30, 31, 31, 45, 46, 60, 61, 600)]

    assert at == [0, 0, 1, 0, 0, 1, 0, 1, 0]
    assert [what for _, what in await told(case)] == ["WARNED", "lead", "BREACHED"]
    assert await SlaKpiInstance.filter(next_at__isnull=False).count() == 0


async def test_who_comes_late_tells_all_of_it_in_order_with_the_instants_at_which_it_happened(database: Database):
    await promised.default(item(minutes=60, warn=30, levels=LEVELS), item("resolution", 50))
    case = await given.case()

    await announce(NOW + hours(9))

    events = await CaseEvent.filter(case_id=case.id, kind="SLA_ANNOUNCED").order_by("number")
    assert await told(case) == [
        ("first_response", "WARNED"),
        ("first_response", "lead"),
        ("resolution", "BREACHED"),
        ("first_response", "BREACHED"),
    ]
    assert [event.payload["details"]["at"] for event in events][-1] == (NOW + hours(1)).isoformat()
    assert {event.at for event in events} == {NOW + hours(9)}


async def test_what_is_announced_is_in_the_outbox_and_leaves_the_case_as_old_as_it_was(database: Database):
    await promised.default(item(minutes=60))
    case = await given.case()
    await Outbox.filter(done_at=None).update(done_at=NOW)

    await announce(NOW + hours(2))

    (news,) = await Outbox.filter(done_at=None)
    stored = await given.stored(case)
    assert (news.key, news.payload) == (case.id, {"from": 3, "to": 3, "kinds": ["SLA_ANNOUNCED"]})
    assert (stored.version, stored.updated_at) == (3, case.updated_at)


async def test_workers_at_once_share_the_work(database: Database):
    await promised.default(item(minutes=60, warn=30))
    cases = [await given.case() for _ in range(12)]

    ticks: list[Tick] = []
    while len(ticks) < 40 and await SlaKpiInstance.filter(next_at__lt=NOW + hours(2)).exists():
        ticks += await asyncio.gather(*(announce(NOW + hours(2), at_most=3) for _ in range(4)))

    assert sum(tick.announced for tick in ticks) == 24
    for case in cases:
        assert await told(case) == [("first_response", "WARNED"), ("first_response", "BREACHED")]


async def test_there_may_be_more_when_so_many_were_taken(database: Database):
    await promised.default(item())
    for _ in range(3):
        await given.case()

    first, second = await announce(NOW + hours(2), at_most=2), await announce(NOW + hours(2), at_most=2)

    assert [(tick.announced, tick.more) for tick in (first, second)] == [(2, True), (1, False)]


async def test_cases_that_ended_in_time_are_left_alone(database: Database):
    await promised.default(item("resolution", 60, warn=30), item("first_response", 60))
    resolved = await given.case()
    await given.done(ending.resolve_case, by=await given.viewer(), case=resolved, summary="Done", now=NOW + minutes(5))
    deleted = await given.case()
    await given.done(ending.delete_case, by=await given.viewer(Role.ADMIN), case=deleted, now=NOW + minutes(5))

    assert (await announce(NOW + hours(9))).announced == 0


async def test_a_case_written_by_somebody_whose_clock_is_ahead_keeps_no_worker(database: Database):
    await promised.default(item(minutes=60))
    case = await given.case()
    await Case.filter(id=case.id).update(updated_at=NOW + hours(3))

    await announce(NOW + hours(2))

    (event,) = await CaseEvent.filter(case_id=case.id, kind="SLA_ANNOUNCED")
    assert event.at == NOW + hours(3)


async def test_a_clock_that_nobody_can_evaluate_any_more_is_not_tried_for_ever(database: Database):
    policy = await promised.default(item(minutes=60))
    others = await given.sla_policy("Silver", item(minutes=60))
    broken, sound = await given.case(), await promised.applied(await given.case(), others)
    await SlaPolicyVersion.filter(policy_id=policy.id).update(spec={"items": 1})
    from actions import policies

    policies._versions.clear()

    await announce(NOW + hours(2))

    assert (await told(broken), await told(sound)) == ([], [("first_response", "BREACHED")])
    assert not await SlaKpiInstance.filter(next_at__lt=NOW + hours(2)).exists()
    assert (await SlaPolicy.get(id=policy.id)).fault


async def test_a_case_whose_policy_was_taken_back_has_nothing_due(database: Database):
    case = await promised.applied(await given.case(), await given.sla_policy())
    await given.done(promising.apply_sla, by=await given.viewer(), case=case, policy=None)

    assert (await announce(NOW + hours(9))).announced == 0


@pytest.mark.parametrize("passed", [45, 90])
async def test_clocks_with_announcements_are_those_of_the_history_with_them(database: Database, passed: int):
    await promised.default(item(minutes=60, warn=30, levels=LEVELS), item("resolution", 80))
    case = await given.case()
    version_id = case.sla_version_id
    assert version_id is not None
    before = await evaluate(await history_of(case.id), state_of(case).columns, version_id)

    await announce(NOW + minutes(passed))

    history, stored = await history_of(case.id), await given.stored(case)
    replayed = await evaluate(history, state_of(stored).columns, version_id)
    short = with_announcements(before, [event.fact for event in history[2:]])
    assert (short.clocks, {key: set(of) for key, of in short.told.items()}) == (replayed.clocks, replayed.told)


async def test_a_pause_makes_nothing_due(database: Database):
    from actions import working

    await promised.default(item("resolution", 60))
    by = await given.viewer()
    case = await given.case(by=by)
    await given.done(working.suspend_case, by=by, case=case, now=NOW + minutes(10))

    assert (await announce(NOW + hours(9))).announced == 0
    assert (await clock(case, "resolution")).fail_at is None

"""Clocks in step with cases: what acts on a case do to its promises."""

from typing import cast

import pytest

from actions import changing, ending, opening, talking, working
from actions.announcing import announce
from actions.policies import calendars_of, version_of
from cases.refusals import BadInput, VersionConflict
from cases.vocabulary import FactKind, Priority, Role, SlaSource, StatusReason
from models import CalendarVersion, Case, CaseEvent, SlaPolicy, SlaPolicyVersion, Tenant
from models.database import Database
from tests import given, promised
from tests.given import NOW, hours, minutes
from tests.promised import clock, item

URGENT = {"priority": {"gte": "HIGH"}}


async def test_a_new_case_gets_the_default_policy(database: Database):
    policy = await promised.default(item(minutes=60, warn=30))

    case = await given.case()

    row = await clock(case)
    assert (case.sla_source, case.version) == (SlaSource.DEFAULT, 2)
    assert (await SlaPolicyVersion.get(id=case.sla_version_id)).policy_id == policy.id
    assert (row.warn_at, row.fail_at, row.next_at) == (NOW + minutes(30), NOW + hours(1), NOW + minutes(30))


async def test_what_is_chosen_by_hand_beats_the_default_until_it_is_taken_back(database: Database):
    await promised.default(item(minutes=60))
    other = await given.sla_policy("Silver", item(minutes=240))
    case = await given.case()

    chosen = await promised.applied(case, other)
    by_hand = await clock(case)
    released = await promised.applied(chosen, None)

    assert (chosen.sla_source, by_hand.fail_at) == (SlaSource.HAND, NOW + hours(4))
    assert (released.sla_source, (await clock(case)).fail_at) == (SlaSource.DEFAULT, NOW + hours(1))


async def test_without_a_default_what_was_chosen_by_hand_leaves_nothing_behind(database: Database):
    case = await promised.applied(await given.case(), await given.sla_policy())

    released = await promised.applied(case, None, NOW + minutes(10))

    row = await clock(case)
    assert released.sla_version_id is None
    assert not released.sla_source
    assert (row.state, row.canceled_at, row.next_at, row.fail_at) == ("CANCELED", NOW + minutes(10), None, None)
    assert row.active_microseconds == 10 * 60 * 10**6


async def test_choosing_the_policy_that_a_case_has_already_is_no_event(database: Database):
    policy = await given.sla_policy()
    case = await promised.applied(await given.case(), policy)

    assert (await promised.applied(case, policy)).version == case.version


async def test_a_policy_that_is_not_active_is_refused(database: Database):
    case = await given.case()
    draft = await SlaPolicy.create(tenant_id=case.tenant_id, name="Draft", spec={"items": []}, created_at=NOW)

    with pytest.raises(BadInput) as refused:
        await promised.applied(case, draft)
    assert refused.value.path == ("policy_id",)


async def test_a_tenant_that_disabled_promises_keeps_its_policies_and_makes_none(database: Database):
    await promised.default(item())
    await Tenant.filter(slug="home").update(settings={"sla_disabled": True})

    assert (await given.case()).sla_version_id is None


async def test_a_change_of_priority_moves_the_target_and_keeps_the_pauses(database: Database):
    await promised.default(
        item("resolution", 60, name="fast", applicable_when=URGENT), item("resolution", 600, name="slow")
    )
    by = await given.viewer()
    case = await given.case(by=by, priority=Priority.LOW)
    await given.done(working.suspend_case, by=by, case=case, reason=StatusReason.ON_HOLD, now=NOW + minutes(10))
    await given.done(working.resume_case, by=by, case=case, now=NOW + minutes(30))

    await given.done(changing.update_case, by=by, case=case, priority=Priority.HIGH, now=NOW + minutes(40))

    row = await clock(case, "resolution")
    assert (row.item, row.fail_at, row.applied_from) == ("fast", NOW + minutes(80), NOW)
    assert (row.active_microseconds, row.paused_microseconds) == (20 * 60 * 10**6, 20 * 60 * 10**6)


async def test_a_breach_that_comes_of_a_changed_priority_is_announced(database: Database):
    await promised.default(item("resolution", 60, name="fast", applicable_when=URGENT), item("resolution", 6000))
    case = await given.case(priority=Priority.LOW)
    later = NOW + hours(3)
    await given.done(changing.update_case, by=await given.viewer(), case=case, priority=Priority.HIGH, now=later)

    assert (await announce(later + minutes(1))).announced == 1
    assert (await clock(case, "resolution")).breached_at == NOW + hours(1)
    assert await promised.told(case) == [("resolution", "BREACHED")]


async def test_another_policy_cancels_the_clocks_it_does_not_have_and_keeps_the_pauses_of_the_others(
    database: Database,
):
    await promised.default(item("first_response", 60), item("resolution", 600))
    other = await given.sla_policy("Silver", item("resolution", 120))
    by = await given.viewer()
    case = await given.case(by=by)
    await given.done(working.suspend_case, by=by, case=case, reason=StatusReason.ON_HOLD, now=NOW + minutes(10))
    await given.done(working.resume_case, by=by, case=case, now=NOW + minutes(40))

    await promised.applied(case, other, NOW + minutes(50))

    gone, kept = await clock(case), await clock(case, "resolution")
    assert (gone.state, gone.canceled_at, gone.next_at) == ("CANCELED", NOW + minutes(50), None)
    assert (kept.fail_at, kept.state) == (NOW + minutes(150), "IN_PROGRESS")


async def test_a_clock_that_another_policy_canceled_runs_on_when_its_own_comes_back(database: Database):
    policy = await promised.default(item("first_response", 60), item("resolution", 600))
    case = await given.case()
    await promised.applied(case, await given.sla_policy("Silver", item("resolution", 120)), NOW + minutes(10))

    await promised.applied(case, policy, NOW + minutes(20))

    row = await clock(case)
    assert (row.state, row.canceled_at, row.fail_at) == ("IN_PROGRESS", None, NOW + hours(1))


async def test_a_breach_is_told_before_the_act_that_came_too_late(database: Database):
    await promised.default(item(minutes=60, warn=30))
    by = await given.viewer()
    case = await given.case(by=by)

    await given.done(talking.add_comment, by=by, case=case, body="Sorry", now=NOW + minutes(61))

    kinds = [event.kind for event in await CaseEvent.filter(case_id=case.id).order_by("number")]
    row = await clock(case)
    assert kinds[2:] == [FactKind.SLA_ANNOUNCED, FactKind.SLA_ANNOUNCED, FactKind.COMMENTED]
    assert await promised.told(case) == [("first_response", "WARNED"), ("first_response", "BREACHED")]
    assert (row.state, row.breached_at, row.succeeded_at) == ("NONCOMPLIANT", NOW + hours(1), NOW + minutes(61))
    assert (await announce(NOW + hours(9))).announced == 0


async def test_an_answer_at_the_due_instant_is_in_time(database: Database):
    await promised.default(item(minutes=60))
    by = await given.viewer()
    case = await given.case(by=by)

    await given.done(talking.add_comment, by=by, case=case, body="Here", now=NOW + hours(1))

    assert await promised.states(case) == {"first_response": "SUCCEEDED"}
    assert await promised.told(case) == []


async def test_a_case_that_is_deleted_has_no_promises_left(database: Database):
    await promised.default(item())
    case = await given.case()

    await given.done(ending.delete_case, by=await given.viewer(Role.MANAGER), case=case, now=NOW + minutes(5))

    assert await promised.states(case) == {"first_response": "CANCELED"}
    assert (await announce(NOW + hours(9))).announced == 0


async def test_a_deadline_set_by_hand_is_the_promise_of_the_resolution(database: Database):
    await promised.default(item("resolution", 60))
    by = await given.viewer()
    case = await given.case(by=by, deadline=NOW + hours(5))

    await given.done(ending.resolve_case, by=by, case=case, summary="Done", now=NOW + hours(4))

    data = await given.answer(FIGURES, viewer=by, now=NOW + hours(9), case=case)
    (figures,) = data["case"]["slaKpiInstances"]["nodes"]
    assert figures == {"state": "SUCCEEDED", "remaining": "PT1H", "overrun": "PT0S", "target": "PT5H"}


FIGURES = """query($case: ID!) { case(key: {id: $case}) {
    slaKpiInstances { nodes { state remaining overrun target } } } }"""


# What is misconfigured never stops a case


async def test_a_calendar_broken_in_the_database_stops_no_case_and_is_reported(database: Database):
    office = await given.calendar()
    policy = await promised.default(item("first_response", calendar=str(office.id)), item("resolution", 120))
    await CalendarVersion.filter(calendar_id=office.id).update(spec={"timezone": "Nowhere/Land"})
    forget()

    case = await given.case()

    assert await promised.states(case) == {"resolution": "IN_PROGRESS"}
    assert "There is no such calendar." in str((await SlaPolicy.get(id=policy.id)).fault)


async def test_a_policy_broken_in_the_database_stops_no_case(database: Database):
    policy = await promised.default(item())
    await SlaPolicyVersion.filter(policy_id=policy.id).update(spec={"items": "none of your business"})
    forget()

    case = await given.case()

    assert await promised.states(case) == {}
    assert (await SlaPolicy.get(id=policy.id)).fault


async def test_a_kpi_that_cannot_be_evaluated_stops_neither_the_case_nor_the_others(database: Database):
    """No policy that can be saved does this, but the next mistake of ours may."""
    policy = await promised.default(item("first_response"), item("resolution", 120))
    version = await version_of((await SlaPolicyVersion.get(policy_id=policy.id)).id)
    del cast(dict[str, object], version.policy.kpis)["first_response"]
    by = await given.viewer()

    case = await given.case(by=by)
    await given.done(talking.add_comment, by=by, case=case, body="Hello", now=NOW + minutes(1))

    assert await promised.states(case) == {"resolution": "IN_PROGRESS"}
    assert str((await SlaPolicy.get(id=policy.id)).fault).startswith("first_response: ")


async def test_what_is_put_right_is_used_at_once(database: Database):
    policy = await promised.default(item())
    spec = (await SlaPolicyVersion.get(policy_id=policy.id)).spec
    await SlaPolicyVersion.filter(policy_id=policy.id).update(spec={"items": 1})
    forget()
    case = await given.case()
    await SlaPolicyVersion.filter(policy_id=policy.id).update(spec=spec)

    await given.done(changing.update_case, by=await given.viewer(), case=case, title="Still leaks")

    assert await promised.states(case) == {"first_response": "IN_PROGRESS"}


async def test_more_calendars_than_are_kept_can_be_used_at_once(sqlite_database: Database, monkeypatch):
    rows = [await given.calendar(f"Office {number}") for number in range(4)]
    versions = {str(row.id): (await CalendarVersion.get(calendar_id=row.id)).id for row in rows}
    monkeypatch.setattr("actions.policies.MOST_KEPT", 2)

    assert (await calendars_of(versions)).keys() == versions.keys()


def forget() -> None:
    """What another process has not read yet."""
    from actions import policies

    policies._versions.clear()
    policies._calendars.clear()


# Versions that clients expect


async def test_what_only_time_did_is_no_conflict(database: Database):
    await promised.default(item(minutes=60))
    by = await given.viewer()
    case = await given.case(by=by)
    await announce(NOW + hours(2))
    assert (await given.stored(case)).version == case.version + 1

    changed = await given.done(
        changing.update_case, by=by, case=case, title="Mine", expected_version=case.version, now=NOW + hours(3)
    )

    assert changed["case"].title == "Mine"


@pytest.mark.parametrize("expected", [1, 9])
async def test_what_somebody_did_is_a_conflict_and_so_is_a_version_to_come(database: Database, expected):
    await promised.default(item(minutes=60))
    by = await given.viewer()
    case = await given.case(by=by)
    await announce(NOW + hours(2))

    with pytest.raises(VersionConflict):
        await given.done(changing.update_case, by=by, case=case, title="Mine", expected_version=expected)


async def test_a_customer_gets_the_default_too(database: Database):
    await promised.default(item())

    rows = await given.done(opening.create_case, by=await given.viewer(Role.CUSTOMER), title="Leaks")

    assert await Case.filter(id=rows["case"].id, sla_version_id__isnull=False).exists()

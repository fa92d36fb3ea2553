"""Calendars and policies: what is saved, what is a version, and what is refused."""

import asyncio
from typing import Any

import pytest
from pytest import param

from actions import calendars, promises
from cases.refusals import BadInput, Duplicate, Refused, Several
from cases.vocabulary import Role
from models import Calendar, CalendarVersion, SlaPolicy, SlaPolicyVersion
from models.database import Database
from tests import given, promised
from tests.given import NOW, hours
from tests.promised import clock, item

WEEK = {"mon": [["09:00", "17:00"]]}


async def test_every_save_of_a_calendar_is_a_version(database: Database):
    lead = await given.viewer(Role.MANAGER)
    saved = (await keep(lead))["calendar"]

    again = await keep(lead, calendar=saved, hours={"timezone": "UTC", "weekly_hours": {"tue": [["09:00", "12:00"]]}})

    versions = await CalendarVersion.filter(calendar_id=saved.id).order_by("number")
    assert again["calendar"].version == 2
    assert [version.spec["weekly_hours"] for version in versions] == [WEEK, {"tue": [["09:00", "12:00"]]}]
    assert versions[0].saved_by_id == lead.person_id


async def test_saving_what_is_saved_already_makes_no_version(database: Database):
    lead = await given.viewer(Role.MANAGER)
    saved = (await keep(lead))["calendar"]

    assert (await keep(lead, calendar=saved))["calendar"].version == 1


async def test_a_policy_is_a_draft_until_it_is_activated_and_again_after_it_is_saved(database: Database):
    policy = await promised.default(item(minutes=60))
    await promised.changed(policy, item(minutes=10), activate=False)

    assert (await clock(await given.case())).fail_at == NOW + hours(1)


async def test_cases_keep_the_version_they_have(database: Database):
    policy = await promised.default(item(minutes=60))
    old = await given.case()
    await promised.changed(policy, item(minutes=10))

    new = await given.case()

    assert (await clock(old)).fail_at == NOW + hours(1)
    assert (await clock(new)).fail_at == NOW + given.minutes(10)
    assert old.sla_version_id != new.sla_version_id


async def test_a_changed_calendar_makes_a_version_of_active_policies_and_leaves_drafts_drafts(database: Database):
    office = await given.calendar()
    policy = await given.sla_policy("Gold", item(calendar=str(office.id)))
    await promised.changed(policy, item(minutes=5), activate=False)
    lead = await given.viewer(Role.ADMIN)

    await keep(lead, calendar=office, name="Office")

    newest = await SlaPolicyVersion.get(policy_id=policy.id, number=2)
    assert newest.spec["items"][0]["calendar"] == str(office.id)
    assert newest.calendars[str(office.id)] == str((await CalendarVersion.get(calendar_id=office.id, number=2)).id)
    assert (await SlaPolicy.get(id=policy.id)).spec["items"][0]["fail_after"]["amount"] == 5


async def test_there_is_one_default(database: Database):
    first, second = await promised.default(item()), await promised.default(item(), name="Silver")

    assert [row.id for row in await SlaPolicy.filter(is_default=True)] == [second.id]
    assert first.id != second.id


async def test_of_two_defaults_at_once_one_is_left(database: Database):
    lead = await given.viewer(Role.ADMIN)
    policies = [await given.sla_policy(f"Policy {number}") for number in range(6)]

    await asyncio.gather(*(given.done(promises.set_default_sla_policy, by=lead, policy=policy) for policy in policies))

    assert await SlaPolicy.filter(is_default=True).count() == 1


async def test_two_calendars_saved_at_once_make_two_versions_of_their_policy(database: Database):
    lead = await given.viewer(Role.ADMIN)
    rows = [await given.calendar(f"Office {number}") for number in range(2)]
    items = [item(kpi, calendar=str(row.id)) for kpi, row in zip(("first_response", "resolution"), rows, strict=True)]
    policy = await given.sla_policy("Gold", *items)

    await asyncio.gather(*(keep(lead, calendar=row, name=row.name) for row in rows))

    newest = await SlaPolicyVersion.get(policy_id=policy.id, number=3)
    latest = {str(version.id) for version in await CalendarVersion.filter(number=2)}
    assert set(newest.calendars.values()) == latest


async def test_of_one_name_given_twice_at_once_one_is_refused(database: Database):
    lead = await given.viewer(Role.ADMIN)

    answers = await asyncio.gather(keep(lead), keep(lead), return_exceptions=True)

    assert sorted(type(answer).__name__ for answer in answers) == ["Duplicate", "dict"]
    assert await Calendar.all().count() == 1


async def test_a_policy_taken_out_of_use_is_the_default_no_more(database: Database):
    policy = await promised.default(item())
    lead = await given.viewer(Role.ADMIN)

    await given.done(promises.deactivate_sla_policy, by=lead, policy=policy)

    assert (await given.case()).sla_version_id is None


async def keep(lead: Any, **said: Any) -> Any:
    given_hours = {"timezone": "UTC", "weekly_hours": WEEK}
    return dict(await given.done(calendars.save_calendar, by=lead, **{"name": "Shop", "hours": given_hours, **said}))


# What is refused leaves nothing behind


def of(*intervals: list[str]) -> dict[str, Any]:
    return {"timezone": "UTC", "weekly_hours": {"mon": [*intervals]}}


@pytest.mark.parametrize(
    ("said", "path"),
    [
        param({"timezone": "Mars/Base", "weekly_hours": WEEK}, ("hours", "timezone"), id="an unknown zone"),
        param(of(["09:00", "12:00"], ["11:00", "13:00"]), ("hours", "weekly_hours", "mon", 1), id="overlapping hours"),
        param(of(["17:00", "09:00"]), ("hours", "weekly_hours", "mon", 0), id="reversed hours"),
        param(of(["09:00", "25:00"]), ("hours", "weekly_hours", "mon", 0), id="no time of day"),
        param({"timezone": "UTC", "weekly_hours": {}}, ("hours",), id="never open"),
    ],
)
async def test_hours_that_cannot_be_are_refused(database: Database, said, path):
    lead = await given.viewer(Role.ADMIN)
    before = await given.rows_stored()

    with pytest.raises(Refused) as refused:
        await given.done(calendars.save_calendar, by=lead, name="Shop", hours=said)

    assert [tuple(problem.path)[: len(path)] for problem in problems(refused.value)] == [path]
    assert await given.rows_stored() == before


@pytest.mark.parametrize(
    ("said", "path"),
    [
        param(item(minutes=0), ("items", 0, "fail_after", "amount"), id="a target of nothing"),
        param(item(minutes=-5), ("items", 0, "fail_after", "amount"), id="a negative target"),
        param(item(warn=-1), ("items", 0, "warn_after", "amount"), id="a negative warning"),
        param(item("no_such_kpi"), ("items", 0, "kpi"), id="an unknown KPI"),
        param(item(applicable_when={"weather": {"eq": 1}}), ("items", 0, "applicable_when"), id="an unknown field"),
        param(item(calendar="no calendar"), ("items", 0, "calendar_id"), id="no calendar at all"),
        param(item(name=" "), ("items", 0, "name"), id="an item without a name"),
    ],
)
async def test_items_that_cannot_be_are_refused(database: Database, said, path):
    lead = await given.viewer(Role.ADMIN)
    before = await given.rows_stored()

    with pytest.raises(Refused) as refused:
        await given.done(promises.save_sla_policy, by=lead, name="Gold", items=[said])

    assert [tuple(problem.path)[: len(path)] for problem in problems(refused.value)] == [path]
    assert await given.rows_stored() == before


async def test_a_calendar_of_another_tenant_is_no_calendar(database: Database):
    theirs = await given.calendar(by=await given.viewer(Role.ADMIN, tenant=await given.tenant("away")))
    lead = await given.viewer(Role.ADMIN)

    with pytest.raises(BadInput, match="no such calendar") as refused:
        await given.done(promises.save_sla_policy, by=lead, name="Gold", items=[item(calendar=str(theirs.id))])
    assert refused.value.path == ("items", 0, "calendar_id")


async def test_two_policies_do_not_share_a_name(database: Database):
    await given.sla_policy("Gold")

    with pytest.raises(Duplicate) as refused:
        await given.sla_policy("Gold")
    assert refused.value.path == ("name",)


async def test_a_policy_without_items_can_be_saved_but_not_activated(database: Database):
    lead = await given.viewer(Role.ADMIN)
    rows = await given.done(promises.save_sla_policy, by=lead, name="Gold", items=[])
    before = await given.rows_stored()

    with pytest.raises(Refused):
        await given.done(promises.activate_sla_policy, by=lead, policy=rows["sla_policy"])

    assert await given.rows_stored() == before
    assert not (await SlaPolicy.get()).active


async def test_a_policy_that_cannot_work_is_not_activated(database: Database):
    lead = await given.viewer(Role.ADMIN)
    rows = await given.done(
        promises.save_sla_policy, by=lead, name="Gold", items=[item(minutes=10), item(minutes=20, name="Never reached")]
    )

    with pytest.raises(Refused):
        await given.done(promises.activate_sla_policy, by=lead, policy=rows["sla_policy"])


async def test_only_an_active_policy_is_made_the_default(database: Database):
    lead = await given.viewer(Role.ADMIN)
    rows = await given.done(promises.save_sla_policy, by=lead, name="Gold", items=[item()])

    with pytest.raises(BadInput):
        await given.done(promises.set_default_sla_policy, by=lead, policy=rows["sla_policy"])


async def test_a_deadline_before_the_case_begins_is_refused(database: Database):
    with pytest.raises(BadInput) as refused:
        await given.case(deadline=NOW - hours(1))
    assert refused.value.path == ("deadline",)


def problems(refused: Refused) -> list[Refused]:
    return list(refused.problems) if isinstance(refused, Several) else [refused]

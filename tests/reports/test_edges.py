"""Edges of reports, in small worlds: changed clocks, cases that come back, that are deleted, that are merged."""

from datetime import date, timedelta
from typing import Any

import pytest

from actions import changing, ending, merging, talking, unmerging, working
from cases.refusals import BadInput
from cases.vocabulary import Role, StatusReason
from models import Tenant
from models.database import Database
from reports import backlog, backlog_ages, flow, pause_audit, response_times, sla_attainment
from reports.dimensions import Dimension
from reports.period import Period, period
from schema.reports import REPORTS
from settings import Limits
from tests import given, promised
from tests.given import at, done
from tests.promised import item

LIMITS = Limits()
NOW = at("Fri 12:00")


def week(zone: str = "UTC") -> Period:
    return period(date(2025, 6, 2), date(2025, 6, 9), zone, NOW, LIMITS)


async def days(report: Any, viewer: Any, asked: Period, *names: str) -> dict[str, Any]:
    """Some figures of a report by day."""
    found = await report.rows(asked, viewer, by=(Dimension.DAY,), now=NOW, limits=LIMITS)
    figures = {row.groups[0].key.isoformat(): [getattr(row, name) for name in names] for row in found}
    return {day: values[0] if len(values) == 1 else values for day, values in figures.items()}


@pytest.mark.parametrize(
    ("instants", "expected"),
    [
        pytest.param(
            ["2025-03-29 22:59", "2025-03-29 23:00", "2025-03-30 21:59", "2025-03-30 22:00"],
            {"2025-03-29": 1, "2025-03-30": 2, "2025-03-31": 1},
            id="a day of 23 hours",
        ),
        pytest.param(
            ["2025-10-25 21:59", "2025-10-25 22:00", "2025-10-26 22:59", "2025-10-26 23:00"],
            {"2025-10-25": 1, "2025-10-26": 2, "2025-10-27": 1},
            id="a day of 25 hours",
        ),
    ],
)
async def test_a_day_ends_at_its_own_midnight_when_clocks_are_changed(database: Database, instants, expected):
    lead = await given.viewer(Role.MANAGER)
    await promised.default(item("resolution", 60))
    for instant in instants:
        await given.case(by=lead, now=at(instant))
    first, *_, last = (date.fromisoformat(day) for day in expected)
    asked = period(first, last + timedelta(days=1), "Europe/Berlin", NOW, LIMITS)

    assert await days(flow, lead, asked, "opened") == expected
    assert await days(sla_attainment, lead, asked, "clocks") == expected


async def test_nothing_comes_of_a_tenant_without_cases(database: Database):
    lead = await given.viewer(Role.MANAGER)

    for report in REPORTS.values():
        found = await report.read(lead, date(2025, 6, 2), date(2025, 6, 4), now=NOW, limits=LIMITS)

        if report.name == "backlog":
            assert [row.open for row in found] == [0, 0]
        elif report.name == "agent_workload":
            assert [(row.open, row.assigned, row.worked_minutes) for row in found] == [(0, 0, 0)]
        else:
            assert list(found) == []


async def test_a_case_that_comes_back_counts_each_time_and_its_promise_once(database: Database):
    await promised.default(item("resolution", 60))
    lead = await given.viewer(Role.MANAGER)
    case = await given.case(by=lead, now=at("Mon 09:00"))
    await done(ending.resolve_case, by=lead, case=case, summary="x", now=at("Mon 09:20"))
    await done(ending.reactivate_case, by=lead, case=case, now=at("Wed 10:00"))
    await done(ending.resolve_case, by=lead, case=case, summary="x", now=at("Thu 10:00"))

    assert await days(flow, lead, week(), "opened", "resolved", "reopened") == {
        "2025-06-02": [1, 1, 0],
        "2025-06-04": [0, 0, 1],
        "2025-06-05": [0, 1, 0],
    }
    assert await days(backlog, lead, week(), "open") == {
        **{f"2025-06-0{day}": 0 for day in (2, 3, 5, 6)},
        "2025-06-04": 1,
    }
    (row,) = await sla_attainment.rows(week(), lead, now=NOW, limits=LIMITS)
    assert (row.clocks, row.breached, row.attainment_per_mille) == (1, 1, 0)
    assert row.late_by_max == given.hours(24) + given.minutes(20) - given.hours(1)
    (times,) = await response_times.rows(week(), lead, now=NOW, limits=LIMITS)
    assert (times.business_p50, times.wall_p95) == (given.hours(24) + given.minutes(20), given.hours(73))
    assert await pause_audit.rows(week(), lead, now=NOW, limits=LIMITS) == []  # having ended is no pause


async def test_a_deleted_case_is_in_no_report(database: Database):
    await promised.default(item("first_response", 60), item("resolution", 600))
    lead = await given.viewer(Role.MANAGER)
    worker = await given.person("Wanda")
    case = await given.case(by=lead, now=at("Mon 09:00"))
    await done(changing.assign_case, by=lead, case=case, assignee=worker, now=at("Mon 09:01"))
    await done(working.suspend_case, by=lead, case=case, now=at("Mon 09:05"))
    await done(talking.add_comment, by=lead, case=case, body="Hello", now=at("Mon 09:30"))
    told = await figures(lead)
    await done(ending.delete_case, by=lead, case=case, now=at("Tue 09:00"))

    assert {name for name, count in told.items() if count} == set(REPORTS) - {"entitlement_consumption"}
    assert not any((await figures(lead)).values())


async def figures(viewer: Any) -> dict[str, int]:
    """How many of the rows of each report have anything to tell."""
    return {
        name: sum(
            any(value for field, value in vars(row).items() if field not in ("groups", "starts_at"))
            for row in await report.read(viewer, date(2025, 6, 2), date(2025, 6, 9), now=at("Mon 10:00"), limits=LIMITS)
        )
        for name, report in REPORTS.items()
    }


async def test_a_merged_case_is_neither_resolved_nor_canceled_and_comes_back_when_that_is_undone(database: Database):
    await promised.default(item("resolution", 600))
    lead = await given.viewer(Role.MANAGER)
    acme = await given.account()
    survivor, loser = [await given.case(by=lead, customer=acme, now=at("Mon 09:00")) for _ in range(2)]
    await done(merging.merge_cases, by=lead, case=survivor, merged=[loser], now=at("Tue 09:00"))

    names = ("opened", "resolved", "canceled", "merged", "reopened")
    told = await days(flow, lead, week(), *names)
    assert told == {"2025-06-02": [2, 0, 0, 0, 0], "2025-06-03": [0, 0, 0, 1, 0]}
    assert (await days(backlog, lead, week(), "open"))["2025-06-03"] == 1
    (row,) = await sla_attainment.rows(week(), lead, now=at("Tue 10:00"), limits=LIMITS)
    assert (row.clocks, row.met, row.breached + row.running + row.canceled) == (2, 0, 2)

    await done(unmerging.unmerge_case, by=lead, case=loser, now=at("Wed 09:00"))

    assert (await days(flow, lead, week(), *names))["2025-06-04"] == [0, 0, 0, 0, 1]
    assert (await days(backlog, lead, week(), "open"))["2025-06-04"] == 2
    (ages,) = await backlog_ages.rows(week(), lead, now=NOW, limits=LIMITS)
    assert (ages.open, ages.under_7_days) == (2, 2)


async def test_a_policy_that_gave_way_keeps_its_promises_in_the_figures(database: Database):
    await promised.default(item("first_response", 60))
    lead = await given.viewer(Role.MANAGER)
    case = await given.case(by=lead, now=at("Mon 09:00"))
    await promised.applied(case, await given.sla_policy("Silver", item("resolution", 600)), at("Mon 09:30"))

    found = await sla_attainment.rows(
        week(), lead, by=(Dimension.POLICY, Dimension.KPI), now=at("Mon 10:00"), limits=LIMITS
    )

    told = [([part.label for part in row.groups], row.running, row.canceled) for row in found]
    assert told == [(["Gold", "first_response"], 0, 1), (["Silver", "resolution"], 1, 0)]


async def test_pauses_are_told_of_who_began_them_in_business_time(database: Database):
    office = await given.calendar()  # nine to five
    await promised.default(item("resolution", 900, calendar=str(office.id)))
    lead, other = await given.viewer(Role.MANAGER), await given.viewer(Role.MANAGER)
    case = await given.case(by=lead, now=at("Mon 09:00"))
    await done(working.suspend_case, by=lead, case=case, reason=StatusReason.ON_HOLD, now=at("Mon 16:00"))
    await done(working.resume_case, by=other, case=case, now=at("Tue 10:00"))
    await done(working.suspend_case, by=other, case=case, reason=StatusReason.ON_HOLD, now=at("Tue 18:00"))
    await done(working.resume_case, by=other, case=case, now=at("Tue 19:00"))  # nobody would have worked anyhow
    await done(ending.resolve_case, by=lead, case=case, summary="x", now=at("Wed 09:30"))

    (row,) = await pause_audit.rows(week(), lead, now=NOW, limits=LIMITS)

    assert [part.key for part in row.groups] == [lead.person_id, "resolution", "ON_HOLD"]
    assert (row.pauses, row.open_time, row.longest) == (1, given.hours(2), given.hours(2))
    assert (row.met, row.met_only_by_pausing, row.only_by_pausing_per_mille) == (1, 1, 1000)  # 14.5 of 15 hours


async def test_more_rows_or_cases_than_a_report_may_have_are_refused(database: Database):
    await promised.default(item("resolution", 600))
    lead = await given.viewer(Role.MANAGER)
    for _ in range(3):
        case = await given.case(by=lead, now=at("Mon 09:00"))
        await done(working.suspend_case, by=lead, case=case, now=at("Mon 09:30"))
        await done(working.resume_case, by=lead, case=case, now=at("Mon 09:40"))
    few = Limits(report_rows=2, report_cases=2)

    for report, by, path in ((flow, {"by": (Dimension.CUSTOMER,)}, "by"), (pause_audit, {}, "from")):
        with pytest.raises(BadInput) as refusal:
            await report.rows(week(), lead, **by, now=NOW, limits=few)
        assert refusal.value.path == (path,)
    assert await Tenant.all().count() == 1

"""Reports through the graph: who reads them, what can be asked, and what is refused with its place."""

from typing import Any

import pytest
from pytest import param

from actions import ending, talking
from cases.vocabulary import QueueKind, Role
from models import Tenant
from models.database import Database
from schema.ids import id_of
from tests import given, promised
from tests.given import NOW, hours
from tests.promised import item
from tests.schema.test_statements import statements

ATTAINMENT = """query($period: ReportPeriod, $by: [ReportDimension!], $where: CaseWhere) {
    reports { slaAttainment(period: $period, by: $by, where: $where) {
        groups { dimension key label } clocks met metOnlyByPausing breached running canceled attainmentPerMille
        lateByAverage lateByMax } } }"""


async def attained(viewer: Any, **asked: Any) -> list[dict[str, Any]]:
    data = await given.answer(ATTAINMENT, viewer=viewer, now=NOW + hours(3), **asked)
    rows: list[dict[str, Any]] = data["reports"]["slaAttainment"]
    return rows


async def test_a_row_names_what_it_is_about_by_ids_and_in_words(database: Database):
    await promised.default(item("first_response", 60))
    by = await given.viewer()
    acme, rival = await given.account("Acme"), await given.account("Rival")
    kept = await given.case(by=by, customer=acme)
    await given.done(talking.add_comment, by=by, case=kept, body="Hello", now=NOW + hours(1))
    await given.case(by=by, customer=rival)

    rows = await attained(by, by=["CUSTOMER", "KPI"])

    first, second = rows
    assert first["groups"] == [
        {"dimension": "CUSTOMER", "key": id_of(acme), "label": "Acme"},
        {"dimension": "KPI", "key": "first_response", "label": "first_response"},
    ]
    assert (first["clocks"], first["met"], first["attainmentPerMille"], first["lateByMax"]) == (1, 1, 1000, None)
    assert [part["label"] for part in second["groups"]] == ["Rival", "first_response"]
    assert (second["breached"], second["attainmentPerMille"]) == (1, 0)
    assert (second["lateByAverage"], second["lateByMax"]) == ("PT2H", "PT2H")


async def test_where_narrows_it_and_deleted_cases_are_left_out(database: Database):
    await promised.default(item("resolution", 600))
    lead = await given.viewer(Role.MANAGER)
    acme = await given.account("Acme")
    await given.case(by=lead, customer=acme)
    await given.case(by=lead)
    await given.done(ending.delete_case, by=lead, case=await given.case(by=lead, customer=acme))

    (all_of_them,), (of_acme,) = await attained(lead), await attained(lead, where={"accountId": {"eq": id_of(acme)}})

    assert (all_of_them["clocks"], of_acme["clocks"]) == (2, 1)
    assert all_of_them["groups"] == []


async def test_a_period_is_half_open_and_in_the_zone_of_the_tenant(database: Database):
    await given.tenant(zone="Asia/Tokyo")
    await promised.default(item("resolution", 600))
    by = await given.viewer()
    await given.case(by=by, now=given.at("Tue 14:59"))  # 23:59 in Tokyo
    await given.case(by=by, now=given.at("Tue 15:00"))

    days = [
        [(row["groups"][0]["key"], row["clocks"]) for row in await attained(by, by=["DAY"], period=period)]
        for period in (None, {"from": "2025-06-03", "to": "2025-06-04"}, {"from": "2025-06-04", "to": "2025-06-04"})
    ]

    assert days == [[("2025-06-03", 1), ("2025-06-04", 1)], [("2025-06-03", 1)], []]


async def test_customers_and_whoever_may_only_write_have_no_reports_and_machines_do(database: Database):
    readers = [await given.viewer(role) for role in Role]
    blind = await given.viewer(Role.ADMIN, scopes="write")

    seen = {one.role: (await given.answer(ATTAINMENT, viewer=one))["reports"] is not None for one in readers}

    assert seen == {role: role is not Role.CUSTOMER for role in Role}
    assert (await given.answer(ATTAINMENT, viewer=blind))["reports"] is None


async def test_who_may_not_look_into_a_queue_finds_its_cases_in_none(database: Database):
    await promised.default(item("resolution", 600))
    lead, stranger = await given.viewer(Role.MANAGER), await given.viewer()
    aside = await given.queue("Aside", kind=QueueKind.PRIVATE)
    await given.queued_case(aside)

    told = {
        one.role: [row["groups"][0]["label"] for row in await attained(one, by=["QUEUE"])] for one in (lead, stranger)
    }

    assert told == {Role.MANAGER: ["Aside"], Role.AGENT: [""]}


async def test_nothing_of_another_tenant_is_in_any_figure(database: Database):
    other = await given.tenant("other")
    await given.sla_policy("Gold", by=(theirs := await given.viewer(Role.ADMIN, tenant=other)))
    await given.case(by=theirs)

    assert await attained(await given.viewer(Role.ADMIN)) == []
    assert await Tenant.all().count() == 2


DASHBOARD = """query($period: ReportPeriod) { reports {
    slaAttainment(period: $period, by: [WEEK, KPI]) { groups { label } attainmentPerMille }
    responseTimes(period: $period) { groups { key } businessP90 wallP90 }
    backlog(period: $period) { groups { key } open }
    backlogAges(period: $period) { open older }
    flow(period: $period, by: [DAY]) { groups { key } opened resolved }
    breachForecast(hours: 12, by: [QUEUE]) { groups { key label } startsAt due free }
    entitlementConsumption(period: $period, where: {state: {eq: ACTIVE}}) { groups { label } remaining exhaustedOn }
    agentWorkload(period: $period) { groups { label } open workedMinutes }
    pauseAudit(period: $period) { groups { label } pauses openTime } } }"""


async def test_a_dashboard_with_all_reports_is_one_document_within_the_limits(database: Database):
    await promised.default(item("first_response", 60), item("resolution", 600))
    lead = await given.viewer(Role.MANAGER)
    await given.queued_case(by=lead)

    data = await given.answer(DASHBOARD, viewer=lead, period={"from": "2025-06-01", "to": "2025-06-08"})

    told = data["reports"]
    assert [row["groups"][0]["label"] for row in told["slaAttainment"]] == ["2025-06-02", "2025-06-02"]
    assert [(row["groups"][0]["key"], row["open"]) for row in told["backlog"]][-1] == ("2025-06-04", 1)
    assert [row["due"] for row in told["breachForecast"]] == [0, 1, *[0] * 8, 1, 0]
    assert {part["label"] for row in told["breachForecast"] for part in row["groups"]} == {"Desk"}
    assert told["entitlementConsumption"] == []


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        param({"period": {"from": "2025-06-02", "to": "2025-06-01"}}, ["to"], id="it ends before it begins"),
        param({"period": {"from": "2024-01-01", "to": "2025-06-01"}}, ["from"], id="it is too long"),
        param({"period": {"from": "0001-01-01"}}, ["from"], id="days of long ago"),
        param({"period": {"to": "9999-12-31"}}, ["to"], id="the last day of all"),
        param({"by": ["DAY", "MONTH"]}, ["by"], id="cut in two ways"),
        param({"by": ["TEAM", "TEAM"]}, ["by", "1"], id="twice the same"),
        param({"by": ["KPI", "ENTITLEMENT"]}, ["by", "1"], id="a dimension of others"),
        param({"by": ["KPI", "TEAM", "QUEUE", "POLICY"]}, ["by"], id="too many"),
        param({"where": {"title": {"eq": None}}}, ["where", "title", "eq"], id="a where that says nothing"),
    ],
)
async def test_what_cannot_be_reported_is_refused_with_its_place(sqlite_database: Database, asked, place):
    result = await given.execute(ATTAINMENT, viewer=await given.viewer(), **asked)

    (error,) = result.errors
    assert error.extensions["code"] == "BAD_INPUT"
    assert error.extensions["input"] == place


async def test_it_takes_as_many_statements_for_many_cases_as_for_few(database: Database):
    await promised.default(item("first_response", 60), item("resolution", 600))
    by = await given.viewer()
    asked = {"by": ["CUSTOMER", "QUEUE", "TEAM"]}
    await given.queued_case(by=by, team=await given.team())
    with statements() as few:
        await attained(by, **asked)
    for _ in range(10):
        await given.case(by=by)

    with statements() as many:
        rows = await attained(by, **asked)

    assert sum(row["clocks"] for row in rows) == 22
    assert len(many) <= len(few) <= 8, many

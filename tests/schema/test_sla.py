"""Promises as clients see them: clocks in lists, what customers see, what time made of a clock, and what it costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from actions import calendars, family, working
from cases.vocabulary import Priority, Role, StatusReason
from models import SlaKpiInstance
from models.database import Database
from models.engines.postgres import PooledTransaction
from models.engines.sqlite import WriteTransaction
from schema.ids import id_of
from schema.scalars import read_duration, write_instant
from schema.transport.documents import Refusal
from tests import given, promised
from tests.given import NOW, hours, minutes
from tests.promised import item
from tests.schema.test_statements import statements

LIST = """query($where: SlaKpiInstanceWhere, $first: Int, $after: String) {
    slaKpiInstances(where: $where, orderBy: [{failAt: ASC}], first: $first, after: $after) {
        nodes { kpi state failAt case { number } } pageInfo { endCursor hasNextPage } } }"""
LEDGERS = """{ slaKpiInstances(first: 50) { nodes { activeFor remaining overrun projectedFailAt
    ledger { kind openTime start end reasons holiday eventNumber actor { __typename } } } } }"""
NEXT = "{ slaKpiInstances { nodes { nextTransitionAt } } }"
HOURS = "{ slaKpiInstances { nodes { kpi calendarVersion { number calendar { name version } } } } }"
EXPLAIN = """query($case: ID!) { explainSla(caseId: $case) { item } slaPolicies { nodes { name } } }"""


async def test_clocks_are_listed_by_state_team_and_owner_of_their_case_and_by_when_they_fall_due(database: Database):
    await promised.default(item("resolution", 60))
    by = await given.viewer()
    team, owner = await given.team(), await given.person("Olga")
    case = await given.case(by=by, team=team, owner=owner)
    await given.case(by=by)
    wheres: list[dict[str, Any]] = [
        {"case": {"teamId": {"eq": id_of(team)}}},
        {"case": {"ownerId": {"eq": id_of(owner)}}, "state": {"in": ["IN_PROGRESS"]}},
        {"case": {"team": {"name": {"eq": "First line"}}}, "failAt": {"lte": (NOW + hours(1)).isoformat()}},
    ]

    found = [await given.answer(LIST, viewer=by, where=where) for where in wheres]

    assert [numbers(data) for data in found] == [[case.number]] * 3
    late = {"failAt": {"gt": (NOW + hours(1)).isoformat()}}
    assert numbers(await given.answer(LIST, viewer=by, where=late)) == []


async def test_those_due_next_come_first_those_that_are_paused_last_on_however_many_pages(database: Database):
    await promised.default(item("resolution", 60))
    by = await given.viewer()
    cases = [await given.case(by=by, now=NOW + minutes(passed)) for passed in (3, 1, 2, 5, 4)]
    for case in cases[:2]:
        await given.done(working.suspend_case, by=by, case=case, reason=StatusReason.ON_HOLD, now=NOW + minutes(9))

    seen: list[str] = []
    after, more = None, True
    while more:
        data = await given.answer(LIST, viewer=by, first=2, after=after)
        seen += numbers(data)
        after, more = (data["slaKpiInstances"]["pageInfo"][name] for name in ("endCursor", "hasNextPage"))

    assert seen[:3] == [cases[2].number, cases[4].number, cases[3].number]
    assert set(seen[3:]) == {cases[0].number, cases[1].number}
    assert len(seen) == 5


async def test_a_worker_that_is_late_hides_nothing(database: Database):
    await promised.default(item("resolution", 60, warn=30))
    by = await given.viewer()
    await given.case(by=by)

    states = [
        (await given.answer(LIST, viewer=by, now=NOW + minutes(passed)))["slaKpiInstances"]["nodes"][0]["state"]
        for passed in (0, 30, 60, 61)
    ]

    assert states == ["IN_PROGRESS", "NEARING_NONCOMPLIANCE", "NEARING_NONCOMPLIANCE", "NONCOMPLIANT"]
    assert (await SlaKpiInstance.get()).state == "IN_PROGRESS"


async def test_a_clock_says_when_its_state_changes_next(database: Database):
    await promised.default(item("resolution", 60, warn=30))
    by = await given.viewer()
    case = await given.case(by=by)

    async def next_at(passed: int) -> str | None:
        data = await given.answer(NEXT, viewer=by, now=NOW + minutes(passed))
        found: str | None = data["slaKpiInstances"]["nodes"][0]["nextTransitionAt"]
        return found

    running = [await next_at(passed) for passed in (0, 30, 60)]
    await given.done(working.suspend_case, by=by, case=case, now=NOW + minutes(61))

    warning, breach = (write_instant(NOW + minutes(passed)) for passed in (30, 60))
    assert running == [warning, breach, None]
    assert await next_at(62) is None


async def test_a_clock_names_the_hours_it_counts_in_also_when_the_calendar_has_others_by_now(database: Database):
    by = await given.viewer(Role.ADMIN)
    calendar = await given.calendar(by=by)
    await promised.default(item("resolution", 60, calendar=str(calendar.id)), item("first_response", 60))
    await given.case(by=by)
    await given.done(calendars.save_calendar, by=by, calendar=calendar, name="Later", hours=calendar.spec)

    nodes = (await given.answer(HOURS, viewer=by))["slaKpiInstances"]["nodes"]

    assert {node["kpi"]: node["calendarVersion"] for node in nodes} == {
        "resolution": {"number": 1, "calendar": {"name": "Later", "version": 2}},
        "first_response": None,
    }


async def test_customers_see_the_clocks_of_their_own_cases_and_no_policies(database: Database):
    await promised.default(item("resolution", 60))
    customer = await given.viewer(Role.CUSTOMER)
    own, other = await given.case(by=customer), await given.case()

    assert numbers(await given.answer(LIST, viewer=customer)) == [own.number]
    for case in (own, other):
        data = await given.answer(EXPLAIN, viewer=customer, case=case)
        assert data == {"explainSla": None, "slaPolicies": {"nodes": []}}


async def test_the_ledger_adds_up_to_what_ran_also_of_a_clock_that_another_policy_canceled(database: Database):
    await promised.default(item("first_response", 60), item("resolution", 600))
    by = await given.viewer()
    case = await given.case(by=by)
    await given.done(working.suspend_case, by=by, case=case, reason=StatusReason.ON_HOLD, now=NOW + minutes(10))
    await given.done(working.resume_case, by=by, case=case, now=NOW + minutes(30))
    await promised.applied(case, await given.sla_policy("Silver", item("resolution", 600)), NOW + minutes(40))

    data = await given.answer(LEDGERS, viewer=by, now=NOW + hours(2))

    nodes = data["slaKpiInstances"]["nodes"]
    assert len(nodes) == 2
    for node in nodes:
        ran = [span(entry["openTime"]) for entry in node["ledger"] if entry["kind"] == "RUNNING"]
        assert sum(ran, timedelta(0)) == span(node["activeFor"])
    assert {node["activeFor"] for node in nodes} == {"PT20M", "PT1H40M"}


async def test_a_page_of_clocks_takes_as_many_statements_as_one(database: Database):
    hers = {"account": {"name": {"eq": "Acme"}}}
    await promised.default(item("first_response", 60), item("resolution", 600, applicable_when=hers))
    by = await given.viewer()
    await given.case(by=by)
    with statements() as few:
        await given.answer(LEDGERS, viewer=by)
    for _ in range(24):
        await given.case(by=by)

    with statements() as many:
        data = await given.answer(LEDGERS, viewer=by, now=NOW + minutes(5))

    assert len(data["slaKpiInstances"]["nodes"]) == 50
    assert len(many) <= len(few), many


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"failAfter": {"amount": 0}}, ["input", "items", "0", "failAfter", "amount"]),
        ({"calendarId": "nonsense"}, ["input", "items", "0", "calendarId"]),
        ({"kpi": "nope"}, ["input", "items", "0", "kpi"]),
    ],
)
async def test_what_is_wrong_with_a_policy_is_said_with_its_place_and_nothing_is_stored(database: Database, said, path):
    lead = await given.viewer(Role.ADMIN)
    before = await given.rows_stored()
    one = {"name": "x", "kpi": "resolution", "failAfter": {"amount": 5}, **said}

    data = await given.answer(SAVE, viewer=lead, input={"name": "Gold", "items": [one]})

    assert data["saveSlaPolicy"]["userErrors"] == [{"code": "BAD_INPUT", "path": path}]
    assert await given.rows_stored() == before


SAVE = """mutation($input: SaveSlaPolicyInput!) { saveSlaPolicy(input: $input) { userErrors { code path } } }"""


async def test_a_preview_over_the_cases_of_a_where_answers_with_what_would_change(database: Database):
    urgent = {"priority": {"gte": "HIGH"}}
    await promised.default(item("resolution", 60, name="fast", applicable_when=urgent), item("resolution", 600))
    by = await given.viewer()
    await given.case(by=by, priority=Priority.LOW)
    case = await given.case(by=by)
    before = await given.rows_stored()

    data = await given.answer(PREVIEW, viewer=by, input={"priority": "HIGH", "where": {"priority": {"eq": "MEDIUM"}}})

    assert data["previewSla"] == {
        "cases": 1,
        "changed": 1,
        "differences": [{"case": {"number": case.number}, "movedBy": "-PT9H", "after": {"item": "fast"}}],
    }
    assert await given.rows_stored() == before


PREVIEW = """query($input: PreviewSlaInput!) { previewSla(input: $input) {
    cases changed differences { case { number } movedBy after { item } } } }"""


async def test_a_preview_spells_out_nothing_of_the_cases_that_its_where_leads_to(database: Database):
    await promised.default(item("resolution", 60))
    acme = await given.account()
    carl = await given.viewer(Role.CUSTOMER, contact=await given.contact("Carl", acme))
    own = await given.case(by=carl)
    hidden = await given.case("Umbrella is sued", customer=await given.account("Umbrella"))
    await given.done(family.add_child_cases, by=await given.viewer(), case=hidden, children=[own])
    asked = [{"parent": {"title": {"contains": "sued"}}}, {"title": {"eq": own.title}}]

    found = [await given.answer(PREVIEW, viewer=carl, input={"priority": "HIGH", "where": where}) for where in asked]

    assert [data["previewSla"]["cases"] for data in found] == [0, 1]


def test_previews_cost_what_it_takes_to_replay_hundreds_of_histories():
    fields = " ".join(f"p{number}: previewSla(input: {{priority: HIGH}}) {{ changed }}" for number in range(6))

    with pytest.raises(Refusal) as refused:
        given.graph().prepare(f"{{ {fields} }}", None, {})

    assert [error.extensions["limit"] for error in refused.value.errors if error.extensions] == ["cost"]


def numbers(data: Any) -> list[str]:
    return [node["case"]["number"] for node in data["slaKpiInstances"]["nodes"]]


def span(text: str) -> timedelta:
    return read_duration(text)


@contextmanager
def round_trips() -> Iterator[list[str]]:
    """Every statement that transactions send, in whatever way."""
    seen: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for kind in (PooledTransaction, WriteTransaction):
            for name in ("execute_query", "execute_query_dict", "execute_insert", "execute_many"):
                patch.setattr(kind, name, _counting(getattr(kind, name), seen))
        yield seen


def _counting(original: Any, seen: list[str]) -> Any:
    async def sent(self: Any, sql: str, values: Any = None) -> Any:
        seen.append(sql)
        return await original(self, sql, values)

    return sent


COUNTDOWN = """{ slaKpiInstances { nodes { state countdown { state remaining serverNow running runningUntil
    nextRunningFrom warnAt failAt breaksAt validUntil hours { start end } } } } }"""


async def shown(by, **more):
    (node,) = (await given.answer(COUNTDOWN, viewer=by, **more))["slaKpiInstances"]["nodes"]
    return node["countdown"]


async def test_a_countdown_has_all_that_a_widget_ticks_by(database: Database):
    office = await given.calendar()
    await promised.default(item("resolution", 600, warn=480, calendar=str(office.id)))
    by = await given.viewer()
    await given.case(by=by, now=given.at("Wed 16:00"))

    sent = await shown(by, now=given.at("Wed 16:30"))

    assert (sent["state"], sent["remaining"], sent["serverNow"]) == ("IN_PROGRESS", "PT9H30M", "2025-06-04T16:30:00Z")
    assert (sent["running"], sent["runningUntil"]) == (True, "2025-06-04T17:00:00Z")
    assert sent["nextRunningFrom"] == "2025-06-05T09:00:00Z"
    assert sent["hours"][0] == {"start": "2025-06-04T16:30:00Z", "end": "2025-06-04T17:00:00Z"}
    assert (await shown(by, now=given.at("Wed 18:00")))["running"] is False


async def test_a_countdown_stands_still_in_a_pause(database: Database):
    await promised.default(item("resolution", 60))
    by = await given.viewer()
    case = await given.case(by=by)
    await given.done(working.suspend_case, by=by, case=case, reason=StatusReason.ON_HOLD, now=NOW + minutes(9))

    sent = await shown(by, now=NOW + minutes(30))

    assert (sent["state"], sent["remaining"], sent["running"], sent["hours"]) == ("PAUSED", "PT51M", False, [])

"""Clocks that are sent when they are other ones, and not while they just tick."""

from datetime import UTC, datetime, timedelta

from actions import ending, talking, working
from actions.announcing import announce
from cases.vocabulary import StatusReason
from models import SlaKpiInstance
from models.database import Database
from schema.ids import id_of
from tests import given, promised
from tests.given import done
from tests.promised import item
from tests.schema.live.listening import house

TIMERS = """subscription ($where: SlaKpiInstanceWhere, $after: String) { slaTimers(where: $where, after: $after) {
    cursor gone hasMore timers { id kpi state case { number }
        countdown { state remaining serverNow running runningUntil failAt warnAt } } } }"""


def now() -> datetime:
    return datetime.now(UTC)


async def test_clocks_are_sent_as_they_are_and_again_when_they_are_other_ones(database: Database):
    await promised.default(item("resolution", 60, warn=30))
    by = await given.viewer()
    case = await given.case(by=by, now=now())
    async with house(database) as at, at.listening(by, TIMERS) as told:
        first = await told.next()
        await done(talking.add_comment, by=by, case=case, body="Nothing of a clock", now=now())
        await done(working.suspend_case, by=by, case=case, reason=StatusReason.ON_HOLD, now=now())
        second = await told.next()

    (clock,) = first["timers"]
    assert (clock["case"]["number"], clock["countdown"]["running"]) == (case.number, True)
    assert first["hasMore"] is False
    assert [one["countdown"]["state"] for one in second["timers"]] == ["PAUSED"]
    assert second["timers"][0]["countdown"]["failAt"] is None


async def test_a_warning_and_a_breach_are_sent_when_they_are_announced(database: Database):
    await promised.default(item("resolution", 60, warn=30))
    by = await given.viewer()
    began = now()
    case = await given.case(by=by, now=began)
    when = [began]
    async with (
        house(database, clock=lambda: when[0]) as at,
        at.listening(by, TIMERS, where={"case": {"id": {"eq": id_of(case)}}}) as told,
    ):
        states = [(await told.next())["timers"][0]["countdown"]["state"]]
        for passed in (31, 61):
            when[0] = began + timedelta(minutes=passed)
            await announce(when[0])
            states.append((await told.next())["timers"][0]["countdown"]["state"])

    assert states == ["IN_PROGRESS", "NEARING_NONCOMPLIANCE", "NONCOMPLIANT"]


async def test_a_clock_that_is_not_meant_any_more_is_gone(database: Database):
    await promised.default(item("resolution", 60))
    by = await given.viewer()
    case = await given.case(by=by, now=now())
    key = id_of(await SlaKpiInstance.get(case_id=case.id))
    running = {"state": {"in": ["IN_PROGRESS", "NEARING_NONCOMPLIANCE"]}}
    async with house(database) as at:
        async with at.listening(by, TIMERS, where=running) as told:
            first = await told.next()
            await done(ending.resolve_case, by=by, case=case, summary="A new seal", now=now())
            second = await told.next()
        async with at.listening(by, TIMERS, where=running, after=first["cursor"]) as told:
            again = await told.next()

    assert [one["id"] for one in first["timers"]] == [key]
    assert (second["timers"], second["gone"]) == ([], [key])
    assert (again["timers"], again["gone"]) == ([], [key])


async def test_who_comes_back_is_sent_what_became_of_the_clocks_meanwhile(database: Database):
    await promised.default(item("resolution", 60))
    by = await given.viewer()
    async with house(database) as at:
        async with at.listening(by, TIMERS) as told:
            cursor = (await told.next())["cursor"]
        case = await given.case(by=by, now=now())
        async with at.listening(by, TIMERS, after=cursor) as told:
            assert [one["case"]["number"] for one in (await told.next())["timers"]] == [case.number]


async def test_the_clocks_of_another_tenant_are_not_sent(database: Database):
    await promised.default(item("resolution", 60))
    by = await given.viewer()
    stranger = await given.viewer(tenant=await given.tenant("other"))
    async with (
        house(database) as at,
        at.listening(stranger, TIMERS) as theirs,
        at.listening(by, TIMERS) as ours,
    ):
        await theirs.next(), await ours.next()
        await given.case(by=by, now=now())
        assert (await ours.next())["timers"]
        await given.case(by=stranger, now=now())  # without promises: nothing to send either
        assert at.hub.listeners == 2
        async with at.listening(stranger, TIMERS) as anew:
            assert (await anew.next())["timers"] == []

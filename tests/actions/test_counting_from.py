"""Promises that count from an instant that the case tells, also from before the case was there."""

from actions import promises
from actions.announcing import announce
from cases.vocabulary import Role
from models.database import Database
from tests import given, promised
from tests.given import NOW, minutes
from tests.promised import clock, item, told

BACKDATED = {"name": "since_then", "starts": ["OPENED"], "stops": ["RESOLVED"], "counts_from": "followUpAt"}


async def test_a_promise_that_counts_from_long_before_the_case_is_broken_when_it_is_opened(database: Database):
    lead = await given.viewer(Role.ADMIN)
    rows = await given.done(
        promises.save_sla_policy, by=lead, name="Since", items=[item("since_then", 60)], kpis=[BACKDATED]
    )
    policy = (await given.done(promises.activate_sla_policy, by=lead, policy=rows["sla_policy"]))["sla_policy"]
    case = await given.case(follow_up_at=NOW - minutes(90))
    case = await promised.applied(case, policy)

    found = await clock(case, "since_then")
    assert (found.applied_from, found.state.value) == (NOW - minutes(90), "NONCOMPLIANT")
    assert found.breached_at == NOW - minutes(30)
    await announce(NOW + minutes(1))
    assert [what for _, what in await told(case)] == ["BREACHED"]

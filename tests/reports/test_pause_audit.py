"""Pause audit: the pauses that the ledgers of the clocks tell, one by one."""

from datetime import date, timedelta

from actions.clocks import known_rows
from actions.policies import version_of
from cases.viewer import Viewer
from cases.vocabulary import Role
from reports import pause_audit
from reports.period import period
from settings import Limits
from sla.clock import Outcome
from sla.ledger import EntryKind, ledger
from sla.moments import moments
from sla.pause_audit import kept_only_by_pausing, suspicions
from tests.reports.recounted import grouped, keys, within
from tests.seeded import NOW

FIRST, END = date(2025, 3, 20), date(2025, 6, 5)
DAYS = period(FIRST, END, "Europe/Berlin", NOW, Limits())
NEVER = timedelta(days=10_000)


async def test_it_says_what_the_ledgers_say(manager, cases):
    found = await pause_audit.rows(DAYS, manager, now=NOW, limits=Limits())

    pauses = []
    for case in cases:
        known = await known_rows([((await version_of(case.columns["sla_version_id"])).policy, case.columns)])
        walked = moments(case.history, known)
        for clock in case.clocks:
            spoken = {one.pause.start for one in suspicions(clock, walked, NOW, NEVER)}
            pauses += [
                (case, clock, entry, entry.start in spoken)
                for entry in ledger(clock, NOW)
                if entry.kind is EntryKind.PAUSED and entry.reasons != ("CLOSED",) and within(entry.start, FIRST, END)
                if entry.open_time or entry.end == NOW
            ]
    expected = {}
    for key, group in grouped(
        pauses, lambda one: (one[2].actor.person_id, one[1].kpi.name, "+".join(one[2].reasons))
    ).items():
        clocks = {id(clock): clock for _, clock, _, _ in group}.values()
        met = [
            clock
            for clock in clocks
            if clock.ended and clock.ended.outcome is Outcome.FULFILLED and not clock.breached_at(NOW)
        ]
        only = sum(map(kept_only_by_pausing, met))
        expected[key] = {
            "pauses": len(group),
            "cases": len({id(case) for case, *_ in group}),
            "lasting": sum(entry.end == NOW for _, _, entry, _ in group),
            "open_time": sum((entry.open_time for _, _, entry, _ in group), timedelta(0)),
            "longest": max(entry.open_time for _, _, entry, _ in group),
            "customer_spoke": sum(spoke for *_, spoke in group),
            "met": len(met),
            "met_only_by_pausing": only,
            "only_by_pausing_per_mille": only * 1000 // len(met) if met else None,
        }

    assert {keys(row.groups): {name: getattr(row, name) for name in expected[keys(row.groups)]} for row in found} == (
        expected
    )
    for name in ("pauses", "lasting", "customer_spoke", "met", "met_only_by_pausing"):
        assert sum(getattr(row, name) for row in found) > 0, name


async def test_agents_are_told_of_their_own_pauses(manager):
    all_of_them = await pause_audit.rows(DAYS, manager, now=NOW, limits=Limits())
    somebody = all_of_them[0].groups[0].key

    viewer = Viewer(manager.tenant_id, Role.AGENT, "Somebody", person_id=somebody)
    found = await pause_audit.rows(DAYS, viewer, now=NOW, limits=Limits())

    assert found == [row for row in all_of_them if row.groups[0].key == somebody] != all_of_them

"""SLA attainment: what the statement says is what the clocks say, replayed one by one."""

from datetime import date, timedelta

import pytest

from reports import sla_attainment
from reports.dimensions import Dimension
from reports.period import period
from settings import Limits
from sla.clock import Outcome
from sla.pause_audit import kept_only_by_pausing
from tests.reports.recounted import average, grouped, key_of, keys, within
from tests.seeded import NOW

FIRST, END = date(2025, 4, 1), date(2025, 6, 5)
NOTHING = timedelta(0)


@pytest.mark.parametrize(
    "by",
    [
        (),
        (Dimension.DAY,),
        (Dimension.WEEK, Dimension.KPI),
        (Dimension.MONTH, Dimension.PRIORITY),
        (Dimension.TEAM,),
        (Dimension.QUEUE,),
        (Dimension.CUSTOMER,),
        (Dimension.POLICY, Dimension.KPI, Dimension.PRIORITY),
    ],
    ids=lambda by: "+".join(by).lower() or "all",
)
async def test_it_says_what_the_clocks_say(manager, cases, by):
    days = period(FIRST, END, "Europe/Berlin", NOW, Limits())
    found = await sla_attainment.rows(days, manager, by=by, now=NOW, limits=Limits())

    clocks = [(case, clock) for case in cases for clock in case.clocks if within(clock.started_at, FIRST, END)]
    expected = {}
    for key, group in grouped(
        clocks, lambda pair: tuple(key_of(one, pair[0], pair[1].started_at, pair[1]) for one in by)
    ).items():
        broken = [clock for _, clock in group if clock.breached_at(NOW)]
        whole = [clock for _, clock in group if not clock.breached_at(NOW)]
        met = [clock for clock in whole if clock.ended and clock.ended.outcome is Outcome.FULFILLED]
        late = [max(-clock.remaining(NOW), NOTHING) for clock in broken]
        expected[key] = {
            "clocks": len(group),
            "met": len(met),
            "met_only_by_pausing": sum(map(kept_only_by_pausing, met)),
            "breached": len(broken),
            "running": sum(clock.ended is None for clock in whole),
            "canceled": sum(bool(clock.ended and clock.ended.outcome is Outcome.DROPPED) for clock in whole),
            "attainment_per_mille": len(met) * 1000 // (len(met) + len(broken)) if met or broken else None,
            "late_by_average": average(late) if late else None,
            "late_by_max": max(late) if late else None,
        }

    assert {keys(row.groups): {name: getattr(row, name) for name in expected[keys(row.groups)]} for row in found} == (
        expected
    )
    assert sum(row.clocks for row in found) == len(clocks) > 500
    assert sum(row.met_only_by_pausing for row in found) > 0
    assert sum(row.running for row in found) > 0

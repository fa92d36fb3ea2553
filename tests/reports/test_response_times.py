"""Response times: percentiles of the spans that the clocks ran, and of those on the wall."""

from datetime import date, timedelta

import pytest

from reports import response_times
from reports.dimensions import Dimension
from reports.period import period
from settings import Limits
from sla.clock import Outcome
from tests.reports.recounted import grouped, key_of, keys, within
from tests.seeded import NOW

FIRST, END = date(2025, 3, 20), date(2025, 5, 20)


def nearest_rank(spans: list[timedelta], percent: int) -> timedelta:
    """The smallest of the spans that at least so many percent of them do not exceed."""
    return next(span for span in sorted(spans) if sum(one <= span for one in spans) * 100 >= percent * len(spans))


@pytest.mark.parametrize("by", [(Dimension.KPI,), (Dimension.WEEK, Dimension.KPI), (Dimension.TEAM, Dimension.KPI)])
async def test_it_says_what_the_clocks_say(manager, cases, by):
    days = period(FIRST, END, "Europe/Berlin", NOW, Limits())
    found = await response_times.rows(days, manager, by=by, now=NOW, limits=Limits())

    fulfilled = [
        (case, clock)
        for case in cases
        for clock in case.clocks
        if clock.ended and clock.ended.outcome is Outcome.FULFILLED and within(clock.ended.at, FIRST, END)
    ]
    groups = grouped(fulfilled, lambda pair: tuple(key_of(one, pair[0], pair[1].ended.at, pair[1]) for one in by))
    expected = {
        key: {
            "clocks": len(group),
            **{
                f"{kind}_p{percent}": nearest_rank(spans, percent)
                for kind, spans in (
                    ("business", [clock.active_for(NOW) for _, clock in group]),
                    ("wall", [clock.ended.at - clock.started_at for _, clock in group if clock.ended]),
                )
                for percent in (50, 90, 95)
            },
        }
        for key, group in groups.items()
    }

    assert {keys(row.groups): {name: getattr(row, name) for name in expected[keys(row.groups)]} for row in found} == (
        expected
    )
    assert sum(row.clocks for row in found) > 300

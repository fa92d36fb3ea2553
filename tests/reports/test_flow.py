"""Flow and backlog: what came and went, counted event by event."""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from cases.history import fold
from cases.vocabulary import FactKind, Status, StatusReason
from models import Case
from reports import backlog, backlog_ages, flow
from reports.dimensions import Dimension
from reports.period import period
from settings import Limits
from tests.reports.recounted import Told, key_of, keys, midnight, within
from tests.seeded import NOW

FIRST, END = date(2025, 3, 10), date(2025, 6, 7)
DAYS = period(FIRST, END, "Europe/Berlin", NOW, Limits())


@pytest.mark.parametrize(
    "by", [(), (Dimension.DAY,), (Dimension.WEEK, Dimension.TEAM), (Dimension.MONTH, Dimension.PRIORITY)]
)
async def test_flow_counts_every_time_that_a_case_came_or_went(manager, cases, by):
    found = await flow.rows(DAYS, manager, by=by, now=NOW, limits=Limits())

    expected: dict[tuple[object, ...], Counter[str]] = {}
    for case in cases:
        for event in case.history:
            if (what := happened(event)) and within(event.at, FIRST, END):
                key = tuple(key_of(one, case, event.at) for one in by)
                expected.setdefault(key, Counter())[what] += 1

    names = ("opened", "reopened", "resolved", "canceled", "merged")
    assert {keys(row.groups): {name: getattr(row, name) for name in names} for row in found} == {
        key: {name: counts[name] for name in names} for key, counts in expected.items()
    }
    total = sum(expected.values(), Counter())
    assert all(total[name] > 0 for name in names)
    assert 500 < total["opened"] < len(cases) < await Case.all().count()  # some began before, some were deleted


def happened(event) -> str | None:
    match event.fact.kind, event.fact.changes.get("status_reason"):
        case FactKind.OPENED, _:
            return "opened"
        case FactKind.REACTIVATED | FactKind.UNMERGED, _:
            return "reopened"
        case FactKind.RESOLVED, _:
            return "resolved"
        case _, StatusReason.MERGED:
            return "merged"
        case FactKind.CANCELED, _:
            return "canceled"
    return None


def was_open(case: Told, at: datetime) -> bool:
    """Whether the case was active just before an instant, by the fold of what had happened until then."""
    until = [event for event in case.history if event.at < at]
    return bool(until) and fold(until).columns["status"] is Status.ACTIVE


@pytest.mark.parametrize("by", [(Dimension.DAY,), (Dimension.WEEK,), (Dimension.DAY, Dimension.PRIORITY)])
async def test_backlog_counts_the_cases_that_were_open_at_the_end_of_each_day(manager, cases, by):
    found = await backlog.rows(DAYS, manager, by=by, now=NOW, limits=Limits())

    told = {keys(row.groups): row.open for row in found}
    ends = {keys(row.groups)[0]: None for row in found}
    weeks = by[0] is Dimension.WEEK
    for day in ends:
        following = min(day + timedelta(days=7 if weeks else 1), END)
        then = [case for case in cases if was_open(case, min(midnight(following), NOW))]
        counts = Counter((day, *(key_of(one, case, NOW) for one in by[1:])) for case in then)
        assert {key: count for key, count in told.items() if key[0] == day and count} == counts
    first, last = min(ends), max(ends)
    assert (first, last) == (
        (FIRST, date(2025, 6, 2)) if weeks else (FIRST, date(2025, 6, 4))
    )  # nothing of days to come


async def test_the_backlog_grows_by_what_comes_and_shrinks_by_what_goes(manager):
    by = (Dimension.DAY,)
    days = {keys(row.groups): row.open for row in await backlog.rows(DAYS, manager, by=by, now=NOW, limits=Limits())}
    flows = {keys(row.groups): row for row in await flow.rows(DAYS, manager, by=by, now=NOW, limits=Limits())}

    for before, after in pairwise(sorted(days)):
        row = flows.get(after)
        change = row.opened + row.reopened - row.resolved - row.canceled - row.merged if row else 0
        assert days[after] - days[before] == change


@pytest.mark.parametrize("by", [(), (Dimension.TEAM,)])
@pytest.mark.parametrize("end", [date(2025, 5, 1), END])
async def test_ages_are_those_of_the_cases_that_were_open_at_the_end(manager, cases, by, end):
    days = period(FIRST, end, "Europe/Berlin", NOW, Limits())
    at = min(midnight(end), NOW)
    found = await backlog_ages.rows(days, manager, by=by, now=NOW, limits=Limits())

    expected: dict[tuple[object, ...], Counter[str]] = {}
    for case in cases:
        if was_open(case, at):
            age = at - case.history[0].at
            band = next((name for name, under in backlog_ages.BANDS.items() if age < under), "older")
            key = tuple(key_of(one, case, NOW) for one in by)
            expected.setdefault(key, Counter())[band] += 1

    names = (*backlog_ages.BANDS, "older")
    assert {keys(row.groups): {name: getattr(row, name) for name in names} for row in found} == {
        key: {name: counts[name] for name in names} for key, counts in expected.items()
    }
    assert all(row.open == sum(getattr(row, name) for name in names) for row in found)
    assert sum(row.open for row in found) > 20

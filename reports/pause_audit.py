"""Pause audit: who paused clocks, why and for how long, and how many promises were kept by nothing else.

Only a history says who began a pause, and only a calendar how much of it was open. So the cases to look at are found by
their events, and their clocks replayed.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from actions.clocks import columns_of, histories_of, known_rows, replayed
from actions.policies import version_of
from cases.conditions import EVERYTHING, All, Compare, Condition, Op
from cases.refusals import BadInput
from cases.viewer import Viewer
from cases.vocabulary import Role
from models.case import Case, CaseEvent
from models.reading import rows as read
from models.reading import select
from models.statements import Statement
from models.visibility import visible
from reports.dimensions import Dimension, Part, parts, place
from reports.period import Period
from reports.report import Report, check_length
from reports.statement import Happened, buckets
from settings import Limits
from sla.clock import Clock, Outcome, Span
from sla.moments import Moment, Signal, moments
from sla.pause_audit import kept_only_by_pausing
from sla.replay import CLOSED

CASES_AT_ONCE: Final = 100


@dataclass(frozen=True)
class PauseAuditRow:
    """The pauses that a person began in a period, of the clocks of one KPI, for one reason."""

    groups: tuple[Part, ...]
    pauses: Annotated[int, "How many there were."]
    cases: Annotated[int, "Of how many cases."]
    lasting: Annotated[int, "How many of them last still."]
    open_time: Annotated[timedelta, "How much business time they took in all, until now or their end."]
    longest: Annotated[timedelta, "How much the longest of them took."]
    customer_spoke: Annotated[int, "Pauses in which the customer spoke, so that nobody waited for them any more."]
    met: Annotated[int, "Of the clocks that were paused, how many were fulfilled in time."]
    met_only_by_pausing: Annotated[int, "How many of those would have been broken had their pauses run on."]
    only_by_pausing_per_mille: Annotated[int | None, "That in 1,000 of them, rounded down; null if none was met."]


@dataclass(frozen=True)
class Pause:
    """A pause of a clock, and what it was about."""

    case_id: UUID
    clock: Clock
    open_time: timedelta
    lasts: bool
    customer_spoke: bool


Key = tuple[Any, ...]


async def rows(
    period: Period,
    viewer: Viewer,
    *,
    which: Condition = EVERYTHING,
    now: datetime,
    limits: Limits,
) -> list[PauseAuditRow]:
    """Who paused the clocks of cases in the period, by KPI and reason.

    A suspended case pauses all of its clocks that its policy lets wait: each counts under its own KPI. A pause that is
    over and took no business time changed nothing, and the time between the end of a case and its being taken up again
    is no pause: neither counts. Agents are told of their own pauses.
    """
    ids = await _paused_cases(period, viewer, which, limits)
    by_key: dict[Key, list[Pause]] = defaultdict(list)
    async for key, pause in _pauses(ids, period, viewer, now):
        if viewer.role is not Role.AGENT or key[0] == viewer.person_id:
            by_key[key].append(pause)
    check_length(list(by_key), limits)
    about = await parts(BY, list(by_key), (), viewer)
    found = [_row(groups, pauses) for groups, pauses in zip(about, by_key.values(), strict=True)]
    return sorted(found, key=lambda row: place(row.groups))


BY: Final = (Dimension.PERSON, Dimension.KPI, Dimension.REASON)


def _row(groups: tuple[Part, ...], pauses: Sequence[Pause]) -> PauseAuditRow:
    paused = {(pause.case_id, pause.clock.kpi.name, pause.clock.cycle): pause.clock for pause in pauses}
    met = [clock for clock in paused.values() if _met(clock)]
    only = sum(map(kept_only_by_pausing, met))
    return PauseAuditRow(
        groups=groups,
        pauses=len(pauses),
        cases=len({pause.case_id for pause in pauses}),
        lasting=sum(pause.lasts for pause in pauses),
        open_time=sum((pause.open_time for pause in pauses), timedelta(0)),
        longest=max(pause.open_time for pause in pauses),
        customer_spoke=sum(pause.customer_spoke for pause in pauses),
        met=len(met),
        met_only_by_pausing=only,
        only_by_pausing_per_mille=only * 1000 // len(met) if met else None,
    )


def _met(clock: Clock) -> bool:
    end = clock.ended
    return end is not None and end.outcome is Outcome.FULFILLED and clock.breached_at(end.at) is None


async def _paused_cases(period: Period, viewer: Viewer, which: Condition, limits: Limits) -> list[UUID]:
    """The cases with a clock that was ever paused to which something happened in the period: a pause begins by that.

    Raises BadInput for more of them than may be replayed for one report.
    """
    happened = Happened(CaseEvent, "at", buckets(period, ()), viewer, (), which)
    happened.columns = {"case_id": "t0.case_id"}
    paused = "t60.paused_microseconds > 0 OR t60.paused_since IS NOT NULL"
    happened.where = f"EXISTS (SELECT 1 FROM sla_kpi_instance AS t60 WHERE t60.case_id = t0.case_id AND ({paused}))"
    text = f"SELECT DISTINCT case_id FROM ({happened.each()}) AS x LIMIT {limits.report_cases + 1}"
    found = await read(Statement(text, happened.parameters.values))
    if len(found) > limits.report_cases:
        raise BadInput(f"More than {limits.report_cases} cases were paused; ask for fewer days.", path=("from",))
    return [UUID(str(row["case_id"])) for row in found]


async def _pauses(
    ids: Sequence[UUID], period: Period, viewer: Viewer, now: datetime
) -> AsyncIterator[tuple[Key, Pause]]:
    """Every pause that began in the period, with who began it, the KPI and the reasons."""
    for start in range(0, len(ids), CASES_AT_ONCE):
        some = Compare("id", Op.IN, tuple(ids[start : start + CASES_AT_ONCE]))
        cases = await select(Case, All((visible(Case, viewer), some)))
        histories = await histories_of([case.id for case in cases])
        versions = {key: await version_of(key) for key in {case.sla_version_id for case in cases} if key}
        columns = {case.id: columns_of(case) for case in cases}
        known = await known_rows(
            (versions[case.sla_version_id].policy, columns[case.id]) for case in cases if case.sla_version_id
        )
        for case in cases:
            if case.sla_version_id is None:
                continue
            await asyncio.sleep(0)  # replaying takes its time, and others want to be served meanwhile
            history = histories[case.id]
            evaluated = replayed(history, columns[case.id], versions[case.sla_version_id], known)
            spans = [(clock, span) for clock in evaluated.clocks for span in _begun(clock, period)]
            spoken = _spoken(moments(history, known)) if spans else ()
            for clock, span in spans:
                pause = _pause(case.id, clock, span, spoken, now)
                if pause.lasts or pause.open_time:
                    yield (span.actor.person_id, clock.kpi.name, "+".join(sorted(span.reasons))), pause


def _begun(clock: Clock, period: Period) -> list[Span]:
    """The pauses of a clock that began in the period."""
    return [
        span
        for span in clock.spans
        if not span.is_running and span.reasons != {CLOSED} and period.starts_at <= span.start < period.ends_at
    ]


def _pause(case_id: UUID, clock: Clock, span: Span, spoken: Sequence[datetime], now: datetime) -> Pause:
    end = span.until(now)
    return Pause(
        case_id=case_id,
        clock=clock,
        open_time=clock.calendar.open_time(span.start, end),
        lasts=span.end is None or span.end > now,
        customer_spoke=any(span.start < at < end for at in spoken),
    )


def _spoken(walked: Iterable[Moment]) -> list[datetime]:
    return [one.at for one in walked if Signal.CUSTOMER_SPOKE in one.signals]


REPORT: Final = Report("pause_audit", PauseAuditRow, rows, always=BY)

"""Replay: the clocks of a case, from its moments and a policy.

Success is tested before applicability, so that an item that applies to active cases is not lost in the moment in which
they are resolved. An item that no longer applies gives way to the first that does; without any, the measurement is
dropped, and taken up again, with all that ran meanwhile, if one applies later.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cases.conditions import holds
from sla.clock import Clock, End, Outcome, Span
from sla.kpis import Kpi, Reopening
from sla.moments import Moment, Signal
from sla.policy import Item, Policy

CLOSED: Final = "CLOSED"
"""The reason for which a clock is paused from the end of a case until it is taken up again."""


@dataclass
class _Cycle:
    """A measurement while the moments are walked: where it began, and what is known of it so far."""

    number: int
    first: int
    item: Item | None = None
    applies: bool = False
    dropped_at: datetime | None = None
    ended: End | None = None
    last: int = -1
    by_end_of_case: bool = False


def replay(moments: Sequence[Moment], policy: Policy, *, pinned: datetime | None = None) -> list[Clock]:
    """All clocks of a case, KPI by KPI in the order of the policy, cycle by cycle.

    `moments` are the whole history, in order. `pinned` is a deadline set by hand, for the resolution.
    """
    names = dict.fromkeys(item.kpi for item in policy.items)
    return [
        clock
        for name in names
        for clock in clocks_of(policy.kpis[name], moments, policy, pinned if name == "resolution" else None)
    ]


def clocks_of(kpi: Kpi, moments: Sequence[Moment], policy: Policy, pinned: datetime | None = None) -> Iterator[Clock]:
    """The clocks of one KPI, cycle by cycle; a cycle to which no item ever applied has none."""
    announced = {key: at for moment in moments for key, at in moment.announced.items()}
    for cycle in _cycles(kpi, moments, policy):
        if cycle.item is None:
            continue
        ended = cycle.ended or (End(cycle.dropped_at, Outcome.DROPPED) if cycle.dropped_at else None)
        yield Clock(
            kpi,
            cycle.number,
            cycle.item,
            policy.calendar_of(cycle.item),
            _spans(moments[cycle.first :], ended and ended.at, _waiting(kpi, cycle.item, policy)),
            ended,
            pinned if cycle.ended is None else None,
            announced.get((kpi.name, cycle.number)),
        )


def matching(kpi: str, row: object, policy: Policy) -> Item | None:
    """The first item that makes a promise of this KPI for a case like `row`."""
    return next((item for item in policy.items if item.kpi == kpi and holds(item.applicable_when, row)), None)


def _cycles(kpi: Kpi, moments: Sequence[Moment], policy: Policy) -> list[_Cycle]:
    cycles: list[_Cycle] = []
    running: _Cycle | None = None
    for index, moment in enumerate(moments):
        if running is not None:
            _end(running, kpi, moment)
        elif Signal.REOPENED in moment.signals and cycles and cycles[-1].by_end_of_case:
            running = _reopened(cycles, kpi, index)
        again = running is not None and running.ended is not None and bool(moment.signals & kpi.restarts)
        if running is not None and running.ended is not None:
            running = None
        if again or (running is None and moment.signals & (kpi.starts | kpi.restarts) and not moment.ended):
            running = _Cycle(len(cycles) + 1, index)
            cycles.append(running)
        if running is not None:
            _choose_item(running, kpi, moment, policy)
    return cycles


def _end(cycle: _Cycle, kpi: Kpi, moment: Moment) -> None:
    """Ends a running cycle if this moment fulfils, restarts or cancels it; in this order."""
    success_when = cycle.item.success_when if cycle.item else None
    fulfilled = holds(success_when, moment.row) if success_when else bool(moment.signals & kpi.stops)
    if fulfilled or moment.signals & kpi.restarts:
        cycle.ended = End(moment.at, Outcome.FULFILLED)
    elif moment.signals & kpi.cancels:
        cycle.ended = End(moment.at, Outcome.DROPPED)
    cycle.by_end_of_case = cycle.ended is not None and moment.ended
    if cycle.ended is not None and not cycle.applies:
        # What was not promised any more when it happened is neither kept nor broken.
        cycle.ended = End(cycle.dropped_at or moment.at, Outcome.DROPPED)


def _reopened(cycles: list[_Cycle], kpi: Kpi, index: int) -> _Cycle | None:
    last = cycles[-1]
    match kpi.reopening:
        case Reopening.CONTINUE:
            last.ended, last.by_end_of_case = None, False
            return last
        case Reopening.NEW_CYCLE:
            cycles.append(_Cycle(len(cycles) + 1, index))
            return cycles[-1]
        case Reopening.IGNORE:
            return None


def _choose_item(cycle: _Cycle, kpi: Kpi, moment: Moment, policy: Policy) -> None:
    if cycle.item is not None and cycle.item.sticky and cycle.item in policy.items:
        return
    item = matching(kpi.name, moment.row, policy)
    cycle.applies = item is not None
    cycle.item = item or cycle.item
    cycle.dropped_at = None if item else cycle.dropped_at or moment.at


def _waiting(kpi: Kpi, item: Item, policy: Policy) -> Callable[[Moment], frozenset[str]]:
    """What a moment leaves the case waiting for, by the nearest rule: the item's, the KPI's, the policy's."""
    rule = item.pause_when or policy.pause_rules.get(kpi.name)
    reasons = kpi.waits if kpi.waits is not None else policy.waits

    def waiting(moment: Moment) -> frozenset[str]:
        if moment.ended:
            return frozenset({CLOSED})
        if not item.may_pause:
            return frozenset()
        if rule is not None:
            return (moment.waits or frozenset({"CONDITION"})) if holds(rule, moment.row) else frozenset()
        return moment.waits & reasons

    return waiting


def _spans(
    moments: Sequence[Moment], end: datetime | None, waiting: Callable[[Moment], frozenset[str]]
) -> tuple[Span, ...]:
    """The stretches from the first moment until `end`, or without one until now; neighbours alike become one."""
    spans: list[Span] = []
    for moment in moments:
        if end is not None and moment.at >= end and spans:
            break
        reasons = waiting(moment)
        if spans and spans[-1].reasons == reasons:
            continue
        if spans:
            spans[-1] = _until(spans[-1], moment.at)
        spans.append(Span(moment.at, None, reasons, moment.actor, moment.number))
    spans[-1] = _until(spans[-1], end) if end is not None else spans[-1]
    kept = [span for span in spans if span.end is None or span.end > span.start]
    return tuple(kept or spans[-1:])


def _until(span: Span, end: datetime) -> Span:
    return Span(span.start, max(end, span.start), span.reasons, span.actor, span.event)

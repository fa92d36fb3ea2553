"""Replay: the clocks of a case, from its moments and a policy.

Success is tested before applicability, so that an item that applies to active cases is not lost in the moment in which
they are resolved. An item that no longer applies gives way to the first that does; without any, the measurement is
dropped, and taken up again, with all that ran meanwhile, if one applies later. What a moment paused is judged by the
item that held then: a pause that counted is not taken back when another item takes over.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from cases.conditions import holds
from sla.clock import Clock, End, Outcome, Span
from sla.kpis import RESOLUTION, Kpi, Reopening
from sla.moments import Moment, Signal
from sla.policy import Item, Policy

CLOSED: Final = "CLOSED"
"""The reason for which a clock is paused from the end of a case until it is taken up again."""

CONDITION: Final = "CONDITION"
"""The reason of a pause by a condition, where the case itself waits for nothing."""


@dataclass
class _Cycle:
    """A measurement while the moments are walked: where it began, and what is known of it so far."""

    number: int
    first: int
    item: Item | None = None
    applies: bool = False
    dropped_at: datetime | None = None
    ended: End | None = None
    last: int | None = None
    by_end_of_case: bool = False
    item_since: dict[int, Item] = field(default_factory=dict)

    def end(self, at: datetime, outcome: Outcome, index: int, *, by_end_of_case: bool = False) -> None:
        # What was not promised any more when it happened is neither kept nor broken.
        self.ended = End(at, outcome) if self.applies else End(self.dropped_at or at, Outcome.DROPPED)
        self.last, self.by_end_of_case = index, by_end_of_case

    def take_up(self) -> None:
        self.ended, self.last, self.by_end_of_case = None, None, False


def replay(moments: Sequence[Moment], policy: Policy, *, pinned: datetime | None = None) -> list[Clock]:
    """All clocks of a case, KPI by KPI in the order of the policy, cycle by cycle.

    `moments` are the whole history, in order. `pinned` is a deadline set by hand, for the resolution.
    """
    names = dict.fromkeys(item.kpi for item in policy.items)
    return [
        clock
        for name in names
        for clock in clocks_of(policy.kpis[name], moments, policy, pinned if name == RESOLUTION.name else None)
    ]


def clocks_of(kpi: Kpi, moments: Sequence[Moment], policy: Policy, pinned: datetime | None = None) -> Iterator[Clock]:
    """The clocks of one KPI, cycle by cycle; a cycle to which no item ever applied has none.

    `pinned` is for the last cycle; those before it keep the deadline that the case had when they ended. A deadline that
    was over when a cycle began is none for it.
    """
    announced = {key: at for moment in moments for key, at in moment.announced.items()}
    cycles = list(_Walk(kpi, moments, policy).cycles())
    for cycle in cycles:
        if cycle.item is None:
            continue
        ended = cycle.ended or (End(cycle.dropped_at, Outcome.DROPPED) if cycle.dropped_at else None)
        spans = _spans(_stretches(cycle, kpi, moments, policy), ended.at if ended else None)
        if cycle is not cycles[-1] and cycle.last is not None:
            deadline = moments[cycle.last].pinned if kpi.name == RESOLUTION.name else None
        else:
            deadline = pinned
        yield Clock(
            kpi,
            cycle.number,
            cycle.item,
            policy.calendar_of(cycle.item),
            spans,
            ended,
            deadline if deadline is not None and deadline > spans[0].start else None,
            announced.get((kpi.name, cycle.number)),
        )


def matching(kpi: str, row: object, policy: Policy) -> Item | None:
    """The first item that makes a promise of this KPI for a case like `row`."""
    return next((item for item in policy.items if item.kpi == kpi and holds(item.applicable_when, row)), None)


@dataclass
class _Walk:
    """The way of one KPI through the moments of a case."""

    kpi: Kpi
    moments: Sequence[Moment]
    policy: Policy
    began: list[_Cycle] = field(default_factory=list)

    def cycles(self) -> list[_Cycle]:
        rule = self.policy.response_rule(self.kpi.name)
        running: _Cycle | None = None
        for index, moment in enumerate(self.moments):
            signals = moment.heard(rule, self.kpi.name)
            again = False
            if running is not None:
                self._end(running, index, signals)
                again = running.ended is not None and bool(signals & self.kpi.restarts)
            elif Signal.REOPENED in signals and self.began and self.began[-1].by_end_of_case:
                running = self._reopened(index)
            elif Signal.UNMERGED in signals and self.began and self.began[-1].by_end_of_case:
                # what was merged by mistake goes on as it was, also where reopening would do nothing
                running = self.began[-1]
                running.take_up()
            if running is not None and running.ended is not None:
                running = None
            if running is None and not moment.ended and (again or self._starts(index, signals)):
                running = self._begin(index)
            if running is not None:
                self._choose_item(running, index)
                if self._is_met(running, moment):
                    running.end(moment.at, Outcome.FULFILLED, index)
                    running = None
        return self.began

    def _end(self, cycle: _Cycle, index: int, signals: frozenset[Signal]) -> None:
        """Ends a running cycle if this moment fulfils, restarts or cancels it, or ends the case; in this order."""
        moment = self.moments[index]
        told = bool(signals & self.kpi.stops) and (cycle.item is None or cycle.item.success_when is None)
        if told or signals & self.kpi.restarts or self._is_met(cycle, moment):
            cycle.end(moment.at, Outcome.FULFILLED, index, by_end_of_case=moment.ended)
        elif moment.ended or signals & self.kpi.cancels:
            cycle.end(moment.at, Outcome.DROPPED, index, by_end_of_case=moment.ended)

    def _is_met(self, cycle: _Cycle, moment: Moment) -> bool:
        """Whether the case itself, rather than a signal, says that the cycle is fulfilled."""
        own = cycle.item.success_when if cycle.item else None
        met_when = own if own is not None else self.kpi.stops_when
        return met_when is not None and holds(met_when, moment.row)

    def _starts(self, index: int, signals: frozenset[Signal]) -> bool:
        if signals & (self.kpi.starts | self.kpi.restarts):
            return True
        starts_when = self.kpi.starts_when
        if starts_when is None or not holds(starts_when, self.moments[index].row):
            return False
        before = self.moments[index - 1] if index else None
        return before is None or before.ended or not holds(starts_when, before.row)

    def _begin(self, index: int) -> _Cycle:
        self.began.append(_Cycle(len(self.began) + 1, index))
        return self.began[-1]

    def _reopened(self, index: int) -> _Cycle | None:
        match self.kpi.reopening:
            case Reopening.CONTINUE:
                self.began[-1].take_up()
                return self.began[-1]
            case Reopening.NEW_CYCLE:
                return self._begin(index)
            case Reopening.IGNORE:
                return None

    def _choose_item(self, cycle: _Cycle, index: int) -> None:
        if cycle.item is not None and cycle.item.sticky:
            return
        moment = self.moments[index]
        item = matching(self.kpi.name, moment.row, self.policy)
        if item is not None and item is not cycle.item:
            cycle.item_since[index] = item
        cycle.applies = item is not None
        cycle.item = item or cycle.item
        cycle.dropped_at = None if item else cycle.dropped_at or moment.at


def _stretches(
    cycle: _Cycle, kpi: Kpi, moments: Sequence[Moment], policy: Policy
) -> Iterator[tuple[datetime, Moment, frozenset[str]]]:
    """From when on, by which moment, the case waited for what, from the instant from which the cycle counts."""
    start = _counts_from(kpi, moments[cycle.first])
    item = next(iter(cycle.item_since.values()))
    for index, moment in enumerate(moments):
        item = cycle.item_since.get(index, item)
        if index < cycle.first and moments[index + 1].at <= start:
            continue  # what was over when counting began
        begins = moment.at if index else min(start, moment.at)  # it may count from before the case was there
        yield max(start, begins), moment, _waits(moment, item, kpi, policy)


def _counts_from(kpi: Kpi, moment: Moment) -> datetime:
    named = getattr(moment.row, kpi.counts_from, None) if kpi.counts_from else None
    return min(named, moment.at) if isinstance(named, datetime) else moment.at


def _waits(moment: Moment, item: Item, kpi: Kpi, policy: Policy) -> frozenset[str]:
    """What a moment leaves the case waiting for, by the nearest rule: the item's, the KPI's, the policy's."""
    if moment.ended:
        return frozenset({CLOSED})
    if not item.may_pause:
        return frozenset()
    rule = item.pause_when if item.pause_when is not None else policy.pause_rules.get(kpi.name)
    if rule is not None:
        return (moment.waits or frozenset({CONDITION})) if holds(rule, moment.row) else frozenset()
    return moment.waits & (kpi.waits if kpi.waits is not None else policy.waits)


def _spans(stretches: Iterable[tuple[datetime, Moment, frozenset[str]]], end: datetime | None) -> tuple[Span, ...]:
    """The stretches until `end`, or without one until now; neighbours alike become one, and those of no length none."""
    spans: list[Span] = []
    for start, moment, reasons in stretches:
        if end is not None and start >= end and spans:
            break
        if spans and spans[-1].start == start:
            spans.pop()
        if spans and spans[-1].reasons == reasons:
            spans[-1] = replace(spans[-1], end=None)
            continue
        if spans:
            spans[-1] = replace(spans[-1], end=start)
        spans.append(Span(start, None, reasons, moment.actor, moment.number))
    if end is not None:
        spans[-1] = replace(spans[-1], end=max(end, spans[-1].start))
    return tuple(spans)

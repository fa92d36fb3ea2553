"""Escalation: what a clock runs into as time passes, if nothing happens.

A warning, a breach and each level of the item happen once per clock, at instants that are computed, never found by a
poll: whoever announces them may be late, but neither wrong nor twice.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import auto
from typing import Final

from cases.vocabulary import Word
from sla.clock import Clock


class Event(Word):
    """What there is to announce of a clock."""

    WARNED = auto()
    BREACHED = auto()
    LEVEL = auto()


_RANK: Final = {Event.WARNED: 0, Event.LEVEL: 1, Event.BREACHED: 2}
"""In which order to tell what happened at one instant."""


@dataclass(frozen=True)
class Transition:
    """One thing to announce: `at` is when it happened, `due` the last instant at which it could still be averted.

    They differ for a breach at closing time: until the next opening the promise can still be kept.
    """

    due: datetime
    at: datetime
    kind: Event
    name: str = ""


def transitions(clock: Clock, at: datetime) -> Iterator[Transition]:
    """All that the clock has run into by `at` or will if nothing happens, as far as it can be said; in no order."""
    warn_at = clock.warn_at(at)
    if warn_at is not None:
        yield Transition(warn_at, warn_at, Event.WARNED)
    for level in clock.item.levels:
        level_at = clock.level_at(level, at)
        if level_at is not None:
            yield Transition(level_at, level_at, Event.LEVEL, level.name)
    broke_at, breached_at = clock.broke_at(at), clock.breached_at(at)
    if broke_at is not None and breached_at is not None:
        yield Transition(broke_at, breached_at, Event.BREACHED)
    elif (breaks_at := clock.breaks_at(at)) is not None:
        yield Transition(breaks_at, clock.fail_at(at) or breaks_at, Event.BREACHED)


def due_transitions(clock: Clock, after: datetime | None, until: datetime) -> list[Transition]:
    """What happened before `until`, and if `after` is given not before it; in the order in which it happened.

    A breach counts once its clock ran longer than promised: at the due instant itself it can still be averted. Of a
    clock that has ended only the breach is told: nobody needs to be warned of what is over.
    """
    found = [one for one in transitions(clock, until) if one.due < until and (after is None or one.due >= after)]
    return sorted(found, key=lambda one: (one.at, _RANK[one.kind], one.due))


def next_transition_at(clock: Clock, at: datetime) -> datetime | None:
    """The instant of the next thing to announce that has not happened by `at`; None if there is none."""
    return min((one.due for one in transitions(clock, at) if one.due >= at), default=None)


def next_untold_at(clock: Clock, at: datetime, told: Collection[tuple[Event, str]]) -> datetime | None:
    """When there is next something to announce, as known at `at`, beside what was `told`: kinds, and names of levels.

    It lies in the past where something is owed: an item that takes over may have had its warning, its levels, even its
    breach before it came. What was told of another item is told: nobody is warned twice of one measurement.
    """
    return min((one.due for one in transitions(clock, at) if (one.kind, one.name) not in told), default=None)

"""Preview: what another policy, calendar or history would make of clocks, before anything is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import auto

from cases.vocabulary import Word
from sla.clock import Clock, State


class Breach(Word):
    """What becomes of a breach."""

    GAINED = auto()
    LOST = auto()


@dataclass(frozen=True)
class Outcome:
    """A clock in short, at the instant of the preview. `fail_at` supposes a pause to end then."""

    item: str
    state: State
    fail_at: datetime | None
    warn_at: datetime | None
    breached_at: datetime | None
    remaining: timedelta


@dataclass(frozen=True)
class Difference:
    """A clock that would be another. Null is a clock that was not there before, or would not be there after."""

    kpi: str
    cycle: int
    before: Outcome | None
    after: Outcome | None

    @property
    def breach(self) -> Breach | None:
        """Whether a breach comes or goes."""
        was, will_be = (
            outcome is not None and outcome.breached_at is not None for outcome in (self.before, self.after)
        )
        return None if was is will_be else Breach.GAINED if will_be else Breach.LOST

    @property
    def gained(self) -> timedelta | None:
        """How much more open time would be left; null if there is nothing to compare."""
        return None if self.before is None or self.after is None else self.after.remaining - self.before.remaining

    @property
    def moved_by(self) -> timedelta | None:
        """How much later, by the clock on the wall, it would fall due; null if there is nothing to compare."""
        if self.before is None or self.after is None or self.before.fail_at is None or self.after.fail_at is None:
            return None
        return self.after.fail_at - self.before.fail_at


def outcome(clock: Clock, at: datetime) -> Outcome:
    return Outcome(
        item=clock.item.name,
        state=clock.state(at),
        fail_at=clock.projected_fail_at(at),
        warn_at=clock.warn_at(at),
        breached_at=clock.breached_at(at),
        remaining=clock.remaining(at),
    )


def differences(before: Iterable[Clock], after: Iterable[Clock], at: datetime) -> list[Difference]:
    """The clocks of one case that would change, by KPI and cycle, in the order in which they are met."""
    olds = {(clock.kpi.name, clock.cycle): outcome(clock, at) for clock in before}
    news = {(clock.kpi.name, clock.cycle): outcome(clock, at) for clock in after}
    return [
        Difference(kpi, cycle, olds.get((kpi, cycle)), news.get((kpi, cycle)))
        for kpi, cycle in dict.fromkeys([*olds, *news])
        if olds.get((kpi, cycle)) != news.get((kpi, cycle))
    ]

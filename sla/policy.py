"""Policies: which promise holds for which case.

A policy is a list of items in order. For each KPI the first item whose condition holds makes the promise: how soon, in
which calendar's time, when to warn, what pauses it, whom to tell when.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import auto
from functools import cached_property
from typing import Final

from cases.conditions import EVERYTHING, Condition, fields_read
from cases.vocabulary import PAUSE_REASONS, Word
from sla.calendar import AROUND_THE_CLOCK, Calendar
from sla.kpis import KPIS, Kpi
from sla.responses import STAFF_TO_CUSTOMER, ResponseRule


class Unit(Word):
    """What a duration counts. All of them are open time of the item's calendar."""

    MINUTES = auto()
    BUSINESS_HOURS = auto()
    BUSINESS_DAYS = auto()


@dataclass(frozen=True)
class Duration:
    """An amount in a unit. So many business days later is the same time of day, closed days not counted."""

    amount: int
    unit: Unit = Unit.MINUTES


class Deed(Word):
    """What an escalation level does."""

    NOTIFY = auto()
    ASSIGN = auto()
    RAISE_PRIORITY = auto()
    WEBHOOK = auto()


@dataclass(frozen=True)
class Level:
    """A step of escalation: at a share of the promise, or at a signed distance from its end, do something.

    Exactly one of `percent` (100 is the due instant) and `offset` (open time; negative is before it) is given.
    """

    name: str
    deed: Deed
    percent: int | None = None
    offset: timedelta | None = None
    to: str = ""


@dataclass(frozen=True)
class Item:
    """One promise. `calendar` None is around the clock; `success_when` None leaves fulfilment to the KPI's signals."""

    name: str
    kpi: str
    fail_after: Duration
    warn_after: Duration | None = None
    applicable_when: Condition = EVERYTHING
    success_when: Condition | None = None
    pause_when: Condition | None = None
    may_pause: bool = True
    sticky: bool = False
    calendar: str | None = None
    levels: tuple[Level, ...] = ()


DEFAULT_WAITS: Final = frozenset(reason.value for reason in PAUSE_REASONS)


@dataclass(frozen=True)
class Policy:
    """A version of a policy, with all it refers to. `waits` are the reasons that pause what nothing else says of."""

    items: Sequence[Item]
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    kpis: Mapping[str, Kpi] = field(default_factory=lambda: KPIS)
    waits: frozenset[str] = DEFAULT_WAITS
    pause_rules: Mapping[str, Condition] = field(default_factory=dict)
    """Conditions that pause a KPI, by its name, where its items do not say otherwise."""
    responses: Mapping[str, ResponseRule] = field(default_factory=dict)
    """Which messages answer, by the name of the KPI, where not what staff tells the customer."""
    name: str = ""

    @cached_property
    def relations(self) -> frozenset[str]:
        """The to-one relations of a case whose rows the conditions ask of."""
        found = [
            *self.pause_rules.values(),
            *(one for item in self.items for one in (item.applicable_when, item.success_when, item.pause_when)),
            *(one for kpi in self.kpis.values() for one in (kpi.starts_when, kpi.stops_when)),
        ]
        read = (name for condition in found if condition is not None for name in fields_read(condition))
        return frozenset(name.partition(".")[0] for name in read if "." in name)

    def calendar_of(self, item: Item) -> Calendar:
        return self.calendars[item.calendar] if item.calendar else AROUND_THE_CLOCK

    def response_rule(self, kpi: str) -> ResponseRule:
        """Which messages answer as far as this KPI goes."""
        return self.responses.get(kpi, STAFF_TO_CUSTOMER)

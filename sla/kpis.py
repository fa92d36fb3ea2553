"""KPIs: what is measured, as data.

A KPI says which signals begin, begin anew, fulfil and end its measurement, and what becomes of it when the case is
taken up again. A tenant's own KPIs are values of the same kind.
"""

from dataclasses import dataclass
from enum import auto
from typing import Final

from cases.conditions import Condition
from cases.vocabulary import StatusReason, Word
from sla.moments import Signal


class Reopening(Word):
    """What reactivating a case does to a KPI that its end had ended."""

    CONTINUE = auto()
    NEW_CYCLE = auto()
    IGNORE = auto()


@dataclass(frozen=True)
class Kpi:
    """One thing measured. Cycles are numbered from 1; of a KPI at most one cycle runs at a time.

    `starts` begin a cycle if none runs, `restarts` fulfil the running one and begin the next, `stops` fulfil it,
    `cancels` end it unfulfilled. `waits` are the reasons that pause it; None means those of the policy.

    What no signal tells can be told by the case itself: `starts_when` starts a cycle when it comes to hold, and
    `stops_when` fulfils one when it holds. `counts_from` names a column with the instant from which a cycle counts; the
    instant at which it started if that is none or null, or not earlier.
    """

    name: str
    starts: frozenset[Signal]
    stops: frozenset[Signal] = frozenset()
    restarts: frozenset[Signal] = frozenset()
    cancels: frozenset[Signal] = frozenset()
    waits: frozenset[str] | None = None
    reopening: Reopening = Reopening.CONTINUE
    starts_when: Condition | None = None
    stops_when: Condition | None = None
    counts_from: str | None = None


_ENDS: Final = frozenset({Signal.RESOLVED, Signal.CANCELED})

FIRST_RESPONSE: Final = Kpi(
    "first_response",
    starts=frozenset({Signal.OPENED}),
    stops=frozenset({Signal.STAFF_SPOKE}),
    cancels=_ENDS,
)
NEXT_RESPONSE: Final = Kpi(
    "next_response",
    starts=frozenset({Signal.CUSTOMER_SPOKE}),
    stops=frozenset({Signal.STAFF_SPOKE}),
    cancels=_ENDS,
    reopening=Reopening.IGNORE,
)
PERIODIC_UPDATE: Final = Kpi(
    "periodic_update",
    starts=frozenset({Signal.OPENED, Signal.REOPENED}),
    restarts=frozenset({Signal.STAFF_SPOKE, Signal.CUSTOMER_SPOKE}),
    cancels=_ENDS,
    reopening=Reopening.IGNORE,
)
RESOLUTION: Final = Kpi(
    "resolution",
    starts=frozenset({Signal.OPENED}),
    stops=frozenset({Signal.RESOLVED}),
    cancels=frozenset({Signal.CANCELED}),
)
REQUESTER_WAIT: Final = Kpi(
    "requester_wait",
    starts=frozenset({Signal.OPENED}),
    stops=frozenset({Signal.RESOLVED}),
    cancels=frozenset({Signal.CANCELED}),
    waits=frozenset({StatusReason.WAITING_FOR_DETAILS.value}),
)
AGENT_WORK: Final = Kpi(
    "agent_work",
    starts=frozenset({Signal.OPENED}),
    stops=frozenset({Signal.RESOLVED}),
    cancels=frozenset({Signal.CANCELED}),
)
TEAM_HANDLING: Final = Kpi(
    "team_handling",
    starts=frozenset({Signal.TEAM_ASSIGNED}),
    restarts=frozenset({Signal.TEAM_ASSIGNED}),
    stops=frozenset({Signal.RESOLVED}),
    cancels=frozenset({Signal.CANCELED}),
)
"""The promise of a team to the others (an OLA): counted from the instant the team got the case."""

KPIS: Final = {
    kpi.name: kpi
    for kpi in (
        FIRST_RESPONSE,
        NEXT_RESPONSE,
        PERIODIC_UPDATE,
        RESOLUTION,
        REQUESTER_WAIT,
        AGENT_WORK,
        TEAM_HANDLING,
    )
}

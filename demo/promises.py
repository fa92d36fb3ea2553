"""What the company promises: calendars, policies, and what clocks ran into while its stories happened.

Nobody announced anything in those months, so histories are told as if a worker had been there: each announcement stands
at the instant at which it was due. The worker that is started next finds nothing to tell but what happens from then on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from actions.applying import applied
from actions.calendars import save_calendar
from actions.clocks import announcement, owed, replayed
from actions.policies import Version, version_of
from actions.promises import activate_sla_policy, save_sla_policy, set_default_sla_policy
from actions.promising import newest_version
from cases.facts import Fact
from cases.history import CaseState, Event, apply
from cases.viewer import Viewer
from cases.vocabulary import FactKind, Priority, Role, SlaSource
from demo.contracts import Contract
from models import SlaPolicy

PREMIUM_EVERY: Final = 9
"""So many cases are there for one whose promises somebody raised by hand."""

WORKDAYS: Final = ("mon", "tue", "wed", "thu", "fri")
HOLIDAYS: Final[list[dict[str, Any]]] = [
    {"name": "New Year", "rrule": "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1", "start": "2020-01-01"},
    {"name": "Labour Day", "rrule": "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1", "start": "2020-05-01"},
    {"name": "German Unity", "rrule": "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=3", "start": "2020-10-03"},
    {"name": "Christmas", "rrule": "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25,26", "start": "2020-12-25"},
    {
        "name": "Christmas Eve",
        "rrule": "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24",
        "start": "2020-12-24",
        "hours": [["09:00", "12:00"]],
    },
]
CALENDARS: Final[dict[str, dict[str, Any]]] = {
    "Office hours": {
        "timezone": "Europe/Berlin",
        "weekly_hours": {day: [["09:00", "17:30"]] for day in WORKDAYS},
        "holidays": HOLIDAYS,
    },
    "Extended hours": {
        "timezone": "Europe/Berlin",
        "weekly_hours": {**{day: [["07:00", "20:00"]] for day in WORKDAYS}, "sat": [["09:00", "14:00"]]},
        "holidays": HOLIDAYS,
    },
}

Promise = tuple[Priority, int, int, int, str | None]
STANDARD: Final[Sequence[Promise]] = (
    (Priority.CRITICAL, 3, 4, 24, None),
    (Priority.HIGH, 6, 8, 39, "Extended hours"),
    (Priority.MEDIUM, 12, 12, 60, "Office hours"),
    (Priority.LOW, 24, 24, 85, "Office hours"),
)
"""By priority: hours until the first response, until the next one, and until the resolution, in whose open time."""
PREMIUM: Final[Sequence[Promise]] = (
    (Priority.CRITICAL, 2, 2, 12, None),
    (Priority.HIGH, 4, 4, 24, None),
    (Priority.MEDIUM, 8, 8, 39, "Extended hours"),
    (Priority.LOW, 16, 16, 65, "Extended hours"),
)
KPIS: Final = {"first_response": "First answer", "next_response": "Next answer", "resolution": "Resolution"}


@dataclass(frozen=True)
class Promises:
    """The versions of the policies that cases get."""

    standard: Version
    premium: Version
    premium_policy: SlaPolicy


async def write_promises(tenant_id: UUID, now: datetime) -> Promises:
    """Keeps the calendars and policies, by the acts with which an administrator would."""
    by = Viewer(tenant_id, Role.ADMIN, "Demo")
    key_by_name = {
        name: str((await save_calendar(name, hours, actor=by, now=now)).id) for name, hours in CALENDARS.items()
    }
    kept: list[tuple[SlaPolicy, Version]] = []
    for name, promised in (("Standard", STANDARD), ("Premium", PREMIUM)):
        said = [one for place in range(len(KPIS)) for one in _items(place, promised, key_by_name)]
        policy = await save_sla_policy(
            name, said, f"What customers with a {name.lower()} contract get.", actor=by, now=now
        )
        await activate_sla_policy(policy, actor=by, now=now)
        if name == "Standard":
            await set_default_sla_policy(policy, actor=by, now=now)
        kept.append((policy, await version_of(await newest_version(policy))))
    (_, standard), (premium_policy, premium) = kept
    return Promises(standard, premium, premium_policy)


def _items(place: int, promised: Sequence[Promise], key_by_name: dict[str, str]) -> list[dict[str, Any]]:
    kpi, title = list(KPIS.items())[place]
    return [
        {
            "name": f"{title}, {priority.lower()}",
            "kpi": kpi,
            "applicable_when": {"priority": {"eq": priority.name}},
            "fail_after": {"amount": hours[place] * 60, "unit": "MINUTES"},
            "warn_after": {"amount": hours[place] * 45, "unit": "MINUTES"},
            **({"calendar": key_by_name[calendar]} if calendar else {}),
        }
        for priority, *hours, calendar in promised
    ]


def promised(
    events: Sequence[Event], serial: int, promises: Promises, contract: Contract | None, now: datetime
) -> list[Event]:
    """A case's history with the contract and the policy it got when it was opened, and with what its clocks ran into
    until `now`."""
    opened, *others = events
    covered = [applied(contract.id)] if contract else []
    if contract and contract.is_premium:
        version, source = promises.premium, SlaSource.ENTITLEMENT
    elif serial % PREMIUM_EVERY == 0:
        version, source = promises.premium, SlaSource.HAND
    else:
        version, source = promises.standard, SlaSource.DEFAULT
    chosen = Fact(FactKind.SLA_APPLIED, {"sla_version_id": version.id, "sla_source": source})
    told = _Told(version)
    for event in (opened, *(Event(0, opened.at, fact) for fact in (*covered, chosen)), *others):
        told.announce(event.at)
        told.add(event.at, event)
    told.announce(now)
    return told.events


class _Told:
    """A history as far as it is told."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.events: list[Event] = []
        self.state: CaseState | None = None

    def add(self, at: datetime, event: Event) -> None:
        self.events.append(replace(event, number=len(self.events) + 1, at=at))
        self.state = apply(self.state, self.events[-1])

    def announce(self, until: datetime) -> None:
        """Tells what was due before `until`, when it was; of a deleted case nothing is told."""
        if self.state is None or self.state.columns["sla_version_id"] is None or self.state.columns["deleted_at"]:
            return
        evaluated = replayed(self.events, self.state.columns, self.version, {})
        for clock, transition in owed(evaluated, until):
            self.add(max(transition.due, self.events[-1].at), Event(0, until, announcement(clock, transition)))

"""A story: the history of one case, told step by step, within what the lifecycle and its type allow.

A story has its own time, which only goes on, and ends where the present begins. It is told in values; `seed` writes it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from cases import lifecycle
from cases.facts import Fact
from cases.history import Actor, Event
from cases.process import Process
from cases.standing import Standing
from cases.vocabulary import Audience, FactKind, Origin, Status, StatusReason
from demo import topics
from demo.people import Customer
from demo.topics import Topic
from models import Person, Product, Team
from models.fields import uuid7

FORWARD: Final[Mapping[StatusReason, Sequence[StatusReason]]] = defaultdict(
    tuple,
    {
        StatusReason.NEW: (StatusReason.RESEARCHING, StatusReason.IN_PROGRESS),
        StatusReason.RESEARCHING: (StatusReason.IN_PROGRESS,),
    },
)
"""The steps of the work that lead on from a reason, the nearest first."""


class Present(Exception):
    """The next step of the story lies in the future."""


class Enough(Exception):
    """The story has come to where it was to stop."""


@dataclass(frozen=True)
class Said:
    """A message of a story."""

    id: UUID
    at: datetime
    audience: Audience
    body: str
    origin: Origin
    author: Actor


@dataclass(frozen=True)
class Solved:
    """A resolution of a story."""

    id: UUID
    at: datetime
    reason: StatusReason
    summary: str
    remarks: str
    total_minutes: int
    billable_minutes: int
    author: Actor


@dataclass(frozen=True)
class Merge:
    """How a story ended in another one, and how it stood before."""

    id: UUID
    at: datetime
    stood: Standing
    author: Actor


@dataclass
class Story:
    """One case. `details` is what is said of it so far; the number of the case comes when it is written."""

    rng: Random
    now: datetime
    at: datetime
    topic: Topic
    solution: str
    customer: Customer
    product: Product | None
    process: Process | None
    details: dict[str, Any]
    order: str
    colleagues: Sequence[Customer] = ()
    stop_at: StatusReason | None = None
    owner: Person | None = None
    team: Team | None = None
    survivor: "Story | None" = None
    number: str = ""
    case_id: UUID = field(default_factory=uuid7)
    merge: "Merge | None" = None
    standing: Standing = field(init=False)
    steps: list[Event] = field(default_factory=list)
    messages: list[Said] = field(default_factory=list)
    resolutions: list[Solved] = field(default_factory=list)
    absorbed: dict[object, "Story"] = field(default_factory=dict)

    def events(self) -> list[Event]:
        """The history of the case, once it and those it was merged with have their numbers."""
        opened, *others = self.steps
        numbered = replace(opened, fact=Fact(FactKind.OPENED, {**opened.fact.changes, "number": self.number}))
        return [numbered, *map(self._with_number, others)]

    def _with_number(self, step: Event) -> Event:
        other = (
            self.survivor if step.fact.kind is FactKind.MERGED else self.absorbed.get(step.fact.details.get("case_id"))
        )
        if other is None:
            return step
        return replace(step, fact=replace(step.fact, details={**step.fact.details, "number": other.number}))

    # The passing of time

    def later(self, least: timedelta, most: timedelta) -> None:
        """Lets between `least` and `most` pass. Raises Present if that is later than now."""
        self._wait_until(self.at + least + (most - least) * self.rng.random() ** 2)

    def at_work(self) -> None:
        """Waits for the next hour in which somebody works: Monday to Friday, eight to six."""
        at = self.at
        if at.hour >= 18:
            at = (at + timedelta(days=1)).replace(hour=8, minute=0) + timedelta(minutes=self.rng.randrange(90))
        elif at.hour < 8:
            at = at.replace(hour=8, minute=0) + timedelta(minutes=self.rng.randrange(90))
        while at.weekday() >= 5:
            at += timedelta(days=1)
        self._wait_until(at)

    # What happens

    def open(self, author: Actor) -> None:
        self.standing = lifecycle.opening(self.process)
        self._happen(
            FactKind.OPENED, {**self.details, **self._customer(), "status_reason": self.standing.reason}, author=author
        )

    def assign(self, team: Team | None, owner: Person | None, *, by: Actor) -> None:
        self.team, self.owner = team, owner
        self._happen(FactKind.ASSIGNED, {"team_id": team and team.id, "owner_id": owner and owner.id}, author=by)

    def change(self, changes: Mapping[str, object]) -> None:
        self.details |= changes
        self._happen(FactKind.CHANGED, changes, author=self.agent)

    def give_to(self, customer: Customer) -> None:
        """Somebody else of the same customer takes it on."""
        self.customer = customer
        self._happen(FactKind.CUSTOMER_CHANGED, self._customer(), author=self.agent)

    def say(self, text: str, audience: Audience = Audience.PUBLIC) -> None:
        """Somebody of the staff says it."""
        self._say(self.filled(text), audience, self.agent)

    def hear(self, text: str) -> None:
        """The customer says it."""
        self._say(self.filled(text), Audience.PUBLIC, self.asker)

    def step(self, kind: FactKind, to: StatusReason | None = None, note: str = "", *, by: Actor | None = None) -> bool:
        """Takes a step of the lifecycle, progressing first if the case's type wants that; False if it cannot be."""
        possible = lifecycle.following(self.standing, kind, narrowed_by=self.process)
        while not possible or to not in (None, *possible):
            if not self._progress():
                return False
            possible = lifecycle.following(self.standing, kind, narrowed_by=self.process)
        details = {"note": self.filled(note)} if note else {}
        self._move(kind, to or possible[0], details, by or self.agent)
        return True

    def resolve(self, reason: StatusReason, summary: str, remarks: str) -> bool:
        """Resolves the case; False if it cannot be."""
        minutes = self.rng.choice((5, 10, 15, 20, 30, 45, 60, 90, 150))
        billable = minutes if self.rng.random() < 0.2 else 0
        key = uuid7()
        possible = lifecycle.following(self.standing, FactKind.RESOLVED, narrowed_by=self.process)
        while not possible:
            if not self._progress():
                return False
            possible = lifecycle.following(self.standing, FactKind.RESOLVED, narrowed_by=self.process)
        reason = reason if reason in possible else possible[0]
        self.resolutions.append(Solved(key, self.at, reason, summary, remarks, minutes, billable, self.agent))
        self._move(FactKind.RESOLVED, reason, {"resolution_id": key, "billable_minutes": billable}, self.agent)
        return True

    def go_into_survivor(self) -> None:
        """Ends the case as the same question as its survivor's, which must be open; what was said moves there."""
        if self.survivor is None or not self.survivor.is_active_at(self.at):
            raise Present
        self.merge = Merge(uuid7(), self.at, self.standing, self.agent)
        public = sum(said.audience is Audience.PUBLIC for said in self.messages)
        self.survivor.absorb(self, self.merge, public)
        said = {"merge_id": self.merge.id, "message_count": -public}
        self._move(FactKind.MERGED, StatusReason.MERGED, said, self.agent, {"merged_into_id": self.survivor.case_id})

    def absorb(self, other: "Story", merge: "Merge", public: int) -> None:
        """Takes in another story, at an instant of this one."""
        self.absorbed[other.case_id] = other
        said = {"merge_id": merge.id, "case_id": other.case_id, "message_count": public}
        moved = {"Message": len(other.messages)} if other.messages else {}
        fact = Fact(FactKind.ABSORBED, {}, {**said, "moved": moved})
        place = sum(step.at <= merge.at for step in self.steps)
        steps = [*self.steps[:place], Event(0, merge.at, fact, merge.author), *self.steps[place:]]
        self.steps = [replace(step, number=number) for number, step in enumerate(steps, 1)]

    def is_active_at(self, at: datetime) -> bool:
        """Whether the case was open then; after the last step of its story it is as that left it."""
        status = Status.ACTIVE
        for step in self.steps[1:]:
            if step.at <= at:
                status = lifecycle.TRANSITIONS[status, step.fact.kind]
        return status is Status.ACTIVE

    def delete(self) -> None:
        self._happen(FactKind.DELETED, {}, author=self.agent)

    # Who, and in which words

    @property
    def agent(self) -> Actor:
        return Actor(person_id=self.owner.id) if self.owner else Actor()

    @property
    def asker(self) -> Actor:
        return Actor(contact_id=self.customer.contact.id)

    def filled(self, text: str) -> str:
        """`text` with the names of this story in it."""
        return text.format(
            product=self.product.name if self.product else "machine",
            order=self.order,
            place=self.rng.choice(topics.PLACES),
            day=self.rng.choice(topics.DAYS),
            agent=self.owner.name.split()[0] if self.owner else "the team",
            name=self.customer.contact.name,
            solution=self.solution,
        )

    def _customer(self) -> dict[str, object]:
        return {"account_id": self.customer.account_id, "contact_id": self.customer.contact.id}

    def _wait_until(self, at: datetime) -> None:
        if at > self.now:
            raise Present
        self.at = at

    def _progress(self) -> bool:
        possible = lifecycle.following(self.standing, FactKind.PROGRESSED, narrowed_by=self.process)
        ahead = [reason for reason in FORWARD[self.standing.reason] if reason in possible]
        if ahead:
            self._move(FactKind.PROGRESSED, ahead[0], {}, self.agent)
        return bool(ahead)

    def _say(self, body: str, audience: Audience, author: Actor) -> None:
        said = Said(uuid7(), self.at, audience, body, self.details["origin"], author)
        self.messages.append(said)
        self._happen(FactKind.COMMENTED, {}, {"message_id": said.id, "audience": audience}, author=author)

    def _move(
        self,
        kind: FactKind,
        to: StatusReason,
        details: Mapping[str, object],
        author: Actor,
        changes: Mapping[str, object] | None = None,
    ) -> None:
        self.standing = lifecycle.settle(self.standing, kind, to)
        self._happen(kind, {"status_reason": to, **(changes or {})}, details, author=author)
        if to is self.stop_at:
            raise Enough

    def _happen(
        self,
        kind: FactKind,
        changes: Mapping[str, object],
        details: Mapping[str, object] | None = None,
        *,
        author: Actor,
    ) -> None:
        self.steps.append(Event(len(self.steps) + 1, self.at, Fact(kind, changes, details or {}), author))

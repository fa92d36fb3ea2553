"""Telling: which stories happened in the three months before now."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from cases.history import Actor
from cases.vocabulary import STATUS_BY_REASON, Origin, Priority, Severity, Status, StatusReason
from demo import topics
from demo.catalogue import STAGES, VISIT, Catalogue
from demo.people import TEAMS, Customer, Staff
from demo.plots import LEADING_TO, PLOTS, Plot, asked_twice, spam
from demo.story import Enough, Present, Story
from demo.topics import TOPICS, Topic

PERIOD: Final = timedelta(days=90)
TOLD_TO_THE_END: Final = 380
STOPPED: Final = {
    StatusReason.NEW: 32,
    StatusReason.IN_PROGRESS: 30,
    StatusReason.RESEARCHING: 18,
    StatusReason.ON_HOLD: 9,
    StatusReason.WAITING_FOR_DETAILS: 18,
    StatusReason.WAITING_FOR_PROBLEM: 9,
    StatusReason.WAITING_FOR_VENDOR: 14,
    StatusReason.WAITING_FOR_EVIDENCE: 9,
    StatusReason.SUSPENDED: 8,
    StatusReason.PROBLEM_SOLVED: 14,
    StatusReason.INFORMATION_PROVIDED: 12,
    StatusReason.CANCELED: 10,
    StatusReason.MERGED: 10,
    StatusReason.CLOSED: 15,
}
"""How many stories stop at a reason, besides those that come to it by themselves: no reason is missing."""
DELETED: Final = 12

ORIGINS: Final = {
    Origin.EMAIL: 30,
    Origin.WEB: 20,
    Origin.VOICE: 20,
    Origin.SELF_SERVICE: 8,
    Origin.WEBCHAT: 8,
    Origin.WHATSAPP: 6,
    Origin.SOCIAL: 4,
    Origin.API: 4,
}
PRIORITIES: Final = {
    Severity.MINOR: (5, 4, 1, 0),
    Severity.NORMAL: (2, 7, 3, 0),
    Severity.MAJOR: (0, 3, 6, 2),
    Severity.OUTAGE: (0, 0, 3, 6),
}
"""By severity, how often each priority is given, the lowest first."""


@dataclass
class Teller:
    """Tells stories of these people and products that are over, or have come to the present, at `now`."""

    rng: Random
    now: datetime
    staff: Staff
    customers: list[Customer]
    catalogue: Catalogue
    _serial: int = 0
    _weights: list[float] = field(init=False)
    _of_account: dict[UUID, list[Customer]] = field(init=False)

    def __post_init__(self) -> None:
        # A few customers ask a lot, most of them hardly ever.
        self._weights = [self.rng.paretovariate(1.1) for _ in self.customers]
        self._of_account = defaultdict(list)
        for customer in self.customers:
            if customer.account_id:
                self._of_account[customer.account_id].append(customer)

    def stories(self) -> Iterator[Story]:
        """All of them, in no order."""
        told = []
        for plot in self.rng.choices(list(PLOTS), list(PLOTS.values()), k=TOLD_TO_THE_END):
            told.append(self._tell(plot, self._opening(self._day(PERIOD))))
        for reason, how_many in STOPPED.items():
            if reason is not StatusReason.MERGED:
                told += [self._stopping(reason) for _ in range(how_many)]
        yield from told
        for _ in range(STOPPED[StatusReason.MERGED]):
            yield self._again(told)
        for _ in range(DELETED):
            yield self._tell(spam, self._spam())

    def _tell(self, plot: Plot, story: Story) -> Story:
        """Tells it until its end, the present, or the reason where it is to stop."""
        try:
            if story.details["origin"] is Origin.VOICE:
                story.open(Actor(person_id=self.rng.choice(self.staff.people_by_team[TEAMS[0]]).id))
            else:
                story.open(Actor() if story.details["origin"] is Origin.API else story.asker)
            plot(story, self.staff)
        except (Enough, Present):
            pass
        return story

    def _stopping(self, reason: StatusReason) -> Story:
        """A story that has come to `reason` and no further: one that began long enough ago."""
        plot = self.rng.choice(LEADING_TO[reason])
        is_open = STATUS_BY_REASON[reason] is Status.ACTIVE

        def one(days: int) -> Story:
            return self._opening(self._day(timedelta(days=days)), stop_at=reason)

        period = 2 if reason is StatusReason.NEW else 12 if is_open else PERIOD.days
        return self._until_stopped(plot, reason, lambda attempt: one(min(period + attempt, PERIOD.days)))

    def _again(self, told: list[Story]) -> Story:
        """The same question as in one of the stories told, asked a little later."""

        def copy(_: int) -> Story:
            first = self.rng.choice(told)
            opened_at = min(first.steps[0].at + timedelta(hours=self.rng.uniform(1, 30)), self.now)
            return self._opening(opened_at, stop_at=StatusReason.MERGED, like=first)

        return self._until_stopped(asked_twice, StatusReason.MERGED, copy)

    def _until_stopped(self, plot: Plot, reason: StatusReason, begin: Callable[[int], Story]) -> Story:
        for attempt in range(1000):
            story = self._tell(plot, begin(attempt))
            if story.standing.reason is reason:
                return story
        raise AssertionError(f"no story comes to {reason}")

    def _day(self, period: timedelta) -> datetime:
        """An instant of the period before now, at an hour at which people write; fewer do so at weekends."""
        while True:
            at = self.now - period * self.rng.random()
            hour = self.rng.choices(range(24), (1,) * 6 + (3, 6, 10, 10, 9, 8, 6, 8, 9, 8, 7, 6, 4, 4, 4, 3, 2, 1))[0]
            at = at.replace(hour=hour, minute=self.rng.randrange(60), second=self.rng.randrange(60), microsecond=0)
            if self.now - PERIOD <= at < self.now and (at.weekday() < 5 or self.rng.random() < 0.3):
                return at

    def _opening(self, at: datetime, *, stop_at: StatusReason | None = None, like: Story | None = None) -> Story:
        """A story that begins at `at`; with `like`, about the same as that one, from the same customer."""
        rng = self.rng
        topic = like.topic if like else rng.choice(TOPICS)
        customer = like.customer if like else rng.choices(self.customers, self._weights)[0]
        product = like.product if like else rng.choice(self.catalogue.products_of(topic.families))
        variant = rng.randrange(len(topic.titles))
        kind = rng.choice(topic.types)
        severity = rng.choice(topic.severities)
        self._serial += 1
        story = Story(
            rng=rng,
            now=self.now,
            at=at,
            topic=topic,
            solution=topic.solutions[variant % len(topic.solutions)],
            customer=customer,
            product=product,
            process=self.catalogue.processes[kind] if kind else None,
            order=like.order if like else f"A-{rng.randrange(40_000, 49_999)}",
            colleagues=[one for one in self._of_account.get(customer.account_id, ()) if one is not customer]
            if customer.account_id
            else (),
            stop_at=stop_at,
            survivor=like,
            details={
                "priority": rng.choices(list(Priority), PRIORITIES[severity])[0],
                "severity": severity,
                "origin": rng.choices(list(ORIGINS), list(ORIGINS.values()))[0],
                "type_id": self.catalogue.types[kind] if kind else None,
                "stage": STAGES[0]["key"] if kind == VISIT else None,
                "subject_id": self._subject(topic),
                "product_id": product.id if product and rng.random() < 0.9 else None,
                "deadline": self._deadline(at),
                "external_id": f"QM-{at:%y%m}-{self._serial:05}" if rng.random() < 0.25 else None,
            },
        )
        story.details["title"] = story.filled(topic.titles[variant])
        story.details["description"] = story.filled(topic.messages[variant % len(topic.messages)])
        return story

    def _subject(self, topic: Topic) -> UUID:
        """The topic's own, or now and then one further up: not everybody sorts to the last branch."""
        return self.catalogue.subjects[topic.subject[: self.rng.choices((3, 2, 1), (8, 2, 1))[0]]]

    def _deadline(self, at: datetime) -> datetime | None:
        if self.rng.random() > 0.3:
            return None
        return (at + timedelta(days=self.rng.randint(1, 12))).replace(hour=16, minute=0, second=0)

    def _spam(self) -> Story:
        story = self._opening(self._day(PERIOD))
        title, text = self.rng.choice(topics.SPAM)
        nothing: dict[str, Any] = dict.fromkeys(
            ("type_id", "stage", "subject_id", "product_id", "deadline", "follow_up_at", "external_id")
        )
        story.details |= nothing | {"title": title, "description": text, "origin": Origin.EMAIL}
        story.process = None
        return story

"""The rows of the benches: cases with everything around them, the same at every run.

The newest third of every ten thousand cases have the others as children, so that the first page shows cases that have
all that it asks for. The oldest twentieth are nobody's, and the twentieth before them are escalated: lists of what is
rare find them far down.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from tortoise.models import Model

import models
from bench.nested.pages import ANSWERED_AT
from cases.notifying import NotificationKind
from cases.vocabulary import ActivityKind, Audience, FactKind, Priority, QueueItemState, Role, Source, Status
from models import bulk, fulltext, reading
from models.columns import columns
from models.database import current_database
from models.fields import uuid7
from models.unit_of_work import unit_of_work
from sla.clock import State

CHILDREN, ARTICLES = 2, 2
AT_ONCE: Final = 10_000
RARE: Final = 20
"""One of so many cases is out of the ordinary."""

CHANGED: Final[dict[str, Any]] = {"changes": {}, "details": {}}


async def fill(cases: int) -> UUID:
    """Writes a tenant with so many cases; gives its key."""
    house = await begin()
    await add(house, 0, cases)
    return house.tenant_id


async def begin() -> "House":
    """A new tenant, without cases."""
    tenant = await models.Tenant.create(name="Bench", slug="bench", zone="UTC", created_at=ANSWERED_AT)
    house = House(tenant.id)
    await unit_of_work(house.found)
    return house


async def add(house: "House", first: int, cases: int) -> None:
    """Writes the cases from `first` up to `cases`, and lets the database look at what it has now."""
    for start in range(first, cases, AT_ONCE):
        many = min(AT_ONCE, cases - start)
        await unit_of_work(lambda start=start, many=many: house.open(start, many))  # type: ignore[misc]
    await analyze()


async def analyze() -> None:
    """Lets the database look at what it has, as it does by itself in the long run."""
    if reading.dialect() == "postgres":
        await current_database().writer.execute_query("ANALYZE")
    else:
        await current_database().writer.execute_script("ANALYZE")


@dataclass
class House:
    """A tenant with people, customers and contracts, whose cases are written in bulk."""

    tenant_id: UUID
    dice: Random = field(default_factory=lambda: Random(1))
    cases: list[UUID] = field(default_factory=list)

    async def write(self, model: type[Model], rows: Iterable[dict[str, Any]]) -> list[UUID]:
        common = {"tenant_id": self.tenant_id, "created_at": ANSWERED_AT, "updated_at": ANSWERED_AT}
        full = [_row(model, {"id": uuid7(), **common, **row}) for row in rows]
        await bulk.insert(model, full)
        return [row["id"] for row in full]

    async def found(self) -> None:
        """Writes all but the cases."""

        def named(name: str, many: int, **more: Any) -> list[dict[str, Any]]:
            return [{"name": f"{name} {n}", "email": f"{name}{n}@example.com", **more} for n in range(many)]

        self.accounts = await self.write(models.Account, named("Account", 100))
        self.contacts = await self.write(models.Contact, named("Contact", 100))
        self.people = await self.write(models.Person, named("Person", 20, role=Role.AGENT))
        self.teams = await self.write(models.Team, named("Team", 5))
        self.products = await self.write(models.Product, named("Product", 10))
        (policy,) = await self.write(models.SlaPolicy, [{"name": "Gold", "spec": {}}])
        (self.version,) = await self.write(models.SlaPolicyVersion, [{"policy_id": policy, "number": 1, "spec": {}}])
        mine, *others = named("Queue", 5)
        self.queues = await self.write(models.Queue, [{**mine, "owner_id": self.people[0]}, *others])
        self.articles = await self.write(
            models.Article,
            (
                {
                    "number": f"KB-{n:06}",
                    "title": f"What helps, part {n}",
                    "body": "So it is done.",
                    "state": "PUBLISHED",
                }
                for n in range(100)
            ),
        )

    def _case(self, number: int, **more: Any) -> dict[str, Any]:
        return {
            "number": f"BENCH-{number:07}",
            "title": f"Something does not work, for the {number}th time",
            "status": Status.ACTIVE,
            "priority": self.dice.choice(list(Priority)),
            "account_id": self.dice.choice(self.accounts) if number % 3 else None,
            "contact_id": self.dice.choice(self.contacts),
            "owner_id": self.dice.choice(self.people),
            "team_id": self.dice.choice(self.teams),
            "product_id": self.dice.choice(self.products),
            "created_at": _at(number),
            "updated_at": _at(number),
            "deadline": _at(number) + timedelta(days=3) if number % 2 else None,
            "follow_up_at": _at(number) + timedelta(days=2) if number % 4 == 1 else None,
            "version": 5,
            **more,
        }

    async def open(self, start: int, many: int) -> None:
        """Writes so many cases, the newest first, with what belongs to them."""
        parents = many // (1 + CHILDREN)
        ids = await self.write(models.Case, (self._case(start + n) for n in range(parents)))
        ids += await self.write(
            models.Case,
            (
                self._case(start + n, parent_id=ids[n % parents], **_rarely(start, n, many))
                for n in range(parents, many)
            ),
        )
        self.cases += ids
        both = [(key, _at(start + n)) for n, key in enumerate(ids)]
        clock = {"cycle": 1, "item": "Gold", "policy_version_id": self.version, "target_microseconds": 3_600_000_000}
        clock |= {"active_microseconds": 0, "paused_microseconds": 0, "state": State.IN_PROGRESS}
        spans = [(kpi, timedelta(hours=hours)) for kpi, hours in (("first_response", 1), ("resolution", 10**4))]
        await self.write(
            models.SlaKpiInstance,
            (
                {**clock, "case_id": case, "kpi": kpi, "as_of": at, "applied_from": at, "next_at": at + span}
                | {"warn_at": at + span / 2, "fail_at": at + span, "breaks_at": at + span}
                for case, at in both
                for kpi, span in spans
            ),
        )
        await self.write(
            models.CaseEvent,
            (
                {"case_id": case, "number": number, "kind": FactKind.CHANGED, "cause": "bench", "payload": CHANGED}
                | {"at": at + timedelta(seconds=number), "actor_person_id": self.dice.choice(self.people)}
                for case, at in both
                for number in range(1, 6)
            ),
        )
        await self.write(
            models.QueueItem,
            (
                {"case_id": case, "open_case_id": case, "queue_id": self.dice.choice(self.queues), "entered_at": at}
                | {"priority": self.dice.choice(list(Priority)), "state": QueueItemState.AVAILABLE}
                for case, at in both
            ),
        )
        await self.write(
            models.ArticleLink,
            (
                {
                    "case_id": case,
                    "article_id": article,
                    "linked_by_id": self.dice.choice(self.people),
                    "created_at": at,
                }
                for case, at in both
                for article in self.dice.sample(self.articles, ARTICLES)
            ),
        )
        await self.write(
            models.Activity,
            (
                {"case_id": case, "kind": ActivityKind.TASK, "subject": "Call back", "due_at": at, "updated_at": at}
                | {"owner_id": self.dice.choice(self.people)}
                for case, at in both
            ),
        )
        messages = await self.write(
            models.Message,
            (
                {"case_id": case, "audience": Audience.PUBLIC, "body": "We look into it.", "created_at": at}
                | {"author_person_id": self.dice.choice(self.people)}
                for case, at in both
            ),
        )
        await self.write(
            models.Notification,
            (
                {"case_id": case, "cause": message, "event_number": 5, "kind": NotificationKind.COMMENTED}
                | {"recipient_id": self.dice.choice(self.people), "created_at": at}
                for (case, at), message in zip(both, messages, strict=True)
            ),
        )
        await self._index(start, ids, messages)

    async def _index(self, start: int, cases: list[UUID], messages: list[UUID]) -> None:
        """Lets each case be found by its number, and each message by a word that few others have."""
        found = [(Source.CASE, f"{start + n:07}", case, case) for n, case in enumerate(cases)]
        found += [
            (Source.PUBLIC, f"symptom{n % 5_000:04}", case, message)
            for n, (case, message) in enumerate(zip(cases, messages, strict=True))
        ]
        rows = [
            {"source": source, "word": word.encode(), "subject_id": case, "document_id": document, "weight": 1}
            for source, word, case, document in found
        ]
        await self.write(fulltext.SearchWord, rows)


def _rarely(start: int, place: int, many: int) -> dict[str, Any]:
    """What is out of the ordinary about the case at this place of so many."""
    match (many - 1 - place) * RARE // many:
        case 0:
            return {"owner_id": None, "deadline": None}
        case 1:
            return {"escalated_at": _at(start + place)}
        case _:
            return {}


def _at(number: int) -> datetime:
    """When a case was opened: a minute before the one that came before it."""
    return ANSWERED_AT - timedelta(minutes=number + 1)


def _row(model: type[Model], said: dict[str, Any]) -> dict[str, Any]:
    """All columns of a row: what is said of it, and otherwise what the table says."""
    row = {}
    for one in columns(model):
        default = one.field.default
        row[one.name] = said[one.name] if one.name in said else default() if callable(default) else default
    return row

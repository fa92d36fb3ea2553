"""The page that is measured, and the rows it is made of: cases with everything around them, the same at every run."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

import orjson
from tortoise.models import Model

import models
from cases.viewer import Viewer
from cases.vocabulary import ActivityKind, FactKind, Priority, QueueItemState, Role, Status
from models import bulk, reading
from models.columns import columns
from models.database import current_database
from models.fields import uuid7
from models.unit_of_work import unit_of_work
from sla.clock import State

CHILDREN, ARTICLES = 2, 2
CHANGED: Final[dict[str, Any]] = {"changes": {}, "details": {}}
ANSWERED_AT: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
PAGE: Final = """{ cases(first: 50) { nodes {
    id number title status priority createdAt updatedAt
    customer { id name email } owner { id name email } queueItem { id enteredAt queue { id name } }
    slaKpiInstances(first: 5) { nodes { id kpi state failAt warnAt appliedFrom } }
    children(first: 5) { nodes { id number title status owner { id name }
        slaKpiInstances(first: 5) { nodes { id kpi state failAt } } } }
    articles(first: 5) { nodes { id article { id title } } }
} } }"""


def viewer_of(tenant_id: UUID) -> Viewer:
    return Viewer(tenant_id, Role.ADMIN, "bench", person_id=uuid7())


def fields_in(answer: bytes) -> int:
    """How many leaves an answer has."""

    def leaves(value: Any) -> int:
        match value:
            case dict():
                return sum(map(leaves, value.values()))
            case list():
                return sum(map(leaves, value))
            case _:
                return 1

    return leaves(orjson.loads(answer))


async def fill(cases: int) -> UUID:
    """Writes a tenant with so many cases; gives its key."""
    tenant = await models.Tenant.create(name="Bench", slug="bench", zone="UTC", created_at=ANSWERED_AT)
    await unit_of_work(lambda: _write(tenant.id, cases, Random(1)))
    if reading.dialect() == "postgres":
        await current_database().writer.execute_query("ANALYZE")
    else:
        await current_database().writer.execute_script("ANALYZE")
    return tenant.id


async def _write(tenant_id: UUID, cases: int, dice: Random) -> None:
    begun = ANSWERED_AT - timedelta(minutes=cases)

    async def write(model: type[Model], rows: Iterable[dict[str, Any]]) -> list[UUID]:
        common = {"tenant_id": tenant_id, "created_at": begun, "updated_at": begun}
        full = [_row(model, {"id": uuid7(), **common, **row}) for row in rows]
        await bulk.insert(model, full)
        return [row["id"] for row in full]

    def named(name: str, many: int, **more: Any) -> list[dict[str, Any]]:
        return [{"name": f"{name} {n}", "email": f"{name}{n}@example.com", **more} for n in range(many)]

    accounts = await write(models.Account, named("Account", 100))
    contacts = await write(models.Contact, named("Contact", 100))
    people = await write(models.Person, named("Person", 20, role=Role.AGENT))
    teams = await write(models.Team, named("Team", 5))
    products = await write(models.Product, named("Product", 10))
    (policy,) = await write(models.SlaPolicy, [{"name": "Gold", "spec": {}}])
    (version,) = await write(models.SlaPolicyVersion, [{"policy_id": policy, "number": 1, "spec": {}}])
    queues = await write(models.Queue, named("Queue", 5))
    articles = await write(
        models.Article,
        (
            {"number": f"KB-{n:06}", "title": f"What helps, part {n}", "body": "So it is done.", "state": "PUBLISHED"}
            for n in range(100)
        ),
    )

    def a_case(number: int, at: datetime, **more: Any) -> dict[str, Any]:
        return {
            "number": f"CAS-{number:06}",
            "title": f"Something does not work, for the {number}th time",
            "status": Status.ACTIVE,
            "priority": dice.choice(list(Priority)),
            "account_id": dice.choice(accounts) if number % 3 else None,
            "contact_id": dice.choice(contacts),
            "owner_id": dice.choice(people),
            "team_id": dice.choice(teams),
            "product_id": dice.choice(products),
            "created_at": at,
            "updated_at": at,
            "version": 5,
            **more,
        }

    parents = cases // (1 + CHILDREN)
    instants = [begun + timedelta(minutes=number) for number in range(cases)]
    ids = await write(models.Case, (a_case(n, instants[-1 - n]) for n in range(parents)))
    ids += await write(
        models.Case, (a_case(n, instants[-1 - n], parent_id=ids[n % parents]) for n in range(parents, cases))
    )
    both = [(key, instants[-1 - n]) for n, key in enumerate(ids)]
    clock = {"cycle": 1, "item": "Gold", "policy_version_id": version, "target_microseconds": 3_600_000_000}
    clock |= {"active_microseconds": 0, "paused_microseconds": 0, "state": State.IN_PROGRESS}
    spans = [(kpi, timedelta(hours=hours)) for kpi, hours in (("first_response", 1), ("resolution", 10**4))]
    await write(
        models.SlaKpiInstance,
        (
            {**clock, "case_id": case, "kpi": kpi, "as_of": at, "applied_from": at, "next_at": at + span}
            | {"warn_at": at + span / 2, "fail_at": at + span, "breaks_at": at + span}
            for case, at in both
            for kpi, span in spans
        ),
    )
    await write(
        models.CaseEvent,
        (
            {"case_id": case, "number": number, "kind": FactKind.CHANGED, "cause": "bench", "payload": CHANGED}
            | {"at": at + timedelta(seconds=number), "actor_person_id": dice.choice(people)}
            for case, at in both
            for number in range(1, 6)
        ),
    )
    await write(
        models.QueueItem,
        (
            {"case_id": case, "open_case_id": case, "queue_id": dice.choice(queues), "entered_at": at}
            | {"priority": dice.choice(list(Priority)), "state": QueueItemState.AVAILABLE}
            for case, at in both
        ),
    )
    await write(
        models.ArticleLink,
        (
            {"case_id": case, "article_id": article, "linked_by_id": dice.choice(people), "created_at": at}
            for case, at in both
            for article in dice.sample(articles, ARTICLES)
        ),
    )
    await write(
        models.Activity,
        (
            {"case_id": case, "kind": ActivityKind.TASK, "subject": "Call back", "due_at": at, "updated_at": at}
            | {"owner_id": dice.choice(people)}
            for case, at in both
        ),
    )


def _row(model: type[Model], said: dict[str, Any]) -> dict[str, Any]:
    """All columns of a row: what is said of it, and otherwise what the table says."""
    row = {}
    for one in columns(model):
        default = one.field.default
        row[one.name] = said[one.name] if one.name in said else default() if callable(default) else default
    return row

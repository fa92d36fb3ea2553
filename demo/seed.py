"""Fills an empty database with the demo data: all of it, or nothing."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from tqdm import tqdm

from actions.indexing import of_messages
from actions.opening import case_number
from actions.record import write_case
from cases.conditions import EVERYTHING
from cases.history import Event
from cases.refusals import Duplicate
from cases.viewer import Viewer
from cases.vocabulary import FactKind, Role, Status
from demo.automation import write_automation
from demo.catalogue import write_catalogue
from demo.contracts import Contract, write_contracts
from demo.desk import write_desk
from demo.doings import Around, write_doings
from demo.families import write_families
from demo.knowledge import write_articles
from demo.notices import write_notices
from demo.people import TEAMS, write_customers, write_staff
from demo.promises import Promises, promised, write_promises
from demo.story import Story
from demo.telling import Teller
from models import Case, CaseMerge, Message, Outbox, Resolution, Tenant, fulltext
from models.file_store import FileStore
from models.reading import exists
from models.unit_of_work import do_what_was_left, unit_of_work
from models.writing import next_number

CAUSE: Final = "demo"
AGE: Final = timedelta(days=400)
"""How long the company has existed."""


@dataclass(frozen=True)
class Signins:
    """The short name of the tenant, and the addresses of some who can sign in to it."""

    tenant: str
    admin: str
    manager: str
    agent: str
    customer: str


async def is_empty() -> bool:
    """Whether there is no tenant yet."""
    return not await exists(Tenant, EVERYTHING)


async def seed(now: datetime, files: FileStore | None = None, *, seed: int = 1) -> Signins:
    """Writes a company with staff, customers, catalogue and three months of cases up to `now`.

    Files of cases go to `files`; without such a store there are none.

    The same `now` and `seed` tell the same stories; only the ids differ. Everything is written in one unit of work,
    so that an interrupted run leaves the database empty, to be filled by the next.

    Raises Duplicate if there is a tenant already.
    """
    if not await is_empty():
        raise Duplicate("There is data already; demo data is written to an empty database only.")
    return await unit_of_work(lambda: _write(now, Random(seed), files))


async def _write(now: datetime, rng: Random, files: FileStore | None) -> Signins:
    founded = now - AGE
    tenant = await Tenant.create(name="Quellmark Water & Coffee", slug="demo", zone="Europe/Berlin", created_at=founded)
    catalogue = await write_catalogue(tenant.id, founded)
    staff = await write_staff(tenant.id, founded, rng)
    customers = await write_customers(tenant.id, founded, rng)
    teller = Teller(rng, now, staff, customers, catalogue)
    stories = sorted(teller.stories(), key=lambda story: story.steps[0].at)
    promises = await write_promises(tenant.id, founded)
    contracts = await write_contracts(tenant.id, founded, now, customers, promises.premium_policy)
    await _write_stories(tenant.id, stories, promises, contracts, now)
    admin = Viewer(tenant.id, Role.ADMIN, staff.admins[0].name, staff.admins[0].id)
    desk, articles = await write_desk(admin, founded, staff, catalogue), await write_articles(admin, founded, catalogue)
    open_ones = await Case.filter(tenant_id=tenant.id, deleted_at=None, status=Status.ACTIVE).order_by("number")
    around = await Around.these(
        open_ones, now=now, rng=rng, staff=staff, catalogue=catalogue, desk=desk, articles=articles
    )
    await write_automation(admin, founded)
    await write_notices(admin, founded)
    await write_doings(around, open_ones, files)
    await write_families(around, open_ones)
    # What happened before anybody was there to be told is no news.
    await do_what_was_left()
    await Outbox.filter(tenant_id=tenant.id, done_at=None).update(done_at=now)
    manager, agent, *_ = staff.people_by_team[TEAMS[0]]
    customer = next(one.contact for one in customers if one.account_id)
    return Signins(tenant.slug, staff.admins[0].email, manager.email, agent.email, str(customer.email))


async def _write_stories(
    tenant_id: UUID, stories: Sequence[Story], promises: Promises, contracts: Mapping[UUID, Contract], now: datetime
) -> None:
    first = await next_number(tenant_id, "case", len(stories))
    for serial, story in enumerate(stories, first):
        story.number = case_number(serial)
    messages, resolutions = [], []
    progress = tqdm(stories, desc="Demo cases", unit=" cases", file=sys.stderr, disable=None, leave=False)
    for serial, story in enumerate(progress, first):
        events = story.events()
        history = promised(events, serial, promises, _contract(events, contracts), now)
        case = await write_case(tenant_id, history, CAUSE, key=story.case_id)
        home_id = story.survivor.case_id if story.survivor and story.merge else case.id
        messages += [
            Message(
                id=said.id,
                tenant_id=tenant_id,
                case_id=home_id,
                audience=said.audience,
                body=said.body,
                origin=said.origin,
                author_person_id=said.author.person_id,
                author_contact_id=said.author.contact_id,
                created_at=said.at,
            )
            for said in story.messages
        ]
        resolutions += [
            Resolution(
                id=solved.id,
                tenant_id=tenant_id,
                case_id=case.id,
                reason=solved.reason,
                summary=solved.summary,
                remarks=solved.remarks,
                total_minutes=solved.total_minutes,
                billable_minutes=solved.billable_minutes,
                resolved_by_id=solved.author.person_id,
                created_at=solved.at,
            )
            for solved in story.resolutions
        ]
    await CaseMerge.bulk_create([_merge_of(tenant_id, story) for story in stories if story.merge])
    await Message.bulk_create(messages, batch_size=500)
    await fulltext.index(of_messages(messages))
    await Resolution.bulk_create(resolutions, batch_size=500)


def _merge_of(tenant_id: UUID, story: Story) -> CaseMerge:
    """The manifest of a story that went into another one."""
    merge, survivor = story.merge, story.survivor
    assert merge is not None, "only those that were merged have one"
    assert survivor is not None
    moved = {"Message": [str(said.id) for said in story.messages]} if story.messages else {}
    stood = {"status_reason": merge.stood.reason.value, "paused_from": merge.stood.paused_from}
    return CaseMerge(
        id=merge.id,
        tenant_id=tenant_id,
        created_at=merge.at,
        survivor_id=survivor.case_id,
        loser_id=story.case_id,
        merged_case_id=story.case_id,
        merged_by_id=merge.author.person_id,
        manifest={"moved": moved, "stayed": {}, "stood": {**stood, "queue_id": None, "queue_priority": None}},
    )


def _contract(events: Sequence[Event], contracts: Mapping[UUID, Contract]) -> Contract | None:
    """The contract that a case of these events is on: its company's, unless it went to another customer."""
    account_id = events[0].fact.changes["account_id"]
    stays = all(event.fact.kind is not FactKind.CUSTOMER_CHANGED for event in events)
    return contracts.get(account_id) if stays and isinstance(account_id, UUID) else None

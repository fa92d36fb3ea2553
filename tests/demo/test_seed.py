"""The demo data: believable in numbers, complete in kinds, and nothing but what its history says."""

import shutil
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from actions.clocks import columns_of, evaluate
from cases.facts import from_payload
from cases.history import PROJECTED, Actor, Event, fold
from cases.lifecycle import opening, step
from cases.process import process
from cases.refusals import Duplicate
from cases.vocabulary import (
    FactKind,
    Origin,
    Priority,
    ProductKind,
    ProductState,
    Role,
    Severity,
    Status,
    StatusReason,
)
from demo.seed import Signins, is_empty, seed
from models import (
    Account,
    Calendar,
    Case,
    CaseEvent,
    CaseMerge,
    CaseType,
    Contact,
    Message,
    Outbox,
    Person,
    Product,
    Resolution,
    SlaKpiInstance,
    SlaPolicy,
    Team,
    Tenant,
)
from models.database import open_database
from sla.clock import State
from sla.ledger import EntryKind, ledger
from tests.seeded import NOW, seeded


async def histories() -> dict[object, list[Event]]:
    """The stored events of every case, by its id and in their order."""
    found: dict[object, list[Event]] = {}
    for row in await CaseEvent.all().order_by("case_id", "number"):
        actor = Actor(row.actor_person_id, row.actor_contact_id)
        found.setdefault(row.case_id, []).append(Event(row.number, row.at, from_payload(row.kind, row.payload), actor))
    return found


async def test_it_is_a_company_of_the_size_that_the_readme_promises(company: Signins) -> None:
    assert await Tenant.all().count() == 1
    assert 28 <= await Person.filter(active=True).count() <= 34
    assert await Team.all().count() == 6
    assert await Account.all().count() == 200
    assert await Case.all().count() == 600 + 1  # the stories, and one that was split off another
    contacts = Counter(contact.account_id for contact in await Contact.all())
    assert contacts.pop(None) >= 10
    assert len(contacts) == 200
    assert set(contacts.values()) == {1, 2, 3, 4}


async def test_no_status_reason_priority_or_severity_is_missing(company: Signins) -> None:
    cases = await Case.all()
    assert {case.status for case in cases} == set(Status)
    assert {case.status_reason for case in cases} == set(StatusReason)
    assert {case.priority for case in cases} == set(Priority)
    assert {case.severity for case in cases} == set(Severity)
    assert {case.origin for case in cases} == set(Origin)
    assert {(product.kind, product.state) for product in await Product.all()} >= {
        *((ProductKind.PRODUCT, state) for state in ProductState),
        *((ProductKind.BUNDLE, state) for state in ProductState),
        (ProductKind.FAMILY, ProductState.ACTIVE),
    }
    for column in ("deadline", "external_id", "satisfaction", "deleted_at", "resolved_at", "paused_since", "type_id"):
        assert 5 < sum(getattr(case, column) is not None for case in cases) < len(cases), column


async def test_every_case_is_what_its_history_says(company: Signins) -> None:
    events_by_case = await histories()
    for case in await Case.all():
        state = fold(events_by_case[case.id])
        assert dict(state.columns) == {column: getattr(case, column) for column in PROJECTED}, case.number


async def test_every_step_is_one_that_an_act_could_have_taken(company: Signins) -> None:
    """Within the lifecycle and the case's type; a merge asks no type."""
    processes = {str(kind.id): process(kind.moves, kind.sequence) for kind in await CaseType.all()}
    for events in (await histories()).values():
        narrowed_by = processes.get(str(events[0].fact.changes["type_id"]))
        standing = opening(narrowed_by)
        for event in events[1:]:
            to = event.fact.changes.get("status_reason")
            assert to is None or isinstance(to, StatusReason)
            asked = None if to is StatusReason.MERGED else narrowed_by
            standing = step(standing, event.fact.kind, to, narrowed_by=asked)


async def test_what_was_merged_lives_on_in_its_survivor_and_can_come_back(company: Signins) -> None:
    losers = await Case.filter(status_reason=StatusReason.MERGED)
    merges = {merge.loser_id: merge for merge in await CaseMerge.filter(undone_at=None)}
    assert {case.id: case.merged_into_id for case in losers} == {key: one.survivor_id for key, one in merges.items()}
    assert len(losers) == 10 + 3
    assert await CaseMerge.exclude(undone_at=None).count() == 1
    for merge in merges.values():
        moved = set(merge.manifest["moved"].get("Message", ()))
        there = {str(row.id) for row in await Message.filter(case_id=merge.survivor_id)}
        assert moved <= there
        assert await Message.filter(case_id=merge.loser_id).count() == 0
        absorbed = await CaseEvent.filter(case_id=merge.survivor_id, kind=FactKind.ABSORBED)
        numbers = {event.payload["details"]["case_id"]: event.payload["details"]["number"] for event in absorbed}
        assert numbers[str(merge.loser_id)] == (await Case.get(id=merge.loser_id)).number


async def test_it_happened_in_the_three_months_before_now(company: Signins) -> None:
    instants = [event.at for event in await CaseEvent.all().only("at")]
    assert NOW - timedelta(days=91) < min(instants) < NOW - timedelta(days=80)
    assert NOW - timedelta(days=1) < max(instants) <= NOW


async def test_what_was_said_and_solved_is_in_the_history(company: Signins) -> None:
    details = [event.fact.details for events in (await histories()).values() for event in events]
    assert {said["message_id"] for said in details if "message_id" in said} == {row.id for row in await Message.all()}
    assert {one["resolution_id"] for one in details if "resolution_id" in one} == {
        row.id for row in await Resolution.all()
    }
    assert not [row.body for row in await Message.all() if "{" in row.body]


async def test_what_is_past_is_not_announced(company: Signins) -> None:
    assert await Outbox.filter(done_at=None).count() == 0


async def test_every_case_was_promised_something_and_what_ran_out_is_told_when_it_did(company: Signins) -> None:
    rows = await SlaKpiInstance.all()
    told = await CaseEvent.filter(kind=FactKind.SLA_ANNOUNCED)

    assert {row.state for row in rows} == set(State)
    assert len({row.case_id for row in rows}) == await Case.all().count()
    assert all(NOW - timedelta(days=91) < event.at < NOW for event in told)
    assert max(sum(event.at == at for event in told) for at in {event.at for event in told}) < 10
    assert {calendar.name for calendar in await Calendar.all()} == {"Office hours", "Extended hours"}
    assert await SlaPolicy.filter(active=True, fault=None).count() == 2


async def test_a_worker_finds_nothing_to_tell_of_the_past(company: Signins) -> None:
    assert await SlaKpiInstance.filter(next_at__lt=NOW).count() == 0
    assert await SlaKpiInstance.filter(next_at__isnull=False).count() > 50


async def test_what_ran_of_every_clock_is_the_sum_of_its_ledger(company: Signins) -> None:
    events_by_case = await histories()
    for case in await Case.all():
        assert case.sla_version_id is not None
        found = await evaluate(events_by_case[case.id], columns_of(case), case.sla_version_id)
        assert not found.fault
        rows = {(row.kpi, row.cycle): row for row in await SlaKpiInstance.filter(case_id=case.id)}
        assert rows.keys() == {(clock.kpi.name, clock.cycle) for clock in found.clocks}
        for clock in found.clocks:
            entries = ledger(clock, NOW)
            ran = sum((entry.open_time for entry in entries if entry.kind is EntryKind.RUNNING), timedelta(0))
            assert ran == clock.active_for(NOW), case.number
            assert all(one.end == other.start for one, other in pairwise(entries))
            row = rows[clock.kpi.name, clock.cycle]
            at = row.as_of
            assert timedelta(microseconds=row.active_microseconds) == clock.active_for(at), case.number


async def test_those_who_can_sign_in_are_there(company: Signins) -> None:
    addresses = [company.admin, company.manager, company.agent]
    people = {person.email: person.role for person in await Person.filter(email__in=addresses, active=True)}

    assert [people[address] for address in addresses] == [Role.ADMIN, Role.MANAGER, Role.AGENT]
    assert await Contact.filter(email=company.customer).count() == 1
    assert await Tenant.filter(slug=company.tenant).count() == 1


async def test_a_database_with_data_is_not_filled_again(company: Signins) -> None:
    assert not await is_empty()
    with pytest.raises(Duplicate, match="There is data already"):
        await seed(NOW)


async def told() -> list[tuple[object, ...]]:
    names: dict[object, str] = {person.id: person.name for person in await Person.all()}
    cases = await Case.all().order_by("number")
    events = await CaseEvent.all().order_by("at", "kind")
    said = await Message.all().order_by("created_at", "body")
    return [
        *((case.number, case.title, case.status_reason, names.get(case.owner_id), case.updated_at) for case in cases),
        *((event.kind, event.at) for event in events),
        *((message.body, message.created_at) for message in said),
    ]


async def test_the_same_instant_and_seed_tell_the_same_stories(
    sqlite_demo: tuple[str, Signins], sqlite_template: Path, tmp_path: Path
) -> None:
    addresses = [sqlite_demo[0]]
    for number, name in ((1, "again"), (2, "other")):
        shutil.copy(sqlite_template, tmp_path / name)
        addresses.append(f"sqlite://{tmp_path / name}")
        await seeded(addresses[-1], tmp_path / "files", number)
    first, again, other = [await told_in(url) for url in addresses]

    assert first == again
    assert first != other


async def told_in(url: str) -> list[tuple[object, ...]]:
    async with open_database(url):
        return await told()

"""What is stored of a case is the fold over its events, whatever was done to it."""

import asyncio
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions import changing, ending, talking, working
from actions.record import LostRace, record, state_of
from actions.signature import Act
from cases.facts import Fact, from_payload
from cases.history import PROJECTED, Actor, Event, fold
from cases.refusals import Refused
from cases.vocabulary import Audience, FactKind, Priority, Role, Severity, StatusReason
from models import Case, CaseEvent, Message, Outbox, Resolution
from models.database import Database, open_database
from models.unit_of_work import unit_of_work
from tests import given as world
from tests.given import NOW, done

TITLES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)

ACTS: Mapping[Act, st.SearchStrategy[dict[str, Any]]] = {
    changing.update_case: st.fixed_dictionaries(
        {},
        optional={
            "title": TITLES,
            "description": TITLES,
            "priority": st.sampled_from(Priority),
            "severity": st.sampled_from(Severity),
            "satisfaction": st.none() | st.integers(1, 5),
            "deadline": st.none() | st.integers(-9, 999).map(lambda hours: NOW + timedelta(hours=hours)),
            "type_id": st.sampled_from([None, "strict"]),
            "product_id": st.sampled_from([None, "kettle"]),
        },
    ),
    changing.change_case_customer: st.fixed_dictionaries({"customer": st.sampled_from(["acme", "bob"])}),
    changing.assign_case: st.fixed_dictionaries({"assignee": st.sampled_from([None, "vera", "line"])}),
    talking.add_comment: st.fixed_dictionaries({"body": TITLES, "audience": st.sampled_from(Audience)}),
    working.progress_case: st.fixed_dictionaries({"reason": st.sampled_from(StatusReason)}),
    working.suspend_case: st.fixed_dictionaries({}, optional={"reason": st.sampled_from(StatusReason), "note": TITLES}),
    working.resume_case: st.just({}),
    ending.resolve_case: st.fixed_dictionaries({"summary": TITLES}, optional={"billable_minutes": st.integers(-1, 90)}),
    ending.close_case: st.just({}),
    ending.cancel_case: st.just({}),
    ending.reactivate_case: st.just({}),
    ending.delete_case: st.just({}),
}
STEPS = st.sampled_from(list(ACTS)).flatmap(
    lambda act: st.tuples(st.just(act), ACTS[act], st.integers(-90, 90), st.sampled_from(["staff", "customer"]))
)
"""An act, what it is told, when (in minutes from noon, in no order), and who does it."""


async def events_of(case: Case) -> list[Event]:
    rows = await CaseEvent.filter(case_id=case.id).order_by("number")
    return [
        Event(
            row.number,
            row.at,
            from_payload(row.kind, row.payload),
            Actor(row.actor_person_id, row.actor_contact_id),
        )
        for row in rows
    ]


async def assert_consistent(case: Case) -> None:
    """Row, history, messages, resolutions and outbox tell one story."""
    kept, events = await world.stored(case), await events_of(case)
    kinds = [event.fact.kind for event in events]
    told = [row.payload for row in await Outbox.filter(key=case.id).order_by("id")]

    assert fold(events).columns == state_of(kept).columns
    assert [event.number for event in events] == list(range(1, kept.version + 1))
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert {row.id for row in await Message.filter(case_id=case.id)} == {
        event.fact.details["message_id"] for event in events if event.fact.kind is FactKind.COMMENTED
    }
    assert await Resolution.filter(case_id=case.id).count() == kinds.count(FactKind.RESOLVED)
    assert [kind for one in told for kind in one["kinds"]] == kinds


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=25))
def test_the_row_is_the_fold_over_its_events_after_whatever_was_done(sqlite_template, tmp_path, steps):
    asyncio.run(_live(steps, sqlite_template, tmp_path / "lives.sqlite3"))


async def _live(steps: list[Any], template: Path, path: Path) -> None:
    for stale in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        stale.unlink(missing_ok=True)
    shutil.copy(template, path)
    async with open_database(f"sqlite://{path}"):
        acme = await world.account()
        bob = await world.contact("Bob", acme)
        rows = {
            "acme": acme,
            "bob": bob,
            "kettle": await world.product(),
            "strict": await world.case_type(sequence=["NEW", "IN_PROGRESS"]),
            "vera": await world.person("Vera"),
            "line": await world.team(),
        }
        by = {"staff": await world.viewer(Role.ADMIN), "customer": await world.viewer(Role.CUSTOMER, contact=bob)}
        case = await world.case(customer=acme, contact=bob)
        for act, said, minutes, who in steps:
            named = {
                name: rows.get(value, value) if name in ("customer", "assignee", "type_id", "product_id") else value
                for name, value in said.items()
            }
            before = await world.stored(case)
            try:
                await done(act, by=by[who], now=NOW + timedelta(minutes=minutes), case=case, **named)
            except Refused:
                assert dict(await world.stored(case)) == dict(before)
        await assert_consistent(case)


def test_all_columns_of_a_case_but_its_identities_are_projected():
    assert set(PROJECTED) == set(Case._meta.db_fields) - {"id", "tenant_id"}


async def test_several_facts_at_once_are_several_events_and_one_word_to_the_outbox(database: Database):
    by, case = await world.viewer(), await world.case()
    facts = [
        Fact(FactKind.CHANGED, {"priority": Priority.HIGH}),
        Fact(FactKind.SUSPENDED, {"status_reason": StatusReason.ON_HOLD}),
        Fact(FactKind.RESUMED, {"status_reason": StatusReason.RESEARCHING}),
    ]

    await unit_of_work(lambda: record(case, facts, actor=by, now=NOW, cause="rule"))
    told = await Outbox.filter(key=case.id).order_by("id")

    await assert_consistent(case)
    assert told[-1].payload == {"from": 2, "to": 4, "kinds": ["CHANGED", "SUSPENDED", "RESUMED"]}


async def test_history_grows_only_inside_a_unit_of_work(sqlite_database: Database):
    by, case = await world.viewer(), await world.case()

    with pytest.raises(AssertionError):
        await record(case, [Fact(FactKind.CHANGED, {"title": "New"})], actor=by, now=NOW, cause="test")

    assert (await world.stored(case)).version == 1


async def test_a_case_that_moved_on_unseen_is_not_written(database: Database):
    by, case = await world.viewer(), await world.case()
    stale = await world.stored(case)
    await done(changing.update_case, by=by, case=case, title="New")
    before = await world.rows_stored()

    with pytest.raises(LostRace):
        await unit_of_work(
            lambda: record(stale, [Fact(FactKind.CHANGED, {"title": "Mine"})], actor=by, now=NOW, cause="test")
        )

    assert (await world.rows_stored(), (await world.stored(case)).title) == (before, "New")


async def test_acts_of_every_kind_at_once_leave_one_consistent_history(database: Database):
    by = await world.viewer(Role.ADMIN)
    case, vera = await world.case(), await world.person("Vera")
    acts: list[tuple[Act, dict[str, Any]]] = [
        (talking.add_comment, {"body": "Hello"}),
        (changing.assign_case, {"assignee": vera}),
        (working.suspend_case, {}),
        (working.resume_case, {}),
        (changing.update_case, {"priority": Priority.HIGH}),
        (ending.resolve_case, {"summary": "Done"}),
        (ending.reactivate_case, {}),
    ]

    outcomes = await asyncio.gather(
        *(done(act, by=by, case=case, **said) for act, said in acts * 3), return_exceptions=True
    )

    assert all(isinstance(outcome, dict | Refused) for outcome in outcomes), outcomes
    await assert_consistent(case)

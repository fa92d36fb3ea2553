"""What is said on a case, by whom, and who may hear it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pytest import param

from actions import talking
from cases.refusals import BadInput, NotPermitted
from cases.vocabulary import Audience, FactKind, Origin, Role, StatusReason
from models import CaseEvent, Message
from models.database import Database
from tests import given
from tests.given import NOW, done

LATER = NOW + timedelta(hours=1)


async def test_a_comment_is_a_message_and_an_event_that_names_it(database: Database):
    by, case = await given.viewer(), await given.case()

    rows = await done(talking.add_comment, by=by, now=LATER, case=case, body="Try again. ", origin=Origin.EMAIL)
    kept, message = await given.stored(case), await Message.get(case_id=case.id)
    event = await CaseEvent.get(case_id=case.id, number=2)

    assert rows["message"].id == message.id
    assert (message.body, message.audience, message.origin) == ("Try again. ", Audience.PUBLIC, Origin.EMAIL)
    assert (message.author_person_id, message.author_contact_id, message.created_at) == (by.person_id, None, LATER)
    assert (event.kind, event.payload["details"]) == (
        FactKind.COMMENTED,
        {"message_id": str(message.id), "audience": "PUBLIC", "origin": "EMAIL"},
    )
    assert (kept.message_count, kept.first_answered_at, kept.last_customer_message_at) == (1, LATER, None)


async def test_what_the_customer_says_is_no_answer(sqlite_database: Database):
    carl = await given.viewer(Role.CUSTOMER)
    case = await given.case(by=carl)

    await done(talking.add_comment, by=carl, now=LATER, case=case, body="Hello?")
    kept, message = await given.stored(case), await Message.get(case_id=case.id)

    assert (kept.message_count, kept.first_answered_at, kept.last_customer_message_at) == (1, None, LATER)
    assert (message.author_person_id, message.author_contact_id) == (None, carl.contact_id)


async def test_what_is_said_among_staff_is_no_answer(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()

    await done(talking.add_comment, by=by, case=case, body="Again…", audience=Audience.INTERNAL)
    kept = await given.stored(case)

    assert (kept.message_count, kept.first_answered_at, kept.version) == (0, None, 2)


async def test_customers_cannot_speak_among_staff(sqlite_database: Database):
    carl = await given.viewer(Role.CUSTOMER)
    case = await given.case(by=carl)
    before = await given.rows_stored()

    with pytest.raises(NotPermitted) as refused:
        await done(talking.add_comment, by=carl, case=case, body="Psst", audience=Audience.INTERNAL)

    assert tuple(refused.value.path) == ("audience",)
    assert await given.rows_stored() == before


async def test_a_paused_case_can_be_talked_about(sqlite_database: Database):
    case = await given.case_that_is(StatusReason.SUSPENDED)

    rows = await done(talking.add_comment, by=await given.viewer(), case=case, body="Still waiting.")

    assert rows["case"].status_reason is StatusReason.SUSPENDED


@pytest.mark.parametrize(
    "body",
    [
        param("", id="nothing"),
        param(" \n\t", id="nothing to see"),
        param("x" * 20_001, id="more than 20,000 characters"),
        param("a\0b", id="NUL"),
        param("a\udfff", id="half a surrogate pair"),
    ],
)
async def test_what_cannot_be_said(sqlite_database: Database, body):
    by, case = await given.viewer(), await given.case()
    before = await given.rows_stored()

    with pytest.raises(BadInput) as refused:
        await done(talking.add_comment, by=by, case=case, body=body)

    assert tuple(refused.value.path) == ("body",)
    assert await given.rows_stored() == before


async def test_twenty_who_speak_at_once_are_all_heard_one_after_the_other(database: Database):
    by, case = await given.viewer(), await given.case()

    await asyncio.gather(*(done(talking.add_comment, by=by, case=case, body=f"Voice {n}") for n in range(20)))
    numbers: Any = await CaseEvent.filter(case_id=case.id).order_by("number").values_list("number", flat=True)
    kept = await given.stored(case)

    assert numbers == list(range(1, 22))
    assert {message.body for message in await Message.all()} == {f"Voice {n}" for n in range(20)}
    assert (kept.version, kept.message_count) == (21, 20)

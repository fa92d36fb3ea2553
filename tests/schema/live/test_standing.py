"""Who may not be told any more is not: they are looked up before every message, and from time to time."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest import param

from actions import talking
from cases.viewer import Viewer
from cases.vocabulary import Role
from models import ApiKey, Contact, Person
from models.database import Database
from schema.ids import id_of
from tests import given
from tests.given import NOW, done
from tests.schema.live.listening import Listener, house
from tests.schema.live.test_case_news import CHANGED, EVENTS
from tests.schema.transport.serving import ask

FORBIDDEN = (4403, "Forbidden")

URGE = "mutation ($id: ID!) { urgeCase(input: {caseId: $id}) { case { version } } }"


@pytest.mark.parametrize(
    "change",
    [param({"active": False}, id="who left"), param({"role": Role.INTEGRATION}, id="who has another role")],
)
async def test_a_socket_ends_before_another_message(database: Database, change):
    by, told_to = await given.viewer(), await given.viewer()
    case = await given.case(by=by)
    async with house(database) as at, at.listening(told_to, CHANGED, id=id_of(case)) as told:
        await told.next()
        await Person.filter(id=told_to.person_id).update(**change)
        await done(talking.add_comment, by=by, case=case, body="Not for you")

        assert await told.closed() == FORBIDDEN


async def test_a_customer_who_belongs_to_another_account_has_to_sign_in_again(database: Database):
    by = await given.viewer()
    customer = await given.viewer(Role.CUSTOMER, contact=await given.contact(account=await given.account()))
    case = await given.case(by=customer)
    async with house(database) as at, at.listening(customer, CHANGED, id=id_of(case)) as told:
        await told.next()
        await Contact.filter(id=customer.contact_id).update(account=await given.account("Rival"))
        await done(talking.add_comment, by=by, case=case, body="Not for you")

        assert await told.closed() == FORBIDDEN


@pytest.mark.parametrize("change", [{"revoked_at": NOW}, {"scopes": ["write"]}, {"role": Role.ADMIN}], ids=str)
async def test_a_key_that_is_another_one_by_now_opens_nothing_any_more(database: Database, change):
    by = await given.viewer()
    home = await given.home()
    key = await ApiKey.create(
        tenant=home, name="Reader", prefix="reader", hash="0" * 64, scopes=["*"], role=Role.INTEGRATION, created_at=NOW
    )
    machine = Viewer(home.id, Role.INTEGRATION, "Reader", key_id=key.id)
    case = await given.case(by=by)
    async with house(database) as at, at.socket(machine) as ws:
        await ask(ws, EVENTS)
        told = Listener(ws)
        await told.next()
        await done(talking.add_comment, by=by, case=case, body="For you")
        await told.next()
        await ApiKey.filter(id=key.id).update(**change)
        await done(talking.add_comment, by=by, case=case, body="Not for you")

        assert await told.closed() == FORBIDDEN


async def test_who_left_changes_nothing_more_through_a_socket_that_is_open_still(database: Database):
    by = await given.viewer()
    case = await given.case(by=by)
    async with house(database) as at, at.socket(by) as ws:
        await Person.filter(id=by.person_id).update(active=False)
        await ask(ws, URGE, variables={"id": id_of(case)})

        assert await Listener(ws).closed() == FORBIDDEN
    assert (await given.stored(case)).version == case.version


async def test_a_silent_socket_ends_too(sqlite_database: Database):
    by = await given.viewer()
    async with house(sqlite_database, standing_seconds=0.05) as at, at.listening(by, EVENTS) as told:
        await told.next()
        await Person.filter(id=by.person_id).update(active=False)

        assert await told.closed() == FORBIDDEN


async def test_a_socket_ends_with_its_token_whatever_it_listens_to(sqlite_database: Database):
    by = await given.viewer()
    soon = datetime.now(UTC) + timedelta(seconds=0.3)
    async with house(sqlite_database) as at, at.socket(by, expires_at=soon) as ws:
        await ask(ws, EVENTS)

        assert await Listener(ws).closed() == (4403, "TOKEN_EXPIRED")

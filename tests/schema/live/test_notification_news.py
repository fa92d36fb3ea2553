"""What somebody is told, told at once and to nobody else."""

import models
from actions import following, talking
from cases.vocabulary import Role
from models.database import Database
from tests import given
from tests.given import done
from tests.schema.live.listening import house

TOLD = """subscription ($after: String) { notifications(after: $after) {
    cursor unreadCount notification { kind case { number } actor { name } } } }"""


async def test_a_follower_is_told_and_nobody_else(database: Database):
    by, vera, otto = [await given.viewer() for _ in range(3)]
    case, other = await given.case(by=by), await given.case(by=by)
    await done(following.follow_case, by=vera, case=case)
    await done(following.follow_case, by=otto, case=other)
    async with house(database) as at, at.listening(vera, TOLD) as veras, at.listening(otto, TOLD) as ottos:
        first = await veras.next()
        await ottos.next()
        await done(talking.add_comment, by=by, case=case, body="Hello")
        second = await veras.next()
        await done(talking.add_comment, by=by, case=other, body="Hello")
        third = await ottos.next()

    assert (first["notification"], first["unreadCount"]) == (None, 0)
    assert (second["notification"]["case"]["number"], second["unreadCount"]) == (case.number, 1)
    assert second["notification"]["actor"]["name"] == by.name
    assert third["notification"]["case"]["number"] == other.number


async def test_what_is_read_elsewhere_is_told_and_what_was_read_already_is_not(database: Database):
    by, vera = await given.viewer(), await given.viewer()
    case = await given.case(by=by)
    await done(following.follow_case, by=vera, case=case)
    for body in ("Hello", "Hello again"):
        await done(talking.add_comment, by=by, case=case, body=body)
    async with house(database) as at, at.listening(vera, TOLD) as told, at.listening(by, TOLD) as bys:
        first = await told.next()
        await bys.next()
        seen = await models.Notification.filter(recipient_id=vera.person_id).order_by("id")
        await done(following.mark_notifications_read, by=vera, notifications=[seen[0]])
        second = await told.next()
        await done(following.mark_notifications_read, by=vera, notifications=[seen[0]])
        await done(following.mark_notifications_read, by=vera)
        third = await told.next()
        await done(following.follow_case, by=by, case=case)
        await done(talking.add_comment, by=vera, case=case, body="Thanks")
        of_by = await bys.next()

    assert [(one["notification"], one["unreadCount"]) for one in (first, second, third)] == [
        (None, 2),
        (None, 1),
        (None, 0),
    ]
    assert of_by["notification"] is not None


async def test_what_was_missed_is_told_afterwards(database: Database):
    by, vera = await given.viewer(), await given.viewer()
    case = await given.case(by=by)
    await done(following.follow_case, by=vera, case=case)
    async with house(database) as at:
        async with at.listening(vera, TOLD) as told:
            cursor = (await told.next())["cursor"]
        await done(talking.add_comment, by=by, case=case, body="Hello")
        async with at.listening(vera, TOLD, after=cursor) as told:
            assert (await told.next())["unreadCount"] == 1


async def test_a_customer_is_told_nothing(sqlite_database: Database):
    customer = await given.viewer(Role.CUSTOMER)
    async with house(sqlite_database) as at, at.listening(customer, TOLD) as told:
        assert (await told.next())["unreadCount"] == 0

"""Notifications: written with what they tell of, to whom it concerns, and to nobody twice."""

from typing import Any

import pytest

from actions import changing, ending, following, queueing, talking, unmerging, urging, working
from actions.announcing import announce
from cases.notifying import NotificationKind
from cases.vocabulary import Audience, Role
from models import Case, Notification, Outbox, Person
from models.database import Database
from tests import given, promised
from tests.actions.merges import merged
from tests.given import NOW, done, hours, minutes


async def told(person: Any) -> list[str]:
    """What a person was told, in order."""
    rows = await Notification.filter(recipient_id=getattr(person, "person_id", None) or person.id).order_by("id")
    return [row.kind.value for row in rows]


async def owned(by: Any, owner: Person, **said: Any) -> Case:
    """A case of the owner's, of which nobody remembers being told."""
    case = await given.case(by=by, owner=owner, **said)
    for row in await Notification.all():
        await row.delete()
    return case


async def test_the_new_and_the_former_owner_hear_of_an_assignment_and_not_who_did_it(database: Database):
    by, vera, ann = await given.viewer(), await given.person("Vera"), await given.person("Ann")
    case = await given.case(by=by, owner=vera)
    await done(changing.assign_case, by=by, case=case, assignee=ann)
    await done(changing.assign_case, by=by, case=case, assignee=await Person.get(id=by.person_id))

    assert await told(vera) == ["ASSIGNED", "UNASSIGNED"]
    assert await told(ann) == ["ASSIGNED", "UNASSIGNED"]
    assert await told(by) == []


async def test_who_reactivates_tells_the_owner_so(database: Database):
    by, vera = await given.viewer(), await given.person("Vera")
    case = await owned(by, vera)
    await done(ending.resolve_case, by=by, case=case, summary="Done")
    await done(ending.reactivate_case, by=by, case=case, note="Again")

    assert await told(vera) == ["STATUS_CHANGED", "STATUS_CHANGED"]
    assert [row.text for row in await Notification.all().order_by("id")] == ["", "Again"]


async def test_the_owner_hears_the_customer_and_no_notes(database: Database):
    contact = await given.contact()
    by, vera = await given.viewer(), await given.person("Vera")
    customer = await given.viewer(Role.CUSTOMER, contact=contact)
    case = await owned(by, vera, customer=contact)
    await done(talking.add_comment, by=customer, case=case, body="Hello?")
    await done(talking.add_comment, by=by, case=case, body="Psst", audience=Audience.INTERNAL)
    await done(talking.add_comment, by=by, case=case, body="Hello!")

    (row,) = await Notification.all()
    assert (row.kind, row.recipient_id, row.actor_contact_id) == (NotificationKind.COMMENTED, vera.id, contact.id)
    assert row.event_number == case.version + 1


async def test_followers_hear_what_happens_each_once(database: Database):
    by, vera = await given.viewer(), await given.viewer()
    case = await owned(by, await Person.get(id=vera.person_id))
    await done(following.follow_case, by=vera, case=case)
    await done(following.follow_case, by=by, case=case)
    await done(working.suspend_case, by=by, case=case)
    await done(urging.escalate_case, by=by, case=case, reason="Fire")

    assert await told(vera) == ["STATUS_CHANGED", "ESCALATED"]
    assert await told(by) == []


async def test_who_has_or_follows_a_case_hears_that_it_was_merged_and_that_it_came_back(database: Database):
    by, vera, ann = await given.viewer(), await given.person("Vera"), await given.viewer()
    acme = await given.account()
    survivor, loser = await given.case(by=by, customer=acme), await owned(by, vera, customer=acme)
    await done(following.follow_case, by=ann, case=loser)
    await merged(survivor, loser, by=by)
    await done(unmerging.unmerge_case, by=by, case=loser)

    assert await told(vera) == await told(ann) == ["MERGED", "UNMERGED"]
    assert {(row.case_id, row.text) for row in await Notification.all()} == {(loser.id, survivor.number)}
    assert await told(by) == []


async def test_who_has_left_is_told_nothing_of_what_they_followed(database: Database):
    by, vera = await given.viewer(), await given.viewer()
    case = await given.case(by=by)
    await done(following.follow_case, by=vera, case=case)
    await Person.filter(id=vera.person_id).update(active=False)
    await done(working.suspend_case, by=by, case=case)

    assert await told(vera) == []


async def test_who_picks_takes_the_case_from_its_owner(database: Database):
    by, vera = await given.viewer(), await given.person("Vera")
    case = await given.queued_case(case=await given.case(by=by, owner=vera))
    await done(queueing.pick_queue_item, by=by, case=case)

    assert await told(vera) == ["ASSIGNED", "UNASSIGNED"]


async def test_a_clock_tells_the_owner_when_it_warns_and_when_a_promise_is_broken(database: Database):
    await promised.default(promised.item(minutes=60, warn=30))
    by, vera = await given.viewer(), await given.person("Vera")
    await owned(by, vera)
    await announce(NOW + minutes(31))
    await announce(NOW + hours(2))
    await announce(NOW + hours(2))

    assert await told(vera) == ["SLA_WARNED", "SLA_BREACHED"]
    assert {row.text for row in await Notification.all()} == {"first_response"}


@pytest.mark.parametrize("to", ["", "lead@example.com", "First line", "nobody@example.com"])
async def test_a_level_tells_whom_it_names_or_else_the_owner(database: Database, to: str):
    level = {"name": "lead", "deed": "NOTIFY", "percent": 75, "to": to}
    await promised.default(promised.item(minutes=60, levels=[level]))
    by, vera = await given.viewer(), await given.person("Vera")
    lead = await given.person("Lead")
    await Person.filter(id=lead.id).update(email="lead@example.com")
    await given.team("First line", [lead])
    await owned(by, vera)
    await announce(NOW + minutes(46))

    (row,) = await Notification.all()
    named = to in ("lead@example.com", "First line")
    assert (row.recipient_id, row.text) == (lead.id if named else vera.id, "first_response: lead")


async def test_what_is_told_is_in_the_outbox_under_the_person(database: Database):
    vera = await given.person("Vera")
    await given.case(owner=vera)

    (news,) = await Outbox.filter(topic="notification")
    (row,) = await Notification.all()
    assert (news.key, news.payload) == (vera.id, {"notification_id": str(row.id)})


async def test_what_is_refused_tells_nobody(database: Database):
    from cases.refusals import IllegalTransition

    by, vera = await given.viewer(), await given.person("Vera")
    case = await owned(by, vera)
    with pytest.raises(IllegalTransition):
        await done(working.resume_case, by=by, case=case)

    assert await told(vera) == []

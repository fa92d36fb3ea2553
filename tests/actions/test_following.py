"""Following a case, urging and escalating it, and reading what one is told."""

from datetime import timedelta

import pytest

from actions import changing, following, talking, urging
from cases.refusals import BadInput, NotPermitted
from cases.urging import NobodyToUrge, UrgedRecently
from cases.vocabulary import Role
from models import Account, Case, CaseEvent, CaseFollower, Notification, Person, Tenant
from models.database import Database
from schema.ids import id_of
from tests import given
from tests.given import NOW, done, hours, minutes
from tests.schema.test_sla import round_trips


async def test_who_follows_twice_follows_once_and_leaves_the_case_as_old_as_it_was(database: Database):
    by, case = await given.viewer(), await given.case()
    await done(following.follow_case, by=by, case=case, now=NOW + hours(1))
    await done(following.follow_case, by=by, case=case, now=NOW + hours(1))

    kept = await given.stored(case)
    assert await CaseFollower.all().count() == 1
    assert (kept.version, kept.updated_at) == (2, NOW)
    await done(changing.update_case, by=by, case=case, title="Mine", expected_version=1)


async def test_who_unfollows_hears_no_more(database: Database):
    by, vera, case = await given.viewer(), await given.viewer(), await given.case()
    await done(following.follow_case, by=vera, case=case)
    await done(following.unfollow_case, by=vera, case=case)
    await done(following.unfollow_case, by=vera, case=case)
    await done(talking.add_comment, by=by, case=case, body="Hello")

    assert (await CaseFollower.all().count(), await Notification.all().count()) == (0, 0)


async def test_a_machine_follows_nothing(database: Database):
    from cases.viewer import Viewer

    case = await given.case()
    machine = Viewer(case.tenant_id, Role.INTEGRATION, "Importer")
    with pytest.raises(NotPermitted):
        await done(following.follow_case, by=machine, case=case)


async def test_a_case_shows_its_followers_and_whether_you_are_one(database: Database):
    by, vera, case = await given.viewer(), await given.viewer(), await given.case()
    await done(following.follow_case, by=vera, case=case)
    text = """query($id: ID!) { case(key: {id: $id}) {
        isFollowed followers { totalCount nodes { person { id } } } } }"""

    mine = (await given.answer(text, viewer=vera, id=case))["case"]
    others = (await given.answer(text, viewer=by, id=case))["case"]
    customer = await given.viewer(
        Role.CUSTOMER, contact=await given.contact("Carl", await Account.get(id=case.account_id))
    )
    theirs = (await given.answer(text, viewer=customer, id=case))["case"]
    assert (mine["isFollowed"], others["isFollowed"], theirs["isFollowed"]) == (True, False, False)
    assert mine["followers"]["nodes"] == [{"person": {"id": id_of(await Person.get(id=vera.person_id))}}]
    assert theirs["followers"] == {"totalCount": 0, "nodes": []}


async def test_notifications_are_the_viewers_own_newest_first_and_marked_read_by_them_alone(database: Database):
    by, vera = await given.viewer(), await given.viewer()
    owner = await Person.get(id=vera.person_id)
    cases = [await given.case(by=by, owner=owner, now=NOW + minutes(passed)) for passed in range(3)]
    text = "query($unread: Boolean) { notifications(unreadOnly: $unread) { nodes { id kind case { id } readAt } } }"
    told = (await given.answer(text, viewer=vera))["notifications"]["nodes"]

    assert [one["case"]["id"] for one in told] == [id_of(case) for case in reversed(cases)]
    assert (await given.answer(text, viewer=by))["notifications"]["nodes"] == []

    newest = await Notification.get(case_id=cases[-1].id)
    marked = await done(following.mark_notifications_read, by=vera, notifications=[newest])
    assert (marked["marked"], marked["unread"]) == (1, 2)
    assert len((await given.answer(text, viewer=vera, unread=True))["notifications"]["nodes"]) == 2
    assert (await done(following.mark_notifications_read, by=by))["marked"] == 0
    rest = await done(following.mark_notifications_read, by=vera, now=NOW + hours(1))
    assert (rest["marked"], rest["unread"]) == (2, 0)
    assert (await Notification.get(id=newest.id)).read_at == NOW


async def test_a_customer_urges_the_owner_of_their_case_and_has_to_wait_before_they_do_it_again(database: Database):
    contact, vera = await given.contact(), await given.person("Vera")
    customer = await given.viewer(Role.CUSTOMER, contact=contact)
    case = await given.case(owner=vera, customer=contact)
    await done(urging.urge_case, by=customer, case=case, note="It leaks!")
    with pytest.raises(UrgedRecently) as refused:
        await done(urging.urge_case, by=customer, case=case, now=NOW + minutes(14))

    assert refused.value.again_at == NOW + minutes(15)
    await done(urging.urge_case, by=await given.viewer(), case=case, now=NOW + minutes(14))
    await done(urging.urge_case, by=customer, case=case, now=NOW + minutes(15))
    urged = await Notification.filter(kind="URGED").order_by("id")
    assert [(one.recipient_id, one.text) for one in urged] == [(vera.id, "It leaks!"), (vera.id, ""), (vera.id, "")]


async def test_a_tenant_says_how_long_to_wait(database: Database):
    case = await given.case(owner=await given.person("Vera"))
    await Tenant.filter(id=case.tenant_id).update(settings={"urge_minutes": 60})
    by = await given.viewer()
    await done(urging.urge_case, by=by, case=case)

    with pytest.raises(UrgedRecently) as refused:
        await done(urging.urge_case, by=by, case=case, now=NOW + minutes(59))
    assert refused.value.again_at == NOW + timedelta(hours=1)


async def test_clients_read_when_they_may_urge_again(database: Database):
    case, by = await given.case(owner=await given.person("Vera")), await given.viewer()
    text = """mutation($id: ID!) { urgeCase(input: {caseId: $id}) {
        userErrors { __typename code ... on UrgedRecently { againAt } } } }"""
    await given.answer(text, viewer=by, id=case)

    refused = (await given.answer(text, viewer=by, id=case))["urgeCase"]["userErrors"]
    assert refused == [{"__typename": "UrgedRecently", "code": "RETRY_LATER", "againAt": "2025-06-04T12:15:00Z"}]


async def test_a_case_that_nobody_has_is_heard_by_its_team_and_else_by_nobody(database: Database):
    by, vera, case = await given.viewer(), await given.person("Vera"), await given.case()
    with pytest.raises(NobodyToUrge):
        await done(urging.urge_case, by=by, case=case)
    empty = await given.team("Nobody")
    await done(changing.assign_case, by=by, case=case, assignee=empty)
    with pytest.raises(NobodyToUrge):
        await done(urging.urge_case, by=by, case=case)
    await done(changing.assign_case, by=by, case=case, assignee=await given.team("First line", [vera]))
    await done(urging.urge_case, by=by, case=case)

    assert [one.recipient_id for one in await Notification.filter(kind="URGED")] == [vera.id]


async def test_nobody_urges_themselves(database: Database):
    by = await given.viewer()
    case = await given.case(owner=await Person.get(id=by.person_id))

    with pytest.raises(NobodyToUrge):
        await done(urging.urge_case, by=by, case=case)


async def test_escalating_raises_a_flag_with_a_reason_once_and_takes_it_down(database: Database):
    by, case = await given.viewer(), await given.case()
    with pytest.raises(BadInput) as refused:
        await done(urging.escalate_case, by=by, case=case)
    assert refused.value.path == ("reason",)

    case = (await done(urging.escalate_case, by=by, case=case, reason="Fire", now=NOW + hours(1)))["case"]
    case = (await done(urging.escalate_case, by=by, case=case, reason="Fire", now=NOW + hours(2)))["case"]
    assert (case.escalated_at, case.version) == (NOW + hours(1), 2)
    text = "{ cases(where: {escalatedAt: {isNull: false}}) { nodes { isEscalated } } }"
    assert (await given.answer(text, viewer=by))["cases"]["nodes"] == [{"isEscalated": True}]

    case = (await done(urging.escalate_case, by=by, case=case, escalated=False))["case"]
    assert (case.escalated_at, (await Case.get(id=case.id)).escalated_at) == (None, None)
    kinds = [event.kind.value for event in await CaseEvent.filter(case_id=case.id).order_by("number")]
    assert kinds == ["OPENED", "ESCALATED", "DEESCALATED"]


async def test_what_is_told_of_costs_one_statement_more_and_nothing_where_nobody_is_told(database: Database):
    by, vera = await given.viewer(), await given.person("Vera")
    mine, hers = await given.case(by=by), await given.case(by=by, owner=vera)
    with round_trips() as silent:
        await done(changing.assign_case, by=by, case=mine, assignee=await Person.get(id=by.person_id))
    with round_trips() as loud:
        await done(changing.assign_case, by=by, case=hers, assignee=await Person.get(id=by.person_id))

    assert not any("notification" in one for one in silent)
    assert [one.split()[0] for one in loud if "notification" in one] == ["INSERT"]
    assert len(loud) == len(silent) + 1

"""A request with a key has one effect, however often it is sent."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from pytest import param

from actions import changing, ending, noting, opening, talking, viewing
from actions.signature import Act
from cases.refusals import BadInput, Duplicate, IdempotencyMismatch, VersionConflict
from cases.viewer import Viewer
from cases.vocabulary import Role
from models import Case, IdempotencyKey, Message, SavedView
from models.database import Database
from models.fields import uuid7
from schema.ids import id_of
from tests import given
from tests.actions import notices
from tests.given import NOW, done


async def test_sixty_four_equal_requests_at_once_make_one_case_and_get_equal_answers(database: Database):
    by, acme = await given.viewer(), await given.account()

    answers = await asyncio.gather(
        *(done(opening.create_case, by=by, key="once", title="Help", customer=acme) for _ in range(64))
    )

    assert len({answer["case"].id for answer in answers}) == 1
    assert {(answer["case"].number, answer["case"].version) for answer in answers} == {("CAS-000001", 1)}
    assert await Case.all().count() == await IdempotencyKey.all().count() == 1


async def test_sixty_four_equal_mutations_get_one_answer_byte_for_byte(database: Database):
    by, case = await given.viewer(), await given.case()
    document = """mutation($input: AddCommentInput!) { addComment(input: $input) {
        message { id body createdAt } case { id version messageCount } userErrors { code } } }"""
    said = {"caseId": id_of(case), "body": "Hello", "idempotencyKey": "once"}

    answers = await asyncio.gather(*(given.answer(document, viewer=by, input=said) for _ in range(64)))

    assert len({str(answer) for answer in answers}) == 1
    assert answers[0]["addComment"]["case"]["messageCount"] == 1
    assert await Message.all().count() == 1


async def test_the_same_key_with_another_input_is_refused(database: Database):
    by, case = await given.viewer(), await given.case()
    await done(talking.add_comment, by=by, key="k", case=case, body="Hello")
    before = await given.rows_stored()

    others: list[tuple[Act, dict[str, Any], int | None]] = [
        (talking.add_comment, {"case": case, "body": "Hello!"}, None),
        (talking.add_comment, {"case": case, "body": "Hello"}, 2),
        (talking.add_comment, {"case": await given.case(), "body": "Hello"}, None),
        (changing.update_case, {"case": case, "title": "Hello"}, None),
    ]
    before = await given.rows_stored()
    for act, said, expected in others:
        with pytest.raises(IdempotencyMismatch) as refused:
            await done(act, by=by, key="k", expected_version=expected, **said)
        assert tuple(refused.value.path) == ("idempotency_key",)

    assert await given.rows_stored() == before


async def test_keys_of_other_senders_and_other_tenants_are_other_keys(database: Database):
    other = await given.tenant("other")
    viewers = [
        await given.viewer(),
        await given.viewer(),
        await given.viewer(Role.CUSTOMER),
        await given.viewer(tenant=other),
        Viewer((await given.home()).id, Role.INTEGRATION, "Mail"),
        Viewer((await given.home()).id, Role.INTEGRATION, "Shop"),
        Viewer(other.id, Role.INTEGRATION, "Shop"),
    ]
    customers = {
        viewer: None
        if viewer.role is Role.CUSTOMER
        else await given.account(tenant=await given.tenant("home" if viewer.tenant_id != other.id else "other"))
        for viewer in viewers
    }

    for viewer in viewers:
        await done(opening.create_case, by=viewer, key="k", title=f"For {viewer.name}", customer=customers[viewer])

    assert await Case.all().count() == len(viewers)


async def test_a_sender_may_have_a_long_name(database: Database):
    acme = await given.account()
    long, longer = (Viewer(acme.tenant_id, Role.INTEGRATION, "M" * length) for length in (199, 200))

    for viewer in (long, longer, long, longer):
        await done(opening.create_case, by=viewer, key="k", title="Help", customer=acme)

    assert await Case.all().count() == 2


async def test_a_refused_request_leaves_no_key_and_may_be_made_again(database: Database):
    by, case = await given.viewer(), await given.case(external_id="X-1")
    acme = await given.account()
    before = await given.rows_stored()

    with pytest.raises(Duplicate):
        await done(opening.create_case, by=by, key="k", title="Help", customer=acme, external_id="X-1")
    with pytest.raises(VersionConflict):
        await done(talking.add_comment, by=by, key="k", case=case, expected_version=9, body="Hello")

    assert await given.rows_stored() == before
    await done(talking.add_comment, by=by, key="k", case=case, body="Hello")
    assert await IdempotencyKey.all().count() == 1


async def test_a_replay_after_further_changes_answers_the_same_rows_as_they_are_now(database: Database):
    by, case = await given.viewer(), await given.case()
    first = await done(talking.add_comment, by=by, key="k", case=case, body="Hello")
    await done(changing.update_case, by=by, case=case, title="New")
    await done(ending.resolve_case, by=by, case=case, summary="Done")

    again = await done(talking.add_comment, by=by, now=NOW + timedelta(days=9), key="k", case=case, body="Hello")

    assert again["message"].id == first["message"].id
    assert (again["case"].id, again["case"].title, again["case"].version) == (case.id, "New", 4)


async def test_a_replay_expects_no_version(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()
    said: dict[str, Any] = {"by": by, "key": "k", "case": case, "title": "New", "expected_version": 1}

    first, again = await done(changing.update_case, **said), await done(changing.update_case, **said)

    assert first["case"].version == again["case"].version == 2


async def test_a_deletion_sent_again_is_answered_again(sqlite_database: Database):
    lead, case = await given.viewer(Role.MANAGER), await given.case()
    text = """mutation($id: ID!) { deleteCase(input: {caseId: $id, idempotencyKey: "k"}) {
        case { id number title version updatedAt customer { name } events { totalCount } } userErrors { code } } }"""

    first = await given.answer(text, viewer=lead, id=case)
    again = await given.answer(text, viewer=lead, id=case)
    rows = await done(ending.delete_case, by=lead, key="another", case=await given.case())

    assert again == first
    assert again["deleteCase"]["case"]["number"] == case.number
    assert rows["case"].deleted_at is not None
    assert (await given.answer("query($id: ID!) { node(id: $id) { id } }", viewer=lead, id=case)) == {"node": None}


async def view(by: Viewer) -> SavedView:
    said: dict[str, Any] = {"name": "Mine", "where": {"status": {"eq": "ACTIVE"}}}
    return cast(SavedView, (await done(viewing.save_view, by=by, **said))["saved_view"])


@pytest.mark.parametrize(
    ("make", "mutation", "named", "answered"),
    [
        param(view, "deleteView", "viewId", "savedView { id name shared owner { name } createdAt }", id="a view"),
        param(
            lambda by: notices.webhook(by=by),
            *("deleteWebhook", "webhookId", "webhook { id name url kinds channel createdAt }"),
            id="a webhook",
        ),
        param(
            lambda by: notices.template(by=by),
            *("deleteNotificationTemplate", "templateId", "notificationTemplate { id name trigger body }"),
            id="a template",
        ),
        param(
            lambda by: given.automation_rule(by=by),
            *("deleteAutomationRule", "ruleId", "automationRule { id name trigger active createdAt }"),
            id="a rule",
        ),
    ],
)
async def test_what_was_deleted_is_answered_again(
    database: Database, make: Any, mutation: str, named: str, answered: str
):
    admin = await given.viewer(Role.ADMIN)
    row = await make(admin)
    text = f"""mutation($id: ID!) {{ {mutation}(input: {{{named}: $id, idempotencyKey: "k"}}) {{
        {answered} userErrors {{ code }} }} }}"""

    first, again = [await given.answer(text, viewer=admin, id=row) for _ in range(2)]

    assert id_of(row) in str(first)
    assert again == first


async def test_what_is_said_once_is_not_kept(sqlite_database: Database):
    admin = await given.viewer(Role.ADMIN)
    words: dict[str, Any] = {"name": "Hook", "url": "https://hooks.example.com/cases"}
    made = [await done(noting.save_webhook, by=admin, key="k", **words) for _ in range(2)]
    gone = [await done(noting.delete_webhook, by=admin, key="j", webhook=made[0]["webhook"]) for _ in range(2)]

    assert made[0]["secret"]
    assert made[1]["secret"] is None
    assert gone[1]["webhook"].secret == ""
    assert not [key for key in await IdempotencyKey.all() if made[0]["secret"] in str(key.answer)]


async def test_lists_of_rows_and_numbers_are_answered_again(database: Database):
    by, case = await given.viewer(), await given.case()
    files = [await given.attachment(f"{name}.png", case=case) for name in "ab"]
    text = """mutation($ids: [ID!]!) {
        deleteAttachments(input: {attachmentIds: $ids, idempotencyKey: "k"}) { cases { id version } }
        markNotificationsRead(input: {idempotencyKey: "j"}) { marked unread } }"""
    ids = [id_of(file) for file in files]

    first, again = [await given.answer(text, viewer=by, ids=ids) for _ in range(2)]

    assert [one["id"] for one in first["deleteAttachments"]["cases"]] == [id_of(case)]
    assert again == first


async def test_what_became_of_each_of_many_is_answered_again(database: Database):
    by, cases = await given.viewer(), [await given.case() for _ in range(2)]
    await done(ending.resolve_case, by=by, case=cases[1], summary="Done")
    text = """mutation($ids: [ID!]!) {
        bulkUpdateCases(input: {caseIds: $ids, statusReason: ON_HOLD, errorPolicy: SKIP_FAILED, idempotencyKey: "k"}) {
        outcomes { index ok version case { id } userErrors { __typename message code path
            ... on IllegalTransition { from to allowed } } } } }"""
    ids = [*(id_of(case) for case in cases), "nothing"]

    first, again = [await given.answer(text, viewer=by, ids=ids) for _ in range(2)]

    assert [outcome["ok"] for outcome in first["bulkUpdateCases"]["outcomes"]] == [True, False, False]
    assert "IllegalTransition" in str(first)
    assert again == first


@pytest.mark.parametrize("key", ["", "k" * 256, "k\0", "k\ud800"])
async def test_what_is_no_key(database: Database, key):
    by, case = await given.viewer(), await given.case()
    before = await given.rows_stored()

    with pytest.raises(BadInput) as refused:
        await done(talking.add_comment, by=by, key=key, case=case, body="Hello")

    assert tuple(refused.value.path) == ("idempotency_key",)
    assert await given.rows_stored() == before


async def test_the_longest_key(database: Database):
    by, case = await given.viewer(), await given.case()

    for _ in range(2):
        await done(talking.add_comment, by=by, key="🔑" * 255, case=case, body="Hello")

    assert await Message.all().count() == 1


@pytest.mark.parametrize("body", ["a\0b", "a\ud800"])
async def test_what_cannot_be_stored_is_refused_with_a_key_as_without(database: Database, body):
    by, case = await given.viewer(), await given.case()

    with pytest.raises(BadInput) as refused:
        await done(talking.add_comment, by=by, key="k", case=case, body=body)

    assert tuple(refused.value.path) == ("body",)


async def test_two_api_keys_of_one_name_or_one_person_do_not_share_their_keys(database: Database):
    case, person = await given.case(), await given.person()
    machine = Viewer(case.tenant_id, Role.INTEGRATION, "Importer")
    senders = [replace(machine, key_id=uuid7()), replace(machine, key_id=uuid7())]
    senders += [replace(machine, person_id=person.id), replace(machine, person_id=person.id, key_id=uuid7())]

    for sender in [*senders, *senders]:
        await done(talking.add_comment, by=sender, key="k", case=case, body="Hello")

    assert await Message.all().count() == len(senders)

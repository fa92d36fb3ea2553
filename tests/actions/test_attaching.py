"""Files of cases: attached once, within limits, and deleted only if they were uploaded."""

import asyncio
from datetime import timedelta

import pytest

from actions import attaching, talking
from cases.refusals import BadInput, IllegalTransition, NotPermitted, Unknown
from cases.vocabulary import AttachmentSource, Audience, FactKind, Role, Status
from models import Attachment, CaseEvent, Upload
from models.database import Database
from settings import Limits
from tests import given
from tests.given import NOW, done

ROOM = Limits().case_files_bytes
FILES = """query($id: ID!, $where: AttachmentWhere, $order: [AttachmentOrder!]) { case(key: {id: $id}) {
    attachments(where: $where, orderBy: $order) { totalCount nodes { name url previewUrl uploader { name } } } } }"""


async def listed(case, by, **said):
    found = await given.answer(FILES, viewer=by, id=case, **said)
    return [node["name"] for node in found["case"]["attachments"]["nodes"]]


async def test_an_upload_becomes_a_file_of_a_case_and_the_history_tells_of_it(database: Database):
    by, case = await given.viewer(), await given.case()
    uploads = [await given.upload(name, by=by) for name in ("b.png", "a.pdf")]

    rows = await done(attaching.attach_file, by=by, case=case, uploads=uploads)
    kept = await Attachment.filter(case_id=case.id).order_by("id")
    events = await CaseEvent.filter(case_id=case.id, kind=FactKind.FILE_ATTACHED).order_by("number")

    assert [row.name for row in rows["attachments"]] == [row.name for row in kept] == ["b.png", "a.pdf"]
    assert [row.digest for row in kept] == [upload.digest for upload in uploads]
    assert {row.uploader_person_id for row in kept} == {by.person_id}
    assert [event.payload["details"]["attachment_id"] for event in events] == [str(row.id) for row in kept]
    assert await Upload.all().count() == 0


async def test_an_upload_is_attached_once(database: Database):
    by = await given.viewer()
    one, another, upload = await given.case(), await given.case(), await given.upload(by=by)

    outcomes = await asyncio.gather(
        *(done(attaching.attach_file, by=by, case=case, uploads=[upload]) for case in (one, another)),
        return_exceptions=True,
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Unknown", "dict"]
    assert await Attachment.all().count() == 1


async def test_an_upload_is_there_for_its_sender_only(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()
    upload = await given.upload(by=await given.viewer())

    with pytest.raises(Unknown) as refused:
        await done(attaching.attach_file, by=by, case=case, uploads=[upload])

    assert tuple(refused.value.path) == ("upload_ids",)


async def test_the_files_of_a_case_have_five_mebibytes_in_all(database: Database):
    by, case = await given.viewer(), await given.case()
    await given.attachment(by=by, case=case, size_bytes=ROOM - 100)
    fits, exceeds = await given.upload(by=by, size_bytes=100), await given.upload(by=by, size_bytes=101)

    with pytest.raises(BadInput, match="100 are left"):
        await done(attaching.attach_file, by=by, case=case, uploads=[exceeds])
    await done(attaching.attach_file, by=by, case=case, uploads=[fits])
    with pytest.raises(BadInput, match="0 are left"):
        await done(attaching.attach_file, by=by, case=case, uploads=[exceeds])

    assert sum(row.size_bytes for row in await Attachment.all()) == ROOM


async def test_of_two_files_at_once_for_which_there_is_no_room_one_is_attached(database: Database):
    by, case = await given.viewer(), await given.case()
    uploads = [await given.upload(by=by, size_bytes=ROOM // 2 + 1) for _ in range(2)]

    outcomes = await asyncio.gather(
        *(done(attaching.attach_file, by=by, case=case, uploads=[upload]) for upload in uploads),
        return_exceptions=True,
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["BadInput", "dict"]


@pytest.mark.parametrize("count", [0, 6])
async def test_up_to_five_files_are_attached_at_once(sqlite_database: Database, count):
    by, case = await given.viewer(), await given.case()
    uploads = [await given.upload(by=by) for _ in range(count)]

    with pytest.raises(BadInput):
        await done(attaching.attach_file, by=by, case=case, uploads=uploads)


async def test_a_file_named_twice_is_refused(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()
    upload = await given.upload(by=by)

    with pytest.raises(BadInput, match="twice"):
        await done(attaching.attach_file, by=by, case=case, uploads=[upload, upload])


async def test_a_case_that_has_ended_takes_no_files_and_keeps_its_own(sqlite_database: Database):
    by, case = await given.viewer(Role.ADMIN), await given.case_that_is(Status.RESOLVED)
    kept = await Attachment.create(
        tenant_id=case.tenant_id,
        case_id=case.id,
        name="a.png",
        media_type="image/png",
        size_bytes=1,
        digest="0" * 64,
        created_at=NOW,
    )

    with pytest.raises(IllegalTransition):
        await done(attaching.attach_file, by=by, case=case, uploads=[await given.upload(by=by)])
    with pytest.raises(IllegalTransition):
        await done(attaching.delete_attachments, by=by, attachments=[kept])

    assert await Attachment.all().count() == 1


async def test_several_files_of_several_cases_are_deleted_at_once_all_or_none(database: Database):
    by, one, another = await given.viewer(), await given.case(), await given.case()
    uploaded = [await given.attachment(by=by, case=case) for case in (one, another, one)]
    mailed = await given.attachment(by=by, case=one)
    await Attachment.filter(id=mailed.id).update(source=AttachmentSource.EMAIL)

    with pytest.raises(NotPermitted):
        await done(attaching.delete_attachments, by=by, attachments=[*uploaded, mailed])
    before = await Attachment.all().count()
    rows = await done(attaching.delete_attachments, by=by, attachments=uploaded)

    assert before == 4
    assert [row.id for row in await Attachment.all()] == [mailed.id]
    assert {case.id for case in rows["cases"]} == {one.id, another.id}
    assert await CaseEvent.filter(kind=FactKind.FILE_DELETED).count() == 3


async def test_a_file_deleted_already_is_not_there(sqlite_database: Database):
    by, file = await given.viewer(), await given.attachment()
    await done(attaching.delete_attachments, by=by, attachments=[file])

    with pytest.raises(Unknown):
        await done(attaching.delete_attachments, by=by, attachments=[file])


async def test_customers_see_and_attach_public_files_of_their_cases(database: Database):
    carl, ada = await given.viewer(Role.CUSTOMER), await given.viewer()
    case = await given.case(by=carl)
    await given.attachment("carls.png", by=carl, case=case)
    await given.attachment("public.pdf", by=ada, case=case)
    await given.attachment("internal.pdf", by=ada, case=case, audience=Audience.INTERNAL)

    with pytest.raises(NotPermitted):
        await given.attachment("whisper.pdf", by=carl, case=case, audience=Audience.INTERNAL)

    assert await listed(case, carl) == ["carls.png", "public.pdf"]
    assert await listed(case, ada) == ["carls.png", "public.pdf", "internal.pdf"]


async def test_files_are_searched_by_name_filtered_and_sorted(database: Database):
    by, case = await given.viewer(), await given.case()
    for size, name in enumerate(("Kettle.png", "bill.pdf", "kettle 2.png")):
        kind = "application/pdf" if name.endswith("pdf") else "image/png"
        await given.attachment(name, by=by, case=case, size_bytes=10 - size, media_type=kind)

    assert await listed(case, by, where={"name": {"contains": "kettle"}}) == ["Kettle.png", "kettle 2.png"]
    assert await listed(case, by, where={"mediaType": {"eq": "application/pdf"}}) == ["bill.pdf"]
    assert await listed(case, by, order=[{"sizeBytes": "ASC"}]) == ["kettle 2.png", "bill.pdf", "Kettle.png"]


TOLD = """query($id: ID!, $first: Int, $after: String, $kinds: [TimelineKind!], $direction: TimelineDirection) {
    case(key: {id: $id}) { timeline(first: $first, after: $after, kinds: $kinds, direction: $direction) {
        totalCount pageInfo { hasNextPage hasPreviousPage endCursor } nodes { __typename id occurredAt } } } }"""


async def test_a_file_stands_in_the_timeline_once(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()
    await given.attachment(by=by, case=case, now=NOW + timedelta(hours=1))
    await done(talking.add_comment, by=by, now=NOW + timedelta(hours=2), case=case, body="Look")

    found = (await given.answer(TOLD, viewer=by, id=case))["case"]["timeline"]

    assert [node["__typename"] for node in found["nodes"]] == ["CaseEvent", "Attachment", "Message"]

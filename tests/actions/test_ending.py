"""How the work on a case ends, and begins anew."""

from datetime import timedelta

import pytest
from pytest import param

from actions import ending
from cases.refusals import BadInput, Unknown
from cases.vocabulary import FactKind, Role, Status, StatusReason
from models import CaseEvent, Resolution
from models.database import Database
from tests import given
from tests.given import NOW, done

LATER = NOW + timedelta(hours=1)


async def test_a_resolution_is_kept_beside_the_case(database: Database):
    by, case = await given.viewer(), await given.case()

    rows = await done(
        ending.resolve_case,
        by=by,
        now=LATER,
        case=case,
        summary="A new seal",
        reason=StatusReason.INFORMATION_PROVIDED,
        remarks="Sent by post.",
        total_minutes=90,
        billable_minutes=120,
    )
    kept, resolution = await given.stored(case), await Resolution.get(case_id=case.id)
    event = await CaseEvent.get(case_id=case.id, number=2)

    assert rows["resolution"].id == resolution.id
    assert (kept.status, kept.status_reason) == (Status.RESOLVED, StatusReason.INFORMATION_PROVIDED)
    assert (kept.resolved_at, kept.version) == (LATER, 2)
    assert (resolution.summary, resolution.remarks) == ("A new seal", "Sent by post.")
    assert (resolution.reason, resolution.resolved_by_id) == (StatusReason.INFORMATION_PROVIDED, by.person_id)
    assert (resolution.total_minutes, resolution.billable_minutes, resolution.created_at) == (90, 120, LATER)
    assert (event.kind, event.payload["details"]) == (
        FactKind.RESOLVED,
        {"resolution_id": str(resolution.id), "billable_minutes": 120},
    )


@pytest.mark.parametrize(
    ("said", "path"),
    [
        param({"summary": " "}, "summary", id="nothing to see"),
        param({"summary": "x" * 201}, "summary", id="a summary of 201 characters"),
        param({"remarks": "x" * 100_001}, "remarks", id="remarks of 100,001 characters"),
        param({"total_minutes": -1}, "total_minutes", id="less than no time"),
        param({"billable_minutes": 2**31}, "billable_minutes", id="more than a column holds"),
    ],
)
async def test_what_is_no_resolution(sqlite_database: Database, said, path):
    by, case = await given.viewer(), await given.case()
    before = await given.rows_stored()

    with pytest.raises(BadInput) as refused:
        await done(ending.resolve_case, by=by, case=case, **{"summary": "Done", **said})

    assert tuple(refused.value.path) == (path,)
    assert await given.rows_stored() == before


async def test_a_paused_case_may_be_resolved_and_is_paused_no_more(sqlite_database: Database):
    by, case = await given.viewer(), await given.case_that_is(StatusReason.SUSPENDED)

    await done(ending.resolve_case, by=by, case=case, summary="Done")
    kept = await given.stored(case)

    assert (kept.status, kept.paused_since, kept.paused_from) == (Status.RESOLVED, None, None)


async def test_a_resolved_case_is_closed(database: Database):
    by, case = await given.viewer(), await given.case_that_is(Status.RESOLVED)

    await done(ending.close_case, by=by, now=LATER, case=case)
    kept = await given.stored(case)

    assert (kept.status, kept.status_reason, kept.closed_at) == (Status.CLOSED, StatusReason.CLOSED, LATER)
    assert kept.resolved_at == NOW


async def test_a_canceled_case_keeps_the_note(database: Database):
    carl = await given.viewer(Role.CUSTOMER)
    case = await given.case(by=carl)

    await done(ending.cancel_case, by=carl, now=LATER, case=case, note="Found it.")
    kept, event = await given.stored(case), await CaseEvent.get(case_id=case.id, number=2)

    assert (kept.status, kept.status_reason, kept.canceled_at) == (Status.CANCELED, StatusReason.CANCELED, LATER)
    assert (event.payload["details"], event.actor_contact_id) == ({"note": "Found it."}, carl.contact_id)


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED, Status.CANCELED])
async def test_every_end_can_be_taken_back(sqlite_database: Database, status):
    by, case = await given.viewer(), await given.case_that_is(status)

    await done(ending.reactivate_case, by=by, now=LATER, case=case, note="It leaks again.")
    kept = await given.stored(case)

    assert (kept.status, kept.status_reason) == (Status.ACTIVE, StatusReason.IN_PROGRESS)
    assert (kept.resolved_at, kept.closed_at, kept.canceled_at, kept.reopen_count) == (None, None, None, 1)


async def test_a_case_resolved_twice_has_two_resolutions(sqlite_database: Database):
    by, case = await given.viewer(), await given.case_that_is(Status.RESOLVED)

    await done(ending.reactivate_case, by=by, case=case)
    await done(ending.resolve_case, by=by, case=case, summary="Another seal")

    assert [resolution.summary for resolution in await Resolution.all().order_by("id")] == [
        "A new seal",
        "Another seal",
    ]


@pytest.mark.parametrize("status", Status)
async def test_a_deleted_case_exists_for_nobody_but_keeps_its_history(sqlite_database: Database, status):
    lead, case = await given.viewer(Role.MANAGER), await given.case_that_is(status)

    await done(ending.delete_case, by=lead, now=LATER, case=case)
    kept = await given.stored(case)

    assert (kept.deleted_at, kept.status) == (LATER, status)
    assert await CaseEvent.filter(case_id=case.id).count() == kept.version
    with pytest.raises(Unknown) as refused:
        await done(ending.delete_case, by=lead, case=case)
    assert tuple(refused.value.path) == ("case_id",)

"""The steps of the work: progress, pauses, and what a case type makes of them."""

from datetime import timedelta

import pytest

from actions import changing, ending, working
from cases.refusals import BadInput, IllegalTransition
from cases.vocabulary import FactKind, Status, StatusReason
from models import CaseEvent
from models.database import Database
from tests import given
from tests.given import NOW, done

LATER = NOW + timedelta(hours=1)


async def test_progress_moves_the_reason_and_nothing_else(database: Database):
    by, case = await given.viewer(), await given.case()

    await done(working.progress_case, by=by, now=LATER, case=case, reason=StatusReason.RESEARCHING)
    kept, event = await given.stored(case), await CaseEvent.get(case_id=case.id, number=2)

    assert (kept.status, kept.status_reason, kept.version) == (Status.ACTIVE, StatusReason.RESEARCHING, 2)
    assert (event.kind, event.payload["changes"]) == (FactKind.PROGRESSED, {"status_reason": "RESEARCHING"})


async def test_a_pause_remembers_since_when_and_where_the_work_stood(database: Database):
    by, case = await given.viewer(), await given.case()
    await done(working.progress_case, by=by, case=case, reason=StatusReason.RESEARCHING)

    await done(
        working.suspend_case, by=by, now=LATER, case=case, reason=StatusReason.WAITING_FOR_VENDOR, note="Ordered."
    )
    kept, event = await given.stored(case), await CaseEvent.get(case_id=case.id, number=3)

    assert (kept.status_reason, kept.paused_from) == (StatusReason.WAITING_FOR_VENDOR, StatusReason.RESEARCHING)
    assert kept.paused_since == LATER
    assert event.payload["details"] == {"note": "Ordered."}


async def test_a_resumed_case_is_no_longer_paused(sqlite_database: Database):
    by, case = await given.viewer(), await given.case_that_is(StatusReason.SUSPENDED)

    await done(working.resume_case, by=by, now=LATER, case=case)
    kept = await given.stored(case)

    assert (kept.status_reason, kept.paused_since, kept.paused_from) == (StatusReason.IN_PROGRESS, None, None)


async def test_a_pause_may_turn_into_another(sqlite_database: Database):
    by, case = await given.viewer(), await given.case_that_is(StatusReason.SUSPENDED)

    rows = await done(working.suspend_case, by=by, now=LATER, case=case, reason=StatusReason.ON_HOLD)

    assert (rows["case"].status_reason, rows["case"].paused_since) == (StatusReason.ON_HOLD, NOW)


@pytest.mark.parametrize("reason", [StatusReason.ON_HOLD, StatusReason.NEW, StatusReason.CLOSED, StatusReason.MERGED])
async def test_progress_leads_only_to_other_work(sqlite_database: Database, reason):
    by, case = await given.viewer(), await given.case()
    before = await given.rows_stored()

    with pytest.raises(IllegalTransition) as refused:
        await done(working.progress_case, by=by, case=case, reason=reason)

    assert set(refused.value.allowed_reasons) == {StatusReason.IN_PROGRESS, StatusReason.RESEARCHING}
    assert await given.rows_stored() == before


async def test_a_paused_case_resumes_before_it_progresses(sqlite_database: Database):
    by, case = await given.viewer(), await given.case_that_is(StatusReason.SUSPENDED)

    with pytest.raises(IllegalTransition):
        await done(working.progress_case, by=by, case=case, reason=StatusReason.IN_PROGRESS)


async def test_what_is_not_paused_cannot_be_resumed(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()

    with pytest.raises(IllegalTransition):
        await done(working.resume_case, by=by, case=case)


async def test_a_note_of_more_than_20000_characters_is_refused(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()
    before = await given.rows_stored()

    with pytest.raises(BadInput) as refused:
        await done(working.suspend_case, by=by, case=case, note="x" * 20_001)

    assert tuple(refused.value.path) == ("note",)
    assert await given.rows_stored() == before


async def test_a_case_type_narrows_what_may_follow(sqlite_database: Database):
    narrow = await given.case_type(moves={"NEW": ["RESEARCHING"]})
    by, case = await given.viewer(), await given.case(type_id=narrow)

    with pytest.raises(IllegalTransition) as refused:
        await done(working.progress_case, by=by, case=case, reason=StatusReason.IN_PROGRESS)
    with pytest.raises(IllegalTransition):
        await done(ending.resolve_case, by=by, case=case, summary="Done")
    rows = await done(working.progress_case, by=by, case=case, reason=StatusReason.RESEARCHING)

    assert list(refused.value.allowed_reasons) == [StatusReason.RESEARCHING]
    assert rows["case"].status_reason is StatusReason.RESEARCHING


async def test_a_strict_sequence_is_walked_step_by_step(sqlite_database: Database):
    strict = await given.case_type(sequence=["NEW", "RESEARCHING", "IN_PROGRESS"])
    by, case = await given.viewer(), await given.case(type_id=strict)

    with pytest.raises(IllegalTransition):
        await done(working.progress_case, by=by, case=case, reason=StatusReason.IN_PROGRESS)
    with pytest.raises(IllegalTransition):
        await done(ending.resolve_case, by=by, case=case, summary="Done")
    await done(working.progress_case, by=by, case=case, reason=StatusReason.RESEARCHING)
    with pytest.raises(IllegalTransition):
        await done(working.progress_case, by=by, case=case, reason=StatusReason.NEW)
    await done(working.suspend_case, by=by, case=case)
    with pytest.raises(IllegalTransition) as refused:
        await done(working.resume_case, by=by, case=case, reason=StatusReason.IN_PROGRESS)
    await done(working.resume_case, by=by, case=case)
    await done(working.progress_case, by=by, case=case, reason=StatusReason.IN_PROGRESS)
    rows = await done(ending.resolve_case, by=by, case=case, summary="Done")

    assert list(refused.value.allowed_reasons) == [StatusReason.RESEARCHING]
    assert rows["case"].status is Status.RESOLVED


async def test_a_case_that_gets_a_type_with_a_sequence_begins_it(sqlite_database: Database):
    strict = await given.case_type(sequence=["RESEARCHING", "IN_PROGRESS"])
    by, case = await given.viewer(), await given.case()

    await done(changing.update_case, by=by, case=case, type_id=strict)
    with pytest.raises(IllegalTransition) as refused:
        await done(working.progress_case, by=by, case=case, reason=StatusReason.IN_PROGRESS)

    assert list(refused.value.allowed_reasons) == [StatusReason.RESEARCHING]

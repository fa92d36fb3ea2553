"""Lifecycle: what may follow where a case stands."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st

from cases.lifecycle import REASONS, TRANSITIONS, diagram, following, opening, settle, step
from cases.process import Process
from cases.refusals import IllegalTransition
from cases.standing import WORKING_REASONS, Standing
from cases.vocabulary import PAUSE_REASONS, STATUS_BY_REASON, FactKind, Status, StatusReason
from tests.given import standing

ROOT = Path(__file__).parents[2]

NEW, IN_PROGRESS, RESEARCHING = StatusReason.NEW, StatusReason.IN_PROGRESS, StatusReason.RESEARCHING
ON_HOLD, VENDOR = StatusReason.ON_HOLD, StatusReason.WAITING_FOR_VENDOR
SOLVED, INFORMED = StatusReason.PROBLEM_SOLVED, StatusReason.INFORMATION_PROVIDED
CANCELED, MERGED, CLOSED = StatusReason.CANCELED, StatusReason.MERGED, StatusReason.CLOSED

STRICT = Process(sequence=(NEW, RESEARCHING, IN_PROGRESS))
SHORT = Process(sequence=(RESEARCHING,))


def refusal(before: Standing, kind: FactKind, to=None, narrowed_by: Process | None = None) -> IllegalTransition:
    with pytest.raises(IllegalTransition) as caught:
        step(before, kind, to, narrowed_by=narrowed_by)
    return caught.value


@pytest.mark.parametrize(
    ("before", "kind", "to", "after"),
    [
        pytest.param(NEW, FactKind.PROGRESSED, None, IN_PROGRESS, id="work begins"),
        pytest.param(NEW, FactKind.PROGRESSED, RESEARCHING, RESEARCHING, id="work may begin with research"),
        pytest.param(IN_PROGRESS, FactKind.PROGRESSED, None, RESEARCHING, id="of what may follow the first is taken"),
        pytest.param(RESEARCHING, FactKind.PROGRESSED, NEW, NEW, id="without a sequence work may go back"),
        pytest.param(NEW, FactKind.SUSPENDED, None, StatusReason.SUSPENDED, id="suspending says no more by default"),
        pytest.param(NEW, FactKind.SUSPENDED, VENDOR, VENDOR, id="suspending may say who is waited for"),
        pytest.param(ON_HOLD, FactKind.SUSPENDED, VENDOR, VENDOR, id="one may come to wait for another"),
        pytest.param(ON_HOLD, FactKind.RESUMED, None, IN_PROGRESS, id="resumed work is in progress"),
        pytest.param(ON_HOLD, FactKind.RESUMED, RESEARCHING, RESEARCHING, id="resumed work may be research"),
        pytest.param(IN_PROGRESS, FactKind.RESOLVED, None, SOLVED, id="resolved means solved by default"),
        pytest.param(IN_PROGRESS, FactKind.RESOLVED, INFORMED, INFORMED, id="resolved may mean informed"),
        pytest.param(NEW, FactKind.RESOLVED, None, SOLVED, id="a new case may be resolved at once"),
        pytest.param(ON_HOLD, FactKind.RESOLVED, None, SOLVED, id="a paused case may be resolved"),
        pytest.param(ON_HOLD, FactKind.CANCELED, None, CANCELED, id="a paused case may be cancelled"),
        pytest.param(SOLVED, FactKind.CLOSED, None, CLOSED, id="a resolved case may be closed"),
        pytest.param(SOLVED, FactKind.REACTIVATED, None, IN_PROGRESS, id="a resolved case may come back"),
        pytest.param(CANCELED, FactKind.REACTIVATED, None, IN_PROGRESS, id="a cancelled case may come back"),
        pytest.param(CLOSED, FactKind.REACTIVATED, None, IN_PROGRESS, id="a closed case may come back"),
        pytest.param(NEW, FactKind.COMMENTED, None, NEW, id="a comment moves nothing"),
        pytest.param(ON_HOLD, FactKind.CHANGED, None, ON_HOLD, id="a paused case may be changed, and stays paused"),
        pytest.param(ON_HOLD, FactKind.ASSIGNED, None, ON_HOLD, id="a paused case may be assigned, and stays paused"),
        pytest.param(MERGED, FactKind.DELETED, None, MERGED, id="a merged case may be deleted"),
        pytest.param(CLOSED, FactKind.DELETED, None, CLOSED, id="a closed case may be deleted"),
    ],
)
def test_a_step(before, kind, to, after):
    assert step(standing(before), kind, to).reason is after


@pytest.mark.parametrize(
    ("before", "kind", "to"),
    [
        pytest.param(SOLVED, FactKind.COMMENTED, None, id="a resolved case takes no comment"),
        pytest.param(SOLVED, FactKind.CHANGED, None, id="a resolved case takes no change"),
        pytest.param(CANCELED, FactKind.ASSIGNED, None, id="a cancelled case is assigned to nobody"),
        pytest.param(CLOSED, FactKind.CUSTOMER_CHANGED, None, id="a closed case keeps its customer"),
        pytest.param(SOLVED, FactKind.RESOLVED, None, id="a resolved case is not resolved again"),
        pytest.param(SOLVED, FactKind.CANCELED, None, id="a resolved case is not cancelled"),
        pytest.param(CANCELED, FactKind.RESOLVED, None, id="a cancelled case is not resolved"),
        pytest.param(CANCELED, FactKind.CLOSED, None, id="a cancelled case is not closed"),
        pytest.param(NEW, FactKind.CLOSED, None, id="an active case is resolved before it is closed"),
        pytest.param(NEW, FactKind.REACTIVATED, None, id="an active case does not come back"),
        pytest.param(MERGED, FactKind.REACTIVATED, None, id="a merged case does not come back"),
        pytest.param(NEW, FactKind.CANCELED, MERGED, id="a case is not merged by cancelling it"),
        pytest.param(NEW, FactKind.OPENED, None, id="a case is opened once"),
        pytest.param(NEW, FactKind.RESUMED, None, id="only what is paused is resumed"),
        pytest.param(ON_HOLD, FactKind.PROGRESSED, RESEARCHING, id="what is paused is resumed before it progresses"),
        pytest.param(ON_HOLD, FactKind.SUSPENDED, ON_HOLD, id="to wait for the same is no step"),
        pytest.param(IN_PROGRESS, FactKind.PROGRESSED, IN_PROGRESS, id="to stay is no step"),
        pytest.param(NEW, FactKind.SUSPENDED, IN_PROGRESS, id="to suspend means to wait"),
        pytest.param(NEW, FactKind.PROGRESSED, ON_HOLD, id="to wait is no progress"),
        pytest.param(NEW, FactKind.RESOLVED, CLOSED, id="to resolve is not to close"),
        pytest.param(NEW, FactKind.COMMENTED, IN_PROGRESS, id="a comment cannot move a case"),
    ],
)
def test_no_step(before, kind, to):
    refusal(standing(before), kind, to)


def test_a_refusal_says_from_where_and_to_where():
    refused = refusal(standing(SOLVED), FactKind.CANCELED)

    assert (refused.from_, refused.to) == (Status.RESOLVED, Status.CANCELED)
    assert refused.allowed == (Status.CLOSED, Status.ACTIVE)
    assert refused.allowed_reasons == (CLOSED, IN_PROGRESS, RESEARCHING, NEW)
    assert refused.message == "This is not possible while the case is resolved. It can become closed or active."


def test_a_refusal_about_the_reason_says_which_may_follow():
    refused = refusal(standing(NEW), FactKind.RESOLVED, CLOSED)

    assert (refused.from_reason, refused.to_reason) == (NEW, CLOSED)
    assert refused.allowed_reasons == (SOLVED, INFORMED)
    assert refused.message == (
        "A case that is new cannot make this step. It can become problem solved or information provided."
    )


def test_a_fact_that_moves_nothing_is_refused_where_the_case_stands():
    refused = refusal(standing(CANCELED), FactKind.COMMENTED)

    assert (refused.from_, refused.to, refused.allowed) == (Status.CANCELED, Status.CANCELED, (Status.ACTIVE,))


def test_from_a_merged_case_nothing_is_allowed():
    refused = refusal(standing(MERGED), FactKind.REACTIVATED)

    assert (refused.allowed, refused.allowed_reasons) == ((), ())
    assert refused.message.endswith("It stays as it is.")


def test_a_standing_is_read_from_a_row():
    row = SimpleNamespace(status=Status.ACTIVE, status_reason=ON_HOLD, paused_from=NEW, title="Printer on fire")

    assert Standing.of(row) == Standing(Status.ACTIVE, ON_HOLD, NEW)


def test_a_pause_remembers_the_step_it_began_at_through_other_reasons_to_wait():
    held = step(standing(RESEARCHING), FactKind.SUSPENDED, ON_HOLD)
    waiting = step(held, FactKind.SUSPENDED, VENDOR)

    assert (held.paused_from, waiting.paused_from) == (RESEARCHING, RESEARCHING)
    assert step(waiting, FactKind.RESUMED).paused_from is None


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param((Status.ACTIVE, CLOSED, None), id="a reason belongs to one status"),
        pytest.param((Status.ACTIVE, ON_HOLD, None), id="a pause began somewhere"),
        pytest.param((Status.ACTIVE, ON_HOLD, VENDOR), id="a pause began at work"),
        pytest.param((Status.ACTIVE, NEW, IN_PROGRESS), id="only a pause was paused"),
    ],
)
def test_impossible_standings_are_bugs(wrong):
    with pytest.raises(ValueError, match=r"reason|paused"):
        Standing(*wrong)


# --- case types ------------------------------------------------------------------------------------------------------


def test_a_narrowed_reason_is_followed_only_by_those_listed():
    narrow = Process({NEW: {RESEARCHING}})

    assert step(standing(NEW), FactKind.PROGRESSED, narrowed_by=narrow).reason is RESEARCHING
    assert refusal(standing(NEW), FactKind.PROGRESSED, IN_PROGRESS, narrow).allowed_reasons == (RESEARCHING,)
    assert refusal(standing(NEW), FactKind.RESOLVED, None, narrow).allowed == (Status.ACTIVE,)


def test_a_reason_that_is_not_listed_is_not_narrowed():
    assert step(standing(IN_PROGRESS), FactKind.RESOLVED, narrowed_by=Process({NEW: {RESEARCHING}})).reason is SOLVED


def test_narrowing_cannot_permit_what_the_lifecycle_does_not():
    refusal(standing(NEW), FactKind.CLOSED, CLOSED, Process({NEW: {CLOSED}}))


def test_narrowing_leaves_facts_alone_that_move_nothing():
    assert step(standing(NEW), FactKind.COMMENTED, narrowed_by=Process({NEW: ()})).reason is NEW


def test_a_sequence_is_walked_step_by_step():
    first = opening(STRICT)
    second = step(first, FactKind.PROGRESSED, narrowed_by=STRICT)
    third = step(second, FactKind.PROGRESSED, narrowed_by=STRICT)

    assert [s.reason for s in (first, second, third)] == [NEW, RESEARCHING, IN_PROGRESS]
    assert step(third, FactKind.RESOLVED, narrowed_by=STRICT).status is Status.RESOLVED


@pytest.mark.parametrize(
    ("before", "kind", "to"),
    [
        pytest.param(standing(NEW), FactKind.PROGRESSED, IN_PROGRESS, id="no step is left out"),
        pytest.param(standing(RESEARCHING), FactKind.PROGRESSED, NEW, id="no step is taken back"),
        pytest.param(standing(IN_PROGRESS), FactKind.PROGRESSED, None, id="after the last there is none"),
        pytest.param(standing(RESEARCHING), FactKind.RESOLVED, None, id="only the last step leads to the end"),
        pytest.param(standing(ON_HOLD, paused_from=NEW), FactKind.RESOLVED, None, id="a pause is no way round"),
        pytest.param(standing(ON_HOLD, paused_from=NEW), FactKind.RESUMED, RESEARCHING, id="a pause is no step"),
        pytest.param(
            standing(SOLVED), FactKind.REACTIVATED, IN_PROGRESS, id="what comes back begins at the first step"
        ),
    ],
)
def test_a_sequence_is_strict(before, kind, to):
    refusal(before, kind, to, STRICT)


@pytest.mark.parametrize(
    ("before", "kind", "after"),
    [
        pytest.param(standing(ON_HOLD, paused_from=RESEARCHING), FactKind.RESUMED, RESEARCHING, id="a pause returns"),
        pytest.param(standing(ON_HOLD, paused_from=IN_PROGRESS), FactKind.RESOLVED, SOLVED, id="resolved while paused"),
        pytest.param(standing(SOLVED), FactKind.REACTIVATED, NEW, id="what comes back begins again"),
        pytest.param(standing(NEW), FactKind.CANCELED, CANCELED, id="cancelled at any step"),
        pytest.param(standing(NEW), FactKind.SUSPENDED, StatusReason.SUSPENDED, id="paused at any step"),
    ],
)
def test_a_sequence_leaves_room(before, kind, after):
    assert step(before, kind, narrowed_by=STRICT).reason is after


def test_a_case_outside_the_sequence_enters_at_its_first_step():
    assert step(standing(NEW), FactKind.PROGRESSED, narrowed_by=SHORT).reason is RESEARCHING
    refusal(standing(NEW), FactKind.RESOLVED, None, SHORT)


def test_a_case_paused_outside_the_sequence_resumes_where_it_was():
    outside = standing(ON_HOLD, paused_from=NEW)

    assert step(outside, FactKind.RESUMED, narrowed_by=SHORT).reason is NEW


# --- laws ------------------------------------------------------------------------------------------------------------

STANDINGS = [
    Standing(STATUS_BY_REASON[reason], reason, paused_from)
    for reason in StatusReason
    for paused_from in (WORKING_REASONS if reason in PAUSE_REASONS else (None,))
]
SEQUENCES = st.lists(st.sampled_from(WORKING_REASONS), unique=True)
NARROWINGS = st.none() | st.dictionaries(st.sampled_from(StatusReason), st.frozensets(st.sampled_from(StatusReason)))
PROCESSES = st.builds(Process, NARROWINGS, SEQUENCES)
MOVES = st.tuples(st.sampled_from(FactKind), st.none() | st.sampled_from(StatusReason))


@whatever(PROCESSES, st.lists(MOVES, max_size=30))
def test_whatever_is_tried_a_case_stands_somewhere_and_moves_only_by_the_tables(process, moves):
    now = opening(process)
    for kind, to in moves:
        try:
            after = step(now, kind, to, narrowed_by=process)
        except IllegalTransition:
            continue
        assert after.status is TRANSITIONS[now.status, kind]
        assert after == settle(now, kind, after.reason)
        assert to in (None, after.reason)
        now = after


@whatever(st.sampled_from(STANDINGS), st.sampled_from(sorted(REASONS)), PROCESSES)
def test_what_may_follow_can_be_stepped_to_and_nothing_else(before, kind, process):
    possible = following(before, kind, narrowed_by=process)

    for to in StatusReason:
        if to in possible:
            assert step(before, kind, to, narrowed_by=process).reason is to
        else:
            refusal(before, kind, to, process)


@whatever(st.sampled_from(STANDINGS), MOVES, PROCESSES)
def test_a_process_only_ever_takes_away(before, move, process):
    kind, _ = move

    assert set(following(before, kind, narrowed_by=process)) <= set(following(before, kind))


@whatever(SEQUENCES.filter(bool), st.lists(MOVES, max_size=40))
def test_between_opening_and_resolving_a_sequence_is_walked_whole(sequence, moves):
    process = Process(sequence=sequence)
    now = opening(process)
    walked = [now.worked_at]
    for kind, to in moves:
        try:
            now = step(now, kind, to, narrowed_by=process)
        except IllegalTransition:
            continue
        if kind is FactKind.REACTIVATED:
            walked = [now.reason]
        elif kind is FactKind.PROGRESSED:
            walked.append(now.reason)
        elif kind is FactKind.RESOLVED:
            assert walked == sequence
    assert all(b in sequence and sequence.index(b) == sequence.index(a) + 1 for a, b in pairwise(walked))


# --- the diagram -----------------------------------------------------------------------------------------------------


def test_architecture_shows_the_lifecycle_as_it_is():
    written = (ROOT / "ARCHITECTURE.md").read_text()
    shown = written.partition("<!-- lifecycle -->")[2].partition("<!-- /lifecycle -->")[0]

    assert shown == f"\n```mermaid\n{diagram()}```\n"


def test_the_module_prints_the_diagram():
    printed = subprocess.run(
        [sys.executable, "-m", "cases.lifecycle"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert printed.stdout == diagram()


def test_every_kind_of_fact_but_opening_is_in_the_table():
    assert {kind for _, kind in TRANSITIONS} == set(FactKind) - {FactKind.OPENED}

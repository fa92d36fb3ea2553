from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from pytest import param

from cases.refusals import BadInput
from cases.vocabulary import Origin, Priority, Severity, StatusReason
from imports.incident_log import Rejected, Snapshot, incidents, read
from tests.imports.log_lines import HEADER, USUAL, line, log, only, written


def test_a_line_is_read_into_values() -> None:
    (snapshot,) = only(
        [line(impact="1 - High", priority="1 - Critical", contact_type="Email", opened_by="Opened by  8")]
    )

    assert (snapshot.number, snapshot.state, snapshot.made_sla) == ("INC0000001", StatusReason.NEW, True)
    assert (snapshot.priority, snapshot.severity, snapshot.origin) == (Priority.CRITICAL, Severity.MAJOR, Origin.EMAIL)
    assert snapshot.names["opened_by"] == "Opened by 8"


def test_a_question_mark_is_not_known() -> None:
    (snapshot,) = only([line(priority="?", assigned_to="?", u_symptom="?", made_sla="?")])

    assert (snapshot.priority, snapshot.names["assigned_to"], snapshot.made_sla) == (None, None, None)
    assert snapshot.rest == {}


def test_dates_are_day_first_on_the_clocks_of_the_zone() -> None:
    (snapshot,) = read(log(line(sys_updated_at="02-03-2016 00:30")), ZoneInfo("Europe/Berlin"))

    assert isinstance(snapshot, Snapshot)
    assert snapshot.updated_at == datetime(2016, 3, 1, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        param(line(number="?"), "no number", id="missing number"),
        param(line(number=""), "no number", id="empty number"),
        param(line(incident_state="-100"), "incident_state: '-100' is none of New, Active,", id="unknown state"),
        param(line(incident_state="?"), "incident_state: nothing there", id="no state"),
        param(
            line(sys_updated_at="03/14/2016 09:00"), "sys_updated_at: '03/14/2016 09:00' is no time", id="month first"
        ),
        param(line(opened_at="31-02-2016 09:00"), "opened_at: '31-02-2016 09:00' is no time", id="no such day"),
        param(line(opened_at="01-01-0001 00:00"), "opened_at: '01-01-0001 00:00' is no time", id="before the year one"),
        param(line(sys_updated_at="?"), "sys_updated_at: nothing there", id="no instant"),
        param(line(priority="Urgent"), "priority: 'Urgent' is none of", id="unknown priority"),
        param(line(sys_mod_count="many"), "sys_mod_count: 'many' is no number", id="no number"),
        param(line(sys_mod_count="²"), "sys_mod_count: '²' is no number", id="a digit that is no number"),
        param(line(made_sla="YES"), "made_sla: 'YES' is none of TRUE, FALSE", id="unknown truth"),
        param(written(HEADER[:20]), "20 columns where the header has 36", id="too few columns"),
        param(written((*USUAL.values(), "more")), "37 columns where the header has 36", id="too many columns"),
        param("\n", "0 columns where the header has 36", id="an empty line"),
        param(line(caller_id="x" * 101), "caller_id: This has 101 characters; 100 are possible.", id="long name"),
        param(line(caller_id="a\x00b"), "caller_id: This has a character that is none", id="NUL"),
        param(line(caller_id="a\udcffb"), "caller_id: This has a character that is none", id="not UTF-8"),
        param(line(caller_id="x" * 200_000), "field larger than field limit", id="longer than any field"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_the_next_one_is_read(bad: str, reason: str) -> None:
    zone = ZoneInfo("Asia/Tokyo")  # ahead of UTC, so that the first hours of the year one lie before it
    good, rejected, last = read(log(line(), bad, line()), zone)

    assert isinstance(good, Snapshot)
    assert isinstance(last, Snapshot)
    assert isinstance(rejected, Rejected)
    assert rejected.line == 3
    assert rejected.reason.startswith(reason)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        param([], "it lacks number", id="nothing at all"),
        param(["a,b\n"], "it lacks number", id="another file"),
        param([written([name for name in HEADER if name != "made_sla"])], "it lacks made_sla", id="a column less"),
    ],
)
def test_a_file_that_is_no_such_log_is_refused(lines: list[str], problem: str) -> None:
    with pytest.raises(BadInput, match=problem):
        list(read(lines, UTC))


def test_a_line_that_does_not_stand_with_the_others_of_its_incident_is_rejected() -> None:
    lines = [line(number=number) for number in ("A", "A", "B", "A", "B", "C")]
    found = list(incidents(read(log(*lines), UTC)))

    assert [[one.number for one in item] for item in found if isinstance(item, list)] == [["A", "A"], ["B", "B"], ["C"]]
    assert [item.line for item in found if isinstance(item, Rejected)] == [5]

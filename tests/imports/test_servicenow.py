"""Importing whole logs: a small one that has every mess there is, and the real one where it is at hand."""

import asyncio
import csv
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from cases.facts import from_payload
from cases.history import PROJECTED, Actor, Event, fold
from cases.refusals import BadInput, Unknown
from cases.vocabulary import FactKind, Origin, Priority, Severity, Status, StatusReason
from imports.servicenow import Imported, import_file
from models import Case, CaseEvent, Contact, Outbox, Person, Resolution, Subject, Team, Tenant
from models.database import Database, open_database
from tests.imports.log_lines import line, log

PROJECT = Path(__file__).parents[2]
SMALL_LOG = Path(__file__).with_name("small_log.csv")
REAL_LOG = PROJECT / ".." / "shared" / "data" / "incident_event_log.csv"
NOW = datetime(2025, 6, 4, 15, 0, tzinfo=UTC)


@pytest.fixture
def rejects(tmp_path: Path) -> Path:
    return tmp_path / "rejects.csv"


async def imported(file: Path, rejects: Path) -> Imported:
    return await import_file(file, now=NOW, tenant="servicenow", rejects=rejects)


async def histories() -> dict[object, list[Event]]:
    """The stored events of every case, by its id and in their order."""
    found: dict[object, list[Event]] = {}
    for row in await CaseEvent.all().order_by("case_id", "number"):
        actor = Actor(row.actor_person_id, row.actor_contact_id)
        found.setdefault(row.case_id, []).append(Event(row.number, row.at, from_payload(row.kind, row.payload), actor))
    return found


async def check_that_cases_are_what_their_histories_say() -> None:
    events_by_case = await histories()
    for case in await Case.all():
        state = fold(events_by_case[case.id])
        assert dict(state.columns) == {column: getattr(case, column) for column in PROJECTED}, case.external_id


async def test_the_small_log_becomes_cases(database: Database, rejects: Path) -> None:
    done = await imported(SMALL_LOG, rejects)
    cases = {str(case.external_id): case for case in await Case.all()}

    assert (done.cases, done.rejected) == (6, 5)
    assert sorted(cases) == [f"INC000000{digit}" for digit in range(1, 7)]
    assert {case.status_reason for case in cases.values()} == {StatusReason.CLOSED, StatusReason.WAITING_FOR_DETAILS}
    assert sorted(case.number for case in cases.values()) == [f"CAS-00000{digit}" for digit in range(1, 7)]
    assert done.events == await CaseEvent.all().count()
    await check_that_cases_are_what_their_histories_say()


async def test_what_a_log_names_becomes_rows_once(database: Database, rejects: Path) -> None:
    await imported(SMALL_LOG, rejects)
    paths = {(row.name, row.parent and row.parent.name) for row in await Subject.all().select_related("parent")}

    assert {team.name for team in await Team.all()} == {"Group 1", "Group 2", "Group 3"}
    assert {contact.name for contact in await Contact.all()} == {f"Caller {number}" for number in range(11, 16)}
    assert paths >= {("Category 5", None), ("Subcategory 17", "Category 5"), ("Category 7", None)}
    assert len(paths) == await Subject.all().count()
    assert {person.name for person in await Person.filter(active=True)} == {
        f"Resolver {number}" for number in (3, 4, 5)
    }
    assert "Updated by 2" in {person.name for person in await Person.filter(active=False)}


async def test_the_columns_of_a_case_come_from_the_log(database: Database, rejects: Path) -> None:
    await imported(SMALL_LOG, rejects)
    reopened = await Case.get(external_id="INC0000003").select_related("owner", "team", "contact", "subject")

    assert (reopened.reopen_count, reopened.status) == (1, Status.CLOSED)
    assert (reopened.priority, reopened.severity, reopened.origin) == (Priority.HIGH, Severity.NORMAL, Origin.EMAIL)
    assert reopened.created_at == datetime(2016, 3, 1, 10, 0, tzinfo=UTC)
    assert reopened.closed_at == datetime(2016, 3, 8, 15, 0, tzinfo=UTC)
    assert [row and row.name for row in (reopened.owner, reopened.team, reopened.contact, reopened.subject)] == [
        "Resolver 5",
        "Group 1",
        "Caller 11",
        "Subcategory 21",
    ]
    assert [row.remarks for row in await Resolution.filter(case=reopened).order_by("created_at")] == ["", "code 9"]


async def test_rejected_lines_are_written_down_with_line_and_reason(database: Database, rejects: Path) -> None:
    done = await imported(SMALL_LOG, rejects)
    header, *rows = csv.reader(rejects.read_text().splitlines())
    lines = SMALL_LOG.read_text().splitlines()

    assert done.rejects == rejects
    assert header == ["line", "reason", "row"]
    assert [reason.split(":")[0] for _, reason, *_ in rows] == [
        "sys_updated_at",
        "incident_state",
        "12 columns where the header has 36",
        "no number",
        "INC0000001 has other lines further up, but not directly",
    ]
    assert all(lines[int(number) - 1].split(",") == row for number, _, *row in rows)


async def test_a_log_without_faults_leaves_no_rejects(database: Database, rejects: Path, tmp_path: Path) -> None:
    rejects.write_text("of an earlier run")
    done = await imported(small_file(tmp_path), rejects)

    assert (done.rejects, rejects.exists()) == (None, False)


async def test_a_second_run_imports_nothing_and_says_so(database: Database, rejects: Path) -> None:
    await imported(SMALL_LOG, rejects)
    before = await histories()
    done = await imported(SMALL_LOG, rejects)

    assert str(done) == f"Nothing imported; 6 were there already; 5 lines rejected, see {rejects}."
    assert await histories() == before


async def test_two_imports_at_once_write_each_incident_once(database: Database, tmp_path: Path) -> None:
    await Tenant.create(name="T", slug="servicenow", created_at=NOW)
    done = await asyncio.gather(*(imported(SMALL_LOG, tmp_path / f"{name}.csv") for name in ("one", "other")))

    assert sum(each.cases for each in done) == await Case.all().count() == 6
    assert await Subject.filter(name="Category 5").count() == 1
    assert sorted([case.number for case in await Case.all()]) == [f"CAS-00000{digit}" for digit in range(1, 7)]


async def test_what_is_past_is_not_announced(database: Database, rejects: Path) -> None:
    await imported(SMALL_LOG, rejects)

    assert await Outbox.filter(done_at=None).count() == 0


def small_file(folder: Path) -> Path:
    file = folder / "log.csv"
    file.write_text("".join(log(line())))
    return file


async def test_without_a_name_the_only_tenant_is_meant(sqlite_database: Database, tmp_path: Path) -> None:
    file = small_file(tmp_path)
    with pytest.raises(Unknown, match="There is no tenant yet: say which one with --tenant"):
        await import_file(file, now=NOW)
    only = await Tenant.create(name="Only", slug="only", created_at=NOW)
    await import_file(file, now=NOW)
    await Tenant.create(name="Other", slug="other", created_at=NOW)

    with pytest.raises(Unknown, match="There are several tenants"):
        await import_file(file, now=NOW)
    assert await Case.filter(tenant=only).count() == 1


async def test_two_tenants_have_an_incident_each(sqlite_database: Database, tmp_path: Path) -> None:
    for slug in ("one", "other"):
        assert (await import_file(small_file(tmp_path), now=NOW, tenant=slug)).cases == 1

    assert await Case.filter(external_id="INC0000001").count() == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"file": Path("nowhere.csv")}, "There is no file nowhere.csv", id="no file"),
        pytest.param({"file": PROJECT}, "cannot be read: Is a directory", id="a folder"),
        pytest.param({"zone": "Mars/Olympus"}, "There is no time zone 'Mars/Olympus'", id="no zone"),
        pytest.param({"zone": "../etc/passwd"}, "There is no time zone", id="a path is no zone"),
        pytest.param({"tenant": "x" * 64}, "1 to 63 characters", id="no short name"),
    ],
)
async def test_what_cannot_be_used_is_refused(
    sqlite_database: Database, tmp_path: Path, options: dict[str, object], message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        await import_file(**{"file": small_file(tmp_path), "now": NOW, "tenant": "t", **options})  # type: ignore[arg-type]


# Killed half-way


IMPORT_STANDARD_INPUT = """
import asyncio, datetime, pathlib, sys
from imports.servicenow import import_file
from models.database import open_database

async def main(url, rejects):
    async with open_database(url):
        now = datetime.datetime.now(datetime.UTC)
        await import_file(pathlib.Path("/dev/stdin"), now=now, tenant="servicenow", rejects=pathlib.Path(rejects))

asyncio.run(main(*sys.argv[1:]))
"""


def long_log() -> Iterator[str]:
    """600 incidents of four lines: many times what fits into a pipe."""
    yield from log()
    steps = ("New", "Awaiting Vendor", "Resolved", "Closed")
    for serial in range(600):
        for hour, state in enumerate(steps, 10):
            when = {"opened_at": "01-03-2016 09:00", "sys_updated_at": f"01-03-2016 {hour}:00"}
            names = {"caller_id": f"Caller {serial % 50}", "assignment_group": f"Group {serial % 7}"}
            yield line(number=f"INC{serial:07}", incident_state=state, sys_mod_count=str(hour), **when, **names)


async def test_an_import_killed_half_way_is_finished_by_the_next(database_url: str, tmp_path: Path) -> None:
    lines = list(long_log())
    words = [sys.executable, "-c", IMPORT_STANDARD_INPUT, database_url, str(tmp_path / "rejects.csv")]
    with subprocess.Popen(words, cwd=PROJECT, stdin=subprocess.PIPE, text=True) as killed:
        assert killed.stdin is not None
        killed.stdin.write("".join(lines[: len(lines) // 2]))
        killed.stdin.flush()  # so all but a pipe's capacity was read, and the end of the log was not
        killed.kill()
    assert killed.returncode == -signal.SIGKILL
    whole = tmp_path / "whole.csv"
    whole.write_text("".join(lines))
    async with open_database(database_url):
        before = await Case.all().count()
        await check_that_cases_are_what_their_histories_say()
        done = await imported(whole, tmp_path / "rejects.csv")

        assert 0 < before < 600
        assert (done.cases, done.already_there) == (600 - before, before)
        await check_that_cases_are_what_their_histories_say()
        assert Counter(len(events) for events in (await histories()).values()) == {4: 600}
        assert await Resolution.all().count() == 600
        assert (await Team.all().count(), await Contact.all().count()) == (7, 50)
        assert sorted(case.number for case in await Case.all()) == [f"CAS-{serial:06}" for serial in range(1, 601)]


# The real log


async def test_the_real_log_is_imported_in_full(database: Database, rejects: Path) -> None:
    if not REAL_LOG.exists():
        pytest.skip(f"the real log is not at {REAL_LOG}; the small log stands for it in the other tests")
    with REAL_LOG.open(newline="") as file:
        rows = list(csv.DictReader(file))
    done = await imported(REAL_LOG, rejects)
    again = await imported(REAL_LOG, rejects)

    assert (len(rows), done.cases, done.rejected) == (5998, 890, 0)
    assert str(again) == "Nothing imported; 890 were there already."
    assert await Case.filter(status=Status.CLOSED).count() == 890
    await check_that_cases_are_what_their_histories_say()
    await check_against(rows)


async def check_against(rows: list[dict[str, str]]) -> None:
    """What can be counted in the log itself, without knowing how it is imported."""
    moves = Counter(
        (before["incident_state"], after["incident_state"])
        for before, after in pairwise(rows)
        if before["number"] == after["number"]
    )
    firsts = Counter(
        after["incident_state"]
        for before, after in zip([{}, *rows], rows, strict=False)
        if before.get("number") != after["number"]
    )
    moves.update({("New", state): count for state, count in firsts.items()})
    kinds = Counter(event.kind for event in await CaseEvent.all().only("kind"))
    awaiting = [state for state in {row["incident_state"] for row in rows} if state.startswith("Awaiting")]

    assert kinds[FactKind.OPENED] == kinds[FactKind.CLOSED] == 890
    assert kinds[FactKind.REACTIVATED] == moves["Resolved", "Active"] == 11
    assert kinds[FactKind.RESOLVED] == 890 + 11
    assert kinds[FactKind.PROGRESSED] == moves["New", "Active"]
    assert kinds[FactKind.RESUMED] == sum(moves[state, "Active"] for state in awaiting)
    assert kinds[FactKind.SUSPENDED] == sum(
        count for (before, after), count in moves.items() if after in awaiting and before != after
    )
    assert await Contact.all().count() == len({row["caller_id"] for row in rows})
    assert await Team.all().count() == len({row["assignment_group"] for row in rows} - {"?"})
    missed = {row["number"] for row in rows if row["made_sla"] == "FALSE"}
    last = {events[0].fact.changes["external_id"]: events[-1].fact for events in (await histories()).values()}
    assert {number for number, fact in last.items() if not fact.details["made_sla"]} == missed

"""Attainment: the imported log under policies of our own, beside its own word."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from actions.clocks import histories_of
from actions.policies import version_of
from cases.refusals import Unknown
from cases.vocabulary import Priority
from imports.attainment import VARIANTS, Judged, attainments, clocks_of_case, judge, report
from imports.servicenow import import_file
from models import Case, SlaKpiInstance, SlaPolicy, SlaPolicyVersion
from models.database import Database
from sla.ledger import EntryKind, ledger
from tests import given

SMALL_LOG = Path(__file__).with_name("small_log.csv")
REAL_LOG = Path(__file__).parents[2] / ".." / "shared" / "data" / "incident_event_log.csv"
NOW = datetime(2025, 6, 4, 15, 0, tzinfo=UTC)


async def judged(log: Path, folder: Path) -> list[Judged]:
    await import_file(log, now=NOW, tenant="servicenow", rejects=folder / "rejects.csv")
    return await judge("servicenow", NOW)


async def check_ledgers() -> int:
    """What ran of every clock of the import is the sum of its ledger; how many clocks there are."""
    seen = 0
    versions = [await version_of(version.id) for version in await SlaPolicyVersion.all()]
    cases = {case.id: case for case in await Case.all()}
    histories = await histories_of(list(cases))
    for key, case in cases.items():
        for version in versions:
            for clock in clocks_of_case(case, histories[key], version):
                entries = ledger(clock, NOW)
                ran = (entry.open_time for entry in entries if entry.kind is EntryKind.RUNNING)
                assert sum(ran, timedelta(0)) == clock.active_for(NOW), case.external_id
                seen += 1
    return seen


async def test_every_case_of_the_log_is_judged_by_both_variants_and_nothing_is_written_of_it(
    database: Database, tmp_path: Path
) -> None:
    found = await judged(SMALL_LOG, tmp_path)

    assert {one.name for one in found} == {case.external_id for case in await Case.all()}
    assert all(one.kept.keys() == VARIANTS.keys() for one in found)
    assert await SlaKpiInstance.all().count() == 0
    assert not await Case.filter(sla_version_id__isnull=False).exists()
    assert await check_ledgers() == 2 * len(found)


async def test_waiting_is_free_and_the_night_is_free_in_business_hours(database: Database, tmp_path: Path) -> None:
    found = {one.name: one for one in await judged(SMALL_LOG, tmp_path)}

    # active from 10:00 on the fourth until 12:30; before that awaiting this and that, but for half an hour
    assert found["INC0000002"].ran["around the clock"] == timedelta(hours=3)
    # New on 1 March 08:12, Resolved on 2 March 16:05: a day and a bit, but 8 h and 7:05 of business
    assert found["INC0000001"].ran["around the clock"] == timedelta(hours=31, minutes=53)
    assert found["INC0000001"].ran["business hours"] == timedelta(hours=15, minutes=5)


async def test_the_policies_are_made_once_and_by_nothing_the_default(database: Database, tmp_path: Path) -> None:
    await judged(SMALL_LOG, tmp_path)

    await judge("servicenow", NOW)

    assert sorted(policy.name for policy in await SlaPolicy.all()) == sorted(VARIANTS.values())
    assert await SlaPolicy.filter(active=True, is_default=False, version=1).count() == 2


def test_attainment_counts_by_priority_what_was_kept_and_what_differs() -> None:
    rows = attainments(
        [one(Priority.HIGH, True, True), one(Priority.HIGH, True, False), one(Priority.LOW, False, True)]
    )

    assert [(row.priority, row.cases, row.kept_by_log) for row in rows] == [(Priority.HIGH, 2, 2), (Priority.LOW, 1, 0)]
    assert [row.kept["business hours"] for row in rows] == [1, 1]
    assert [row.differing["business hours"] for row in rows] == [1, 1]


def test_the_report_names_each_case_that_differs() -> None:
    lines = list(report([one(Priority.HIGH, True, True), one(Priority.LOW, True, False, "INC2")]))

    assert [line.split()[0] for line in lines if line.startswith("  ")] == ["INC2", "INC2"]
    assert "100.0%" in lines[1]


async def test_a_tenant_that_is_not_there_is_refused(database: Database) -> None:
    await given.home()

    with pytest.raises(Unknown):
        await judge("nobody", NOW)


async def test_the_real_log_is_judged(sqlite_database: Database, tmp_path: Path) -> None:
    if not REAL_LOG.exists():
        pytest.skip(f"{REAL_LOG.name} is not at hand: it lies beside the project and is not part of it")
    found = await judged(REAL_LOG, tmp_path)

    assert len(found) == 890
    assert await check_ledgers() == 2 * 890


def one(priority: Priority, by_log: bool, ours: bool, name: str = "INC1") -> Judged:
    variants: Sequence[str] = tuple(VARIANTS)
    return Judged(name, priority, by_log, dict.fromkeys(variants, ours), dict.fromkeys(variants, timedelta(hours=1)))

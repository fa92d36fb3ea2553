"""Imports the audit log of ServiceNow incidents: a CSV with a snapshot of an incident on each line.

The log says what an incident was like after each change; what happened is read from the differences, by these rules.

Instants   `opened_at` is when the case was opened, `sys_updated_at` when the rest happened; day first, on the clocks of
           one zone. The order of the lines is the order of events. Where an instant is later than that of a following
           line (a line that was saved again afterwards), or an incident was opened after it was changed, the instant
           that follows is taken, and the recorded one is kept in the event's details as `recorded_at`.
Opening    The first snapshot is what was opened, in state New; if its state is another, a step to it follows.
States     New NEW, Active IN_PROGRESS, Awaiting User Info WAITING_FOR_DETAILS, Awaiting Problem WAITING_FOR_PROBLEM,
           Awaiting Vendor WAITING_FOR_VENDOR, Awaiting Evidence WAITING_FOR_EVIDENCE, Resolved PROBLEM_SOLVED, Closed
           CLOSED. A move between them is SUSPENDED, RESUMED, PROGRESSED, RESOLVED, CLOSED; from one pause to another,
           SUSPENDED again. Closed without having been resolved is resolved and closed at the same instant. Resolved
           or closed and then active again is REACTIVATED (and then suspended, if it is awaiting something).
Who        `assignment_group` is the team, `assigned_to` the owner; a difference is ASSIGNED. `caller_id` is the
           contact, `sys_updated_by` did it (`opened_by`, the opening). The log hides names, per column: the same
           person may be in it as a resolver and as an updater, and becomes two.
What       `category` and `subcategory` are a subject of two levels; `priority`, `impact` (the severity) and
           `contact_type` (the origin) are the case's. A difference is CHANGED.
Unknown    `?` is what the log does not know: it changes nothing. Except for group and resolver: there the log counts
           going to `?` as a reassignment, so the case is with no team or nobody that we know.
Nothing    A snapshot that differs in nothing a case has is CHANGED without changes: somebody saved the incident then.
           Of a case that has ended only its last event can tell of it, in `repeated`.
Resolution Each RESOLVED has a resolution. The log repeats the final `closed_code` and `resolved_by` on every line, so
           they belong to the last one; the code is its remark.
Details    `snapshot` is the line's `sys_mod_count`; `also` are columns that a case does not have, where they differ;
           `made_sla` is whether the agreed time was kept, at the opening, where it changes and on the last event.

Each incident is written in one transaction, with its number as the case's external id, which is unique: whatever was
written before an interruption is found by the next run and left as it is. So is an incident of which a line was
rejected: the rest of it is imported, and putting the line right later does not add to it.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, NoReturn
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tqdm import tqdm

from actions.opening import case_number
from actions.record import write_case
from cases.conditions import All, Compare, Op
from cases.refusals import BadInput, Unknown
from cases.vocabulary import StatusReason
from imports.directory import Directory
from imports.incident_history import history
from imports.incident_log import Rejected, Snapshot, incidents, read
from imports.names import named
from imports.rejects import Rejects
from models import Case, Outbox, Resolution, Tenant
from models.reading import exists
from models.unit_of_work import do_what_was_left, unit_of_work
from models.writing import next_number

CAUSE: Final = "import:servicenow"


@dataclass(frozen=True)
class Imported:
    """What an import did; `rejects` is the file with the rejected lines, if there are any."""

    cases: int
    events: int
    already_there: int
    rejected: int
    rejects: Path | None

    def __str__(self) -> str:
        parts = [f"{self.cases} cases with {self.events} events imported" if self.cases else "Nothing imported"]
        if self.already_there:
            parts.append(f"{self.already_there} were there already")
        if self.rejects:
            parts.append(f"{self.rejected} lines rejected, see {self.rejects}")
        return "; ".join(parts) + "."


class AlreadyThere(Exception):
    """Somebody else has written the incident since we looked."""


async def import_file(
    file: Path, *, now: datetime, tenant: str | None = None, zone: str = "UTC", rejects: Path | None = None
) -> Imported:
    """Imports a log into the tenant of this short name, made if there is none; without a name, into the only tenant.

    `zone` is the IANA time zone of the log's clocks. Rejected lines go to `rejects`, by default beside the file.

    Raises BadInput for a file, zone or tenant that cannot be used, Unknown if it is not clear which tenant is meant.
    """
    try:
        clocks = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(f"There is no time zone {zone!r}.") from None
    if not file.exists():
        raise BadInput(f"There is no file {file}.")
    into = await _tenant(tenant, zone, now)
    directory = Directory(into.id, now)
    cases = events = there = 0
    try:
        opened = file.open(newline="", encoding="utf-8-sig", errors="surrogateescape")
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}.") from None
    with opened, Rejects(rejects or file.with_name(f"{file.name}.rejects.csv")) as rejected:
        with _progress(file) as bar:
            for item in incidents(read(_counted(opened, bar), clocks)):
                if isinstance(item, Rejected):
                    rejected.add(item)
                elif written := await _import(item, into.id, directory, now):
                    cases, events = cases + 1, events + written
                else:
                    there += 1
        return Imported(cases, events, there, rejected.count, rejected.path if rejected.count else None)


async def _import(snapshots: list[Snapshot], tenant_id: UUID, directory: Directory, now: datetime) -> int:
    """Writes an incident and returns how many events it has; none if it is there already."""
    same = All((Compare("tenant_id", Op.EQ, tenant_id), Compare("external_id", Op.EQ, snapshots[0].number)))

    async def write() -> int:
        number = case_number(await next_number(tenant_id, "case"))
        # Taking a number waits for others that write cases of the tenant, so this look is the last word.
        if await exists(Case, same):
            raise AlreadyThere
        events, resolutions = history(snapshots, number, await directory.ids(named(snapshots)))
        case = await write_case(tenant_id, events, CAUSE)
        # What happened in another system, long ago, is no news.
        await do_what_was_left()
        await Outbox.filter(key=case.id).update(done_at=now)
        await Resolution.bulk_create(
            [
                Resolution(
                    id=resolved.id,
                    tenant_id=tenant_id,
                    case_id=case.id,
                    reason=StatusReason.PROBLEM_SOLVED,
                    summary="Resolved in ServiceNow",
                    remarks=resolved.closed_code or "",
                    resolved_by_id=resolved.resolved_by,
                    created_at=resolved.at,
                )
                for resolved in resolutions
            ]
        )
        return len(events)

    if await exists(Case, same):
        return 0
    try:
        return await unit_of_work(write)
    except AlreadyThere:
        return 0


async def _tenant(slug: str | None, zone: str, now: datetime) -> Tenant:
    if slug is None:
        tenants = await Tenant.all().limit(2)
        if len(tenants) != 1:
            several = "There are several tenants" if tenants else "There is no tenant yet"
            raise Unknown(f"{several}: say which one with --tenant.")
        return tenants[0]
    if not 0 < len(slug) <= 63:
        raise BadInput("A tenant's short name has 1 to 63 characters.")
    found = await Tenant.get_or_none(slug=slug)
    if found is not None:
        return found
    return await unit_of_work(lambda: Tenant.create(name=slug, slug=slug, zone=zone, created_at=now))


def _progress(file: Path) -> "tqdm[NoReturn]":
    """A bar on the terminal, of bytes read; none if nobody watches."""
    return tqdm(
        total=file.stat().st_size or None, unit="B", unit_scale=True, desc=file.name, file=sys.stderr, disable=None
    )


def _counted(lines: Iterable[str], bar: "tqdm[NoReturn]") -> Iterator[str]:
    for line in lines:
        yield line
        bar.update(len(line.encode("utf-8", "surrogateescape")))

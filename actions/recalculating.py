"""Recalculating: running clocks get the newest version of their policy, and every outcome that changes is listed.

Nothing is rewritten silently: a changed calendar or policy touches no clock until this is asked for. The history of
each case says which version held when.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from actions import clocks
from actions.instances import ended_instances, instances
from actions.policies import Version, version_of
from actions.previewing import Changed
from actions.promising import newest_version
from actions.record import Written, author_of, numbered, state_of, steps_of, write_batch
from actions.signature import Spelled
from cases.conditions import All, Compare, Op
from cases.facts import Fact
from cases.history import Actor, Event
from cases.refusals import BadInput
from cases.viewer import Viewer
from cases.vocabulary import FactKind, Status
from models.case import Case
from models.locking import locked
from models.reading import count, select
from models.sla import SlaPolicy, SlaPolicyVersion
from models.statements import Order
from models.visibility import visible
from sla.preview import Difference, differences

CASES_AT_ONCE: Final = 1000


@dataclass(frozen=True)
class Recalculated:
    """What came of it: the clocks that changed, and how many cases still have an older version."""

    sla_policy: SlaPolicy
    differences: Annotated[Sequence[Changed], Spelled("list[SlaDifference]")]
    recalculated: Annotated[int, Spelled("int")]
    remaining: Annotated[int, Spelled("int")]


async def recalculate_sla(policy: SlaPolicy, first: int = 200, *, actor: Viewer, now: datetime) -> Recalculated:
    """Gives the newest version of a policy, and of its calendars, to active cases that have an older one.

    Takes the `first` so many, oldest first; ask again while there are `remaining`. Pauses so far all count, breaches
    that were announced stay.
    """
    if not 0 < first <= CASES_AT_ONCE:
        raise BadInput(f"Between 1 and {CASES_AT_ONCE} cases are recalculated at once.", path=("first",))
    newest = await newest_version(policy)
    behind = await cases_behind(policy, newest, actor)
    found = await select(Case, behind, columns=("id",), order=(Order("id"),), limit=first)
    cases = await locked(Case, [row.id for row in found], behind)
    histories = await clocks.histories_of(list(cases))
    versions = {key: await version_of(key) for key in {case.sla_version_id for case in cases.values()} if key}
    new = await version_of(newest)
    known = await clocks.known_rows(
        (version.policy, state_of(case).columns) for case in cases.values() for version in (new, *versions.values())
    )
    changed: list[Changed] = []
    batch: list[Written] = []
    for case in cases.values():
        assert case.sla_version_id is not None, "only cases with a policy are recalculated"
        at = max(now, case.updated_at)
        written, differing = _renewed(
            case, histories[case.id], versions[case.sla_version_id], new, known, at, author_of(actor)
        )
        batch.append(written)
        changed.extend(Changed(case, one) for one in differing)
    await write_batch(batch, "recalculate_sla")
    return Recalculated(policy, changed, len(batch), await count(Case, behind))


async def cases_behind(policy: SlaPolicy, newest: UUID, viewer: Viewer) -> All:
    """The active cases, visible to the viewer, that have an older version of the policy than `newest`."""
    versions = await select(SlaPolicyVersion, Compare("policy_id", Op.EQ, policy.id), columns=("id",))
    older = tuple(row.id for row in versions if row.id != newest)
    active = Compare("status", Op.EQ, Status.ACTIVE)
    return All((visible(Case, viewer), Compare("sla_version_id", Op.IN, older), active))


def _renewed(
    case: Case,
    history: Sequence[Event],
    old: Version,
    new: Version,
    known: Mapping[object, object],
    at: datetime,
    by: Actor,
) -> tuple[Written, list[Difference]]:
    """What is to be written of a case that gets the new version, and how its clocks differ."""
    before = state_of(case)
    was = clocks.replayed(history, before.columns, old, known)
    due = numbered(clocks.announcements(was, at), before.version, at, Actor())
    applied = Fact(FactKind.SLA_APPLIED, {"sla_version_id": new.id, "sla_source": case.sla_source})
    events = [*due, *numbered([applied], before.version + len(due), at, by)]
    steps = steps_of(before, events)
    now_is = clocks.replayed([*history, *events], steps[-1].after.columns, new, known)
    rows = [
        *instances(case.tenant_id, case.id, now_is, at),
        *ended_instances(case.tenant_id, case.id, was, now_is, at),
    ]
    return Written(case, steps, rows, (was, now_is)), differences(was.clocks, now_is.clocks, at)

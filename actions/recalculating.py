"""Recalculating: running clocks get the newest version of their policy, and every outcome that changes is listed.

Nothing is rewritten silently: a changed calendar or policy touches no clock until this is asked for. The history of
each case says which version held when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from actions import clocks
from actions.previewing import Changed
from actions.promising import newest_version
from actions.record import Written, author_of, numbered, state_of, write_batch
from actions.signature import Spelled
from cases.conditions import All, Compare, Op
from cases.facts import Fact
from cases.history import apply
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
    changed: list[Changed] = []
    batch: list[Written] = []
    for case in cases.values():
        written, differing = await _renewed(case, histories[case.id], newest, actor, now)
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


async def _renewed(
    case: Case, history: list[Any], newest: UUID, actor: Viewer, now: datetime
) -> tuple[Written, list[Difference]]:
    before, at = state_of(case), max(now, case.updated_at)
    assert case.sla_version_id is not None, "only cases with a policy are recalculated"
    old = await clocks.evaluate(history, before.columns, case.sla_version_id)
    due = numbered(clocks.announcements(old, at), before.version, at, author_of(actor))
    applied = Fact(FactKind.SLA_APPLIED, {"sla_version_id": newest, "sla_source": case.sla_source})
    events = [*due, *numbered([applied], before.version + len(due), at, author_of(actor))]
    state = before
    for event in events:
        state = apply(state, event)
    new = await clocks.evaluate([*history, *events], state.columns, newest)
    rows = clocks.instances_of(case.tenant_id, case.id, new, at)
    return Written(case, events, state, rows), differences(old.clocks, new.clocks, at)

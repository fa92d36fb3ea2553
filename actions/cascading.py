"""Cascading: what ending a case means to the open cases below it, as the tenant decided."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from actions.in_hand import take_in_hand
from actions.ledger import take_books_in_hand
from actions.staging import check_may_be_resolved
from actions.tenant_settings import settings_of
from actions.working import take_step
from cases.conditions import All, Compare, Op
from cases.hierarchy import OpenChild, OpenChildren
from cases.kinship import ClosurePreference
from cases.refusals import BadInput, Refused, Several
from cases.viewer import Viewer
from cases.vocabulary import FactKind, Status
from models.case import Case, Resolution
from models.database import current_database
from models.kin import below
from models.locking import locked
from models.reading import by_ids
from models.visibility import visible


async def ending_along(case: Case, actor: Viewer) -> list[Case]:
    """The open cases below a locked one that end with it, locked, the nearer ones first; often there are none.

    Raises OpenChildren if there are some and the tenant wants them to end first, BadInput if they are too many.
    """
    keys = list(await below([case.id]))
    if not keys:
        return []
    theirs = Compare("tenant_id", Op.EQ, case.tenant_id)
    found = await locked(Case, keys, All((theirs, Compare("status", Op.EQ, Status.ACTIVE))))
    open_cases = [found[key] for key in keys if key in found]
    preference = (await settings_of(case.tenant_id)).closure_preference
    if not open_cases or preference is ClosurePreference.INDEPENDENT:
        return []
    if preference is ClosurePreference.RESTRICT:
        raise await _refused(open_cases, actor)
    seen = await by_ids(Case, [one.id for one in open_cases], visible(Case, actor), columns=("id",))
    open_cases = [one for one in open_cases if one.id in seen]  # nobody ends what is not there for them
    most = current_database().limits.cascaded_cases
    if len(open_cases) > most:
        message = f"At most {most} cases end with another one; below this one, {len(open_cases)} are open."
        raise BadInput(message, path=("case_id",))
    return open_cases


async def take_all_in_hand(case: Case, children: Sequence[Case], now: datetime) -> None:
    """Reads what ending cases together asks of them, and locks the entitlements that they are on in one order."""
    if children:
        cases = [case, *children]
        await take_in_hand(cases)
        await take_books_in_hand({one.entitlement_id for one in cases if one.entitlement_id}, now)


async def check_may_end_along(children: Sequence[Case]) -> None:
    """Raises what the type of a case that is to be resolved with another demands of it still."""
    for child in children:
        with _told_of(child):
            await check_may_be_resolved(child)


async def resolve_along(children: Sequence[Case], above: Resolution, *, actor: Viewer, now: datetime) -> None:
    """Resolves cases with the one above them, each with a resolution of its own, which took no time."""
    for child in children:
        resolution = Resolution(
            tenant_id=child.tenant_id,
            case_id=child.id,
            reason=above.reason,
            summary=above.summary,
            resolved_by_id=actor.person_id,
            cascaded_from_id=above.id,
            created_at=max(now, child.updated_at),
        )
        details: dict[str, object] = {
            "resolution_id": resolution.id,
            "billable_minutes": 0,
            "cascaded_from_id": above.case_id,
        }
        with _told_of(child):
            await take_step(
                child, FactKind.RESOLVED, above.reason, actor=actor, now=now, cause="resolve_case", details=details
            )
        await resolution.save(force_create=True)


async def cancel_along(children: Sequence[Case], above: Case, note: str, *, actor: Viewer, now: datetime) -> None:
    """Cancels cases with the one above them."""
    for child in children:
        details: dict[str, object] = {"cascaded_from_id": above.id}
        with _told_of(child):
            await take_step(
                child, FactKind.CANCELED, None, note, actor=actor, now=now, cause="cancel_case", details=details
            )


async def _refused(open_cases: Sequence[Case], actor: Viewer) -> OpenChildren:
    seen = await by_ids(Case, [case.id for case in open_cases], visible(Case, actor))
    listed = [OpenChild(case.id, case.number, case.title) for case in open_cases if case.id in seen]
    return OpenChildren("Cases below this one are open; they have to end first.", path=("case_id",), children=listed)


@contextmanager
def _told_of(child: Case) -> Iterator[None]:
    """Lets what is refused say that it is about a case below the one that was named."""
    try:
        yield
    except Several as several:
        for problem in several.problems:
            problem.message = f"{child.number}: {problem.message}"
        raise
    except Refused as refusal:
        refusal.message = f"{child.number}: {refusal.message}"
        raise

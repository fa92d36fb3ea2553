"""Redirects: where a case lives on that was merged into another."""

from cases.refusals import CaseMerged, NamedCase
from cases.viewer import Viewer
from models.case import Case
from models.reading import by_ids
from models.visibility import visible


async def survivor_of(case: Case, viewer: Viewer) -> Case:
    """The last of the cases into which this one was merged, one after the other, as far as the viewer sees them.

    A case that was not merged is its own. There are no circles: only active cases take others in, and what was merged
    is active no more.
    """
    while case.merged_into_id is not None:
        found = await by_ids(Case, [case.merged_into_id], visible(Case, viewer))
        if not found:
            break
        case = found[case.merged_into_id]
    return case


async def merged_away(case: Case, viewer: Viewer) -> CaseMerged:
    """The refusal of an act on a case that was merged."""
    survivor = await survivor_of(case, viewer)
    if survivor is case:
        return CaseMerged("This case was merged into another one.")
    said = f"This case was merged into {survivor.number}: that is the one to go on with."
    return CaseMerged(said, survivor=NamedCase(survivor.id, survivor.number))

"""Linking: saying what cases are to one another, and taking it back.

A link is two rows, one for each end, so that either case lists it from its side. They come and go together.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from actions.record import record
from cases import lifecycle, rules
from cases.conditions import All, Compare, Op
from cases.facts import Fact
from cases.kinship import CaseLinkKind
from cases.refusals import BadInput, Unknown
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import FactKind
from models.case import Case
from models.links import CaseLink
from models.locking import locked
from models.reading import by_ids, first
from models.visibility import visible


async def link_cases(
    case: Case, other: Case, kind: CaseLinkKind = CaseLinkKind.RELATED, note: str = "", *, actor: Viewer, now: datetime
) -> tuple[Case, CaseLink]:
    """Says what a case is to another one; the other is the reverse of it to this one.

    Linked so before, they stay linked as they are. Cases that have ended can be linked as well.
    """
    lifecycle.step(Standing.of(case), FactKind.LINKED)
    if case.id == other.id:
        raise BadInput("A case cannot be linked to itself.", path=("other_id",))
    rules.refuse(rules.text(note, rules.COMMENT_LIMIT, ("note",)))
    if (there := await first(CaseLink, _between(case.id, other.id, kind))) is not None:
        return case, there
    ends = ((case, other, kind), (other, case, kind.seen_from_the_other))
    links = [
        CaseLink(
            tenant_id=end.tenant_id,
            created_at=max(now, case.updated_at),
            case_id=end.id,
            other_id=led_to.id,
            kind=seen,
            note=note,
            linked_by_id=actor.person_id,
        )
        for end, led_to, seen in ends
    ]
    await CaseLink.bulk_create(links)
    said: dict[str, object] = {"note": note} if note else {}
    for (end, _, _), link in zip(ends, links, strict=True):
        await record(end, [_fact(FactKind.LINKED, link, said)], actor=actor, now=now, cause="link_cases")
    return case, links[0]


@dataclass(frozen=True)
class Unlinked:
    """The cases that were linked: the one whose link was named, and the other."""

    case: Case
    other: Case


async def unlink_cases(link: CaseLink, *, actor: Viewer, now: datetime) -> Unlinked:
    """Takes back what two cases were said to be to one another, for both. Their histories keep that it was said."""
    cases = await locked(Case, [link.case_id, link.other_id], visible(Case, actor))
    again = await by_ids(CaseLink, [link.id], visible(CaseLink, actor))  # the locks may have had to wait
    if len(cases) < 2 or not again:
        raise Unknown(path=("link_id",))
    case, other = cases[link.case_id], cases[link.other_id]
    reverse = await first(CaseLink, _between(other.id, case.id, link.kind.seen_from_the_other))
    assert reverse is not None, "a link has two ends"
    await CaseLink.filter(id__in=[link.id, reverse.id]).delete()
    for end, gone in ((case, link), (other, reverse)):
        await record(end, [_fact(FactKind.UNLINKED, gone, {})], actor=actor, now=now, cause="unlink_cases")
    return Unlinked(case, other)


def _between(case_id: UUID, other_id: UUID, kind: CaseLinkKind) -> All:
    ends = (Compare("case_id", Op.EQ, case_id), Compare("other_id", Op.EQ, other_id))
    return All((*ends, Compare("kind", Op.EQ, kind)))


def _fact(kind: FactKind, link: CaseLink, said: dict[str, object]) -> Fact:
    about = {"link_id": link.id, "other_case_id": link.other_id, "link": link.kind.value}
    return Fact(kind, details={**about, **said})

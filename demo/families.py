"""Cases that belong together: parents with children, links, questions that were asked twice, and one that was two.

Everything is done by the acts, as the people of the company would do it in the last hours before now.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from actions.family import add_child_cases, remove_child_case
from actions.following import follow_case, unfollow_case
from actions.linking import link_cases, unlink_cases
from actions.merging import merge_cases
from actions.splitting import split_case
from actions.unmerging import unmerge_case
from actions.urging import escalate_case, urge_case
from cases.kinship import CaseLinkKind
from cases.viewer import Viewer
from cases.vocabulary import Priority, Role, Status
from demo.doings import Around
from models import Case, Message

PARENTS, MERGED, LINKED, FOLLOWED, ESCALATED, URGED = 6, 4, 12, 30, 7, 8
TOGETHER: Final = 3
"""How many cases a family has at most."""


async def write_families(around: Around, cases: Sequence[Case]) -> None:
    """Brings some of these open cases together, and makes people care for others."""
    families = _families(cases)
    for number in range(PARENTS + MERGED):
        case, *others = [await _fresh(one) for one in next(families)]
        by, now = around.by(case), max(around.when(one) for one in (case, *others))
        if number < PARENTS:
            case = await add_child_cases(case, others, actor=by, now=now)
            if number == 0:  # this one was about something else
                await remove_child_case(case, await _fresh(others[-1]), actor=by, now=now)
            continue
        twin, *children = others
        if children:  # they go along
            twin = await add_child_cases(twin, children, actor=by, now=now)
        await merge_cases(case, [twin], actor=by, now=now)
        if number == PARENTS:  # this one was a mistake
            await unmerge_case(await _fresh(twin), actor=by, now=now)
    left = await Case.filter(id__in=[case.id for case in cases], status=Status.ACTIVE).order_by("number")
    await _link(around, left)
    await _split(around, left)
    await _care(around, left)


def _families(cases: Sequence[Case]) -> Iterator[list[Case]]:
    """Open cases of one customer, two or three together; each case is in one family at most."""
    of_customer: dict[UUID | None, list[Case]] = defaultdict(list)
    for case in cases:
        of_customer[case.account_id or case.contact_id].append(case)
    for theirs in of_customer.values():
        for start in range(0, len(theirs) - 1, TOGETHER):
            yield theirs[start : start + TOGETHER]


async def _link(around: Around, cases: Sequence[Case]) -> None:
    """Links cases that are about the same."""
    kinds = list(CaseLinkKind)
    for number, one in enumerate(around.rng.sample(list(cases), LINKED)):
        alike = [other for other in cases if other.subject_id == one.subject_id and other.id != one.id]
        if alike:
            case, other = await _fresh(one), await _fresh(around.rng.choice(alike))
            now = max(around.when(case), around.when(other))
            _, link = await link_cases(case, other, kinds[number % len(kinds)], actor=around.by(case), now=now)
            if number == 0:  # the wrong number
                await unlink_cases(link, actor=around.by(case), now=now)


async def _split(around: Around, cases: Sequence[Case]) -> None:
    """The last message of a case was about something else."""
    said = await Message.filter(case_id__in=[one.id for one in cases]).order_by("-created_at").first()
    if said is not None:
        case = await _fresh(next(one for one in cases if one.id == said.case_id))
        title = f"{case.title}: another question"[:128]
        await split_case(case, title, [said], actor=around.by(case), now=around.when(case))


async def _care(around: Around, cases: Sequence[Case]) -> None:
    """People follow cases, customers urge them, and some are escalated."""
    rng = around.rng
    for number, one in enumerate(rng.sample(list(cases), FOLLOWED)):
        case, person = await _fresh(one), rng.choice(around.everybody)
        by = Viewer(person.tenant_id, person.role, person.name, person.id)
        case = await follow_case(case, actor=by, now=around.when(case))
        if number % 10 == 9:
            await unfollow_case(case, actor=by, now=around.when(case))
    for one in rng.sample([one for one in cases if one.owner_id and one.contact_id], URGED):
        case = await _fresh(one)
        asker = Viewer(case.tenant_id, Role.CUSTOMER, "", contact_id=case.contact_id, account_id=case.account_id)
        await urge_case(case, "Is there any news?", actor=asker, now=around.when(case))
    urgent = [one for one in cases if one.priority in (Priority.HIGH, Priority.CRITICAL)]
    for number, one in enumerate(rng.sample(urgent, ESCALATED)):
        case, reason = await _fresh(one), "The customer has called three times."
        case = await escalate_case(case, reason, actor=around.lead, now=around.when(case))
        if number == 0:
            await escalate_case(case, "Calmed down.", escalated=False, actor=around.lead, now=around.when(case))


async def _fresh(case: Case) -> Case:
    return await Case.get(id=case.id)

"""Merges for tests: cases of one customer with everything that can go along, and what a row of a table belongs to."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from actions import knowing, merging, talking
from actions.clocks import history_of
from cases.history import PROJECTED, fold
from cases.viewer import Viewer
from cases.vocabulary import Audience
from models import Account, Activity, ArticleLink, Attachment, Case, Message
from tests import given
from tests.given import done


async def full(by: Viewer, customer: Account, *, article: Any = None, **said: Any) -> Case:
    """A case on which something was said to the customer and among staff, planned, sent and linked."""
    case = await given.case(by=by, customer=customer, **said)
    for audience in Audience:
        await done(talking.add_comment, by=by, case=case, body=f"Psst {case.number}", audience=audience)
    await given.activity(by=by, case=case)
    await given.attachment(by=by, case=case)
    linked = article or await given.article(f"About {case.number}")
    return (await done(knowing.link_article, by=by, case=case, article=linked))["case"]  # type: ignore[no-any-return]


async def merged(survivor: Case, *losers: Case, by: Viewer, **said: Any) -> Mapping[str, Any]:
    return await done(merging.merge_cases, by=by, case=survivor, merged=list(losers), **said)


async def belongings(case: Case) -> dict[str, set[UUID]]:
    """The ids of what belongs to a case, by table."""
    tables = (Message, Activity, Attachment, ArticleLink)
    return {table.__name__: {row.pk for row in await table.filter(case_id=case.id)} for table in tables}


async def assert_folded(*cases: Case) -> None:
    """The rows of these cases are what their histories say."""
    for case in cases:
        stored = await given.stored(case)
        assert {name: getattr(stored, name) for name in PROJECTED} == dict(fold(await history_of(case.id)).columns)

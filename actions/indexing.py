"""Indexing: what can be found of cases, messages and articles, and how much each part of them weighs."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from cases.vocabulary import Audience, Source
from models import fulltext
from models.case import Case, Message
from models.fulltext import Document, SearchWord
from models.knowledge import Article

FOUND_BY: Final = frozenset({"number", "title", "description", "external_id"})
"""The columns of a case whose words find it."""

BY_AUDIENCE: Final = {Audience.PUBLIC: Source.PUBLIC, Audience.INTERNAL: Source.INTERNAL}
"""Messages to other audiences, should there be any, are not found by anybody."""


def of_case(case: Case) -> Document:
    names = f"{case.number} {case.external_id or ''}"
    return Document(case.tenant_id, Source.CASE, case.id, case.id, ((names, 8), (case.title, 8), (case.description, 2)))


def of_messages(messages: Sequence[Message]) -> list[Document]:
    return [
        Document(one.tenant_id, BY_AUDIENCE[Audience(one.audience)], one.case_id, one.id, ((one.body, 1),))
        for one in messages
        if one.audience in BY_AUDIENCE
    ]


def of_article(article: Article) -> Document:
    """What readers are shown of the article; a draft beside it is nothing to be found yet."""
    parts = ((f"{article.number} {article.title}", 8), (" ".join(article.keywords), 6), (article.body, 2))
    return Document(article.tenant_id, Source.ARTICLE, article.id, article.id, parts)


async def rebuild(tenant_id: UUID) -> int:
    """Makes the whole index of a tenant anew, in the caller's unit of work; says how many documents there are."""
    await SearchWord.filter(tenant_id=tenant_id).delete()
    cases = await Case.filter(tenant_id=tenant_id, deleted_at=None)
    messages = await Message.filter(tenant_id=tenant_id, case__deleted_at=None)
    articles = await Article.filter(tenant_id=tenant_id)
    documents = [*map(of_case, cases), *of_messages(messages), *map(of_article, articles)]
    await fulltext.index(documents)
    return len(documents)

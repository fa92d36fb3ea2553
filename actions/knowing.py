"""What is known already: writing articles, publishing them, and linking them to the cases they help with."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from actions.indexing import of_article
from actions.record import record
from actions.signature import Spelled
from cases import lifecycle, rules
from cases.facts import Fact
from cases.refusals import BadInput
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import ArticleState, FactKind
from models import fulltext
from models.case import Case
from models.catalogue import Subject
from models.knowledge import Article, ArticleLink, ArticleVersion
from models.writing import insert_unless_there, next_number

TITLE_LIMIT: Final = 200
BODY_LIMIT: Final = 20_000
KEYWORDS: Final = 20
KEYWORD_LIMIT: Final = 50
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")  # BCP 47, without its rarities


async def save_article(
    title: str,
    body: str,
    language: str = "en",
    keywords: Annotated[list[str] | None, Spelled("list[str]")] = None,
    subject: Subject | None = None,
    article: Article | None = None,
    *,
    actor: Viewer,
    now: datetime,
) -> Article:
    """Saves an article: a new one, or the whole of what an existing one is to become.

    Readers of an article that was published go on reading what they do, until it is published again.
    """
    keywords = list(dict.fromkeys(word.strip() for word in keywords or ()))
    rules.refuse(
        rules.text(title, TITLE_LIMIT, ("title",), required=True),
        rules.text(body, BODY_LIMIT, ("body",), required=True),
        _language(language),
        _keywords(keywords),
    )
    said: dict[str, Any] = {"title": title, "body": body, "language": language, "keywords": keywords}
    if article is not None and article.version:
        article.draft = {**said, "subject_id": str(subject.id) if subject else None}
        article.updated_at = now
        await article.save(update_fields=["draft", "updated_at"])
        return article
    saved = article or Article(
        tenant_id=actor.tenant_id,
        number=f"KB-{await next_number(actor.tenant_id, 'article'):06}",
        author_id=actor.person_id,
        created_at=now,
    )
    saved.update_from_dict({**said, "subject_id": subject and subject.id, "updated_at": now})
    await saved.save(force_create=article is None)
    await fulltext.reindex(of_article(saved))
    return saved


async def publish_article(article: Article, *, actor: Viewer, now: datetime) -> Article:
    """Shows customers what was saved of an article, and keeps it as a version.

    An article that is published as it stands stays as it is.
    """
    if article.state is ArticleState.PUBLISHED and article.draft is None:
        return article
    if article.draft is not None:
        subject_id = article.draft["subject_id"]
        article.update_from_dict({**article.draft, "subject_id": UUID(subject_id) if subject_id else None})
    article.draft, article.state, article.version = None, ArticleState.PUBLISHED, article.version + 1
    article.published_at = article.updated_at = now
    await article.save()
    await ArticleVersion.create(
        tenant_id=article.tenant_id,
        created_at=now,
        article_id=article.id,
        number=article.version,
        title=article.title,
        body=article.body,
        language=article.language,
        keywords=article.keywords,
        subject_id=article.subject_id,
        published_by_id=actor.person_id,
    )
    await fulltext.reindex(of_article(article))
    return article


async def archive_article(article: Article, *, actor: Viewer, now: datetime) -> Article:
    """Takes an article that has had its time from the customers. Cases keep their links; it can be published again."""
    article.state, article.updated_at = ArticleState.ARCHIVED, now
    await article.save(update_fields=["state", "updated_at"])
    return article


async def link_article(case: Case, article: Article, *, actor: Viewer, now: datetime) -> tuple[Case, ArticleLink]:
    """Says that an article helps with a case. Linked before, it stays linked as it is."""
    lifecycle.step(Standing.of(case), FactKind.ARTICLE_LINKED)
    if article.state is ArticleState.ARCHIVED:
        raise BadInput("This article has had its time: publish it again to link it.", path=("article_id",))
    link = ArticleLink(
        tenant_id=case.tenant_id,
        case_id=case.id,
        article_id=article.id,
        linked_by_id=actor.person_id,
        created_at=max(now, case.updated_at),
    )
    if not await insert_unless_there(link, ("case_id", "article_id")):
        return case, await ArticleLink.get(case_id=case.id, article_id=article.id)
    fact = Fact(FactKind.ARTICLE_LINKED, details={"article_id": article.id})
    return await record(case, [fact], actor=actor, now=now, cause="link_article"), link


async def unlink_article(case: Case, article: Article, *, actor: Viewer, now: datetime) -> Case:
    """Takes an article from a case. The history keeps that it was there; if it was not, all stays as it is."""
    lifecycle.step(Standing.of(case), FactKind.ARTICLE_UNLINKED)
    gone = await ArticleLink.filter(case_id=case.id, article_id=article.id).delete()
    facts = [Fact(FactKind.ARTICLE_UNLINKED, details={"article_id": article.id})] if gone else []
    return await record(case, facts, actor=actor, now=now, cause="unlink_article")


def _language(tag: str) -> Iterator[BadInput]:
    if not _LANGUAGE.fullmatch(tag):
        yield BadInput("A language is written as in `en` or `pt-BR` (BCP 47).", path=("language",))


def _keywords(keywords: list[str]) -> Iterator[BadInput]:
    if len(keywords) > KEYWORDS:
        yield BadInput(f"An article has at most {KEYWORDS} keywords.", path=("keywords",))
    for place, word in enumerate(keywords):
        yield from rules.text(word, KEYWORD_LIMIT, ("keywords", place), required=True)

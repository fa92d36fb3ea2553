"""What is known already, as clients see it: articles, their versions, and the cases they helped with."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from strawberry import auto
from strawberry.scalars import JSON

import models
from cases.vocabulary import Role
from schema.computed import computed
from schema.connections import Connection, children
from schema.context import Context
from schema.ids import public_id
from schema.mirror import mirrors
from schema.node import Node
from schema.relations import related

if TYPE_CHECKING:
    from schema.cases import Case
    from schema.catalogue import Subject
    from schema.people import Person


def _draft(row: Any, context: Context) -> Any:
    """Customers are shown what is published, and not what is being written."""
    if row.draft is None or context.viewer.role is Role.CUSTOMER:
        return None
    subject_id = row.draft["subject_id"]
    shown = {name: value for name, value in row.draft.items() if name != "subject_id"}
    return {**shown, "subjectId": subject_id and public_id("Subject", UUID(subject_id))}


@mirrors(models.Article, order=("title", "created_at", "updated_at", "published_at"))
class Article(Node):
    number: auto
    title: auto
    body: auto
    language: auto
    keywords: list[str] = computed(lambda row, context: row.keywords, "keywords", description="Further words for it.")
    state: auto
    version: auto
    draft: JSON | None = computed(
        _draft, "draft", description="What it is to become when it is published again; for the staff to see."
    )
    published_at: auto
    created_at: auto
    updated_at: auto
    subject: "Subject | None" = related()
    author: "Person | None" = related()
    versions: "Connection[ArticleVersion]" = children("article", along="number", newest_first=True)
    cases: "Connection[ArticleLink]" = children("article", newest_first=True, description="The cases it helped with.")


@mirrors(models.ArticleVersion, order=("number",))
class ArticleVersion(Node):
    number: auto
    title: auto
    body: auto
    language: auto
    keywords: list[str] = computed(lambda row, context: row.keywords, "keywords", description="Further words for it.")
    created_at: auto
    article: "Article | None" = related()
    subject: "Subject | None" = related()
    published_by: "Person | None" = related()


@mirrors(models.ArticleLink, order=("created_at",))
class ArticleLink(Node):
    created_at: auto
    case: "Case | None" = related()
    article: "Article | None" = related()
    linked_by: "Person | None" = related()

"""What is known already: articles in all their versions, and the cases they helped with."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields

from cases.vocabulary import ArticleState
from models.case import Case
from models.catalogue import Subject
from models.fields import SortedCharField, UtcDateTimeField
from models.people import Person
from models.row import Row


class Article(Row):
    """An answer worth keeping. Its fields are what readers are shown; what is being written waits in the draft."""

    #: The number people quote, such as `KB-000012`.
    number = fields.CharField(max_length=20)
    title = SortedCharField(max_length=200)
    body = fields.TextField()
    #: A language tag of BCP 47, such as `en` or `pt-BR`.
    language = fields.CharField(max_length=35, default="en")
    keywords: fields.JSONField[list[str]] = fields.JSONField(default=list)
    subject: fields.ForeignKeyNullableRelation[Subject] = fields.ForeignKeyField(
        "models.Subject", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    subject_id: UUID | None
    #: Customers see published articles only.
    state = fields.CharEnumField(ArticleState, max_length=10, default=ArticleState.DRAFT)
    #: Number of the version that was published last, 0 before the first.
    version = fields.IntField(default=0)
    #: What a published article is to become when it is published again.
    draft: fields.JSONField[dict[str, Any] | None] = fields.JSONField(null=True)
    published_at: datetime | None = UtcDateTimeField(null=True)
    updated_at = UtcDateTimeField()
    #: Who wrote the first draft.
    author: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    author_id: UUID | None

    class Meta:
        unique_together = (("tenant", "number"),)
        indexes = (
            ("tenant", "title", "id"),
            ("tenant", "state", "title", "id"),
            ("tenant", "created_at", "id"),
            ("tenant", "updated_at", "id"),
        )


class ArticleVersion(Row):
    """An article as it was published. It never changes."""

    article: fields.ForeignKeyRelation[Article] = fields.ForeignKeyField("models.Article", related_name=False)
    article_id: UUID
    number = fields.IntField()
    title = fields.CharField(max_length=200)
    body = fields.TextField()
    language = fields.CharField(max_length=35)
    keywords: fields.JSONField[list[str]] = fields.JSONField()
    subject: fields.ForeignKeyNullableRelation[Subject] = fields.ForeignKeyField(
        "models.Subject", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    subject_id: UUID | None
    published_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    published_by_id: UUID | None

    class Meta:
        table = "article_version"
        unique_together = (("article", "number"),)


class ArticleLink(Row):
    """An article that helped with a case."""

    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("models.Case", related_name=False)
    case_id: UUID
    article: fields.ForeignKeyRelation[Article] = fields.ForeignKeyField("models.Article", related_name=False)
    article_id: UUID
    linked_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    linked_by_id: UUID | None

    class Meta:
        table = "article_link"
        # unique: two who link the same at once make one link
        unique_together = (("case", "article"),)
        indexes = (("article", "created_at", "id"),)

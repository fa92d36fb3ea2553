"""Attachments: files of cases, and files that were sent and belong to no case yet.

The content lies in `models/file_store.py` under its digest, once per tenant; rows say who calls it what.
"""

from uuid import UUID

from tortoise import fields

from cases.vocabulary import AttachmentSource, Audience
from models.case import Case
from models.customers import Contact
from models.fields import SortedCharField
from models.people import Person
from models.row import Row


class Upload(Row):
    """A file that somebody has sent. It is theirs alone until they attach it, and gone after a day if they do not."""

    name = fields.CharField(max_length=120)
    media_type = fields.CharField(max_length=100)
    size_bytes = fields.IntField()
    #: SHA-256 of the content, in hex.
    digest = fields.CharField(max_length=64)
    uploader_person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    uploader_person_id: UUID | None
    uploader_contact: fields.ForeignKeyNullableRelation[Contact] = fields.ForeignKeyField(
        "models.Contact", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    uploader_contact_id: UUID | None

    class Meta:
        indexes = (("created_at",), ("tenant", "digest"), ("tenant", "created_at"))


class Attachment(Row):
    """A file of a case."""

    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("models.Case", related_name=False)
    case_id: UUID
    name = SortedCharField(max_length=120)
    #: What the content is, checked when it came in.
    media_type = SortedCharField(max_length=100)
    size_bytes = fields.IntField()
    #: SHA-256 of the content, in hex.
    digest = fields.CharField(max_length=64)
    #: How it came to the case. Only what was uploaded can be deleted.
    source = fields.CharEnumField(AttachmentSource, max_length=12, default=AttachmentSource.UPLOAD)
    audience = fields.CharEnumField(Audience, max_length=8, default=Audience.PUBLIC)
    uploader_person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    uploader_person_id: UUID | None
    uploader_contact: fields.ForeignKeyNullableRelation[Contact] = fields.ForeignKeyField(
        "models.Contact", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    uploader_contact_id: UUID | None

    class Meta:
        indexes = (("case", "created_at", "id"), ("tenant", "digest"), ("tenant", "created_at"))

"""Those for whom cases are worked on."""

from uuid import UUID

from tortoise import fields

from models.fields import SortedCharField
from models.row import Row


class Account(Row):
    """A company or organisation that is a customer."""

    name = SortedCharField(max_length=200)
    email = fields.CharField(max_length=254, null=True)
    phone = fields.CharField(max_length=40, null=True)
    #: The account's number in the tenant's other systems.
    external_id = fields.CharField(max_length=100, null=True)

    class Meta:
        unique_together = (("tenant", "external_id"),)
        indexes = (("tenant", "name", "id"), ("tenant", "created_at", "id"))


class Contact(Row):
    """A person on the customer's side, of an account or on their own."""

    name = SortedCharField(max_length=200)
    email = fields.CharField(max_length=254, null=True)
    phone = fields.CharField(max_length=40, null=True)
    #: The language they are told things in, as BCP 47 has it.
    language = fields.CharField(max_length=35, null=True)
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    account_id: UUID | None
    external_id = fields.CharField(max_length=100, null=True)

    class Meta:
        unique_together = (("tenant", "external_id"),)
        indexes = (("tenant", "name", "id"), ("tenant", "created_at", "id"), ("account", "name", "id"))

"""What every table has in common."""

from typing import TYPE_CHECKING
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDateTimeField, uuid7

if TYPE_CHECKING:
    from models.people import Tenant


class Row(Model):
    """A row of one tenant. Ids are UUIDv7: ordered by the time of making, and saying nothing of how many there are."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    tenant: fields.ForeignKeyRelation["Tenant"] = fields.ForeignKeyField(
        "models.Tenant", related_name=False, on_delete=fields.RESTRICT
    )
    tenant_id: UUID
    created_at = UtcDateTimeField()

    class Meta:
        abstract = True

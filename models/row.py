"""What every table has in common."""

from typing import TYPE_CHECKING, cast
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


def target(model: type[Model], key: str) -> type[Model]:
    """The table that the foreign key `key` of `model` leads to."""
    name = cast(str, model._meta.fields_map[key].model_name)  # type: ignore[attr-defined]
    return named(name.removeprefix("models."))


def named(name: str) -> type[Model]:
    """The table of this name. Raises LookupError if there is none."""
    import models

    if (found := getattr(models, name, None)) is None:
        raise LookupError(f"there is no table {name}")
    return cast(type[Model], found)

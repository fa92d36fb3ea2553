"""Staff, and who is asking."""

from typing import TYPE_CHECKING, Any

from strawberry import auto

import models
from cases.vocabulary import Role
from schema.computed import computed
from schema.connections import Connection, children
from schema.context import Context
from schema.enums import public_enum
from schema.mirror import mirrors
from schema.node import Node, interface
from schema.relations import related
from schema.reverse import reverse
from schema.tenant_settings import PublicSettings, settings_for

if TYPE_CHECKING:
    from schema.queues import PersonCapacity, PersonSkill


@interface("Who did something or said something: staff or a customer.")
class Actor(Node):
    name: str


@mirrors(models.Person, order=("name",))
class Person(Actor):
    name: auto
    email: str | None = computed(
        lambda row, context: _for_staff(row.email, context), "email", description="For the staff to see."
    )
    role: public_enum(Role) | None = computed(  # type: ignore[valid-type]
        lambda row, context: _for_staff(row.role, context), "role", description="For the staff to see."
    )
    active: auto
    memberships: "Connection[Membership]" = children("person")
    skills: "Connection[PersonSkill]" = children("person", along="skill", description="For the staff to see.")
    capacity: "PersonCapacity | None" = reverse(
        "PersonCapacity", "person_id", description="How much routing may give to them; for the staff to see."
    )


def _for_staff(value: Any, context: Context) -> Any:
    """Customers know who answers them by name only."""
    return None if context.viewer.role is Role.CUSTOMER else value


@mirrors(models.Team, order=("name",))
class Team(Node):
    name: auto
    memberships: "Connection[Membership]" = children("team")


@mirrors(models.Membership)
class Membership(Node):
    team: "Team | None" = related()
    person: "Person | None" = related()


@mirrors(models.Tenant)
class Tenant(Node):
    name: auto
    slug: auto
    zone: auto
    settings: PublicSettings | None = computed(
        settings_for, "settings", description="What it decided for itself; for the staff to see."
    )

"""Staff, and who is asking."""

from strawberry import auto

import models
from schema.connections import Connection, children
from schema.mirror import mirrors
from schema.node import Node, interface
from schema.relations import related


@interface("Who did something or said something: staff or a customer.")
class Actor(Node):
    name: str


@mirrors(models.Person, order=("name",))
class Person(Actor):
    name: auto
    email: auto
    role: auto
    active: auto
    memberships: "Connection[Membership]" = children("person")


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

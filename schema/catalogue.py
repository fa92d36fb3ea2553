"""What cases refer to: products, subjects and case types."""

from strawberry import auto

import models
from schema.connections import Connection, children
from schema.mirror import mirrors
from schema.node import Node
from schema.relations import related


@mirrors(models.Product, order=("name",))
class Product(Node):
    name: auto
    kind: auto
    state: auto
    family: "Product | None" = related()
    members: "Connection[Product]" = children("family", along="name")


@mirrors(models.Subject, order=("name",))
class Subject(Node):
    name: auto
    parent: "Subject | None" = related()
    children: "Connection[Subject]" = children("parent", along="name")


@mirrors(models.CaseType, order=("name",))
class CaseType(Node):
    name: auto
    category: auto
    active: auto

"""What cases refer to: products, subjects and case types."""

from strawberry import auto

import models
from cases.vocabulary import StatusReason
from schema.connections import Connection, children
from schema.enums import public_enum
from schema.mirror import mirrors
from schema.node import Node
from schema.relations import related
from schema.stages import CaseTypeMove, CaseTypeStage, type_moves, type_stages


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
    moves: list[CaseTypeMove] = type_moves()
    sequence: list[public_enum(StatusReason)] | None  # type: ignore[valid-type]
    stages: list[CaseTypeStage] = type_stages()
    resolved_at_last_stage: auto
    resolved_with_tasks_done: auto
    active: auto
    version: auto
